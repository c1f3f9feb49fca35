//! Changes to a request that make it right: each asked for by name, each reported.

use std::collections::BTreeMap;
use std::fmt::Arguments;

use super::calls::is_nine;
use super::messages::Role;
use super::names::{Names, sorted};
use super::report::{Policy, Repair};
use crate::json::{Object, Value};
use crate::suggest::shown;

/// Makes the repairs that the policy asks for, except that of the model, which needs the catalogue.
#[inline(never)]
pub(super) fn repair(request: &mut Value<'_>, policy: &Policy) -> Vec<Repair> {
    let mut done = Vec::new();
    let Some(Value::Array(messages)) = request.as_object_mut().and_then(|request| request.get_mut("messages")) else {
        return done;
    };
    let asked = |name: &str| policy.repair.iter().any(|repair| repair == name);
    if asked("strip_response_fields") {
        strip_response_fields(messages, &mut done);
    }
    if asked("message_order") {
        message_order(messages, &mut done);
    }
    if asked("tool_call_ids") {
        tool_call_ids(messages, &mut done);
    }
    done
}

/// Puts a retired model's replacement into the request.
#[inline(never)]
pub(super) fn retired_model(request: &mut Value<'_>, replacement: &str) -> Option<Repair> {
    let request = request.as_object_mut()?;
    let message = format!("the retired model {} became `{replacement}`", shown(request.get("model")?.as_str()?));
    request.set("model", replacement.to_owned());
    Some(Repair { repair: "retired_model".to_owned(), path: "model".to_owned(), message })
}

/// Takes down what was done.
#[cold]
#[inline(never)]
fn tell(done: &mut Vec<Repair>, repair: &str, path: Arguments<'_>, message: Arguments<'_>) {
    done.push(Repair { repair: repair.to_owned(), path: path.to_string(), message: message.to_string() });
}

/// Fields that answers carry and requests may not, of Mistral and of those that speak OpenAI's dialect.
const ANSWER_FIELDS: [&str; 13] = [
    "refusal",
    "annotations",
    "audio",
    "function_call",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "logprobs",
    "index",
    "finish_reason",
    "provider_specific_fields",
    "parsed",
    "id",
];

