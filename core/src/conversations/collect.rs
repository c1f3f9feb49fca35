//! The whole answer out of the events of a conversation's stream. May import `chat::collect` and `json`.
//!
//! ```
//! use tramontane::conversations::collect::Collector;
//! let mut answer = Collector::default();
//! for event in [
//!     r#"{"type": "conversation.response.started", "conversation_id": "conv_1"}"#,
//!     r#"{"type": "message.output.delta", "output_index": 0, "id": "msg_1", "content": "Bo"}"#,
//!     r#"{"type": "message.output.delta", "output_index": 0, "id": "msg_1", "content": "ra"}"#,
//!     r#"{"type": "conversation.response.done", "usage": {"total_tokens": 9}}"#,
//! ] {
//!     answer.push(&tramontane::json::parse(event.as_bytes())?);
//! }
//! assert!(answer.is_finished());
//! let answer = answer.to_value();
//! let entry = &answer.get("outputs").unwrap().as_array().unwrap()[0];
//! assert_eq!(entry.get("content").unwrap().as_str(), Some("Bora"));
//! # Ok::<(), tramontane::Error>(())
//! ```

use crate::chat::collect::{Content, extend, keep_first, keep_last, owned, say};
use crate::json::{Object, Value};

/// Puts the events of a conversation's stream together, to what the provider would have answered in one piece.
///
/// Events of one entry belong together by their `output_index` and `id`; text and arguments are appended. Nothing is made
/// up: what no event said is not in the answer, and an event of a type that this version does not know adds nothing to it.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    // What has not been said is `null`.
    conversation_id: Value<'static>,
    usage: Value<'static>,
    entries: Vec<Entry>,
    other: Object<'static>,
    seen: bool,
    done: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    index: i64,
    id: String,
    kind: &'static str,
    content: Content,
    arguments: Option<String>,
    /// Everything else that the entry's events said.
    fields: Object<'static>,
}

impl Collector {
    /// Adds an event.
    pub fn push(&mut self, event: &Value<'_>) {
        let Some(event) = event.as_object() else { return };
        self.seen = true;
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "conversation.response.started" => self.add_to_answer(event),
            "conversation.response.done" => {
                self.done = true;
                self.add_to_answer(event);
            }
            "message.output.delta" => self.add_to_entry("message.output", event),
            "function.call.delta" => self.add_to_entry("function.call", event),
            "tool.execution.started" | "tool.execution.delta" | "tool.execution.done" => {
                self.add_to_entry("tool.execution", event);
            }
            "agent.handoff.started" | "agent.handoff.done" => self.add_to_entry("agent.handoff", event),
            _ => {}
        }
    }

    /// Whether anything has arrived.
    pub fn is_empty(&self) -> bool {
        !self.seen
    }

    /// Whether the provider has said that the answer is complete.
    pub fn is_finished(&self) -> bool {
        self.done
    }

    /// The answer so far, as a `conversation.response`; `null` before the first event.
    pub fn to_value(&self) -> Value<'static> {
        if !self.seen {
            return Value::Null;
        }
        let mut answer = Object::with_capacity(4 + self.other.len());
        answer.push("object", "conversation.response");
        say(&mut answer, "conversation_id", &self.conversation_id);
        answer.push("outputs", Value::Array(self.entries.iter().map(Entry::to_value).collect()));
        say(&mut answer, "usage", &self.usage);
        extend(&mut answer, &self.other);
        Value::Object(answer)
    }

    fn add_to_answer(&mut self, event: &Object<'_>) {
        for (key, value) in event.iter() {
            match key {
                // The answer in one piece does not say when it came.
                "type" | "created_at" => {}
                "conversation_id" => keep_first(&mut self.conversation_id, value),
                "usage" if !value.is_null() => self.usage = owned(value),
                "usage" => {}
                _ => keep_last(&mut self.other, key, value),
            }
        }
    }

    fn add_to_entry(&mut self, kind: &'static str, event: &Object<'_>) {
        let index = event.get("output_index").and_then(Value::as_i64).unwrap_or(0);
        let id = event.get("id").and_then(Value::as_str).unwrap_or_default();
        // Where a server numbers nothing, the ids tell entries apart.
        let same = |known: &Entry| known.index == index && known.kind == kind && (id.is_empty() || known.id == id);
        let at = match self.entries.iter().rposition(same) {
            Some(at) => at,
            None => {
                // In the order of their indices, in whatever order they begin.
                let at = self.entries.iter().rposition(|known| known.index <= index).map_or(0, |before| before + 1);
                self.entries.insert(at, Entry::new(index, id, kind));
                at
            }
        };
        self.entries[at].add(event);
    }
}

impl Entry {
    fn new(index: i64, id: &str, kind: &'static str) -> Entry {
        Entry { index, id: id.to_owned(), kind, content: Content::default(), arguments: None, fields: Object::with_capacity(8) }
    }

    fn add(&mut self, event: &Object<'_>) {
        for (key, value) in event.iter() {
            match key {
                "type" | "output_index" | "id" | "content_index" => {}
                "content" => self.content.add(value),
                "arguments" => self.add_arguments(value),
                // The entry's time is that of its first event; its names come with every event.
                "created_at" | "name" | "tool_call_id" | "role" if says_something(self.fields.get(key)) => {}
                _ => keep_last(&mut self.fields, key, value),
            }
        }
    }

