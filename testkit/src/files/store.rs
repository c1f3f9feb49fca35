//! The files of the sandbox.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::batch::Job;
use super::form::Form;
use super::{Asked, Said, not_allowed, not_found, ok};
use crate::sample;

/// When everything of the sandbox was made: a fixed moment, so that answers are equal from run to run.
pub(crate) const CREATED: u64 = 1_795_219_200;

/// Files and jobs, newest last.
#[derive(Default)]
pub(crate) struct Store {
    files: Mutex<Vec<(Value, Bytes)>>,
    pub(super) jobs: Mutex<Vec<Job>>,
}

/// A list that nobody else holds for long.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An id in the form of the API's own.
pub(super) fn uuid(seed: &str) -> String {
    let hex = sample::hex(seed.as_bytes(), 32);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

impl Store {
    /// Keeps a file and gives what the API says of it.
    pub(super) fn add(&self, mut about: Value, content: Bytes) -> Value {
        let mut files = lock(&self.files);
        let seed = format!("{}{about}", files.len());
        about["id"] = json!(uuid(&seed));
        about["object"] = json!("file");
        about["bytes"] = json!(content.len());
        about["created_at"] = json!(CREATED);
        about["signature"] = json!(sample::hex(&content[..content.len().min(4096)], 32));
        files.push((about.clone(), content));
        about
    }

    /// The content of a file.
    pub(super) fn content(&self, id: &str) -> Option<Bytes> {
        lock(&self.files).iter().find(|(about, _)| about["id"] == *id).map(|(_, content)| content.clone())
    }

    fn about(&self, id: &str) -> Option<Value> {
        lock(&self.files).iter().find(|(about, _)| about["id"] == *id).map(|(about, _)| about.clone())
    }

    fn remove(&self, id: &str) -> bool {
        let mut files = lock(&self.files);
        let before = files.len();
        files.retain(|(about, _)| about["id"] != *id);
        files.len() < before
    }
}

fn unknown() -> Said {
    Said::Json(StatusCode::NOT_FOUND, json!({"detail": "No file matches the given query."}))
}

/// `/v1/files` and below.
pub(super) fn route(store: &Store, path: &[&str], asked: &Asked) -> Result<Said, Said> {
    match (&asked.method, path) {
        (&Method::POST, []) => upload(store, asked),
        (&Method::GET, []) => list(store, asked),
        (&Method::GET, [id]) => {
            let mut about = store.about(id).ok_or_else(unknown)?;
            about["deleted"] = json!(false);
            ok(about)
        }
        (&Method::DELETE, [id]) if store.remove(id) => ok(json!({"id": id, "object": "file", "deleted": true})),
        (&Method::DELETE, [_]) => Err(unknown()),
        (&Method::GET, [id, "content"]) => store.content(id).map(Said::File).ok_or_else(unknown),
        (&Method::GET, [id, "url"]) => {
            let mut fields = serde_json::Map::from_iter([("file_id".to_owned(), json!(id))]);
            fields.insert("expiry".into(), json!(asked.number("expiry", 24)));
            asked.check("files_signed_url", &fields)?;
            store.about(id).ok_or_else(unknown)?;
            ok(json!({"url": format!("http://{}/sandbox/files/{id}", asked.host)}))
        }
        (_, [] | [_]) => Err(not_allowed()),
        _ => Err(not_found()),
    }
}

fn upload(store: &Store, asked: &Asked) -> Result<Said, Said> {
    let invalid = |detail: &str| Said::Json(StatusCode::UNPROCESSABLE_ENTITY, json!({"detail": detail}));
    let form = Form::read(&asked.content_type, &asked.body)
        .ok_or_else(|| invalid("Invalid request, make sure the request is formatted as a multipart/form-data request."))?;
    let mut fields = form.fields.clone();
    if let Some(file) = &form.file {
        fields.insert("file".into(), json!({"name": file.name, "size": file.content.len()}));
    }
    asked.check("files_upload", &fields)?;
    let Some(file) = form.file else { return Err(invalid("Field required")) };
    let purpose = fields.get("purpose").cloned().unwrap_or(json!("fine-tune"));
    let text = std::str::from_utf8(&file.content).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let rows = matches!(purpose.as_str(), Some("batch" | "fine-tune"));
    if rows
        && (file.content.is_empty()
            || !lines.clone().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|v| v.is_object())))
    {
        return Err(invalid("Invalid file format."));
    }
    let kind = match purpose.as_str() {
        Some("batch") => "batch_request",
        Some("fine-tune") => "instruct",
        _ => "ocr_input",
    };
    let hours = fields.get("expiry").and_then(Value::as_u64);
    let about = json!({
        "filename": file.name, "purpose": purpose, "sample_type": kind, "source": "upload", "mimetype": file.content_type,
        "num_lines": if rows { lines.count() } else { 0 }, "visibility": fields.get("visibility").cloned().unwrap_or(json!("workspace")),
        "expires_at": hours.map(|hours| CREATED + hours * 3600),
    });
    ok(store.add(about, file.content))
}

fn list(store: &Store, asked: &Asked) -> Result<Said, Said> {
    let wanted = |about: &Value| {
        let one_of = |parameter: &str, field: &str| {
            let mut wanted = asked.all(parameter).peekable();
            wanted.peek().is_none() || wanted.any(|value| about[field] == *value)
        };
        let named = asked.query("search").is_none_or(|part| about["filename"].as_str().is_some_and(|name| name.contains(part)));
        named
            && one_of("purpose", "purpose")
            && one_of("sample_type", "sample_type")
            && one_of("source", "source")
            && one_of("mimetypes", "mimetype")
    };
    let all: Vec<Value> = lock(&store.files).iter().rev().map(|(about, _)| about.clone()).filter(wanted).collect();
    ok(page(&all, asked))
}

/// One page of a list.
pub(super) fn page(all: &[Value], asked: &Asked) -> Value {
    let (page, size) = (asked.number("page", 0), asked.number("page_size", 100));
    let data: Vec<&Value> = all.iter().skip(page.saturating_mul(size)).take(size).collect();
    let total = if asked.is("include_total", true) { json!(all.len()) } else { Value::Null };
    json!({"data": data, "object": "list", "total": total})
}
