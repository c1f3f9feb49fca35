//! What can be asked of a conversation. Imports `chat`, and the types of its fields.

use super::{CompletionArgs, ConversationEntry};
use crate::chat::{Guardrail, Tool};
use crate::error::Result;
use crate::json::{self, Object, Value};

/// A request to begin a conversation, with a model or an agent, and to answer it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversationStartRequest {
    /// What the conversation begins with.
    pub inputs: ConversationInputs,
    /// The model that answers; none where an agent does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
    pub model: Option<String>,
    /// The agent that answers; none where a model does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The agent's version: a number or an alias; its current one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<AgentVersion>,
    /// What the model should know and how it should behave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// What the model may use, for the whole conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// How the answers are made, for the whole conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_args: Option<CompletionArgs>,
    /// Moderations of what goes in and comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardrails: Option<Vec<Guardrail>>,
    /// A name for the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the conversation is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The caller's own notes about the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
    /// Whether the provider keeps the conversation; true when absent. One that is not kept cannot be continued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<bool>,
    /// Who carries out handoffs between agents; `server` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff_execution: Option<HandoffExecution>,
    /// Set by the operation `conversations_start_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
}

/// A request to add entries to a conversation, and to answer them.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversationAppendRequest {
    /// The conversation's id.
    pub conversation_id: String,
    /// What is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "ConversationInputs"))]
    pub inputs: Option<ConversationInputs>,
    /// Whether calls that wait for a yes may be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_confirmations: Option<Vec<ToolConfirmation>>,
    /// How this answer is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "CompletionArgs"))]
    pub completion_args: Option<CompletionArgs>,
    /// Whether the provider keeps what comes of it; true when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub store: Option<bool>,
    /// Who carries out handoffs between agents; `server` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "HandoffExecution"))]
    pub handoff_execution: Option<HandoffExecution>,
    /// Set by the operation `conversations_append_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub stream: Option<bool>,
}

/// A request to begin a conversation anew from one of its entries; the answer is a new conversation.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversationRestartRequest {
    /// The id of the conversation that is begun anew.
    pub conversation_id: String,
    /// The id of the last entry that stays.
    pub from_entry_id: String,
    /// What is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "ConversationInputs"))]
    pub inputs: Option<ConversationInputs>,
    /// How the answer is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "CompletionArgs"))]
    pub completion_args: Option<CompletionArgs>,
    /// Moderations of what goes in and comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardrails: Option<Vec<Guardrail>>,
    /// The caller's own notes about the new conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
    /// The agent's version: a number or an alias; its current one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<AgentVersion>,
    /// Whether the provider keeps what comes of it; true when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub store: Option<bool>,
    /// Who carries out handoffs between agents; `server` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "HandoffExecution"))]
    pub handoff_execution: Option<HandoffExecution>,
    /// Set by the operation `conversations_restart_stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub stream: Option<bool>,
}

/// A request about one conversation.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversationIdRequest {
    /// The conversation's id.
    pub conversation_id: String,
}

/// A request for the conversations of a workspace.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversationListRequest {
    /// Which page, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub page: Option<u64>,
    /// How many on a page; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub page_size: Option<u64>,
    /// Only conversations with these notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
}

/// What goes into a conversation: a text of the user's, or entries.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ConversationInputs {
    /// What the user says.
    Text(String),
    /// Entries, in their order.
    Entries(Vec<ConversationEntry>),
}

impl From<&str> for ConversationInputs {
    fn from(text: &str) -> Self {
        ConversationInputs::Text(text.to_owned())
    }
}
impl From<String> for ConversationInputs {
    fn from(text: String) -> Self {
        ConversationInputs::Text(text)
    }
}
impl From<Vec<ConversationEntry>> for ConversationInputs {
    fn from(entries: Vec<ConversationEntry>) -> Self {
        ConversationInputs::Entries(entries)
    }
}
impl<const N: usize> From<[ConversationEntry; N]> for ConversationInputs {
    fn from(entries: [ConversationEntry; N]) -> Self {
        ConversationInputs::Entries(entries.into())
    }
}

/// The version of an agent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum AgentVersion {
    /// Its number.
    Number(i64),
    /// An alias that points to one.
    Alias(String),
}

impl From<i64> for AgentVersion {
    fn from(number: i64) -> Self {
        AgentVersion::Number(number)
    }
}
impl From<&str> for AgentVersion {
    fn from(alias: &str) -> Self {
        AgentVersion::Alias(alias.to_owned())
    }
}

/// Who carries out handoffs between agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum HandoffExecution {
    /// The caller: the answer ends with the handoff.
    Client,
    /// The provider.
    Server,
}

