//! Mistral's answers: the completion as it is, and every shape of its errors.

use super::super::Target;
use super::super::http::HttpResponse;
use super::super::status::{self, Foreign};
use crate::error::HintRow;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::errors::HINTS;
use crate::json::{self, Object, Value};
use crate::operation::{Operation, Proof};
use crate::within::contains;

/// The answer of a successful reply: its own JSON, with every field it has.
pub(super) fn response<'r>(target: &Target<'_>, reply: &HttpResponse<'r>) -> Result<Value<'r>> {
    let provider = target.provider.id;
    let refuse = |what: String| Err(status::error(ErrorKind::Decode, format!("the answer is {what}"), provider, reply));
    if target.operation.proof == Proof::File {
        return Ok(Value::Null);
    }
    if reply.body.trim_ascii().is_empty() {
        match target.operation.proof {
            Proof::Empty => return Ok(Value::Null),
            Proof::Anything => return Ok(Object::new().into()),
            _ => {}
        }
    }
    let read = match target.operation.vectors {
        Some(member) => json::parse_with_vectors(reply.body, member, target.dtype),
        None => json::parse(reply.body),
    };
    let mut answer = match read {
        Ok(answer) => answer,
        Err(_) if target.operation.proof == Proof::Anything => String::from_utf8_lossy(reply.body).into_owned().into(),
        Err(error) if error.kind() == ErrorKind::Decode => {
            return refuse(format!("no `{}`: {}", target.operation.answer, error.message()));
        }
        Err(error) if looks_like_json(reply.body) => return refuse(format!("broken JSON: {}", error.message())),
        Err(_) => return refuse(Foreign::of(reply).describe("JSON")),
    };
    if let Value::Object(object) = &answer
        && is_error(object)
    {
        return Err(error(target, reply));
    }
    if let Err(why) = prove(target.operation, &answer) {
        return refuse(why);
    }
    if answer.as_object().is_none() {
        // Answers have one form, so that lists are walked through in one way.
        return Ok(Object::from_iter([("data", answer)]).into());
    }
    unify_finish_reasons(&mut answer);
    Ok(answer)
}

/// Whether an answer is what the operation answers with; if not, what it is instead.
fn prove(operation: &Operation, answer: &Value<'_>) -> std::result::Result<(), String> {
    let kind = operation.answer;
    let (member, wants_list) = match operation.proof {
        Proof::Empty | Proof::File | Proof::Anything => return Ok(()),
        Proof::List if answer.as_array().is_some() => return Ok(()),
        Proof::List => return Err(format!("{}, not an array", answer.kind())),
        Proof::Object => ("", false),
        Proof::Member(member) => (member, false),
        Proof::ListIn(member) => (member, true),
    };
    let Some(object) = answer.as_object() else { return Err(format!("{}, not an object", answer.kind())) };
    match object.get(member) {
        _ if member.is_empty() => Ok(()),
        Some(Value::Null) | None => Err(format!("no `{kind}`: it has no `{member}`")),
        Some(Value::Array(_)) => Ok(()),
        Some(other) if wants_list => Err(format!("no `{kind}`: its `{member}` is {}, not an array", other.kind())),
        Some(_) => Ok(()),
    }
}

/// Puts the finish reasons of the choices into the neutral words. Where that changes one, the provider's own word stays
/// beside it as `native_finish_reason`. Gives back whether it changed any.
pub(super) fn unify_finish_reasons(answer: &mut Value<'_>) -> bool {
    let choices = answer.as_object_mut().and_then(|answer| answer.get_mut("choices")).and_then(Value::as_array_mut);
    let mut changed = false;
    for choice in choices.into_iter().flatten().filter_map(Value::as_object_mut) {
        // The context was full before `max_tokens` was reached: the answer is cut short all the same.
        if choice.get("finish_reason").and_then(Value::as_str) == Some("model_length") {
            choice.set("finish_reason", "length");
            choice.push("native_finish_reason", "model_length");
            changed = true;
        }
    }
    changed
}

/// The error of an unsuccessful reply.
pub(super) fn error(target: &Target<'_>, reply: &HttpResponse<'_>) -> Error {
    let provider = target.provider.id;
    let found = match json::parse(reply.body) {
        Ok(Value::Object(object)) => Found::read(&object),
        Ok(Value::String(text)) if !text.trim().is_empty() => Found { message: Some(text.trim().to_owned()), ..Found::default() },
        _ => return foreign_error(provider, reply),
    };
    let message = found.message.clone().unwrap_or_else(|| format!("status {} without a message", reply.status));
    let error = status::error(kind(&found, reply), message, provider, reply);
    found.complete(error, reply)
}

