//! What other APIs call a field or a content type, and what it is called here.

use super::shape::ObjectShape;

/// `(object, their name, our name, what to say)`; our name is empty where there is no such field.
type Spelling = (&'static str, &'static str, &'static str, &'static str);

const FIELDS: &[Spelling] = &[
    ("ChatRequest", "seed", "random_seed", "Mistral calls it `random_seed`"),
    ("ChatRequest", "max_completion_tokens", "max_tokens", "Mistral calls it `max_tokens`"),
    ("ChatRequest", "max_output_tokens", "max_tokens", "Mistral calls it `max_tokens`"),
    ("ChatRequest", "max_new_tokens", "max_tokens", "Mistral calls it `max_tokens`"),
    ("ChatRequest", "stream_options", "", "leave it out: usage always comes with the last event"),
    ("ChatRequest", "dimensions", "", "embeddings have it, as `output_dimension`; a chat has none"),
    ("ChatRequest", "output_dimension", "", "embeddings have it; a chat has none"),
    ("ChatRequest", "stop_sequences", "stop", "Mistral calls it `stop`"),
    ("ChatRequest", "system", "", "put a message with the role `system` first"),
    ("ChatRequest", "instructions", "", "put a message with the role `system` first"),
    ("ChatRequest", "input", "messages", "a chat calls it `messages`"),
    ("ChatRequest", "prompt", "messages", "a chat takes `messages`; `prompt` belongs to fill-in-the-middle"),
    ("ChatRequest", "suffix", "", "it belongs to fill-in-the-middle, not to a chat"),
    ("ChatRequest", "functions", "tools", "Mistral calls it `tools`"),
    ("ChatRequest", "function_call", "tool_choice", "Mistral calls it `tool_choice`"),
    ("ChatRequest", "reasoning", "reasoning_effort", "Mistral calls it `reasoning_effort`, a string"),
    ("ChatRequest", "thinking", "reasoning_effort", "Mistral calls it `reasoning_effort`, a string"),
    ("ChatRequest", "response_schema", "response_format", "Mistral calls it `response_format`"),
    ("ChatRequest", "output_format", "response_format", "Mistral calls it `response_format`"),
    ("ChatRequest", "user", "", "Mistral has no such field; `metadata` can carry it"),
    ("ChatRequest", "safety_identifier", "", "Mistral has no such field; `metadata` can carry it"),
    ("ChatRequest", "store", "", "Mistral has no such field; leave it out"),
    ("ChatRequest", "logit_bias", "", "Mistral has no such field; leave it out"),
    ("ChatRequest", "keep_alive", "", "Mistral has no such field; leave it out"),
    ("ChatRequest", "modalities", "", "Mistral has no such field; leave it out"),
    ("ChatRequest", "verbosity", "", "Mistral has no such field; leave it out"),
    ("ChatRequest", "provider", "", "name the provider beside the request, or before the model: `mistral/…`"),
    ("FimRequest", "seed", "random_seed", "Mistral calls it `random_seed`"),
    ("FimRequest", "max_completion_tokens", "max_tokens", "Mistral calls it `max_tokens`"),
    ("FimRequest", "max_output_tokens", "max_tokens", "Mistral calls it `max_tokens`"),
    ("FimRequest", "max_new_tokens", "max_tokens", "Mistral calls it `max_tokens`"),
    ("FimRequest", "stream_options", "", "leave it out: usage always comes with the last event"),
    ("FimRequest", "stop_sequences", "stop", "Mistral calls it `stop`"),
    ("FimRequest", "messages", "prompt", "fill-in-the-middle takes `prompt`, and `suffix`; `messages` belong to a chat"),
    ("FimRequest", "input", "prompt", "fill-in-the-middle calls it `prompt`"),
    ("FimRequest", "prefix", "prompt", "fill-in-the-middle calls it `prompt`"),
    ("FimRequest", "n", "", "fill-in-the-middle gives one answer; leave it out"),
    ("FimRequest", "tools", "", "fill-in-the-middle calls no tools; a chat does"),
    ("FimRequest", "response_format", "", "fill-in-the-middle answers with code; a chat has it"),
    ("EmbeddingRequest", "dimensions", "output_dimension", "Mistral calls it `output_dimension`"),
    ("EmbeddingRequest", "dimension", "output_dimension", "Mistral calls it `output_dimension`"),
    ("EmbeddingRequest", "output_dimensionality", "output_dimension", "Mistral calls it `output_dimension`"),
    ("EmbeddingRequest", "dtype", "output_dtype", "Mistral calls it `output_dtype`"),
    ("EmbeddingRequest", "embedding_types", "output_dtype", "Mistral calls it `output_dtype`, and gives one type a request"),
    ("EmbeddingRequest", "inputs", "input", "Mistral calls it `input`"),
    ("EmbeddingRequest", "texts", "input", "Mistral calls it `input`"),
    ("EmbeddingRequest", "text", "input", "Mistral calls it `input`"),
    ("EmbeddingRequest", "prompt", "input", "Mistral calls it `input`"),
    ("EmbeddingRequest", "content", "input", "Mistral calls it `input`"),
    ("EmbeddingRequest", "messages", "input", "embeddings take `input`, a text or several; `messages` belong to a chat"),
    ("EmbeddingRequest", "input_type", "", "Mistral's models do not tell questions from documents; leave it out"),
    ("EmbeddingRequest", "task_type", "", "Mistral's models do not tell questions from documents; leave it out"),
    ("EmbeddingRequest", "truncate", "", "Mistral has no such field; shorten the text"),
    ("EmbeddingRequest", "user", "", "Mistral has no such field; `metadata` can carry it"),
    ("ConversationStartRequest", "messages", "inputs", "a conversation takes `inputs`: a text, or entries"),
    ("ConversationStartRequest", "input", "inputs", "a conversation calls it `inputs`"),
    ("ConversationStartRequest", "prompt", "inputs", "a conversation calls it `inputs`"),
    ("ConversationStartRequest", "system", "instructions", "a conversation calls it `instructions`"),
    ("ConversationStartRequest", "temperature", "", "it stands in `completion_args`"),
    ("ConversationStartRequest", "top_p", "", "it stands in `completion_args`"),
    ("ConversationStartRequest", "max_tokens", "", "it stands in `completion_args`"),
    ("ConversationStartRequest", "stop", "", "it stands in `completion_args`"),
    ("ConversationStartRequest", "random_seed", "", "it stands in `completion_args`"),
    ("ConversationStartRequest", "response_format", "", "it stands in `completion_args`"),
    ("ConversationStartRequest", "tool_choice", "", "it stands in `completion_args`"),
    ("ConversationStartRequest", "reasoning_effort", "", "it stands in `completion_args`"),
    ("ConversationAppendRequest", "messages", "inputs", "a conversation takes `inputs`: a text, or entries"),
    ("ConversationAppendRequest", "tools", "", "a conversation keeps the tools that it began with"),
    ("ConversationAppendRequest", "model", "", "a conversation keeps the model that it began with"),
    ("ConversationAppendRequest", "instructions", "", "a conversation keeps the instructions that it began with"),
    ("ConversationRestartRequest", "tools", "", "a conversation keeps the tools that it began with"),
    ("OcrRequest", "file_id", "", "give `document`: `{\"type\": \"file\", \"file_id\": …}`"),
    ("OcrRequest", "document_url", "", "give `document`: `{\"type\": \"document_url\", \"document_url\": …}`"),
    ("OcrRequest", "image_url", "", "give `document`: `{\"type\": \"image_url\", \"image_url\": …}`"),
    ("UserMessage", "name", "", "a user message carries no name; write it into the text"),
    ("SystemMessage", "name", "", "a system message carries no name; write it into the text"),
    ("AssistantMessage", "name", "", "an assistant message carries no name"),
    (
        "AssistantMessage",
        "reasoning_content",
        "",
        "thinking stands in `content`, as a chunk of type `thinking`; or ask for the repair `strip_response_fields`",
    ),
    (
        "AssistantMessage",
        "reasoning",
        "",
        "thinking stands in `content`, as a chunk of type `thinking`; or ask for the repair `strip_response_fields`",
    ),
    ("AssistantMessage", "function_call", "tool_calls", "Mistral calls it `tool_calls`"),
    ("AssistantMessage", "refusal", "", "it comes with other providers' answers; ask for the repair `strip_response_fields`"),
    ("AssistantMessage", "annotations", "", "it comes with other providers' answers; ask for the repair `strip_response_fields`"),
    ("AssistantMessage", "audio", "", "it comes with other providers' answers; ask for the repair `strip_response_fields`"),
    ("ToolCall", "name", "", "it stands in `function`"),
    ("ToolCall", "arguments", "", "it stands in `function`"),
    ("FunctionTool", "name", "", "it stands in `function`"),
    ("FunctionTool", "description", "", "it stands in `function`"),
    ("FunctionTool", "parameters", "", "it stands in `function`"),
    ("FunctionTool", "strict", "", "it stands in `function`"),
    ("Function", "input_schema", "parameters", "Mistral calls it `parameters`"),
    ("FileChunk", "file", "file_id", "`file_id` stands beside `type`, not in an object of its own"),
    ("InputAudioChunk", "format", "", "leave it out: the server reads the format from the sound itself"),
    ("NamedToolChoice", "name", "", "it stands in `function`"),
    ("ResponseFormat", "schema", "", "it stands in `json_schema`, beside a name"),
    ("ResponseFormat", "name", "", "it stands in `json_schema`, beside the schema"),
    ("ResponseFormat", "strict", "", "it stands in `json_schema`"),
];

