//! What only a host language can hand over, and what is too large for a vector.

use crate::check::{Estimated, Policy, Report, examine};
use crate::json::{Object, Value, parse};

fn report(request: Value<'_>) -> Report {
    examine(request, None, None, &Policy::default(), Estimated::All).1
}

fn found(report: &Report) -> Vec<(&str, &str)> {
    report.findings.iter().map(|finding| (finding.rule.as_str(), finding.path.as_str())).collect()
}

fn chat() -> Object<'static> {
    let request = parse(br#"{"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}]}"#).unwrap();
    let Value::Object(request) = request.into_owned() else { unreachable!() };
    request
}

fn user(content: impl Into<Value<'static>>) -> Value<'static> {
    Object::from_iter([("role", Value::from("user")), ("content", content.into())]).into()
}

#[test]
fn numbers_that_are_none_are_not_json() {
    for (number, what) in [(f64::NAN, "NaN"), (f64::INFINITY, "infinite"), (f64::NEG_INFINITY, "infinite")] {
        let mut request = chat();
        request.set("temperature", number);
        let report = report(request.into());
        assert_eq!(found(&report), [("not_json", "temperature")]);
        assert_eq!(report.findings[0].message, format!("`temperature` is {what}, which JSON cannot express"));
        assert!(!report.ok);
    }
}

#[test]
fn what_json_cannot_express_is_found_at_its_place() {
    let mut request = chat();
    request.set("messages", Value::Array(vec![user(Value::Invalid("a lone surrogate".into()))]));
    request.set("metadata", Object::from_iter([("tags", Value::Invalid("a Python set".into()))]));
    let report = report(request.into());
    assert_eq!(found(&report), [("not_json", "messages[0].content"), ("not_json", "metadata.tags")]);
    assert_eq!(report.findings[0].message, "`content` is a lone surrogate, which JSON cannot express");
}

#[test]
fn a_key_that_stands_twice_is_a_warning() {
    let twice = br#"{"model": "mistral-small-2603", "temperature": 1, "temperature": 0.5,
        "messages": [{"role": "user", "content": "Hi"}], "metadata": {"a": 1, "a": 2}}"#;
    let report = report(parse(twice).unwrap());
    assert_eq!(found(&report), [("duplicate_key", "temperature"), ("duplicate_key", "metadata.a")]);
    assert!(report.ok);
    let mut large: Object<'_> = (0..100_000).map(|n| (n.to_string(), Value::from(true))).collect();
    large.push("7", false);
    let mut request = chat();
    request.set("metadata", large);
    assert_eq!(
        found(&self::report(request.into())),
        [("duplicate_key", "metadata[\"7\"]")].map(|_| ("duplicate_key", "metadata.7"))
    );
}

#[test]
fn deep_nesting_ends_somewhere() {
    let nested = |depth: usize| (0..depth).fold(Value::from(true), |inner, _| Value::Array(vec![inner]));
    let mut request = chat();
    request.set("metadata", Object::from_iter([("a", nested(5000))]));
    let report = report(request.into());
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].rule, "too_deep");
    let mut request = chat();
    request.set("metadata", Object::from_iter([("a", nested(100))]));
    assert!(self::report(request.into()).findings.is_empty());
}

#[test]
fn a_large_image_is_a_warning() {
    let image = |bytes: usize| {
        let url = format!("data:image/png;base64,{}", "A".repeat(bytes / 3 * 4));
        let chunk = Object::from_iter([("type", Value::from("image_url")), ("image_url", url.into())]);
        let mut request = chat();
        request.set("messages", Value::Array(vec![user(Value::Array(vec![chunk.into()]))]));
        report(request.into())
    };
    assert_eq!(found(&image(12_000_000)), [("image_size", "messages[0].content[0].image_url")]);
    assert!(image(9_000_000).findings.is_empty());
}

#[test]
fn a_text_of_megabytes_is_measured() {
    let mut request = chat();
    request.set("messages", Value::Array(vec![user("word ".repeat(2_000_000))]));
    let report = report(request.into());
    assert_eq!(found(&report), [("context_window", "messages")]);
    assert_eq!(report.estimate.unwrap().prompt_tokens.low, 2_000_001);
}
