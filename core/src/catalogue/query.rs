//! What can be asked of the catalogue, and how a question is read out of data.

use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Fields, FromValue, Texts, Value};

/// A question to [`super::resolve`].
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ResolveQuery {
    /// The name, as it stands in the user's code; may carry a provider (`mistral/…`).
    pub name: String,
    /// The provider, when the name does not say it.
    pub provider: Option<String>,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
    /// Send the dated id for floating names too.
    pub pin: bool,
    /// An unknown name is an error.
    pub strict: bool,
    /// The severity of a finding, by rule: `error`, `warning`, `note`, or `off`, which drops it.
    pub severities: Texts,
    /// Rows that lie over the snapshot: `{"models": [{"id": …}]}`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub overlay: Option<Value<'static>>,
}

impl<'a> FromValue<'a> for ResolveQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let fields = Fields::open(&value, "", &["name", "provider", "on", "pin", "strict", "severities", "overlay"])?;
        let name = fields.string("name")?;
        Ok(ResolveQuery {
            name: name.ok_or_else(|| missing("name", "it is the model's name"))?.to_owned(),
            provider: fields.string("provider")?.map(str::to_owned),
            on: fields.date("on")?,
            pin: fields.boolean("pin")?,
            strict: fields.boolean("strict")?,
            severities: severities(&fields)?,
            overlay: fields.value("overlay").map(|overlay| overlay.clone().into_owned()),
        })
    }
}

fn missing(field: &str, hint: &str) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("`{field}` is missing")).with_path(field).with_hint(hint)
}

fn severities(fields: &Fields<'_>) -> Result<Texts> {
    fields.texts("severities").map_err(|_| {
        Error::new(ErrorKind::InvalidRequest, "`severities` maps a rule to `error`, `warning`, `note` or `off`")
            .with_path("severities")
    })
}

/// A question to [`super::list`]; every field narrows.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ModelQuery {
    /// Only this provider's.
    pub provider: Option<String>,
    /// Only models that can do this, for example `vision`.
    pub capability: Option<String>,
    /// Only models of this status on the day `on`: `live`, `preview`, `deprecated`, `retired`, …
    pub status: Option<String>,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
    /// Rows that lie over the snapshot: `{"models": [{"id": …}]}`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub overlay: Option<Value<'static>>,
}

impl<'a> FromValue<'a> for ModelQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let fields = Fields::open(&value, "", &["provider", "capability", "status", "on", "overlay"])?;
        Ok(ModelQuery {
            provider: fields.string("provider")?.map(str::to_owned),
            capability: fields.string("capability")?.map(str::to_owned),
            status: fields.string("status")?.map(str::to_owned),
            on: fields.date("on")?,
            overlay: fields.value("overlay").map(|overlay| overlay.clone().into_owned()),
        })
    }
}

/// A question to [`super::recommend`].
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RecommendQuery {
    /// `default`, `agentic`, `multimodal`, `cheapest`, `code`, `code_agent` or `embedding`.
    #[serde(rename = "use")]
    pub purpose: String,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
}

impl<'a> FromValue<'a> for RecommendQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let fields = Fields::open(&value, "", &["use", "on"])?;
        let purpose = fields.string("use")?.unwrap_or("default").to_owned();
        Ok(RecommendQuery { purpose, on: fields.date("on")? })
    }
}

/// No parameter.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}

impl<'a> FromValue<'a> for NoQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        Fields::open(&value, "", &[]).map(|_| NoQuery {})
    }
}