/// Content types of other APIs. The server lists its own types when it refuses one, and none of these was among them.
const CONTENT_TYPES: &[(&str, &str)] = &[
    ("input_text", "Mistral calls it `text`"),
    ("output_text", "Mistral calls it `text`"),
    ("input_image", "Mistral calls it `image_url`"),
    ("image", "Mistral calls it `image_url`, with a data URI for the bytes"),
    ("input_file", "Mistral calls it `file`, with `file_id` beside `type`"),
    ("document", "Mistral calls it `document_url`, with a data URI for the bytes"),
    ("audio", "Mistral calls it `input_audio`"),
    ("tool_use", "calls stand in the assistant's `tool_calls`"),
    ("tool_result", "results stand in messages with the role `tool`"),
    ("redacted_thinking", "leave it out"),
    ("refusal", "leave it out"),
];

const ROLES: &[(&str, &str)] = &[
    ("developer", "Mistral calls it `system`"),
    ("function", "Mistral calls it `tool`"),
    ("ai", "Mistral calls it `assistant`"),
    ("model", "Mistral calls it `assistant`"),
    ("human", "Mistral calls it `user`"),
];

const UNDOCUMENTED: &[&str] = &["document_image_limit", "document_page_limit"];

/// Whether a field is in no document but other clients send it.
pub(super) fn is_undocumented(field: &str) -> bool {
    UNDOCUMENTED.contains(&field)
}

