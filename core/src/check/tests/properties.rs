//! No tree makes a check panic, and what it says holds together.

use proptest::prelude::*;

use crate::check::findings::Findings;
use crate::check::shape::{CHAT, forms};
use crate::check::walk::differences;
use crate::check::{Estimated, Policy, Severity, examine, refusal, tokens};
use crate::generated::rules::rule;
use crate::json::{Number, Object, Value, parse};

/// Any tree, its keys and words taken from those that mean something.
fn tree() -> impl Strategy<Value = Value<'static>> {
    let word = prop_oneof![
        8 => prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        1 => ".{0,12}".prop_map(|text: String| text),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|n| Value::Number(Number::Float(n))),
        Just(Value::Number(Number::Float(f64::NAN))),
        Just(Value::Invalid("a Python set".into())),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 96, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((word.clone(), inner), 0..8).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

const WORDS: [&str; 60] = [
    "model",
    "messages",
    "role",
    "content",
    "user",
    "assistant",
    "system",
    "tool",
    "tool_calls",
    "tool_call_id",
    "id",
    "function",
    "name",
    "arguments",
    "type",
    "text",
    "image_url",
    "url",
    "thinking",
    "input_audio",
    "document_url",
    "tools",
    "tool_choice",
    "any",
    "parameters",
    "properties",
    "required",
    "items",
    "object",
    "string",
    "response_format",
    "json_schema",
    "json_object",
    "schema",
    "temperature",
    "top_p",
    "n",
    "max_tokens",
    "reasoning_effort",
    "high",
    "low",
    "prefix",
    "stream",
    "operation",
    "chat",
    "mistral-small-2603",
    "codestral-2508",
    "mistral-large-2407",
    "seed",
    "stop",
    "metadata",
    "guardrails",
    "prediction",
    "enum",
    "anyOf",
    "data:image/png;base64,AA==",
    "data:",
    "https://a",
    "call_1",
    "null",
];

/// A request in which everything stands somewhere.
const FULL: &str = r#"{"model": "mistral-small-2603", "temperature": 0.5, "top_p": 1, "max_tokens": 5, "n": 1, "stop": ["x"],
  "messages": [
    {"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
    {"role": "user", "content": [{"type": "text", "text": "JSON?"}, {"type": "image_url", "image_url": {"url": "https://a/b.png"}}]},
    {"role": "assistant", "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}],
     "tool_calls": [{"id": "abcdefghi", "type": "function", "function": {"name": "f", "arguments": "{}"}, "index": 0}]},
    {"role": "tool", "tool_call_id": "abcdefghi", "name": "f", "content": "x"},
    {"role": "assistant", "content": "y", "prefix": true}],
  "tools": [{"type": "function", "function": {"name": "f", "parameters":
    {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}}}],
  "tool_choice": {"type": "function", "function": {"name": "f"}},
  "response_format": {"type": "text"}, "reasoning_effort": "high", "metadata": {"a": 1},
  "guardrails": [{"moderation_llm_v2": {"action": "block"}}], "prediction": {"type": "content", "content": ""}}"#;

/// Replaces, removes or renames the value that a random walk ends at.
fn mutate(value: &mut Value<'static>, steps: &[usize], with: Value<'static>, how: usize) {
    let Some((first, rest)) = steps.split_first() else {
        *value = with;
        return;
    };
    match value {
        Value::Array(items) if !items.is_empty() => {
            let at = first % items.len();
            match (rest.is_empty(), how) {
                (true, 1) => drop(items.remove(at)),
                (true, 2) => items.push(items[at].clone()),
                _ => mutate(&mut items[at], rest, with, how),
            }
        }
        Value::Object(object) if !object.is_empty() => {
            let key = object.iter().nth(first % object.len()).map(|(key, _)| key.to_owned()).unwrap_or_default();
            match (rest.is_empty(), how) {
                (true, 1) => drop(object.remove(&key)),
                (true, 2) => {
                    let same = object.get(&key).cloned().unwrap_or_default();
                    object.push(key, same);
                }
                _ => object.get_mut(&key).into_iter().for_each(|inner| mutate(inner, rest, with.clone(), how)),
            }
        }
        other => *other = with,
    }
}

/// The quick looks say what the long ones say.
fn shortcuts_hold(request: &Value<'_>) {
    let policy = Policy::default();
    let mut found = Findings::new(request, &policy);
    differences(request, CHAT, &mut found);
    let (found, ..) = found.finish();
    assert_eq!(forms().conforms(request, CHAT), found.is_empty(), "{found:?}");
    if let Some(object) = request.as_object() {
        let prompt = tokens::prompt(object);
        let high = prompt.tokens.high + prompt.sound.high;
        assert!(tokens::at_most(object) >= high);
        if found.is_empty() && !holds_media(request) {
            assert!(tokens::most_in_chat(request.to_bytes().len()) >= high);
        }
    }
}