/// An answer to a call that waits for a yes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ToolConfirmation {
    /// The call's id.
    pub tool_call_id: String,
    /// The answer.
    pub confirmation: Confirmation,
}

/// Whether a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confirmation {
    /// It may.
    Allow,
    /// It may not.
    Deny,
}

/// Each method sets one field and gives the request back.
impl ConversationStartRequest {
    /// A conversation with a model.
    pub fn new(model: impl Into<String>, inputs: impl Into<ConversationInputs>) -> ConversationStartRequest {
        ConversationStartRequest { model: Some(model.into()), ..ConversationStartRequest::empty(inputs.into()) }
    }

    /// A conversation with an agent.
    pub fn with_agent(agent_id: impl Into<String>, inputs: impl Into<ConversationInputs>) -> ConversationStartRequest {
        ConversationStartRequest { agent_id: Some(agent_id.into()), ..ConversationStartRequest::empty(inputs.into()) }
    }

    fn empty(inputs: ConversationInputs) -> ConversationStartRequest {
        ConversationStartRequest {
            inputs,
            model: None,
            agent_id: None,
            agent_version: None,
            instructions: None,
            tools: None,
            completion_args: None,
            guardrails: None,
            name: None,
            description: None,
            metadata: None,
            store: None,
            handoff_execution: None,
            stream: None,
        }
    }

    /// The agent's version.
    #[must_use]
    pub fn agent_version(mut self, version: impl Into<AgentVersion>) -> Self {
        self.agent_version = Some(version.into());
        self
    }

    /// What the model should know and how it should behave.
    #[must_use]
    pub fn instructions(mut self, instructions: impl Into<String>) -> Self {
        self.instructions = Some(instructions.into());
        self
    }

    /// Adds a tool.
    #[must_use]
    pub fn tool(mut self, tool: Tool) -> Self {
        self.tools.get_or_insert_default().push(tool);
        self
    }

    /// How the answers are made.
    #[must_use]
    pub fn completion_args(mut self, args: CompletionArgs) -> Self {
        self.completion_args = Some(args);
        self
    }

    /// Whether the provider keeps the conversation.
    #[must_use]
    pub fn store(mut self, store: bool) -> Self {
        self.store = Some(store);
        self
    }

    /// Adds a note of the caller's own.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value<'static>>) -> Self {
        self.metadata.get_or_insert_default().set(key.into(), value);
        self
    }
}

impl ConversationAppendRequest {
    /// What is added to the conversation of this id.
    pub fn new(conversation_id: impl Into<String>, inputs: impl Into<ConversationInputs>) -> ConversationAppendRequest {
        let inputs = Some(inputs.into());
        ConversationAppendRequest { conversation_id: conversation_id.into(), inputs, ..ConversationAppendRequest::default() }
    }

    /// Answers to calls that wait for a yes, in the conversation of this id.
    pub fn confirming(
        conversation_id: impl Into<String>,
        confirmations: impl Into<Vec<ToolConfirmation>>,
    ) -> ConversationAppendRequest {
        let tool_confirmations = Some(confirmations.into());
        ConversationAppendRequest {
            conversation_id: conversation_id.into(),
            tool_confirmations,
            ..ConversationAppendRequest::default()
        }
    }
}

impl ConversationRestartRequest {
    /// The conversation of this id, up to this entry.
    pub fn new(conversation_id: impl Into<String>, from_entry_id: impl Into<String>) -> ConversationRestartRequest {
        ConversationRestartRequest {
            conversation_id: conversation_id.into(),
            from_entry_id: from_entry_id.into(),
            ..ConversationRestartRequest::default()
        }
    }

    /// What is added.
    #[must_use]
    pub fn inputs(mut self, inputs: impl Into<ConversationInputs>) -> Self {
        self.inputs = Some(inputs.into());
        self
    }
}

impl ConversationIdRequest {
    /// About the conversation of this id.
    pub fn new(conversation_id: impl Into<String>) -> ConversationIdRequest {
        ConversationIdRequest { conversation_id: conversation_id.into() }
    }
}

macro_rules! trees {
    ($($request:ident)*) => {$(
        impl $request {
            /// The request as a tree: what `check`, `build` and a client take.
            ///
            /// # Errors
            /// `internal`, when it holds what JSON does not have.
            pub fn to_value(&self) -> Result<Value<'static>> {
                json::to_value(self)
            }
        }

        impl TryFrom<&$request> for Value<'static> {
            type Error = crate::Error;
            fn try_from(request: &$request) -> Result<Self> {
                request.to_value()
            }
        }
    )*};
}

trees! {
    ConversationStartRequest ConversationAppendRequest ConversationRestartRequest ConversationIdRequest ConversationListRequest
}
