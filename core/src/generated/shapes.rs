// Generated from core/data/operations.toml and the Rust types of requests by `make generate`. Do not edit.

//! The form of every request.

use crate::check::shape::{Field, ObjectShape, Shape};

const fn field(name: &'static str, required: bool, shape: Shape) -> Field {
    Field { name, shape, required }
}

/// The table of an operation's request; `None` when there is no such operation.
pub fn request_shape(operation: &str) -> Option<&'static ObjectShape> {
    match operation {
        "request" => Some(&RAW_REQUEST),
        "chat" => Some(&CHAT_REQUEST),
        "chat_stream" => Some(&CHAT_REQUEST),
        "fim" => Some(&FIM_REQUEST),
        "fim_stream" => Some(&FIM_REQUEST),
        "embeddings" => Some(&EMBEDDING_REQUEST),
        "models_list" => Some(&NOTHING_ELSE),
        "models_retrieve" => Some(&MODELS_RETRIEVE_REQUEST),
        "models_delete" => Some(&MODELS_DELETE_REQUEST),
        "agents" => Some(&AGENTS_REQUEST),
        "agents_stream" => Some(&AGENTS_REQUEST),
        "moderation" => Some(&MODERATION_REQUEST),
        "moderation_chat" => Some(&CHAT_MODERATION_REQUEST),
        "classification" => Some(&CLASSIFICATION_REQUEST),
        "classification_chat" => Some(&CHAT_CLASSIFICATION_REQUEST),
        "files_upload" => Some(&FILES_UPLOAD_REQUEST),
        "files_list" => Some(&FILES_LIST_REQUEST),
        "files_retrieve" => Some(&FILES_RETRIEVE_REQUEST),
        "files_delete" => Some(&FILES_DELETE_REQUEST),
        "files_download" => Some(&FILES_DOWNLOAD_REQUEST),
        "files_signed_url" => Some(&FILES_SIGNED_URL_REQUEST),
        "batch_create" => Some(&BATCH_CREATE_REQUEST),
        "batch_list" => Some(&BATCH_LIST_REQUEST),
        "batch_get" => Some(&BATCH_GET_REQUEST),
        "batch_cancel" => Some(&BATCH_CANCEL_REQUEST),
        "batch_delete" => Some(&BATCH_DELETE_REQUEST),
        "audio_transcription" => Some(&TRANSCRIPTION_REQUEST),
        "audio_transcription_stream" => Some(&TRANSCRIPTION_REQUEST),
        "audio_speech" => Some(&SPEECH_REQUEST),
        "audio_speech_stream" => Some(&SPEECH_REQUEST),
        "ocr" => Some(&OCR_REQUEST),
        "conversations_start" => Some(&CONVERSATION_START_REQUEST),
        "conversations_start_stream" => Some(&CONVERSATION_START_REQUEST),
        "conversations_append" => Some(&CONVERSATION_APPEND_REQUEST),
        "conversations_append_stream" => Some(&CONVERSATION_APPEND_REQUEST),
        "conversations_restart" => Some(&CONVERSATION_RESTART_REQUEST),
        "conversations_restart_stream" => Some(&CONVERSATION_RESTART_REQUEST),
        "conversations_list" => Some(&CONVERSATION_LIST_REQUEST),
        "conversations_get" => Some(&CONVERSATION_ID_REQUEST),
        "conversations_history" => Some(&CONVERSATION_ID_REQUEST),
        "conversations_messages" => Some(&CONVERSATION_ID_REQUEST),
        "conversations_delete" => Some(&CONVERSATION_ID_REQUEST),
        _ => None,
    }
}

/// A request of which everything is said by its operation.
pub static NOTHING_ELSE: ObjectShape = ObjectShape { name: "Request", fields: &[field("operation", false, Shape::String)] };

