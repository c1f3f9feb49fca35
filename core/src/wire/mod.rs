//! Requests to bytes and bytes to answers, one folder per protocol.
//!
//! Nothing here knows a key: a built request says in its [`AuthPlan`] what whoever sends it must add.

use std::collections::BTreeMap;

use crate::catalogue::Resolution;
use crate::check::{Finding, Policy, Repair};
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
use crate::ops::FromValue;

/// A request to build.
#[derive(Clone, Debug)]
pub struct BuildRequest<'a> {
    /// The request, as for `check`.
    pub request: Value<'a>,
    /// The provider, when the model's name does not say it.
    pub provider: Option<String>,
    /// How it is judged and built.
    pub policy: Policy,
}

/// How a key is added to a request, by whoever has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthPlan {
    /// The header that carries it, for example `authorization`.
    pub header: String,
    /// What stands before it, for example `Bearer`; empty for a bare key.
    pub scheme: String,
    /// The environment variable that holds it by convention, for example `MISTRAL_API_KEY`.
    pub env: String,
}

/// An HTTP request, complete but for the key. Can be printed, logged, stored and sent to a browser.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Prepared<'a> {
    /// The provider's id.
    pub provider: String,
    /// The operation: `chat`, `chat_stream`, …
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The headers, in lower case; no credential among them.
    pub headers: BTreeMap<String, String>,
    /// The JSON body; `null` when there is none.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub body: Value<'a>,
    /// What the sender must add.
    pub auth: AuthPlan,
    /// What the model's name means.
    pub resolution: Option<Resolution>,
    /// Findings that did not stop it.
    pub warnings: Vec<Finding>,
    /// What repairs changed.
    pub repairs: Vec<Repair>,
}

/// A provider's HTTP answer.
#[derive(Clone, Debug)]
pub struct ParseRequest<'a> {
    /// The provider's id.
    pub provider: String,
    /// The operation that was asked.
    pub operation: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers; names in any case.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: std::borrow::Cow<'a, str>,
}

/// What stands around an answer.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meta {
    /// The provider's id.
    pub provider: String,
    /// The HTTP status.
    pub status: u16,
    /// The id under which the provider knows the request.
    pub request_id: Option<String>,
    /// What the rate-limit headers say: `limit-req-minute`, `remaining-req-minute`, `tokens-query-cost`, …
    pub rate_limit: BTreeMap<String, u64>,
}

/// A typed answer.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parsed {
    /// The answer's type, for example `ChatCompletion`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The answer; fields that this version does not know are kept.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub data: Value<'static>,
    /// What stands around it.
    pub meta: Meta,
}

/// One event of a stream: a chunk in the neutral form (Mistral's `chat.completion.chunk`).
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    data: Value<'static>,
}

impl Event {
    /// The chunk.
    pub fn data(&self) -> &Value<'static> {
        &self.data
    }

    /// The text that this event adds to the first choice; empty when it adds none.
    pub fn text(&self) -> &str {
        ""
    }
}

/// Turns the bytes of a stream into events, whatever way the bytes were cut.
pub struct Decoder {
    _provider: String,
}

impl Decoder {
    /// A decoder for a provider's stream.
    ///
    /// # Errors
    /// `unsupported` for a provider or an operation that has no stream.
    pub fn new(provider: &str, _operation: &str) -> Result<Decoder> {
        Ok(Decoder { _provider: provider.to_owned() })
    }

    /// Takes the next bytes and appends the events they complete.
    ///
    /// # Errors
    /// `stream` for an error inside the stream, `decode` for what is no event. Events before it have been appended.
    pub fn push(&mut self, _bytes: &[u8], _events: &mut Vec<Event>) -> Result<()> {
        Ok(())
    }

    /// Ends the stream: the whole answer, put together.
    ///
    /// # Errors
    /// `stream_truncated` when no finish reason had arrived; `partial` holds what had.
    pub fn finish(&mut self) -> Result<Value<'static>> {
        Err(Error::new(ErrorKind::StreamTruncated, "not built yet"))
    }

    /// The answer so far.
    pub fn partial(&self) -> Value<'static> {
        Value::Null
    }
}

impl<'a> FromValue<'a> for BuildRequest<'a> {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let provider = value.get("provider").and_then(Value::as_str).map(str::to_owned);
        let (request, policy) = crate::check::report::request_and_policy(value)?;
        Ok(BuildRequest { request, provider, policy })
    }
}

impl<'a> FromValue<'a> for ParseRequest<'a> {
    fn from_value(_value: Value<'a>) -> Result<Self> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }
}

/// The HTTP request for a call, without a key.
pub fn build(_request: BuildRequest<'_>) -> Result<Prepared<'_>> {
    Err(Error::new(ErrorKind::Unsupported, "not built yet"))
}

/// What a provider's answer means.
pub fn parse(_request: ParseRequest<'_>) -> Result<Parsed> {
    Err(Error::new(ErrorKind::Unsupported, "not built yet"))
}
