//! Bytes of a stream to events and to the whole answer. May import `json` and `error`.

use super::Target;
use super::answer::{self, Answer};
use super::event::Event;
use super::http::HttpResponse;
use super::sse::{Frame, Parser, Tail};
use super::status::{Foreign, first_line};
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
use crate::operation::{Operation, StreamKind};

/// How much of a body that is no stream is looked at.
const MAX_HEAD: usize = 64 << 10;

/// Understands the frames of one protocol.
pub(crate) trait FrameDecoder: Send + Sync {
    /// Reads a frame and emits its chunks in the neutral form.
    ///
    /// # Errors
    /// `stream` for an error that the provider reports, `decode` for what is no event.
    fn frame(&mut self, frame: Frame<'_>, sink: &mut Sink<'_>) -> Result<()>;
}

/// Who takes the chunks of a stream.
pub(crate) trait Chunks {
    /// A chunk that stands in `text` in the neutral form.
    fn take_text(&mut self, text: &str, chunk: &Value<'_>);
    /// A chunk in the neutral form that stands nowhere as text.
    fn take(&mut self, chunk: Value<'static>);
}

/// As events, which know what a chunk says.
impl Chunks for Vec<Event> {
    fn take_text(&mut self, text: &str, chunk: &Value<'_>) {
        self.push(Event::of_text(text, chunk));
    }

    fn take(&mut self, chunk: Value<'static>) {
        self.push(Event::new(chunk));
    }
}

/// As text: the items of an array.
impl Chunks for String {
    fn take_text(&mut self, text: &str, _: &Value<'_>) {
        if !self.is_empty() {
            self.push(',');
        }
        self.push_str(text);
    }

    fn take(&mut self, chunk: Value<'static>) {
        self.take_text(&chunk.to_string(), &chunk);
    }
}

/// Not at all: only the whole answer is wanted.
impl Chunks for () {
    fn take_text(&mut self, _: &str, _: &Value<'_>) {}

    fn take(&mut self, _: Value<'static>) {}
}

/// Where a protocol puts what it read.
pub(crate) struct Sink<'s> {
    chunks: &'s mut dyn Chunks,
    answer: &'s mut dyn Answer,
    done: &'s mut bool,
}

impl Sink<'_> {
    /// A chunk that stands in `text` in the neutral form.
    pub(crate) fn emit_text(&mut self, text: &str, chunk: &Value<'_>) {
        self.answer.push(chunk);
        self.chunks.take_text(text, chunk);
    }

    /// A chunk in the neutral form that stands nowhere as text.
    pub(crate) fn emit(&mut self, chunk: Value<'static>) {
        self.answer.push(&chunk);
        self.chunks.take(chunk);
    }

    /// The provider said that this was all.
    pub(crate) fn done(&mut self) {
        *self.done = true;
    }
}

/// Turns the bytes of a stream into events, whatever way the bytes were cut.
///
/// ```
/// use tramontane::wire::Decoder;
/// let mut decoder = Decoder::new("mistral", "chat_stream")?;
/// let mut events = Vec::new();
/// decoder.push(b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Com", &mut events)?;
/// assert!(events.is_empty());
/// decoder.push("té\"},\"finish_reason\":\"stop\"}]}\n\n".as_bytes(), &mut events)?;
/// assert_eq!(events[0].text(), "Comté");
/// let answer = decoder.finish()?;
/// assert_eq!(answer.get("object").and_then(|object| object.as_str()), Some("chat.completion"));
/// # Ok::<(), tramontane::Error>(())
/// ```
pub struct Decoder {
    provider: String,
    stream: StreamKind,
    frames: Parser,
    protocol: Box<dyn FrameDecoder>,
    answer: Box<dyn Answer>,
    done: bool,
    ended: bool,
    failed: Option<Error>,
    /// The first bytes, as long as no event has come: to say what it was when none ever does.
    head: Vec<u8>,
    any_frame: bool,
}

impl Decoder {
    /// A decoder for a provider's stream.
    ///
    /// # Errors
    /// `invalid_request` for a provider that is not known, `unsupported` for one whose protocol is not spoken here and
    /// for an operation that has no stream.
    pub fn new(provider: &str, operation: &str) -> Result<Decoder> {
        let target = Target::new(provider, operation)?;
        // The stream of an operation that is answered whole as well has a row of its own.
        let stream = target.operation.stream.or_else(|| Operation::named(&format!("{operation}_stream"))?.stream);
        let Some(stream) = stream else {
            return Err(Error::new(ErrorKind::Unsupported, format!("`{operation}` has no stream")).with_path("operation"));
        };
        Ok(Decoder {
            provider: target.provider.id.to_owned(),
            stream,
            frames: Parser::default(),
            protocol: target.protocol.decoder(stream),
            answer: answer::of(stream),
            done: false,
            ended: false,
            failed: None,
            head: Vec::new(),
            any_frame: false,
        })
    }

    /// Takes the next bytes and appends the events they complete. Bytes after the end are ignored.
    ///
    /// # Errors
    /// `stream` for an error inside the stream, `decode` for what is no event; both carry the answer so far. Events
    /// before it have been appended. A decoder that has failed gives its error again.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<()> {
        self.push_to(bytes, events)
    }

    /// [`Decoder::push`], for whoever wants the chunks as something else.
    pub(crate) fn push_to(&mut self, bytes: &[u8], chunks: &mut dyn Chunks) -> Result<()> {
        self.check_failed()?;
        if self.done || self.ended {
            return Ok(());
        }
        if !self.any_frame && self.head.len() < MAX_HEAD {
            self.head.extend_from_slice(&bytes[..bytes.len().min(MAX_HEAD - self.head.len())]);
        }
        let Decoder { frames, protocol, answer, done, any_frame, .. } = self;
        let pushed = frames.push(bytes, |frame| {
            *any_frame = true;
            if *done { Ok(()) } else { protocol.frame(frame, &mut Sink { chunks, answer: answer.as_mut(), done }) }
        });
        if self.any_frame {
            self.head = Vec::new();
        }
        pushed.map_err(|error| self.fail(error))
    }

    /// Ends the stream: an event that only lacked its blank line is appended.
    ///
    /// # Errors
    /// As [`Decoder::finish`].
    pub fn end(&mut self, events: &mut Vec<Event>) -> Result<()> {
        self.end_to(events)
    }

    fn end_to(&mut self, chunks: &mut dyn Chunks) -> Result<()> {
        self.check_failed()?;
        if self.ended {
            return Ok(());
        }
        self.ended = true;
        if !self.any_frame
            && let Some(error) = self.no_stream()
        {
            return Err(self.fail(error));
        }
        let tail = self.frames.end();
        if !self.done {
            self.take_tail(tail, chunks).map_err(|error| self.fail(error))?;
        }
        if self.answer.is_finished() {
            return Ok(());
        }
        let lacks = if self.answer.is_empty() { "an event" } else { self.answer.lacks() };
        let what = match (self.answer.is_empty(), self.done) {
            (true, false) => "the stream ended before its first event".to_owned(),
            (false, false) => format!("the stream ended without {lacks}"),
            (_, true) => format!("the stream said that it was done without {lacks}"),
        };
        Err(self.fail(truncated(&what)))
    }

    /// Ends the stream: the whole answer, put together.
    ///
    /// # Errors
    /// `stream_truncated` when it was cut or no finish reason had arrived, `decode` when it was no stream at all;
    /// `partial` holds what had arrived. An earlier error is given again.
    pub fn finish(&mut self) -> Result<Value<'static>> {
        self.end_to(&mut ())?;
        Ok(self.answer.to_value())
    }

