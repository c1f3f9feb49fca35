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
        let Some((text, mut chunk)) = text_of(&frame)? else { return Ok(()) };
        let Value::Object(object) = &chunk else { return Ok(()) };
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

/// The object of a frame and its text; `None` for a frame of white space.
pub(super) fn text_of<'f>(frame: &Frame<'f>) -> Result<Option<(&'f str, Value<'f>)>> {
    let Ok(text) = std::str::from_utf8(frame.data) else {
        return Err(Error::new(ErrorKind::Decode, "an event of the stream is not UTF-8"));
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    match json::parse(frame.data).map_err(|error| not_a_chunk(text, error.message()))? {
        chunk @ Value::Object(_) => Ok(Some((text, chunk))),
        other => Err(not_a_chunk(text, &format!("it is {}", other.kind()))),
    }
}

/// Whether a field is there and holds something.
pub(super) fn is_said(object: &Object<'_>, key: &str) -> bool {
    object.get(key).is_some_and(|value| !value.is_null())
}

/// Whether the object is an error in the place of a chunk.
fn is_error(object: &Object<'_>) -> bool {
    let says = |key: &str| is_said(object, key);
    let named = object.get("object").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("error"));
    named || says("error") || (!says("choices") && (says("message") || says("detail")))
}

fn not_a_chunk(text: &str, why: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("an event of the stream is no chunk: {why}: `{}`", first_line(text, 120)))
}
