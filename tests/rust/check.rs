//! The checks from outside: every message as it is read, what official clients send, and work that grows with the request.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use conformance::{captures, vectors};
use serde_json::{Value, json};
use tramontane::generated::rules::RULES;
use tramontane::ops;

fn check(input: &Value) -> Value {
    let answer: Value = serde_json::from_str(&ops::call_json("check", &input.to_string())).expect("an answer is JSON");
    answer["ok"].clone()
}

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn the_vectors_of_a_rule_are_about_that_rule() {
    let vectors = vectors();
    for rule in RULES.iter().map(|row| row.name) {
        for (file, vector) in &vectors {
            let found = findings(&vector["output"]).iter().any(|finding| finding["rule"] == rule);
            if file.starts_with(&format!("check/{rule}_hit_")) {
                assert!(found, "{file} does not expect `{rule}`");
            } else if file.starts_with(&format!("check/{rule}_miss_")) {
                assert!(!found, "{file} expects `{rule}`");
            }
        }
    }
}

#[test]
fn what_the_official_client_sends_is_not_refused() {
    let Some(folder) = captures().map(|captures| captures.join("requests/mistral")) else { return };
    let mut seen = 0;
    let mut refused = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("the captures can be read").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a capture can be read");
        let file: Value = serde_json::from_str(&text).expect("a capture is JSON");
        let operation = &file["call"]["operation"];
        const CHECKED: [&str; 8] = [
            "chat",
            "chat_stream",
            "fim",
            "fim_stream",
            "embeddings",
            "ocr",
            "conversations_start",
            "conversations_start_stream",
        ];
        if !operation.as_str().is_some_and(|name| CHECKED.contains(&name)) {
            continue;
        }
        seen += 1;
        // At the API the path says what a body is.
        let mut body = file["request"]["body"].clone();
        body["operation"] = operation.clone();
        for request in [&file["call"], &body] {
            let report = check(&json!({"request": request}));
            let errors = findings(&report).iter().filter(|finding| finding["severity"] == "error");
            refused.extend(errors.map(|finding| format!("{}: {finding}", entry.path().display())));
        }
    }
    println!("{seen} captured requests");
    assert!(seen > 20, "only {seen} captured chats");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// What this thread has worked so far: what other programs do meanwhile does not count, where the system says it.
fn busy() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = spent.and_then(|line| line.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// Requests of several kinds, each with `count` of what there may be many of.
fn many(count: usize) -> [(&'static str, Value); 4] {
    let request = |messages: Vec<Value>| json!({"model": "mistral-small-2603", "messages": messages});
    let user = json!({"role": "user", "content": "one two three"});
    let call = |n: usize| json!({"id": format!("{n:09}"), "function": {"name": "f", "arguments": "{}"}});
    let result = |n: usize| json!({"role": "tool", "tool_call_id": format!("{n:09}"), "content": "x"});
    let mut calls = vec![user.clone(), json!({"role": "assistant", "tool_calls": (0..count).map(call).collect::<Vec<_>>()})];
    calls.extend((0..count).rev().map(result));
    let mut keys = request(vec![user.clone()]);
    (0..count).for_each(|n| keys[format!("key_{n}")] = json!(n));
    [
        ("messages", request(vec![user; count])),
        ("broken messages", request(vec![json!({"role": "usr"}); count])),
        ("unknown keys", keys),
        ("tool calls", request(calls)),
    ]
}

/// The time that a check of a request takes.
fn work(kind: &str, request: &Value) -> Duration {
    let input = json!({"request": request, "policy": {"repair": ["tool_call_ids", "message_order", "strip_response_fields"]}});
    let before = busy();
    let report = check(&input);
    assert!(report["ok"].is_boolean(), "{kind}: no report");
    busy() - before
}

#[test]
fn work_grows_with_the_request_and_no_faster() {
    for ((kind, few), (_, lots)) in many(1_500).into_iter().zip(many(24_000)) {
        // Sixteen times as much: what grew with the square would take 256 times as long. Up to three tries, for whatever
        // shares the machine's caches.
        let mut tries = Vec::new();
        let linear = (0..3).any(|_| {
            let base = work(kind, &few).max(Duration::from_millis(4));
            tries.push((work(kind, &lots), base));
            tries.last().is_some_and(|(lots, few)| *lots < *few * 48)
        });
        println!("{kind}: {tries:?}");
        assert!(linear, "{kind}: {tries:?}");
    }
}

#[test]
fn every_message_reads_well() {
    let mut lines = BTreeSet::new();
    for (file, vector) in vectors() {
        // The many of `more_findings` are all the same.
        if !file.starts_with("check/") || !file.contains("_hit_") || file.contains("more_findings") {
            continue;
        }
        for finding in findings(&check(&vector["input"])) {
            let text = |key: &str| finding[key].as_str().unwrap_or_default();
            let hint = if text("hint").is_empty() { String::new() } else { format!("; {}", text("hint")) };
            lines.insert(format!("{}: {}{hint}", text("rule"), text("message")));
        }
    }
    insta::assert_snapshot!("messages", lines.into_iter().collect::<Vec<_>>().join("\n"));
}
