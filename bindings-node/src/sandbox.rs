//! The sandbox, for tests: a server on 127.0.0.1 that speaks the Mistral API.

use std::time::Duration;

use napi_derive::napi;
use tramontane::{Error, ErrorKind, Result, json};
use tramontane_testkit::{Sandbox as Server, SandboxOptions};

use crate::failure;

/// A running sandbox.
#[napi]
pub struct Sandbox(Server);

#[napi]
impl Sandbox {
    /// Starts a sandbox with these options, as JSON: `port`, `key`, `on`, `pace` (milliseconds before each event).
    #[napi(constructor)]
    pub fn new(options: String) -> napi::Result<Sandbox> {
        failure::caught(|| start(&options)).map(Sandbox).map_err(|error| failure::thrown(&error))
    }

    /// Where it listens.
    #[napi(getter)]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// A key that it accepts.
    #[napi(getter)]
    pub fn key(&self) -> String {
        self.0.key().to_owned()
    }

    /// Stops it.
    #[napi]
    pub fn stop(&mut self) {
        self.0.stop();
    }
}

/// The options as the façade gives them.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    port: u16,
    key: Option<String>,
    on: Option<tramontane::date::Date>,
    pace: u64,
}

fn start(options: &str) -> Result<Server> {
    let Options { port, key, on, pace } = json::from_value(&json::parse(options.as_bytes())?)?;
    Server::start(SandboxOptions { port, key, on, pace: Duration::from_millis(pace) })
        .map_err(|error| Error::new(ErrorKind::Configuration, format!("the sandbox cannot start on port {port}: {error}")))
}
