//! The native half of the npm package `tramontane`: JSON text in, JSON text out.
//!
//! The TypeScript façade in `ts/` is the only caller. It hands over a whole request as one string and gets a whole
//! answer as one string: one crossing a call. Nothing here throws but constructors; every other failure is an
//! [`Error`](tramontane::Error) as JSON, from which the façade makes the error class.

mod bridge;
mod client;
mod decoder;
mod failure;
mod files;
mod sandbox;
mod settings;
mod stream;
mod vectors;

use napi_derive::napi;
use tramontane::{client as core, ops};

/// Runs a pure operation: `{"ok": …}` or `{"error": …}`.
#[napi]
pub fn call(name: String, parameter: String) -> String {
    failure::guarded(|| ops::call_json(&name, &parameter))
}

/// Runs a pure operation on a request. The request is a text of its own, so that the caller's JSON can be taken as it
/// is; `rest` is an object with the other parameters.
#[napi]
pub fn call_with_request(name: String, request: String, rest: String) -> String {
    failure::guarded(|| ops::call_request_json(&name, request.as_bytes(), &rest))
}

/// What OpenTelemetry calls an operation and its provider, and whom the client asks; `{"error": …}` for an unknown provider.
#[napi]
pub fn telemetry(operation: String, provider: Option<String>, base_url: Option<String>) -> String {
    failure::guarded(|| {
        let words = core::telemetry(&operation, provider.as_deref(), base_url.as_deref());
        words.and_then(|words| failure::written(&words)).unwrap_or_else(|error| ops::refuse_json(&error))
    })
}

/// The answer that the events of a stream amount to; each text is an array of events.
#[napi]
pub fn collect(operation: String, batches: Vec<String>) -> String {
    failure::guarded(|| ops::collect_json(&operation, batches.iter().map(String::as_str)))
}

/// Runs the command `tramontane` with its arguments (the first is the program's name) and gives the exit code.
#[napi]
pub fn run_command(args: Vec<String>) -> i32 {
    failure::caught(|| Ok(tramontane_cli::run(args.into_iter().map(Into::into)))).unwrap_or(70)
}
