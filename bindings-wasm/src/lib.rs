//! The door to WebAssembly: text in, text out.
//!
//! Everything is JSON text, because that is how data crosses this border fastest. There is no key, no network, no clock
//! and no randomness here: the module imports nothing. It is built with `panic = "abort"`; the TypeScript façade turns a
//! trap into an `InternalError` and starts a fresh instance.

use std::cell::RefCell;

use tramontane::error::Error;
use tramontane::ops::{self, Decoder};
use tramontane_wasm_border::{answer, text};

/// Runs the operation `name` on a parameter: `{"ok": …}` or `{"error": …}`.
// SAFETY: no other function of the module has this name; so below.
#[unsafe(no_mangle)]
pub extern "C" fn call(name: usize, parameter: usize) -> *const u8 {
    answer([name, parameter], |[name, parameter]| ops::call_json(text(name), text(parameter)))
}

/// [`call`] for a request that is text already: it is parsed once, here, and becomes the member `request` of `rest`.
#[unsafe(no_mangle)]
pub extern "C" fn call_request(name: usize, request: usize, rest: usize) -> *const u8 {
    answer([name, request, rest], |[name, request, rest]| ops::call_request_json(text(name), request, text(rest)))
}

/// A place that a decoder has left is taken by the next.
type Decoders = Vec<Option<Result<Decoder, Error>>>;

thread_local! {
    static DECODERS: RefCell<Decoders> = const { RefCell::new(Vec::new()) };
}

/// Opens a decoder for a provider's stream, and gives its number. An empty push tells whether there is such a stream.
#[unsafe(no_mangle)]
pub extern "C" fn decoder_open(provider: usize, operation: usize) -> usize {
    let mut number = 0;
    answer([provider, operation], |[provider, operation]| {
        let opened = Some(Decoder::new(text(provider), text(operation)));
        DECODERS.with_borrow_mut(|decoders| {
            number = decoders.iter().position(Option::is_none).unwrap_or(decoders.len());
            match decoders.get_mut(number) {
                Some(left) => *left = opened,
                None => decoders.push(opened),
            }
        });
        String::new()
    });
    number
}

/// Turns the next bytes of a stream into events, whatever way they were cut: `{"events": […]}`, and `error` beside them when
/// the stream broke.
#[unsafe(no_mangle)]
pub extern "C" fn decoder_push(number: usize, bytes: usize) -> *const u8 {
    answer([bytes], |[bytes]| with(number, |decoder| ops::push_json(decoder, bytes)))
}

/// Ends the stream: `{"ok": …}`, the whole answer, or `{"error": …}`.
#[unsafe(no_mangle)]
pub extern "C" fn decoder_finish(number: usize) -> *const u8 {
    answer([], |[]| with(number, ops::finish_json))
}

/// The answer so far, as text.
#[unsafe(no_mangle)]
pub extern "C" fn decoder_partial(number: usize) -> *const u8 {
    answer([], |[]| with(number, |decoder| ops::partial_json(decoder)))
}

/// Forgets a decoder.
#[unsafe(no_mangle)]
pub extern "C" fn decoder_close(number: usize) {
    DECODERS.with_borrow_mut(|decoders| {
        if let Some(place) = decoders.get_mut(number) {
            *place = None;
        }
    });
}

/// Asks a decoder; one that could not be opened answers with the reason.
fn with(number: usize, ask: impl FnOnce(&mut Decoder) -> String) -> String {
    DECODERS.with_borrow_mut(|decoders| match decoders.get_mut(number) {
        Some(Some(Ok(decoder))) => ask(decoder),
        Some(Some(Err(refusal))) => ops::refuse_json(refusal),
        _ => "null".to_owned(),
    })
}
