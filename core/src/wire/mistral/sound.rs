//! The frames of transcriptions and of speech: events that say by their type what they are.

use super::super::decoder::{FrameDecoder, Sink};
use super::super::sse::Frame;
use super::response;
use super::stream::{is_said, text_of};
use crate::audio::collect::decoded;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;

/// Reads the frames. Has no state: every event stands for itself.
pub(super) struct Frames;

impl FrameDecoder for Frames {
    fn frame(&mut self, frame: Frame<'_>, sink: &mut Sink<'_>) -> Result<()> {
        if frame.data == b"[DONE]" {
            sink.done();
            return Ok(());
        }
        let Some((text, mut event)) = text_of(&frame)? else { return Ok(()) };
        let named = event.get("type").and_then(Value::as_str).is_some();
        if let Value::Object(object) = &event
            && (frame.event == "error"
                || (!named && (is_said(object, "message") || is_said(object, "detail")))
                || is_said(object, "error"))
        {
            return Err(response::stream_error(object, text));
        }
        if let Some(sound) = event.get("audio_data").and_then(Value::as_str) {
            decoded(sound).map_err(|error| {
                Error::new(ErrorKind::Decode, format!("an event of the stream is broken: {}", error.message()))
            })?;
        }
        // Some gateways hand on the name of an event and not its type.
        let renamed = !named && !frame.event.is_empty();
        if let Value::Object(object) = &mut event
            && renamed
        {
            object.set("type", frame.event.to_owned());
        }
        let is_last = event.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with(".done"));
        if renamed {
            sink.emit(event.into_owned())
        } else {
            sink.emit_text(text, &event)
        }
        if is_last {
            sink.done();
        }
        Ok(())
    }
}
