//! Requests to bytes and bytes to answers, one folder per protocol.
//!
//! Nothing here knows a key: a built request says in its [`AuthPlan`] what whoever sends it must add.
//! May import `catalogue`, `chat`, `check`, `json` and `error`.

mod answer;
pub mod auth;
mod decoder;
mod event;
pub(crate) mod http;
mod mistral;
mod parsed;
pub(crate) mod prepared;
pub mod sse;
mod status;

pub use auth::AuthPlan;
pub use decoder::Decoder;
pub use event::Event;
pub use http::HttpResponse;
pub use parsed::{Meta, ParseRequest, Parsed, error, meta, parse, parse_response};
pub use prepared::{BuildRequest, Prepared, build, prepare};

use crate::catalogue::ProviderRow;
use crate::catalogue::provider::known;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
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
    /// What reads the frames of a stream.
    fn decoder(&self, target: &Target<'_>) -> Box<dyn FrameDecoder>;
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A chat, answered in one piece.
    Chat,
    /// A chat, answered as a stream.
    ChatStream,
    /// Code between a prompt and a suffix, in one piece.
    Fim,
    /// Code between a prompt and a suffix, as a stream.
    FimStream,
    /// The provider's own list of its models.
    ModelsList,
}

impl Operation {
    /// Reads an operation's name.
    ///
    /// # Errors
    /// `unsupported` for what this version cannot do.
    pub(crate) fn new(name: &str) -> Result<Operation> {
        match name {
            "chat" => Ok(Operation::Chat),
            "chat_stream" => Ok(Operation::ChatStream),
            "fim" => Ok(Operation::Fim),
            "fim_stream" => Ok(Operation::FimStream),
            "models_list" => Ok(Operation::ModelsList),
            other => Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "no operation `{}`; there are `chat`, `chat_stream`, `fim`, `fim_stream` and `models_list`",
                    status::first_line(other, 64)
                ),
            )
            .with_path("operation")),
        }
    }

    /// Its name, as data.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Operation::Chat => "chat",
            Operation::ChatStream => "chat_stream",
            Operation::Fim => "fim",
            Operation::FimStream => "fim_stream",
            Operation::ModelsList => "models_list",
        }
    }

    /// The type of its answer.
    pub(crate) fn answer(self) -> &'static str {
        match self {
            Operation::Chat | Operation::ChatStream | Operation::Fim | Operation::FimStream => "ChatCompletion",
            Operation::ModelsList => "ModelList",
        }
    }

    /// Whether its answer is a stream.
    pub(crate) fn streams(self) -> bool {
        matches!(self, Operation::ChatStream | Operation::FimStream)
    }
}

/// Whom a request goes to, in which tongue, and for what.
#[derive(Clone, Copy)]
pub(crate) struct Target<'t> {
    /// The provider's row.
    pub provider: &'t ProviderRow,
    /// The protocol that it speaks.
    pub protocol: &'static dyn Protocol,
    /// What is asked.
    pub operation: Operation,
}

impl Target<'static> {
    /// The target of a provider's id and an operation's name.
    ///
    /// # Errors
    /// `invalid_request` for a provider that is not known, `unsupported` for what this version cannot do.
    pub(crate) fn new(provider: &str, operation: &str) -> Result<Target<'static>> {
        Target::of(known(provider, "provider")?, Operation::new(operation)?)
    }

    /// The target of a provider's row.
    ///
    /// # Errors
    /// `unsupported` when its protocol is not spoken here.
    pub(crate) fn of(provider: &'static ProviderRow, operation: Operation) -> Result<Target<'static>> {
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
        Ok(Target { provider, protocol, operation })
    }
}
