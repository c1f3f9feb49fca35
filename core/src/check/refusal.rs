//! What the server would answer to a request that a check refuses, in the provider's own words where they are known.
//!
//! The sandbox sends this, so that a program meets the same status and body there as at the provider.

use super::report::Report;
use crate::finding::Severity;
use crate::generated::rules::rule;
use crate::json::{Object, Path, Segment, Value};

/// What the server says to one finding.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// The form is wrong: one entry of a 422's `detail`.
    Form {
        /// The kind, for example `extra_forbidden`.
        kind: &'static str,
        /// Where: keys and indexes from the body down.
        place: Vec<Place>,
        /// What is wrong.
        message: String,
        /// What stood there, where the server repeats it: scalars only.
        input: Option<Value<'static>>,
    },
    /// A rule is broken: a 400 with a type of its own.
    Rule {
        /// The type, for example `invalid_request_message_order`.
        kind: &'static str,
        /// The server's sentence.
        message: String,
    },
}

/// One step of a place in the body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Key(String),
    Index(usize),
}

impl Fault {
    /// A fault of form at a path.
    pub(crate) fn form(kind: &'static str, path: &Path<'_>, message: impl Into<String>) -> Fault {
        let place = path.segments().into_iter().map(|segment| match segment {
            Segment::Key(key) => Place::Key(key.chars().take(256).collect()),
            Segment::Index(index) => Place::Index(index),
        });
        Fault::Form { kind, place: place.collect(), message: message.into(), input: None }
    }

    /// Puts the role behind a message's index, as the server does: its form of a message is one of four, by role.
    pub(crate) fn below_role(mut self, request: &Value<'_>) -> Fault {
        if let Fault::Form { place, .. } = &mut self
            && let [Place::Key(messages), Place::Index(index), _, ..] = place.as_slice()
            && messages == "messages"
        {
            let message = request.get("messages").and_then(Value::as_array).and_then(|messages| messages.get(*index));
            let role = message.and_then(|message| message.get("role")).and_then(Value::as_str);
            if let Some(role @ ("system" | "user" | "assistant" | "tool")) = role {
                place.insert(2, Place::Key(role.to_owned()));
            }
        }
        self
    }

    /// The value that the server repeats in its answer; left out where it is long.
    pub(crate) fn with_input(mut self, value: &Value<'_>) -> Fault {
        if let Fault::Form { input, .. } = &mut self {
            *input = match value {
                Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.clone().into_owned()),
                Value::String(text) if text.len() <= 256 => Some(value.clone().into_owned()),
                _ => None,
            };
        }
        self
    }

    /// A broken rule.
    pub(crate) fn rule(kind: &'static str, message: impl Into<String>) -> Fault {
        Fault::Rule { kind, message: message.into() }
    }
}

/// The server's answer to a refused request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The provider's own code, for example `3230`.
    pub code: Option<String>,
    /// The provider's own type of error, for example `invalid_request_message_order`.
    pub kind: String,
    /// The server's sentence.
    pub message: String,
    /// The body.
    pub body: Value<'static>,
}

/// What Mistral would answer to the request of this report; `None` when nothing in it is an error.
///
/// The form comes first, as at the server: every fault of form in one 422. Then the model, then the first broken rule.
pub fn refusal(report: &Report) -> Option<Refusal> {
    let errors = || report.findings.iter().zip(&report.faults).filter(|(finding, _)| finding.severity == Severity::Error);
    let details: Vec<Value<'static>> = errors().filter_map(|(_, fault)| detail(fault.as_ref()?)).collect();
    if let Some(first) = details.first() {
        let message = first.get("msg").and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = first.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = Object::from_iter([("detail", Value::Array(details))]);
        return Some(Refusal { status: 422, code: None, kind, message, body: body.into() });
    }
    let (finding, fault) = errors().find(|(finding, _)| finding.path == "model").or_else(|| errors().next())?;
    let (kind, message) = match fault {
        Some(Fault::Rule { kind, message }) => (*kind, message.clone()),
        _ => ("invalid_request_error", finding.message.clone()),
    };
    let code = rule(&finding.rule).and_then(|row| row.server_code).map(str::to_owned);
    let body = Object::from_iter([
        ("object", Value::from("error")),
        ("message", message.clone().into()),
        ("type", kind.into()),
        ("param", Value::Null),
        ("code", code.clone().into()),
        ("raw_status_code", 400_i64.into()),
    ]);
    Some(Refusal { status: 400, code, kind: kind.to_owned(), message, body: body.into() })
}

fn detail(fault: &Fault) -> Option<Value<'static>> {
    let Fault::Form { kind, place, message, input } = fault else { return None };
    let mut loc = vec![Value::from("body")];
    loc.extend(place.iter().map(|step| match step {
        Place::Key(key) => key.clone().into(),
        Place::Index(index) => (*index as u64).into(),
    }));
    let mut detail =
        Object::from_iter([("type", Value::from(*kind)), ("loc", Value::Array(loc)), ("msg", message.clone().into())]);
    if let Some(input) = input {
        detail.push("input", input.clone());
    }
    Some(detail.into())
}
