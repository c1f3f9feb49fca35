//! The frames of Mistral's streams: chunks in the neutral form, an error in their midst, `[DONE]`.

use super::super::decoder::{FrameDecoder, Sink};
use super::super::sse::Frame;
use super::super::status::first_line;
use super::response;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Object, Value};

/// Reads the frames. Has no state: every chunk stands for itself.
pub(super) struct Frames;

impl FrameDecoder for Frames {
    fn frame(&mut self, frame: Frame<'_>, sink: &mut Sink<'_>) -> Result<()> {
        if frame.data == b"[DONE]" {
            sink.done();
            return Ok(());
        }
        let Ok(text) = std::str::from_utf8(frame.data) else {
            return Err(Error::new(ErrorKind::Decode, "an event of the stream is not UTF-8"));
        };
        if text.trim().is_empty() {
            return Ok(());
        }
        let mut chunk = json::parse(frame.data).map_err(|error| not_a_chunk(text, error.message()))?;
        let Value::Object(object) = &chunk else {
            return Err(not_a_chunk(text, &format!("it is {}", chunk.kind())));
        };
        if frame.event == "error" || is_error(object) {
            return Err(response::stream_error(object, text));
        }
        if response::unify_finish_reasons(&mut chunk) {
            sink.emit(chunk.into_owned());
        } else {
            sink.emit_text(text, &chunk);
        }
        Ok(())
    }
}

/// Whether the object is an error in the place of a chunk.
fn is_error(object: &Object<'_>) -> bool {
    let says = |key: &str| object.get(key).is_some_and(|value| !value.is_null());
    let named = object.get("object").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("error"));
    named || says("error") || (!says("choices") && (says("message") || says("detail")))
}

fn not_a_chunk(text: &str, why: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("an event of the stream is no chunk: {why}: `{}`", first_line(text, 120)))
}
