//! The conversations of a sandbox, in the order in which they were begun.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

use crate::sample;

/// When everything here says it was made: a fixed moment, so that answers are equal from run to run.
pub(super) const NOW: &str = "2026-11-21T00:00:00Z";

/// How many conversations are kept; the oldest goes when there are more.
const MOST: usize = 10_000;

/// All conversations.
#[derive(Default)]
pub(crate) struct Conversations {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    begun: u64,
    list: Vec<Conversation>,
}

/// One conversation.
#[derive(Clone)]
pub(super) struct Conversation {
    /// What the API says of it.
    pub(super) info: Value,
    /// Everything that was said and done in it.
    pub(super) entries: Vec<Value>,
}

/// There is no such entry.
#[derive(Debug)]
pub(super) struct Missing;

impl Conversations {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id that no conversation has had.
    pub(super) fn next_id(&self) -> String {
        let mut kept = self.kept();
        kept.begun += 1;
        format!("conv_{}", sample::hex(&kept.begun.to_le_bytes(), 32))
    }

    /// What `what` finds in a conversation.
    pub(super) fn look<T>(&self, id: &str, what: impl FnOnce(&Conversation) -> T) -> Option<T> {
        self.kept().list.iter().find(|conversation| conversation.info["id"] == id).map(what)
    }

    /// Puts a conversation where it stood before, or behind all others.
    pub(super) fn keep(&self, conversation: Conversation) {
        let mut kept = self.kept();
        match kept.list.iter_mut().find(|known| known.info["id"] == conversation.info["id"]) {
            Some(known) => *known = conversation,
            None => kept.list.push(conversation),
        }
        if kept.list.len() > MOST {
            kept.list.remove(0);
        }
    }

    /// Deletes a conversation; `false` when there is none of this id.
    pub(super) fn delete(&self, id: &str) -> bool {
        let mut kept = self.kept();
        let before = kept.list.len();
        kept.list.retain(|conversation| conversation.info["id"] != id);
        kept.list.len() < before
    }

    /// One page of the conversations; `query` is the query string.
    pub(super) fn list(&self, query: &str) -> Value {
        let field = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
            Some(decoded(value))
        };
        let number = |name: &str, usual: usize| field(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let (page, size) = (number("page", 0), number("page_size", 100));
        let wanted: Map<String, Value> = field("metadata").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let kept = self.kept();
        let found = kept.list.iter().filter(|one| wanted.iter().all(|(key, value)| &one.info["metadata"][key] == value));
        found.skip(page.saturating_mul(size)).take(size).map(|one| one.info.clone()).collect()
    }
}

