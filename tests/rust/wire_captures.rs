//! What Mistral's own SDK put on the wire and made of answers, against `build`, `parse` and `Decoder`.
//!
//! The captures lie beside the checkout (`../shared/wire`, or `$TRAMONTANE_SHARED/wire`) and are no part of it: without
//! them these tests skip, saying so.

use std::fs;
use std::path::{Path, PathBuf};

use tramontane::json::{self, Object, Value};
use tramontane::operation::Operation;
use tramontane::wire::{self, Decoder, Event, HttpResponse};

/// The captures' folder, if it is there.
fn captures() -> Option<PathBuf> {
    let mut roots: Vec<PathBuf> = std::env::var_os("TRAMONTANE_SHARED").map(PathBuf::from).into_iter().collect();
    roots.extend(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|above| above.join("shared")));
    let found = roots.into_iter().map(|root| root.join("wire")).find(|wire| wire.join("requests").is_dir());
    if found.is_none() {
        println!(
            "skipped: no captures beside the checkout (`../shared/wire`); set TRAMONTANE_SHARED to the folder that holds them"
        );
    }
    found
}

/// The files of a folder whose names end like this, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> Value<'static> {
    json::parse(&fs::read(path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display())).into_owned()
}

fn text<'v>(value: &'v Value<'_>, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What differs, at its path; the order of keys does not count. `built` may lack what an SDK adds on its own.
fn differences(captured: &Value<'_>, built: &Value<'_>, path: &json::Path<'_>, found: &mut Vec<String>) {
    match (captured, built) {
        (Value::Object(captured), Value::Object(built)) => {
            for (key, value) in captured.iter() {
                match built.get(key) {
                    Some(other) => differences(value, other, &path.key(key), found),
                    None if is_default(key, value) => {}
                    None => found.push(format!("{}: missing", path.key(key))),
                }
            }
            let extra = built.iter().filter(|(key, _)| captured.get(key).is_none());
            found.extend(extra.map(|(key, _)| format!("{}: not captured", path.key(key))));
        }
        (Value::Array(captured), Value::Array(built)) if captured.len() == built.len() => {
            for (at, (captured, built)) in captured.iter().zip(built).enumerate() {
                differences(captured, built, &path.index(at), found);
            }
        }
        (Value::Number(captured), Value::Number(built)) if captured.as_f64() == built.as_f64() => {}
        (captured, built) if captured == built => {}
        (captured, built) => found.push(format!("{path}: captured {captured}, built {built}")),
    }
}

/// What the SDK adds on its own and the API does not need.
fn is_default(key: &str, value: &Value<'_>) -> bool {
    match key {
        "stream" | "prefix" => value.as_bool() == Some(false),
        "index" => value.as_i64() == Some(0),
        "timeout_hours" => value.as_i64() == Some(24),
        "type" => matches!(value.as_str(), Some("function" | "message.input")),
        "object" => value.as_str() == Some("entry"),
        "include_blocks" | "store" => value.as_bool() == Some(true),
        "handoff_execution" => value.as_str() == Some("server"),
        _ => value.is_null(),
    }
}

/// The parameters of a captured request, as they stand behind a path, in the order of their names; without those that the
/// SDK adds on its own.
fn query(parameters: &Value<'_>, call: &Value<'_>) -> String {
    const DEFAULTS: [(&str, &str); 4] = [("page", "0"), ("page_size", "100"), ("include_total", "true"), ("expiry", "24")];
    let mut pairs: Vec<String> = Vec::new();
    for (name, value) in parameters.as_object().into_iter().flat_map(Object::iter) {
        if call.get(name).is_none() && value.as_str().is_some_and(|value| DEFAULTS.contains(&(name, value))) {
            continue;
        }
        let values = value.as_array().unwrap_or(std::slice::from_ref(value));
        pairs.extend(values.iter().map(|value| format!("{name}={}", value.as_str().unwrap_or_default().replace(' ', "%20"))));
    }
    pairs.sort_unstable();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&").replace('/', "%2F")) }
}