/// What to say to another API's content type; `None` when it is none.
pub(super) fn content_type(name: &str) -> Option<&'static str> {
    CONTENT_TYPES.iter().find(|(theirs, _)| *theirs == name).map(|(_, hint)| *hint)
}

/// What to say to another API's role; `None` when it is none.
pub(super) fn role(name: &str) -> Option<&'static str> {
    ROLES.iter().find(|(theirs, _)| *theirs == name).map(|(_, hint)| *hint)
}

/// What to say to a field that is called otherwise here: another API's name, or camel case.
pub(super) fn hint(table: &ObjectShape, field: &str) -> Option<String> {
    if let Some((.., hint)) = spelling(table, field) {
        return Some((*hint).to_owned());
    }
    let meant = means(table, field)?;
    Some(format!("it is spelt `{meant}`"))
}

/// The field of the table that another name stands for.
pub(super) fn means(table: &ObjectShape, field: &str) -> Option<&'static str> {
    if let Some((_, _, ours, _)) = spelling(table, field) {
        return Some(*ours).filter(|ours| !ours.is_empty());
    }
    if field.len() > 64 || !field.bytes().any(|letter| letter.is_ascii_uppercase()) {
        return None;
    }
    let same =
        |name: &str| name.bytes().filter(|b| *b != b'_').eq(field.bytes().filter(|b| *b != b'_').map(|b| b.to_ascii_lowercase()));
    table.fields.iter().map(|field| field.name).find(|name| same(name))
}

fn spelling(table: &ObjectShape, field: &str) -> Option<&'static Spelling> {
    FIELDS.iter().find(|(object, theirs, ..)| *object == table.name && *theirs == field)
}

/// An object's name in the words of a message: `a chat request`, `an assistant message`.
pub(super) fn noun(table: &str) -> String {
    let mut text = String::with_capacity(table.len() + 8);
    let vowel = table.starts_with(['A', 'E', 'I', 'O', 'U']) && !table.starts_with("Us");
    text.push_str(if vowel { "an" } else { "a" });
    for letter in table.chars() {
        if letter.is_ascii_uppercase() {
            text.push(' ');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
