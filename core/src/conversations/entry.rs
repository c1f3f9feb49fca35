//! What stands in a conversation: messages, calls, results, handoffs. Imports `chat` and `json`.

use crate::chat::{Arguments, Content, ContentChunk};
use crate::json::{Object, Value};

/// The entries of a conversation: each has its own fields first, then those that all have. Serde's `flatten` would do the
/// same, but cannot refuse unknown fields.
macro_rules! entries {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$kind:meta])* $variant:ident { $($own:tt)* })* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-untyped" = true)))]
        #[serde(tag = "type", deny_unknown_fields)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$kind])*
            $variant {
                $($own)*
                /// Always `entry`.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(with = "EntryObject"))]
                object: Option<EntryObject>,
                /// The entry's id.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(with = "String"))]
                id: Option<String>,
                /// When it came, as an ISO 8601 time.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(with = "String"))]
                created_at: Option<String>,
                /// When it was complete.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                completed_at: Option<String>,
            },)*
            /// Any other entry, as it is.
            #[serde(untagged)]
            #[cfg_attr(feature = "schema", schemars(skip))]
            Unknown(Value<'static>),
        }
    };
}

entries! {
    /// One entry of a conversation. What comes out goes back in unchanged.
    ///
    /// An entry of a type that this version does not know, or with a field that it does not know, is kept as it is.
    pub enum ConversationEntry {
        /// What somebody said to the model.
        #[serde(rename = "message.input")]
        MessageInput {
            /// Who said it: `user`, or `assistant` for words that are put into the model's mouth.
            role: EntryRole,
            /// Text, or chunks: `text`, `image_url`, `document_url`, `tool_file`, `thinking`.
            content: Content,
            /// Whether the model goes on from here; false when absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(with = "bool"))]
            prefix: Option<bool>,
        }
        /// What the model said.
        #[serde(rename = "message.output")]
        MessageOutput {
            /// Always `assistant`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(with = "String"))]
            role: Option<String>,
            /// Text, or chunks: `text`, `image_url`, `document_url`, `tool_file`, `tool_reference`, `thinking`.
            content: Content,
            /// The agent that said it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            agent_id: Option<String>,
            /// The model that said it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            model: Option<String>,
        }
        /// A call that the model wants made.
        #[serde(rename = "function.call")]
        FunctionCall {
            /// The call's id; its result names it.
            tool_call_id: String,
            /// The function.
            name: String,
            /// Its arguments: JSON text, or an object.
            arguments: Arguments,
            /// Whether somebody has said yes, where the tool asks for that.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            confirmation_status: Option<ConfirmationStatus>,
            /// The agent that wants it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            agent_id: Option<String>,
            /// The model that wants it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            model: Option<String>,
        }
        /// What a call came to.
        #[serde(rename = "function.result")]
        FunctionResult {
            /// The id of the call.
            tool_call_id: String,
            /// What it came to, as text.
            result: String,
        }
        /// A tool that the provider ran.
        #[serde(rename = "tool.execution")]
        ToolExecution {
            /// The tool: `web_search`, `code_interpreter`, …, or a tool of a connector.
            name: String,
            /// Its arguments, as JSON text.
            arguments: String,
            /// What there is to know about the run.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, serde_json::Value>"))]
            info: Option<Object<'static>>,
            /// The agent that ran it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            agent_id: Option<String>,
            /// The model that ran it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            model: Option<String>,
        }
        /// One agent gave the conversation to another.
        #[serde(rename = "agent.handoff")]
        AgentHandoff {
            /// The agent that gave it.
            previous_agent_id: String,
            /// Its name.
            previous_agent_name: String,
            /// The agent that took it.
            next_agent_id: String,
            /// Its name.
            next_agent_name: String,
        }
    }
}

impl ConversationEntry {
    /// What a user says.
    pub fn user(content: impl Into<Content>) -> ConversationEntry {
        ConversationEntry::input(EntryRole::User, content.into())
    }

    /// What the model is taken to have said.
    pub fn assistant(content: impl Into<Content>) -> ConversationEntry {
        ConversationEntry::input(EntryRole::Assistant, content.into())
    }

    fn input(role: EntryRole, content: Content) -> ConversationEntry {
        ConversationEntry::MessageInput {
            role,
            content,
            prefix: None,
            object: None,
            id: None,
            created_at: None,
            completed_at: None,
        }
    }

    /// What a call came to.
    pub fn function_result(tool_call_id: impl Into<String>, result: impl Into<String>) -> ConversationEntry {
        ConversationEntry::FunctionResult {
            tool_call_id: tool_call_id.into(),
            result: result.into(),
            object: None,
            id: None,
            created_at: None,
            completed_at: None,
        }
    }

    /// What the entry is, for example `message.output`; empty when it does not say.
    pub fn kind(&self) -> &str {
        match self {
            ConversationEntry::MessageInput { .. } => "message.input",
            ConversationEntry::MessageOutput { .. } => "message.output",
            ConversationEntry::FunctionCall { .. } => "function.call",
            ConversationEntry::FunctionResult { .. } => "function.result",
            ConversationEntry::ToolExecution { .. } => "tool.execution",
            ConversationEntry::AgentHandoff { .. } => "agent.handoff",
            ConversationEntry::Unknown(entry) => entry.get("type").and_then(Value::as_str).unwrap_or_default(),
        }
    }

    /// The text of a message, without thinking; empty for every other entry.
    pub fn text(&self) -> String {
        match self {
            ConversationEntry::MessageInput { content, .. } | ConversationEntry::MessageOutput { content, .. } => content.text(),
            // A message with a field that is new to this version still says its text.
            ConversationEntry::Unknown(entry) if self.kind().starts_with("message.") => match entry.get("content") {
                Some(Value::String(text)) => text.to_string(),
                Some(Value::Array(chunks)) => chunks.iter().filter_map(text_of).collect(),
                _ => String::new(),
            },
            _ => String::new(),
        }
    }
}

fn text_of<'v>(chunk: &'v Value<'_>) -> Option<&'v str> {
    let is_text = chunk.get("type").and_then(Value::as_str).is_none_or(|kind| kind == "text");
    chunk.get("text").and_then(Value::as_str).filter(|_| is_text)
}

/// A text is what a user says.
impl From<&str> for ConversationEntry {
    fn from(text: &str) -> Self {
        ConversationEntry::user(text)
    }
}
impl From<String> for ConversationEntry {
    fn from(text: String) -> Self {
        ConversationEntry::user(text)
    }
}
impl From<Vec<ContentChunk>> for ConversationEntry {
    fn from(chunks: Vec<ContentChunk>) -> Self {
        ConversationEntry::user(chunks)
    }
}

/// Who says something to a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EntryRole {
    /// The user.
    User,
    /// The model itself, as the caller puts it.
    Assistant,
}

/// What every entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EntryObject {
    /// An entry.
    Entry,
}

/// Whether somebody has said yes to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ConfirmationStatus {
    /// Not yet.
    Pending,
    /// Yes.
    Allowed,
    /// No.
    Denied,
}
