//! Chats as types: requests are built as they are meant, answers lose nothing.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use tramontane::chat::{
    Arguments, ChatCompletion, ChatCompletionChunk, ChatRequest, Content, ContentChunk, FinishReason, Message, ReasoningEffort,
    Tool, ToolChoice, ToolChoiceMode,
};
use tramontane::json::{self, Value};

fn typed<T: serde::de::DeserializeOwned>(body: &Json) -> T {
    json::from_value(&json::parse(body.to_string().as_bytes()).unwrap()).unwrap()
}

fn plain<T: serde::Serialize>(value: &T) -> Json {
    serde_json::from_slice(&json::to_value(value).unwrap().to_bytes()).unwrap()
}

#[test]
fn a_request_is_what_its_builder_says() {
    let parameters = json::parse(br#"{"type": "object"}"#).unwrap().into_owned();
    let request = ChatRequest::new("mistral-small-2603")
        .system("Be brief.")
        .user([ContentChunk::text_chunk("What is this?"), ContentChunk::image("https://example.com/a.png")])
        .message(Message::prefix("It is"))
        .temperature(0.2)
        .max_tokens(10)
        .stop("\n")
        .stop("END")
        .tool(Tool::function("look", "Looks closer", parameters))
        .tool_choice(ToolChoiceMode::Any)
        .reasoning_effort(ReasoningEffort::High)
        .metadata("team", "search")
        .stream();
    let expected = json!({
        "operation": "chat_stream",
        "model": "mistral-small-2603",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": "https://example.com/a.png"},
            ]},
            {"role": "assistant", "content": "It is", "prefix": true},
        ],
        "temperature": 0.2,
        "max_tokens": 10,
        "stop": ["\n", "END"],
        "metadata": {"team": "search"},
        "tools": [{"type": "function", "function": {
            "name": "look", "description": "Looks closer", "parameters": {"type": "object"},
        }}],
        "tool_choice": "any",
        "reasoning_effort": "high",
    });
    assert_eq!(plain(&request), expected);
    assert_eq!(typed::<ChatRequest>(&expected), request);
    assert_eq!(plain(&ToolChoice::function("look")), json!({"type": "function", "function": {"name": "look"}}));
}

#[test]
fn a_request_refuses_what_it_does_not_know_and_keeps_new_kinds_of_chunks_and_tools() {
    let read = |body: Json| json::from_value::<ChatRequest>(&json::parse(body.to_string().as_bytes()).unwrap());
    let error = read(json!({"model": "m", "messages": [], "seed": 1})).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("seed"), "{error}");
    assert!(read(json!({"model": "m", "messages": [{"role": "user", "content": "x", "name": "y"}]})).is_err());
    let body = json!({
        "model": "m",
        "messages": [{"role": "user", "content": [{"type": "bbox", "box": [1, 2]}]}],
        "tools": [{"type": "moon_phase", "precise": true}],
    });
    assert_eq!(plain(&read(body.clone()).unwrap()), body);
}

#[test]
fn an_answer_is_read_and_goes_back_into_a_request() {
    let reply: ChatCompletion = typed(&json!({
        "id": "1", "object": "chat.completion", "created": 1, "model": "mistral-small-2603", "region": "eu",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {
            "role": "assistant", "refusal": null,
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "closed": true},
                {"type": "text", "text": "One ", "mood": "new"},
                {"type": "text", "text": "moment"},
            ],
            "tool_calls": [{"id": "Nr1uNItcS", "type": "function", "index": 0, "trace": 7,
                "function": {"name": "weather", "arguments": "{\"city\": \"Arles\"}"}}],
        }}],
        "usage": {"prompt_tokens": 1805, "completion_tokens": 4, "total_tokens": 1809,
            "prompt_tokens_details": {"cached_tokens": 1760}, "num_cached_tokens": 1760},
    }));
    assert_eq!((reply.text().as_str(), reply.thinking().as_str()), ("One moment", "hm"));
    assert_eq!(reply.finish_reason(), Some(&FinishReason::ToolCalls));
    let usage = reply.usage.as_ref().unwrap();
    assert_eq!(usage.prompt_tokens_details.as_ref().unwrap().cached_tokens, Some(1760));
    assert_eq!(usage.extra.get("num_cached_tokens").and_then(Value::as_i64), Some(1760));
    let call = &reply.tool_calls()[0];
    assert_eq!(call.function.arguments_json().unwrap().get("city").and_then(Value::as_str), Some("Arles"));

    let message: Message = reply.message().unwrap().into();
    let request = ChatRequest::new("mistral-small-2603").user("Weather?").message(message).tool_result(&call.id, "Wind.");
    let sent = plain(&request);
    assert_eq!(sent["messages"][1]["tool_calls"][0].get("trace"), None);
    assert_eq!(sent["messages"][1].get("refusal"), None);
    assert_eq!(sent["messages"][1]["content"][0]["thinking"][0]["text"], "hm");
    assert_eq!(sent["messages"][2], json!({"role": "tool", "content": "Wind.", "tool_call_id": "Nr1uNItcS"}));
}

#[test]
fn arguments_stay_as_they_were_sent() {
    for arguments in [json!("{\"a\": 1}"), json!({"a": 1})] {
        let call: tramontane::chat::FunctionCall = typed(&json!({"name": "f", "arguments": arguments}));
        assert_eq!(plain(&call)["arguments"], arguments);
        assert_eq!(call.arguments_json().unwrap().get("a").and_then(Value::as_i64), Some(1));
    }
    // Cut off by `max_tokens`.
    let call = tramontane::chat::FunctionCall { arguments: Arguments::from("{\"a\": "), ..Default::default() };
    assert!(call.arguments_json().is_err());
}

