//! How a client is set up, and what one call changes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use super::proxy::Proxy;
use super::transport::Transport;
use crate::check::Policy;
use crate::policy::retry::RetryPolicy;
use crate::secret::Secret;

/// How a client is set up; every field has a default.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ClientOptions {
    /// The provider's id; `mistral` when absent.
    pub provider: Option<String>,
    /// The key; the provider's environment variable when absent.
    pub api_key: Option<Secret>,
    /// Another base URL.
    pub base_url: Option<String>,
    /// How often a failed attempt is repeated; 2 when absent.
    pub max_retries: Option<u32>,
    /// The waits between attempts. Its number of repetitions counts when `max_retries` is absent.
    pub retries: RetryPolicy,
    /// The timeouts.
    pub timeouts: Timeouts,
    /// How requests are judged and built.
    pub policy: Policy,
    /// Whom the client says it is; `tramontane/<version> (rust)` when absent.
    pub user_agent: Option<String>,
    /// The proxy for everything but what `NO_PROXY` names; that of the environment when absent.
    pub proxy: Option<Proxy>,
    /// A file of certificates in PEM form that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// What carries the requests; connections of the process when absent.
    pub transport: Option<Arc<dyn Transport>>,
    /// Time and chance; the machine's when absent.
    pub clock: Option<Arc<dyn Clock>>,
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