/// The error that a frame of a stream holds.
pub(super) fn stream_error(object: &Object<'_>, text: &str) -> Error {
    let found = Found::read(object);
    let message = found.message.clone().unwrap_or_else(|| "the provider reported an error inside the stream".to_owned());
    Error::new(ErrorKind::Stream, status::bounded(message)).with(|error| {
        error.hint = found.hint().map(str::to_owned);
        error.status = found.status;
        error.code = found.code;
        error.path = found.path;
        error.body = status::body_text(text.as_bytes());
        // Holds only while no event is out; the decoder lowers it afterwards.
        error.retryable = found.status.is_some_and(|code| status::is_retryable(status::kind_of(code), code));
    })
}

fn is_error(object: &Object<'_>) -> bool {
    object.get("object").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("error"))
        || (object.get("choices").is_none() && object.get("error").is_some_and(|error| !error.is_null()))
}

fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// What a body in any of the API's shapes says.
#[derive(Debug, Default)]
struct Found {
    message: Option<String>,
    code: Option<String>,
    /// The server's own name for the error.
    class: Option<String>,
    path: Option<String>,
    status: Option<u16>,
    guardrail: bool,
}

impl Found {
    fn read(object: &Object<'_>) -> Found {
        let inner = object.get("error").and_then(Value::as_object);
        let either = |key: &str| object.get(key).filter(|v| !v.is_null()).or_else(|| inner.and_then(|inner| inner.get(key)));
        let mut found = Found {
            code: either("code").and_then(scalar),
            class: either("type").and_then(scalar),
            status: either("raw_status_code")
                .or_else(|| either("status"))
                .and_then(scalar)
                .and_then(|s| u16::try_from(s.parse::<u64>().ok()?).ok()),
            guardrail: object.get("guardrails").is_some(),
            ..Found::default()
        };
        found.read_message(object, inner);
        if found.path.is_none() {
            found.path = either("param").and_then(Value::as_str).filter(|param| !param.is_empty()).map(str::to_owned);
        }
        found
    }

    /// The message, in the order of what says most: `message`, `detail`, `error`.
    fn read_message(&mut self, object: &Object<'_>, inner: Option<&Object<'_>>) {
        let places = [
            object.get("message"),
            object.get("detail"),
            inner.and_then(|inner| inner.get("message")),
            inner.and_then(|inner| inner.get("detail")),
            object.get("error"),
        ];
        for place in places.into_iter().flatten() {
            self.read_place(place, 0);
            if self.message.is_some() {
                return;
            }
        }
    }