#[test]
fn what_a_provider_leaves_out_is_no_error() {
    let reply: ChatCompletion = typed(&json!({"choices": null, "id": null}));
    assert_eq!((reply.text().as_str(), reply.tool_calls().len(), reply.choices.len()), ("", 0, 0));
    let event: ChatCompletionChunk = typed(&json!({"choices": [{"delta": {"content": null}}], "p": "abc"}));
    assert_eq!(event.choices[0].delta.content, None);
    let odd: FinishReason = typed(&json!("content_filter"));
    assert_eq!((odd.as_str(), &odd), ("content_filter", &FinishReason::Other("content_filter".into())));
}

/// Any JSON, for fields that nobody knows.
fn anything() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from)
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map("[a-z]{1,8}", inner, 0..3).prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// `known` with some of `optional` and some fields that nobody knows.
fn object(
    known: impl Strategy<Value = Json> + 'static,
    optional: Vec<(&'static str, BoxedStrategy<Json>)>,
) -> BoxedStrategy<Json> {
    let optional: Vec<_> =
        optional.into_iter().map(|(key, value)| prop::option::of(value).prop_map(move |value| (key, value))).collect();
    let extra = prop::collection::btree_map("x_[a-z]{1,6}", anything(), 0..3);
    (known, optional, extra)
        .prop_map(|(known, optional, extra)| {
            let Json::Object(mut fields) = known else { panic!("not an object") };
            let given = optional.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
            fields.extend(given.chain(extra));
            Json::Object(fields)
        })
        .boxed()
}

fn text() -> BoxedStrategy<Json> {
    any::<String>().prop_map(Json::from).boxed()
}

fn count() -> BoxedStrategy<Json> {
    (0u32..1_000_000).prop_map(Json::from).boxed()
}

fn chunk() -> BoxedStrategy<Json> {
    let of = |kind: &'static str, key: &'static str, value: BoxedStrategy<Json>| {
        object(value.prop_map(move |value| json!({"type": kind, key: value})), vec![])
    };
    let texts = prop::collection::vec(of("text", "text", text()), 0..3).prop_map(Json::from).boxed();
    prop_oneof![
        of("text", "text", text()),
        of("thinking", "thinking", texts),
        of("reference", "reference_ids", prop::collection::vec(prop_oneof![count(), text()], 0..3).prop_map(Json::from).boxed()),
        of("image_url", "image_url", text()),
        of("something_new", "payload", anything().boxed()),
    ]
    .boxed()
}

fn tool_call() -> BoxedStrategy<Json> {
    let arguments = prop_oneof![text(), Just(json!({"a": [1, null]})).boxed()];
    let function =
        object((text(), arguments).prop_map(|(name, arguments)| json!({"name": name, "arguments": arguments})), vec![]);
    object(
        (text(), function).prop_map(|(id, function)| json!({"id": id, "function": function})),
        vec![("type", text()), ("index", count())],
    )
}

fn answer() -> BoxedStrategy<Json> {
    let content = prop_oneof![text(), prop::collection::vec(chunk(), 0..4).prop_map(Json::from)].boxed();
    let calls = prop::collection::vec(tool_call(), 0..3).prop_map(Json::from).boxed();
    let message = object(text().prop_map(|role| json!({"role": role})), vec![("content", content), ("tool_calls", calls)]);
    let token = object(
        (text(), count()).prop_map(|(token, n)| json!({"token": token, "logprob": -n.as_f64().unwrap()})),
        vec![("token_id", count())],
    );
    let logprobs = object(Just(json!({})), vec![("content", prop::collection::vec(token, 0..3).prop_map(Json::from).boxed())]);
    let optional = vec![("message", message), ("finish_reason", text()), ("logprobs", logprobs)];
    let choice = object(count().prop_map(|index| json!({"index": index})), optional);
    let details = object(Just(json!({})), vec![("cached_tokens", count()), ("audio_tokens", count())]);
    let counts = (count(), count(), count());
    let counts = counts.prop_map(|(a, b, c)| json!({"prompt_tokens": a, "completion_tokens": b, "total_tokens": c}));
    let usage = object(counts, vec![("prompt_tokens_details", details), ("service_tier", text())]);
    let head = (text(), text(), count(), text(), prop::collection::vec(choice, 0..3));
    let head = head.prop_map(|(id, object, created, model, choices)| json!({"id": id, "object": object, "created": created, "model": model, "choices": choices}));
    object(head, vec![("usage", usage), ("guardrails", prop::collection::vec(anything(), 0..2).prop_map(Json::from).boxed())])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_answer_loses_nothing(body in answer()) {
        prop_assert_eq!(plain(&typed::<ChatCompletion>(&body)), body);
    }

    #[test]
    fn any_json_is_typed_or_refused(body in anything()) {
        let tree = json::parse(body.to_string().as_bytes()).unwrap().into_owned();
        let _ = json::from_value::<ChatCompletion>(&tree);
        let _ = json::from_value::<ChatRequest>(&tree);
        let _ = json::from_value::<Content>(&tree);
    }
}

#[test]
fn absent_and_null_mean_the_same() {
    let body = json!({"id": "1", "object": "o", "created": 1, "model": "m", "choices": [{"index": 0, "message": {"role": "assistant", "content": "x", "tool_calls": null}}]});
    let mut expected = body.clone();
    expected["choices"][0]["message"].as_object_mut().map(|message: &mut Map<String, Json>| message.remove("tool_calls"));
    assert_eq!(plain(&typed::<ChatCompletion>(&body)), expected);
}
