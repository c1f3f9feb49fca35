//! Batch jobs: made, looked at until they are done, cancelled. Their requests are answered as the sandbox answers any.

use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};
use tramontane::operation::OPERATIONS;

use super::audio;
use super::store::{CREATED, Store, lock, page, uuid};
use super::{Asked, Said, judge, not_allowed, not_found, ok};
use crate::answer::Answer;
use crate::{classifiers, conversations, embeddings, ocr, sample};

/// A job: what the API says of it, and what it will come to.
pub(crate) struct Job {
    about: Value,
    succeeded: Vec<Value>,
    failed: Vec<Value>,
    /// How often it was looked at since it was made.
    looks: u32,
}

/// `/v1/batch/jobs` and below.
pub(super) fn route(store: &Store, path: &[&str], asked: &Asked) -> Result<Said, Said> {
    match (&asked.method, path) {
        (&Method::POST, []) => create(store, asked),
        (&Method::GET, []) => list(store, asked),
        (&Method::GET, [id]) => get(store, id, asked.is("inline", false)),
        (&Method::DELETE, [id]) => {
            let mut jobs = lock(&store.jobs);
            let before = jobs.len();
            jobs.retain(|job| job.about["id"] != *id);
            if jobs.len() == before {
                return Err(unknown());
            }
            ok(json!({"id": id, "object": "batch", "deleted": true}))
        }
        (&Method::POST, [id, "cancel"]) => {
            let mut jobs = lock(&store.jobs);
            let job = jobs.iter_mut().find(|job| job.about["id"] == *id).ok_or_else(unknown)?;
            if matches!(job.about["status"].as_str(), Some("QUEUED" | "RUNNING")) {
                job.about["status"] = json!("CANCELLATION_REQUESTED");
            }
            ok(job.about.clone())
        }
        (_, [] | [_]) => Err(not_allowed()),
        _ => Err(not_found()),
    }
}

fn unknown() -> Said {
    Said::Json(StatusCode::NOT_FOUND, json!({"detail": "Batch job not found"}))
}

fn create(store: &Store, asked: &Asked) -> Result<Said, Said> {
    let fields = asked.object()?;
    asked.check("batch_create", &fields)?;
    let mut rows: Vec<Value> = fields.get("requests").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut files: Vec<Value> = fields.get("input_files").and_then(Value::as_array).cloned().unwrap_or_default();
    for file in &files {
        let content = store.content(file.as_str().unwrap_or_default());
        let content = content.ok_or_else(|| Said::Json(StatusCode::NOT_FOUND, json!({"detail": "Input file not found"})))?;
        let text = String::from_utf8_lossy(&content).into_owned();
        rows.extend(text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()));
    }
    if files.is_empty() {
        // The API makes a file of them.
        files.push(results(store, "batch_request", &rows)["id"].clone());
    }
    let mut jobs = lock(&store.jobs);
    let id = uuid(&format!("job{}{}", jobs.len(), Value::Object(fields.clone())));
    let (mut succeeded, mut failed) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        let (status, body) = answered(store, &fields, row, asked);
        let name = format!("batch-{}-{}-{at}", &id[..8], sample::hex(row.to_string().as_bytes(), 8));
        let good = status.is_success();
        // The body of a request that failed comes as text.
        let body = if good { body } else { json!(body.to_string()) };
        let result = json!({"id": name, "custom_id": row["custom_id"], "response": {"status_code": status.as_u16(), "body": body}, "error": null});
        if good { succeeded.push(result) } else { failed.push(result) }
    }
    let given = |key: &str| fields.get(key).cloned().unwrap_or(Value::Null);
    let about = json!({
        "id": id, "object": "batch", "input_files": files, "metadata": given("metadata"), "endpoint": given("endpoint"),
        "model": given("model"), "agent_id": given("agent_id"), "output_file": null, "error_file": null, "errors": [],
        "outputs": null, "status": "QUEUED", "created_at": CREATED, "total_requests": 0, "completed_requests": 0,
        "succeeded_requests": 0, "failed_requests": 0, "started_at": null, "completed_at": null,
    });
    jobs.push(Job { about: about.clone(), succeeded, failed, looks: 0 });
    ok(about)
}

