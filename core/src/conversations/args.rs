//! How the answers of a conversation are made. Imports `chat` only.

use crate::chat::{Prediction, ReasoningEffort, ResponseFormat, Stop, ToolChoiceMode};

/// How the answers of a conversation are made: what a chat asks for in its own fields.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CompletionArgs {
    /// How free the choice of words is, 0 to 1. At 0 the likeliest word is always taken, and `top_p` must be 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub temperature: Option<f64>,
    /// Only the likeliest words that together have this probability are considered, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub top_p: Option<f64>,
    /// The longest answer, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// Where the model stops: one string or several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// The same seed gives the same answer, as far as the provider can; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random_seed: Option<u64>,
    /// Lowers the odds of words that the answer has already, −2 to 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
    pub presence_penalty: Option<f64>,
    /// Lowers the odds of words the more often the answer has them, −2 to 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
    pub frequency_penalty: Option<f64>,
    /// Text that the answer is expected to repeat for the most part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction: Option<Prediction>,
    /// The form that the answer must have; text when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_format: Option<ResponseFormat>,
    /// Whether the model calls tools; `auto` when absent. One function cannot be named here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "ToolChoiceMode"))]
    pub tool_choice: Option<ToolChoiceMode>,
    /// How long a reasoning model thinks; other models refuse the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<ReasoningEffort>,
}
