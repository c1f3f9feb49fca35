//! Every body of an error that was seen on the wire means the right kind, and says what to do.
//!
//! What was seen stands beside the checkout (`../shared/reference/mistral-api.md`) and is no part of it: without it the test
//! that walks it skips, saying so.

use std::path::Path;

use tramontane::error::ErrorKind;
use tramontane::generated::errors::HINTS;
use tramontane::wire::{HttpResponse, error};

fn parsed(status: u16, headers: &[(&str, &str)], body: &str) -> tramontane::Error {
    error("mistral", "chat", &HttpResponse { status, headers: headers.to_vec(), body: body.as_bytes(), now: None })
}

fn expected(status: u16, code: &str) -> ErrorKind {
    match (status, code) {
        (403, "3201") => ErrorKind::ContentBlocked,
        (400, _) => ErrorKind::BadRequest,
        (401, _) => ErrorKind::Authentication,
        (403, _) => ErrorKind::Permission,
        (404, _) => ErrorKind::NotFound,
        (422, _) => ErrorKind::Validation,
        (429, _) => ErrorKind::RateLimit,
        (503, _) => ErrorKind::Overloaded,
        _ => ErrorKind::Server,
    }
}

/// The rows of the table of codes: code, type, status, and each message that was seen.
fn seen(text: &str) -> Vec<(String, String, u16, String)> {
    let start = text.find("### Code table").expect("the table of codes");
    let mut rows = Vec::new();
    for line in text[start..].lines().skip_while(|line| !line.starts_with('|')).skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [code, class, status, messages, ..] = cells[..] else { panic!("{line}") };
        let code: String = code.chars().take_while(|c| *c != '(').filter(char::is_ascii_digit).collect();
        let status: String = status.chars().filter(char::is_ascii_digit).take(3).collect();
        let class: String = class.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let Ok(status) = status.parse() else { continue };
        // Messages stand between backticks; two of them for one that has some itself.
        let (mark, messages) = if messages.contains("`` ") { ("``", messages.to_owned()) } else { ("`", messages.to_owned()) };
        for (at, message) in messages.split(mark).enumerate() {
            if at % 2 == 1 && message.len() > 3 {
                rows.push((code.clone(), class.clone(), status, message.trim().to_owned()));
            }
        }
    }
    rows
}

#[test]
fn every_code_that_was_seen_means_its_kind() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|above| above.join("shared/reference/mistral-api.md"));
    let Some(text) = beside.filter_map(|file| std::fs::read_to_string(file).ok()).next() else {
        println!("skipped: no `../shared/reference/mistral-api.md` beside the checkout");
        return;
    };
    let rows = seen(&text);
    assert!(rows.len() > 20, "{} messages", rows.len());
    let mut without = Vec::new();
    for (code, class, status, message) in &rows {
        let quoted = serde_json::to_string(message).unwrap();
        let code_text = if code.is_empty() { "null".to_owned() } else { format!("\"{code}\"") };
        // The body as it is today, as it was in 2025, and with a number for a code.
        let bodies = [
            format!(
                r#"{{"object":"error","message":{quoted},"type":"{class}","param":null,"code":{code_text},"raw_status_code":{status}}}"#
            ),
            format!(r#"{{"object":"error","message":{quoted},"type":"invalid_request_error","param":null,"code":null}}"#),
            format!(
                r#"{{"object":"Error","message":{quoted},"type":"{class}","code":{}}}"#,
                if code.is_empty() { "null" } else { code }
            ),
        ];
        for (at, body) in bodies.iter().enumerate() {
            let error = parsed(*status, &[], body);
            let code_known = if at == 1 { "" } else { code.as_str() };
            if at != 1 || code != "3201" {
                assert_eq!(error.kind(), expected(*status, code_known), "{body}");
            }
            assert_eq!(error.code.as_deref().unwrap_or_default(), code_known, "{body}");
            if !message.starts_with("{\\\"") && !message.starts_with("\"{") {
                assert_eq!(error.message(), message, "{body}");
            }
            assert_eq!(error.retryable, matches!(status, 429 | 500 | 502 | 503 | 504), "{body}");
        }
        let hint = parsed(*status, &[], &bodies[0]).hint.clone();
        if hint.is_none() {
            without.push(format!("{code} {message}"));
        }
    }
    assert!(without.is_empty(), "without a hint:\n{}", without.join("\n"));
    println!("{} messages in three forms each", rows.len());
}

#[test]
fn every_hint_is_reached() {
    for row in HINTS.iter() {
        let codes = row.codes.iter().map(|code| (Some(*code), "what the server says"));
        let texts = row.texts.iter().map(|text| (None, *text));
        for (code, text) in codes.chain(texts) {
            let code = code.map_or("null".to_owned(), |code| format!("\"{code}\""));
            let body = format!(r#"{{"object":"error","message":{},"code":{code}}}"#, serde_json::to_string(text).unwrap());
            let status = if row.kind == Some(ErrorKind::NotFound) { 404 } else { 400 };
            assert_eq!(parsed(status, &[], &body).hint.as_deref(), Some(row.hint), "{body}");
        }
        if let Some(header) = row.exhausted {
            assert_eq!(parsed(429, &[(header, "0")], r#"{"message":"no"}"#).hint.as_deref(), Some(row.hint));
        }
    }
}

/// What the troubleshooting of everyday says to each status: the hints say it too.
#[test]
fn hints_say_what_to_do() {
    let hint = |status, body: &str| parsed(status, &[], body).hint.clone().unwrap_or_default();
    for (status, body, words) in [
        (401, r#"{"detail":"Unauthorized"}"#, ["white space", "expiry"]),
        (400, r#"{"object":"error","message":"no","type":"x"}"#, ["model id", "message"]),
        (404, r#"{"message":"Model X was not found."}"#, ["model string", "versioned id"]),
        (429, r#"{"message":"Rate limit exceeded","code":"1300"}"#, ["slow down", "retry_after"]),
        (500, r#"{"message":"Service unavailable."}"#, ["try again", "request id"]),
        (503, "", ["try again", "another model"]),
    ] {
        let hint = hint(status, body);
        assert!(words.iter().all(|word| hint.contains(word)), "{status}: {hint}");
    }
}

/// The names in the rows `[[field]]` of the table, which the tests in Python and Node read as well.
fn fields() -> Vec<String> {
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/data/errors.toml")).unwrap();
    let name = |row: &str| row.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"').map(str::to_owned));
    table.split("[[field]]").skip(1).filter_map(name).collect()
}

#[test]
fn an_error_has_the_fields_of_the_table() {
    let error = tramontane::Error::new(ErrorKind::Internal, "what happened");
    let data: serde_json::Value = serde_json::from_str(&error.to_json()).unwrap();
    let names: Vec<&str> = data.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, fields());
    // Each is a field in Rust too: what cannot be read by its name does not compile.
    let tramontane::error::Fields {
        kind: _,
        message: _,
        path: _,
        provider: _,
        status: _,
        code: _,
        request_id: _,
        retry_after: _,
        retryable: _,
        hint: _,
        body: _,
        report: _,
        partial: _,
        ..
    } = &*error;
    assert_eq!(names.len(), 13);
}
