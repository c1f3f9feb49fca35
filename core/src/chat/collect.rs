//! The whole answer out of its chunks: what a stream would have said in one piece. May import `json` only.
//!
//! ```
//! use tramontane::chat::collect::Collector;
//! let mut answer = Collector::default();
//! for chunk in [r#"{"choices":[{"index":0,"delta":{"content":"Com"}}]}"#, r#"{"choices":[{"index":0,"delta":{"content":"té"},"finish_reason":"stop"}]}"#] {
//!     answer.push(&tramontane::json::parse(chunk.as_bytes())?);
//! }
//! assert!(answer.is_finished());
//! assert_eq!(answer.to_value().get("choices").unwrap().as_array().unwrap()[0].get("finish_reason").unwrap().as_str(), Some("stop"));
//! # Ok::<(), tramontane::Error>(())
//! ```

use crate::json::{Object, Value};

/// Puts the chunks of a stream together.
///
/// Text is appended, thinking is gathered in one chunk, tool calls are merged by their index, and a field that this
/// version does not know is kept with its last value. Nothing is made up: what no chunk said is not in the answer.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    // What has not been said is `null`.
    id: Value<'static>,
    created: Value<'static>,
    model: Value<'static>,
    usage: Value<'static>,
    choices: Vec<Choice>,
    other: Object<'static>,
    seen: bool,
}

#[derive(Clone, Debug, Default)]
struct Choice {
    index: i64,
    role: Value<'static>,
    content: Content,
    tool_calls: Vec<ToolCall>,
    finish_reason: Value<'static>,
    /// Fields of the message that are not known here.
    message: Object<'static>,
    /// Fields of the choice that are not known here.
    other: Object<'static>,
}

/// What a message says: plain text, until a chunk of another kind makes it a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    text: Option<String>,
    chunks: Vec<Value<'static>>,
}

#[derive(Clone, Debug, Default)]
struct ToolCall {
    index: Option<i64>,
    id: String,
    name: String,
    arguments: Value<'static>,
    /// The arguments came in one piece, not as a text that goes on.
    whole: bool,
    function: Object<'static>,
    other: Object<'static>,
}

impl Collector {
    /// Adds a chunk in the neutral form.
    pub fn push(&mut self, chunk: &Value<'_>) {
        let Some(chunk) = chunk.as_object() else { return };
        self.seen = true;
        for (key, value) in chunk.iter() {
            match key {
                // `p` is padding against eavesdroppers; `object` would say "chunk".
                "p" | "object" => {}
                "id" => keep_first(&mut self.id, value),
                "model" => keep_first(&mut self.model, value),
                "created" if self.created.is_null() => self.created = owned(value),
                "created" => {}
                "usage" if !value.is_null() => self.usage = owned(value),
                "usage" => {}
                "choices" => value.as_array().unwrap_or_default().iter().for_each(|choice| self.choice(choice)),
                _ => keep_last(&mut self.other, key, value),
            }
        }
    }

    /// Whether anything has arrived.
    pub fn is_empty(&self) -> bool {
        !self.seen
    }

    /// Whether every choice that began has said why it ended.
    pub fn is_finished(&self) -> bool {
        !self.choices.is_empty() && self.choices.iter().all(|choice| !choice.finish_reason.is_null())
    }

    /// The answer so far, as a `chat.completion`; `null` before the first chunk.
    pub fn to_value(&self) -> Value<'static> {
        if !self.seen {
            return Value::Null;
        }
        let mut answer = Object::with_capacity(6 + self.other.len());
        say(&mut answer, "id", &self.id);
        answer.push("object", "chat.completion");
        say(&mut answer, "created", &self.created);
        say(&mut answer, "model", &self.model);
        answer.push("choices", Value::Array(self.choices.iter().map(Choice::to_value).collect()));
        say(&mut answer, "usage", &self.usage);
        extend(&mut answer, &self.other);
        Value::Object(answer)
    }

    fn choice(&mut self, choice: &Value<'_>) {
        let Some(choice) = choice.as_object() else { return };
        let index = choice.get("index").and_then(Value::as_i64).unwrap_or(0);
        // In the order of their indices, in whatever order they begin.
        let at = self.choices.iter().position(|known| known.index >= index).unwrap_or(self.choices.len());
        if self.choices.get(at).is_none_or(|known| known.index != index) {
            self.choices.insert(at, Choice { index, ..Choice::default() });
        }
        let into = &mut self.choices[at];
        for (key, value) in choice.iter() {
            match key {
                "index" => {}
                "finish_reason" => keep_last_text(&mut into.finish_reason, value),
                // `message` stands for `delta` where a server ends its stream with the whole answer's form.
                "delta" | "message" => into.delta(value),
                "logprobs" | "prompt_logprobs" => append_logprobs(&mut into.other, key, value),
                _ => keep_last(&mut into.other, key, value),
            }
        }
    }
}

