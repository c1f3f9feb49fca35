//! Which operation a request asks for, and what to say when there is none of that name.

use super::findings::{Draft, Findings};
use super::shape::ObjectShape;
use super::walk::join;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::shapes::request_shape;
use crate::json::{Path, Value};
use crate::suggest::{nearest, shown};

/// What can be checked and built.
const KNOWN: [&str; 4] = ["chat", "chat_stream", "fim", "fim_stream"];

/// What the provider offers besides, and this version does not check or build.
const LATER: [&str; 17] = [
    "agents",
    "agents_stream",
    "audio_speech",
    "audio_transcription",
    "audio_transcription_stream",
    "batch_create",
    "chat_classification",
    "chat_moderation",
    "classification",
    "conversations_append",
    "conversations_start",
    "embeddings",
    "files_upload",
    "models_list",
    "models_retrieve",
    "moderation",
    "ocr",
];

/// The operation of a request: `operation`, else `chat_stream` where `stream` is true, as in a body of the API, else `chat`.
pub(crate) fn operation<'r>(request: &'r Value<'_>) -> &'r str {
    match request.get("operation") {
        Some(Value::String(name)) => name,
        _ if request.get("stream").and_then(Value::as_bool) == Some(true) => "chat_stream",
        _ => "chat",
    }
}

/// Refuses an operation that exists and is not built yet.
pub(super) fn known(request: &Value<'_>) -> Result<()> {
    let name = operation(request);
    if LATER.contains(&name) {
        let message = format!("the operation `{name}` is not supported yet; there are {}", join(&KNOWN, '`', "and"));
        return Err(Error::new(ErrorKind::Unsupported, message).with_path("operation"));
    }
    Ok(())
}

/// The table of the request's form; without one, says why.
pub(super) fn table(request: &Value<'_>, out: &mut Findings<'_>) -> Option<&'static ObjectShape> {
    let name = operation(request);
    let root = Path::root();
    let path = root.key("operation");
    if let Some(table) = request_shape(name) {
        let stream = request.get("stream").and_then(Value::as_bool);
        let named = request.get("operation").and_then(Value::as_str).is_some();
        if named && stream.is_some_and(|stream| stream != name.ends_with("_stream")) {
            let message = format!("`stream` contradicts the operation, `{name}`");
            out.add(&root.key("stream"), Draft::new("stream_field", message).hint("leave `stream` out: the operation decides"));
        }
        return Some(table);
    }
    let hint = match nearest(name, KNOWN.into_iter().chain(LATER)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", join(&KNOWN, '`', "and")),
    };
    out.add(&path, Draft::new("unknown_operation", format!("no operation {}", shown(name))).hint(hint));
    None
}