    fn read_place(&mut self, place: &Value<'_>, depth: usize) {
        match place {
            Value::String(text) => match json::parse(text.as_bytes()) {
                // In 2024 the list of errors came as JSON inside the string.
                Ok(inner @ (Value::Object(_) | Value::Array(_))) if depth == 0 => self.read_place(&inner, 1),
                _ => self.message = Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            },
            Value::Array(items) => self.read_list(items),
            Value::Object(object) => {
                for key in ["detail", "message", "msg"] {
                    if let Some(inner) = object.get(key).filter(|_| depth < 3 && self.message.is_none()) {
                        self.read_place(inner, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// A list of validation errors: each says where it stands.
    fn read_list(&mut self, items: &[Value<'_>]) {
        let (mut lines, mut all) = (0, String::new());
        (self.path, self.message) = (None, None);
        for item in items.iter().take(20) {
            let Some(text) = item.get("msg").or(item.get("message")).unwrap_or(item).as_str() else { continue };
            let path = item.get("loc").map(path_of).unwrap_or_default();
            if !all.is_empty() {
                all.push_str("; ");
            }
            if !path.is_empty() {
                all.push_str(&path);
                all.push_str(": ");
                self.path.get_or_insert(path);
            }
            all.push_str(text);
            lines += 1;
            // One alone does not say where it stands: the path does.
            self.message.get_or_insert_with(|| text.to_owned());
        }
        if lines > 1 {
            self.message = Some(all);
        }
    }

    /// Lays what was found onto the error.
    fn complete(self, error: Error, reply: &HttpResponse<'_>) -> Error {
        let hint = self.hint_for(error.kind(), reply);
        error.with(|error| {
            if let Some(hint) = hint {
                error.hint = Some(hint.to_owned());
            }
            error.code = self.code;
            error.path = self.path;
        })
    }

    fn hint_for(&self, kind: ErrorKind, reply: &HttpResponse<'_>) -> Option<&'static str> {
        let exhausted = |row: &HintRow| row.exhausted.is_some_and(|header| is_zero(reply, header));
        let own = HINTS.iter().find(|row| row.kind == Some(kind) && (exhausted(row) || self.is_meant(row)));
        match own {
            Some(row) => Some(row.hint),
            // A limit that no waiting cures is not explained by the codes of those that pass.
            None if kind == ErrorKind::Quota => None,
            None => self.hint(),
        }
    }

    /// What to do about a code or a text that is known.
    fn hint(&self) -> Option<&'static str> {
        HINTS.iter().find(|row| row.kind.is_none() && self.is_meant(row)).map(|row| row.hint)
    }

    fn is_meant(&self, row: &HintRow) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        self.code.as_deref().is_some_and(|code| row.codes.contains(&code)) || row.texts.iter().any(|part| contains(message, part))
    }
}

/// The kind of an error: by status, and finer where the body or the headers say more.
fn kind(found: &Found, reply: &HttpResponse<'_>) -> ErrorKind {
    // An error object under a status of success says its status itself.
    let code = match reply.status {
        200..=299 => found.status.filter(|status| *status >= 400).unwrap_or(500),
        status => status,
    };
    let is = |code: &str| found.code.as_deref() == Some(code) || found.class.as_deref() == Some(code);
    match code {
        429 if has_no_allowance(reply) || is("insufficient_quota") => ErrorKind::Quota,
        403 if found.guardrail || is("3201") => ErrorKind::ContentBlocked,
        403 if found.message.as_deref().is_some_and(|message| contains(&message.to_ascii_lowercase(), "guardrail")) => {
            ErrorKind::ContentBlocked
        }
        code => status::kind_of(code),
    }
}

/// Whether the limit itself is nought, or the month is used up: waiting does not help.
fn has_no_allowance(reply: &HttpResponse<'_>) -> bool {
    const NOUGHT: &[&str] = &[
        "x-ratelimit-limit-req-minute",
        "x-ratelimit-limit-tokens-minute",
        "x-ratelimit-limit-tokens-month",
        "x-ratelimit-remaining-tokens-month",
    ];
    NOUGHT.iter().any(|name| is_zero(reply, name))
}

fn is_zero(reply: &HttpResponse<'_>, name: &str) -> bool {
    reply.header(name).is_some_and(|value| value.parse() == Ok(0u64))
}

/// The error of a body that is not the API's.
fn foreign_error(provider: &str, reply: &HttpResponse<'_>) -> Error {
    let foreign = Foreign::of(reply);
    let kind = kind(&Found::default(), reply);
    let message = match &foreign {
        Foreign::Text(text) => text.clone(),
        Foreign::Empty => format!("status {} with an empty body", reply.status),
        other => format!("status {}: the answer is {}", reply.status, other.describe("JSON")),
    };
    let error = status::error(kind, message, provider, reply);
    match (&foreign, reply.status) {
        (_, 407) => error.with_hint("the proxy wants a user name and a password of its own"),
        (Foreign::Html { .. }, 400..=499) => {
            error.with_hint("a page and not the API answered: check the base URL, and the proxy or firewall in between")
        }
        (_, 300..=399) => error.with_hint("redirects are not followed: use the base URL that it points to"),
        _ => error,
    }
}

fn scalar(value: &Value<'_>) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone().into_owned()),
        Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// `["body", "messages", 0, "user", "content"]` as `messages[0].content`.
fn path_of(loc: &Value<'_>) -> String {
    let mut steps = Vec::new();
    match loc {
        Value::Array(items) => items.iter().for_each(|item| steps.extend(scalar(item))),
        Value::String(text) => text.split('.').for_each(|step| steps.push(step.to_owned())),
        _ => {}
    }
    let mut path = json::PathBuf::default();
    let mut after_index = false;
    for (at, step) in steps.iter().enumerate() {
        if at == 0 && matches!(step.as_str(), "body" | "query" | "path") {
            continue;
        }
        if let Some(index) = step.parse::<u64>().ok().and_then(|index| usize::try_from(index).ok()) {
            path.push_index(index);
            after_index = true;
            continue;
        }
        // Which variant of a union was tried is the server's own matter.
        let is_variant = (after_index && matches!(step.as_str(), "system" | "user" | "assistant" | "tool"))
            || step.bytes().any(|b| matches!(b, b'[' | b'(' | b' '))
            || (at + 1 == steps.len() && matches!(step.as_str(), "str" | "int" | "float" | "bool"));
        if !is_variant {
            path.push_key(step);
        }
        after_index = false;
    }
    path.to_string()
}