impl Choice {
    fn delta(&mut self, delta: &Value<'_>) {
        let Some(delta) = delta.as_object() else { return };
        for (key, value) in delta.iter() {
            match key {
                "role" => keep_first(&mut self.role, value),
                "content" => self.content.add(value),
                "tool_calls" => value.as_array().unwrap_or_default().iter().for_each(|call| self.tool_call(call)),
                _ => append(&mut self.message, key, value),
            }
        }
    }

    fn tool_call(&mut self, call: &Value<'_>) {
        let Some(call) = call.as_object() else { return };
        let index = call.get("index").and_then(Value::as_i64);
        let id = call.get("id").and_then(Value::as_str).filter(|id| is_id(id)).unwrap_or_default();
        let same = |known: &ToolCall| match index {
            // Whole calls that all say index 0 are told apart by their ids.
            Some(_) => known.index == index && (id.is_empty() || known.id.is_empty() || known.id == id),
            None => !id.is_empty() && known.id == id,
        };
        let continues_the_last = index.is_none() && id.is_empty() && !self.tool_calls.is_empty();
        let at = match self.tool_calls.iter().rposition(same) {
            Some(at) => at,
            None if continues_the_last => self.tool_calls.len() - 1,
            None => {
                self.tool_calls.push(ToolCall { index, ..ToolCall::default() });
                self.tool_calls.len() - 1
            }
        };
        self.tool_calls[at].add(call, id);
    }

    fn to_value(&self) -> Value<'static> {
        let mut message = Object::with_capacity(3 + self.message.len());
        say(&mut message, "role", &self.role);
        message.push("content", self.content.to_value());
        if !self.tool_calls.is_empty() {
            message.push("tool_calls", Value::Array(self.tool_calls.iter().map(ToolCall::to_value).collect()));
        }
        extend(&mut message, &self.message);
        let mut choice = Object::with_capacity(3 + self.other.len());
        choice.push("index", self.index);
        choice.push("message", Value::Object(message));
        choice.push("finish_reason", self.finish_reason.clone());
        extend(&mut choice, &self.other);
        Value::Object(choice)
    }
}

impl Content {
    /// Adds text, chunks, or one chunk.
    pub(crate) fn add(&mut self, value: &Value<'_>) {
        match value {
            Value::String(text) => self.add_text(text),
            Value::Array(chunks) => chunks.iter().for_each(|chunk| self.add_chunk(chunk)),
            Value::Object(_) => self.add_chunk(value),
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        if self.chunks.is_empty() {
            self.text.get_or_insert_default().push_str(text);
        } else if !text.is_empty() {
            add_to_text_chunk(&mut self.chunks, text);
        }
    }

    fn add_chunk(&mut self, chunk: &Value<'_>) {
        let kind = chunk.get("type").and_then(Value::as_str);
        let is_plain = kind == Some("text") && chunk.as_object().is_some_and(|chunk| chunk.len() == 2);
        if let Some(text) = chunk.get("text").and_then(Value::as_str).filter(|_| is_plain) {
            return self.add_text(text);
        }
        if let Some(text) = self.text.take().filter(|text| !text.is_empty()) {
            self.chunks.push(text_chunk(text));
        }
        match self.chunks.last_mut() {
            Some(Value::Object(last)) if kind == Some("thinking") && is_thinking(last) => add_thinking(last, chunk),
            _ => self.chunks.push(owned(chunk)),
        }
    }

    /// What has been added: text, or a list of chunks; `null` before anything was.
    pub(crate) fn to_value(&self) -> Value<'static> {
        if self.chunks.is_empty() { self.text.clone().into() } else { Value::Array(self.chunks.clone()) }
    }
}

fn text_chunk(text: String) -> Value<'static> {
    let mut chunk = Object::with_capacity(2);
    chunk.push("type", "text");
    chunk.push("text", Value::from(text));
    chunk.into()
}

fn is_thinking(chunk: &Object<'_>) -> bool {
    chunk.get("type").and_then(Value::as_str) == Some("thinking")
}

/// Appends to the last chunk when it is text, else begins one.
fn add_to_text_chunk(chunks: &mut Vec<Value<'static>>, text: &str) {
    let last = chunks.last_mut().and_then(Value::as_object_mut);
    let last = last.filter(|last| last.get("type").and_then(Value::as_str) == Some("text"));
    match last.and_then(|last| last.get_mut("text")) {
        Some(Value::String(known)) => known.to_mut().push_str(text),
        _ => chunks.push(text_chunk(text.to_owned())),
    }
}

