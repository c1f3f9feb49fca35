//! Sends requests: the only folder that knows sockets, time, the environment and chance.

use std::time::Duration;

use crate::check::Policy;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
use crate::wire::{Event, Meta};

/// How a client is set up; every field has a default.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ClientOptions {
    /// The provider's id; `mistral` when absent.
    pub provider: Option<String>,
    /// The key; the provider's environment variable when absent.
    pub api_key: Option<crate::secret::Secret>,
    /// Another base URL.
    pub base_url: Option<String>,
    /// How often a failed attempt is repeated; 2 when absent.
    pub max_retries: Option<u32>,
    /// The timeouts.
    pub timeouts: Timeouts,
    /// How requests are judged and built.
    pub policy: Policy,
}

/// The timeouts of a call.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To connect.
    pub connect: Duration,
    /// Until the first byte of the answer's body, or a stream's first event.
    pub first_event: Duration,
    /// Between two reads.
    pub idle: Duration,
    /// For the whole call, retries included.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(10),
            first_event: Duration::from_secs(300),
            idle: Duration::from_secs(120),
            total: Some(Duration::from_secs(600)),
        }
    }
}

/// What one call changes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// Another policy than the client's.
    pub policy: Option<Policy>,
    /// Another deadline for the whole call.
    pub timeout: Option<Duration>,
    /// Another number of retries.
    pub max_retries: Option<u32>,
}

/// A client. Cheap to clone; clones share their connections. Must live inside a tokio runtime when it sends.
#[derive(Clone, Debug)]
pub struct Client {
    _options: std::sync::Arc<ClientOptions>,
}

/// A request that was checked and written: ready to be sent, from any thread.
#[derive(Debug)]
pub struct Call {
    _private: (),
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The answer's type, for example `ChatCompletion`.
    pub kind: &'static str,
    /// The answer, in the neutral form.
    pub data: Value<'static>,
    /// What stands around it.
    pub meta: ReplyMeta,
}

/// What stands around an answer that a client got.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct ReplyMeta {
    /// Status, request id, rate limits.
    #[serde(flatten)]
    pub http: Meta,
    /// What the model's name means.
    pub resolution: Option<crate::catalogue::Resolution>,
    /// Findings that did not stop the request.
    pub warnings: Vec<crate::check::Finding>,
    /// What repairs changed.
    pub repairs: Vec<crate::check::Repair>,
    /// How often it was sent.
    pub attempts: u32,
}

/// A stream of events.
#[derive(Debug)]
pub struct EventStream {
    _private: (),
}

impl EventStream {
    /// The events of the next network read, or `None` after the last.
    ///
    /// # Errors
    /// Any error of the stream, once; it carries the partial answer.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<Event>>> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }

    /// The whole answer: reads the rest of the stream.
    ///
    /// # Errors
    /// As [`EventStream::next_batch`].
    pub async fn finish(&mut self) -> Result<Reply> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }

    /// The answer so far.
    pub fn partial(&self) -> Value<'static> {
        Value::Null
    }

    /// What is known before the end: status, request id, warnings.
    pub fn meta(&self) -> ReplyMeta {
        ReplyMeta::default()
    }
}

impl Client {
    /// A client with these options. Reads the environment for the key, opens nothing.
    ///
    /// # Errors
    /// `configuration` when there is no key or a setting cannot be used.
    pub fn new(options: ClientOptions) -> Result<Client> {
        Ok(Client { _options: std::sync::Arc::new(options) })
    }

    /// Checks a request and writes it, without sending: no runtime needed.
    ///
    /// # Errors
    /// `invalid_request` with the report.
    pub fn prepare(&self, _request: Value<'_>, _options: &CallOptions) -> Result<Call> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }

    /// Sends a prepared call.
    ///
    /// # Errors
    /// Any kind of the table of errors.
    pub async fn execute(&self, _call: Call) -> Result<Reply> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }

    /// Sends a prepared call whose answer is a stream.
    ///
    /// # Errors
    /// Any kind of the table of errors.
    pub async fn open(&self, _call: Call) -> Result<EventStream> {
        Err(Error::new(ErrorKind::Unsupported, "not built yet"))
    }
}
