//! A chat's answer. Nothing is refused here: what this version does not know is kept in `extra`. Imports `json` only.
//!
//! ```
//! use tramontane::chat::ChatCompletion;
//! let body = br#"{"id": "8f5e", "object": "chat.completion", "created": 1787150225, "model": "mistral-small-2603",
//!     "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "cobalt"}}],
//!     "usage": {"prompt_tokens": 20, "completion_tokens": 4, "total_tokens": 24}}"#;
//! let reply: ChatCompletion = tramontane::json::from_value(&tramontane::json::parse(body)?)?;
//! assert_eq!(reply.text(), "cobalt");
//! # Ok::<(), tramontane::Error>(())
//! ```

use serde::{Deserialize, Deserializer};

use super::{Content, Delta, ToolCall, Usage};
use crate::json::{Object, Value, or_default};

/// The answer to a chat.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChatCompletion {
    /// The answer's id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// Always `chat.completion`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// When it was made, in Unix seconds.
    #[serde(default, deserialize_with = "or_default")]
    pub created: i64,
    /// The model, under the name that was sent.
    #[serde(default, deserialize_with = "or_default")]
    pub model: String,
    /// The answers: as many as `n` asked for.
    #[serde(default, deserialize_with = "or_default")]
    pub choices: Vec<Choice>,
    /// The tokens of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Usage", extend("x-required" = true)))]
    pub usage: Option<Usage>,
    /// What the guardrails of the request found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<serde_json::Value>>"))]
    pub guardrails: Option<Vec<Value<'static>>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl ChatCompletion {
    /// The first choice's message.
    pub fn message(&self) -> Option<&AssistantMessage> {
        self.choices.first()?.message.as_ref()
    }

    /// The first choice's text, without thinking; empty when it has none.
    pub fn text(&self) -> String {
        self.message().map(AssistantMessage::text).unwrap_or_default()
    }

    /// The first choice's thinking; empty when it has none.
    pub fn thinking(&self) -> String {
        self.message().map(AssistantMessage::thinking).unwrap_or_default()
    }

    /// The calls that the first choice wants made.
    pub fn tool_calls(&self) -> &[ToolCall] {
        self.message().map(AssistantMessage::tool_calls).unwrap_or_default()
    }

    /// Why the first choice ended.
    pub fn finish_reason(&self) -> Option<&FinishReason> {
        self.choices.first()?.finish_reason.as_ref()
    }
}

/// One of the answers.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// Its place among the choices, from 0.
    #[serde(default, deserialize_with = "or_default")]
    pub index: u32,
    /// What the model said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "AssistantMessage", extend("x-required" = true)))]
    pub message: Option<AssistantMessage>,
    /// Why it ended; with `length`, the text or a tool call's arguments may be cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "FinishReason", extend("x-required" = true)))]
    pub finish_reason: Option<FinishReason>,
    /// All messages, where built-in tools made several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Delta>>,
    /// How likely the answer's tokens were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<Logprobs>,
    /// How likely the prompt's tokens were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_logprobs: Option<Logprobs>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// What the model said.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssistantMessage {
    /// Always `assistant`.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(extend("const" = "assistant")))]
    pub role: String,
    /// Text; chunks where the model thought or cites; empty beside tool calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// The calls that it wants made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCall>>,
    /// Whether it went on from a prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub prefix: Option<bool>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl AssistantMessage {
    /// The text, without thinking; empty when it has none.
    pub fn text(&self) -> String {
        self.content.as_ref().map(Content::text).unwrap_or_default()
    }

    /// The thinking; empty when it has none.
    pub fn thinking(&self) -> String {
        self.content.as_ref().map(Content::thinking).unwrap_or_default()
    }

    /// The calls that it wants made.
    pub fn tool_calls(&self) -> &[ToolCall] {
        self.tool_calls.as_deref().unwrap_or_default()
    }
}

/// Why an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FinishReason {
    /// The model was done, or met a `stop`.
    Stop,
    /// `max_tokens` was reached.
    Length,
    /// The model's context was full.
    ModelLength,
    /// The provider failed midway.
    Error,
    /// The model wants tools called.
    ToolCalls,
    /// A reason that this version does not know.
    Other(String),
}

impl FinishReason {
    const NAMES: [(&'static str, FinishReason); 5] = [
        ("stop", FinishReason::Stop),
        ("length", FinishReason::Length),
        ("model_length", FinishReason::ModelLength),
        ("error", FinishReason::Error),
        ("tool_calls", FinishReason::ToolCalls),
    ];

    /// The reason, as data.
    pub fn as_str(&self) -> &str {
        match self {
            FinishReason::Other(name) => name,
            known => Self::NAMES.iter().find(|(_, reason)| reason == known).map_or("", |(name, _)| name),
        }
    }
}

impl From<&str> for FinishReason {
    fn from(name: &str) -> Self {
        let known = Self::NAMES.into_iter().find(|(known, _)| *known == name);
        known.map_or_else(|| FinishReason::Other(name.to_owned()), |(_, reason)| reason)
    }
}

impl serde::Serialize for FinishReason {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FinishReason {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(FinishReason::from(std::borrow::Cow::<str>::deserialize(d)?.as_ref()))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for FinishReason {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FinishReason".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let known = Self::NAMES.map(|(name, _)| name);
        schemars::json_schema!({
            "description": "Why an answer ended; open to reasons that are not known yet.",
            "anyOf": [{"type": "string", "enum": known}, {"type": "string"}],
        })
    }
}

/// How likely tokens were.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Logprobs {
    /// The tokens, in their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Vec<TokenLogprob>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// How likely a token was.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenLogprob {
    /// The token's text.
    #[serde(default, deserialize_with = "or_default")]
    pub token: String,
    /// The natural logarithm of its probability.
    #[serde(default, deserialize_with = "or_default")]
    pub logprob: f64,
    /// The token's bytes: a character may span several tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Vec<u8>>,
    /// The token's number in the vocabulary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_id: Option<i64>,
    /// The likeliest tokens at this place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_logprobs: Option<Vec<TokenLogprob>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