/// Lays a piece of thinking onto the thinking before it.
fn add_thinking(into: &mut Object<'static>, piece: &Value<'_>) {
    let Some(piece) = piece.as_object() else { return };
    for (key, value) in piece.iter() {
        match (key, into.get_mut(key)) {
            ("type", _) => {}
            ("thinking", Some(Value::Array(known))) => {
                for part in value.as_array().unwrap_or_default() {
                    match part.get("text").and_then(Value::as_str) {
                        Some(text) if part.as_object().is_some_and(|part| part.len() == 2) => add_to_text_chunk(known, text),
                        _ => known.push(owned(part)),
                    }
                }
            }
            ("thinking", Some(Value::String(known))) if value.as_str().is_some() => {
                known.to_mut().push_str(value.as_str().unwrap_or_default());
            }
            _ => keep_last(into, key, value),
        }
    }
}

impl ToolCall {
    fn add(&mut self, call: &Object<'_>, id: &str) {
        if self.id.is_empty() {
            self.id = id.to_owned();
        }
        for (key, value) in call.iter() {
            match key {
                "index" | "id" => {}
                "function" => self.add_function(value),
                _ => keep_last(&mut self.other, key, value),
            }
        }
    }

    fn add_function(&mut self, function: &Value<'_>) {
        let Some(function) = function.as_object() else { return };
        for (key, value) in function.iter() {
            match key {
                "name" if self.name.is_empty() => self.name = value.as_str().unwrap_or_default().to_owned(),
                "name" => {}
                "arguments" => self.add_arguments(value),
                _ => keep_last(&mut self.function, key, value),
            }
        }
    }

    fn add_arguments(&mut self, value: &Value<'_>) {
        match (&mut self.arguments, value) {
            (_, Value::Null) => {}
            (Value::String(known), Value::String(piece)) if !self.whole => known.to_mut().push_str(piece),
            // An object after an empty string is the arguments; after anything else it is one more piece of them.
            (Value::String(known), other) if !self.whole && !known.is_empty() => known.to_mut().push_str(&other.to_string()),
            (known, value) => {
                self.whole = !known.is_null() || value.as_str().is_none();
                *known = owned(value);
            }
        }
    }

    fn to_value(&self) -> Value<'static> {
        let mut function = Object::with_capacity(2 + self.function.len());
        function.push("name", Value::from(self.name.clone()));
        say(&mut function, "arguments", &self.arguments);
        extend(&mut function, &self.function);
        let mut call = Object::with_capacity(3 + self.other.len());
        if !self.id.is_empty() {
            call.push("id", Value::from(self.id.clone()));
        }
        extend(&mut call, &self.other);
        call.push("function", Value::Object(function));
        if let Some(index) = self.index {
            call.push("index", index);
        }
        Value::Object(call)
    }
}

/// Whether it is an id: servers that have none write `"null"`.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id != "null"
}

/// Fills the slot with the first text that is not empty.
pub(crate) fn keep_first(slot: &mut Value<'static>, value: &Value<'_>) {
    if slot.is_null() {
        keep_last_text(slot, value);
    }
}

fn keep_last_text(slot: &mut Value<'static>, value: &Value<'_>) {
    if value.as_str().is_some_and(|text| !text.is_empty()) {
        *slot = owned(value);
    }
}

pub(crate) fn owned(value: &Value<'_>) -> Value<'static> {
    value.clone().into_owned()
}

/// Adds what has been said.
pub(crate) fn say(into: &mut Object<'static>, key: &'static str, value: &Value<'static>) {
    if !value.is_null() {
        into.push(key, value.clone());
    }
}

/// Keeps the last value that is not `null`.
pub(crate) fn keep_last(into: &mut Object<'static>, key: &str, value: &Value<'_>) {
    if !value.is_null() || into.get(key).is_none() {
        into.set(key.to_owned(), owned(value));
    }
}

/// A field of the delta that is not known here: text and lists come in pieces, everything else whole.
fn append(into: &mut Object<'static>, key: &str, value: &Value<'_>) {
    match (into.get_mut(key), value) {
        (Some(Value::String(known)), Value::String(piece)) => known.to_mut().push_str(piece),
        (Some(Value::Array(known)), Value::Array(pieces)) => known.extend(pieces.iter().map(owned)),
        _ => keep_last(into, key, value),
    }
}

fn append_logprobs(into: &mut Object<'static>, key: &str, value: &Value<'_>) {
    let known = into.get_mut(key).and_then(Value::as_object_mut).and_then(|known| known.get_mut("content"));
    match (known, value.get("content")) {
        (Some(Value::Array(known)), Some(Value::Array(more))) => known.extend(more.iter().map(owned)),
        _ => keep_last(into, key, value),
    }
}

/// Appends all fields.
pub(crate) fn extend(into: &mut Object<'static>, from: &Object<'static>) {
    for (key, value) in from.iter() {
        into.push(key.to_owned(), value.clone());
    }
}
