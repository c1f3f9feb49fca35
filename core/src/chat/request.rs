//! A chat request, in Mistral's own terms. Imports `json`, and the types of its fields.

use super::{Guardrail, Message, Prediction, PromptMode, ReasoningEffort, ResponseFormat, ServiceTier, Stop, Tool, ToolChoice};
use crate::error::Result;
use crate::json::{self, Object, Value};

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
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// Only this many of the likeliest words are considered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_k: Option<i64>,
    /// The longest answer, in tokens. Prompt and answer together must fit the model's context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// The shortest answer, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_tokens: Option<u64>,
    /// Set by the operation `chat_stream`; a stream ends with its usage without being asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub stream: Option<bool>,
    /// Where the model stops: one string or several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// The same seed gives the same answer, as far as the provider can; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random_seed: Option<u64>,
    /// The caller's own notes about the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Object<'static>>,
    /// The form that the answer must have; text when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_format: Option<ResponseFormat>,
    /// What the model may call, at most 128.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Whether it calls tools, or which; `auto` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Lowers the odds of words that the answer has already, −2 to 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
    pub presence_penalty: Option<f64>,
    /// Lowers the odds of words the more often the answer has them, −2 to 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
    pub frequency_penalty: Option<f64>,
    /// Divides the odds of words that stand in prompt or answer already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition_penalty: Option<f64>,
    /// Whether the answer says how likely its tokens were; few models can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<bool>,
    /// How many of the likeliest tokens it names at each place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_logprobs: Option<u32>,
    /// Whether the answer says how likely the prompt's tokens were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_logprobs: Option<bool>,
    /// How many of the likeliest tokens it names at each place of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_prompt_logprobs: Option<u32>,
    /// How many answers, 1 or more; the prompt is paid once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub n: Option<u32>,
    /// Text that the answer is expected to repeat for the most part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Prediction"))]
    pub prediction: Option<Prediction>,
    /// Whether the model may ask for several calls at once; true when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub parallel_tool_calls: Option<bool>,
    /// How long a reasoning model thinks; other models refuse the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<ReasoningEffort>,
    /// The system prompt of the first reasoning models; others refuse the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_mode: Option<PromptMode>,
    /// Moderations of what goes in and comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardrails: Option<Vec<Guardrail>>,
    /// Calls with the same key share the cache of their prompts; ASCII.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_cache_key: Option<String>,
    /// The priority of the call; `standard_only` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<ServiceTier>,
    /// Puts the provider's safety prompt before the messages; false when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "bool"))]
    pub safe_prompt: Option<bool>,
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

impl ChatRequest {
    /// The request as a tree: what `check`, `build` and a client take.
    ///
    /// # Errors
    /// `internal`, when a tool's parameters hold what JSON does not have.
    pub fn to_value(&self) -> Result<Value<'static>> {
        json::to_value(self)
    }
}

impl TryFrom<&ChatRequest> for Value<'static> {
    type Error = crate::Error;
    fn try_from(request: &ChatRequest) -> Result<Self> {
        request.to_value()
    }
}
