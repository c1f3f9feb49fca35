//! A Mistral chat alone: checked and built without the parts of the program that other operations need. May import what
//! `prepared` imports.

use std::fmt;

use super::parsed::misfit_at;
use super::prepared::{DEFAULT_PROVIDER, refuse_unwritable};
use crate::catalogue::{ProviderRow, provider_row};
use crate::check::{Checks, Policy, Report};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Path, Value};

/// What [`Prepared`](super::Prepared) says of a chat, without what is the same for all chats.
pub(crate) struct PreparedChat<'c> {
    /// Whom it goes to: a provider that speaks as Mistral does.
    pub provider: &'static ProviderRow,
    /// Whether the answer comes in pieces.
    pub streams: bool,
    /// The members of the body, and `operation`, which is not sent.
    pub fields: &'c Object<'c>,
    /// What the model's name means, and findings that did not stop it.
    pub report: &'c Report,
}

/// [`prepare`](super::prepare) for a Mistral chat under a policy that only judges, and has let it pass.
#[inline(never)]
pub(crate) fn prepare_chat<'c>(
    request: &'c mut Value<'_>,
    streams: bool,
    policy: &Policy,
    report: &'c Report,
) -> Result<PreparedChat<'c>> {
    if policy.checks != Checks::Error || !policy.severities.is_empty() {
        refuse_unwritable(request, &Path::root())?;
    }
    let Value::Object(fields) = request else { return Err(misfit_at("", "an object", request)) };
    if let Some(resolution) = report.resolution.as_ref().filter(|resolution| resolution.sent_as != resolution.requested) {
        fields.set("model", Value::from(resolution.sent_as.clone()));
    }
    if streams {
        fields.set("stream", Value::from(true));
    }
    let id = report.resolution.as_ref().map_or(DEFAULT_PROVIDER, |resolution| &resolution.provider);
    match provider_row(id).filter(|row| row.protocol == DEFAULT_PROVIDER) {
        Some(provider) => Ok(PreparedChat { provider, streams, fields, report }),
        None => Err(refused("provider", format_args!("this is the part for Mistral's chats; the model's name means `{id}`"))),
    }
}

/// Whether it is a chat, and in pieces.
pub(crate) fn is_stream(request: &Value<'_>) -> Result<bool> {
    match request.get("operation") {
        None | Some(Value::Null | Value::String(_)) => {}
        Some(other) => return Err(misfit_at("operation", "a string", other)),
    }
    match crate::check::operation(request) {
        "chat" => Ok(false),
        "chat_stream" => Ok(true),
        _ => {
            let message = format_args!("this is the part for chats; `chat` and `chat_stream` are the operations that it knows");
            Err(refused("operation", message))
        }
    }
}

#[cold]
#[inline(never)]
fn refused(path: &str, message: fmt::Arguments<'_>) -> Error {
    Error::at(ErrorKind::Unsupported, path, message, format_args!(""))
}
