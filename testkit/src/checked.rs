//! Bodies: read, parsed, and held to the checks of the core, which also know what the API would answer to a wrong one.

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use serde_json::{Value, json};
use tramontane::check::{CheckRequest, Policy, Report};

use crate::reply::{Reply, respond, with_ids};
use crate::server::State;

/// The greatest body that is read, in bytes.
const MAX_BODY: usize = 64 << 20;

/// A request that passed its checks.
pub(crate) struct Asked {
    /// The body as it came.
    pub(crate) body: Bytes,
    /// The body.
    pub(crate) request: Value,
    /// What the checks said.
    pub(crate) report: Report,
}

/// Reads a JSON body and checks it. `operations` are the names of what is asked, whole and streamed; `fields` are what the
/// path says: the checks see them beside the body.
pub(crate) async fn check(
    state: &State,
    request: Request<Incoming>,
    operations: [&'static str; 2],
    fields: &[(&'static str, &str)],
) -> Result<Asked, Reply> {
    let body = match Limited::new(request.into_body(), MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Err(respond(StatusCode::PAYLOAD_TOO_LARGE, &json!({"detail": "Request Entity Too Large"}))),
    };
    let mut parsed = match tramontane::json::parse(&body) {
        Ok(parsed) => parsed,
        Err(error) => {
            let detail = json!({"detail": [{"type": "json_invalid", "loc": ["body"], "msg": error.message(), "input": {}}]});
            return Err(respond(StatusCode::UNPROCESSABLE_ENTITY, &detail));
        }
    };
    // The path says what it is.
    let streams = parsed.get("stream").and_then(tramontane::json::Value::as_bool) == Some(true);
    if let Some(object) = parsed.as_object_mut() {
        object.set("operation", operations[usize::from(streams)]);
        for (name, value) in fields {
            object.set(*name, *value);
        }
    }
    // The server knows all its models, so a name that the catalogue does not have is refused here.
    let policy = Policy { strict: true, on: Some(state.today()), ..Policy::default() };
    let report = match tramontane::ops::check(CheckRequest { request: parsed, policy, estimate: true }) {
        Ok(report) => report,
        Err(error) => return Err(respond(StatusCode::BAD_REQUEST, &json!({"detail": error.message()}))),
    };
    if let Some(refusal) = tramontane::check::refusal(&report) {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut said: Value = serde_json::from_str(&refusal.body.to_string()).unwrap_or_default();
        if operations[0].starts_with("conversations") && refusal.status == 422 {
            // Conversations wrap what is wrong with the form in a way of their own.
            let detail = said["detail"].take();
            said = json!({"object": "Error", "detail": detail, "message": detail, "type": "invalid_request_error", "code": 3001});
        }
        return Err(with_ids(&body, respond(status, &said)));
    }
    // It was parsed once already, so this cannot fail.
    let request = serde_json::from_slice(&body).unwrap_or_default();
    Ok(Asked { body, request, report })
}
