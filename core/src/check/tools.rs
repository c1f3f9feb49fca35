//! The tools of a request, and the choice among them.

use std::fmt;

use super::calls::function_name;
use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::names::Names;
use super::schema;
use crate::json::{Object, Path, Value};
use crate::suggest::{nearest, shown};

/// How many tools a request may carry.
const MOST_TOOLS: usize = 128;

/// Looks at `tools` and `tool_choice`.
pub(super) fn check(request: &Object<'_>, out: &mut Findings<'_>) {
    let root = Path::root();
    let tools = request.get("tools").and_then(Value::as_array).unwrap_or_default();
    if !tools.is_empty() {
        in_chat(tools, &root.key("tools"), out);
    }
    if let Some(choice) = request.get("tool_choice") {
        choose(choice, tools, request, &root.key("tool_choice"), out);
    }
}

#[inline(never)]
fn in_chat(tools: &[Value<'_>], path: &Path<'_>, out: &mut Findings<'_>) {
    for (at, tool) in tools.iter().enumerate() {
        if let Some(kind @ ("web_search" | "web_search_premium" | "code_interpreter")) = tool.get("type").and_then(Value::as_str)
        {
            let message = format_args!("the tool `{kind}` works in conversations and agents, not in a chat");
            out.add(&path.index(at), Draft::new(rule!("conversations_only_tool"), message));
        }
    }
    list(tools, path, out);
}

/// Looks at the tools of a conversation, where the provider's own tools are at home.
pub(super) fn in_conversation(tools: &[Value<'_>], path: &Path<'_>, out: &mut Findings<'_>) {
    list(tools, path, out);
}

#[inline(never)]
fn list(tools: &[Value<'_>], path: &Path<'_>, out: &mut Findings<'_>) {
    if tools.len() > MOST_TOOLS {
        let message = format_args!("{} tools, but a request carries at most {MOST_TOOLS}", tools.len());
        out.add(path, Draft::new(rule!("too_many_tools"), message));
    }
    let names = Names::new(&mut tools.iter().filter_map(name_of));
    let mut named = 0;
    for (at, tool) in tools.iter().enumerate() {
        let path = path.index(at);
        if let Some(Value::Array(libraries)) = tool.get("library_ids")
            && libraries.is_empty()
        {
            let path = path.key("library_ids");
            let fault = Fault::form("too_short", &path, "List should have at least 1 item after validation, not 0");
            let draft =
                Draft::new(rule!("no_libraries"), format_args!("a `document_library` needs at least one library to search"));
            out.add(&path, draft.hint(format_args!("name a library, or leave the tool out")).fault(fault));
        }
        let Some(function) = tool.get("function").and_then(Value::as_object) else { continue };
        let below = path.key("function");
        if let Some(Value::String(name)) = function.get("name") {
            function_name(name, &below.key("name"), out);
            if names.earlier(named).is_some() {
                let message = format_args!("two tools are called {}", shown(name));
                out.add(&below.key("name"), Draft::new(rule!("duplicate_tool_name"), message));
            }
            named += 1;
        }
        if let Some(parameters @ Value::Object(object)) = function.get("parameters") {
            let below = below.key("parameters");
            schema::check(parameters, rule!("tool_schema"), &below, out);
            if !schema::is_of_an_object(object) {
                let message = format_args!(
                    "the parameters of a function are an object of named arguments; this schema is of something else"
                );
                out.add(
                    &below,
                    Draft::new(rule!("tool_schema_object"), message).hint(format_args!("put it into `properties` under a name")),
                );
            }
        }
    }
}

fn name_of<'v>(tool: &'v Value<'_>) -> Option<&'v str> {
    tool.get("function")?.get("name")?.as_str()
}

#[inline(never)]
fn choose(choice: &Value<'_>, tools: &[Value<'_>], request: &Object<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let named = choice.get("function").and_then(|function| function.get("name")).and_then(Value::as_str);
    let forces = named.is_some() || matches!(choice.as_str(), Some("any" | "required"));
    if tools.is_empty() {
        // Tools of the wrong type are a fault of form.
        if forces && matches!(request.get("tools"), None | Some(Value::Null | Value::Array(_))) {
            let draft = Draft::new(
                rule!("tool_choice_without_tools"),
                format_args!("`tool_choice` asks for a call, but there are no tools"),
            );
            out.add(path, draft.hint(format_args!("add `tools`, or leave `tool_choice` out")));
        }
        return;
    }
    let Some(named) = named else { return };
    let names = || tools.iter().filter_map(name_of);
    if names().any(|name| name == named) {
        return;
    }
    let below = path.key("function");
    let message = format_args!("there is no tool {} to choose", shown(named));
    let meant = nearest(named, names());
    let hint = fmt::from_fn(|f| meant.map_or(Ok(()), |meant| write!(f, "did you mean {}?", shown(meant))));
    out.add(&below.key("name"), Draft::new(rule!("tool_choice_missing"), message).hint(format_args!("{hint}")));
}
