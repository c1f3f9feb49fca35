//! Requests that somebody else built: checked again, sent with the key that is here, and to nowhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tramontane::chat::ChatRequest;
use tramontane::check::Policy;
use tramontane::client::{CallOptions, FetchedKey, Key, KeySource, Sent, blocking};
use tramontane::embeddings::EmbeddingRequest;
use tramontane::files::FilesDownloadRequest;
use tramontane::json::{Value, to_value};
use tramontane::secret::Secret;
use tramontane::wire::{BuildRequest, build};
use tramontane::{Error, ErrorKind};

use crate::server::{Server, Step, answer, stream};
use crate::{COMPLETION, KEY, client, request};

/// What an edge function hands on: a built request, as data.
fn built(request: Value<'static>) -> Value<'static> {
    to_value(&build(BuildRequest { request, provider: None, policy: Policy::default() }).unwrap()).unwrap()
}

const EVENTS: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Comté\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

#[tokio::test]
async fn a_built_request_is_sent_with_the_key_that_is_here() {
    let embeddings =
        r#"{"id":"1","object":"list","model":"mistral-embed","data":[{"object":"embedding","embedding":[0.5],"index":0}]}"#;
    let scripts = [answer(200, &[], COMPLETION), stream(&[EVENTS]), answer(200, &[], embeddings)];
    let server = Server::start(scripts.into_iter().map(|bytes| vec![Step::Send(bytes)]).collect()).await;
    let client = client(&server.url).0.build().unwrap();
    let options = CallOptions::default();

    let Sent::Reply(reply) = client.send(built(request("chat")), &options).await.unwrap() else { panic!("no stream") };
    assert_eq!((reply.kind, reply.data.to_string().as_str()), ("ChatCompletion", COMPLETION));
    let Sent::Stream(mut events) = client.send(built(request("chat_stream")), &options).await.unwrap() else {
        panic!("a stream")
    };
    assert_eq!(events.next().await.unwrap().unwrap().text(), "Comté");
    assert_eq!(events.completion().await.unwrap().text(), "Comté");
    let mut vectors = EmbeddingRequest::new("mistral-embed", "wind").to_value().unwrap();
    vectors.as_object_mut().unwrap().set("operation", "embeddings");
    let Sent::Reply(reply) = client.send(built(vectors), &options).await.unwrap() else { panic!("no stream") };
    assert_eq!(reply.kind, "EmbeddingResponse");

    let seen = server.seen();
    let paths: Vec<_> = seen.iter().map(|seen| seen.head.lines().next().unwrap()).collect();
    let chat = "POST /v1/chat/completions HTTP/1.1";
    assert_eq!(paths, [chat, chat, "POST /v1/embeddings HTTP/1.1"]);
    assert!(seen.iter().all(|seen| seen.header("authorization") == Some(&format!("Bearer {KEY}"))));
    assert_eq!(seen[0].body, r#"{"model":"mistral-small-2603","messages":[{"role":"user","content":"Which cheese?"}]}"#);
}

/// A built request with one member changed.
fn changed(key: &'static str, value: impl Into<Value<'static>>) -> Value<'static> {
    let mut prepared = built(request("chat"));
    prepared.as_object_mut().unwrap().set(key, value.into());
    prepared
}

#[tokio::test]
async fn what_was_changed_on_the_way_is_refused_and_nothing_sent() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    let client = client(&server.url).0.build().unwrap();
    let body = ChatRequest::new("mistral-small-2603").temperature(9.0).user("Hi").to_value().unwrap();
    for (prepared, path) in [
        (changed("url", "https://example.com/v1/chat/completions"), "url"),
        (changed("method", "DELETE"), "method"),
        (changed("operation", "files_delete"), "method"),
        (changed("body", body), "temperature"),
        (changed("key", "x"), "key"),
    ] {
        let error: Error = client.send(prepared, &CallOptions::default()).await.unwrap_err();
        let at = error.path.clone().or_else(|| Some(error.report.as_ref()?.findings.first()?.path.clone()));
        assert_eq!((error.kind(), at.as_deref()), (ErrorKind::InvalidRequest, Some(path)), "{error}");
    }
    let other = crate::client(&server.url).0.provider("openai").build().unwrap();
    let error = other.send(built(request("chat")), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.path.as_deref()), (ErrorKind::InvalidRequest, Some("provider")), "{error}");
    assert!(server.seen().is_empty());
}

