//! The order of the messages: who may speak after whom, first and last.

use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use crate::json::{Object, Path, Value};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    System,
    User,
    Assistant,
    Tool,
    /// None of these; the walk over the form says so.
    Unknown,
}

impl Role {
    pub(super) fn of(message: &Object<'_>) -> Role {
        message.get("role").map_or(Role::Unknown, Role::named)
    }

    fn named(name: &Value<'_>) -> Role {
        // The first letter tells them apart.
        let Some(name) = name.as_str() else { return Role::Unknown };
        let role = match name.as_bytes().first() {
            Some(b'u') => Role::User,
            Some(b'a') => Role::Assistant,
            Some(b't') => Role::Tool,
            _ => Role::System,
        };
        if name == role.name() { role } else { Role::Unknown }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
            Role::Unknown => "unknown",
        }
    }

    /// With the article, for messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Role::System => "a system message",
            Role::User => "a user message",
            Role::Assistant => "an assistant message",
            Role::Tool => "a tool message",
            Role::Unknown => "a message",
        }
    }
}

/// One message, looked at once.
#[derive(Clone, Copy)]
pub(super) struct Turn<'v> {
    pub(super) index: usize,
    pub(super) role: Role,
    pub(super) object: &'v Object<'v>,
    pub(super) content: Option<&'v Value<'v>>,
    /// The tool calls; empty when there are none.
    pub(super) calls: &'v [Value<'v>],
    /// The name of the function whose result it is.
    pub(super) name: Option<&'v Value<'v>>,
    /// The id of the call whose result it is.
    pub(super) call: Option<&'v Value<'v>>,
    prefix: bool,
}

impl<'v> Turn<'v> {
    /// The message at an index; `None` when it is no object. Of fields that stand twice the last one counts.
    pub(super) fn new(index: usize, message: &'v Value<'v>) -> Option<Turn<'v>> {
        let object = message.as_object()?;
        let mut turn =
            Turn { index, role: Role::Unknown, object, content: None, calls: &[], name: None, call: None, prefix: false };
        for (key, value) in object.iter() {
            match key {
                _ if is(key, "role") => turn.role = Role::named(value),
                _ if is(key, "content") => turn.content = Some(value),
                _ if is(key, "tool_calls") => turn.calls = value.as_array().unwrap_or_default(),
                _ if is(key, "tool_call_id") => turn.call = Some(value),
                _ if is(key, "name") => turn.name = Some(value),
                _ if is(key, "prefix") => turn.prefix = value.as_bool() == Some(true),
                _ => {}
            }
        }
        if turn.role != Role::Assistant {
            (turn.calls, turn.prefix) = (&[], false);
        }
        Some(turn)
    }
}

/// Whether a name is the one that is meant. Most differ in their length, and need not be compared letter by letter.
#[inline(always)]
fn is(name: &str, meant: &str) -> bool {
    name.len() == meant.len() && name == meant
}

const KIND: &str = "invalid_request_message_order";
/// The type under which errors come whose own type nobody has seen.
const UNKNOWN_KIND: &str = "invalid_request_error";

/// The order of a conversation, message by message.
pub(super) struct Order {
    count: usize,
    before: Option<Role>,
}

impl Order {
    pub(super) fn new(messages: &[Value<'_>], path: &Path<'_>, out: &mut Findings<'_>) -> Order {
        if messages.is_empty() {
            no_messages(path, out);
        }
        Order { count: messages.len(), before: None }
    }

    /// Takes the next message; `None` for one that is no object.
    pub(super) fn next(&mut self, turn: Option<&Turn<'_>>, path: &Path<'_>, out: &mut Findings<'_>) {
        let Some(turn) = turn else {
            self.before = None;
            return;
        };
        let last = turn.index + 1 == self.count;
        if let Some(before) = self.before
            && !may_follow(before, turn.role)
        {
            misplaced(before, turn.role, path, out);
        }
        if turn.prefix && !last {
            prefix_before_the_end(path, out);
        }
        if last {
            ends(turn, self.count, path, out);
        }
        self.before = Some(turn.role);
    }
}

#[cold]
#[inline(never)]
fn no_messages(path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule(UNKNOWN_KIND, "Conversation must have at least one message");
    let message = format_args!("a conversation needs at least one message");
    let hint = format_args!("add `{{\"role\": \"user\", \"content\": \"…\"}}`");
    out.add(path, Draft::new(rule!("no_messages"), message).hint(hint).fault(fault));
}

#[cold]
#[inline(never)]
fn prefix_before_the_end(path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule(UNKNOWN_KIND, "Assistant message with prefix True must be last message");
    let message = format_args!("only the last message may have `prefix`: it is what the model continues");
    out.add(&path.key("prefix"), Draft::new(rule!("prefix_position"), message).fault(fault));
}

fn may_follow(before: Role, role: Role) -> bool {
    !matches!((before, role), (Role::System | Role::User, Role::Tool) | (Role::Assistant | Role::Tool, Role::System))
}

#[cold]
#[inline(never)]
fn misplaced(before: Role, role: Role, path: &Path<'_>, out: &mut Findings<'_>) {
    let hint = match role {
        Role::Tool => "a tool message answers the tool calls of the assistant message before it",
        _ => "put system messages first, or ask for the repair `message_order`",
    };
    let fault = Fault::rule(KIND, format_args!("Unexpected role '{}' after role '{}'", role.name(), before.name()));
    let message = format_args!("{} cannot follow {}", role.noun(), before.noun());
    out.add(path, Draft::new(rule!("message_order"), message).hint(format_args!("{hint}")).fault(fault));
}

/// Looks at the last of `count` messages.
fn ends(turn: &Turn<'_>, count: usize, path: &Path<'_>, out: &mut Findings<'_>) {
    match turn.role {
        Role::Assistant | Role::Tool if count == 1 => alone(turn.role, path, out),
        Role::Assistant if !turn.prefix => nothing_to_answer(turn, path, out),
        Role::System => {
            let message = format_args!("the last message is a system message: what the server makes of it is not documented");
            out.add(path, Draft::new(rule!("last_system_message"), message).hint(format_args!("add a user message")));
        }
        _ => {}
    }
}

#[cold]
#[inline(never)]
fn alone(role: Role, path: &Path<'_>, out: &mut Findings<'_>) {
    let fault = Fault::rule(UNKNOWN_KIND, "Conversation must start with a user message or system message");
    let message = format_args!("a conversation cannot consist of {} alone", role.noun());
    out.add(path, Draft::new(rule!("first_message"), message).hint(format_args!("put a user message before it")).fault(fault));
}

#[cold]
#[inline(never)]
fn nothing_to_answer(turn: &Turn<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let said = "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant";
    let message = format_args!("the last message is the assistant's own: there is nothing to answer");
    let hint = match turn.calls.is_empty() {
        true => "add a user message, or set `prefix` to let the model continue this one",
        false => "answer its tool calls with tool messages",
    };
    out.add(path, Draft::new(rule!("last_message"), message).hint(format_args!("{hint}")).fault(Fault::rule(KIND, said)));
}
