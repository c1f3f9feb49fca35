//! Which operation a request asks for, and what to say when there is none of that name.

use super::findings::{Draft, Findings, rule};
use super::shape::{Table, request_shape};
use super::walk::join;
use crate::json::{Path, Value};
use crate::operation::{OPERATIONS, Operation};
use crate::suggest::{did_you_mean, nearest, shown};

/// The operation of a request: `operation`, else `chat_stream` where `stream` is true, as in a body of the API, else `chat`.
pub(crate) fn operation<'r>(request: &'r Value<'_>) -> &'r str {
    match request.get("operation") {
        Some(Value::String(name)) => name,
        _ if request.get("stream").and_then(Value::as_bool) == Some(true) => "chat_stream",
        _ => "chat",
    }
}

/// The table of the request's form; without one, says why.
pub(super) fn table(request: &Value<'_>, out: &mut Findings<'_>) -> Option<Table> {
    let name = operation(request);
    let root = Path::root();
    let path = root.key("operation");
    if let Some(table) = request_shape(name) {
        contradiction(request, name, Operation::named(name).is_some_and(Operation::streams), out);
        return Some(table);
    }
    let names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
    let message = format_args!("no operation {}", shown(name));
    let draft = Draft::new(rule!("unknown_operation"), message);
    match nearest(name, names.iter().copied()) {
        meant @ Some(_) => out.add(&path, draft.hint(format_args!("{}", did_you_mean(meant)))),
        None => out.add(&path, draft.hint(format_args!("there are {}", join(&names, '`', "and")))),
    }
    None
}

/// `stream` must not say otherwise than the operation that is named.
pub(super) fn contradiction(request: &Value<'_>, name: &str, streams: bool, out: &mut Findings<'_>) {
    let stream = request.get("stream").and_then(Value::as_bool);
    let named = request.get("operation").and_then(Value::as_str).is_some();
    if named && stream.is_some_and(|stream| stream != streams) {
        let message = format_args!("`stream` contradicts the operation, `{name}`");
        let draft = Draft::new(rule!("stream_field"), message).hint(format_args!("leave `stream` out: the operation decides"));
        out.at("stream", draft);
    }
}
