//! What a server does with one attempt: from a script's words to bytes and pauses.

use std::io::Write;
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// A completion.
const COMPLETION: &str = r#"{"id":"cmpl-1","object":"chat.completion","created":1795219200,"model":"mistral-small-2603","choices":[{"index":0,"message":{"role":"assistant","content":"Comté, Beaufort","tool_calls":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}"#;
/// An error as the API writes it.
const ERROR: &str = r#"{"object":"error","message":"no","type":"x","code":"1"}"#;

/// What the server does next.
#[derive(Debug)]
pub(super) enum Step {
    Send(Vec<u8>),
    /// This many bytes of nothing.
    Fill(u64),
    Wait(Duration),
    Close,
    Reset,
    /// Does nothing until the client closes.
    Hang,
}

/// What an attempt may refer to.
pub(super) struct Context<'c> {
    pub(super) now: SystemTime,
    /// The path of the request.
    pub(super) path: &'c str,
    /// The URL of the other host.
    pub(super) other: &'c str,
}

/// The steps of an attempt.
pub(super) fn steps(attempt: &Value, context: &Context<'_>) -> Vec<Step> {
    let pause = |name: &str| attempt[name].as_u64().map(|ms| Step::Wait(Duration::from_millis(ms)));
    let mut steps: Vec<Step> = pause("delay").into_iter().collect();
    let answers = attempt["fault"].is_null() || attempt.get("status").is_some() || attempt.get("events").is_some();
    if answers {
        let mut body = framed_body(attempt);
        let mut head = head(attempt, context, body.len());
        let cut = attempt["cut"].as_u64();
        body.truncate(cut.map_or(usize::MAX, |at| usize::try_from(at).unwrap_or(usize::MAX)));
        match (pause("pause"), attempt["pause_after"].as_u64()) {
            (Some(wait), at) => {
                let rest = body.split_off(usize::try_from(at.unwrap_or(0)).unwrap_or(0).min(body.len()));
                head.extend(body);
                steps.extend([Step::Send(head), wait, Step::Send(rest)]);
            }
            (None, _) => {
                head.extend(body);
                steps.push(Step::Send(head));
            }
        }
        steps.extend(attempt["fill"].as_u64().map(Step::Fill));
        if attempt["fault"].is_null() && (cut.is_some() || framing(attempt) == "close") {
            steps.push(Step::Close);
        }
    }
    match attempt["fault"].as_str() {
        Some("reset") => {
            if answers {
                // What was sent has to be read before the reset, which overtakes it.
                steps.push(Step::Wait(Duration::from_millis(30)));
            }
            steps.push(Step::Reset);
        }
        Some("close") => steps.push(Step::Close),
        Some("hang") => steps.push(Step::Hang),
        _ => {}
    }
    steps
}

fn is_stream(attempt: &Value) -> bool {
    attempt.get("events").is_some()
}

/// How the end of the body is known: by its `length`, by `chunked` framing, or by the `close` of the connection.
fn framing(attempt: &Value) -> &str {
    attempt["framing"].as_str().unwrap_or(if is_stream(attempt) { "chunked" } else { "length" })
}

