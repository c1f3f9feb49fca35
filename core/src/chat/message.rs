//! The messages of a request. Imports `content`, `tool` and the answer's message.

use super::{AssistantMessage, Content, ContentChunk, ToolCall};

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "role", rename_all = "snake_case", deny_unknown_fields)]
pub enum Message {
    /// What the model should know and how it should behave.
    System {
        /// Text, or `text` and `thinking` chunks; not empty.
        content: Content,
    },
    /// What the user says.
    User {
        /// Text, or chunks.
        #[cfg_attr(feature = "schema", schemars(extend("x-required" = true)))]
        content: Option<Content>,
    },
    /// What the model said.
    Assistant {
        /// Text, or chunks; may be absent beside tool calls.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<Content>,
        /// The calls that it wanted made; each needs its result in a `tool` message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_calls: Option<Vec<ToolCall>>,
        /// On the last message: the model goes on from here, and the answer repeats it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "bool"))]
        prefix: Option<bool>,
    },
    /// What a tool answered.
    Tool {
        /// Text, or chunks.
        #[cfg_attr(feature = "schema", schemars(extend("x-required" = true)))]
        content: Option<Content>,
        /// The id of the call that this answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tool_call_id: Option<String>,
        /// The function's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
}

impl Message {
    /// A system message.
    pub fn system(content: impl Into<Content>) -> Message {
        Message::System { content: content.into() }
    }

    /// A user's message.
    pub fn user(content: impl Into<Content>) -> Message {
        Message::User { content: Some(content.into()) }
    }

    /// An assistant's message.
    pub fn assistant(content: impl Into<Content>) -> Message {
        Message::Assistant { content: Some(content.into()), tool_calls: None, prefix: None }
    }

    /// The beginning of an answer, from which the model goes on. Must be the last message.
    pub fn prefix(text: impl Into<String>) -> Message {
        Message::Assistant { content: Some(Content::Text(text.into())), tool_calls: None, prefix: Some(true) }
    }

    /// The result of a tool call.
    pub fn tool_result(tool_call_id: impl Into<String>, content: impl Into<Content>) -> Message {
        Message::Tool { content: Some(content.into()), tool_call_id: Some(tool_call_id.into()), name: None }
    }
}

/// An answer's message goes back into a request without the fields that a request does not have.
impl From<AssistantMessage> for Message {
    fn from(message: AssistantMessage) -> Self {
        let tool_calls = message.tool_calls.map(|calls| calls.into_iter().map(without_extra).collect());
        Message::Assistant { content: message.content, tool_calls, prefix: message.prefix }
    }
}

impl From<&AssistantMessage> for Message {
    fn from(message: &AssistantMessage) -> Self {
        message.clone().into()
    }
}

fn without_extra(mut call: ToolCall) -> ToolCall {
    call.extra = Default::default();
    call.function.extra = Default::default();
    call
}

/// A text is a user's message.
impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Message::user(text)
    }
}
impl From<String> for Message {
    fn from(text: String) -> Self {
        Message::user(text)
    }
}
impl From<Vec<ContentChunk>> for Message {
    fn from(chunks: Vec<ContentChunk>) -> Self {
        Message::user(chunks)
    }
}
