//! Files, batches and sound: what is uploaded stays in memory, jobs run over the sandbox's own answers.

mod audio;
mod batch;
mod form;
mod store;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request, StatusCode};
use serde_json::{Map, Value, json};
use tramontane::check::{CheckRequest, Policy};
use tramontane::date::Date;

pub(crate) use store::Store;

/// The greatest body that is read: the greatest file, and what stands around it.
const MAX_BODY: usize = (512 << 20) + (1 << 20);

/// What one of these routes answers.
pub(crate) enum Said {
    /// JSON.
    Json(StatusCode, Value),
    /// A file.
    File(Bytes),
    /// Events of a stream.
    Events(Vec<Value>),
}

/// A request, read.
pub(crate) struct Asked {
    method: Method,
    query: Vec<(String, String)>,
    content_type: String,
    body: Bytes,
    /// The day by which names are judged.
    on: Date,
    /// Where the sandbox is, for links.
    host: String,
}

impl Asked {
    fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str, usual: usize) -> usize {
        self.query(name).and_then(|text| text.parse().ok()).unwrap_or(usual)
    }

    fn is(&self, name: &str, usual: bool) -> bool {
        self.query(name).map_or(usual, |text| text == "true")
    }

    /// The body as an object; a server says which it is not.
    fn object(&self) -> Result<Map<String, Value>, Said> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            _ => Err(Said::Json(
                StatusCode::UNPROCESSABLE_ENTITY,
                json!({"detail": [{"type": "json_invalid", "loc": ["body"], "msg": "JSON decode error", "input": {}}]}),
            )),
        }
    }

    /// Judges a request as a client would, and answers as the server would.
    fn check(&self, operation: &str, fields: &Map<String, Value>) -> Result<(), Said> {
        judge(operation, fields, self.on).map(drop).map_err(|(status, body)| Said::Json(status, body))
    }
}

/// What the checks say to a request: their report, or the server's refusal.
fn judge(operation: &str, fields: &Map<String, Value>, on: Date) -> Result<tramontane::check::Report, (StatusCode, Value)> {
    let mut fields = fields.clone();
    fields.insert("operation".into(), json!(operation));
    let text = Value::Object(fields).to_string();
    let bad = |message: &str| (StatusCode::BAD_REQUEST, json!({"detail": message}));
    let request = tramontane::json::parse(text.as_bytes()).map_err(|error| bad(error.message()))?;
    // The server knows all its models.
    let policy = Policy { strict: true, on: Some(on), ..Policy::default() };
    let report =
        tramontane::ops::check(CheckRequest { request, policy, estimate: true }).map_err(|error| bad(error.message()))?;
    match tramontane::check::refusal(&report) {
        None => Ok(report),
        Some(refusal) => {
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
            Err((status, serde_json::from_str(&refusal.body.to_string()).unwrap_or_default()))
        }
    }
}

/// Whether a path is one of these.
pub(crate) fn is_ours(path: &[&str]) -> bool {
    matches!(path, ["v1", "files" | "batch" | "audio", ..] | ["sandbox", "files", _])
}

/// Answers a request to one of these paths.
pub(crate) async fn route(store: &Store, on: Date, path: &[&str], request: Request<Incoming>) -> Said {
    let method = request.method().clone();
    let header = |name: hyper::header::HeaderName| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let (content_type, host) = (header(CONTENT_TYPE), header(hyper::header::HOST));
    let query = form::pairs(request.uri().query().unwrap_or_default());
    let body = match Limited::new(request.into_body(), MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Said::Json(StatusCode::PAYLOAD_TOO_LARGE, json!({"detail": "Request Entity Too Large"})),
    };
    let asked = Asked { method, query, content_type, body, on, host };
    let said = match path {
        ["v1", "files", rest @ ..] => store::route(store, rest, &asked),
        ["v1", "batch", "jobs", rest @ ..] => batch::route(store, rest, &asked),
        ["v1", "audio", rest @ ..] => audio::route(store, rest, &asked),
        // What a signed link leads to.
        ["sandbox", "files", id] => store.content(id).map(Said::File).ok_or_else(not_found),
        _ => Err(not_found()),
    };
    said.unwrap_or_else(|refused| refused)
}

fn not_found() -> Said {
    Said::Json(StatusCode::NOT_FOUND, json!({"detail": "Not Found"}))
}

fn not_allowed() -> Said {
    Said::Json(StatusCode::METHOD_NOT_ALLOWED, json!({"detail": "Method Not Allowed"}))
}

fn ok(body: Value) -> Result<Said, Said> {
    Ok(Said::Json(StatusCode::OK, body))
}