/// The text behind percent signs.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let hex = behind.get(..2).and_then(|two| std::str::from_utf8(two).ok()).and_then(|two| u8::from_str_radix(two, 16).ok());
        (bytes, rest) = match (first, hex) {
            (b'%', Some(byte)) => ([bytes, vec![byte]].concat(), &behind[2..]),
            (b'+', _) => ([bytes, vec![b' ']].concat(), behind),
            (other, _) => ([bytes, vec![*other]].concat(), behind),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Conversation {
    /// A conversation of which nothing has been said yet.
    pub(super) fn new(id: &str, request: &Value) -> Conversation {
        let mut info = json!({"object": "conversation", "id": id, "created_at": NOW, "updated_at": NOW});
        for field in [
            "model",
            "agent_id",
            "agent_version",
            "instructions",
            "tools",
            "completion_args",
            "guardrails",
            "name",
            "description",
            "metadata",
        ] {
            if !request[field].is_null() {
                info[field] = request[field].clone();
            }
        }
        Conversation { info, entries: Vec::new() }
    }

    /// A conversation of another id that begins with this one's entries, up to one of them.
    pub(super) fn up_to(&self, entry: &str, id: &str, request: &Value) -> Result<Conversation, Missing> {
        let last = self.entries.iter().position(|known| known["id"] == entry).ok_or(Missing)?;
        let mut info = self.info.clone();
        info["id"] = json!(id);
        for field in ["metadata", "guardrails", "agent_version"] {
            if !request[field].is_null() {
                info[field] = request[field].clone();
            }
        }
        Ok(Conversation { info, entries: self.entries[..=last].to_vec() })
    }

    /// Its id.
    pub(super) fn id(&self) -> String {
        self.info["id"].as_str().unwrap_or_default().to_owned()
    }

    /// An id for the entry that comes next.
    pub(super) fn entry_id(&self, kind: &str, offset: usize) -> String {
        let seed = format!("{}{}", self.id(), self.entries.len() + offset);
        format!("{kind}_{}", sample::hex(seed.as_bytes(), 32))
    }

    /// Adds what a request brings; gives the id of a result without a call.
    pub(super) fn add_inputs(&mut self, request: &Value) -> Result<(), String> {
        let entries = match &request["inputs"] {
            Value::String(text) => vec![json!({"role": "user", "content": text})],
            Value::Array(entries) => entries.clone(),
            _ => Vec::new(),
        };
        for entry in entries {
            let entry = self.completed(entry);
            let call = entry["tool_call_id"].as_str().filter(|_| entry["type"] == "function.result");
            if let Some(orphan) = call.filter(|id| !self.calls(id)) {
                return Err(orphan.to_owned());
            }
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Whether a call of this id stands in the conversation.
    fn calls(&self, id: &str) -> bool {
        self.entries.iter().any(|entry| entry["type"] == "function.call" && entry["tool_call_id"] == id)
    }

    /// An entry with everything that the API adds to it.
    fn completed(&self, entry: Value) -> Value {
        let kind = entry["type"].as_str().map(str::to_owned).unwrap_or_else(|| kind_of(&entry).to_owned());
        let mut whole = json!({"object": "entry", "type": kind, "created_at": NOW, "completed_at": NOW});
        whole["id"] = json!(self.entry_id(if kind.starts_with("message.") { "msg" } else { "entry" }, 0));
        if kind == "message.input" {
            whole["prefix"] = json!(false);
        }
        for (key, value) in entry.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            whole[key] = value.clone();
        }
        whole
    }
}

/// What an entry without a type is.
fn kind_of(entry: &Value) -> &'static str {
    let has = |key: &str| !entry[key].is_null();
    match () {
        () if has("role") && entry["role"] != "tool" => "message.input",
        () if has("content") => "message.output",
        () if has("result") => "function.result",
        () if has("tool_call_id") => "function.call",
        () if has("next_agent_id") => "agent.handoff",
        () => "tool.execution",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_are_listed_by_page_and_by_notes() {
        let conversations = Conversations::default();
        for n in 0..5 {
            let request = json!({"model": "m", "metadata": {"n": n, "all": "a b"}});
            conversations.keep(Conversation::new(&conversations.next_id(), &request));
        }
        let notes = |query: &str| -> Vec<Value> {
            let list = conversations.list(query);
            list.as_array().into_iter().flatten().map(|one| one["metadata"]["n"].clone()).collect()
        };
        assert_eq!(notes(""), [0, 1, 2, 3, 4]);
        assert_eq!(notes("page=1&page_size=2"), [2, 3]);
        assert_eq!(notes("metadata=%7B%22n%22%3A+3%2C%22all%22%3A%22a%20b%22%7D"), [3]);
        assert!(conversations.delete(conversations.list("")[0]["id"].as_str().unwrap()));
        assert_eq!(notes("").len(), 4);
    }

    #[test]
    fn a_result_must_answer_a_call() {
        let mut conversation = Conversation::new("conv_1", &json!({"model": "m"}));
        let result = json!({"tool_call_id": "x", "result": "sunny"});
        assert_eq!(conversation.add_inputs(&json!({"inputs": [result]})), Err("x".to_owned()));
        let call = json!({"type": "function.call", "tool_call_id": "x", "name": "f", "arguments": "{}"});
        assert_eq!(conversation.add_inputs(&json!({"inputs": [call, result]})), Ok(()));
        assert_eq!(conversation.entries[1]["type"], "function.result");
    }
}
