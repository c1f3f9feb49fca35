//! A Mistral chat alone: checked and built without the parts of the program that other operations need. May import what
//! `prepared` imports.

use super::Prepared;
use super::http::BaseUrl;
use super::parsed::misfit;
use super::prepared::{DEFAULT_PROVIDER, auth_plan, refusal, refuse_unwritable};
use crate::catalogue::provider::known;
use crate::check::{Checks, Policy, examine_chat};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Path, Texts, Value};

/// [`prepare`](super::prepare) for a Mistral chat under a policy that only judges. What it gives is the same.
pub(crate) fn prepare_chat<'a>(mut request: Value<'a>, conforms: bool, policy: &Policy) -> Result<Prepared<'a>> {
    let streams = is_stream(&request)?;
    let report = examine_chat(&request, conforms, policy);
    if !report.ok {
        return Err(refusal(report));
    }
    let Value::Object(fields) = &mut request else {
        return Err(misfit(&Path::root(), "an object", &request));
    };
    if let Some(resolution) = report.resolution.as_ref().filter(|resolution| resolution.sent_as != resolution.requested) {
        fields.set("model", resolution.sent_as.clone());
    }
    // JSON lets a key stand twice.
    fields.retain(|key, _| key != "operation");
    if streams {
        fields.set("stream", true);
    }
    if policy.checks != Checks::Error || !policy.severities.is_empty() {
        refuse_unwritable(&request, &Path::root())?;
    }
    let row = known(report.resolution.as_ref().map_or(DEFAULT_PROVIDER, |resolution| &resolution.provider), "provider")?;
    if row.protocol != DEFAULT_PROVIDER {
        let message = format!("this is the part for Mistral's chats; the model's name means `{}`", row.id);
        return Err(Error::new(ErrorKind::Unsupported, message).with_path("provider"));
    }
    let accept = if streams { "text/event-stream" } else { "application/json" };
    Ok(Prepared {
        provider: row.id.to_owned(),
        operation: if streams { "chat_stream" } else { "chat" }.to_owned(),
        method: "POST".to_owned(),
        url: BaseUrl::new(row.base_url)?.join(row.path("chat").unwrap_or("/v1/chat/completions")),
        headers: Texts::from([("accept", accept), ("content-type", "application/json")]),
        body: request,
        auth: auth_plan(row),
        resolution: report.resolution,
        warnings: report.findings,
        repairs: Vec::new(),
    })
}

/// Whether it is a chat, and in pieces.
pub(crate) fn is_stream(request: &Value<'_>) -> Result<bool> {
    let refuse = |message: &str| Err(Error::new(ErrorKind::Unsupported, message).with_path("operation"));
    match request.get("operation") {
        None | Some(Value::Null | Value::String(_)) => {}
        Some(other) => return Err(misfit(&Path::root().key("operation"), "a string", other)),
    }
    match crate::check::operation(request) {
        "chat" => Ok(false),
        "chat_stream" => Ok(true),
        _ => refuse("this is the part for chats; `chat` and `chat_stream` are the operations that it knows"),
    }
}
