//! The form of every request, from the Rust types of `chat`. Do not edit; `make generate` writes it.

use crate::check::shape::{Field, ObjectShape, Shape};

const fn field(name: &'static str, required: bool, shape: Shape) -> Field {
    Field { name, shape, required }
}

/// The table of an operation's request; `None` when there is no such operation.
pub fn request_shape(operation: &str) -> Option<&'static ObjectShape> {
    match operation {
        "chat" | "chat_stream" => Some(&CHAT_REQUEST),
        _ => None,
    }
}

/// A chat request.
pub static CHAT_REQUEST: ObjectShape = ObjectShape {
    name: "ChatRequest",
    fields: &[
        field("operation", false, Shape::Nullable(&Shape::Enum(&["chat", "chat_stream"]))),
        field("model", true, Shape::String),
        field("messages", true, Shape::Array(&MESSAGE)),
        field("temperature", false, Shape::Nullable(&Shape::Number { min: Some(0.0), max: Some(1.5), above: None })),
        field("top_p", false, Shape::Nullable(&Shape::Number { min: None, max: Some(1.0), above: Some(0.0) })),
        field("top_k", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("max_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("min_tokens", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("stream", false, Shape::Boolean),
        field("stop", false, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&Shape::String)]))),
        field("random_seed", false, Shape::Nullable(&Shape::Integer { min: Some(0), max: None })),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
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
        field("prediction", false, Shape::Nullable(&Shape::Object(&PREDICTION))),
        field("parallel_tool_calls", false, Shape::Boolean),
        field(
            "reasoning_effort",
            false,
            Shape::Nullable(&Shape::Enum(&["none", "minimal", "low", "medium", "high", "xhigh", "max"])),
        ),
        field("prompt_mode", false, Shape::Nullable(&Shape::Enum(&["reasoning"]))),
        field("guardrails", false, Shape::Nullable(&Shape::Array(&Shape::Object(&GUARDRAIL)))),
        field("prompt_cache_key", false, Shape::Nullable(&Shape::String)),
        field("service_tier", false, Shape::Nullable(&Shape::Enum(&["auto", "standard_only"]))),
        field("safe_prompt", false, Shape::Boolean),
    ],
};

static MESSAGE: Shape = Shape::Tagged {
    tag: "role",
    variants: &[("system", &SYSTEM_MESSAGE), ("user", &USER_MESSAGE), ("assistant", &ASSISTANT_MESSAGE), ("tool", &TOOL_MESSAGE)],
    open: false,
};

/// A system message.
pub static SYSTEM_MESSAGE: ObjectShape = ObjectShape {
    name: "SystemMessage",
    fields: &[
        field("role", true, Shape::String),
        field("content", true, Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)])),
    ],
};

/// A user message.
pub static USER_MESSAGE: ObjectShape = ObjectShape {
    name: "UserMessage",
    fields: &[
        field("role", true, Shape::String),
        field("content", true, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)]))),
    ],
};

/// An assistant message.
pub static ASSISTANT_MESSAGE: ObjectShape = ObjectShape {
    name: "AssistantMessage",
    fields: &[
        field("role", true, Shape::String),
        field("content", false, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)]))),
        field("tool_calls", false, Shape::Nullable(&Shape::Array(&Shape::Object(&TOOL_CALL)))),
        field("prefix", false, Shape::Boolean),
    ],
};