    fn add_arguments(&mut self, value: &Value<'_>) {
        let piece = match value {
            Value::Null => return,
            Value::String(piece) => piece.clone().into_owned(),
            // A server that sends them whole may send the object itself.
            whole => whole.to_string(),
        };
        self.arguments.get_or_insert_default().push_str(&piece);
    }

    fn to_value(&self) -> Value<'static> {
        let mut entry = Object::with_capacity(6 + self.fields.len());
        entry.push("object", "entry");
        entry.push("type", self.kind);
        if !self.id.is_empty() {
            entry.push("id", Value::from(self.id.clone()));
        }
        extend(&mut entry, &self.fields);
        if let Some(arguments) = &self.arguments {
            entry.push("arguments", Value::from(arguments.clone()));
        }
        if self.kind == "message.output" {
            entry.push("content", self.content.to_value());
        }
        Value::Object(entry)
    }
}

fn says_something(value: Option<&Value<'_>>) -> bool {
    value.is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn collected(events: &[&str]) -> Collector {
        let mut answer = Collector::default();
        events.iter().for_each(|event| answer.push(&json::parse(event.as_bytes()).unwrap()));
        answer
    }

    #[test]
    fn every_kind_of_entry_is_put_together_in_the_order_of_its_index() {
        let answer = collected(&[
            r#"{"type":"conversation.response.started","created_at":"t0","conversation_id":"conv_1"}"#,
            r#"{"type":"agent.handoff.started","output_index":0,"id":"h","previous_agent_id":"a","previous_agent_name":"A"}"#,
            r#"{"type":"agent.handoff.done","output_index":0,"id":"h","next_agent_id":"b","next_agent_name":"B"}"#,
            r#"{"type":"message.output.delta","output_index":2,"id":"m","content":"See ","model":"x","created_at":"t1"}"#,
            r#"{"type":"tool.execution.started","output_index":1,"id":"t","name":"web_search","arguments":"{\"q\""}"#,
            r#"{"type":"tool.execution.delta","output_index":1,"id":"t","name":"web_search","arguments":":1}"}"#,
            r#"{"type":"tool.execution.done","output_index":1,"id":"t","name":"web_search","info":{"n":2}}"#,
            r#"{"type":"message.output.delta","output_index":2,"id":"m","content":{"type":"tool_reference","tool":"web_search","title":"A"},"content_index":1,"created_at":"t2"}"#,
            r#"{"type":"message.output.delta","output_index":2,"id":"m","content":"!","content_index":2}"#,
            r#"{"type":"function.call.delta","output_index":3,"id":"f","name":"go","tool_call_id":"call00001","arguments":"{"}"#,
            r#"{"type":"function.call.delta","output_index":3,"id":"f","name":"go","tool_call_id":"call00001","arguments":"}","confirmation_status":null}"#,
            r#"{"type":"brand.new","output_index":4,"x":1}"#,
            r#"{"type":"conversation.response.done","usage":{"total_tokens":5},"guardrails":[{"a":1}]}"#,
        ]);
        assert!(answer.is_finished());
        insta::assert_snapshot!(answer.to_value(), @r#"{"object":"conversation.response","conversation_id":"conv_1","outputs":[{"object":"entry","type":"agent.handoff","id":"h","previous_agent_id":"a","previous_agent_name":"A","next_agent_id":"b","next_agent_name":"B"},{"object":"entry","type":"tool.execution","id":"t","name":"web_search","info":{"n":2},"arguments":"{\"q\":1}"},{"object":"entry","type":"message.output","id":"m","model":"x","created_at":"t1","content":[{"type":"text","text":"See "},{"type":"tool_reference","tool":"web_search","title":"A"},{"type":"text","text":"!"}]},{"object":"entry","type":"function.call","id":"f","name":"go","tool_call_id":"call00001","confirmation_status":null,"arguments":"{}"}],"usage":{"total_tokens":5},"guardrails":[{"a":1}]}"#);
    }

    #[test]
    fn an_answer_is_complete_only_when_the_provider_says_so() {
        assert_eq!(Collector::default().to_value(), Value::Null);
        let answer = collected(&[r#"{"type":"conversation.response.started","conversation_id":"conv_1"}"#]);
        assert!(!answer.is_finished() && !answer.is_empty());
        insta::assert_snapshot!(answer.to_value(), @r#"{"object":"conversation.response","conversation_id":"conv_1","outputs":[]}"#);
    }

    #[test]
    fn entries_without_an_index_are_told_apart_by_their_ids() {
        let answer = collected(&[
            r#"{"type":"message.output.delta","id":"a","content":"1"}"#,
            r#"{"type":"message.output.delta","id":"b","content":"2"}"#,
            r#"{"type":"message.output.delta","id":"a","content":"3"}"#,
        ]);
        insta::assert_snapshot!(answer.to_value(), @r#"{"object":"conversation.response","outputs":[{"object":"entry","type":"message.output","id":"a","content":"13"},{"object":"entry","type":"message.output","id":"b","content":"2"}]}"#);
    }
}
