//! The table of pure operations: everything that a host outside Rust can ask, by name.
//!
//! Data goes in and out as [`Value`]; the façades of Python, Node and WebAssembly give each row its typed function.

use crate::catalogue::{Model, ModelQuery, Provider, Recommendation, Resolution, ResolveQuery};
use crate::check::{CheckRequest, Report};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Value};
use crate::policy::cost::{CostEstimate, EstimateRequest};
use crate::wire::{BuildRequest, ParseRequest, Parsed, Prepared};

/// Reads an operation's parameter out of the data that crossed the border.
pub trait FromValue<'a>: Sized {
    /// Reads it; strict about names.
    ///
    /// # Errors
    /// `invalid_request` with the path of what does not fit.
    fn from_value(value: Value<'a>) -> Result<Self>;
}

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $name:ident($parameter:ty) -> $result:ty = $function:path;)*) => {
        /// The names of all operations.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        $($(#[doc = $doc])+
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
            match name {
                $(stringify!($name) => json::to_value(&$function(FromValue::from_value(parameter)?)?),)*
                other => Err(Error::new(ErrorKind::Unsupported, format!("no operation `{other}`; there are {}", NAMES.join(", ")))),
            }
        }
    };
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
    /// The day of the snapshot.
    models_as_of(crate::catalogue::NoQuery) -> crate::date::Date = crate::catalogue::as_of;
    /// The providers, as a table.
    providers(crate::catalogue::NoQuery) -> Vec<Provider> = crate::catalogue::providers;
    /// Everything that is wrong with a request, without sending it.
    check(CheckRequest<'_>) -> Report = crate::check::report;
    /// The HTTP request for a call, without a key.
    build(BuildRequest<'_>) -> Prepared<'_> = crate::wire::build;
    /// What a provider's answer means: the typed answer, or the typed error.
    parse(ParseRequest<'_>) -> Parsed = crate::wire::parse;
    /// What a request may cost, as a range.
    estimate_cost(EstimateRequest<'_>) -> CostEstimate = crate::policy::cost::estimate;
}

/// [`call`], from JSON text to JSON text: `{"ok": …}` or `{"error": …}`. Never fails, never panics.
pub fn call_json(name: &str, parameter: &str) -> String {
    let answer = json::parse(parameter.as_bytes()).and_then(|parameter| call(name, parameter));
    let (key, value) = match answer {
        Ok(value) => ("ok", value),
        Err(error) => ("error", error.to_value()),
    };
    Value::Object(json::Object::from_iter([(key, value)])).to_string()
}
