//! The form that the answer shall have.

use memchr::memchr2_iter;

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::schema;
use crate::json::{Object, Path, Value};

/// Looks at `response_format`.
pub(super) fn check(request: &Object<'_>, out: &mut Findings<'_>) {
    if let Some(Value::Object(format)) = request.get("response_format") {
        of_answer(format, request, out);
    }
}

#[inline(never)]
fn of_answer(format: &Object<'_>, request: &Object<'_>, out: &mut Findings<'_>) {
    let root = Path::root();
    let path = root.key("response_format");
    let kind = schema_of(format, &path, out);
    if matches!(kind, "json_object" | "json_schema") {
        forced(request, kind, out);
    }
    if kind == "json_object" && !mentions_json(request) {
        let draft = Draft::new(
            rule!("json_object_prompt"),
            format_args!("`json_object` needs a prompt that asks for JSON, and none does"),
        );
        out.add(&path.key("type"), draft.hint(format_args!("say in a message that the answer shall be JSON")));
    }
}

/// Whether a form has the schema that its type needs, and a sound one; gives the type.
#[inline(never)]
pub(super) fn schema_of<'f>(format: &'f Object<'_>, path: &Path<'_>, out: &mut Findings<'_>) -> &'f str {
    let kind = format.get("type").and_then(Value::as_str).unwrap_or("text");
    let below = path.key("json_schema");
    match (kind, format.get("json_schema")) {
        ("json_schema", None | Some(Value::Null)) => {
            let fault = Fault::rule("invalid_request_error", "Response format `json_schema` must define the schema");
            let draft =
                Draft::new(rule!("json_schema_missing"), format_args!("`json_schema` is asked for, but no schema is given"));
            out.add(&below, draft.hint(format_args!("add `json_schema: {{name, schema}}`")).fault(fault));
        }
        ("text" | "json_object", Some(Value::Object(_))) => {
            let message = format_args!("the schema is not used: the type is `{kind}`");
            out.add(&below, Draft::new(rule!("json_schema_ignored"), message).hint(format_args!("set `type` to `json_schema`")));
        }
        _ => {}
    }
    if let Some(schema) = format.get("json_schema").and_then(|json_schema| json_schema.get("schema")) {
        // Another type than an object is a fault of form.
        if schema.as_object().is_some() {
            schema::check(schema, rule!("response_schema"), &below.key("schema"), out);
        }
    }
    kind
}

fn forced(request: &Object<'_>, kind: &str, out: &mut Findings<'_>) {
    let has_tools = request.get("tools").and_then(Value::as_array).is_some_and(|tools| !tools.is_empty());
    let forces = match request.get("tool_choice") {
        Some(Value::String(choice)) => matches!(choice.as_ref(), "any" | "required"),
        Some(Value::Object(_)) => true,
        _ => false,
    };
    if has_tools && forces {
        let said = format_args!("`{kind}` response type with tools is only compatible with `tool_choice: auto`");
        let message = format_args!("a forced tool call and a `{kind}` answer exclude each other");
        let draft = Draft::new(rule!("forced_tool_with_json"), message)
            .hint(format_args!("set `tool_choice` to `auto`, or `response_format` to `text`"));
        out.at("tool_choice", draft.fault(Fault::rule("invalid_request_error", said)));
    }
}

/// Whether any message says `JSON`, in any case.
fn mentions_json(request: &Object<'_>) -> bool {
    // Messages of the wrong type are a fault of form; nothing is added to it.
    let Some(messages) = request.get("messages").and_then(Value::as_array) else { return true };
    messages.iter().any(|message| match message.get("content") {
        Some(Value::String(text)) => says_json(text),
        Some(Value::Array(chunks)) => chunks.iter().filter_map(|chunk| chunk.get("text")?.as_str()).any(says_json),
        _ => false,
    })
}

fn says_json(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr2_iter(b'j', b'J', bytes).any(|at| bytes.get(at..at + 4).is_some_and(|word| word.eq_ignore_ascii_case(b"json")))
}
