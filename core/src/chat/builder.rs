//! Building a request, field by field.

use super::{
    ChatOperation, ChatRequest, Content, Guardrail, JsonSchema, Message, Prediction, PredictionType, ReasoningEffort,
    ResponseFormat, ResponseFormatType, ServiceTier, Stop, Tool, ToolChoice,
};
use crate::json::Value;

/// Each method sets one field and gives the request back.
impl ChatRequest {
    /// A request to a model, with no message yet.
    pub fn new(model: impl Into<String>) -> ChatRequest {
        ChatRequest { model: model.into(), ..ChatRequest::default() }
    }

    /// Appends a message.
    #[must_use]
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.messages.push(message.into());
        self
    }

    /// Appends messages.
    #[must_use]
    pub fn messages(mut self, messages: impl IntoIterator<Item = Message>) -> Self {
        self.messages.extend(messages);
        self
    }

    /// Appends a system message.
    #[must_use]
    pub fn system(self, content: impl Into<Content>) -> Self {
        self.message(Message::system(content))
    }

    /// Appends a user's message.
    #[must_use]
    pub fn user(self, content: impl Into<Content>) -> Self {
        self.message(Message::user(content))
    }

    /// Appends an assistant's message.
    #[must_use]
    pub fn assistant(self, content: impl Into<Content>) -> Self {
        self.message(Message::assistant(content))
    }

    /// Appends the result of a tool call.
    #[must_use]
    pub fn tool_result(self, tool_call_id: impl Into<String>, content: impl Into<Content>) -> Self {
        self.message(Message::tool_result(tool_call_id, content))
    }

    /// Asks for a stream.
    #[must_use]
    pub fn stream(mut self) -> Self {
        self.operation = Some(ChatOperation::ChatStream);
        self
    }

    /// How free the choice of words is, 0 to 1.5.
    #[must_use]
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// The probability mass that is considered, above 0, at most 1.
    #[must_use]
    pub fn top_p(mut self, top_p: f64) -> Self {
        self.top_p = Some(top_p);
        self
    }

    /// The longest answer, in tokens.
    #[must_use]
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// The seed of the sampling.
    #[must_use]
    pub fn random_seed(mut self, seed: u64) -> Self {
        self.random_seed = Some(seed);
        self
    }

    /// How many answers.
    #[must_use]
    pub fn n(mut self, n: u32) -> Self {
        self.n = Some(n);
        self
    }

    /// Adds a string at which the model stops.
    #[must_use]
    pub fn stop(mut self, stop: impl Into<String>) -> Self {
        self.stop = Some(Stop::with(self.stop.take(), stop.into()));
        self
    }

    /// Adds a tool.
    #[must_use]
    pub fn tool(mut self, tool: Tool) -> Self {
        self.tools.get_or_insert_default().push(tool);
        self
    }

    /// Whether tools are called, or which.
    #[must_use]
    pub fn tool_choice(mut self, choice: impl Into<ToolChoice>) -> Self {
        self.tool_choice = Some(choice.into());
        self
    }

    /// Whether several calls may be asked for at once.
    #[must_use]
    pub fn parallel_tool_calls(mut self, parallel: bool) -> Self {
        self.parallel_tool_calls = Some(parallel);
        self
    }

    /// Asks for a JSON object; the messages must ask for it too.
    #[must_use]
    pub fn json_object(self) -> Self {
        self.response_format(ResponseFormat { kind: ResponseFormatType::JsonObject, json_schema: None })
    }

    /// Asks for JSON that fits a schema, strictly.
    #[must_use]
    pub fn json_schema(self, name: impl Into<String>, schema: Value<'static>) -> Self {
        let json_schema = JsonSchema { name: name.into(), schema, description: None, strict: Some(true) };
        self.response_format(ResponseFormat { kind: ResponseFormatType::JsonSchema, json_schema: Some(json_schema) })
    }

    /// The form that the answer must have.
    #[must_use]
    pub fn response_format(mut self, format: ResponseFormat) -> Self {
        self.response_format = Some(format);
        self
    }

    /// How long a reasoning model thinks.
    #[must_use]
    pub fn reasoning_effort(mut self, effort: ReasoningEffort) -> Self {
        self.reasoning_effort = Some(effort);
        self
    }

    /// Text that the answer is expected to repeat for the most part.
    #[must_use]
    pub fn prediction(mut self, content: impl Into<String>) -> Self {
        self.prediction = Some(Prediction { kind: PredictionType::Content, content: content.into() });
        self
    }

    /// Adds a guardrail.
    #[must_use]
    pub fn guardrail(mut self, guardrail: Guardrail) -> Self {
        self.guardrails.get_or_insert_default().push(guardrail);
        self
    }

    /// Calls with the same key share the cache of their prompts.
    #[must_use]
    pub fn prompt_cache_key(mut self, key: impl Into<String>) -> Self {
        self.prompt_cache_key = Some(key.into());
        self
    }

    /// The priority of the call.
    #[must_use]
    pub fn service_tier(mut self, tier: ServiceTier) -> Self {
        self.service_tier = Some(tier);
        self
    }

    /// Adds a note of the caller's own.
    #[must_use]
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value<'static>>) -> Self {
        self.metadata.get_or_insert_default().set(key.into(), value);
        self
    }
}
