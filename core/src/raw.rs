//! A request for anything that no operation asks: the caller says method, path, parameters and body. Imports `json` only.

use crate::json::{Object, Value};

/// A request for anything.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RawRequest {
    /// The HTTP method.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["GET", "POST", "PUT", "PATCH", "DELETE"])))]
    pub method: String,
    /// The path below the base URL, with its version: `/v1/fine_tuning/jobs`. Already encoded where it must be.
    pub path: String,
    /// The parameters behind the path; an array is several of one name, `null` is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<Object<'static>>,
    /// The JSON body; none when absent.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub body: Value<'static>,
}

impl RawRequest {
    /// A request without parameters and body.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> RawRequest {
        RawRequest { method: method.into(), path: path.into(), ..RawRequest::default() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<Value<'static>>) -> Self {
        self.query.get_or_insert_default().set(name.into(), value);
        self
    }

    /// The body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Value<'static>>) -> Self {
        self.body = body.into();
        self
    }
}

/// Whatever came: a JSON object as it is, anything else under `data`.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RawAnswer {
    /// The fields.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