/// A URL with its parameters in the order of their names.
fn sorted(url: &str) -> String {
    match url.split_once('?') {
        None => url.to_owned(),
        Some((path, query)) => {
            let mut pairs: Vec<&str> = query.split('&').collect();
            pairs.sort_unstable();
            format!("{path}?{}", pairs.join("&"))
        }
    }
}

/// A form's fields by their names, each as its text, or as name, type and text of a file.
fn fields(body: &Value<'_>) -> Option<Value<'static>> {
    let mut fields = Object::new();
    for part in body.get("multipart").and_then(Value::as_array).unwrap_or_default() {
        let said = ["filename", "content_type", "value", "text"].map(|key| text(part, key)).join("|");
        fields.push(text(part, "name").to_owned(), said);
    }
    for pair in body.get("form").and_then(Value::as_array).unwrap_or_default() {
        let [name, value] = pair.as_array().unwrap() else { panic!("{pair} is no pair") };
        fields.push(name.as_str().unwrap().to_owned(), format!("||{}|", value.as_str().unwrap()));
    }
    // What the SDK adds on its own.
    fields.retain(|name, value| !(matches!(name, "stream" | "diarize") && value.as_str() == Some("||false|")));
    (!fields.is_empty()).then(|| fields.into())
}

fn rebuild(capture: &Value<'static>) -> Vec<String> {
    let call = capture.get("call").unwrap().clone();
    let asked = call.clone();
    let request = capture.get("request").unwrap();
    let prepared = match wire::prepare(call, Some("mistral"), &Default::default()) {
        Ok(prepared) => prepared,
        Err(error) => return vec![error.to_string()],
    };
    let mut found = Vec::new();
    let mut compare = |what: &str, captured: &str, built: &str| {
        if captured != built {
            found.push(format!("{what}: captured `{captured}`, built `{built}`"));
        }
    };
    compare("method", text(request, "method"), &prepared.method);
    let mut url = format!("{}{}", text(capture, "default_base_url"), text(request, "path"));
    url += &query(request.get("query").unwrap(), &asked);
    compare("url", &url, &sorted(&prepared.url));
    let headers = request.get("headers").unwrap();
    for name in ["accept", "content-type"] {
        // The boundary is its sender's affair.
        let captured = text(headers, name).split("; boundary=").next().unwrap_or_default();
        compare(name, captured, prepared.headers.get(name).map_or("", String::as_str));
    }
    let authorization = format!("{} <redacted>", prepared.auth.scheme);
    compare(&prepared.auth.header, text(headers, &prepared.auth.header), &authorization);
    let captured = request.get("body").unwrap();
    if let Some(built) = fields(&prepared.body) {
        differences(&fields(captured).unwrap_or_default(), &built, &json::Path::root(), &mut found);
        return found;
    }
    differences(captured, &prepared.body, &json::Path::root(), &mut found);
    // What is sent is the text: it must read back as the tree.
    let bytes = prepared.body_bytes();
    let read = if bytes.is_empty() { Value::Null } else { json::parse(&bytes).unwrap() };
    differences(&read, &prepared.body, &json::Path::root(), &mut found);
    found
}

#[test]
fn every_request_is_rebuilt() {
    let Some(wire) = captures() else { return };
    let mut failures = Vec::new();
    let mut total = 0;
    for path in files(&wire.join("requests/mistral"), ".json") {
        let capture = read(&path);
        // What no client can ask yet.
        if Operation::named(text(capture.get("call").unwrap(), "operation")).is_none() {
            continue;
        }
        total += 1;
        let found = rebuild(&capture);
        if !found.is_empty() {
            failures.push(format!("{}:\n    {}", path.display(), found.join("\n    ")));
        }
    }
    println!("requests/mistral: rebuilt {} of {total}", total - failures.len());
    assert!(total > 0 && failures.is_empty(), "{}", failures.join("\n"));
}

/// An answer by bytes, with the operation that the capture says; an error capture stands for a chat.
fn answer(expected: &Value<'_>, body: &[u8]) -> tramontane::Result<Value<'static>> {
    let headers: Vec<(&str, &str)> = expected
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Object::iter)
        .filter_map(|(name, value)| Some((name, value.as_str()?)))
        .collect();
    let status = expected.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok()).unwrap();
    let operation = match text(expected, "operation") {
        "error" => "chat",
        operation => operation,
    };
    let reply = HttpResponse { status, headers, body, now: None };
    wire::parse_response("mistral", operation, &reply).map(|parsed| parsed.data)
}

