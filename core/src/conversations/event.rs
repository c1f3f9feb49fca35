//! The events of a conversation's stream, as types. Imports `chat` and `json`.

use super::{ConfirmationStatus, ConversationUsage};
use crate::chat::ContentChunk;
use crate::json::{Object, Value};

/// One event of a conversation's stream; its `type` is the event's name.
///
/// Fields that this version does not know are kept in `extra`, and events of a type that it does not know as they are.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum ConversationEvent {
    /// The answer begins.
    #[serde(rename = "conversation.response.started")]
    ResponseStarted {
        /// The conversation's id.
        #[serde(default)]
        conversation_id: String,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// More of a message.
    #[serde(rename = "message.output.delta")]
    MessageOutputDelta {
        /// Which entry of the answer it belongs to, from 0.
        #[serde(default)]
        output_index: u32,
        /// The id of that entry.
        #[serde(default)]
        id: String,
        /// Which chunk of the content it belongs to, from 0.
        #[serde(default)]
        content_index: u32,
        /// More text, or a chunk.
        content: EntryDelta,
        /// Always `assistant`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
        /// The model that says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
        /// The agent that says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent_id: Option<String>,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// More of a call that the model wants made.
    #[serde(rename = "function.call.delta")]
    FunctionCallDelta {
        /// Which entry of the answer it belongs to, from 0.
        #[serde(default)]
        output_index: u32,
        /// The id of that entry.
        #[serde(default)]
        id: String,
        /// The call's id; its result names it.
        #[serde(default)]
        tool_call_id: String,
        /// The function.
        #[serde(default)]
        name: String,
        /// More of the arguments, as JSON text.
        #[serde(default)]
        arguments: String,
        /// Whether somebody has said yes, where the tool asks for that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirmation_status: Option<ConfirmationStatus>,
        /// The model that wants it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
        /// The agent that wants it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent_id: Option<String>,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// The provider begins to run a tool.
    #[serde(rename = "tool.execution.started")]
    ToolExecutionStarted {
        /// Which entry of the answer it belongs to, from 0.
        #[serde(default)]
        output_index: u32,
        /// The id of that entry.
        #[serde(default)]
        id: String,
        /// The tool.
        #[serde(default)]
        name: String,
        /// Its arguments, as JSON text, or their beginning.
        #[serde(default)]
        arguments: String,
        /// The model that runs it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
        /// The agent that runs it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent_id: Option<String>,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// More of the arguments of a tool that the provider runs.
    #[serde(rename = "tool.execution.delta")]
    ToolExecutionDelta {
        /// Which entry of the answer it belongs to, from 0.
        #[serde(default)]
        output_index: u32,
        /// The id of that entry.
        #[serde(default)]
        id: String,
        /// The tool.
        #[serde(default)]
        name: String,
        /// More of the arguments, as JSON text.
        #[serde(default)]
        arguments: String,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// The provider has run a tool.
    #[serde(rename = "tool.execution.done")]
    ToolExecutionDone {
        /// Which entry of the answer it belongs to, from 0.
        #[serde(default)]
        output_index: u32,
        /// The id of that entry.
        #[serde(default)]
        id: String,
        /// The tool.
        #[serde(default)]
        name: String,
        /// What there is to know about the run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        info: Option<Object<'static>>,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// An agent gives the conversation to another.
    #[serde(rename = "agent.handoff.started")]
    AgentHandoffStarted {
        /// Which entry of the answer it belongs to, from 0.
        #[serde(default)]
        output_index: u32,
        /// The id of that entry.
        #[serde(default)]
        id: String,
        /// The agent that gives it.
        #[serde(default)]
        previous_agent_id: String,
        /// Its name.
        #[serde(default)]
        previous_agent_name: String,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// Another agent has the conversation.
    #[serde(rename = "agent.handoff.done")]
    AgentHandoffDone {
        /// Which entry of the answer it belongs to, from 0.
        #[serde(default)]
        output_index: u32,
        /// The id of that entry.
        #[serde(default)]
        id: String,
        /// The agent that took it.
        #[serde(default)]
        next_agent_id: String,
        /// Its name.
        #[serde(default)]
        next_agent_name: String,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// The answer is complete.
    #[serde(rename = "conversation.response.done")]
    ResponseDone {
        /// The tokens of the call.
        #[serde(default)]
        usage: ConversationUsage,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// The answer failed midway. A client raises this as an error.
    #[serde(rename = "conversation.response.error")]
    ResponseError {
        /// The provider's words.
        #[serde(default)]
        message: String,
        /// The provider's number for it.
        #[serde(default)]
        code: i64,
        /// When it came, as an ISO 8601 time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created_at: Option<String>,
        /// Fields that this version does not know.
        #[serde(flatten)]
        extra: Object<'static>,
    },
    /// Any other event, as it is.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown(Value<'static>),
}

/// What an event adds to a message: text, or a chunk.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum EntryDelta {
    /// More text.
    Text(String),
    /// A chunk.
    Chunk(ContentChunk),
}

impl ConversationEvent {
    /// The text that this event adds to a message; empty when it adds none.
    pub fn text(&self) -> &str {
        match self {
            ConversationEvent::MessageOutputDelta { content: EntryDelta::Text(text), .. } => text,
            ConversationEvent::MessageOutputDelta { content: EntryDelta::Chunk(chunk), .. } => chunk.text().unwrap_or_default(),
            _ => "",
        }
    }
}
