//! Streams: events as they come, and every way in which they can break.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tramontane::client::transport::{self, Body, Response, Sending, Transport};
use tramontane::client::{CallOptions, Client, EventStream, Timeouts};
use tramontane::{Error, ErrorKind, Result};

use crate::server::{Gate, PATIENCE, Server, Step, answer, chunk, last_chunk, stream, stream_head};
use crate::{KEY, client, request, shown};

fn delta(text: &str, finish: &str) -> String {
    format!(
        "data: {{\"id\":\"s1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{finish}}}]}}\n\n"
    )
}

fn cheese() -> [String; 4] {
    [delta("Com", "null"), delta("té, ", "null"), delta("Beaufort", "\"stop\""), "data: [DONE]\n\n".to_owned()]
}

async fn open(client: &Client) -> Result<EventStream> {
    client.open(client.prepare(request("chat_stream"), &CallOptions::default())?).await
}

/// The text of all events, and the error after them.
async fn drain(stream: &mut EventStream) -> (String, Option<Error>) {
    let mut text = String::new();
    loop {
        match stream.next_batch().await {
            Ok(Some(events)) => {
                assert!(!events.is_empty());
                events.iter().for_each(|event| text += event.text());
            }
            Ok(None) => return (text, None),
            Err(error) => {
                assert!(stream.next_batch().await.unwrap().is_none(), "an error comes once");
                return (text, Some(error));
            }
        }
    }
}

