//! The decoder of streams, for callers who hold the bytes themselves.

use napi_derive::napi;
use tramontane::json::{self, Object, Value};
use tramontane::wire;

use crate::failure;

/// Turns the bytes of a stream into events.
#[napi]
pub struct Decoder(wire::Decoder);

#[napi]
impl Decoder {
    /// A decoder for a provider's stream.
    #[napi(constructor)]
    pub fn new(provider: String, operation: String) -> napi::Result<Decoder> {
        failure::caught(|| wire::Decoder::new(&provider, &operation)).map(Decoder).map_err(|error| failure::thrown(&error))
    }

    /// Takes the next bytes: `{"events": […], "error": null | {…}}`.
    #[napi]
    pub fn push(&mut self, bytes: &[u8]) -> String {
        let mut events = Vec::new();
        let failed = failure::caught(|| self.0.push(bytes, &mut events)).err();
        let events: Vec<Value<'_>> = events.iter().map(|event| event.data().clone()).collect();
        let error = failed.map_or(Value::Null, |error| error.to_value());
        failure::text(&Value::Object(Object::from_iter([("events", Value::Array(events)), ("error", error)])))
    }

    /// Ends the stream: `{"ok": answer}` or `{"error": …}`.
    #[napi]
    pub fn finish(&mut self) -> String {
        failure::guarded(|| self.0.finish())
    }

    /// The answer so far, as text.
    #[napi]
    pub fn partial(&self) -> String {
        failure::caught(|| json::to_value(&self.0.partial())).map_or_else(|_| "null".to_owned(), |value| failure::text(&value))
    }
}
