//! HTTP: routes, keys, bodies.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tramontane::check::{CheckRequest, Policy};
use tramontane::date::Date;

use crate::answer::Answer;
use crate::limits::Limits;
use crate::models;
use crate::sandbox::SandboxOptions;
use crate::stream;

/// The greatest body that is read, in bytes.
const MAX_BODY: usize = 64 << 20;

/// What all requests share.
pub(crate) struct State {
    key: Option<String>,
    on: Option<Date>,
    pace: Duration,
    limits: Limits,
}

impl State {
    fn today(&self) -> Date {
        self.on.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Date::from_unix(now.as_secs() as i64)
        })
    }
}

/// Serves until `stopped` resolves or its sender is dropped.
pub(crate) async fn serve(listener: TcpListener, options: SandboxOptions, stopped: oneshot::Receiver<()>) {
    let state = Arc::new(State { key: options.key, on: options.on, pace: options.pace, limits: Limits::default() });
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let accept = async {
        loop {
            // A connection that breaks while it is accepted is its client's affair.
            let Ok((socket, _)) = listener.accept().await else { continue };
            let _ = socket.set_nodelay(true);
            let state = state.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let state = state.clone();
                    async move { Ok::<_, Infallible>(route(&state, request).await) }
                });
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(hyper_util::rt::TokioIo::new(socket), service)
                    .await;
            });
        }
    };
    tokio::select! {
        () = accept => {}
        _ = stopped => {}
    }
}

type Reply = Response<Either<Full<Bytes>, stream::Paced>>;

async fn route(state: &State, request: Request<Incoming>) -> Reply {
    let path = request.uri().path().to_owned();
    if let Some(refused) = refuse_key(state, request.headers().get(AUTHORIZATION)) {
        return refused;
    }
    match (request.method(), path.as_str()) {
        (&Method::POST, "/v1/chat/completions") => complete(state, request, ["chat", "chat_stream"]).await,
        (&Method::POST, "/v1/fim/completions") => complete(state, request, ["fim", "fim_stream"]).await,
        (&Method::POST, "/v1/embeddings") => complete(state, request, ["embeddings", "embeddings"]).await,
        (&Method::GET, "/v1/models") => respond(StatusCode::OK, &models::list(state.today())),
        (&Method::GET, path) if path.starts_with("/v1/models/") => {
            let (status, body) = models::retrieve(&path["/v1/models/".len()..], state.today());
            respond(status, &body)
        }
        (_, "/v1/chat/completions" | "/v1/fim/completions" | "/v1/embeddings" | "/v1/models") => {
            respond(StatusCode::METHOD_NOT_ALLOWED, &json!({"detail": "Method Not Allowed"}))
        }
        (_, path) if !path.starts_with("/v1/") => {
            respond(StatusCode::NOT_FOUND, &json!({"message": "no Route matched with those values"}))
        }
        _ => respond(StatusCode::NOT_FOUND, &json!({"detail": "Not Found"})),
    }
}

fn refuse_key(state: &State, header: Option<&HeaderValue>) -> Option<Reply> {
    let key = header.and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    let detail = match (key, &state.key) {
        (None | Some(""), _) => "Unauthorized",
        (Some(key), Some(expected)) if key != expected => "Invalid API Key",
        _ => return None,
    };
    Some(respond(StatusCode::UNAUTHORIZED, &json!({"detail": detail})))
}

/// A chat or code to fill in: `operations` are the names of the two forms of the answer, whole and streamed.
async fn complete(state: &State, request: Request<Incoming>, operations: [&'static str; 2]) -> Reply {
    let body = match Limited::new(request.into_body(), MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return respond(StatusCode::PAYLOAD_TOO_LARGE, &json!({"detail": "Request Entity Too Large"})),
    };
    let mut parsed = match tramontane::json::parse(&body) {
        Ok(parsed) => parsed,
        Err(error) => {
            let detail = json!({"detail": [{"type": "json_invalid", "loc": ["body"], "msg": error.message(), "input": {}}]});
            return respond(StatusCode::UNPROCESSABLE_ENTITY, &detail);
        }
    };
    // The path says what it is.
    let streams = parsed.get("stream").and_then(tramontane::json::Value::as_bool) == Some(true);
    if let Some(body) = parsed.as_object_mut() {
        body.set("operation", operations[usize::from(streams)]);
    }
    // The server knows all its models, so a name that the catalogue does not have is refused here.
    let policy = Policy { strict: true, on: Some(state.today()), ..Policy::default() };
    let report = match tramontane::ops::check(CheckRequest { request: parsed, policy }) {
        Ok(report) => report,
        Err(error) => return respond(StatusCode::BAD_REQUEST, &json!({"detail": error.message()})),
    };
    if let Some(refusal) = tramontane::check::refusal(&report) {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        return with_ids(&body, respond_text(status, refusal.body.to_string()));
    }
    // It was parsed once already, so this cannot fail.
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    if operations[0] == "embeddings" {
        let answer = crate::embeddings::answer(&request, &report);
        return counted(state, &body, &answer, answer["usage"]["total_tokens"].as_u64().unwrap_or_default());
    }
    let answer = Answer::to(&request, &report);
    if request["stream"] == json!(true) {
        let mut reply = Response::new(Either::Right(stream::Paced::new(stream::events(&answer), state.pace)));
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
        return with_ids(&body, reply);
    }
    counted(state, &body, &answer.completion(), answer.total_tokens())
}

/// An answer with the headers of the rate limits.
fn counted(state: &State, body: &[u8], answer: &Value, tokens: u64) -> Reply {
    let mut reply = with_ids(body, respond(StatusCode::OK, answer));
    for (name, value) in state.limits.count(tokens) {
        reply.headers_mut().insert(name, HeaderValue::from(value));
    }
    reply
}

fn respond(status: StatusCode, body: &Value) -> Reply {
    respond_text(status, body.to_string())
}

fn respond_text(status: StatusCode, body: String) -> Reply {
    let mut reply = Response::new(Either::Left(Full::new(Bytes::from(body))));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}

fn with_ids(body: &[u8], mut reply: Reply) -> Reply {
    let id = HeaderValue::from_str(&format!("sandbox-{}", crate::sample::hex(body, 16)))
        .unwrap_or(HeaderValue::from_static("sandbox"));
    for name in ["mistral-correlation-id", "x-kong-request-id"] {
        reply.headers_mut().insert(HeaderName::from_static(name), id.clone());
    }
    reply
}