/// A store of secrets: another key each time, good for as long as it says.
#[derive(Debug)]
struct Store {
    asked: AtomicUsize,
    refresh_after: Option<Duration>,
}

impl KeySource for Store {
    fn fetch(&self) -> std::pin::Pin<Box<dyn Future<Output = tramontane::Result<FetchedKey>> + Send + '_>> {
        let number = self.asked.fetch_add(1, Ordering::AcqRel) + 1;
        Box::pin(async move {
            tokio::task::yield_now().await;
            if number == 4 {
                return Err(Error::new(ErrorKind::Configuration, "the store is closed"));
            }
            Ok(FetchedKey { key: Secret::new(format!("fetched-key-{number}"))?, refresh_after: self.refresh_after })
        })
    }
}

#[tokio::test]
async fn a_function_gives_the_key_for_what_is_relayed_streamed_and_downloaded() {
    let file = answer(200, &[("content-type", "application/octet-stream")], "content");
    let scripts = [answer(200, &[], COMPLETION), stream(&[EVENTS]), file];
    let server = Server::start(scripts.into_iter().map(|bytes| vec![Step::Send(bytes)]).collect()).await;
    let store = Arc::new(Store { asked: AtomicUsize::new(0), refresh_after: Some(Duration::ZERO) });
    let client = client(&server.url).0.key(Key::fetched(Arc::<Store>::clone(&store))).max_retries(0).build().unwrap();
    let options = CallOptions::default();
    assert!(matches!(client.send(built(request("chat")), &options).await.unwrap(), Sent::Reply(_)));
    assert!(matches!(client.send(built(request("chat_stream")), &options).await.unwrap(), Sent::Stream(_)));
    let file = FilesDownloadRequest::new("f");
    assert_eq!(client.files().download(&file).await.unwrap().bytes().await.unwrap(), "content");
    // Where the store fails, the old key may still be good.
    client.files().download(&file).await.unwrap();
    let keys: Vec<_> = server.seen().iter().map(|seen| seen.header("authorization").unwrap().replace("Bearer ", "")).collect();
    assert_eq!(keys, ["fetched-key-1", "fetched-key-2", "fetched-key-3", "fetched-key-3"]);
    assert_eq!(store.asked.load(Ordering::Acquire), 4);

    // Without an old one the call ends before anything is sent.
    let closed = Arc::new(Store { asked: AtomicUsize::new(3), refresh_after: None });
    let client = crate::client(&server.url).0.key(Key::fetched(closed)).max_retries(0).build().unwrap();
    let error = client.files().download(&file).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains("the store is closed"), "{error}");
    assert_eq!(server.seen().len(), 4);
}

#[test]
fn a_program_that_blocks_relays_too() {
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let scripts = vec![vec![Step::Send(answer(200, &[], COMPLETION))], vec![Step::Send(stream(&[EVENTS]))]];
    let server = servers.block_on(Server::start(scripts));
    let client = blocking::Client::from(client(&server.url).0.build().unwrap());
    let options = CallOptions::default();
    let Ok(blocking::Sent::Reply(reply)) = client.send(built(request("chat")), &options) else { panic!("no reply") };
    assert_eq!(reply.data.to_string(), COMPLETION);
    let Ok(blocking::Sent::Stream(events)) = client.send(built(request("chat_stream")), &options) else { panic!("no stream") };
    assert_eq!(events.map(|event| event.unwrap().text().to_owned()).collect::<String>(), "Comté");
}