/// The same stream, in pieces of each length: events and answer.
fn in_pieces(body: &[u8], length: usize) -> (Vec<Event>, Value<'static>) {
    let mut decoder = Decoder::new("mistral", "chat_stream").unwrap();
    let mut events = Vec::new();
    for piece in body.chunks(length) {
        decoder.push(piece, &mut events).unwrap();
    }
    (events, decoder.finish().unwrap())
}

/// The message's text, its thinking, and its tool calls as `(id, name, arguments)`.
fn said(choice: &Value<'_>) -> (String, String, Vec<Value<'static>>) {
    let message = choice.get("message").unwrap();
    let (mut text_of, mut thinking) = (String::new(), String::new());
    match message.get("content") {
        Some(Value::String(content)) => text_of.push_str(content),
        Some(Value::Array(chunks)) => {
            for chunk in chunks {
                text_of.push_str(text(chunk, "text"));
                for part in chunk.get("thinking").and_then(Value::as_array).unwrap_or_default() {
                    thinking.push_str(text(part, "text"));
                }
            }
        }
        _ => {}
    }
    let calls = message.get("tool_calls").and_then(Value::as_array).unwrap_or_default().iter().map(|call| {
        let function = call.get("function").unwrap();
        Object::from_iter(
            [("id", call.get("id")), ("name", function.get("name")), ("arguments", function.get("arguments"))]
                .map(|(key, value)| (key, value.cloned().map(Value::into_owned))),
        )
        .into()
    });
    (text_of, thinking, calls.collect())
}

