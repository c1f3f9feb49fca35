//! The small door: a Mistral chat is checked and built, and nothing else.
//!
//! For a browser or an edge function that would rather not load the rest. A policy has `checks`, `severities`, `strict`, `pin`
//! and `on` here; the findings and the built request are those of the large door.

mod text;

use crate::check::shape::CHAT;
use crate::check::spelling::accept_in;
use crate::check::{Seen, examine_chat, policy};
use crate::error::Result;
use crate::json::{self, Path};
use crate::wire::chat::{is_stream, prepare_chat};
use crate::wire::credential::refuse_in;
use crate::wire::prepared::refusal;

/// Everything that is wrong with a chat, from text to text: `{"ok": {"ok", "findings", "resolution"}}` or `{"error": …}`.
pub fn check_json(request: &[u8], policy: &[u8]) -> Vec<u8> {
    answer(request, policy, false)
}

/// The HTTP request for a chat, from text to text, without a key.
pub fn build_json(request: &[u8], policy: &[u8]) -> Vec<u8> {
    answer(request, policy, true)
}

fn answer(request: &[u8], policy: &[u8], build: bool) -> Vec<u8> {
    judged(request, policy, build).unwrap_or_else(text::refused)
}

/// The way that is the same for both: a request is checked before it is built.
fn judged(text: &[u8], policy: &[u8], build: bool) -> Result<Vec<u8>> {
    let mut request = json::parse(text)?;
    refuse_in(&request, &Path::root())?;
    let seen = Seen { conforms: accept_in(&mut request, CHAT), bytes: text.len() };
    let policy = policy::read_for_chat(&json::parse(policy)?)?;
    let streams = is_stream(&request)?;
    let report = examine_chat(&request, seen, &policy);
    if !build {
        return Ok(text::verdict(&report));
    }
    if !report.ok {
        return Err(refusal(report));
    }
    Ok(text::prepared(&prepare_chat(&mut request, streams, &policy, &report)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Value;
    use crate::ops::call_request_json;

    const REQUESTS: [&str; 12] = [
        r#"{"model":"mistral-small-4","messages":[{"role":"user","content":"hi"}]}"#,
        r#"{"model":"mistral-nemo-12b","stream":true,"seed":7,"messages":[{"role":"user","content":"hi"}]}"#,
        r#"{"model":"mistral-small-latest","operation":"chat_stream","maxTokens":9,"messages":[]}"#,
        r#"{"model":"mistral-small-2603","operation":"chat_stream","stream":false,"messages":[{"role":"assistant","content":""}]}"#,
        r#"{"model":"unheard-of","messages":[{"role":"user","content":"hi"}],"metadata":{"a":"sk-proj-0123456789abcdefghij"}}"#,
        r#"{"model":"codestral-latest","messages":[{"role":"user","content":"\u0007\"hi\""}],"response_format":{"type":"json_object"}}"#,
        r#"{"model":"ft:mistral-small-2603:a:b","messages":[{"role":"user","content":"hi"}],"temperature":0.25}"#,
        r#"{"model":"mistral-smal-2603","messages":[{"role":"user","content":"hi"}]}"#,
        r#"{"model":"glm-5-2","messages":[{"role":"user","content":"hi"}]}"#,
        r#"{"messages":7}"#,
        "[]",
        "{",
    ];

    fn value(text: &str) -> Value<'_> {
        json::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_small_door_says_what_the_large_one_says() {
        for request in REQUESTS {
            for policy in
                ["{}", r#"{"strict":true,"pin":true}"#, r#"{"checks":"warn"}"#, r#"{"on":"2025-01-01"}"#, r#"{"cheks":1}"#]
            {
                let (small, large) = both("check", request, policy);
                let (small, large) = (value(&small), value(&large));
                for part in ["ok", "findings", "resolution"] {
                    let part_of = |answer: &Value<'_>| answer.get("ok").and_then(|ok| ok.get(part)).map(Value::to_string);
                    assert_eq!(part_of(&small), part_of(&large), "{request} {policy}");
                }
                assert_eq!(error(&small), error(&large), "{request} {policy}");
                let (small, large) = both("build", request, policy);
                if value(&large).get("ok").is_some() {
                    assert_eq!(small, large, "{request} {policy}");
                } else {
                    assert_eq!(error(&value(&small)), error(&value(&large)), "{request} {policy}");
                }
            }
        }
    }

    /// What the small door says, and the large one.
    fn both(name: &str, request: &str, policy: &str) -> (String, String) {
        let small = if name == "build" { build_json } else { check_json };
        let small = String::from_utf8(small(request.as_bytes(), policy.as_bytes())).unwrap();
        (small, call_request_json(name, request.as_bytes(), &format!(r#"{{"policy":{policy}}}"#)))
    }

    /// What an error says. The report has no estimate here.
    fn error(answer: &Value<'_>) -> Vec<Option<String>> {
        let Some(error) = answer.get("error") else { return Vec::new() };
        let report = error.get("report").unwrap_or(&Value::Null);
        let said = ["kind", "message", "path", "hint"].map(|part| error.get(part));
        let told = ["ok", "findings", "resolution", "repairs"].map(|part| report.get(part));
        // `null` is as good as absent.
        let some = said.into_iter().chain(told).map(|part| part.filter(|part| !part.is_null()).map(Value::to_string));
        some.collect()
    }

    #[test]
    fn other_operations_are_refused() {
        let (answer, _) = both("build", r#"{"operation":"fim","model":"codestral-2508","prompt":"x"}"#, "{}");
        assert_eq!(value(&answer).get("error").unwrap().get("kind").unwrap().as_str(), Some("unsupported"), "{answer}");
    }
}
