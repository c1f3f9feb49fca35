//! What comes of a conversation. Nothing is refused here: what this version does not know is kept in `extra`.
//! May import `chat` and `json`.

use std::collections::BTreeMap;

use super::{AgentVersion, CompletionArgs, ConversationEntry};
use crate::chat::{Guardrail, Tool};
use crate::json::{Object, Value, or_default};

/// What came of new entries.
///
/// ```
/// use tramontane::conversations::ConversationResponse;
/// let body = br#"{"object": "conversation.response", "conversation_id": "conv_1",
///     "outputs": [{"type": "message.output", "content": "Bora."}], "usage": {"total_tokens": 9}}"#;
/// let answer: ConversationResponse = tramontane::json::from_value(&tramontane::json::parse(body)?)?;
/// assert_eq!(answer.text(), "Bora.");
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationResponse {
    /// Always `conversation.response`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// The conversation's id: what goes on from here names it.
    #[serde(default, deserialize_with = "or_default")]
    pub conversation_id: String,
    /// The entries that the model and its tools added.
    #[serde(default, deserialize_with = "or_default")]
    pub outputs: Vec<ConversationEntry>,
    /// The tokens of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "ConversationUsage", extend("x-required" = true)))]
    pub usage: Option<ConversationUsage>,
    /// What the guardrails found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<serde_json::Value>>"))]
    pub guardrails: Option<Vec<Value<'static>>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

impl ConversationResponse {
    /// The text of the model's messages, without thinking; empty when it said nothing.
    pub fn text(&self) -> String {
        self.outputs.iter().filter(|entry| entry.kind() == "message.output").map(ConversationEntry::text).collect()
    }

    /// The calls that the model wants made by the caller; their results go into the next request.
    pub fn function_calls(&self) -> impl Iterator<Item = &ConversationEntry> {
        self.outputs.iter().filter(|entry| entry.kind() == "function.call")
    }
}

/// The tokens of a call, those of tools that the provider ran apart.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationUsage {
    /// Tokens of the prompt.
    #[serde(default, deserialize_with = "or_default")]
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    #[serde(default, deserialize_with = "or_default")]
    pub completion_tokens: u64,
    /// All tokens.
    #[serde(default, deserialize_with = "or_default")]
    pub total_tokens: u64,
    /// Tokens of the tools that the provider ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector_tokens: Option<u64>,
    /// How often each tool was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connectors: Option<BTreeMap<String, u64>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// All entries of a conversation.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationHistory {
    /// Always `conversation.history`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// The conversation's id.
    #[serde(default, deserialize_with = "or_default")]
    pub conversation_id: String,
    /// The entries, in the order in which they came.
    #[serde(default, deserialize_with = "or_default")]
    pub entries: Vec<ConversationEntry>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// The messages of a conversation, without calls and results.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationMessages {
    /// Always `conversation.messages`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// The conversation's id.
    #[serde(default, deserialize_with = "or_default")]
    pub conversation_id: String,
    /// The messages, in the order in which they came.
    #[serde(default, deserialize_with = "or_default")]
    pub messages: Vec<ConversationEntry>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// Conversations of a workspace.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationList {
    /// The conversations, by the time they were begun.
    #[serde(default, deserialize_with = "or_default")]
    pub data: Vec<Conversation>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}

/// What the provider says of a conversation: with a model or with an agent.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conversation {
    /// Always `conversation`.
    #[serde(default, deserialize_with = "or_default")]
    pub object: String,
    /// The conversation's id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// When it was begun, as an ISO 8601 time.
    #[serde(default, deserialize_with = "or_default")]
    pub created_at: String,
    /// When it last went on.
    #[serde(default, deserialize_with = "or_default")]
    pub updated_at: String,
    /// The model that answers, where no agent does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The agent that answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The agent's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<AgentVersion>,
    /// What the model should know and how it should behave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// What the model may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// How the answers are made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_args: Option<CompletionArgs>,
    /// Moderations of what goes in and comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardrails: Option<Vec<Guardrail>>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The caller's own notes about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Object<'static>,
}