fn head(attempt: &Value, context: &Context<'_>, length: usize) -> Vec<u8> {
    let status = attempt["status"].as_u64().unwrap_or(200);
    let mut head = format!("HTTP/1.1 {status} Status\r\n");
    let given = attempt["headers"].as_object();
    if given.is_none_or(|given| !given.contains_key("content-type")) {
        head += if is_stream(attempt) { "content-type: text/event-stream\r\n" } else { "content-type: application/json\r\n" };
    }
    match framing(attempt) {
        "chunked" => head += "transfer-encoding: chunked\r\n",
        "length" => head += &format!("content-length: {}\r\n", length as u64 + attempt["fill"].as_u64().unwrap_or(0)),
        _ => head += "connection: close\r\n",
    }
    if let Some(coding) = attempt["encoding"].as_str() {
        head += &format!("content-encoding: {coding}\r\n");
    }
    for (name, value) in given.into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), |text| placed(text, context));
        head += &format!("{name}: {value}\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// A header's value: `@now+7` is a date, `@other` the other host, `@path` the path that was asked for.
fn placed(text: &str, context: &Context<'_>) -> String {
    if let Some(seconds) = text.strip_prefix("@now+").and_then(|seconds| seconds.parse().ok()) {
        return httpdate::fmt_http_date(context.now + Duration::from_secs(seconds));
    }
    text.replace("@other", context.other).replace("@path", context.path)
}

/// The body with its framing.
pub(super) fn framed_body(attempt: &Value) -> Vec<u8> {
    let chunked = framing(attempt) == "chunked";
    let mut framed = Vec::new();
    for part in parts(attempt) {
        if chunked {
            framed.extend(format!("{:x}\r\n", part.len()).as_bytes());
        }
        framed.extend(part);
        if chunked {
            framed.extend(b"\r\n");
        }
    }
    // Whoever fills a chunked body up does it in one chunk that never ends.
    match attempt["fill"].as_u64() {
        Some(fill) if chunked => framed.extend(format!("{fill:x}\r\n").as_bytes()),
        None if chunked && attempt["fault"].is_null() => framed.extend(b"0\r\n\r\n"),
        _ => {}
    }
    framed
}

/// Where, in a framed body, the last byte of the first events stands that anybody needs.
pub(super) fn length_of_events(attempt: &Value, events: u64) -> usize {
    let events = usize::try_from(events).unwrap_or(usize::MAX);
    let parts: Vec<usize> = parts(attempt).iter().take(events).map(Vec::len).collect();
    if framing(attempt) == "chunked" {
        let framed = |length: &usize| format!("{length:x}").len() + 4 + length;
        return parts.iter().map(framed).sum::<usize>() - 2;
    }
    // The blank line after the last event may be missing, and the end of the line before it.
    parts.iter().sum::<usize>() - 2
}

/// The pieces of the body: one per event, each compressed so that it can be read at once.
fn parts(attempt: &Value) -> Vec<Vec<u8>> {
    let plain: Vec<Vec<u8>> = match attempt["events"].as_array() {
        Some(events) => events.iter().map(|event| event_text(event).into_bytes()).collect(),
        None => vec![plain_body(attempt)],
    };
    let mut parts = match attempt["encoding"].as_str() {
        Some("gzip") => gzip(&plain),
        Some("br") => brotli(&plain),
        _ => plain,
    };
    if is_stream(attempt) && attempt.get("encoding").is_some() && !attempt["fault"].is_null() {
        // What goes wrong comes in the place of the end.
        parts.pop();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn plain_body(attempt: &Value) -> Vec<u8> {
    if let Some(zeros) = attempt["zeros"].as_u64() {
        return vec![b'0'; usize::try_from(zeros).unwrap_or(0)];
    }
    match &attempt["body"] {
        Value::String(text) => text.clone().into_bytes(),
        Value::Null if attempt.get("fill").is_some() => Vec::new(),
        Value::Null if attempt["status"].as_u64().is_some_and(|status| status >= 300) => ERROR.into(),
        Value::Null => COMPLETION.into(),
        value => value.to_string().into_bytes(),
    }
}

/// `{"text": …, "finish": …}` is a chunk of a completion, a string stands for itself.
fn event_text(event: &Value) -> String {
    if let Some(text) = event.as_str() {
        return text.to_owned();
    }
    let finish = &event["finish"];
    let chunk = serde_json::json!({
        "id": "s1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": {"content": event["text"]}, "finish_reason": finish}],
    });
    format!("data: {chunk}\n\n")
}

fn gzip(parts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let mut written = Vec::new();
    for part in parts {
        encoder.write_all(part).and_then(|()| encoder.flush()).expect("memory takes everything");
        written.push(std::mem::take(encoder.get_mut()));
    }
    written.push(encoder.finish().expect("memory takes everything"));
    written
}

fn brotli(parts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    let mut written = Vec::new();
    for part in parts {
        encoder.write_all(part).and_then(|()| encoder.flush()).expect("memory takes everything");
        written.push(std::mem::take(encoder.get_mut()));
    }
    written.push(encoder.into_inner());
    written
}
