//! Every captured chat as types: requests, answers and events are read and written back without loss.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use tramontane::chat::{ChatCompletion, ChatCompletionChunk, ChatRequest};
use tramontane::embeddings::EmbeddingRequest;
use tramontane::fim::FimRequest;
use tramontane::json;

/// The files below a folder with this ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What a type makes of a document; a `null` counts as absent.
fn back<T: serde::Serialize + serde::de::DeserializeOwned>(body: &Json, of: &Path) -> Json {
    let text = body.to_string();
    let tree = json::parse(text.as_bytes()).unwrap();
    let typed: T = json::from_value(&tree).unwrap_or_else(|e| panic!("{}: {e}", of.display()));
    without_nulls(&serde_json::from_slice(&json::to_value(&typed).unwrap().to_bytes()).unwrap())
}

fn without_nulls(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            Json::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Json::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn read(path: &Path) -> Json {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn captured_requests_lose_nothing() {
    let Some(captures) = conformance::captures() else { return };
    let mut count = 0;
    for path in files(&captures.join("requests/mistral"), ".json") {
        let capture = read(&path);
        let read: fn(&Json, &Path) -> Json = match capture["call"]["operation"].as_str() {
            Some("chat" | "chat_stream") => back::<ChatRequest>,
            Some("fim" | "fim_stream") => back::<FimRequest>,
            Some("embeddings") => back::<EmbeddingRequest>,
            _ => continue,
        };
        for form in [&capture["call"], &capture["request"]["body"]] {
            assert_eq!(read(form, &path), without_nulls(form), "{}", path.display());
        }
        count += 1;
    }
    println!("{count} captured requests");
    assert!(count > 0);
}

#[test]
fn captured_answers_and_events_lose_nothing() {
    let Some(captures) = conformance::captures() else { return };
    let folder = captures.join("responses/mistral");
    let (mut answers, mut events) = (0, 0);
    for path in files(&folder, ".json") {
        let body = read(&path);
        let is_answer = body["choices"].is_array() && !path.to_string_lossy().ends_with(".expected.json");
        if is_answer {
            assert_eq!(back::<ChatCompletion>(&body, &path), without_nulls(&body), "{}", path.display());
            answers += 1;
        }
    }
    for path in files(&folder, ".sse") {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).replace("\r\n", "\n");
        for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
            let Ok(body) = serde_json::from_str::<Json>(data) else { continue };
            if body["choices"].is_array() {
                assert_eq!(back::<ChatCompletionChunk>(&body, &path), without_nulls(&body), "{}", path.display());
                events += 1;
            }
        }
    }
    println!("{answers} captured answers, {events} captured events");
    assert!(answers > 0 && events > 0);
}
