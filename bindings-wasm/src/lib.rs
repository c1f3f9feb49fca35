//! The door to WebAssembly: text in, text out.
//!
//! Everything is JSON text, because that is how data crosses this border fastest. There is no key, no network, no clock
//! and no randomness here: the module imports nothing but what wasm-bindgen needs for strings and errors. It is built with
//! `panic = "abort"`; the TypeScript façade turns a trap into an `InternalError` and starts a fresh instance.

use tramontane::error::Error;
use tramontane::ops;
use wasm_bindgen::prelude::wasm_bindgen;

/// Runs the operation `name` on a parameter: `{"ok": …}` or `{"error": …}`.
#[wasm_bindgen]
pub fn call(name: &str, parameter: &str) -> String {
    ops::call_json(name, parameter)
}

/// [`call`] for a request that is text already: it is parsed once, here, and becomes the member `request` of `rest`.
#[wasm_bindgen(js_name = callRequest)]
pub fn call_request(name: &str, request: &str, rest: &str) -> String {
    ops::call_request_json(name, request.as_bytes(), rest)
}

/// Turns the bytes of a stream into events, whatever way the bytes were cut.
#[wasm_bindgen]
pub struct Decoder {
    // A constructor that throws would need one more import; so a refusal is kept, and every call answers with it.
    inner: Result<ops::Decoder, Error>,
}

#[wasm_bindgen]
impl Decoder {
    /// A decoder for a provider's stream. An empty `push` tells whether there is one.
    #[wasm_bindgen(constructor)]
    pub fn new(provider: &str, operation: &str) -> Decoder {
        Decoder { inner: ops::Decoder::new(provider, operation) }
    }

    /// Takes the next bytes: `{"events": […]}`, and `error` beside them when the stream broke.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        match &mut self.inner {
            Ok(decoder) => ops::push_json(decoder, bytes),
            Err(refusal) => ops::refuse_json(refusal),
        }
    }

    /// Ends the stream: `{"ok": …}`, the whole answer, or `{"error": …}`.
    pub fn finish(&mut self) -> String {
        match &mut self.inner {
            Ok(decoder) => ops::finish_json(decoder),
            Err(refusal) => ops::refuse_json(refusal),
        }
    }

    /// The answer so far, as text.
    pub fn partial(&self) -> String {
        self.inner.as_ref().map_or_else(|_| "null".to_owned(), ops::partial_json)
    }
}
