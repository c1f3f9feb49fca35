//! Tool calls in the conversation, and the results that answer them: number, ids, names, arguments.

use std::fmt::{self, Write as _};

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::messages::{Role, Turn};
use super::names::Names;
use crate::json::{Path, Value, is_json};
use crate::suggest::shown;

/// The calls of the last assistant message, and the results since.
struct Open<'v> {
    message: usize,
    ids: Names<'v>,
    calls: usize,
    /// Whether the id at each place is answered; of those that stand twice, the last place counts.
    answered: Vec<bool>,
    results: usize,
}

impl Open<'_> {
    fn is_answered(&self, id: &str) -> bool {
        self.ids.last(id).is_some_and(|at| self.answered[at])
    }
}

/// Follows calls and results through the messages.
pub(super) struct Calls<'v> {
    open: Option<Open<'v>>,
    /// Whether ids must be nine letters or digits.
    nine: bool,
    before: Option<Role>,
}

impl<'v> Calls<'v> {
    pub(super) fn new(nine: bool) -> Calls<'v> {
        Calls { open: None, nine, before: None }
    }

    /// Takes the next message; `path` is its own, `messages` that of the array.
    pub(super) fn next(&mut self, turn: &Turn<'v>, path: &Path<'_>, messages: &Path<'_>, out: &mut Findings<'_>) {
        if turn.role == Role::Tool {
            self.result(turn, path, out);
        } else {
            self.close(None, messages, out);
            if !turn.calls.is_empty() {
                self.calls(turn, path, out);
            }
        }
        self.before = Some(turn.role);
    }

    /// Ends a round of calls: as many results as calls. `end` is the number of messages, when there are no more.
    pub(super) fn close(&mut self, end: Option<usize>, messages: &Path<'_>, out: &mut Findings<'_>) {
        let Some(open) = self.open.take() else { return };
        // Calls of the very last message are the business of `last_message`.
        if open.results != open.calls && end != Some(open.message + 1) {
            unanswered(&open, messages, out);
        }
    }

    #[inline(never)]
    fn calls(&mut self, turn: &Turn<'v>, path: &Path<'_>, out: &mut Findings<'_>) {
        let below = path.key("tool_calls");
        let ids = Names::new(&mut turn.calls.iter().filter_map(id_of));
        let mut nth = 0;
        for (at, call) in turn.calls.iter().enumerate() {
            let path = below.index(at);
            match call.get("id") {
                None if call.as_object().is_some() => missing_id(&path.key("id"), out),
                Some(Value::String(id)) if id.is_empty() || id == "null" => missing_id(&path.key("id"), out),
                Some(Value::String(id)) => {
                    if ids.earlier(nth).is_some() {
                        duplicate(id, "assistant message", &path.key("id"), out);
                    } else if self.nine && !is_nine(id) {
                        not_nine(id, &path.key("id"), out);
                    }
                    nth += 1;
                }
                _ => {}
            }
            function(call, &path, out);
        }
        let answered = vec![false; ids.all().len()];
        self.open = Some(Open { message: turn.index, ids, calls: turn.calls.len(), answered, results: 0 });
    }

    #[inline(never)]
    fn result(&mut self, turn: &Turn<'v>, path: &Path<'_>, out: &mut Findings<'_>) {
        if let Some(Value::String(name)) = turn.name {
            function_name(name, &path.key("name"), out);
        }
        let below = path.key("tool_call_id");
        let id = match turn.call {
            None | Some(Value::Null) => "",
            Some(Value::String(id)) => id,
            Some(_) => return,
        };
        // After a user's message the order is what is wrong; the message as a whole is out of place.
        if matches!(self.before, Some(Role::User | Role::System)) {
            return;
        }
        let known = self.open.as_ref().and_then(|open| open.ids.last(id));
        if let Some(open) = &mut self.open {
            if let Some(at) = known
                && std::mem::replace(&mut open.answered[at], true)
            {
                return duplicate(id, "tool results", &below, out);
            }
            open.results += 1;
        }
        if id.is_empty() || id == "null" {
            missing_id(&below, out);
        } else if known.is_none() {
            orphan(id, &below, out);
        }
    }
}