/// The calls with their pieces put together: the SDK leaves a piece without an id (it writes `null`) as a call of its own.
fn merged(calls: &Value<'_>) -> Value<'static> {
    let mut merged: Vec<Value<'static>> = Vec::new();
    for call in calls.as_array().unwrap() {
        match merged.last_mut().and_then(Value::as_object_mut).filter(|_| text(call, "id") == "null") {
            Some(last) => {
                last.set("arguments", format!("{}{}", text(&last.clone().into(), "arguments"), text(call, "arguments")))
            }
            None => merged.push(call.clone().into_owned()),
        }
    }
    merged.into()
}

fn compare_answer(expected: &Value<'_>, answer: &Value<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let root = json::Path::root();
    let mut same = |what: &str, wanted: Option<&Value<'_>>, got: Option<&Value<'_>>| {
        if let Some(wanted) = wanted {
            differences(wanted, got.unwrap_or(&Value::Null), &root.key(what), &mut found);
        }
    };
    let (sdk, neutral) = (expected.get("sdk_result").unwrap(), expected.get("neutral").unwrap());
    same("id", sdk.get("id"), answer.get("id"));
    same("model", sdk.get("model"), answer.get("model"));
    same("usage", sdk.get("usage"), answer.get("usage"));
    let choices = answer.get("choices").and_then(Value::as_array).unwrap();
    let wanted = sdk.get("choices").and_then(Value::as_array).unwrap();
    same("choices.length", Some(&(wanted.len() as i64).into()), Some(&(choices.len() as i64).into()));
    for (wanted, choice) in wanted.iter().zip(choices) {
        let (text_of, thinking, calls) = said(choice);
        // Where the neutral word is another, the provider's own stands beside it.
        same("finish_reason", wanted.get("finish_reason"), choice.get("native_finish_reason").or(choice.get("finish_reason")));
        same("index", wanted.get("index"), choice.get("index"));
        same("text", wanted.get("text"), Some(&text_of.into()));
        same("thinking", wanted.get("thinking"), Some(&thinking.into()));
        same("tool_calls", wanted.get("tool_calls").map(merged).as_ref(), Some(&calls.into()));
        same("content", wanted.get("content"), choice.get("message").and_then(|message| message.get("content")));
    }
    for (wanted, choice) in neutral.get("choices").and_then(Value::as_array).unwrap().iter().zip(choices) {
        same("neutral finish_reason", wanted.get("finish_reason"), choice.get("finish_reason"));
    }
    for (key, value) in neutral.get("usage").and_then(Value::as_object).into_iter().flat_map(Object::iter) {
        same(key, Some(value), answer.get("usage").and_then(|usage| usage.get(key)));
    }
    found
}

fn compare_stream(expected: &Value<'_>, body: &[u8], answer: &Value<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let (events, whole) = in_pieces(body, body.len());
    for length in [1, 2, 3, 7, 64, 1000] {
        if in_pieces(body, length) != (events.clone(), whole.clone()) {
            found.push(format!("pieces of {length} bytes give another answer"));
        }
    }
    if whole != *answer {
        found.push("`parse` and `Decoder` differ".to_owned());
    }
    let chunks = expected.get("sdk_result").and_then(|result| result.get("chunks")).and_then(Value::as_u64);
    if chunks != Some(events.len() as u64) {
        found.push(format!("{} events, wanted {chunks:?}", events.len()));
    }
    let said: String = events.iter().map(Event::text).collect();
    let thought: String = events.iter().map(Event::thinking).collect();
    let wanted = expected.get("sdk_result").and_then(|result| result.get("choices")).and_then(Value::as_array).unwrap();
    for (what, got) in [("text", said), ("thinking", thought)] {
        if wanted.len() == 1 && text(&wanted[0], what) != got {
            found.push(format!("events' {what}: `{got}`"));
        }
    }
    found
}

fn compare_error(expected: &Value<'_>, error: &tramontane::Error) -> Vec<String> {
    let neutral = expected.get("neutral").unwrap();
    let mut found = Vec::new();
    if text(neutral, "kind") != error.kind().name() {
        found.push(format!("kind {}, wanted {}", error.kind().name(), text(neutral, "kind")));
    }
    if neutral.get("retryable").and_then(Value::as_bool) != Some(error.retryable) {
        found.push(format!("retryable {}", error.retryable));
    }
    if expected.get("status").and_then(Value::as_u64) != error.status.map(u64::from) {
        found.push(format!("status {:?}", error.status));
    }
    let delay = expected.get("sdk_retry").and_then(|retry| retry.get("delay_s")).and_then(Value::as_f64);
    if delay != error.retry_after.map(|wait| wait.as_secs_f64()) {
        found.push(format!("retry_after {:?}, wanted {delay:?}", error.retry_after));
    }
    found
}

#[test]
fn every_answer_is_understood() {
    let Some(wire) = captures() else { return };
    for folder in ["responses/mistral", "responses/mistral/recorded"] {
        let folder_path = wire.join(folder);
        let mut failures = Vec::new();
        let mut counts = [("chat", 0), ("chat_stream", 0), ("fim", 0), ("error", 0)];
        for path in files(&folder_path, ".expected.json") {
            let expected = read(&path);
            let operation = text(&expected, "operation");
            let Some((_, count)) = counts.iter_mut().find(|(name, _)| *name == operation) else { continue };
            *count += 1;
            let body = fs::read(folder_path.join(text(&expected, "file"))).unwrap();
            let found = match (operation, answer(&expected, &body)) {
                ("error", Err(error)) => compare_error(&expected, &error),
                ("error", Ok(_)) => vec!["an answer in the place of an error".to_owned()],
                (_, Err(error)) => vec![error.to_string()],
                ("chat_stream", Ok(answer)) => {
                    [compare_answer(&expected, &answer), compare_stream(&expected, &body, &answer)].concat()
                }
                (_, Ok(answer)) => {
                    let mut found = compare_answer(&expected, &answer);
                    let mut lost = Vec::new();
                    differences(&json::parse(&body).unwrap(), &answer, &json::Path::root(), &mut lost);
                    found.extend(lost.into_iter().filter(|lost| !lost.contains("finish_reason")));
                    found
                }
            };
            if !found.is_empty() {
                failures.push(format!("{}:\n    {}", path.display(), found.join("\n    ")));
            }
        }
        let total: usize = counts.iter().map(|(_, count)| count).sum();
        let shown: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        println!("{folder}: understood {} of {total} ({})", total - failures.len(), shown.join(", "));
        assert!(total > 0 && failures.is_empty(), "{}", failures.join("\n"));
    }
}
