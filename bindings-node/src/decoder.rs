//! The decoder of streams, for callers who hold the bytes themselves.

use napi_derive::napi;
use tramontane::ops;

use crate::failure;

/// Turns the bytes of a stream into events.
#[napi]
pub struct Decoder(ops::Decoder);

#[napi]
impl Decoder {
    /// A decoder for a provider's stream.
    #[napi(constructor)]
    pub fn new(provider: String, operation: String) -> napi::Result<Decoder> {
        failure::caught(|| ops::Decoder::new(&provider, &operation)).map(Decoder).map_err(|error| failure::thrown(&error))
    }

    /// Takes the next bytes: `{"events": […]}`, and `error` beside them when the stream broke.
    #[napi]
    pub fn push(&mut self, bytes: &[u8]) -> String {
        failure::guarded(|| ops::push_json(&mut self.0, bytes))
    }

    /// Ends the stream: `{"ok": answer}` or `{"error": …}`.
    #[napi]
    pub fn finish(&mut self) -> String {
        failure::guarded(|| ops::finish_json(&mut self.0))
    }

    /// The answer so far, as text.
    #[napi]
    pub fn partial(&self) -> String {
        failure::guarded(|| failure::text(&self.0.partial()))
    }
}
