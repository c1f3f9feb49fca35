//! How a client is set up, and what one call changes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use super::keys::Key;
use super::proxy::Proxy;
use super::transport::Transport;
use super::upload::FileSource;
use crate::check::Policy;
use crate::policy::retry::RetryPolicy;

/// How a client is set up; every field has a default.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ClientOptions {
    /// The provider's id; `mistral` when absent.
    pub provider: Option<String>,
    /// The key; the provider's environment variable when absent.
    pub api_key: Option<Key>,
    /// Another base URL.
    pub base_url: Option<String>,
    /// The region whose host is asked: `eu` or `us` at Mistral. Not beside `base_url`.
    pub region: Option<String>,
    /// How often a failed attempt is repeated; 2 when absent.
    pub max_retries: Option<u32>,
    /// The waits between attempts. Its number of repetitions counts when `max_retries` is absent.
    pub retries: RetryPolicy,
    /// The timeouts.
    pub timeouts: Timeouts,
    /// How requests are judged and built.
    pub policy: Policy,
    /// What the user agent says behind tramontane's own name: `my-app/2.1`.
    pub user_agent: Option<String>,
    /// The language whose package this is, in the user agent; `rust` when absent.
    pub host: Option<&'static str>,
    /// The proxy for everything but what `NO_PROXY` names; that of the environment when absent.
    pub proxy: Option<Proxy>,
    /// A file of certificates in PEM form that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// How many unused connections to one server are kept for the next call; without a limit when absent, 0 keeps none.
    pub pool_size: Option<usize>,
    /// How long an unused connection is kept; 90 seconds when absent.
    pub keep_alive: Option<Duration>,
    /// The most bytes that an answer may have once it is decompressed; [`MAX_RESPONSE_BYTES`] when absent.
    pub max_response_bytes: Option<u64>,
    /// What its calls may spend, with those of every other client that has it.
    pub budget: Option<super::Budget>,
    /// What holds its calls back, with those of every other client that has it; nothing when absent.
    pub limiter: Option<super::Limiter>,
    /// What carries the requests; connections of the process when absent.
    pub transport: Option<Arc<dyn Transport>>,
    /// Time and chance; the machine's when absent.
    pub clock: Option<Arc<dyn Clock>>,
}

/// The most bytes of an answer that a client holds, unless it is told otherwise: above what the API gives in one piece
/// (a long document with its pictures in Base64, 256 long vectors as text), and still no danger to a server's memory.
pub const MAX_RESPONSE_BYTES: u64 = 128 << 20;

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
    /// Another key than the client's.
    pub api_key: Option<Key>,
    /// Another policy than the client's.
    pub policy: Option<Policy>,
    /// Another deadline for the whole call.
    pub timeout: Option<Duration>,
    /// Another time to connect.
    pub connect_timeout: Option<Duration>,
    /// Another time until the first byte of the answer.
    pub first_event_timeout: Option<Duration>,
    /// Another time between two reads.
    pub idle_timeout: Option<Duration>,
    /// Another number of retries.
    pub max_retries: Option<u32>,
    /// The content of the request's `file`, where it does not stand in the request.
    pub file: Option<FileSource>,
}

impl CallOptions {
    /// The limits of a call: its own where it has any, else the client's.
    pub(super) fn timeouts(&self, of_the_client: Timeouts) -> Timeouts {
        Timeouts {
            connect: self.connect_timeout.unwrap_or(of_the_client.connect),
            first_event: self.first_event_timeout.unwrap_or(of_the_client.first_event),
            idle: self.idle_timeout.unwrap_or(of_the_client.idle),
            total: self.timeout.or(of_the_client.total),
        }
    }
}
