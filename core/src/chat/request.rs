//! A chat request, in Mistral's own terms. Imports `json`, and the types of its fields.

use super::Message;
use super::settings::{dialogue, free_choice};

dialogue! {
    /// A chat request. Only `model` and `messages` are required; what is absent is the model's own default.
    ///
    /// ```
    /// use tramontane::chat::ChatRequest;
    /// let request = ChatRequest::new("mistral-small-2603")
    ///     .system("Answer in one sentence.")
    ///     .user("What is a tramontane?")
    ///     .temperature(0.2)
    ///     .max_tokens(100);
    /// assert_eq!(request.to_value()?.get("temperature").and_then(|t| t.as_f64()), Some(0.2));
    /// # Ok::<(), tramontane::Error>(())
    /// ```
    pub struct ChatRequest {
        /// What is asked: `chat` (so when absent), answered in one piece, or `chat_stream`. Not sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub operation: Option<ChatOperation>,
        /// The model: an id or an alias of the catalogue, or any other name that the provider knows.
        #[cfg_attr(feature = "schema", schemars(extend("x-model" = true)))]
        pub model: String,
        /// The conversation so far.
        pub messages: Vec<Message>,
        /// How free the choice of words is, 0 to 1.5. At 0 the likeliest word is always taken, and `top_p` must be 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.5)))]
        pub temperature: Option<f64>,
        /// Only the likeliest words that together have this probability are considered; above 0, at most 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(range(max = 1.0), extend("exclusiveMinimum" = 0.0)))]
        pub top_p: Option<f64>,
        /// Puts the provider's safety prompt before the messages; false when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "bool"))]
        pub safe_prompt: Option<bool>,
    }
}

free_choice!(ChatRequest);

impl ChatRequest {
    /// A request to a model, with no message yet.
    pub fn new(model: impl Into<String>) -> ChatRequest {
        ChatRequest { model: model.into(), ..ChatRequest::default() }
    }

    /// Asks for a stream.
    #[must_use]
    pub fn stream(mut self) -> Self {
        self.operation = Some(ChatOperation::ChatStream);
        self
    }
}

/// What is asked of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChatOperation {
    /// An answer in one piece.
    Chat,
    /// An answer as a stream of events.
    ChatStream,
}