#[tokio::test]
async fn a_stream_and_its_answer() {
    let events = cheese();
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    let server = Server::always(stream(&events)).await;
    let client = client(&server.url).0.build().unwrap();
    for _ in 0..3 {
        let mut stream = open(&client).await.unwrap();
        assert_eq!(stream.meta().http.request_id.as_deref(), Some("id-1"));
        assert_eq!(drain(&mut stream).await.0, "Comté, Beaufort");
        for _ in 0..2 {
            let reply = stream.finish().await.unwrap();
            assert_eq!((reply.kind, reply.meta.attempts), ("ChatCompletion", 1));
            let content = reply.data.get("choices").and_then(|choices| choices.as_array()?[0].get("message")?.get("content"));
            assert_eq!(content.and_then(|content| content.as_str()), Some("Comté, Beaufort"));
        }
    }
    assert_eq!(open(&client).await.unwrap().finish().await.unwrap().meta.http.status, 200);
    let seen = server.seen();
    assert!(seen[0].body.contains(r#""stream":true"#), "{}", seen[0].body);
    assert_eq!(seen[0].header("accept"), Some("text/event-stream"));
    assert_eq!(server.connections(), 1, "a stream that was read to its end leaves its connection for the next");
}

#[tokio::test]
async fn events_come_as_the_network_brings_them() {
    let [first, second, third, done] = cheese();
    let (gate, pause) = (Gate::new(), Step::Wait(Duration::from_millis(20)));
    let mut head = stream_head();
    head.extend(chunk(&first));
    let script = vec![
        Step::Send(head),
        Step::Gate(gate.clone()),
        Step::Send(chunk(&second[..30])),
        pause.clone(),
        Step::Send(chunk(&(second[30..].to_owned() + &third))),
        pause,
        Step::Send(chunk(&done)),
        Step::Send(last_chunk()),
    ];
    let server = Server::start(vec![script]).await;
    let mut stream = open(&client(&server.url).0.build().unwrap()).await.unwrap();
    let mut batches = Vec::new();
    while let Some(events) = stream.next_batch().await.unwrap() {
        batches.push(events.iter().map(|event| event.text().to_owned()).collect::<Vec<_>>());
        gate.open();
    }
    assert_eq!(batches, [vec!["Com"], vec!["té, ", "Beaufort"]]);
}

#[tokio::test]
async fn a_stream_that_is_cut_at_any_byte_says_so() {
    let events = cheese();
    let body = events.concat();
    // Everything is said once the event with the finish reason is whole; its blank line may be missing.
    let complete_at = events[..3].concat().len() - 2;
    let scripts: Vec<_> = (0..=body.len())
        .map(|at| {
            // Without a length and without chunks, the end of the connection is the end of the body.
            let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n".to_vec();
            bytes.extend(&body.as_bytes()[..at]);
            vec![Step::Send(bytes), Step::Close]
        })
        .collect();
    let server = Server::start(scripts).await;
    let client = client(&server.url).0.max_retries(0).build().unwrap();
    for at in 0..=body.len() {
        let (text, error) = match open(&client).await {
            Ok(mut stream) => {
                let (text, error) = drain(&mut stream).await;
                assert_eq!(stream.finish().await.is_err(), error.is_some(), "cut at {at}");
                (text, error)
            }
            Err(error) => (String::new(), Some(error)),
        };
        match error {
            None => assert!(at >= complete_at && text == "Comté, Beaufort", "cut at {at}: {text}"),
            Some(error) => {
                assert!(at < complete_at, "cut at {at}: {error}");
                assert_eq!(error.kind(), ErrorKind::StreamTruncated, "cut at {at}: {error}");
                let partial = error.partial.as_ref().map(ToString::to_string).unwrap_or_default();
                assert!(partial.contains(&text) && !partial.contains("\"stop\""), "cut at {at}: {partial}");
            }
        }
    }
    assert_eq!(server.seen().len(), body.len() + 1);
}

#[tokio::test]
async fn a_chunked_stream_that_is_cut_at_any_byte_says_so() {
    let events = cheese();
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    let whole = stream(&events);
    let done_at = whole.len() - last_chunk().len() - 2;
    let scripts: Vec<_> =
        (stream_head().len()..whole.len()).map(|at| vec![Step::Send(whole[..at].to_vec()), Step::Close]).collect();
    let cuts = scripts.len();
    let server = Server::start(scripts).await;
    let client = client(&server.url).0.max_retries(0).build().unwrap();
    for at in stream_head().len()..whole.len() {
        let outcome = match open(&client).await {
            Ok(mut stream) => drain(&mut stream).await.1,
            Err(error) => Some(error),
        };
        match outcome {
            None => assert!(at >= done_at - 2, "cut at {at} of {}", whole.len()),
            Some(error) => {
                assert!(at < done_at, "cut at {at}: {error}");
                let kinds = [ErrorKind::Connection, ErrorKind::StreamTruncated];
                assert!(kinds.contains(&error.kind()), "cut at {at}: {error}");
            }
        }
    }
    assert_eq!(server.seen().len(), cuts);
}

#[tokio::test]
async fn everything_that_can_break_a_stream() {
    let [first, ..] = cheese();
    let begun = |rest: &[u8]| {
        let mut bytes = stream_head();
        bytes.extend(chunk(&first));
        bytes.extend(rest);
        Step::Send(bytes)
    };
    let in_band = &format!(
        "data: {{\"object\":\"error\",\"message\":\"Internal error with {KEY}\",\"type\":\"internal_error\",\"code\":\"3000\"}}\n\n"
    );
    let gate = Gate::new();
    let read = Step::Gate(gate.clone());
    let table = [
        ("reset", vec![begun(b""), read.clone(), Step::Reset], ErrorKind::Connection),
        ("close within a chunk", vec![begun(b"40\r\ndata"), read, Step::Close], ErrorKind::Connection),
        ("orderly end", vec![begun(&last_chunk())], ErrorKind::StreamTruncated),
        ("error inside", vec![begun(&chunk(in_band))], ErrorKind::Stream),
        ("nonsense", vec![begun(&chunk("data: <html>\n\n"))], ErrorKind::Decode),
        ("silence", vec![begun(b""), Step::Hang], ErrorKind::Timeout),
    ];
    for (name, script, kind) in table {
        let server = Server::start(vec![script]).await;
        let idle = Duration::from_millis(if name == "silence" { 50 } else { 10_000 });
        let timeouts = Timeouts { idle, ..Timeouts::default() };
        let client = client(&server.url).0.timeouts(timeouts).build().unwrap();
        let mut stream = open(&client).await.unwrap();
        gate.open();
        let (text, error) = drain(&mut stream).await;
        let error = error.unwrap_or_else(|| panic!("{name}: no error"));
        assert_eq!((error.kind(), text.as_str()), (kind, "Com"), "{name}: {error}");
        assert!(error.partial.as_ref().unwrap().to_string().contains("Com"), "{name}: {error}");
        assert_eq!((error.request_id.as_deref(), error.provider.as_deref()), (Some("id-1"), Some("mistral")), "{name}");
        assert_eq!(stream.finish().await.unwrap_err().kind(), kind, "{name}");
        assert!(stream.partial().to_string().contains("Com"), "{name}");
        assert_eq!(server.seen().len(), 1, "{name}: a stream that has begun is not repeated");
        assert!(!shown(&error).contains(KEY) && !format!("{stream:?}").contains(KEY));
    }
}

#[tokio::test]
async fn a_stream_is_repeated_before_its_first_event() {
    let events = cheese();
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    let good = vec![Step::Send(stream(&events))];
    let mut comment = stream_head();
    comment.extend(chunk(": wait\n\n"));
    let table = [
        ("503", vec![Step::Send(answer(503, &[], "{}"))], 2),
        ("reset", vec![Step::Reset], 2),
        ("reset after the head", vec![Step::Send(comment.clone()), Step::Wait(Duration::from_millis(10)), Step::Reset], 2),
        ("end after the head", vec![Step::Send(comment), Step::Send(last_chunk())], 2),
        ("400", vec![Step::Send(answer(400, &[], r#"{"message":"no"}"#))], 1),
        ("not a stream", vec![Step::Send(answer(200, &[], crate::COMPLETION))], 1),
        ("a page", vec![Step::Send(answer(200, &[("content-type", "text/html")], "<html>"))], 1),
    ];
    for (name, bad, attempts) in table {
        let server = Server::start(vec![bad, good.clone()]).await;
        let (builder, clock) = client(&server.url);
        match open(&builder.build().unwrap()).await {
            Ok(mut stream) => {
                assert_eq!(drain(&mut stream).await.0, "Comté, Beaufort", "{name}");
                assert_eq!((stream.meta().attempts, attempts), (2, 2), "{name}");
            }
            Err(error) => {
                assert_eq!(attempts, 1, "{name}: {error}");
                assert!(matches!(error.kind(), ErrorKind::Decode | ErrorKind::BadRequest), "{name}: {error}");
            }
        }
        assert_eq!((server.seen().len(), clock.waits().len()), (attempts, attempts - 1), "{name}");
    }
}

#[tokio::test]
async fn the_first_event_has_its_own_limit() {
    let mut bytes = stream_head();
    bytes.extend(chunk(": still thinking\n\n"));
    let server = Server::start(vec![vec![Step::Send(bytes), Step::Hang]]).await;
    let timeouts = Timeouts { first_event: Duration::from_millis(50), ..Timeouts::default() };
    let error = open(&client(&server.url).0.timeouts(timeouts).max_retries(0).build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("`first_event` timeout"), "{error}");
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    let mut bytes = stream_head();
    bytes.extend(chunk(&delta("Com", "null")));
    let server = Server::start(vec![vec![Step::Send(bytes), Step::Hang]]).await;
    let stream = open(&client(&server.url).0.build().unwrap()).await.unwrap();
    drop(stream);
    server.closed(1).await;
}

#[tokio::test]
async fn a_server_that_forgets_to_close_is_not_waited_for() {
    let events = cheese();
    let mut bytes = stream_head();
    events.iter().for_each(|event| bytes.extend(chunk(event)));
    let server = Server::start(vec![vec![Step::Send(bytes), Step::Hang]]).await;
    let mut stream = open(&client(&server.url).0.build().unwrap()).await.unwrap();
    let started = std::time::Instant::now();
    assert!(drain(&mut stream).await.1.is_none());
    // Whoever waited for it would wait for the idle timeout, two minutes.
    assert!(started.elapsed() < PATIENCE);
    stream.finish().await.unwrap();
    server.closed(1).await;
}

#[tokio::test]
async fn events_come_one_by_one_as_well() {
    let events = cheese();
    let server = Server::always(stream(&events.each_ref().map(String::as_str))).await;
    let client = client(&server.url).0.build().unwrap();
    let mut stream = client.chat().stream(&request("chat")).await.unwrap();
    let mut text = String::new();
    while let Some(event) = stream.next().await {
        text += event.unwrap().text();
    }
    assert_eq!(text, "Comté, Beaufort");
    assert!(stream.next().await.is_none());

    let mut stream = client.chat().stream(&request("chat")).await.unwrap();
    let first = stream.next().await.unwrap().unwrap();
    let mut rest = first.text().to_owned();
    while let Some(events) = stream.next_batch().await.unwrap() {
        events.iter().for_each(|event| rest += event.text());
    }
    assert_eq!(rest, text);
}

/// A transport that brings the bytes of a stream one by one.
#[derive(Debug)]
struct Bytewise(Vec<u8>);

impl Transport for Bytewise {
    fn send(&self, request: transport::Request) -> Sending<'_> {
        assert!(request.headers["authorization"].is_sensitive());
        let headers =
            [("content-type", "text/event-stream")].map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let body = self.0.clone().into_iter();
        Box::pin(std::future::ready(Ok(Response {
            status: 200,
            headers: headers.into_iter().collect(),
            body: Box::new(Bytes(body)),
        })))
    }
}

struct Bytes(std::vec::IntoIter<u8>);

impl Body for Bytes {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<bytes::Bytes>>> {
        Poll::Ready(self.0.next().map(|byte| Ok(bytes::Bytes::from(vec![byte]))))
    }
}

#[tokio::test]
async fn another_transport_carries_calls_as_well() {
    let (builder, _) = client("http://127.0.0.1:1");
    let client = builder.transport(Arc::new(Bytewise(cheese().concat().into_bytes()))).build().unwrap();
    let mut stream = open(&client).await.unwrap();
    assert_eq!(drain(&mut stream).await.0, "Comté, Beaufort");
    assert!(stream.finish().await.is_ok());
}

#[tokio::test]
async fn nonsense_ends_in_an_error_and_never_in_a_panic() {
    const WORDS: &[&str] = &[
        "data: ",
        "data:",
        "event: x",
        ": ",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "{",
        "}",
        "[",
        "]",
        "\"choices\":",
        "\"delta\":",
        "null",
        "é",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}",
        "{\"choices\":[{\"delta\":7}]}",
        "1e999",
        "\u{0}",
        "[DONE]",
    ];
    let mut random = fastrand::Rng::with_seed(4711);
    for round in 0..200 {
        let text: String = (0..random.usize(0..30)).map(|_| WORDS[random.usize(0..WORDS.len())]).collect();
        let (builder, _) = client("http://127.0.0.1:1");
        let client = builder.transport(Arc::new(Bytewise(text.clone().into_bytes()))).max_retries(0).build().unwrap();
        let error = match open(&client).await {
            Ok(mut stream) => drain(&mut stream).await.1,
            Err(error) => Some(error),
        };
        let error = error.unwrap_or_else(|| panic!("round {round}: no finish reason came: {text:?}"));
        let kinds = [ErrorKind::Decode, ErrorKind::Stream, ErrorKind::StreamTruncated];
        assert!(kinds.contains(&error.kind()), "round {round}: {error}: {text:?}");
    }
}
