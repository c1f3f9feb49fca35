//! The entries of an answer as the named events of a stream, in the form and order of the API.

use std::collections::VecDeque;

use bytes::Bytes;
use serde_json::{Value, json};

use super::store::NOW;
use crate::answer::split;

/// The whole stream, event by event.
pub(super) fn of(id: &str, outputs: &[Value], usage: &Value) -> VecDeque<Bytes> {
    let mut events = vec![json!({"type": "conversation.response.started", "created_at": NOW, "conversation_id": id})];
    for (index, entry) in outputs.iter().enumerate() {
        let about = |kind: &str, fields: Value| event(kind, index, entry, fields);
        match entry["type"].as_str().unwrap_or_default() {
            "message.output" => events.extend(message(index, entry)),
            "function.call" => {
                let fields = json!({"name": entry["name"], "tool_call_id": entry["tool_call_id"], "arguments": entry["arguments"],
                    "model": entry["model"], "agent_id": entry["agent_id"], "confirmation_status": entry["confirmation_status"]});
                events.push(about("function.call.delta", fields));
            }
            "tool.execution" => {
                let fields = json!({"name": entry["name"], "arguments": entry["arguments"], "model": entry["model"],
                    "agent_id": entry["agent_id"]});
                events.push(about("tool.execution.started", fields));
                events.push(about("tool.execution.done", json!({"name": entry["name"], "info": entry["info"]})));
            }
            _ => {
                let [from, to] = ["previous_agent", "next_agent"].map(|who| {
                    let [id, name] = [format!("{who}_id"), format!("{who}_name")];
                    json!({&id: entry[&id], &name: entry[&name]})
                });
                events.push(about("agent.handoff.started", from));
                events.push(about("agent.handoff.done", to));
            }
        }
    }
    events.push(json!({"type": "conversation.response.done", "created_at": NOW, "usage": usage}));
    events
        .iter()
        .map(|event| Bytes::from(format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default())))
        .collect()
}

fn event(kind: &str, index: usize, entry: &Value, fields: Value) -> Value {
    let mut event = json!({"type": kind, "created_at": NOW, "output_index": index, "id": entry["id"]});
    for (key, value) in fields.as_object().into_iter().flatten() {
        event[key] = value.clone();
    }
    event
}

/// A message word by word; what is no text comes whole.
fn message(index: usize, entry: &Value) -> Vec<Value> {
    let chunks = match &entry["content"] {
        Value::Array(chunks) => chunks.clone(),
        text => vec![json!({"type": "text", "text": text})],
    };
    let mut events = Vec::new();
    for (at, chunk) in chunks.iter().enumerate() {
        let pieces: Vec<Value> = match chunk["text"].as_str() {
            Some(text) => split(text).into_iter().map(Value::from).collect(),
            None => vec![chunk.clone()],
        };
        events.extend(pieces.into_iter().map(|piece| {
            let fields = json!({"content_index": at, "model": entry["model"], "agent_id": entry["agent_id"], "role": "assistant",
                "content": piece});
            event("message.output.delta", index, entry, fields)
        }));
    }
    events
}
