//! `/v1/conversations`: begun, continued, begun anew, looked at and deleted, all in memory.

mod events;
mod outputs;
mod store;

use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::checked::{Asked, check};
use crate::reply::{Reply, nothing, respond, streamed, with_ids};
use crate::sample;
use crate::server::State;

use store::{Conversation, Missing};
pub(crate) use store::{Conversations, decoded};

/// What is asked below `/v1/conversations`; `rest` are the parts of the path behind it.
pub(crate) async fn route(state: &State, rest: &[&str], request: Request<Incoming>) -> Reply {
    let conversations = &state.conversations;
    match (request.method(), rest) {
        (&Method::POST, []) => start(state, request).await,
        (&Method::GET, []) => respond(StatusCode::OK, &conversations.list(request.uri().query().unwrap_or_default())),
        (&Method::POST, [id]) => append(state, id, request).await,
        (&Method::POST, [id, "restart"]) => restart(state, id, request).await,
        (&Method::GET, [id]) => look(conversations, id, |conversation| conversation.info.clone()),
        (&Method::GET, [id, "history"]) => look(
            conversations,
            id,
            |conversation| json!({"object": "conversation.history", "conversation_id": id, "entries": conversation.entries}),
        ),
        (&Method::GET, [id, "messages"]) => look(conversations, id, |conversation| {
            let messages: Vec<&Value> = conversation.entries.iter().filter(|entry| is_message(entry)).collect();
            json!({"object": "conversation.messages", "conversation_id": id, "messages": messages})
        }),
        (&Method::DELETE, [id]) => match conversations.delete(id) {
            true => nothing(),
            false => missing(id),
        },
        (_, [] | [_] | [_, "history" | "messages" | "restart"]) => {
            respond(StatusCode::METHOD_NOT_ALLOWED, &json!({"detail": "Method Not Allowed"}))
        }
        _ => respond(StatusCode::NOT_FOUND, &json!({"detail": "Not Found"})),
    }
}

fn is_message(entry: &Value) -> bool {
    entry["type"].as_str().is_some_and(|kind| kind.starts_with("message."))
}

fn look(conversations: &Conversations, id: &str, what: impl FnOnce(&Conversation) -> Value) -> Reply {
    conversations.look(id, what).map_or_else(|| missing(id), |found| respond(StatusCode::OK, &found))
}

fn missing(id: &str) -> Reply {
    respond(StatusCode::NOT_FOUND, &json!({"detail": format!("Conversation {id} was not found.")}))
}

async fn start(state: &State, request: Request<Incoming>) -> Reply {
    const OPERATIONS: [&str; 2] = ["conversations_start", "conversations_start_stream"];
    let asked = match check(state, request, OPERATIONS, &[]).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let conversation = Conversation::new(&state.conversations.next_id(), &asked.request);
    answer(state, conversation, asked)
}

async fn append(state: &State, id: &str, request: Request<Incoming>) -> Reply {
    const OPERATIONS: [&str; 2] = ["conversations_append", "conversations_append_stream"];
    let asked = match check(state, request, OPERATIONS, &[("conversation_id", id)]).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    match state.conversations.look(id, Conversation::clone) {
        Some(conversation) => answer(state, conversation, asked),
        None => missing(id),
    }
}

async fn restart(state: &State, id: &str, request: Request<Incoming>) -> Reply {
    const OPERATIONS: [&str; 2] = ["conversations_restart", "conversations_restart_stream"];
    let asked = match check(state, request, OPERATIONS, &[("conversation_id", id)]).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let Some(before) = state.conversations.look(id, Conversation::clone) else { return missing(id) };
    let entry = asked.request["from_entry_id"].as_str().unwrap_or_default();
    match before.up_to(entry, &state.conversations.next_id(), &asked.request) {
        Ok(conversation) => answer(state, conversation, asked),
        Err(Missing) => respond(StatusCode::NOT_FOUND, &json!({"detail": format!("Entry {entry} was not found.")})),
    }
}

/// The answer to a conversation that is begun in a batch and not kept; or the refusal's body.
pub(crate) fn once(request: &Value) -> Result<Value, Value> {
    let mut conversation = Conversation::new(&format!("conv_{}", sample::hex(request.to_string().as_bytes(), 32)), request);
    let orphan = |orphan| refusal(&format!("Unexpected tool call id {orphan} in tool results"));
    conversation.add_inputs(request).map_err(orphan)?;
    let outputs = outputs::of(&mut conversation, request);
    let usage = outputs::usage(&conversation, &outputs);
    Ok(response(&conversation.id(), &outputs, &usage))
}

fn response(id: &str, outputs: &[Value], usage: &Value) -> Value {
    json!({"object": "conversation.response", "conversation_id": id, "outputs": outputs, "usage": usage})
}

/// Adds what was asked to a conversation, answers it, and keeps both unless the request says otherwise.
fn answer(state: &State, mut conversation: Conversation, Asked { body, request, .. }: Asked) -> Reply {
    if let Err(orphan) = conversation.add_inputs(&request) {
        return with_ids(&body, refuse(&format!("Unexpected tool call id {orphan} in tool results")));
    }
    let outputs = outputs::of(&mut conversation, &request);
    let usage = outputs::usage(&conversation, &outputs);
    conversation.entries.extend(outputs.iter().cloned());
    let id = conversation.id();
    if request["store"] != json!(false) {
        state.conversations.keep(conversation);
    }
    if request["stream"] == json!(true) {
        return with_ids(&body, streamed(events::of(&id, &outputs, &usage), state.pace));
    }
    with_ids(&body, respond(StatusCode::OK, &response(&id, &outputs, &usage)))
}

fn refuse(message: &str) -> Reply {
    respond(StatusCode::BAD_REQUEST, &refusal(message))
}

fn refusal(message: &str) -> Value {
    json!({"object": "error", "message": message, "type": "invalid_request_error", "param": null, "code": null,
        "raw_status_code": 400})
}
