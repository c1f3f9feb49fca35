//! The shared vectors, in Rust.

use conformance::{difference, vectors};
use serde_json::{Value, json};
use tramontane::wire::{Decoder, Event};
use tramontane::{Error, ops};

#[test]
fn every_vector_gives_what_it_says() {
    let vectors = vectors();
    let failed: Vec<String> =
        vectors.iter().filter_map(|(file, vector)| fault(vector).map(|fault| format!("{file}: {fault}"))).collect();
    println!("{} vectors in Rust, {} failed", vectors.len(), failed.len());
    assert!(vectors.len() > 100, "only {} vectors were found", vectors.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn fault(vector: &Value) -> Option<String> {
    let Some(op) = vector["op"].as_str() else { return Some("has no `op`".into()) };
    let input = vector["input"].to_string();
    let answer = if op == "decode" { Ok(decode(&vector["input"])) } else { call(op, &input) };
    match (vector.get("output"), vector.get("error"), answer) {
        (Some(expected), None, Ok(got)) => difference(expected, &got),
        (None, Some(expected), Err(error)) => difference(expected, &error),
        (None, None, _) | (Some(_), Some(_), _) => Some("needs either `output` or `error`".into()),
        (_, _, got) => Some(format!("got {got:?}")),
    }
}

fn call(op: &str, input: &str) -> Result<Value, Value> {
    let mut answer: Value = serde_json::from_str(&ops::call_json(op, input)).expect("an answer is JSON");
    if answer["error"].is_object() { Err(answer["error"].take()) } else { Ok(answer["ok"].take()) }
}

fn decode(input: &Value) -> Value {
    let text = |key: &str| input[key].as_str().unwrap_or_default();
    let mut decoder = Decoder::new(text("provider"), text("operation")).expect("a decoder");
    let mut events: Vec<Event> = Vec::new();
    let pushed = decoder.push(text("chunks").as_bytes(), &mut events);
    let finished = pushed.and_then(|()| decoder.finish());
    let events: Vec<Value> = events.iter().map(|event| plain(event.data())).collect();
    match finished {
        Ok(answer) => json!({"events": events, "answer": plain(&answer)}),
        Err(error) => json!({"events": events, "error": as_json(&error)}),
    }
}

fn plain(value: &tramontane::json::Value<'_>) -> Value {
    serde_json::from_str(&value.to_string()).expect("a value is JSON")
}

fn as_json(error: &Error) -> Value {
    plain(&error.to_value())
}
