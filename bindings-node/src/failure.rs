//! Failures on their way to JavaScript: errors as JSON text, panics as errors.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use tramontane::json::{self, Value};
use tramontane::{Error, ErrorKind, Result, ops};

/// Runs `work`, which gives an answer's text; a panic becomes `{"error": …}`.
pub fn guarded(work: impl FnOnce() -> String) -> String {
    caught(|| Ok(work())).unwrap_or_else(|error| ops::refuse_json(&error))
}

/// Runs `work`; a panic becomes an error of kind `internal`.
pub fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(panicked(&*payload)))
}

/// [`caught`], for a future.
pub async fn caught_async<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut work = pin!(work);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(poll) => poll,
        Err(payload) => Poll::Ready(Err(panicked(&*payload))),
    })
    .await
}

/// The text of a value.
pub fn text(value: &Value<'_>) -> String {
    String::from_utf8(value.to_bytes()).unwrap_or_default()
}

/// The text of what can be serialised.
pub fn written(value: &impl serde::Serialize) -> Result<String> {
    let mut out = Vec::with_capacity(1024);
    json::write(&mut out, value)?;
    Ok(String::from_utf8(out).unwrap_or_default())
}

/// An error as an exception whose message is the error's JSON: only constructors need it.
pub fn thrown(error: &Error) -> napi::Error {
    napi::Error::from_reason(error.to_json())
}

fn panicked(payload: &(dyn Any + Send)) -> Error {
    let what = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Error::new(ErrorKind::Internal, format!("tramontane panicked: {}", what.unwrap_or("no message")))
}
