//! Sets a client up step by step.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use super::proxy::Proxy;
use super::transport::Transport;
use super::{Client, ClientOptions, Timeouts};
use crate::check::Policy;
use crate::error::Result;
use crate::policy::retry::RetryPolicy;
use crate::secret::Secret;

/// Sets a client up; every step may be left out.
///
/// ```
/// use std::time::Duration;
/// use tramontane::client::Client;
/// let client = Client::builder().api_key("key").base_url("http://127.0.0.1:8080").timeout(Duration::from_secs(60)).build()?;
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    options: ClientOptions,
    api_key: Option<std::result::Result<Secret, Unusable>>,
}

/// A key that was refused; the error is made when the client is.
#[derive(Clone, Debug)]
struct Unusable(Box<crate::error::Fields>);

impl ClientBuilder {
    /// The provider's id; `mistral` when absent.
    pub fn provider(mut self, provider: impl Into<String>) -> Self {
        self.options.provider = Some(provider.into());
        self
    }

    /// The key; the provider's environment variable when absent.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(Secret::new(key).map_err(|error| Unusable(Box::new((*error).clone()))));
        self
    }

    /// A source of keys: a file, a variable, a store of secrets, several keys in turn.
    pub fn key(mut self, key: super::Key) -> Self {
        self.options.api_key = Some(key);
        self.api_key = None;
        self
    }

    /// Another base URL than the provider's own.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.options.base_url = Some(url.into());
        self
    }

    /// The region whose host is asked: `eu` or `us` at Mistral. Not beside a base URL.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.options.region = Some(region.into());
        self
    }

    /// How often a failed attempt is repeated; 2 when absent.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.options.max_retries = Some(retries);
        self
    }

    /// The waits between attempts.
    pub fn retries(mut self, retries: RetryPolicy) -> Self {
        self.options.retries = retries;
        self
    }

    /// The deadline of a whole call, retries included; ten minutes when absent.
    pub fn timeout(mut self, total: Duration) -> Self {
        self.options.timeouts.total = Some(total);
        self
    }

    /// All timeouts.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.options.timeouts = timeouts;
        self
    }

    /// How requests are judged and built.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.options.policy = policy;
        self
    }

    /// What the user agent says behind tramontane's own name: `my-app/2.1`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.options.user_agent = Some(name.into());
        self
    }

    /// The proxy for everything but what `NO_PROXY` names; that of the environment when absent.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.options.proxy = Some(proxy);
        self
    }

    /// A file of certificates in PEM form that are trusted beside the system's.
    pub fn ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.ca_file = Some(file.into());
        self
    }

    /// How many unused connections to one server are kept for the next call; 0 keeps none.
    pub fn pool_size(mut self, connections: usize) -> Self {
        self.options.pool_size = Some(connections);
        self
    }

    /// How long an unused connection is kept; 90 seconds when absent.
    pub fn keep_alive(mut self, unused: Duration) -> Self {
        self.options.keep_alive = Some(unused);
        self
    }

    /// The most bytes that an answer may have once it is decompressed; 128 MiB when absent.
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.options.max_response_bytes = Some(bytes);
        self
    }

    /// What its calls may spend, with those of every other client that has it.
    pub fn budget(mut self, budget: super::Budget) -> Self {
        self.options.budget = Some(budget);
        self
    }

    /// What holds its calls back, with those of every other client that has it.
    pub fn limiter(mut self, limiter: super::Limiter) -> Self {
        self.options.limiter = Some(limiter);
        self
    }

    /// What carries the requests: for tests, and for networks of your own.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.options.transport = Some(transport);
        self
    }

    /// Time and chance: for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.options.clock = Some(clock);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// `configuration` when a setting cannot be used.
    pub fn build(self) -> Result<Client> {
        let mut options = self.options;
        if let Some(key) = self.api_key {
            options.api_key = Some(key.map_err(|Unusable(fields)| super::stream::again(&fields))?.into());
        }
        Client::new(options)
    }
}