/// How a request is judged and built.
pub static POLICY: ObjectShape = ObjectShape {
    name: "Policy",
    fields: &[
        field("checks", false, Shape::Enum(&["error", "warn", "off"])),
        field("severities", false, Shape::Map(&Shape::Enum(&["error", "warning", "note", "off"]))),
        field("strict", false, Shape::Boolean),
        field("pin", false, Shape::Boolean),
        field(
            "repair",
            false,
            Shape::Array(&Shape::Enum(&["tool_call_ids", "message_order", "retired_model", "strip_response_fields"])),
        ),
        field("on", false, Shape::Nullable(&Shape::String)),
        field("extra_body", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("extra_headers", false, Shape::Map(&Shape::String)),
        field("extra_query", false, Shape::Map(&Shape::String)),
        field("base_url", false, Shape::Nullable(&Shape::String)),
        field("overlay", false, Shape::Any),
    ],
};

/// A request for anything.
pub static RAW_REQUEST: ObjectShape = ObjectShape {
    name: "RawRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["request"])),
        field("method", true, Shape::Enum(&["GET", "POST", "PUT", "PATCH", "DELETE"])),
        field("path", true, Shape::String),
        field("query", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("body", false, Shape::Any),
    ],
};

/// Text.
pub static TEXT_CHUNK: ObjectShape =
    ObjectShape { name: "TextChunk", fields: &[field("type", true, Shape::Enum(&["text"])), field("text", true, Shape::String)] };

/// An image's URL and the detail to look at.
pub static DETAILED_IMAGE_URL: ObjectShape = ObjectShape {
    name: "DetailedImageUrl",
    fields: &[field("url", true, Shape::String), field("detail", false, Shape::Nullable(&Shape::Enum(&["low", "auto", "high"])))],
};

/// An image: JPEG, PNG, WebP or GIF, at most 10 MB and 10 000 × 10 000 pixels; 8 in a request.
pub static IMAGE_URL_CHUNK: ObjectShape = ObjectShape {
    name: "ImageUrlChunk",
    fields: &[
        field("type", true, Shape::Enum(&["image_url"])),
        field("image_url", true, Shape::OneOf(&[Shape::String, Shape::Object(&DETAILED_IMAGE_URL)])),
    ],
};

/// A document that the model reads.
pub static DOCUMENT_URL_CHUNK: ObjectShape = ObjectShape {
    name: "DocumentUrlChunk",
    fields: &[
        field("type", true, Shape::Enum(&["document_url"])),
        field("document_url", true, Shape::String),
        field("document_name", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A file that was uploaded before.
pub static FILE_CHUNK: ObjectShape = ObjectShape {
    name: "FileChunk",
    fields: &[field("type", true, Shape::Enum(&["file"])), field("file_id", true, Shape::String)],
};

/// References to sources, mostly in answers.
pub static REFERENCE_CHUNK: ObjectShape = ObjectShape {
    name: "ReferenceChunk",
    fields: &[
        field("type", true, Shape::Enum(&["reference"])),
        field("reference_ids", true, Shape::Array(&Shape::OneOf(&[Shape::Integer { min: None, max: None }, Shape::String]))),
    ],
};

/// What a model thought. Goes back unchanged with the assistant's message.
pub static THINKING_CHUNK: ObjectShape = ObjectShape {
    name: "ThinkingChunk",
    fields: &[
        field("type", true, Shape::Enum(&["thinking"])),
        field("thinking", true, Shape::Array(&CONTENT_CHUNK)),
        field("signature", false, Shape::Nullable(&Shape::String)),
        field("closed", false, Shape::Boolean),
    ],
};

/// Sound in base64 and its format, as other APIs write it; the format is not looked at.
pub static FORMATTED_AUDIO: ObjectShape = ObjectShape {
    name: "FormattedAudio",
    fields: &[field("data", true, Shape::String), field("format", false, Shape::Nullable(&Shape::String))],
};

/// Sound, for models that listen.
pub static INPUT_AUDIO_CHUNK: ObjectShape = ObjectShape {
    name: "InputAudioChunk",
    fields: &[
        field("type", true, Shape::Enum(&["input_audio"])),
        field("input_audio", true, Shape::OneOf(&[Shape::String, Shape::Object(&FORMATTED_AUDIO)])),
    ],
};

/// A resource with its content.
pub static RESOURCE_CHUNK: ObjectShape = ObjectShape {
    name: "ResourceChunk",
    fields: &[
        field("type", true, Shape::Enum(&["resource"])),
        field("uri", true, Shape::String),
        field(
            "content",
            true,
            Shape::Tagged {
                tag: "type",
                variants: &[
                    ("text", &TEXT_CHUNK),
                    ("image_url", &IMAGE_URL_CHUNK),
                    ("document_url", &DOCUMENT_URL_CHUNK),
                    ("file", &FILE_CHUNK),
                    ("reference", &REFERENCE_CHUNK),
                    ("thinking", &THINKING_CHUNK),
                    ("input_audio", &INPUT_AUDIO_CHUNK),
                    ("resource", &RESOURCE_CHUNK),
                    ("resource_link", &RESOURCE_LINK_CHUNK),
                    ("tool_reference", &TOOL_REFERENCE_CHUNK),
                    ("tool_file", &TOOL_FILE_CHUNK),
                ],
                open: true,
            },
        ),
    ],
};

/// A link to a resource.
pub static RESOURCE_LINK_CHUNK: ObjectShape = ObjectShape {
    name: "ResourceLinkChunk",
    fields: &[
        field("type", true, Shape::Enum(&["resource_link"])),
        field("uri", true, Shape::String),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
    ],
};

/// A source that a built-in tool found.
pub static TOOL_REFERENCE_CHUNK: ObjectShape = ObjectShape {
    name: "ToolReferenceChunk",
    fields: &[
        field("type", true, Shape::Enum(&["tool_reference"])),
        field("tool", true, Shape::String),
        field("title", true, Shape::String),
        field("url", false, Shape::Nullable(&Shape::String)),
        field("favicon", false, Shape::Nullable(&Shape::String)),
        field("description", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A file that a built-in tool made; in conversations only.
pub static TOOL_FILE_CHUNK: ObjectShape = ObjectShape {
    name: "ToolFileChunk",
    fields: &[
        field("type", true, Shape::Enum(&["tool_file"])),
        field("tool", true, Shape::String),
        field("file_id", true, Shape::String),
        field("file_name", false, Shape::Nullable(&Shape::String)),
        field("file_type", false, Shape::Nullable(&Shape::String)),
    ],
};

/// One piece of a content.
pub static CONTENT_CHUNK: Shape = Shape::Tagged {
    tag: "type",
    variants: &[
        ("text", &TEXT_CHUNK),
        ("image_url", &IMAGE_URL_CHUNK),
        ("document_url", &DOCUMENT_URL_CHUNK),
        ("file", &FILE_CHUNK),
        ("reference", &REFERENCE_CHUNK),
        ("thinking", &THINKING_CHUNK),
        ("input_audio", &INPUT_AUDIO_CHUNK),
        ("resource", &RESOURCE_CHUNK),
        ("resource_link", &RESOURCE_LINK_CHUNK),
        ("tool_reference", &TOOL_REFERENCE_CHUNK),
        ("tool_file", &TOOL_FILE_CHUNK),
    ],
    open: true,
};

/// What the model should know and how it should behave.
pub static SYSTEM_MESSAGE: ObjectShape = ObjectShape {
    name: "SystemMessage",
    fields: &[
        field("role", true, Shape::Enum(&["system"])),
        field("content", true, Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)])),
    ],
};

/// What the user says.
pub static USER_MESSAGE: ObjectShape = ObjectShape {
    name: "UserMessage",
    fields: &[
        field("role", true, Shape::Enum(&["user"])),
        field("content", true, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)]))),
    ],
};

/// A function and its arguments.
pub static FUNCTION_CALL: ObjectShape = ObjectShape {
    name: "FunctionCall",
    fields: &[
        field("name", true, Shape::String),
        field("arguments", true, Shape::OneOf(&[Shape::String, Shape::Map(&Shape::Any)])),
    ],
};

/// A call that the model wants made.
pub static TOOL_CALL: ObjectShape = ObjectShape {
    name: "ToolCall",
    fields: &[
        field("id", false, Shape::String),
        field("type", false, Shape::String),
        field("function", true, Shape::Object(&FUNCTION_CALL)),
        field("index", false, Shape::Integer { min: Some(0), max: None }),
    ],
};