/// The answer to one request of a job; the job's model is that of all its requests.
fn answered(store: &Store, job: &Map<String, Value>, row: &Value, asked: &Asked) -> (StatusCode, Value) {
    let mut body = row["body"].as_object().cloned().unwrap_or_default();
    if let Some(model) = job.get("model").filter(|model| !model.is_null()) {
        body.insert("model".into(), model.clone());
    }
    let endpoint = job.get("endpoint").and_then(Value::as_str).unwrap_or_default();
    let operation = OPERATIONS.iter().find(|row| row.path == endpoint && row.http == "POST" && !row.streams());
    let operation = operation.map_or("", |operation| operation.name);
    let report = match judge(operation, &body, asked.on) {
        Ok(report) => report,
        Err(refused) => return refused,
    };
    let request = Value::Object(body);
    let answer = match operation {
        "chat" | "fim" => Answer::to(&request, &report).completion(),
        "embeddings" => embeddings::answer(&request, &report),
        "moderation" | "moderation_chat" => classifiers::moderated(&request),
        "classification" | "classification_chat" => classifiers::classified(&request),
        "ocr" => ocr::answer(&request),
        "conversations_start" => match conversations::once(&request) {
            Ok(answer) => answer,
            Err(refused) => return (StatusCode::BAD_REQUEST, refused),
        },
        "audio_transcription" => match audio::heard(store, &request) {
            Ok(answer) => answer,
            Err(refused) => return refused,
        },
        // The form of a job allows no other endpoint.
        _ => return (StatusCode::NOT_FOUND, json!({"detail": "Not Found"})),
    };
    (StatusCode::OK, answer)
}

/// A job waits when it is first looked at, runs at the second look, and is done at the third.
fn get(store: &Store, id: &str, inline: bool) -> Result<Said, Said> {
    let mut jobs = lock(&store.jobs);
    let job = jobs.iter_mut().find(|job| job.about["id"] == *id).ok_or_else(unknown)?;
    job.looks += 1;
    match (job.about["status"].as_str(), job.looks) {
        (Some("QUEUED"), 2..) => {
            job.about["status"] = json!("RUNNING");
            job.about["started_at"] = json!(CREATED + 1);
            job.about["total_requests"] = json!(job.succeeded.len() + job.failed.len());
        }
        (Some("RUNNING"), _) => finish(store, job, "SUCCESS"),
        (Some("CANCELLATION_REQUESTED"), _) => finish(store, job, "CANCELLED"),
        _ => {}
    }
    let mut about = job.about.clone();
    if inline && about["status"] == "SUCCESS" {
        about["outputs"] = json!(job.succeeded.iter().chain(&job.failed).collect::<Vec<_>>());
    }
    ok(about)
}

fn finish(store: &Store, job: &mut Job, status: &str) {
    job.about["status"] = json!(status);
    job.about["completed_at"] = json!(CREATED + 2);
    if status != "SUCCESS" {
        return;
    }
    for (field, kind, rows) in [("output_file", "batch_result", &job.succeeded), ("error_file", "batch_error", &job.failed)] {
        if !rows.is_empty() {
            job.about[field] = results(store, kind, rows)["id"].clone();
        }
    }
    job.about["succeeded_requests"] = json!(job.succeeded.len());
    job.about["failed_requests"] = json!(job.failed.len());
    job.about["completed_requests"] = json!(job.succeeded.len() + job.failed.len());
}

/// Keeps rows as a file.
fn results(store: &Store, kind: &str, rows: &[Value]) -> Value {
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let source = if kind == "batch_request" { "upload" } else { "mistral" };
    let about = json!({
        "filename": format!("{kind}.jsonl"), "purpose": "batch", "sample_type": kind, "source": source,
        "mimetype": "application/jsonl", "num_lines": rows.len(), "visibility": "workspace", "expires_at": null,
    });
    store.add(about, Bytes::from(text))
}

fn list(store: &Store, asked: &Asked) -> Result<Said, Said> {
    let wanted = |about: &Value| {
        let mut states = asked.all("status").peekable();
        let in_state = states.peek().is_none() || states.any(|state| about["status"] == *state);
        in_state && asked.query("model").is_none_or(|model| about["model"] == *model)
    };
    let mut all: Vec<Value> = lock(&store.jobs).iter().map(|job| job.about.clone()).filter(wanted).collect();
    if asked.query("order_by") != Some("created") {
        all.reverse();
    }
    ok(page(&all, asked))
}
