//! A neutral request to Mistral's body: the same tree, without `operation`, with `stream` where it is one.

use std::borrow::Cow;

use super::super::http::HttpRequest;
use super::super::{Operation, Target};
use crate::error::Result;
use crate::json::Value;

/// The HTTP request. The model in it is already the one that is sent.
pub(super) fn request<'a>(target: &Target<'_>, mut request: Value<'a>) -> Result<HttpRequest<'a>> {
    if target.operation == Operation::ModelsList {
        let path = Cow::Borrowed(target.provider.path("models").unwrap_or("/v1/models"));
        return Ok(HttpRequest { method: "GET", path, accept: "application/json", body: Value::Null });
    }
    let streams = target.operation.streams();
    let usual = match target.operation {
        Operation::Fim | Operation::FimStream => "/v1/fim/completions",
        _ => "/v1/chat/completions",
    };
    if let Some(body) = request.as_object_mut() {
        // JSON lets a key stand twice.
        body.retain(|key, _| key != "operation");
        if streams {
            body.set("stream", true);
        }
    }
    Ok(HttpRequest {
        method: "POST",
        path: Cow::Borrowed(target.provider.path(target.operation.name()).unwrap_or(usual)),
        accept: if streams { "text/event-stream" } else { "application/json" },
        body: request,
    })
}
