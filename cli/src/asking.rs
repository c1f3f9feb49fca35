//! Asking a provider, or a sandbox that is started for one command.

use std::time::Duration;

use tramontane::client::{Client, ClientOptions};
use tramontane::secret::Secret;
use tramontane_testkit::{Sandbox, SandboxOptions};

use crate::output::Failure;

/// How long the sandbox waits before each event of a stream: so that it can be seen to be one.
const PACE: Duration = Duration::from_millis(15);

/// A client, and what drives its calls.
#[derive(Debug)]
pub(crate) struct Asking {
    pub(crate) client: Client,
    pub(crate) runtime: tokio::runtime::Runtime,
    /// Stops with it.
    _sandbox: Option<Sandbox>,
}

impl Asking {
    /// Sets it up: the provider's own host where no other is given.
    pub(crate) fn start(base_url: Option<&str>, sandbox: bool) -> Result<Asking, Failure> {
        let mut options = ClientOptions::default();
        options.base_url = base_url.map(str::to_owned);
        let sandbox = if sandbox { Some(started()?) } else { None };
        if let Some(sandbox) = &sandbox {
            options.base_url = Some(sandbox.url());
            options.api_key = Some(Secret::new(sandbox.key())?.into());
        }
        let client = Client::new(options)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::Usage(format!("cannot start: {error}")))?;
        Ok(Asking { client, runtime, _sandbox: sandbox })
    }
}

fn started() -> Result<Sandbox, Failure> {
    let options = SandboxOptions { pace: PACE, ..SandboxOptions::default() };
    Sandbox::start(options).map_err(|error| Failure::Usage(format!("cannot start the sandbox: {error}")))
}
