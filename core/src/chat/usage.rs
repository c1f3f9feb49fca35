//! The tokens of a call. Imports `json` only.

use crate::json::{Object, or_default};

/// The tokens of a call.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Usage {
    /// Tokens of the prompt, cached ones included; tokens of sound are not among them.
    #[serde(default, deserialize_with = "or_default")]
    pub prompt_tokens: u64,
    /// Tokens of the answer, thinking included.
    #[serde(default, deserialize_with = "or_default")]
    pub completion_tokens: u64,
    /// All tokens, those of sound included.
    #[serde(default, deserialize_with = "or_default")]
    pub total_tokens: u64,
    /// The prompt's tokens, by kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_tokens_details: Option<PromptTokensDetails>,
    /// The tier that served the call: `standard` or `priority`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// Seconds of sound in the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_audio_seconds: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// A prompt's tokens, by kind.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PromptTokensDetails {
    /// Tokens that came from the cache, at a lower price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_tokens: Option<u64>,
    /// Tokens of sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_tokens: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
