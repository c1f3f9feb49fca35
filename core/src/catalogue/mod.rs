//! The models and providers, as of a day: names, dates, limits, prices; and what a name means on a date.

use crate::check::Finding;
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
use crate::ops::FromValue;

// SKELETON: replaced by the catalogue.

/// What kind of name a model name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A model's own id.
    Id,
    /// Another name that the API lists for the same model and that stays with it.
    Alias,
    /// A name whose target moves: `*-latest`, bare majors.
    Floating,
    /// A name that articles and documentation print, but the API does not list.
    Documented,
    /// A fine-tuned model: `ft:…`.
    FineTuned,
    /// Not in this catalogue.
    Unknown,
}

/// A question to [`resolve`].
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
    /// The severity of a finding, by rule; `off` drops it.
    pub severities: std::collections::BTreeMap<String, String>,
    /// Rows that lie over the snapshot.
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub overlay: Option<Value<'static>>,
}

/// What a model name means on a day.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resolution {
    /// The caller's own string.
    pub requested: String,
    /// The model's official id; `null` when unknown.
    pub id: Option<String>,
    /// What goes on the wire.
    pub sent_as: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// The provider's id.
    pub provider: String,
    /// The model's status on that day: `live`, `preview`, `deprecated`, `retired`, …; `null` when unknown.
    pub status: Option<String>,
    /// What to use instead.
    pub replacement: Option<String>,
    /// The day of the deprecation.
    pub deprecated_on: Option<Date>,
    /// The day of the retirement.
    pub retires_on: Option<Date>,
    /// The dated id to pin.
    pub pinned: Option<String>,
    /// The nearest known names, for an unknown one.
    pub did_you_mean: Vec<String>,
    /// What is wrong with the name.
    pub findings: Vec<Finding>,
}

/// A question to [`list`]; every field narrows.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ModelQuery {
    /// Only this provider's.
    pub provider: Option<String>,
    /// Only models that can do this, for example `vision`.
    pub capability: Option<String>,
    /// Only models of this status on the day `on`.
    pub status: Option<String>,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
    /// Rows that lie over the snapshot.
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub overlay: Option<Value<'static>>,
}

/// A question to [`recommend`].
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RecommendQuery {
    /// `default`, `agentic`, `multimodal`, `cheapest`, `code` or `embedding`.
    #[serde(rename = "use")]
    pub purpose: String,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
}

/// No parameter.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}

/// One model of the catalogue. SKELETON: more fields come.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Model {
    /// Its official id.
    pub id: String,
}

/// One provider. SKELETON: more fields come.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provider {
    /// Its id, for example `mistral`.
    pub id: String,
}

/// A recommended model. SKELETON: more fields come.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recommendation {
    /// The id to take.
    pub id: String,
}

macro_rules! by_serde {
    ($($name:ty),*) => {$(
        impl<'a> FromValue<'a> for $name {
            fn from_value(value: Value<'a>) -> Result<Self> {
                if value.is_null() { Ok(Self::default()) } else { crate::json::from_value(&value) }
            }
        }
    )*};
}
by_serde!(ResolveQuery, ModelQuery, RecommendQuery, NoQuery);

fn skeleton<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Unsupported, "not built yet"))
}

/// Follows a model name to the id that is sent.
pub fn resolve(query: ResolveQuery) -> Result<Resolution> {
    Ok(Resolution {
        requested: query.name.clone(),
        id: Some(query.name.clone()),
        sent_as: query.name,
        kind: NameKind::Id,
        provider: "mistral".into(),
        status: None,
        replacement: None,
        deprecated_on: None,
        retires_on: None,
        pinned: None,
        did_you_mean: vec![],
        findings: vec![],
    })
}
/// The models that match.
pub fn list(_: ModelQuery) -> Result<Vec<Model>> {
    skeleton()
}
/// One model.
pub fn get(_: ResolveQuery) -> Result<Model> {
    skeleton()
}
/// The model for a use.
pub fn recommend(_: RecommendQuery) -> Result<Recommendation> {
    skeleton()
}
/// The snapshot's day.
pub fn as_of(_: NoQuery) -> Result<Date> {
    skeleton()
}
/// The table of providers.
pub fn providers(_: NoQuery) -> Result<Vec<Provider>> {
    skeleton()
}