/// A tool message.
pub static TOOL_MESSAGE: ObjectShape = ObjectShape {
    name: "ToolMessage",
    fields: &[
        field("role", true, Shape::String),
        field("content", true, Shape::Nullable(&Shape::OneOf(&[Shape::String, Shape::Array(&CONTENT_CHUNK)]))),
        field("tool_call_id", false, Shape::Nullable(&Shape::String)),
        field("name", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A call of a tool.
pub static TOOL_CALL: ObjectShape = ObjectShape {
    name: "ToolCall",
    fields: &[
        field("id", false, Shape::String),
        field("type", false, Shape::String),
        field("function", true, Shape::Object(&FUNCTION_CALL)),
        field("index", false, Shape::Integer { min: Some(0), max: None }),
    ],
};

/// A function's name and arguments.
pub static FUNCTION_CALL: ObjectShape = ObjectShape {
    name: "FunctionCall",
    fields: &[
        field("name", true, Shape::String),
        field("arguments", true, Shape::OneOf(&[Shape::String, Shape::Map(&Shape::Any)])),
    ],
};

static CONTENT_CHUNK: Shape = Shape::Tagged {
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
    ],
    open: true,
};

/// Text.
pub static TEXT_CHUNK: ObjectShape =
    ObjectShape { name: "TextChunk", fields: &[field("type", true, Shape::String), field("text", true, Shape::String)] };

/// An image.
pub static IMAGE_URL_CHUNK: ObjectShape = ObjectShape {
    name: "ImageUrlChunk",
    fields: &[
        field("type", true, Shape::String),
        field("image_url", true, Shape::OneOf(&[Shape::String, Shape::Object(&IMAGE_URL)])),
    ],
};

/// An image's address and detail.
pub static IMAGE_URL: ObjectShape = ObjectShape {
    name: "ImageUrl",
    fields: &[field("url", true, Shape::String), field("detail", false, Shape::Nullable(&Shape::Enum(&["low", "auto", "high"])))],
};

/// A document.
pub static DOCUMENT_URL_CHUNK: ObjectShape = ObjectShape {
    name: "DocumentUrlChunk",
    fields: &[
        field("type", true, Shape::String),
        field("document_url", true, Shape::String),
        field("document_name", false, Shape::Nullable(&Shape::String)),
    ],
};

/// A file.
pub static FILE_CHUNK: ObjectShape =
    ObjectShape { name: "FileChunk", fields: &[field("type", true, Shape::String), field("file_id", true, Shape::String)] };

/// References.
pub static REFERENCE_CHUNK: ObjectShape = ObjectShape {
    name: "ReferenceChunk",
    fields: &[
        field("type", true, Shape::String),
        field("reference_ids", true, Shape::Array(&Shape::OneOf(&[Shape::Integer { min: None, max: None }, Shape::String]))),
    ],
};

/// Reasoning.
pub static THINKING_CHUNK: ObjectShape = ObjectShape {
    name: "ThinkingChunk",
    fields: &[
        field("type", true, Shape::String),
        field("thinking", true, Shape::Array(&CONTENT_CHUNK)),
        field("signature", false, Shape::Nullable(&Shape::String)),
        field("closed", false, Shape::Boolean),
    ],
};

/// Audio.
pub static INPUT_AUDIO_CHUNK: ObjectShape = ObjectShape {
    name: "InputAudioChunk",
    fields: &[
        field("type", true, Shape::String),
        field("input_audio", true, Shape::OneOf(&[Shape::String, Shape::Object(&INPUT_AUDIO)])),
    ],
};

/// Audio with its format.
pub static INPUT_AUDIO: ObjectShape = ObjectShape {
    name: "InputAudio",
    fields: &[field("data", true, Shape::String), field("format", false, Shape::Nullable(&Shape::String))],
};

/// A resource.
pub static RESOURCE_CHUNK: ObjectShape = ObjectShape {
    name: "ResourceChunk",
    fields: &[field("type", true, Shape::String), field("uri", true, Shape::String), field("content", true, CONTENT_CHUNK_REF)],
};

const CONTENT_CHUNK_REF: Shape =
    Shape::Tagged { tag: "type", variants: &[("text", &TEXT_CHUNK), ("image_url", &IMAGE_URL_CHUNK)], open: true };

/// A link to a resource.
pub static RESOURCE_LINK_CHUNK: ObjectShape = ObjectShape {
    name: "ResourceLinkChunk",
    fields: &[
        field("type", true, Shape::String),
        field("uri", true, Shape::String),
        field("metadata", false, Shape::Nullable(&Shape::Map(&Shape::Any))),
    ],
};

/// A tool's source.
pub static TOOL_REFERENCE_CHUNK: ObjectShape = ObjectShape {
    name: "ToolReferenceChunk",
    fields: &[
        field("type", true, Shape::String),
        field("tool", true, Shape::String),
        field("title", true, Shape::String),
        field("url", false, Shape::Nullable(&Shape::String)),
        field("favicon", false, Shape::Nullable(&Shape::String)),
        field("description", false, Shape::Nullable(&Shape::String)),
    ],
};

static TOOL: Shape = Shape::Tagged {
    tag: "type",
    variants: &[
        ("function", &FUNCTION_TOOL),
        ("web_search", &BUILT_IN_TOOL),
        ("web_search_premium", &BUILT_IN_TOOL),
        ("code_interpreter", &BUILT_IN_TOOL),
        ("image_generation", &BUILT_IN_TOOL),
        ("document_library", &DOCUMENT_LIBRARY_TOOL),
        ("connector", &CONNECTOR_TOOL),
    ],
    open: true,
};

/// A function that the model may call.
pub static FUNCTION_TOOL: ObjectShape = ObjectShape {
    name: "FunctionTool",
    fields: &[field("type", true, Shape::String), field("function", true, Shape::Object(&FUNCTION))],
};

/// A function's declaration.
pub static FUNCTION: ObjectShape = ObjectShape {
    name: "Function",
    fields: &[
        field("name", true, Shape::String),
        field("description", false, Shape::String),
        field("strict", false, Shape::Boolean),
        field("parameters", true, Shape::Map(&Shape::Any)),
    ],
};

/// A tool that the provider runs.
pub static BUILT_IN_TOOL: ObjectShape = ObjectShape {
    name: "BuiltInTool",
    fields: &[
        field("type", true, Shape::String),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// A search in libraries.
pub static DOCUMENT_LIBRARY_TOOL: ObjectShape = ObjectShape {
    name: "DocumentLibraryTool",
    fields: &[
        field("type", true, Shape::String),
        field("library_ids", true, Shape::Array(&Shape::String)),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// A connector.
pub static CONNECTOR_TOOL: ObjectShape = ObjectShape {
    name: "ConnectorTool",
    fields: &[
        field("type", true, Shape::String),
        field("connector_id", true, Shape::String),
        field("authorization", false, Shape::Nullable(&Shape::Object(&CONNECTOR_AUTHORIZATION))),
        field("tool_configuration", false, Shape::Nullable(&Shape::Object(&TOOL_CONFIGURATION))),
    ],
};

/// A connector's credentials.
pub static CONNECTOR_AUTHORIZATION: ObjectShape = ObjectShape {
    name: "ConnectorAuthorization",
    fields: &[field("type", true, Shape::Enum(&["oauth2-token", "api-key"])), field("value", true, Shape::String)],
};

/// Which of a tool's abilities may be used.
pub static TOOL_CONFIGURATION: ObjectShape = ObjectShape {
    name: "ToolConfiguration",
    fields: &[
        field("exclude", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("include", false, Shape::Nullable(&Shape::Array(&Shape::String))),
        field("requires_confirmation", false, Shape::Nullable(&Shape::Array(&Shape::String))),
    ],
};

/// A named function to call.
pub static NAMED_TOOL_CHOICE: ObjectShape = ObjectShape {
    name: "NamedToolChoice",
    fields: &[field("type", false, Shape::Enum(&["function"])), field("function", true, Shape::Object(&FUNCTION_NAME))],
};

/// A function's name.
pub static FUNCTION_NAME: ObjectShape = ObjectShape { name: "FunctionName", fields: &[field("name", true, Shape::String)] };

/// The form of the answer.
pub static RESPONSE_FORMAT: ObjectShape = ObjectShape {
    name: "ResponseFormat",
    fields: &[
        field("type", false, Shape::Enum(&["text", "json_object", "json_schema"])),
        field("json_schema", false, Shape::Nullable(&Shape::Object(&JSON_SCHEMA))),
    ],
};

/// A named JSON Schema.
pub static JSON_SCHEMA: ObjectShape = ObjectShape {
    name: "JsonSchema",
    fields: &[
        field("name", true, Shape::String),
        field("schema", true, Shape::Map(&Shape::Any)),
        field("description", false, Shape::Nullable(&Shape::String)),
        field("strict", false, Shape::Boolean),
    ],
};

/// Text that the answer will mostly repeat.
pub static PREDICTION: ObjectShape = ObjectShape {
    name: "Prediction",
    fields: &[field("type", false, Shape::Enum(&["content"])), field("content", false, Shape::String)],
};

/// A guardrail.
pub static GUARDRAIL: ObjectShape = ObjectShape {
    name: "Guardrail",
    fields: &[
        field("block_on_error", false, Shape::Boolean),
        field("moderation_llm_v1", false, Shape::Nullable(&Shape::Object(&MODERATION))),
        field("moderation_llm_v2", false, Shape::Nullable(&Shape::Object(&MODERATION))),
    ],
};

/// A moderation model's settings.
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
