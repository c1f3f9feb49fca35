//! The table of pure operations: everything that a host outside Rust can ask, by name.
//!
//! Data goes in and out as [`Value`]; the façades of Python, Node and WebAssembly give each row its typed function.

pub mod chat;

use serde::Serialize;

use crate::catalogue::{Model, ModelQuery, ProviderRow, Recommendation, Resolution, ResolveQuery};
use crate::check::report::report_of;
use crate::check::spelling::accept;
use crate::check::{CheckRequest, Report, Seen};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, FromValue, Value};
use crate::operation::Operation;
use crate::policy::estimate::{CostEstimate, EstimateRequest};
use crate::wire::answer::of as collector;
use crate::wire::credential::refuse_in_parameter;
use crate::wire::{BuildRequest, Event, ParseRequest, Parsed, Prepared};

pub use crate::check::spelling::accept_camel_case;
pub use crate::wire::Decoder;

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $name:ident($parameter:ty) -> $result:ty = $function:path $(, with $feature:literal)?;)*) => {
        /// The names of all operations.
        pub const NAMES: &[&str] = &[$($(#[cfg(feature = $feature)])? stringify!($name)),*];

        $($(#[cfg(feature = $feature)])?
        $(#[doc = $doc])+
        ///
        /// # Errors
        /// `invalid_request` where the parameter does not fit, and what the operation itself refuses.
        pub fn $name(parameter: $parameter) -> Result<$result> {
            $function(parameter)
        })*

        /// Runs the operation `name`.
        ///
        /// # Errors
        /// `unsupported` for a name that is not in [`NAMES`], and the operation's own errors.
        pub fn call(name: &str, parameter: Value<'_>) -> Result<Value<'static>> {
            refuse_in_parameter(&parameter)?;
            match name {
                $($(#[cfg(feature = $feature)])? stringify!($name) => json::to_value(&$function(FromValue::from_value(parameter)?)?),)*
                other => Err(unknown(other)),
            }
        }

        /// [`call`], with the result written as text behind what is in `out`: no tree is built on the way.
        fn write(name: &str, parameter: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
            refuse_in_parameter(&parameter)?;
            match name {
                $($(#[cfg(feature = $feature)])? stringify!($name) => answer(parameter, $function, out),)*
                other => Err(unknown(other)),
            }
        }
    };
}

/// One operation from beginning to end, not inlined: where a program is compiled as it is called, a check must not wait for
/// the compilation of everything else.
#[inline(never)]
fn answer<'v, P: FromValue<'v>, R: Serialize>(
    parameter: Value<'v>,
    function: impl FnOnce(P) -> Result<R>,
    out: &mut Vec<u8>,
) -> Result<()> {
    json::write(out, &function(P::from_value(parameter)?)?)
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("no operation `{name}`; there are {}", NAMES.join(", ")))
}

operations! {
    /// Follows a model name to the id that is sent, and says what is wrong with the name.
    resolve(ResolveQuery) -> Resolution = crate::catalogue::resolve;
    /// The models that match a query, in the catalogue's order.
    models_list(ModelQuery) -> Vec<Model> = crate::catalogue::list;
    /// One model, by any of its names.
    models_get(ResolveQuery) -> Model = crate::catalogue::get;
    /// The model to take for a use: `default`, `agentic`, `multimodal`, `cheapest`, `code`, `embedding`.
    models_recommend(crate::catalogue::RecommendQuery) -> Recommendation = crate::catalogue::recommend;
    /// What the provider's own list of its models says beyond the catalogue.
    models_sync(crate::catalogue::SyncQuery) -> crate::catalogue::ModelSync = crate::catalogue::sync, with "client";
    /// The day of the snapshot.
    models_as_of(crate::catalogue::NoQuery) -> crate::date::Date = crate::catalogue::as_of;
    /// The providers, as a table.
    providers(crate::catalogue::NoQuery) -> Vec<&'static ProviderRow> = crate::catalogue::providers;
    /// Everything that is wrong with a request, without sending it.
    check(CheckRequest<'_>) -> Report = crate::check::report;
    /// The HTTP request for a call, without a key.
    build(BuildRequest<'_>) -> Prepared<'_> = crate::wire::build;
    /// What a provider's answer means: the typed answer, or the typed error.
    parse(ParseRequest<'_>) -> Parsed = crate::wire::parse;
    /// What a request may cost, as a range.
    estimate_cost(EstimateRequest<'_>) -> CostEstimate = crate::policy::estimate::estimate;
    /// What a request says to get answers that fit a JSON Schema: its `response_format`.
    form(crate::chat::FormQuery) -> crate::chat::ResponseFormat = crate::chat::form, with "client";
    /// The error of an answer that does not fit its form, as data.
    misfit(crate::chat::MisfitQuery) -> Value<'static> = crate::chat::misfit_of, with "client";
    /// Everything that is wrong with the model names in a text: source code, configuration, a notebook.
    lint_text(crate::lint::LintQuery) -> Vec<crate::lint::LintFinding> = crate::lint::lint_text, with "lint";
}

/// [`call`], from JSON text to JSON text: `{"ok": …}` or `{"error": …}`. Never fails, never panics.
pub fn call_json(name: &str, parameter: &str) -> String {
    text_of(|out| write(name, json::parse(parameter.as_bytes())?, out))
}

/// [`call_json`] for a request that is text already: `request` is read as a document of its own and becomes the member
/// `request` of the parameter `rest`. (Whoever pastes the two texts together lets the request bring its own policy.)
/// Its fields may be spelled in camel case.
pub fn call_request_json(name: &str, request: &[u8], rest: &str) -> String {
    text_of(|out| {
        let bytes = request.len();
        let mut request = json::parse(request)?;
        let seen = accept(&mut request).map(|conforms| Seen { conforms, bytes });
        let mut rest = json::parse(rest.as_bytes())?;
        match &mut rest {
            Value::Object(members) => members.set("request", request),
            _ => return Err(Error::new(ErrorKind::InvalidRequest, "the parameter is no object")),
        }
        if name == "check" {
            // What is asked most need not look at the form twice.
            refuse_in_parameter(&rest)?;
            return answer(rest, |request| report_of(request, seen), out);
        }
        write(name, rest, out)
    })
}

/// The answer that the events of an operation's stream amount to: each text is an array of them, in their order. `null`
/// before the first event, and for an operation that has no stream.
pub fn collect_json<'t>(operation: &str, batches: impl IntoIterator<Item = &'t str>) -> String {
    let Some(stream) = Operation::named(operation).and_then(|operation| operation.stream) else { return "null".to_owned() };
    let mut answer = collector(stream);
    for batch in batches {
        let events = json::parse(batch.as_bytes()).unwrap_or_default();
        events.as_array().unwrap_or_default().iter().for_each(|event| answer.push(event));
    }
    answer.to_value().to_string()
}

/// Pushes bytes into a decoder: `{"events": […]}`, and `error` beside them when the stream broke.
pub fn push_json(decoder: &mut Decoder, bytes: &[u8]) -> String {
    let mut events = String::new();
    match decoder.push_to(bytes, &mut events) {
        Ok(()) => format!("{{\"events\":[{events}]}}"),
        Err(error) => format!("{{\"events\":[{events}],\"error\":{}}}", error.to_json()),
    }
}

/// Events as one array: each as it came, where the provider speaks the neutral form.
pub fn events_json(events: &[Event]) -> String {
    let mut text = String::with_capacity(events.iter().map(|event| event.json().len() + 1).sum::<usize>() + 2);
    text.push('[');
    for (at, event) in events.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(event.json());
    }
    text.push(']');
    text
}

/// Ends a decoder's stream: `{"ok": …}`, the whole answer, or `{"error": …}`.
pub fn finish_json(decoder: &mut Decoder) -> String {
    text_of(|out| {
        decoder.finish()?.write(out);
        Ok(())
    })
}

/// What a decoder has so far, as text.
pub fn partial_json(decoder: &Decoder) -> String {
    decoder.partial().to_string()
}

/// An error as an answer: `{"error": …}`.
pub fn refuse_json(error: &Error) -> String {
    format!("{{\"error\":{}}}", error.to_json())
}

/// `{"ok": …}`, with what `write` writes, or `{"error": …}`.
fn text_of(write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> String {
    let mut text = Vec::with_capacity(1024);
    text.extend_from_slice(b"{\"ok\":");
    match write(&mut text) {
        Ok(()) => text.push(b'}'),
        Err(error) => return refuse_json(&error),
    }
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_cross_the_border_as_they_came() {
        let mut decoder = Decoder::new("mistral", "chat_stream").unwrap();
        let first = "data: {\"choices\": [{\"index\":0,\"delta\":{\"content\":\"Bo\"}}]}\n\n";
        let second = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"model_length\"}]}\n\ndata: {\"error\":\"Nope\"}\n\n";
        assert_eq!(push_json(&mut decoder, b""), r#"{"events":[]}"#);
        assert_eq!(push_json(&mut decoder, first.as_bytes()), format!(r#"{{"events":[{}]}}"#, &first[6..first.len() - 2]));
        let broken = push_json(&mut decoder, [first, second].concat().as_bytes());
        let again = json::parse(broken.as_bytes()).unwrap();
        let events = again.get("events").and_then(Value::as_array).unwrap();
        // Of the neutral form's own words, so written anew.
        assert_eq!(
            events[1].to_string(),
            r#"{"choices":[{"index":0,"delta":{},"finish_reason":"length","native_finish_reason":"model_length"}]}"#
        );
        assert_eq!(again.get("error").unwrap().get("message").unwrap().as_str(), Some("Nope"));
    }
}