/// Whether messages have chunks of another type than text.
fn holds_media(request: &Value<'_>) -> bool {
    let is_text = |chunk: &Value<'_>| chunk.get("type").and_then(Value::as_str) == Some("text");
    let messages = request.get("messages").and_then(Value::as_array).unwrap_or_default();
    let mut contents = messages.iter().filter_map(|message| message.get("content")?.as_array());
    contents.any(|chunks| !chunks.iter().all(is_text))
}

fn holds(request: Value<'static>) {
    shortcuts_hold(&request);
    let all = Policy { repair: Policy::REPAIRS.map(str::to_owned).to_vec(), ..Policy::default() };
    for policy in [Policy::default(), Policy { strict: true, pin: true, ..Policy::default() }, all] {
        let (repaired, report) = examine(request.clone(), None, None, &policy, Estimated::All);
        if policy.repair.is_empty() {
            // Equal but for NaN, which equals nothing.
            assert_eq!(repaired.to_bytes(), request.to_bytes());
        }
        assert_eq!(report.ok, report.findings.iter().all(|finding| finding.severity < Severity::Error));
        assert_eq!(report.faults.len(), report.findings.len());
        assert_eq!(refusal(&report).is_none(), report.ok);
        for (at, finding) in report.findings.iter().enumerate() {
            assert!(rule(&finding.rule).is_some());
            assert!(!finding.message.is_empty() && finding.message.chars().count() < 400, "{}", finding.message);
            let same = |other: &&crate::check::Finding| {
                other.rule == finding.rule && other.path == finding.path && other.message == finding.message
            };
            assert!(
                report.findings[..at].iter().find(same).is_none() || finding.rule == "duplicate_key" || repeats(&request),
                "{finding:?} twice"
            );
        }
        if let Some(estimate) = &report.estimate {
            assert!(estimate.prompt_tokens.low <= estimate.prompt_tokens.high);
        }
        // Checks that warn never refuse.
        let warn = Policy { checks: crate::check::Checks::Warn, ..Policy::default() };
        assert!(examine(request.clone(), None, None, &warn, Estimated::None).1.ok);
    }
}

fn text_of_user(text: &str) -> Value<'_> {
    Object::from_iter([("role", Value::from("user")), ("content", text.into())]).into()
}

/// Whether any object holds a key twice: then one path means two places.
fn repeats(value: &Value<'_>) -> bool {
    match value {
        Value::Array(items) => items.iter().any(repeats),
        Value::Object(object) => {
            let keys: std::collections::HashSet<&str> = object.iter().map(|(key, _)| key).collect();
            keys.len() < object.len() || object.iter().any(|(_, value)| repeats(value))
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_tree_is_judged(request in tree()) {
        holds(request);
    }

    #[test]
    fn any_messages_are_judged(messages in prop::collection::vec(tree(), 0..6)) {
        let request = Object::from_iter([("model", Value::from("mistral-small-2603")), ("messages", Value::Array(messages))]);
        holds(request.into());
    }

    #[test]
    fn a_request_with_one_thing_changed_is_judged(
        changes in prop::collection::vec((prop::collection::vec(0_usize..16, 1..7), tree(), 0_usize..3), 1..4),
    ) {
        let mut request = parse(FULL.as_bytes()).unwrap().into_owned();
        prop_assert!(examine(request.clone(), None, None, &Policy::default(), Estimated::All).1.findings.is_empty());
        prop_assert!(forms().conforms(&request, CHAT));
        for (steps, with, how) in changes {
            mutate(&mut request, &steps, with, how);
        }
        holds(request);
    }

    #[test]
    fn no_text_has_more_tokens_than_bytes(text in ".{0,64}") {
        let request = Object::from_iter([("messages", Value::Array(vec![text_of_user(&text)])), ("prompt", text.as_str().into())]);
        shortcuts_hold(&request.into());
        let chat = Object::from_iter([("model", Value::from("m")), ("messages", Value::Array(vec![text_of_user(&text); 3]))]);
        shortcuts_hold(&chat.into());
    }

    #[test]
    fn a_repaired_conversation_has_no_foreign_ids(ids in prop::collection::vec("[a-z_]{1,30}", 1..8)) {
        let call = |id: &String| format!(r#"{{"id": "{id}", "function": {{"name": "f", "arguments": "{{}}"}}}}"#);
        let result = |id: &String| format!(r#"{{"role": "tool", "tool_call_id": "{id}", "content": "x"}}"#);
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        let text = format!(
            r#"{{"model": "mistral-small-2603", "messages": [{{"role": "user", "content": "x"}}, {{"role": "assistant", "tool_calls": [{}]}}, {}]}}"#,
            unique.iter().map(call).collect::<Vec<_>>().join(","),
            unique.iter().map(result).collect::<Vec<_>>().join(","),
        );
        let policy = Policy { repair: vec!["tool_call_ids".to_owned()], ..Policy::default() };
        let (_, report) = examine(parse(text.as_bytes()).unwrap(), None, None, &policy, Estimated::All);
        let findings: Vec<_> = report.findings.iter().filter(|finding| finding.path != "messages[1].tool_calls[0].id" || finding.rule != "missing_tool_call_id").collect();
        prop_assert!(findings.is_empty() || unique.iter().any(|id| id == "null"), "{findings:?}");
    }
}
