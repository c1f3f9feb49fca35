//! The provider's own models: its list, one of them, and the deletion of a fine-tuned one. What is known of models without
//! asking stands in [`catalogue`](crate::catalogue). Imports `json` only.

use std::collections::BTreeMap;

use crate::json::{Object, or_default};

/// A request for one model.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelsRetrieveRequest {
    /// Any name of the model.
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: String,
}

impl ModelsRetrieveRequest {
    /// A request for the model of this name.
    pub fn new(model: impl Into<String>) -> ModelsRetrieveRequest {
        ModelsRetrieveRequest { model: model.into() }
    }
}

/// A request to delete a model.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelsDeleteRequest {
    /// The id of a fine-tuned model of this workspace.
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: String,
}

impl ModelsDeleteRequest {
    /// A request to delete the model of this id.
    pub fn new(model: impl Into<String>) -> ModelsDeleteRequest {
        ModelsDeleteRequest { model: model.into() }
    }
}

/// The models that a provider offers to a key.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelList {
    /// Always `list`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// The models: every name is an entry of its own. What a key's plan does not list may work all the same.
    #[serde(default, deserialize_with = "or_default")]
    pub data: Vec<ModelCard>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// What a provider says of a model.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelCard {
    /// The name that this entry is about.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Always `model`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// When it was made, in Unix seconds; 0 where the provider does not say.
    #[serde(default, deserialize_with = "or_default")]
    pub created: i64,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<String>,
    /// What it can do: `completion_chat`, `vision`, …; a model of embeddings can do none of these.
    #[serde(default, deserialize_with = "or_default")]
    pub capabilities: BTreeMap<String, bool>,
    /// Its canonical id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The most tokens of prompt and answer together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_context_length: Option<u64>,
    /// Its other names.
    #[serde(default, deserialize_with = "or_default")]
    pub aliases: Vec<String>,
    /// When it ends, as an ISO 8601 time; absent while no end is in sight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecation: Option<String>,
    /// What takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecation_replacement_model: Option<String>,
    /// The temperature of a request that names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_model_temperature: Option<f64>,
    /// `base` or `fine-tuned`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The job that made it, of a fine-tuned one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The model that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// Whether it is put away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A model that is gone.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelDeleted {
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Always `model`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// Whether it is gone.
    #[serde(default, deserialize_with = "or_default")]
    pub deleted: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