    /// The answer so far; `null` before the first event.
    pub fn partial(&self) -> Value<'static> {
        self.answer.to_value()
    }

    /// Whether the provider said that this was all; what follows is ignored.
    pub fn is_done(&self) -> bool {
        self.done
    }

    fn take_tail(&mut self, tail: Tail, chunks: &mut dyn Chunks) -> Result<()> {
        let Decoder { protocol, answer, done, .. } = self;
        let complete = answer.is_finished();
        if tail.data.is_empty() {
            // A name or a comment cut short loses nothing.
            return Ok(());
        }
        let frame = Frame { event: &tail.event, data: &tail.data };
        match protocol.frame(frame, &mut Sink { chunks, answer: answer.as_mut(), done }) {
            Err(error) if error.kind() != ErrorKind::Decode => Err(error),
            Err(_) if complete && b"[DONE]".starts_with(&tail.data) => Ok(()),
            Err(_) => Err(truncated("the stream ended in the middle of an event")),
            Ok(()) => Ok(()),
        }
    }

    /// What the bytes were, when they were no stream: a page, a JSON document.
    fn no_stream(&mut self) -> Option<Error> {
        let head = std::mem::take(&mut self.head);
        let text = String::from_utf8_lossy(&head);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('{') {
            // An error in the place of a stream says more than that it is no stream.
            let mut nowhere = answer::of(self.stream);
            let mut sink = Sink { chunks: &mut (), answer: nowhere.as_mut(), done: &mut false };
            let read = self.protocol.frame(Frame { event: "", data: text.trim_end().as_bytes() }, &mut sink);
            if let Some(error) = read.err().filter(|error| error.kind() == ErrorKind::Stream) {
                return Some(error);
            }
        }
        let what = match text.as_bytes().first()? {
            b'<' => Foreign::of(&HttpResponse { body: &head, ..HttpResponse::default() }).describe("a stream"),
            b'{' | b'[' => format!("one JSON document, not a stream: `{}`", first_line(text, 200)),
            _ => return None,
        };
        Some(
            Error::new(ErrorKind::Decode, format!("the answer is {what}"))
                .with(|error| error.body = super::status::body_text(&head)),
        )
    }

    fn check_failed(&self) -> Result<()> {
        match &self.failed {
            None => Ok(()),
            Some(error) => Err(error.again()),
        }
    }

    fn fail(&mut self, error: Error) -> Error {
        let nothing_yet = self.answer.is_empty();
        let error = error.with(|error| {
            error.provider = Some(self.provider.clone());
            error.partial = Some(self.answer.to_value()).filter(|partial| !partial.is_null());
            // Once events are out, a repetition would say them twice.
            error.retryable &= nothing_yet;
        });
        self.failed = Some(error.again());
        error
    }
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("provider", &self.provider).field("done", &self.done).finish_non_exhaustive()
    }
}

fn truncated(what: &str) -> Error {
    Error::new(ErrorKind::StreamTruncated, what).with_hint("the connection was cut; `partial` holds what had arrived")
}
