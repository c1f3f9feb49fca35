//! What the sandbox adds to a conversation: messages, calls of functions, runs of the provider's own tools, handoffs.

use serde_json::{Map, Value, json};
use tramontane::check::Report;

use super::store::{Conversation, NOW};
use crate::answer::Answer;
use crate::sample;

/// The provider's own tools, and the words of a message that make the sandbox run one.
const TOOLS: [(&str, &str); 5] = [
    ("web_search", "search"),
    ("web_search_premium", "search"),
    ("code_interpreter", "code"),
    ("image_generation", "image"),
    ("document_library", "library"),
];

/// The entries that answer a conversation whose inputs have been added.
pub(super) fn of(conversation: &mut Conversation, request: &Value) -> Vec<Value> {
    let said = last_words(conversation);
    let mut outputs = Vec::new();
    if said.contains("handoff") && conversation.info["agent_id"].is_string() {
        outputs.push(entry(conversation, outputs.len(), "agent.handoff", handoff(conversation)));
        conversation.info["agent_id"] = json!("ag_sandbox");
    }
    confirmed(conversation, request, &mut outputs);
    if outputs.is_empty() {
        run_tools(conversation, &said, &mut outputs);
    }
    if outputs.iter().any(|output| output["confirmation_status"] == "pending") {
        return outputs;
    }
    let answer = Answer::to(&chat(conversation, request), &Report::default());
    let Some(choice) = answer.choices.first() else { return outputs };
    if choice.tool_calls.is_empty() {
        let fields = json!({"role": "assistant", "content": choice.content()});
        outputs.push(entry(conversation, outputs.len(), "message.output", fields));
    }
    for call in &choice.tool_calls {
        let function = &call["function"];
        let fields = json!({"tool_call_id": call["id"], "name": function["name"], "arguments": function["arguments"]});
        outputs.push(entry(conversation, outputs.len(), "function.call", fields));
    }
    outputs
}

/// What an answer used: a word is a token.
pub(super) fn usage(conversation: &Conversation, outputs: &[Value]) -> Value {
    let words = |value: &Value| value.to_string().split_whitespace().count() as u64;
    let prompt: u64 = conversation.entries.iter().map(|entry| words(&entry["content"])).sum();
    let written: u64 = outputs.iter().map(|entry| words(&entry["content"])).sum();
    let mut connectors = Map::new();
    for run in outputs.iter().filter(|entry| entry["type"] == "tool.execution") {
        let count = &mut connectors.entry(run["name"].as_str().unwrap_or_default()).or_insert(json!(0));
        **count = json!(count.as_u64().unwrap_or(0) + 1);
    }
    let tokens = 10 * connectors.len() as u64;
    json!({
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written + tokens,
        "connector_tokens": (tokens > 0).then_some(tokens),
        "connectors": (tokens > 0).then_some(connectors),
    })
}

fn entry(conversation: &Conversation, offset: usize, kind: &str, fields: Value) -> Value {
    let prefix = match kind {
        "message.output" => "msg",
        "function.call" => "fc",
        "tool.execution" => "tool_exec",
        _ => "handoff",
    };
    let mut whole = json!({"object": "entry", "type": kind, "created_at": NOW, "completed_at": NOW,
        "id": conversation.entry_id(prefix, offset)});
    if kind != "agent.handoff" {
        let info = &conversation.info;
        whole["model"] = if info["model"].is_null() { json!("mistral-medium-latest") } else { info["model"].clone() };
        whole["agent_id"] = info["agent_id"].clone();
    }
    for (key, value) in fields.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    whole
}

fn handoff(conversation: &Conversation) -> Value {
    json!({
        "previous_agent_id": conversation.info["agent_id"],
        "previous_agent_name": "the agent that was asked",
        "next_agent_id": "ag_sandbox",
        "next_agent_name": "the sandbox",
    })
}

/// What somebody said yes to is run now.
fn confirmed(conversation: &Conversation, request: &Value, outputs: &mut Vec<Value>) {
    for confirmation in request["tool_confirmations"].as_array().into_iter().flatten() {
        let id = &confirmation["tool_call_id"];
        let call = conversation.entries.iter().rev().find(|entry| &entry["tool_call_id"] == id);
        if let Some(call) = call.filter(|_| confirmation["confirmation"] == "allow") {
            let fields = json!({"name": call["name"], "arguments": call["arguments"], "info": {"sandbox": true}});
            outputs.push(entry(conversation, outputs.len(), "tool.execution", fields));
        }
    }
}

/// The provider's own tools that the last message speaks of: run, or asked about where they need a yes.
fn run_tools(conversation: &Conversation, said: &str, outputs: &mut Vec<Value>) {
    for tool in conversation.info["tools"].as_array().into_iter().flatten() {
        let kind = tool["type"].as_str().unwrap_or_default();
        let name = match TOOLS.iter().find(|(known, _)| *known == kind) {
            Some((_, word)) if said.contains(word) => kind,
            None if kind == "connector" && said.contains("connector") => tool["connector_id"].as_str().unwrap_or(kind),
            _ => continue,
        };
        let arguments = json!({"query": said}).to_string();
        match tool["tool_configuration"]["requires_confirmation"][0].as_str() {
            Some(ability) => {
                let id = sample::tool_call_id(&conversation.entry_id("call", outputs.len()));
                let fields =
                    json!({"tool_call_id": id, "name": ability, "arguments": arguments, "confirmation_status": "pending"});
                outputs.push(entry(conversation, outputs.len(), "function.call", fields));
            }
            None => {
                let fields = json!({"name": name, "arguments": arguments, "info": {"sandbox": true}});
                outputs.push(entry(conversation, outputs.len(), "tool.execution", fields));
            }
        }
    }
}

/// What the user said last, in small letters; empty when something else came last.
fn last_words(conversation: &Conversation) -> String {
    let last = conversation.entries.last().filter(|entry| entry["type"] == "message.input");
    match last.map(|entry| &entry["content"]) {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(Value::Array(chunks)) => {
            chunks.iter().filter_map(|chunk| chunk["text"].as_str()).collect::<Vec<_>>().join(" ").to_lowercase()
        }
        _ => String::new(),
    }
}

/// The chat that a conversation amounts to.
fn chat(conversation: &Conversation, request: &Value) -> Value {
    let messages: Vec<Value> = conversation.entries.iter().filter_map(message).collect();
    let mut chat = json!({"model": conversation.info["model"], "messages": messages, "tools": conversation.info["tools"]});
    for args in [&conversation.info["completion_args"], &request["completion_args"]] {
        for (key, value) in args.as_object().into_iter().flatten() {
            chat[key] = value.clone();
        }
    }
    chat
}

fn message(entry: &Value) -> Option<Value> {
    Some(match entry["type"].as_str()? {
        "message.input" => json!({"role": entry["role"], "content": entry["content"]}),
        "message.output" => json!({"role": "assistant", "content": entry["content"]}),
        "function.result" => json!({"role": "tool", "tool_call_id": entry["tool_call_id"], "content": entry["result"]}),
        _ => return None,
    })
}
