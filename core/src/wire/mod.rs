//! Requests to bytes and bytes to answers, one folder per protocol.
//!
//! Nothing here knows a key: a built request says in its [`AuthPlan`] what whoever sends it must add.
//! May import `catalogue`, `chat`, `check`, `json`, `operation` and `error`.

pub(crate) mod answer;
pub mod auth;
pub(crate) mod chat;
pub(crate) mod credential;
mod decoder;
mod event;
pub mod form;
pub(crate) mod http;
mod mistral;
mod parsed;
pub(crate) mod prepared;
mod relay;
pub mod sse;
mod status;

pub use auth::AuthPlan;
pub use decoder::Decoder;
pub use event::Event;
pub use http::HttpResponse;
pub use mistral::rows::{BatchRow, RowReader};
pub use parsed::{Meta, ParseRequest, Parsed, error, meta, parse, parse_asked, parse_response};
pub use prepared::{BuildRequest, Prepared, build, prepare};
pub use relay::{Relayed, relay};

use crate::catalogue::ProviderRow;
use crate::catalogue::provider::known;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Dtype, Value};
use crate::operation::{OPERATIONS, Operation, StreamKind};
use decoder::FrameDecoder;
use http::HttpRequest;

/// Speaks one wire protocol. Pure: no clock, no network, no key.
pub(crate) trait Protocol: Sync {
    /// The HTTP request for a neutral request that has been checked.
    fn request<'a>(&self, target: &Target<'_>, request: Value<'a>) -> Result<HttpRequest<'a>>;
    /// The neutral answer in a successful reply.
    fn response<'r>(&self, target: &Target<'_>, reply: &HttpResponse<'r>) -> Result<Value<'r>>;
    /// The error in an unsuccessful reply.
    fn error(&self, target: &Target<'_>, reply: &HttpResponse<'_>) -> Error;
    /// What reads the frames of a kind of stream.
    fn decoder(&self, stream: StreamKind) -> Box<dyn FrameDecoder>;
}

/// The operation of a name.
///
/// # Errors
/// `unsupported` for what this version cannot do.
pub(crate) fn operation(name: &str) -> Result<&'static Operation> {
    Operation::named(name).ok_or_else(|| {
        let names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
        let message = format!("no operation `{}`; there are `{}`", status::first_line(name, 64), names.join("`, `"));
        Error::new(ErrorKind::Unsupported, message).with_path("operation")
    })
}

/// Whom a request goes to, in which tongue, and for what.
#[derive(Clone, Copy)]
pub(crate) struct Target<'t> {
    /// The provider's row.
    pub provider: &'t ProviderRow,
    /// The protocol that it speaks.
    pub protocol: &'static dyn Protocol,
    /// What is asked.
    pub operation: &'static Operation,
    /// What the numbers of the answer's vectors are, where the request is known.
    pub dtype: Option<Dtype>,
}

impl Target<'static> {
    /// The target of a provider's id and an operation's name.
    ///
    /// # Errors
    /// `invalid_request` for a provider that is not known, `unsupported` for what this version cannot do.
    pub(crate) fn new(provider: &str, operation: &str) -> Result<Target<'static>> {
        Target::of(known(provider, "provider")?, self::operation(operation)?)
    }

    /// The target of a provider's row.
    ///
    /// # Errors
    /// `unsupported` when its protocol is not spoken here.
    pub(crate) fn of(provider: &'static ProviderRow, operation: &'static Operation) -> Result<Target<'static>> {
        let protocol: &'static dyn Protocol = match provider.protocol {
            "mistral" => &mistral::Mistral,
            other => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("`{}` speaks the protocol `{other}`, which this version does not speak", provider.id),
                )
                .with_path("provider"));
            }
        };
        Ok(Target { provider, protocol, operation, dtype: None })
    }
}
