//! Every shape of Mistral's answers and streams, and bytes that are none.

use proptest::prelude::*;

use crate::error::{Error, ErrorKind};
use crate::json::{self, Value};
use crate::wire::{Decoder, Event, HttpResponse, parse_response};

fn reply<'r>(status: u16, headers: &[(&'r str, &'r str)], body: &'r [u8]) -> HttpResponse<'r> {
    HttpResponse { status, headers: headers.to_vec(), body, now: None }
}

fn failed(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
    parse_response("mistral", "chat", &reply(status, headers, body.as_bytes())).unwrap_err()
}

#[test]
fn errors_say_what_happened_where_and_what_to_do() {
    let shown = |status, headers: &[(&str, &str)], body| failed(status, headers, body).to_string();
    insta::assert_snapshot!(
        shown(400, &[("mistral-correlation-id", "c-1")], r#"{"object":"error","message":"Invalid model: nope","type":"invalid_model","param":null,"code":"1500"}"#),
        @"Invalid model: nope; no model has this name today: it is misspelt or retired; `models.get()` says what replaces it [mistral, 400, code 1500, request c-1]"
    );
    insta::assert_snapshot!(
        shown(422, &[], r#"{"detail":[{"type":"extra_forbidden","loc":["body","messages",2,"assistant","name"],"msg":"Extra inputs are not permitted"}]}"#),
        @"Extra inputs are not permitted (at `messages[2].name`); the API does not know this field: `check()` says what it is called here [mistral, 422]"
    );
    insta::assert_snapshot!(
        shown(429, &[("x-ratelimit-limit-req-minute", "0")], r#"{"message":"Rate limit exceeded","code":"1300"}"#),
        @"Rate limit exceeded; the plan has no quota left for this model: choose another model or another plan [mistral, 429, code 1300]"
    );
    insta::assert_snapshot!(shown(401, &[], ""), @"status 401 with an empty body; check the key for white space and for an expiry date; make a new one in the provider's console [mistral, 401]");
    insta::assert_snapshot!(shown(500, &[], "{}"), @"status 500 without a message; try again later; if it stays, ask the provider and give them the request id [mistral, 500]");
    insta::assert_snapshot!(shown(200, &[], "{\"a\": "), @"the answer is broken JSON: not valid JSON: EOF while parsing a value at line 1 column 6; something between you and the provider answered instead: check the base URL and the proxy [mistral, 200]");
}

#[test]
fn a_path_leaves_out_the_steps_of_the_server() {
    let path =
        |loc: &str| failed(422, &[], &format!(r#"{{"detail":[{{"loc":{loc},"msg":"no"}}]}}"#)).path.clone().unwrap_or_default();
    assert_eq!(path(r#"["body","messages",0,"content"]"#), "messages[0].content");
    assert_eq!(path(r#"["body","messages",1,"tool","content","list[union[...]]",0,"text"]"#), "messages[1].content[0].text");
    assert_eq!(path(r#"["body","tools",0,"function","name"]"#), "tools[0].function.name");
    assert_eq!(path(r#"["body","stop","str"]"#), "stop");
    assert_eq!(path(r#""body.messages.0.content""#), "messages[0].content");
    assert_eq!(path(r#"["query","page"]"#), "page");
    assert_eq!(path("[]"), "");
}

#[test]
fn every_kind_that_a_server_can_cause_is_caused() {
    let statuses: Vec<ErrorKind> = (300..600).map(|status| failed(status, &[], "{}").kind()).collect();
    for kind in ErrorKind::ALL.iter().filter(|kind| !kind.statuses().is_empty()) {
        assert!(statuses.contains(kind), "{}", kind.name());
    }
}

#[test]
fn an_error_keeps_no_more_than_64_kib_of_its_body() {
    let error = failed(500, &[], &format!(r#"{{"message":"{}"}}"#, "x".repeat(1 << 20)));
    assert_eq!(error.body.as_ref().map(String::len), Some(64 << 10));
    assert_eq!(error.message().chars().count(), (8 << 10) + 1);
}

/// What a stream gives: its events and how it ended.
fn read(pieces: &[&[u8]]) -> (Vec<Event>, Result<Value<'static>, String>) {
    let mut decoder = Decoder::new("mistral", "chat_stream").unwrap();
    let mut events = Vec::new();
    for piece in pieces {
        if let Err(error) = decoder.push(piece, &mut events) {
            assert_eq!(decoder.finish().unwrap_err().to_string(), error.to_string(), "an error stays");
            return (events, Err(error.to_value().to_string()));
        }
    }
    let ended = decoder.end(&mut events).and_then(|()| decoder.finish());
    (events, ended.map_err(|error| error.to_value().to_string()))
}

#[test]
fn an_event_that_lacks_only_its_blank_line_counts() {
    let text = r#"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#;
    let (events, answer) = read(&[text.as_bytes()]);
    assert_eq!(events.len(), 1);
    assert!(answer.is_ok());
    for tail in ["\n\ndata: [DO", "\n\nda", "\n\n: comm", "\n\ndata:", "\n\nevent: x"] {
        let whole = format!("{text}{tail}");
        assert_eq!(read(&[whole.as_bytes()]), (events.clone(), answer.clone()), "{tail:?}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    let (_, ended) = read(&[b"data: {\"choices\":[],\"x\":\"\xff\"}\n\n"]);
    assert!(ended.unwrap_err().contains("an event of the stream is not UTF-8"));
}

#[test]
fn debug_says_nothing_of_the_content() {
    let mut decoder = Decoder::new("mistral", "chat_stream").unwrap();
    decoder.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"private\"}}]}\n\n", &mut Vec::new()).unwrap();
    insta::assert_snapshot!(format!("{decoder:?}"), @r#"Decoder { provider: "mistral", done: false, .. }"#);
}

/// A frame of any of the forms that streams have, and some that they have not.
fn frame() -> impl Strategy<Value = String> {
    let delta = prop_oneof![
        "[a-zé\\\\n🧀]{0,6}".prop_map(|text| Value::from(text).to_string()).prop_map(|text| format!(r#"{{"content":{text}}}"#)),
        "[a-z]{0,4}".prop_map(|text| format!(r#"{{"content":[{{"type":"thinking","thinking":[{{"type":"text","text":"{text}"}}]}},{{"type":"text","text":"{text}"}}]}}"#)),
        (0..3u8, "(|null|a1B2c3D4e|other)", "[{}a]{0,3}").prop_map(|(index, id, args)| format!(r#"{{"tool_calls":[{{"index":{index},"id":"{id}","function":{{"name":"f","arguments":"{args}"}}}}]}}"#)),
        Just(r#"{"role":"assistant","content":"","tool_calls":null,"novel":"x"}"#.to_owned()),
    ];
    let reason = prop_oneof![3 => Just("null"), 1 => Just("\"stop\""), 1 => Just("\"model_length\"")];
    let chunk = (delta, reason, 0..2u8).prop_map(|(delta, reason, index)| {
        format!(r#"data: {{"choices":[{{"index":{index},"delta":{delta},"finish_reason":{reason}}}],"p":"abc"}}"#)
    });
    let other = prop_oneof![
        Just("data: [DONE]".to_owned()),
        Just(": comment".to_owned()),
        Just("event: error".to_owned()),
        Just(r#"data: {"object":"error","message":"m"}"#.to_owned()),
        Just(r#"data: {"usage":{"total_tokens":1},"choices":[]}"#.to_owned()),
        Just("data: {\ndata: }".to_owned()),
        Just("data: nonsense".to_owned()),
    ];
    let end = prop_oneof![8 => Just("\n\n"), 2 => Just("\r\n\r\n"), 1 => Just("\r\r"), 1 => Just("\n"), 1 => Just("")];
    (prop_oneof![6 => chunk, 1 => other], end).prop_map(|(frame, end)| format!("{frame}{end}"))
}

fn cut<'b>(bytes: &'b [u8], cuts: &[prop::sample::Index]) -> Vec<&'b [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

proptest! {
    #[test]
    fn any_split_gives_equal_events_and_an_equal_end(
        frames in prop::collection::vec(frame(), 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        single in any::<bool>(),
    ) {
        let text = frames.concat();
        let pieces = if single { text.as_bytes().chunks(1).collect() } else { cut(text.as_bytes(), &cuts) };
        prop_assert_eq!(read(&pieces), read(&[text.as_bytes()]));
    }

    #[test]
    fn the_text_of_the_events_is_the_text_of_the_answer(words in prop::collection::vec("[a-zé\\\\\"\n🧀 ]{0,8}", 1..10)) {
        let mut text = String::new();
        for word in &words {
            let content = Value::from(word.as_str());
            text.push_str(&format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{content}}}}}]}}\n\n"));
        }
        text.push_str("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
        let (events, answer) = read(&[text.as_bytes()]);
        let said: String = events.iter().map(Event::text).collect();
        prop_assert_eq!(&said, &words.concat());
        let answer = answer.unwrap();
        let message = answer.get("choices").and_then(|choices| choices.as_array()?[0].get("message")).unwrap();
        prop_assert_eq!(message.get("content").and_then(Value::as_str), Some(said.as_str()));
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4)) {
        let (events, _) = read(&cut(&bytes, &cuts));
        for event in events {
            prop_assert_eq!(json::parse(event.json().as_bytes()).unwrap(), event.data().clone());
        }
    }

    #[test]
    fn no_answer_makes_parse_panic(status in 100u16..600, body in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}:,\"a1<>& ]{0,60}".prop_map(String::into_bytes),
        any_tree().prop_map(|value| value.to_bytes()),
    ], header in "[ -~]{0,30}") {
        let headers = [("retry-after", header.as_str()), ("x-ratelimit-limit-req-minute", header.as_str()), ("content-type", header.as_str())];
        for operation in ["chat", "chat_stream"] {
            let parsed = parse_response("mistral", operation, &reply(status, &headers, &body));
            prop_assert!(parsed.is_err() || (200..300).contains(&status));
        }
    }
}

/// Any tree, with the keys that mean something in a request or an answer.
pub(crate) fn any_tree() -> BoxedStrategy<Value<'static>> {
    tree(4)
}

/// Any tree of at most that depth.
fn tree(depth: u32) -> BoxedStrategy<Value<'static>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z{}\\[\\]\"0-9]{0,8}".prop_map(Value::from),
        "(chat|chat_stream|user|assistant|tool|system|function|text|thinking|mistral-small-2603|error)".prop_map(Value::from),
    ];
    let key = "(choices|index|delta|message|content|detail|error|code|type|object|loc|msg|param|guardrails|raw_status_code|\
               finish_reason|model|messages|operation|role|tools|tool_calls|function|name|arguments|id|response_format|other)";
    leaf.prop_recursive(depth, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..5).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
    .boxed()
}