#[cold]
#[inline(never)]
fn unanswered(open: &Open<'_>, messages: &Path<'_>, out: &mut Findings<'_>) {
    let message = format_args!("{}, but {}", count(open.calls, "tool call"), count(open.results, "result"));
    let hint = fmt::from_fn(|f| {
        let mut missing = open.ids.all().iter().filter(|id| !open.is_answered(id)).take(3);
        let Some(first) = missing.next() else { return f.write_str("every tool call is answered by one tool message") };
        write!(f, "add a tool message for {}", shown(first))?;
        missing.try_for_each(|id| write!(f, ", {}", shown(id)))
    });
    let fault = Fault::rule("invalid_request_message_order", "Not the same number of function calls and responses");
    let at = messages.index(open.message);
    out.add(&at.key("tool_calls"), Draft::new(rule!("tool_call_count"), message).hint(format_args!("{hint}")).fault(fault));
}

fn count(n: usize, what: &str) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{n} {what}{}", if n == 1 { "" } else { "s" }))
}

/// The id of a call, if it has one.
fn id_of<'v>(call: &'v Value<'_>) -> Option<&'v str> {
    call.get("id")?.as_str().filter(|id| !id.is_empty() && *id != "null")
}

#[cold]
#[inline(never)]
fn missing_id(path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule("invalid_request_error", "Tool call id has to be defined.");
    let draft = Draft::new(rule!("missing_tool_call_id"), format_args!("a tool call and its result need an id"));
    out.add(path, draft.hint(format_args!("give both the same nine letters or digits")).fault(fault));
}

#[cold]
#[inline(never)]
fn duplicate(id: &str, place: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule("invalid_request_error", format_args!("Duplicate tool call id {id} in {place}"));
    let message = format_args!("the tool-call id {} stands twice", shown(id));
    out.add(path, Draft::new(rule!("duplicate_tool_call_id"), message).fault(fault));
}

#[cold]
#[inline(never)]
fn orphan(id: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule("invalid_request_error", format_args!("Unexpected tool call id {id} in tool results"));
    let message = format_args!("no tool call before this has the id {}", shown(id));
    let hint = format_args!("a tool message answers a call of the assistant message before it");
    out.add(path, Draft::new(rule!("orphan_tool_result"), message).hint(hint).fault(fault));
}

/// Whether an id is nine letters or digits.
pub(super) fn is_nine(id: &str) -> bool {
    id.len() == 9 && id.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

#[cold]
#[inline(never)]
fn not_nine(id: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule(
        "invalid_function_call",
        format_args!("Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9."),
    );
    let message = format_args!("the tool-call id {} is not nine letters or digits", shown(id));
    let hint = format_args!("ask for the repair `tool_call_ids`, which maps ids of other providers");
    out.add(path, Draft::new(rule!("tool_call_id"), message).hint(hint).fault(fault));
}

fn function(call: &Value<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let Some(function) = call.get("function").and_then(Value::as_object) else { return };
    let below = path.key("function");
    if let Some(Value::String(name)) = function.get("name") {
        function_name(name, &below.key("name"), out);
    }
    if let Some(Value::String(text)) = function.get("arguments") {
        // Reads without keeping anything. An empty string stands for no arguments in many answers.
        if !text.is_empty() && !is_json(text) {
            let draft = Draft::new(
                rule!("tool_arguments"),
                format_args!("the arguments are no JSON; the answer they come from was cut off"),
            )
            .hint(format_args!("ask again with a higher `max_tokens`, or leave the call out"));
            out.add(&below.key("arguments"), draft);
        }
    }
}

/// A function's name: 1 to 64 letters, digits, underscores or dashes.
pub(super) fn function_name(name: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !(1..=64).contains(&name.len()) || !name.bytes().all(letter) {
        bad_function_name(name, path, out);
    }
}

#[cold]
#[inline(never)]
fn bad_function_name(name: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let said = fmt::from_fn(|f| {
        let name: String = name.chars().take(256).collect();
        write!(
            f,
            "Function name was {name} but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64."
        )
    });
    let message = format_args!("the function name {} is not 1 to 64 letters, digits, `_` or `-`", shown(name));
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let hint = fmt::from_fn(|f| {
        if name.is_empty() {
            return Ok(());
        }
        f.write_char('`')?;
        name.chars().take(64).try_for_each(|c| f.write_char(plain(c)))?;
        f.write_str("` would do")
    });
    let fault = Fault::rule("invalid_request_error", said);
    out.add(path, Draft::new(rule!("function_name"), message).hint(format_args!("{hint}")).fault(fault));
}
