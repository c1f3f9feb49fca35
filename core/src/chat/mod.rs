//! Chat, in Mistral's own terms: request, answer, events.
//!
//! A request is written with a builder, and goes as a tree ([`ChatRequest::to_value`]) through checks and on the wire;
//! an answer comes back as a tree and can be read as a [`ChatCompletion`]. May import `json` and `error`.
//!
//! ```
//! use tramontane::chat::{ChatRequest, Message, ToolChoiceMode};
//! let request = ChatRequest::new("mistral-small-2603")
//!     .system("You are a sailor.")
//!     .user("Which wind blows beside the Mistral?")
//!     .temperature(0.2);
//! assert_eq!(request.messages.len(), 2);
//! ```

pub mod collect;
mod content;
mod event;
mod form;
mod message;
mod options;
mod request;
mod response;
pub(crate) mod settings;
mod tool;
mod usage;

pub use content::{Content, ContentChunk, DetailedImageUrl, FormattedAudio, ImageDetail, ImageUrl, InputAudio, ReferenceId};
pub use event::{ChatCompletionChunk, Delta, FunctionCallDelta, StreamChoice, ToolCallDelta};
pub use form::{Form, FormQuery, MisfitQuery, form, misfit_of};
pub use message::Message;
pub use options::{
    Guardrail, JsonSchema, Moderation, ModerationAction, Prediction, PredictionType, PromptMode, ReasoningEffort, ResponseFormat,
    ResponseFormatType, ServiceTier, Stop,
};
pub use request::{ChatOperation, ChatRequest};
pub use response::{AssistantMessage, ChatCompletion, Choice, FinishReason, Logprobs, TokenLogprob};
pub use tool::{
    Arguments, ConnectorAuthorization, ConnectorAuthorizationType, Function, FunctionCall, FunctionName, NamedToolChoice,
    NamedToolType, Tool, ToolCall, ToolChoice, ToolChoiceMode, ToolConfiguration,
};
pub use usage::{PromptTokensDetails, Usage};