fn strip_response_fields(messages: &mut [Value<'_>], done: &mut Vec<Repair>) {
    for (at, message) in messages.iter_mut().enumerate() {
        let Value::Object(message) = message else { continue };
        if Role::of(message) != Role::Assistant {
            continue;
        }
        strip(message, &ANSWER_FIELDS, format_args!("messages[{at}]"), done);
        let Some(Value::Array(calls)) = message.get_mut("tool_calls") else { continue };
        for (call_at, call) in calls.iter_mut().enumerate() {
            if let Value::Object(call) = call {
                let path = format_args!("messages[{at}].tool_calls[{call_at}]");
                strip(call, &["index", "provider_specific_fields"], path, done);
                if let Some(Value::Object(function)) = call.get_mut("function") {
                    strip(function, &["parsed_arguments"], format_args!("{path}.function"), done);
                }
            }
        }
    }
}

#[inline(never)]
fn strip(object: &mut Object<'_>, fields: &[&str], path: Arguments<'_>, done: &mut Vec<Repair>) {
    object.retain(|key, _| {
        let goes = fields.contains(&key);
        if goes {
            tell(done, "strip_response_fields", format_args!("{path}.{key}"), format_args!("`{key}` was left out"));
        }
        !goes
    });
}

/// Puts system messages first and results behind their calls, and mends `prefix`.
fn message_order(messages: &mut Vec<Value<'_>>, done: &mut Vec<Repair>) {
    systems_first(messages, done);
    results_behind_calls(messages, done);
    let last = messages.len().wrapping_sub(1);
    for (at, message) in messages.iter_mut().enumerate() {
        let Value::Object(message) = message else { continue };
        if Role::of(message) != Role::Assistant {
            continue;
        }
        let prefix = message.get("prefix").and_then(Value::as_bool) == Some(true);
        let calls = message.get("tool_calls").and_then(Value::as_array).is_some_and(|calls| !calls.is_empty());
        if prefix && at != last {
            message.remove("prefix");
            let text = format_args!("`prefix` was left out: this is not the last message");
            tell(done, "message_order", format_args!("messages[{at}].prefix"), text);
        } else if !prefix && at == last && at > 0 && !calls {
            message.set("prefix", true);
            let text = format_args!("`prefix` was set: the model continues this message");
            tell(done, "message_order", format_args!("messages[{at}].prefix"), text);
        }
    }
}

fn role_of(message: &Value<'_>) -> Role {
    message.as_object().map_or(Role::Unknown, Role::of)
}

/// Moves system messages that follow an assistant or a tool behind the ones at the beginning.
fn systems_first(messages: &mut Vec<Value<'_>>, done: &mut Vec<Repair>) {
    let leading = messages.iter().take_while(|message| role_of(message) == Role::System).count();
    let stray = |at: usize, messages: &[Value<'_>]| {
        at >= leading.max(1)
            && role_of(&messages[at]) == Role::System
            && matches!(role_of(&messages[at - 1]), Role::Assistant | Role::Tool | Role::System)
    };
    // A system message behind a system message that moves, moves with it.
    let mut moves = vec![false; messages.len()];
    for at in 0..messages.len() {
        let follows_moved = at > 0 && moves[at - 1];
        let behind_system = at > 0 && role_of(&messages[at - 1]) == Role::System;
        moves[at] = stray(at, messages) && (!behind_system || follows_moved);
    }
    if !moves.contains(&true) {
        return;
    }
    let mut moved = Vec::new();
    let mut kept = Vec::with_capacity(messages.len());
    for (at, message) in messages.drain(..).enumerate() {
        if moves[at] {
            let to = leading + moved.len();
            tell(done, "message_order", format_args!("messages[{at}]"), format_args!("moved to `messages[{to}]`"));
            moved.push(message);
        } else {
            kept.push(message);
        }
    }
    messages.extend(kept.drain(..leading));
    messages.append(&mut moved);
    messages.append(&mut kept);
}

/// Moves results that stand further down to right behind the message whose calls they answer.
fn results_behind_calls(messages: &mut Vec<Value<'_>>, done: &mut Vec<Repair>) {
    // The id of each call, the message that made it, and where each result belongs.
    let ids = Names::new(&mut messages.iter().flat_map(calls_of).filter_map(|call| call.get("id")?.as_str()));
    let mut callers: Vec<usize> = Vec::with_capacity(ids.all().len());
    let mut belongs: Vec<Option<usize>> = vec![None; messages.len()];
    let mut open: Option<usize> = None;
    for (at, message) in messages.iter().enumerate() {
        match role_of(message) {
            Role::Tool => {
                let id = message.get("tool_call_id").and_then(Value::as_str);
                let caller = id.and_then(|id| ids.last_before(callers.len(), id)).map(|nth| callers[nth]);
                belongs[at] = caller.filter(|caller| open != Some(*caller));
            }
            _ => {
                let calls = calls_of(message);
                callers.extend(calls.iter().filter_map(|call| call.get("id")?.as_str()).map(|_| at));
                open = (!calls.is_empty()).then_some(at);
            }
        }
    }
    if belongs.iter().all(Option::is_none) {
        return;
    }
    // Results that already stand behind their calls sort with the caller too, so that a moved one comes after them.
    let mut group = None;
    let mut groups = Vec::with_capacity(messages.len());
    for at in 0..messages.len() {
        groups.push(match (role_of(&messages[at]), belongs[at]) {
            (Role::Tool, Some(caller)) => caller,
            (Role::Tool, None) => *group.get_or_insert(at),
            _ => *group.insert(at),
        });
    }
    let order = sorted(groups.len(), &|one, other| (groups[one], one) < (groups[other], other));
    let mut taken: Vec<Option<Value<'_>>> = messages.drain(..).map(Some).collect();
    for (to, from) in order.iter().enumerate() {
        if belongs[*from].is_some() {
            tell(done, "message_order", format_args!("messages[{from}]"), format_args!("moved to `messages[{to}]`"));
        }
        messages.extend(taken[*from].take());
    }
}

fn calls_of<'v>(message: &'v Value<'_>) -> &'v [Value<'v>] {
    match role_of(message) {
        Role::Tool => &[],
        _ => message.get("tool_calls").and_then(Value::as_array).unwrap_or_default(),
    }
}

/// Gives every id that is not nine letters or digits one that is: the same for the same id, in every conversation.
fn tool_call_ids(messages: &mut [Value<'_>], done: &mut Vec<Repair>) {
    let mut ids = Ids::default();
    each_id(messages, &mut |id, _| {
        if is_nine(id) {
            ids.taken.insert(id.to_owned(), String::new());
        }
        None
    });
    each_id(messages, &mut |id, path| {
        let new = ids.map(id)?;
        tell(done, "tool_call_ids", path, format_args!("{} became `{new}`", shown(id)));
        Some(new)
    });
}

/// Visits every id of a call and of a result; what `visit` returns replaces it.
fn each_id(messages: &mut [Value<'_>], visit: &mut dyn FnMut(&str, Arguments<'_>) -> Option<String>) {
    for (at, message) in messages.iter_mut().enumerate() {
        let Value::Object(message) = message else { continue };
        match Role::of(message) {
            Role::Assistant => {
                let Some(Value::Array(calls)) = message.get_mut("tool_calls") else { continue };
                for (call_at, call) in calls.iter_mut().enumerate() {
                    let Value::Object(call) = call else { continue };
                    replace(call, "id", visit, format_args!("messages[{at}].tool_calls[{call_at}].id"));
                }
            }
            Role::Tool => replace(message, "tool_call_id", visit, format_args!("messages[{at}].tool_call_id")),
            _ => {}
        }
    }
}

fn replace(
    object: &mut Object<'_>,
    key: &str,
    visit: &mut dyn FnMut(&str, Arguments<'_>) -> Option<String>,
    path: Arguments<'_>,
) {
    let Some(Value::String(id)) = object.get_mut(key) else { return };
    if id.is_empty() || id == "null" {
        return;
    }
    if let Some(new) = visit(id, path) {
        *id = new.into();
    }
}

/// The ids of one conversation.
#[derive(Default)]
struct Ids {
    /// What is an id of somebody's: the id itself, and where it comes from.
    taken: BTreeMap<String, String>,
    mapped: BTreeMap<String, String>,
}

impl Ids {
    /// The new id for an old one; `None` for one that is right already.
    fn map(&mut self, id: &str) -> Option<String> {
        if is_nine(id) {
            return None;
        }
        if let Some(new) = self.mapped.get(id) {
            return Some(new.clone());
        }
        // Two ids with the same nine letters are one in 10¹⁶; the second one counts on until it is alone.
        let new = (0_u64..).map(|salt| nine_of(id, salt)).find(|new| !self.taken.contains_key(new))?;
        self.taken.insert(new.clone(), id.to_owned());
        self.mapped.insert(id.to_owned(), new.clone());
        Some(new)
    }
}

/// Nine letters or digits that stand for an id: 64 bits of FNV-1a, stirred, written in base 62.
fn nine_of(id: &str, salt: u64) -> String {
    let mut hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64 ^ salt, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    (0..9)
        .map(|_| {
            let digit = digits[(hash % 62) as usize];
            hash /= 62;
            char::from(digit)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_mapped_the_same_way_every_time() {
        assert_eq!(nine_of("call_abc123", 0), nine_of("call_abc123", 0));
        assert_ne!(nine_of("call_abc123", 0), nine_of("call_abc124", 0));
        assert!(is_nine(&nine_of("", 0)) && is_nine(&nine_of("toolu_01A09q90qw90lq917835lq9", 7)));
    }

    #[test]
    fn an_id_that_is_taken_is_not_given_again() {
        let first = nine_of("call_1", 0);
        let mut ids = Ids { taken: BTreeMap::from([(first.clone(), String::new())]), mapped: BTreeMap::new() };
        let second = ids.map("call_1").unwrap();
        assert_ne!(first, second);
        assert_eq!(ids.map("call_1").unwrap(), second);
    }
}
