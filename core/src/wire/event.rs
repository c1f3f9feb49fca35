//! One event of a stream. May import `json` only.

use std::ops::Range;
use std::sync::OnceLock;

use crate::json::{self, Value};

/// One event of a stream: a chunk in the neutral form (Mistral's `chat.completion.chunk`), or an event of a conversation.
///
/// It keeps the chunk's text as it came and reads the rest only when somebody asks, so an event of which only
/// [`Event::text`] is used costs little more than its bytes.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// The chunk as JSON text; written from `data` when the protocol's own chunk has another form.
    json: OnceLock<Box<str>>,
    data: OnceLock<Value<'static>>,
    text: Part,
    thinking: Part,
    finish_reason: Part,
    has_usage: bool,
    class: Class,
}

/// The type of an event's data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Class {
    #[default]
    Chunk,
    Conversation,
    Transcription,
    Speech,
}

/// A piece of text: in the chunk's own JSON where it needs no unescaping.
#[derive(Clone, Debug, Default)]
enum Part {
    #[default]
    Empty,
    Within(Range<usize>),
    Own(Box<str>),
}

impl Event {
    /// An event of a chunk in the neutral form.
    pub fn new(data: Value<'static>) -> Event {
        let mut event = Event::default();
        event.read(&data, "");
        event.data = OnceLock::from(data);
        event
    }

    /// An event of a chunk that was read from `text` and borrows from it.
    pub(crate) fn of_text(text: &str, chunk: &Value<'_>) -> Event {
        let mut event = Event::default();
        event.read(chunk, text);
        event.json = OnceLock::from(Box::from(text));
        event
    }