/// What the model said.
pub static ASSISTANT_MESSAGE: ObjectShape = ObjectShape {
    name: "AssistantMessage",
    fields: &[
        field("role", true, Shape::Enum(&["assistant"])),
        field("content", false, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)]))),
        field("tool_calls", false, Shape::Nullable(&Shape::Array(&Shape::Object(&TOOL_CALL)))),
        field("prefix", false, Shape::Boolean),
    ],
};

/// What a tool answered.
pub static TOOL_MESSAGE: ObjectShape = ObjectShape {
    name: "ToolMessage",
    fields: &[
        field("role", true, Shape::Enum(&["tool"])),
        field("content", true, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)]))),
        field("tool_call_id", false, Shape::Nullable(&Shape::String)),
        field("name", false, Shape::Nullable(&Shape::String)),
    ],
};

/// One message of a conversation.
pub static MESSAGE: Shape = Shape::Tagged {
    tag: "role",
    variants: &[("system", &SYSTEM_MESSAGE), ("user", &USER_MESSAGE), ("assistant", &ASSISTANT_MESSAGE), ("tool", &TOOL_MESSAGE)],
    open: false,
};

/// A JSON Schema with a name.
pub static JSON_SCHEMA: ObjectShape = ObjectShape {
    name: "JsonSchema",
    fields: &[
        field("name", true, Shape::String),
        field("schema", true, Shape::Map(&Shape::Any)),
        field("description", false, Shape::Nullable(&Shape::String)),
        field("strict", false, Shape::Boolean),
    ],
};

/// The form that the answer must have.
pub static RESPONSE_FORMAT: ObjectShape = ObjectShape {
    name: "ResponseFormat",
    fields: &[
        field("type", false, Shape::Enum(&["text", "json_object", "json_schema"])),
        field("json_schema", false, Shape::Nullable(&Shape::Object(&JSON_SCHEMA))),
    ],
};

/// A function that the caller runs.
pub static FUNCTION: ObjectShape = ObjectShape {
    name: "Function",
    fields: &[
        field("name", true, Shape::String),
        field("description", false, Shape::String),
        field("strict", false, Shape::Boolean),
        field("parameters", true, Shape::Map(&Shape::Any)),
    ],
};

/// A function that the caller runs.
pub static FUNCTION_TOOL: ObjectShape = ObjectShape {
    name: "FunctionTool",
    fields: &[field("type", true, Shape::Enum(&["function"])), field("function", true, Shape::Object(&FUNCTION))],
};

