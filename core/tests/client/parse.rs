//! Answers read into types: what is asked for, what comes back, and what does not fit.

use tramontane::chat::{ChatRequest, Form, ResponseFormat};
use tramontane::client::blocking;
use tramontane::json::{self, Value};
use tramontane::{Client, ErrorKind};

use crate::client;
use crate::server::{Server, Step, answer};

#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Harbour {
    name: String,
    berths: u32,
    #[serde(default)]
    winds: Vec<Wind>,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Wind {
    speed: f64,
}

const SCHEMA: &str = r#"{"title":"a harbour","type":"object","properties":{"name":{"type":"string"},"berths":{"type":"integer"}},"required":["name","berths"]}"#;
const HARBOUR: &str = r#"{"name": "Cassis", "berths": 400, "winds": [{"speed": 60}]}"#;

fn form<T>() -> Form<T> {
    Form::new(json::parse(SCHEMA.as_bytes()).unwrap().into_owned())
}

fn asked() -> ChatRequest {
    ChatRequest::new("mistral-small-2603").user("Which harbour?")
}

fn says(text: &str, finish: &str) -> Vec<Step> {
    message(&format!(r#"{{"role":"assistant","content":{}}}"#, Value::from(text)), finish)
}

fn message(message: &str, finish: &str) -> Vec<Step> {
    let body = format!(r#"{{"id":"1","choices":[{{"index":0,"finish_reason":"{finish}","message":{message}}}]}}"#);
    vec![Step::Send(answer(200, &[("mistral-correlation-id", "id-1")], &body))]
}

async fn served(scripts: Vec<Vec<Step>>) -> (Server, Client) {
    let server = Server::start(scripts).await;
    let client = client(&server.url).0.build().unwrap();
    (server, client)
}

#[tokio::test]
async fn an_answer_is_asked_for_and_read() {
    let (server, client) = served(vec![says(HARBOUR, "stop")]).await;
    let reply = client.chat().parse(&asked(), &form::<Harbour>()).await.unwrap();
    let cassis = Harbour { name: "Cassis".to_owned(), berths: 400, winds: vec![Wind { speed: 60.0 }] };
    assert_eq!((reply.parsed.as_ref(), reply.text().as_str()), (Some(&cassis), HARBOUR));
    assert_eq!(reply.meta.http.request_id.as_deref(), Some("id-1"));
    assert!(reply.into_reply().data().get("choices").is_some());
    let body = &server.seen()[0].body;
    let said = format!(
        r#""response_format":{{"type":"json_schema","json_schema":{{"name":"a_harbour","schema":{SCHEMA},"strict":true}}}}"#
    );
    assert!(body.contains(&said), "{body}");
}

#[tokio::test]
async fn what_does_not_fit_keeps_its_text() {
    let cases = [
        (r#"{"name": "Cassis"}"#, "missing field `berths`"),
        ("no JSON", "it is not valid JSON: expected ident at line 1 column 2"),
        (r#"{"name": "Cassis", "berths": 4, "winds": [{"speed": "x"}]}"#, "(at `winds[0].speed`)"),
        (r#"{"name": "Cassis", "berths": 4, "mood": 1}"#, "(at `mood`)"),
        ("", "it has no text"),
    ];
    let (_server, client) = served(cases.iter().map(|(text, _)| says(text, "stop")).collect()).await;
    for (text, why) in cases {
        let error = client.chat().parse(&asked(), &form::<Harbour>()).await.unwrap_err();
        assert_eq!((error.kind(), error.body.as_deref()), (ErrorKind::Decode, Some(text)));
        assert!(
            error.message().starts_with("the answer does not fit `a_harbour`: ") && error.message().ends_with(why),
            "{error}"
        );
        assert_eq!((error.hint.as_deref(), error.request_id.as_deref()), (Some("`body` holds its text"), Some("id-1")));
        let kept = error.partial.as_ref().and_then(|partial| partial.get("choices")).and_then(Value::as_array).unwrap();
        let content = kept[0].get("message").and_then(|message| message.get("content"));
        assert_eq!(content.and_then(Value::as_str), Some(text), "{error}");
    }
}

#[tokio::test]
async fn a_cut_answer_says_so_and_tool_calls_are_no_answer() {
    let called =
        r#"{"role":"assistant","content":"","tool_calls":[{"id":"abcdefghi","function":{"name":"f","arguments":"{}"}}]}"#;
    let (_server, client) =
        served(vec![says("{\"na", "length"), says("{\"na", "model_length"), message(called, "tool_calls")]).await;
    for hint in ["raise `max_tokens`", "shorten the messages"] {
        let error = client.chat().parse(&asked(), &form::<Harbour>()).await.unwrap_err();
        assert!(error.hint.as_deref().unwrap().ends_with(hint), "{error}");
    }
    let reply = client.chat().parse(&asked(), &form::<Harbour>()).await.unwrap();
    assert_eq!((reply.parsed.is_none(), reply.tool_calls().len()), (true, 1));
}

#[tokio::test]
async fn plain_data_is_read_where_no_type_is_named() {
    let (server, client) = served(vec![says(r#"{"berths": 4}"#, "stop")]).await;
    let reply = client.chat().parse::<Value<'static>>(&asked(), &form()).await.unwrap();
    assert_eq!(reply.parsed.unwrap().get("berths").and_then(Value::as_u64), Some(4));

    let mut own = asked();
    own.response_format = Some(ResponseFormat::default());
    let error = client.chat().parse(&own, &form::<Harbour>()).await.unwrap_err();
    assert_eq!((error.kind(), error.path.as_deref()), (ErrorKind::Configuration, Some("response_format")));
    let no_schema = Form::<Harbour>::new("string");
    let error = client.chat().parse(&asked(), &no_schema).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(server.seen().len(), 1, "neither was sent");
}

#[test]
fn a_program_that_blocks_has_the_same() {
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (_server, inner) = servers.block_on(served(vec![says(HARBOUR, "stop"), says("[]", "stop")]));
    let client = blocking::Client::from(inner);
    let reply = client.chat().parse(&asked(), &form::<Harbour>()).unwrap();
    assert_eq!(reply.parsed.unwrap().berths, 400);
    assert_eq!(client.chat().parse(&asked(), &form::<Harbour>()).unwrap_err().kind(), ErrorKind::Decode);
}