    /// The chunk.
    pub fn data(&self) -> &Value<'static> {
        self.data.get_or_init(|| {
            let json = self.json.get().map(|json| json.as_bytes()).unwrap_or_default();
            json::parse(json).map(Value::into_owned).unwrap_or_default()
        })
    }

    /// The chunk as JSON text: as it came, where the provider speaks the neutral form.
    pub fn json(&self) -> &str {
        self.json.get_or_init(|| self.data.get().map(Value::to_string).unwrap_or_default().into())
    }

    /// The name of the chunk's type: `ChatCompletionChunk`, or `ConversationEvent`.
    pub fn class(&self) -> &'static str {
        match self.class {
            Class::Chunk => "ChatCompletionChunk",
            Class::Conversation => "ConversationEvent",
            Class::Transcription => "TranscriptionEvent",
            Class::Speech => "SpeechEvent",
        }
    }

    /// The text that this event adds to the answer (of a chat, to its first choice); empty when it adds none.
    pub fn text(&self) -> &str {
        self.part(&self.text)
    }

    /// The thinking that this event adds to the first choice; empty when it adds none.
    pub fn thinking(&self) -> &str {
        self.part(&self.thinking)
    }

    /// Why the first choice ended, in the event that ends it.
    pub fn finish_reason(&self) -> Option<&str> {
        Some(self.part(&self.finish_reason)).filter(|reason| !reason.is_empty())
    }

    /// The usage, in the event that reports it.
    pub fn usage(&self) -> Option<&Value<'static>> {
        if self.has_usage { self.data().get("usage") } else { None }
    }

    fn part<'e>(&'e self, part: &'e Part) -> &'e str {
        match part {
            Part::Empty => "",
            Part::Own(text) => text,
            Part::Within(range) => self.json.get().and_then(|json| json.get(range.clone())).unwrap_or_default(),
        }
    }

    fn read(&mut self, chunk: &Value<'_>, text: &str) {
        self.has_usage = chunk.get("usage").is_some_and(|usage| !usage.is_null());
        if let Some(kind) = chunk.get("type").and_then(Value::as_str).filter(|kind| is_of_conversation(kind)) {
            self.class = Class::Conversation;
            let content = chunk.get("content").filter(|_| kind == "message.output.delta");
            return match content {
                Some(Value::String(content)) => self.text.add(content, text),
                Some(Value::Array(chunks)) => chunks.iter().for_each(|chunk| self.read_chunk(chunk, text)),
                Some(chunk) => self.read_chunk(chunk, text),
                None => {}
            };
        }
        match chunk.get("type").and_then(Value::as_str) {
            Some(kind) if kind.starts_with("transcription.") => {
                self.class = Class::Transcription;
                // Pieces and the end say once more what the deltas have said.
                if kind == "transcription.text.delta" {
                    self.text.add(chunk.get("text").and_then(Value::as_str).unwrap_or_default(), text);
                }
                return;
            }
            Some(kind) if kind.starts_with("speech.") => {
                self.class = Class::Speech;
                return;
            }
            _ => {}
        }
        let choices = chunk.get("choices").and_then(Value::as_array).unwrap_or_default();
        // Choices that come mixed up are told apart by their index; one without an index is the first.
        for choice in choices.iter().filter(|choice| choice.get("index").and_then(Value::as_i64).unwrap_or(0) == 0) {
            if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
                self.finish_reason.add(reason, text);
            }
            match choice.get("delta").and_then(|delta| delta.get("content")) {
                Some(Value::String(content)) => self.text.add(content, text),
                Some(Value::Array(chunks)) => chunks.iter().for_each(|chunk| self.read_chunk(chunk, text)),
                _ => {}
            }
        }
    }

    fn read_chunk(&mut self, chunk: &Value<'_>, text: &str) {
        match chunk.get("type").and_then(Value::as_str) {
            Some("text") => self.text.add(chunk.get("text").and_then(Value::as_str).unwrap_or_default(), text),
            Some("thinking") => match chunk.get("thinking") {
                Some(Value::String(thought)) => self.thinking.add(thought, text),
                Some(Value::Array(parts)) => {
                    for part in parts {
                        self.thinking.add(part.get("text").and_then(Value::as_str).unwrap_or_default(), text);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// Whether an event's name is one of a conversation's.
fn is_of_conversation(kind: &str) -> bool {
    let (family, _) = kind.split_once('.').unwrap_or_default();
    matches!(family, "conversation" | "message" | "function" | "tool" | "agent")
}

impl Part {
    /// Adds a piece; `text` is the JSON that it may have been borrowed from.
    fn add(&mut self, piece: &str, text: &str) {
        if piece.is_empty() {
            return;
        }
        let before = match self {
            Part::Empty => {
                let within = (piece.as_ptr() as usize).checked_sub(text.as_ptr() as usize).map(|at| at..at + piece.len());
                *self = match within {
                    // The comparison guards against a piece of other memory that happens to lie behind the text.
                    Some(range) if text.get(range.clone()) == Some(piece) => Part::Within(range),
                    _ => Part::Own(piece.into()),
                };
                return;
            }
            Part::Within(range) => text.get(range.clone()).unwrap_or_default(),
            Part::Own(own) => own,
        };
        *self = Part::Own(format!("{before}{piece}").into());
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Event) -> bool {
        self.data() == other.data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> Event {
        Event::of_text(text, &json::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn text_is_that_of_the_first_choice() {
        let text = r#"{"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"yes"}}]}"#;
        assert_eq!(event(text).text(), "yes");
        assert_eq!(Event::new(event(text).data().clone()).text(), "yes");
        assert_eq!(event(r#"{"choices":[{"delta":{"content":"a\nb"}}]}"#).text(), "a\nb");
        assert_eq!(event(r#"{"choices":[]}"#).text(), "");
    }

    #[test]
    fn chunks_are_told_apart() {
        let text = r#"{"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"},{"type":"text","text":"\tb"}]},{"type":"text","text":"c"},{"type":"text","text":"d"}]},"finish_reason":"stop"}],"usage":{"total_tokens":3}}"#;
        let event = event(text);
        assert_eq!((event.text(), event.thinking(), event.finish_reason()), ("cd", "a\tb", Some("stop")));
        assert_eq!(event.usage().and_then(|usage| usage.get("total_tokens")).and_then(Value::as_u64), Some(3));
        assert_eq!(event.json(), text);
        assert_eq!(Event::new(event.data().clone()), event);
    }
}