/// Which abilities of a tool may be used.
pub static TOOL_CONFIGURATION: ObjectShape = ObjectShape {
    name: "ToolConfiguration",
    fields: &[
        field("exclude", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("include", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("requires_confirmation", false, Shape::Nullable(&Shape::Array(&Shape::String))),
    ],
};

/// The provider's web search; in conversations and agents only.
pub static WEB_SEARCH_TOOL: ObjectShape = ObjectShape {
    name: "WebSearchTool",
    fields: &[
        field("type", true, Shape::Enum(&["web_search"])),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// The provider's web search with news agencies; in conversations and agents only.
pub static WEB_SEARCH_PREMIUM_TOOL: ObjectShape = ObjectShape {
    name: "WebSearchPremiumTool",
    fields: &[
        field("type", true, Shape::Enum(&["web_search_premium"])),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// Runs code at the provider's; in conversations and agents only.
pub static CODE_INTERPRETER_TOOL: ObjectShape = ObjectShape {
    name: "CodeInterpreterTool",
    fields: &[
        field("type", true, Shape::Enum(&["code_interpreter"])),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// Makes images at the provider's.
pub static IMAGE_GENERATION_TOOL: ObjectShape = ObjectShape {
    name: "ImageGenerationTool",
    fields: &[
        field("type", true, Shape::Enum(&["image_generation"])),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// Searches the account's libraries.
pub static DOCUMENT_LIBRARY_TOOL: ObjectShape = ObjectShape {
    name: "DocumentLibraryTool",
    fields: &[
        field("type", true, Shape::Enum(&["document_library"])),
        field("library_ids", true, Shape::Array(&Shape::String)),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// Whom a connector acts for.
pub static CONNECTOR_AUTHORIZATION: ObjectShape = ObjectShape {
    name: "ConnectorAuthorization",
    fields: &[field("type", true, Shape::Enum(&["oauth2-token", "api-key"])), field("value", true, Shape::String)],
};

/// A connector of the account.
pub static CONNECTOR_TOOL: ObjectShape = ObjectShape {
    name: "ConnectorTool",
    fields: &[
        field("type", true, Shape::Enum(&["connector"])),
        field("connector_id", true, Shape::String),
        field("authorization", false, Shape::Nullable(&Shape::Object(&CONNECTOR_AUTHORIZATION))),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// A tool that the model may use; at most 128 in a request.
pub static TOOL: Shape = Shape::Tagged {
    tag: "type",
    variants: &[
        ("function", &FUNCTION_TOOL),
        ("web_search", &WEB_SEARCH_TOOL),
        ("web_search_premium", &WEB_SEARCH_PREMIUM_TOOL),
        ("code_interpreter", &CODE_INTERPRETER_TOOL),
        ("image_generation", &IMAGE_GENERATION_TOOL),
        ("document_library", &DOCUMENT_LIBRARY_TOOL),
        ("connector", &CONNECTOR_TOOL),
    ],
    open: true,
};

/// A function, by its name.
pub static FUNCTION_NAME: ObjectShape = ObjectShape { name: "FunctionName", fields: &[field("name", true, Shape::String)] };

/// A function that must be called.
pub static NAMED_TOOL_CHOICE: ObjectShape = ObjectShape {
    name: "NamedToolChoice",
    fields: &[field("type", false, Shape::Enum(&["function"])), field("function", true, Shape::Object(&FUNCTION_NAME))],
};

/// Text that the answer is expected to repeat for the most part: it comes faster then.
pub static PREDICTION: ObjectShape = ObjectShape {
    name: "Prediction",
    fields: &[field("type", false, Shape::Enum(&["content"])), field("content", false, Shape::String)],
};

/// How a guardrail moderates.
pub static MODERATION: ObjectShape = ObjectShape {
    name: "Moderation",
    fields: &[
        field("model_name", false, Shape::String),
        field(
            "custom_category_thresholds",
            false,
            Shape::Nullable(&Shape::Map(&Shape::Number { min: Some(0.0), max: Some(1.0), above: None })),
        ),
        field("ignore_other_categories", false, Shape::Boolean),
        field("action", false, Shape::Enum(&["none", "block"])),
    ],
};

/// A moderation of what goes in and comes out; a blocked call fails with `content_blocked`.
pub static GUARDRAIL: ObjectShape = ObjectShape {
    name: "Guardrail",
    fields: &[
        field("block_on_error", false, Shape::Boolean),
        field("moderation_llm_v1", false, Shape::Nullable(&Shape::Object(&MODERATION))),
        field("moderation_llm_v2", false, Shape::Nullable(&Shape::Object(&MODERATION))),
    ],
};

/// A chat request. Only `model` and `messages` are required; what is absent is the model's own default.
pub static CHAT_REQUEST: ObjectShape = ObjectShape {
    name: "ChatRequest",
    fields: &[
        field("operation", false, Shape::Nullable(&Shape::Enum(&["chat", "chat_stream"]))),
        field("model", true, Shape::String),
        field("messages", true, Shape::Array(&MESSAGE)),
        field("temperature", false, Shape::Nullable(&Shape::Number { min: Some(0.0), max: Some(1.5), above: None })),
        field("top_p", false, Shape::Nullable(&Shape::Number { min: None, max: Some(1.0), above: Some(0.0) })),
        field("safe_prompt", false, Shape::Boolean),
        field("top_k", false, Shape::Nullable(&Shape::Integer { min: None, max: None })),
        field("response_format", false, Shape::Nullable(&Shape::Object(&RESPONSE_FORMAT))),
        field("tools", false, Shape::Nullable(&Shape::Array(&TOOL))),
        field(
            "tool_choice",
            false,
            Shape::Nullable(&Shape::OneOf(&[
                Shape::Enum(&["auto", "none", "any", "required"]),
                Shape::Object(&NAMED_TOOL_CHOICE),
            ])),
        ),
        field("presence_penalty", false, Shape::Nullable(&Shape::Number { min: Some(-2.0), max: Some(2.0), above: None })),
        field("frequency_penalty", false, Shape::Nullable(&Shape::Number { min: Some(-2.0), max: Some(2.0), above: None })),
        field("repetition_penalty", false, Shape::Nullable(&Shape::Number { min: None, max: None, above: None })),
        field("logprobs", false, Shape::Nullable(&Shape::Boolean)),
        field("top_logprobs", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("prompt_logprobs", false, Shape::Nullable(&Shape::Boolean)),
        field("top_prompt_logprobs", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("n", false, Shape::Nullable(&Shape::Integer { min: Some(1), max: None })),
        field("prediction", false, Shape::Object(&PREDICTION)),
        field("parallel_tool_calls", false, Shape::Boolean),
        field(
            "reasoning_effort",
            false,
            Shape::Nullable(&Shape::Enum(&["none", "minimal", "low", "medium", "high", "xhigh", "max"])),
        ),
        field("prompt_mode", false, Shape::Nullable(&Shape::Enum(&["reasoning"]))),
        field("guardrails", false, Shape::Nullable(&Shape::Array(&Shape::Object(&GUARDRAIL)))),
        field("service_tier", false, Shape::Nullable(&Shape::Enum(&["auto", "standard_only"]))),
        field("max_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("min_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("stream", false, Shape::Boolean),
        field("stop", false, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)]))),
        field("random_seed", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("prompt_cache_key", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A request to fill in code. Only `model` and `prompt` are required; what is absent is the model's own default.
pub static FIM_REQUEST: ObjectShape = ObjectShape {
    name: "FimRequest",
    fields: &[
        field("operation", false, Shape::Nullable(&Shape::Enum(&["fim", "fim_stream"]))),
        field("model", true, Shape::String),
        field("prompt", true, Shape::String),
        field("suffix", false, Shape::Nullable(&Shape::String)),
        field("temperature", false, Shape::Nullable(&Shape::Number { min: Some(0.0), max: Some(1.5), above: None })),
        field("top_p", false, Shape::Nullable(&Shape::Number { min: None, max: Some(1.0), above: Some(0.0) })),
        field("max_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("min_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("stream", false, Shape::Boolean),
        field("stop", false, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)]))),
        field("random_seed", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("prompt_cache_key", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A request to turn texts into vectors. Only `model` and `input` are required.
pub static EMBEDDING_REQUEST: ObjectShape = ObjectShape {
    name: "EmbeddingRequest",
    fields: &[
        field("operation", false, Shape::Nullable(&Shape::Enum(&["embeddings"]))),
        field("model", true, Shape::String),
        field("input", true, Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)])),
        field("output_dimension", false, Shape::Nullable(&Shape::Integer { min: Some(1), max: None })),
        field("output_dtype", false, Shape::Enum(&["float", "int8", "uint8", "binary", "ubinary"])),
        field("encoding_format", false, Shape::Enum(&["float", "base64"])),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
    ],
};

/// A request for one model.
pub static MODELS_RETRIEVE_REQUEST: ObjectShape = ObjectShape {
    name: "ModelsRetrieveRequest",
    fields: &[field("operation", false, Shape::Enum(&["models_retrieve"])), field("model", true, Shape::String)],
};

/// A request to delete a model.
pub static MODELS_DELETE_REQUEST: ObjectShape = ObjectShape {
    name: "ModelsDeleteRequest",
    fields: &[field("operation", false, Shape::Enum(&["models_delete"])), field("model", true, Shape::String)],
};

/// A request to an agent, which brings its model and its instructions. Otherwise as a chat's.
pub static AGENTS_REQUEST: ObjectShape = ObjectShape {
    name: "AgentsRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["agents", "agents_stream"])),
        field("agent_id", true, Shape::String),
        field("messages", true, Shape::Array(&MESSAGE)),
        field("top_k", false, Shape::Nullable(&Shape::Integer { min: None, max: None })),
        field("response_format", false, Shape::Nullable(&Shape::Object(&RESPONSE_FORMAT))),
        field("tools", false, Shape::Nullable(&Shape::Array(&TOOL))),
        field(
            "tool_choice",
            false,
            Shape::Nullable(&Shape::OneOf(&[
                Shape::Enum(&["auto", "none", "any", "required"]),
                Shape::Object(&NAMED_TOOL_CHOICE),
            ])),
        ),
        field("presence_penalty", false, Shape::Nullable(&Shape::Number { min: Some(-2.0), max: Some(2.0), above: None })),
        field("frequency_penalty", false, Shape::Nullable(&Shape::Number { min: Some(-2.0), max: Some(2.0), above: None })),
        field("repetition_penalty", false, Shape::Nullable(&Shape::Number { min: None, max: None, above: None })),
        field("logprobs", false, Shape::Nullable(&Shape::Boolean)),
        field("top_logprobs", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("prompt_logprobs", false, Shape::Nullable(&Shape::Boolean)),
        field("top_prompt_logprobs", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("n", false, Shape::Nullable(&Shape::Integer { min: Some(1), max: None })),
        field("prediction", false, Shape::Object(&PREDICTION)),
        field("parallel_tool_calls", false, Shape::Boolean),
        field(
            "reasoning_effort",
            false,
            Shape::Nullable(&Shape::Enum(&["none", "minimal", "low", "medium", "high", "xhigh", "max"])),
        ),
        field("prompt_mode", false, Shape::Nullable(&Shape::Enum(&["reasoning"]))),
        field("guardrails", false, Shape::Nullable(&Shape::Array(&Shape::Object(&GUARDRAIL)))),
        field("service_tier", false, Shape::Nullable(&Shape::Enum(&["auto", "standard_only"]))),
        field("max_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("min_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("stream", false, Shape::Boolean),
        field("stop", false, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)]))),
        field("random_seed", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("prompt_cache_key", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A request to moderate texts.
pub static MODERATION_REQUEST: ObjectShape = ObjectShape {
    name: "ModerationRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["moderation"])),
        field("model", true, Shape::String),
        field("input", true, Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)])),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
    ],
};

/// A request to moderate conversations: the last message of each, in the light of those before it.
pub static CHAT_MODERATION_REQUEST: ObjectShape = ObjectShape {
    name: "ChatModerationRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["moderation_chat"])),
        field("model", true, Shape::String),
        field("input", true, Shape::OneOf(&[Shape::Array(&MESSAGE), Shape::Array(&Shape::Array(&MESSAGE))])),
    ],
};

/// A request to classify texts.
pub static CLASSIFICATION_REQUEST: ObjectShape = ObjectShape {
    name: "ClassificationRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["classification"])),
        field("model", true, Shape::String),
        field("input", true, Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)])),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
    ],
};

/// A conversation, as an object.
pub static DIALOGUE: ObjectShape = ObjectShape { name: "Dialogue", fields: &[field("messages", true, Shape::Array(&MESSAGE))] };

/// A request to classify conversations.
pub static CHAT_CLASSIFICATION_REQUEST: ObjectShape = ObjectShape {
    name: "ChatClassificationRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["classification_chat"])),
        field("model", true, Shape::String),
        field("input", true, Shape::OneOf(&[Shape::Object(&DIALOGUE), Shape::Array(&Shape::Object(&DIALOGUE))])),
    ],
};

/// A file in a request: its name, and its content where that stands in the request itself. Without `text` and `data`
pub static FILE_PART: ObjectShape = ObjectShape {
    name: "FilePart",
    fields: &[
        field("name", true, Shape::String),
        field("content_type", false, Shape::Nullable(&Shape::String)),
        field("text", false, Shape::Nullable(&Shape::String)),
        field("data", false, Shape::Nullable(&Shape::String)),
        field("size", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
    ],
};

/// A file to upload.
pub static FILES_UPLOAD_REQUEST: ObjectShape = ObjectShape {
    name: "FilesUploadRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["files_upload"])),
        field("file", true, Shape::Object(&FILE_PART)),
        field("purpose", false, Shape::Nullable(&Shape::String)),
        field("expiry", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("visibility", false, Shape::Enum(&["workspace", "user"])),
    ],
};

/// Which files to list.
pub static FILES_LIST_REQUEST: ObjectShape = ObjectShape {
    name: "FilesListRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["files_list"])),
        field("page", false, Shape::Integer { min: Some(0), max: None }),
        field("page_size", false, Shape::Integer { min: Some(0), max: None }),
        field("include_total", false, Shape::Boolean),
        field("sample_type", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("source", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("search", false, Shape::Nullable(&Shape::String)),
        field("purpose", false, Shape::Nullable(&Shape::String)),
        field("mimetypes", false, Shape::Nullable(&Shape::Array(&Shape::String))),
    ],
};

/// Which file to look at.
pub static FILES_RETRIEVE_REQUEST: ObjectShape = ObjectShape {
    name: "FilesRetrieveRequest",
    fields: &[field("operation", false, Shape::Enum(&["files_retrieve"])), field("file_id", true, Shape::String)],
};

/// Which file to delete.
pub static FILES_DELETE_REQUEST: ObjectShape = ObjectShape {
    name: "FilesDeleteRequest",
    fields: &[field("operation", false, Shape::Enum(&["files_delete"])), field("file_id", true, Shape::String)],
};

/// Which file to download.
pub static FILES_DOWNLOAD_REQUEST: ObjectShape = ObjectShape {
    name: "FilesDownloadRequest",
    fields: &[field("operation", false, Shape::Enum(&["files_download"])), field("file_id", true, Shape::String)],
};

/// For which file a link is wanted.
pub static FILES_SIGNED_URL_REQUEST: ObjectShape = ObjectShape {
    name: "FilesSignedUrlRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["files_signed_url"])),
        field("file_id", true, Shape::String),
        field("expiry", false, Shape::Integer { min: Some(1), max: Some(168) }),
    ],
};

/// One request of a batch.
pub static BATCH_ITEM: ObjectShape = ObjectShape {
    name: "BatchItem",
    fields: &[field("custom_id", false, Shape::Nullable(&Shape::String)), field("body", true, Shape::Map(&Shape::Any))],
};

/// A job to be made: requests that stand here, or in files that were uploaded for it.
pub static BATCH_CREATE_REQUEST: ObjectShape = ObjectShape {
    name: "BatchCreateRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["batch_create"])),
        field(
            "endpoint",
            true,
            Shape::Enum(&[
                "/v1/chat/completions",
                "/v1/embeddings",
                "/v1/fim/completions",
                "/v1/moderations",
                "/v1/chat/moderations",
                "/v1/ocr",
                "/v1/classifications",
                "/v1/chat/classifications",
                "/v1/conversations",
                "/v1/audio/transcriptions",
            ]),
        ),
        field("input_files", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("requests", false, Shape::Nullable(&Shape::Array(&Shape::Object(&BATCH_ITEM)))),
        field("model", false, Shape::Nullable(&Shape::String)),
        field("agent_id", false, Shape::Nullable(&Shape::String)),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::String))),
        field("timeout_hours", false, Shape::Integer { min: Some(1), max: Some(168) }),
    ],
};

/// Which jobs to list.
pub static BATCH_LIST_REQUEST: ObjectShape = ObjectShape {
    name: "BatchListRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["batch_list"])),
        field("page", false, Shape::Integer { min: Some(0), max: None }),
        field("page_size", false, Shape::Integer { min: Some(0), max: None }),
        field("model", false, Shape::Nullable(&Shape::String)),
        field("agent_id", false, Shape::Nullable(&Shape::String)),
        field("created_after", false, Shape::Nullable(&Shape::String)),
        field("created_by_me", false, Shape::Boolean),
        field("status", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("order_by", false, Shape::Enum(&["created", "-created"])),
    ],
};

/// Which job to look at.
pub static BATCH_GET_REQUEST: ObjectShape = ObjectShape {
    name: "BatchGetRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["batch_get"])),
        field("job_id", true, Shape::String),
        field("inline", false, Shape::Nullable(&Shape::Boolean)),
    ],
};

/// Which job to cancel.
pub static BATCH_CANCEL_REQUEST: ObjectShape = ObjectShape {
    name: "BatchCancelRequest",
    fields: &[field("operation", false, Shape::Enum(&["batch_cancel"])), field("job_id", true, Shape::String)],
};

/// Which job to delete.
pub static BATCH_DELETE_REQUEST: ObjectShape = ObjectShape {
    name: "BatchDeleteRequest",
    fields: &[field("operation", false, Shape::Enum(&["batch_delete"])), field("job_id", true, Shape::String)],
};

/// A request to write down what is said in a recording. The recording is one of `file`, `file_url` and `file_id`.
pub static TRANSCRIPTION_REQUEST: ObjectShape = ObjectShape {
    name: "TranscriptionRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["audio_transcription", "audio_transcription_stream"])),
        field("model", true, Shape::String),
        field("file", false, Shape::Nullable(&Shape::Object(&FILE_PART))),
        field("file_url", false, Shape::Nullable(&Shape::String)),
        field("file_id", false, Shape::Nullable(&Shape::String)),
        field("language", false, Shape::Nullable(&Shape::String)),
        field("temperature", false, Shape::Nullable(&Shape::Number { min: None, max: None, above: None })),
        field("stream", false, Shape::Boolean),
        field("diarize", false, Shape::Boolean),
        field("context_bias", false, Shape::Array(&Shape::String)),
        field("speaker_references", false, Shape::Map(&Shape::String)),
        field("timestamp_granularities", false, Shape::Array(&Shape::Enum(&["segment", "word"]))),
    ],
};

/// Sound in a request.
pub static RAW_AUDIO: ObjectShape = ObjectShape { name: "RawAudio", fields: &[field("data", true, Shape::String)] };

/// What the user said.
pub static USER_TURN: ObjectShape = ObjectShape {
    name: "UserTurn",
    fields: &[field("role", true, Shape::Enum(&["user"])), field("audio", true, Shape::Object(&RAW_AUDIO))],
};

/// What the assistant said.
pub static ASSISTANT_TURN: ObjectShape = ObjectShape {
    name: "AssistantTurn",
    fields: &[
        field("role", true, Shape::Enum(&["assistant"])),
        field("text", true, Shape::String),
        field("audio", true, Shape::Object(&RAW_AUDIO)),
    ],
};

/// One turn of what was said before.
pub static SPEECH_TURN: Shape =
    Shape::Tagged { tag: "role", variants: &[("user", &USER_TURN), ("assistant", &ASSISTANT_TURN)], open: false };

/// A request to speak a text.
pub static SPEECH_REQUEST: ObjectShape = ObjectShape {
    name: "SpeechRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["audio_speech", "audio_speech_stream"])),
        field("input", true, Shape::String),
        field("model", false, Shape::Nullable(&Shape::String)),
        field("voice_id", false, Shape::Nullable(&Shape::String)),
        field("voice", false, Shape::Nullable(&Shape::String)),
        field("ref_audio", false, Shape::Nullable(&Shape::String)),
        field("response_format", false, Shape::Enum(&["pcm", "wav", "mp3", "flac", "opus"])),
        field("stream", false, Shape::Boolean),
        field("expressiveness", false, Shape::Nullable(&Shape::Number { min: Some(1.0), max: None, above: None })),
        field("phoneme_hints", false, Shape::Nullable(&Shape::Map(&Shape::Array(&Shape::String)))),
        field("conversation_history", false, Shape::Nullable(&Shape::Array(&SPEECH_TURN))),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("prompt_cache_key", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A file that was uploaded before.
pub static FILE_DOCUMENT: ObjectShape = ObjectShape {
    name: "FileDocument",
    fields: &[field("type", false, Shape::Enum(&["file"])), field("file_id", true, Shape::String)],
};

/// A document.
pub static DOCUMENT_URL_DOCUMENT: ObjectShape = ObjectShape {
    name: "DocumentUrlDocument",
    fields: &[
        field("type", false, Shape::Enum(&["document_url"])),
        field("document_url", true, Shape::String),
        field("document_name", false, Shape::Nullable(&Shape::String)),
    ],
};

/// An image.
pub static IMAGE_URL_DOCUMENT: ObjectShape = ObjectShape {
    name: "ImageUrlDocument",
    fields: &[
        field("type", false, Shape::Enum(&["image_url"])),
        field("image_url", true, Shape::OneOf(&[Shape::String, Shape::Object(&DETAILED_IMAGE_URL)])),
    ],
};

/// What is read: a file that was uploaded, a document or an image at an address.
pub static OCR_DOCUMENT: Shape = Shape::Tagged {
    tag: "type",
    variants: &[("file", &FILE_DOCUMENT), ("document_url", &DOCUMENT_URL_DOCUMENT), ("image_url", &IMAGE_URL_DOCUMENT)],
    open: true,
};

/// A request to read a document. Only `model` and `document` are required.
pub static OCR_REQUEST: ObjectShape = ObjectShape {
    name: "OcrRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["ocr"])),
        field("model", true, Shape::Nullable(&Shape::String)),
        field(
            "document",
            true,
            Shape::Tagged {
                tag: "type",
                variants: &[
                    ("file", &FILE_DOCUMENT),
                    ("document_url", &DOCUMENT_URL_DOCUMENT),
                    ("image_url", &IMAGE_URL_DOCUMENT),
                ],
                open: true,
            },
        ),
        field(
            "pages",
            false,
            Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&Shape::Integer { min: Some(0), max: None })])),
        ),
        field("include_image_base64", false, Shape::Nullable(&Shape::Boolean)),
        field("image_limit", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("image_min_size", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("bbox_annotation_format", false, Shape::Nullable(&Shape::Object(&RESPONSE_FORMAT))),
        field("document_annotation_format", false, Shape::Nullable(&Shape::Object(&RESPONSE_FORMAT))),
        field("document_annotation_prompt", false, Shape::Nullable(&Shape::String)),
        field("table_format", false, Shape::Nullable(&Shape::Enum(&["markdown", "html"]))),
        field("extract_header", false, Shape::Boolean),
        field("extract_footer", false, Shape::Boolean),
        field("include_blocks", false, Shape::Boolean),
        field("confidence_scores_granularity", false, Shape::Nullable(&Shape::Enum(&["word", "page", "block"]))),
    ],
};

/// What somebody said to the model.
pub static MESSAGE_INPUT_ENTRY: ObjectShape = ObjectShape {
    name: "MessageInputEntry",
    fields: &[
        field("type", false, Shape::Enum(&["message.input"])),
        field("role", true, Shape::Enum(&["user", "assistant"])),
        field("content", true, Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)])),
        field("prefix", false, Shape::Boolean),
        field("object", false, Shape::Enum(&["entry"])),
        field("id", false, Shape::String),
        field("created_at", false, Shape::String),
        field("completed_at", false, Shape::Nullable(&Shape::String)),
    ],
};

