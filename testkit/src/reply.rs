//! Answers: JSON, streams, and the ids that the API puts on every one.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;

use crate::stream::Paced;

/// What goes back to a client.
pub(crate) type Reply = Response<Either<Full<Bytes>, Paced>>;

/// A JSON answer.
pub(crate) fn respond(status: StatusCode, body: &Value) -> Reply {
    let mut reply = Response::new(Either::Left(Full::new(Bytes::from(body.to_string()))));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}

/// A file.
pub(crate) fn file(content: Bytes) -> Reply {
    let mut reply = Response::new(Either::Left(Full::new(content)));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    reply
}

/// An answer without a body.
pub(crate) fn nothing() -> Reply {
    let mut reply = Response::new(Either::Left(Full::new(Bytes::new())));
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply
}

/// A stream of events, one after each pause.
pub(crate) fn streamed(events: VecDeque<Bytes>, pace: Duration) -> Reply {
    let mut reply = Response::new(Either::Right(Paced::new(events, pace)));
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    reply
}

/// Puts the ids on an answer: the same to the same request.
pub(crate) fn with_ids(body: &[u8], mut reply: Reply) -> Reply {
    let id = HeaderValue::from_str(&format!("sandbox-{}", crate::sample::hex(body, 16)))
        .unwrap_or(HeaderValue::from_static("sandbox"));
    for name in ["mistral-correlation-id", "x-kong-request-id"] {
        reply.headers_mut().insert(HeaderName::from_static(name), id.clone());
    }
    reply
}
