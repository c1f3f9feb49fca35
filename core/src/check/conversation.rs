//! What a conversation asks for: who answers, what goes in, how the answers are made, which tools.

use super::findings::{Draft, Findings, rule};
use super::names::Names;
use super::{content, format, model, sampling, tools};
use crate::catalogue::ModelRow;
use crate::json::{Object, Path, Value};
use crate::suggest::shown;

/// The chunks that an entry of a conversation takes.
const CHUNKS: [&str; 6] = ["text", "image_url", "document_url", "tool_file", "thinking", "tool_reference"];

/// Looks at a request that begins a conversation. `row` is absent for a model that the catalogue does not know.
#[inline(never)]
pub(super) fn start(request: &Object<'_>, row: Option<&ModelRow>, out: &mut Findings<'_>) {
    let root = Path::root();
    target(request, out);
    if is_nothing(request.get("inputs")) {
        nothing_to_answer(&root.key("inputs"), out);
    }
    inputs(request, true, &root, out);
    let list = request.get("tools").and_then(Value::as_array).unwrap_or_default();
    tools::in_conversation(list, &root.key("tools"), out);
    if let Some(row) = row {
        model::in_conversation(request, row, &root, out);
    }
    args(request, &root, out);
}

/// Looks at a request that goes on with a conversation.
#[inline(never)]
pub(super) fn go_on(request: &Object<'_>, out: &mut Findings<'_>) {
    let root = Path::root();
    inputs(request, false, &root, out);
    args(request, &root, out);
}

/// Whether a request that appends to a conversation says anything.
#[inline(never)]
pub(super) fn append(request: &Object<'_>, out: &mut Findings<'_>) {
    let confirms = request.get("tool_confirmations").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if is_nothing(request.get("inputs")) && !confirms {
        nothing_to_answer(&Path::root().key("inputs"), out);
    }
    go_on(request, out);
}

fn is_nothing(inputs: Option<&Value<'_>>) -> bool {
    match inputs {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(entries)) => entries.is_empty(),
        Some(_) => false,
    }
}

fn nothing_to_answer(path: &Path<'_>, out: &mut Findings<'_>) {
    let draft = Draft::new(rule!("empty_inputs"), format_args!("nothing goes into the conversation: there is nothing to answer"));
    out.add(path, draft.hint(format_args!("give a text, or entries")));
}

/// Who answers: a model or an agent.
fn target(request: &Object<'_>, out: &mut Findings<'_>) {
    let says = |key: &str| !matches!(request.get(key), None | Some(Value::Null));
    match (says("model"), says("agent_id")) {
        (false, false) => {
            let draft =
                Draft::new(rule!("conversation_target"), format_args!("a conversation needs a model or an agent to answer"));
            out.at("model", draft.hint(format_args!("add `model`, or `agent_id`")));
        }
        (true, true) => {
            let message = format_args!("a conversation is with a model or with an agent; this one names both");
            out.at("model", Draft::new(rule!("conversation_two_targets"), message).hint(format_args!("leave one of them out")));
        }
        _ => {}
    }
    if says("agent_version") && !says("agent_id") {
        let message = format_args!("`agent_version` is the version of an agent, and none is named");
        out.at("agent_version", Draft::new(rule!("agent_version_without_agent"), message).hint(format_args!("add `agent_id`")));
    }
}

/// Entries one by one, and results against the calls before them.
fn inputs(request: &Object<'_>, from_the_beginning: bool, root: &Path<'_>, out: &mut Findings<'_>) {
    let entries = request.get("inputs").and_then(Value::as_array).unwrap_or_default();
    let path = root.key("inputs");
    let ids = |results: bool| {
        let of_kind = entries.iter().filter(move |entry| entry.get("result").is_some() == results);
        Names::new(&mut of_kind.filter_map(|entry| entry.get("tool_call_id")?.as_str()))
    };
    let (calls, results) = (ids(false), ids(true));
    // How many of each there were before this entry.
    let (mut called, mut answered) = (0, 0);
    for (at, entry) in entries.iter().enumerate() {
        let path = path.index(at);
        chunks(entry, &path, out);
        let Some(id) = entry.get("tool_call_id").and_then(Value::as_str) else { continue };
        let path = path.key("tool_call_id");
        if entry.get("result").is_none() {
            called += 1;
            continue;
        }
        answered += 1;
        if results.earlier(answered - 1).is_some() {
            let message = format_args!("the call {} is answered twice", shown(id));
            out.add(
                &path,
                Draft::new(rule!("duplicate_function_result"), message).hint(format_args!("give each call one result")),
            );
        } else if from_the_beginning && calls.last_before(called, id).is_none() {
            let message = format_args!("no call before this has the id {}", shown(id));
            let hint = format_args!(
                "put the `function.call` entry before it, or append the result to the conversation that made the call"
            );
            out.add(&path, Draft::new(rule!("orphan_function_result"), message).hint(hint));
        }
    }
}

fn chunks(entry: &Value<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let below = path.key("content");
    for (at, chunk) in entry.get("content").and_then(Value::as_array).unwrap_or_default().iter().enumerate() {
        let path = below.index(at);
        content::address(chunk, &path, out);
        let Some(kind) = chunk.get("type").and_then(Value::as_str) else { continue };
        // Of a type that is not known here at all, the walk over the form says so.
        if !CHUNKS.contains(&kind) && content::is_known(kind) {
            let message = format_args!("a chunk of type `{kind}` goes into a chat, not into a conversation");
            let hint = match kind {
                "file" => "give the document's address as `document_url`; a signed URL of the file will do",
                _ => "",
            };
            out.add(&path, Draft::new(rule!("entry_chunk"), message).hint(format_args!("{hint}")));
        }
    }
}

/// How the answers are made: what a chat has in its own fields.
fn args(request: &Object<'_>, root: &Path<'_>, out: &mut Findings<'_>) {
    let Some(args) = request.get("completion_args").and_then(Value::as_object) else { return };
    let path = root.key("completion_args");
    sampling::greedy(args, &path, out);
    if let Some(Value::Object(format)) = args.get("response_format") {
        format::schema_of(format, &path.key("response_format"), out);
    }
    let model_alone = request.get("model").is_some() && matches!(request.get("tools"), None | Some(Value::Null));
    let forces = matches!(args.get("tool_choice").and_then(Value::as_str), Some("any" | "required"));
    // An agent brings tools of its own, and a conversation keeps those that it began with.
    if model_alone && forces {
        let draft =
            Draft::new(rule!("tool_choice_without_tools"), format_args!("`tool_choice` asks for a call, but there are no tools"));
        out.add(&path.key("tool_choice"), draft.hint(format_args!("add `tools`, or leave `tool_choice` out")));
    }
}
