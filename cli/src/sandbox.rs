//! `sandbox`: the testkit's server, until it is stopped.

use std::time::Duration;

use tramontane_testkit::{Sandbox as Server, SandboxOptions};

use crate::CLEAN;
use crate::args::Sandbox;
use crate::output::{BOLD, DIM, Failure, print};

/// `tramontane sandbox`.
pub(crate) fn run(args: &Sandbox) -> Result<i32, Failure> {
    let options =
        SandboxOptions { port: args.port, key: args.key.clone(), pace: Duration::from_millis(args.pace), ..Default::default() };
    let server = Server::start(options)
        .map_err(|error| Failure::Usage(format!("cannot listen on 127.0.0.1:{}: {error}; choose another --port", args.port)))?;
    print(&format!("{BOLD}{}{BOLD:#} speaks the Mistral API; its words are not a model's", server.url()));
    let key = if args.key.is_some() { "the key you gave" } else { "any key" };
    print(&format!("{DIM}set this as the base URL, with {key}; Ctrl-C stops it{DIM:#}"));
    server.wait();
    Ok(CLEAN)
}
