//! What the server would answer to a request that a check refuses, in the provider's own words where they are known.
//!
//! The sandbox sends this, so that a program meets the same status and body there as at the provider.

use super::fault::{Fault, Place};
use super::report::Report;
use crate::finding::Severity;
use crate::generated::rules::rule;
use crate::json::{Object, Value};

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
    let details: Vec<Value<'static>> = errors().filter_map(|(_, fault)| detail(fault)).collect();
    if let Some(first) = details.first() {
        let message = first.get("msg").and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = first.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = Object::from_iter([("detail", Value::Array(details))]);
        return Some(Refusal { status: 422, code: None, kind, message, body: body.into() });
    }
    let (finding, fault) = errors().find(|(finding, _)| finding.path == "model").or_else(|| errors().next())?;
    let (kind, message) = match fault {
        Fault::Rule { kind, message } => (*kind, message.clone()),
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
