//! HTTP: routes, keys, bodies.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tramontane::date::Date;

use crate::answer::Answer;
use crate::checked::{Asked, check};
use crate::conversations::{self, Conversations, decoded};
use crate::files::{self, Store};
use crate::limits::Limits;
use crate::reply::{Reply, file, respond, streamed, with_ids};
use crate::sandbox::SandboxOptions;
use crate::{classifiers, embeddings, models, ocr, stream};

/// What all requests share.
pub(crate) struct State {
    key: Option<String>,
    on: Option<Date>,
    /// How long a stream waits before each event.
    pub(crate) pace: Duration,
    limits: Limits,
    /// The conversations that were begun here.
    pub(crate) conversations: Conversations,
    files: Store,
}

impl State {
    /// The day by which names are judged.
    pub(crate) fn today(&self) -> Date {
        self.on.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Date::from_unix(now.as_secs() as i64)
        })
    }
}

/// Serves until `stopped` resolves or its sender is dropped.
pub(crate) async fn serve(listener: TcpListener, options: SandboxOptions, stopped: oneshot::Receiver<()>) {
    let state = Arc::new(State {
        key: options.key,
        on: options.on,
        pace: options.pace,
        limits: Limits::default(),
        conversations: Conversations::default(),
        files: Store::default(),
    });
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

async fn route(state: &State, request: Request<Incoming>) -> Reply {
    let path = request.uri().path().to_owned();
    // A signed link needs no key.
    if !path.starts_with("/sandbox/")
        && let Some(refused) = refuse_key(state, request.headers().get(AUTHORIZATION))
    {
        return refused;
    }
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    if files::is_ours(&parts) {
        return said(state, files::route(&state.files, state.today(), &parts, request).await);
    }
    match (request.method(), parts.as_slice()) {
        (&Method::POST, ["v1", "chat", "completions"]) => complete(state, request, ["chat", "chat_stream"]).await,
        (&Method::POST, ["v1", "fim", "completions"]) => complete(state, request, ["fim", "fim_stream"]).await,
        (&Method::POST, ["v1", "agents", "completions"]) => complete(state, request, ["agents", "agents_stream"]).await,
        (&Method::POST, ["v1", "moderations"]) => judge(state, request, "moderation").await,
        (&Method::POST, ["v1", "chat", "moderations"]) => judge(state, request, "moderation_chat").await,
        (&Method::POST, ["v1", "classifications"]) => judge(state, request, "classification").await,
        (&Method::POST, ["v1", "chat", "classifications"]) => judge(state, request, "classification_chat").await,
        (&Method::POST, ["v1", "embeddings"]) => embed(state, request).await,
        (&Method::POST, ["v1", "ocr"]) => ocr::read(state, request).await,
        (_, ["v1", "conversations", rest @ ..]) => conversations::route(state, rest, request).await,
        (&Method::GET, ["v1", "models"]) => respond(StatusCode::OK, &models::list(state.today())),
        (&Method::GET, ["v1", "models", name @ ..]) => {
            let (status, body) = models::retrieve(&decoded(&name.join("/")), state.today());
            respond(status, &body)
        }
        (&Method::DELETE, ["v1", "models", name @ ..]) => {
            let (status, body) = models::delete(&decoded(&name.join("/")));
            respond(status, &body)
        }
        (
            _,
            ["v1", "chat" | "fim" | "agents", "completions"]
            | ["v1", "chat", "moderations" | "classifications"]
            | ["v1", "embeddings" | "models" | "moderations" | "classifications" | "ocr"],
        ) => respond(StatusCode::METHOD_NOT_ALLOWED, &json!({"detail": "Method Not Allowed"})),
        (_, [first, ..]) if *first != "v1" => {
            respond(StatusCode::NOT_FOUND, &json!({"message": "no Route matched with those values"}))
        }
        _ => respond(StatusCode::NOT_FOUND, &json!({"detail": "Not Found"})),
    }
}

/// What the routes of files, batches and sound say, as an answer.
fn said(state: &State, said: files::Said) -> Reply {
    match said {
        files::Said::Json(status, body) => with_ids(body.to_string().as_bytes(), respond(status, &body)),
        files::Said::File(content) => with_ids(b"file", file(content)),
        files::Said::Events(events) => {
            let named = |event: &Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or("message"));
            with_ids(b"events", streamed(events.iter().map(|event| named(event).into()).collect(), state.pace))
        }
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

/// A chat, an agent's too, or code to fill in: `operations` are the names of the two forms of the answer, whole and streamed.
async fn complete(state: &State, request: Request<Incoming>, operations: [&'static str; 2]) -> Reply {
    let Asked { body, request, report } = match check(state, request, operations, &[]).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let answer = Answer::to(&request, &report);
    if request["stream"] == json!(true) {
        return with_ids(&body, streamed(stream::events(&answer), state.pace));
    }
    counted(state, &body, &answer.completion(), answer.total_tokens())
}

/// Texts as vectors.
async fn embed(state: &State, request: Request<Incoming>) -> Reply {
    match check(state, request, ["embeddings", "embeddings"], &[]).await {
        Ok(Asked { body, request, report }) => {
            let answer = embeddings::answer(&request, &report);
            counted(state, &body, &answer, answer["usage"]["total_tokens"].as_u64().unwrap_or_default())
        }
        Err(refused) => refused,
    }
}

/// Texts or conversations, judged.
async fn judge(state: &State, request: Request<Incoming>, operation: &'static str) -> Reply {
    match check(state, request, [operation, operation], &[]).await {
        Ok(Asked { body, request, report }) => {
            let answer = if operation.starts_with("moderation") {
                classifiers::moderated(&request)
            } else {
                classifiers::classified(&request)
            };
            counted(state, &body, &answer, report.estimate.as_ref().map_or(1, |estimate| estimate.prompt_tokens.low.max(1)))
        }
        Err(refused) => refused,
    }
}

/// An answer with the headers of the rate limits.
fn counted(state: &State, body: &[u8], answer: &Value, tokens: u64) -> Reply {
    let mut reply = with_ids(body, respond(StatusCode::OK, answer));
    for (name, value) in state.limits.count(tokens) {
        reply.headers_mut().insert(name, HeaderValue::from(value));
    }
    reply
}
