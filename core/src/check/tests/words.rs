//! Every message and every hint, as it is read. A message that changes changes here.

use crate::json::{Value, parse};
use crate::ops;

#[test]
fn every_message_reads_well() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/check");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut lines = std::collections::BTreeSet::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        // The rules of the catalogue have their own; the many are all the same.
        if name.starts_with("more_findings") || !name.contains("_hit_") {
            continue;
        }
        let vector = std::fs::read(&file).unwrap();
        let answer = ops::call_json("check", &parse(&vector).unwrap().get("input").unwrap().to_string());
        let answer = parse(answer.as_bytes()).unwrap();
        let findings = answer.get("ok").and_then(|report| report.get("findings")).and_then(Value::as_array);
        for finding in findings.unwrap_or_default() {
            let text = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or_default();
            let hint = if text("hint").is_empty() { String::new() } else { format!("; {}", text("hint")) };
            lines.insert(format!("{}: {}{hint}", text("rule"), text("message")));
        }
    }
    insta::assert_snapshot!(lines.into_iter().collect::<Vec<_>>().join("\n"), @r#"
assistant_media: a chunk of type `image_url` is a user's, and stands in an assistant message; put it into a user message
audio_unsupported: `mistral-small-2603` does not listen to sound; `models.list(capability="audio")` names models that do
audio_with_system: a request with sound cannot have a system message; move the text of `messages[0]` into the user message
cache_key_ascii: `prompt_cache_key` holds letters beyond ASCII; use ASCII letters only
chunk_role: a chunk of type `image_url` cannot stand in a system message
chunk_role: a chunk of type `thinking` cannot stand in a user message
context_window: the prompt has at least 21 tokens, but `tiny` holds 10; shorten it, or take a model with more context
context_window_near: the prompt (at least 2 tokens) and `max_tokens` (9) exceed the 10 of `tiny`; lower `max_tokens`
context_window_near: the prompt has 6 to 14 tokens, and `tiny` holds 10; shorten it to be sure
conversations_only_tool: the tool `web_search` works in conversations and agents, not in a chat
deprecated_alias: the name `mistral-medium` is deprecated, though the API still takes it; use `mistral-medium-3-5`
deprecated_model: model `open-mistral-nemo-2407` is deprecated since 2026-05-22 and will be retired on 2026-07-31; use `ministral-8b-2512`
document_form: `file:///a.pdf` is not the address of a document; give an http(s) URL or a data URI
documented_name: `mistral-small-4` is printed in documentation, but not listed by the API: `mistral-small-2603` is sent; write `mistral-small-2603`
duplicate_tool_call_id: the tool-call id `a1B2c3D4e` stands twice
duplicate_tool_name: two tools are called `weather`
empty_assistant: an assistant message needs content or tool calls; leave the message out
empty_system: a system message needs content; leave the message out
first_message: a conversation cannot consist of a tool message alone; put a user message before it
first_message: a conversation cannot consist of an assistant message alone; put a user message before it
floating_alias: `mistral-medium` points to `mistral-medium-3-5` on 2026-11-21 and may move to another model; pin `mistral-medium-3-5`
floating_alias: `mistral-small-latest` points to `mistral-small-2603` on 2026-11-21 and may move to another model; pin `mistral-small-2603`
forced_tool_with_json: a forced tool call and a `json_schema` answer exclude each other; set `tool_choice` to `auto`, or `response_format` to `text`
function_name: the function name `a.b` is not 1 to 64 letters, digits, `_` or `-`; `a_b` would do
function_name: the function name `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is not 1 to 64 letters, digits, `_` or `-`; `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` would do
function_name: the function name `get weather` is not 1 to 64 letters, digits, `_` or `-`; `get_weather` would do
greedy_n: temperature 0 gives the same answer 2 times; set `n` to 1, or raise the temperature
greedy_top_p: with temperature 0, `top_p` must be 1; set `top_p` to 1, or raise the temperature
greedy_top_p_unset: with temperature 0 and reasoning, a server has refused requests without `top_p`; set `top_p` to 1
guardrail_model: the moderation model `mistral-moderation-2411` of `moderation_llm_v1` is retired; use `moderation_llm_v2` with `mistral-moderation-2603`
image_form: `./cat.png` is not the address of an image; give an http(s) URL or a data URI
image_form: an image in base64 needs its type before it; write `data:image/png;base64,…`
image_form: the data URI is not that of an image: its type is `application/pdf`; write `data:image/png;base64,…`
image_form: the data URI of an image is not base64; write `data:image/png;base64,…`
json_object_prompt: `json_object` needs a prompt that asks for JSON, and none does; say in a message that the answer shall be JSON
json_schema_ignored: the schema is not used: the type is `json_object`; set `type` to `json_schema`
json_schema_missing: `json_schema` is asked for, but no schema is given; add `json_schema: {name, schema}`
last_message: the last message is the assistant's own: there is nothing to answer; add a user message, or set `prefix` to let the model continue this one
last_message: the last message is the assistant's own: there is nothing to answer; answer its tool calls with tool messages
last_system_message: the last message is a system message: what the server makes of it is not documented; add a user message
logprobs_unsupported: `mistral-small-2603` gives no log probabilities; leave `logprobs` out
max_tokens_context: `max_tokens` takes the whole context of `mistral-small-2603`, 262144 tokens, and leaves none for the prompt; lower it, or leave it out
max_tokens_context: `mistral-large-4` answers with at most 262144 tokens; lower it, or leave it out
message_order: a system message cannot follow a tool message; put system messages first, or ask for the repair `message_order`
message_order: a system message cannot follow an assistant message; put system messages first, or ask for the repair `message_order`
message_order: a tool message cannot follow a system message; a tool message answers the tool calls of the assistant message before it
message_order: a tool message cannot follow a user message; a tool message answers the tool calls of the assistant message before it
missing_field: `messages[0]` needs `role`; it is `system`, `user`, `assistant` or `tool`
missing_field: a chat request needs `messages`; add `messages`: an array
missing_field: a chat request needs `model`; add `model`: a string
missing_field: a function tool needs `function`; add `function`: an object
missing_field: a text chunk needs `text`; add `text`: a string
missing_tool_call_id: a tool call and its result need an id; give both the same nine letters or digits
n_unsupported: `mistral-large-2512` gives one answer only; leave `n` out, and ask several times
n_with_prediction: a prediction works with one answer only; set `n` to 1, or leave `prediction` out
no_messages: a conversation needs at least one message; add `{"role": "user", "content": "…"}`
not_a_chat_model: `mistral-embed-2312` does not answer chats; it is a model for embeddings; `models.recommend("default")` names one for chats
orphan_tool_result: no tool call before this has the id `a1B2c3D4e`; a tool message answers a call of the assistant message before it
orphan_tool_result: no tool call before this has the id `f5G6h7I8j`; a tool message answers a call of the assistant message before it
orphan_tool_result: no tool call before this has the id `zzzzzzzzz`; a tool message answers a call of the assistant message before it
out_of_range: `max_tokens` must be at least 0, but is -5
out_of_range: `n` must be at least 1, but is 0
out_of_range: `presence_penalty` must be from -2 to 2, but is 2.1
out_of_range: `random_seed` must be at least 0, but is -1
out_of_range: `temperature` must be from 0 to 1.5, but is 9
out_of_range: `top_p` must be above 0 and at most 1, but is 0
prediction_unsupported: `ministral-8b-2512` is not among the models that use a prediction
prefix_position: only the last message may have `prefix`: it is what the model continues
prompt_mode: `mistral-small-2603` takes no `prompt_mode`; use `reasoning_effort` instead
reasoning_effort: `codestral-2508` does not reason: it takes no `reasoning_effort`, not even `none`; leave it out
reasoning_effort: `mistral-small-2603` takes no `reasoning_effort` of `low`; it is `none` or `high`
reasoning_effort: `zai-glm-5-3` takes no `reasoning_effort` of `medium`; it is `low`, `high` or `max`
reasoning_input: `ministral-8b-2512` takes no thinking from earlier answers; leave chunks of type `thinking` out
request_form: a request must be an object, but is a string; give an object with `model` and `messages`
request_form: a request must be an object, but is an array; give an object with `model` and `messages`
response_schema: `objekt` is no type of JSON Schema; there are `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`; did you mean `object`?
retired_model: model `pixtral-large-2411` was retired on 2026-05-31 and is replaced by `mistral-medium-3-5`; use `mistral-medium-3-5`
stream_field: `stream` contradicts the operation, `chat_stream`; leave `stream` out: the operation decides
stream_field: `stream` contradicts the operation, `chat`; leave `stream` out: the operation decides
thinking_position: thinking must stand before everything else in a message
too_many_images: 9 images, but a request carries at most 8
too_many_tools: 129 tools, but a request carries at most 128
tool_arguments: the arguments are no JSON; the answer they come from was cut off; ask again with a higher `max_tokens`, or leave the call out
tool_call_count: 1 tool call, but 0 results; add a tool message for `a1B2c3D4e`
tool_call_count: 2 tool calls, but 1 result; add a tool message for `f5G6h7I8j`
tool_call_id: the tool-call id `a1B2-3D4e` is not nine letters or digits; ask for the repair `tool_call_ids`, which maps ids of other providers
tool_call_id: the tool-call id `call_abcdefghijklmnopqrstuv` is not nine letters or digits; ask for the repair `tool_call_ids`, which maps ids of other providers
tool_choice_missing: there is no tool `wether` to choose; did you mean `weather`?
tool_choice_without_tools: `tool_choice` asks for a call, but there are no tools; add `tools`, or leave `tool_choice` out
tool_schema: `description` of a schema must be a string, but is null
tool_schema: `exclusiveMinimum` of a schema must be a number, but is a boolean; draft 4 had it as a mark; since draft 6 it is the bound itself
tool_schema: `minLength` of a schema must be a whole number from 0 up, but is -1
tool_schema: `required` of a schema must be an array of names, but is a boolean; `required` is a list of names beside `properties`, not a mark on a property
tool_schema: `str` is no type of JSON Schema; there are `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`; did you mean `string`?
tool_schema: a schema must be an object, but is a string
tool_schema_object: the parameters of a function are an object of named arguments; this schema is of something else; put it into `properties` under a name
tools_unsupported: `my-model` does not call tools
undocumented_field: `document_image_limit` is in no document of the API; if the server takes it, send it in `extra_body`
unknown_content_type: content type `bbox` is not known here
unknown_content_type: content type `image_ulr` is not known here; did you mean `image_url`?
unknown_field: a chat request has no field `dimensions`; embeddings have it, as `output_dimension`; a chat has none
unknown_field: a chat request has no field `max_completion_tokens`; Mistral calls it `max_tokens`
unknown_field: a chat request has no field `seed`; Mistral calls it `random_seed`
unknown_field: a chat request has no field `store`; Mistral has no such field; leave it out
unknown_field: a chat request has no field `stream_options`; leave it out: usage always comes with the last event
unknown_field: a chat request has no field `temprature`; did you mean `temperature`?
unknown_field: a chat request has no field `topP`; it is spelt `top_p`
unknown_field: a chat request has no field `user`; Mistral has no such field; `metadata` can carry it
unknown_field: a function tool has no field `name`; it stands in `function`
unknown_field: a function tool has no field `parameters`; it stands in `function`
unknown_field: a text chunk has no field `cache_control`
unknown_field: a user message has no field `name`; a user message carries no name; write it into the text
unknown_field: an assistant message has no field `reasoning_content`; thinking stands in `content`, as a chunk of type `thinking`; or ask for the repair `strip_response_fields`
unknown_model: unknown model `mistral-smal-2603`; did you mean `mistral-small-2603`?
unknown_operation: no operation `chats`; did you mean `chat`?
unknown_tool_type: tool type `computer_use` is not known here
unknown_value: `reasoning_effort` cannot be `huge`; it is `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`
unknown_value: `role` cannot be `developer`; it is `system`, `user`, `assistant` or `tool`; Mistral calls it `system`
unknown_value: `role` cannot be `usr`; it is `system`, `user`, `assistant` or `tool`; did you mean `user`?
unknown_value: `tool_choice` cannot be `forced`; it is `auto`, `none`, `any` or `required`
unknown_value: `type` cannot be `input_text`; it is `text`, `image_url`, `document_url`, `file`, `reference`, `thinking`, `input_audio`, `resource`, `resource_link` or `tool_reference`; Mistral calls it `text`
vision_unsupported: `codestral-2508` does not read images; `models.list(capability="vision")` names models that do
wrong_type: `content` must be a string or an array, but is null
wrong_type: `max_tokens` must be a whole number, but is 10.5
wrong_type: `messages` must be an array, but is a string
wrong_type: `safe_prompt` must be true or false, but is null; leave it out instead
wrong_type: `stop[1]` must be a string, but is an integer
wrong_type: `temperature` must be a number, but is a string
"#);
}
