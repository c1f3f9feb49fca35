//! Conversations that the provider keeps, in Mistral's own terms: entries in, entries out.
//!
//! A conversation is begun with a model or an agent ([`ConversationStartRequest`]), continued by its id
//! ([`ConversationAppendRequest`]), or begun anew from one of its entries ([`ConversationRestartRequest`]). The provider runs
//! the tools that it has itself: web search, code, images, libraries, connectors. May import `chat` (content, tools and
//! options are a chat's), `json` and `error`.
//!
//! ```
//! use tramontane::chat::{Tool, ToolConfiguration};
//! use tramontane::conversations::{ConversationStartRequest, CompletionArgs};
//! let request = ConversationStartRequest::new("mistral-medium-3-5", "Which wind is it?")
//!     .instructions("You are a sailor.")
//!     .tool(Tool::WebSearch { tool_configuration: None })
//!     .completion_args(CompletionArgs { temperature: Some(0.3), ..CompletionArgs::default() });
//! assert_eq!(request.to_value()?.get("inputs").and_then(|inputs| inputs.as_str()), Some("Which wind is it?"));
//! # Ok::<(), tramontane::Error>(())
//! ```

mod args;
pub mod collect;
mod entry;
mod event;
mod request;
mod response;

pub use args::CompletionArgs;
pub use entry::{ConfirmationStatus, ConversationEntry, EntryObject, EntryRole};
pub use event::{ConversationEvent, EntryDelta};
pub use request::{
    AgentVersion, Confirmation, ConversationAppendRequest, ConversationIdRequest, ConversationInputs, ConversationListRequest,
    ConversationRestartRequest, ConversationStartRequest, HandoffExecution, ToolConfirmation,
};
pub use response::{
    Conversation, ConversationHistory, ConversationList, ConversationMessages, ConversationResponse, ConversationUsage,
};
