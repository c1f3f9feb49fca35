//! What a request may ask for besides its messages: the answer's form, sampling stops, reasoning, guardrails.
//!
//! Imports `json` only.

use std::collections::BTreeMap;

use crate::json::Value;

/// Where the model stops: one string, or several.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Stop {
    /// One string.
    One(String),
    /// Any of these.
    Any(Vec<String>),
}

impl Stop {
    /// What stood there, and one string more.
    pub(crate) fn with(before: Option<Stop>, more: String) -> Stop {
        match before {
            None => Stop::One(more),
            Some(Stop::One(first)) => Stop::Any(vec![first, more]),
            Some(Stop::Any(mut all)) => {
                all.push(more);
                Stop::Any(all)
            }
        }
    }
}

/// How long a reasoning model thinks. Each model takes some of these; the catalogue says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReasoningEffort {
    /// Not at all.
    None,
    /// Hardly.
    Minimal,
    /// A little.
    Low,
    /// Some.
    Medium,
    /// Much: the one value that every reasoning model takes.
    High,
    /// Very much.
    Xhigh,
    /// As much as it can.
    Max,
}

/// A prompt that the provider puts before the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PromptMode {
    /// The system prompt of the first reasoning models.
    Reasoning,
}

/// The priority with which a request is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServiceTier {
    /// Priority where the account has it, else standard.
    Auto,
    /// Never priority.
    StandardOnly,
}

/// The form that the answer must have.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResponseFormat {
    /// `text` when absent. With `json_object` the messages must ask for JSON too.
    #[serde(rename = "type", default)]
    pub kind: ResponseFormatType,
    /// The schema; with `json_schema` only, and required there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json_schema: Option<JsonSchema>,
}

/// The kinds of [`ResponseFormat`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResponseFormatType {
    /// Free text.
    #[default]
    Text,
    /// Some JSON object.
    JsonObject,
    /// JSON that fits a schema.
    JsonSchema,
}

/// A JSON Schema with a name.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JsonSchema {
    /// Its name.
    pub name: String,
    /// The schema itself.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, serde_json::Value>"))]
    pub schema: Value<'static>,
    /// What the answer is, for the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the answer is held to the schema; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub strict: Option<bool>,
}

/// Text that the answer is expected to repeat for the most part: it comes faster then.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// Always `content`.
    #[serde(rename = "type", default)]
    pub kind: PredictionType,
    /// The text; empty when absent.
    #[serde(default)]
    pub content: String,
}

/// The kinds of [`Prediction`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PredictionType {
    /// Text.
    #[default]
    Content,
}

/// A moderation of what goes in and comes out; a blocked call fails with `content_blocked`.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    /// Whether a moderation that fails blocks the call; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub block_on_error: Option<bool>,
    /// The first generation of categories. Its default model is retired: use `moderation_llm_v2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderation_llm_v1: Option<Moderation>,
    /// The second generation: `dangerous` and `criminal` apart, and `jailbreaking`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderation_llm_v2: Option<Moderation>,
}

/// How a guardrail moderates.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Moderation {
    /// The moderation model, for example `mistral-moderation-2603`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub model_name: Option<String>,
    /// From which score on a category counts, 0 to 1, by category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("additionalProperties" = serde_json::json!({"type": "number", "minimum": 0.0, "maximum": 1.0}))))]
    pub custom_category_thresholds: Option<BTreeMap<String, f64>>,
    /// Whether categories without a threshold of their own are left out; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub ignore_other_categories: Option<bool>,
    /// What happens when a category counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "ModerationAction"))]
    pub action: Option<ModerationAction>,
}

/// What a guardrail does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModerationAction {
    /// Reports the scores only.
    None,
    /// Blocks the call.
    Block,
}
