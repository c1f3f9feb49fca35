//! The native half of the npm package `tramontane`: JSON text in, JSON text out.
//!
//! The TypeScript façade in `ts/` is the only caller. It hands over a whole request as one string and gets a whole
//! answer as one string: one crossing a call. Nothing here throws but constructors; every other failure is an
//! [`Error`](tramontane::Error) as JSON, from which the façade makes the error class.

mod bridge;
mod client;
mod decoder;
mod failure;
mod stream;

use napi_derive::napi;
use tramontane::json::{self, Object, Value};
use tramontane::{Result, ops};

/// Runs a pure operation: `{"ok": …}` or `{"error": …}`.
#[napi]
pub fn call(name: String, parameter: String) -> String {
    failure::guarded(|| json::parse(parameter.as_bytes()).and_then(|parameter| ops::call(&name, parameter)))
}

/// Runs a pure operation on a request. The request is a text of its own, so that the caller's JSON can be taken as it
/// is; `rest` is an object with the other parameters.
#[napi]
pub fn call_with_request(name: String, request: String, rest: String) -> String {
    failure::guarded(|| ops::call(&name, with_request(&request, &rest)?))
}

/// `{"request": request, …rest}`
fn with_request<'a>(request: &'a str, rest: &'a str) -> Result<Value<'a>> {
    let mut parameter = match json::parse(rest.as_bytes())? {
        Value::Object(object) => object,
        _ => Object::new(),
    };
    parameter.set("request", json::parse(request.as_bytes())?);
    Ok(Value::Object(parameter))
}