/// What the model said.
pub static MESSAGE_OUTPUT_ENTRY: ObjectShape = ObjectShape {
    name: "MessageOutputEntry",
    fields: &[
        field("type", false, Shape::Enum(&["message.output"])),
        field("role", false, Shape::String),
        field("content", true, Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)])),
        field("agent_id", false, Shape::Nullable(&Shape::String)),
        field("model", false, Shape::Nullable(&Shape::String)),
        field("object", false, Shape::Enum(&["entry"])),
        field("id", false, Shape::String),
        field("created_at", false, Shape::String),
        field("completed_at", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A call that the model wants made.
pub static FUNCTION_CALL_ENTRY: ObjectShape = ObjectShape {
    name: "FunctionCallEntry",
    fields: &[
        field("type", false, Shape::Enum(&["function.call"])),
        field("tool_call_id", true, Shape::String),
        field("name", true, Shape::String),
        field("arguments", true, Shape::OneOf(&[Shape::String, Shape::Map(&Shape::Any)])),
        field("confirmation_status", false, Shape::Nullable(&Shape::Enum(&["pending", "allowed", "denied"]))),
        field("agent_id", false, Shape::Nullable(&Shape::String)),
        field("model", false, Shape::Nullable(&Shape::String)),
        field("object", false, Shape::Enum(&["entry"])),
        field("id", false, Shape::String),
        field("created_at", false, Shape::String),
        field("completed_at", false, Shape::Nullable(&Shape::String)),
    ],
};

/// What a call came to.
pub static FUNCTION_RESULT_ENTRY: ObjectShape = ObjectShape {
    name: "FunctionResultEntry",
    fields: &[
        field("type", false, Shape::Enum(&["function.result"])),
        field("tool_call_id", true, Shape::String),
        field("result", true, Shape::String),
        field("object", false, Shape::Enum(&["entry"])),
        field("id", false, Shape::String),
        field("created_at", false, Shape::String),
        field("completed_at", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A tool that the provider ran.
pub static TOOL_EXECUTION_ENTRY: ObjectShape = ObjectShape {
    name: "ToolExecutionEntry",
    fields: &[
        field("type", false, Shape::Enum(&["tool.execution"])),
        field("name", true, Shape::String),
        field("arguments", true, Shape::String),
        field("info", false, Shape::Map(&Shape::Any)),
        field("agent_id", false, Shape::Nullable(&Shape::String)),
        field("model", false, Shape::Nullable(&Shape::String)),
        field("object", false, Shape::Enum(&["entry"])),
        field("id", false, Shape::String),
        field("created_at", false, Shape::String),
        field("completed_at", false, Shape::Nullable(&Shape::String)),
    ],
};

/// One agent gave the conversation to another.
pub static AGENT_HANDOFF_ENTRY: ObjectShape = ObjectShape {
    name: "AgentHandoffEntry",
    fields: &[
        field("type", false, Shape::Enum(&["agent.handoff"])),
        field("previous_agent_id", true, Shape::String),
        field("previous_agent_name", true, Shape::String),
        field("next_agent_id", true, Shape::String),
        field("next_agent_name", true, Shape::String),
        field("object", false, Shape::Enum(&["entry"])),
        field("id", false, Shape::String),
        field("created_at", false, Shape::String),
        field("completed_at", false, Shape::Nullable(&Shape::String)),
    ],
};

/// One entry of a conversation. What comes out goes back in unchanged.
pub static CONVERSATION_ENTRY: Shape = Shape::Tagged {
    tag: "type",
    variants: &[
        ("message.input", &MESSAGE_INPUT_ENTRY),
        ("message.output", &MESSAGE_OUTPUT_ENTRY),
        ("function.call", &FUNCTION_CALL_ENTRY),
        ("function.result", &FUNCTION_RESULT_ENTRY),
        ("tool.execution", &TOOL_EXECUTION_ENTRY),
        ("agent.handoff", &AGENT_HANDOFF_ENTRY),
    ],
    open: true,
};

/// How the answers of a conversation are made: what a chat asks for in its own fields.
pub static COMPLETION_ARGS: ObjectShape = ObjectShape {
    name: "CompletionArgs",
    fields: &[
        field("temperature", false, Shape::Nullable(&Shape::Number { min: Some(0.0), max: Some(1.0), above: None })),
        field("top_p", false, Shape::Nullable(&Shape::Number { min: Some(0.0), max: Some(1.0), above: None })),
        field("max_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("stop", false, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)]))),
        field("random_seed", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("presence_penalty", false, Shape::Nullable(&Shape::Number { min: Some(-2.0), max: Some(2.0), above: None })),
        field("frequency_penalty", false, Shape::Nullable(&Shape::Number { min: Some(-2.0), max: Some(2.0), above: None })),
        field("prediction", false, Shape::Nullable(&Shape::Object(&PREDICTION))),
        field("response_format", false, Shape::Nullable(&Shape::Object(&RESPONSE_FORMAT))),
        field("tool_choice", false, Shape::Enum(&["auto", "none", "any", "required"])),
        field(
            "reasoning_effort",
            false,
            Shape::Nullable(&Shape::Enum(&["none", "minimal", "low", "medium", "high", "xhigh", "max"])),
        ),
    ],
};

/// A request to begin a conversation, with a model or an agent, and to answer it.
pub static CONVERSATION_START_REQUEST: ObjectShape = ObjectShape {
    name: "ConversationStartRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["conversations_start", "conversations_start_stream"])),
        field("inputs", true, Shape::OneOf(&[Shape::String, Shape::Array(&CONVERSATION_ENTRY)])),
        field("model", false, Shape::Nullable(&Shape::String)),
        field("agent_id", false, Shape::Nullable(&Shape::String)),
        field("agent_version", false, Shape::Nullable(&Shape::OneOf(&[Shape::Integer { min: None, max: None }, Shape::String]))),
        field("instructions", false, Shape::Nullable(&Shape::String)),
        field("tools", false, Shape::Nullable(&Shape::Array(&TOOL))),
        field("completion_args", false, Shape::Nullable(&Shape::Object(&COMPLETION_ARGS))),
        field("guardrails", false, Shape::Nullable(&Shape::Array(&Shape::Object(&GUARDRAIL)))),
        field("name", false, Shape::Nullable(&Shape::String)),
        field("description", false, Shape::Nullable(&Shape::String)),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("store", false, Shape::Nullable(&Shape::Boolean)),
        field("handoff_execution", false, Shape::Nullable(&Shape::Enum(&["client", "server"]))),
        field("stream", false, Shape::Nullable(&Shape::Boolean)),
    ],
};

/// An answer to a call that waits for a yes.
pub static TOOL_CONFIRMATION: ObjectShape = ObjectShape {
    name: "ToolConfirmation",
    fields: &[field("tool_call_id", true, Shape::String), field("confirmation", true, Shape::Enum(&["allow", "deny"]))],
};

/// A request to add entries to a conversation, and to answer them.
pub static CONVERSATION_APPEND_REQUEST: ObjectShape = ObjectShape {
    name: "ConversationAppendRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["conversations_append", "conversations_append_stream"])),
        field("conversation_id", true, Shape::String),
        field("inputs", false, Shape::OneOf(&[Shape::String, Shape::Array(&CONVERSATION_ENTRY)])),
        field("tool_confirmations", false, Shape::Nullable(&Shape::Array(&Shape::Object(&TOOL_CONFIRMATION)))),
        field("completion_args", false, Shape::Object(&COMPLETION_ARGS)),
        field("store", false, Shape::Boolean),
        field("handoff_execution", false, Shape::Enum(&["client", "server"])),
        field("stream", false, Shape::Boolean),
    ],
};

/// A request to begin a conversation anew from one of its entries; the answer is a new conversation.
pub static CONVERSATION_RESTART_REQUEST: ObjectShape = ObjectShape {
    name: "ConversationRestartRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["conversations_restart", "conversations_restart_stream"])),
        field("conversation_id", true, Shape::String),
        field("from_entry_id", true, Shape::String),
        field("inputs", false, Shape::OneOf(&[Shape::String, Shape::Array(&CONVERSATION_ENTRY)])),
        field("completion_args", false, Shape::Object(&COMPLETION_ARGS)),
        field("guardrails", false, Shape::Nullable(&Shape::Array(&Shape::Object(&GUARDRAIL)))),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
        field("agent_version", false, Shape::Nullable(&Shape::OneOf(&[Shape::Integer { min: None, max: None }, Shape::String]))),
        field("store", false, Shape::Boolean),
        field("handoff_execution", false, Shape::Enum(&["client", "server"])),
        field("stream", false, Shape::Boolean),
    ],
};

/// A request for the conversations of a workspace.
pub static CONVERSATION_LIST_REQUEST: ObjectShape = ObjectShape {
    name: "ConversationListRequest",
    fields: &[
        field("operation", false, Shape::Enum(&["conversations_list"])),
        field("page", false, Shape::Integer { min: Some(0), max: None }),
        field("page_size", false, Shape::Integer { min: Some(0), max: None }),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
    ],
};

/// A request about one conversation.
pub static CONVERSATION_ID_REQUEST: ObjectShape = ObjectShape {
    name: "ConversationIdRequest",
    fields: &[
        field(
            "operation",
            false,
            Shape::Enum(&["conversations_get", "conversations_history", "conversations_messages", "conversations_delete"]),
        ),
        field("conversation_id", true, Shape::String),
    ],
};
