//! Whole answers: what is sent, what comes back, limits, keys, redirects.

use std::future::Future as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tramontane::chat::ChatRequest;
use tramontane::check::{Policy, Severity};
use tramontane::client::clock::SystemClock;
use tramontane::client::transport::{self, Body, HeaderMap, Response, Sending, Transport};
use tramontane::client::{CallOptions, Client, ClientBuilder, Timeouts};
use tramontane::fim::FimRequest;
use tramontane::policy::retry::RetryPolicy;
use tramontane::{ErrorKind, Result};

use crate::server::{Server, Step, answer, stream};
use crate::{COMPLETION, KEY, busy, client, complete, request, shown};

#[tokio::test]
async fn a_call_and_its_answer() {
    let headers = [("mistral-correlation-id", "id-1"), ("x-ratelimit-remaining-req-minute", "49")];
    let server = Server::always(answer(200, &headers, COMPLETION)).await;
    let client = client(&server.url).0.build().unwrap();
    let started = Instant::now();
    let reply = complete(&client).await.unwrap();
    assert_eq!(reply.kind, "ChatCompletion");
    assert_eq!(reply.data.to_string(), COMPLETION);
    assert_eq!((reply.meta.attempts, reply.meta.http.status), (1, 200));
    assert_eq!(reply.meta.http.request_id.as_deref(), Some("id-1"));
    assert_eq!(reply.meta.http.rate_limit.get("remaining-req-minute"), Some(&49));
    assert_eq!(reply.meta.resolution.as_ref().unwrap().sent_as, "mistral-small-2603");
    assert!(reply.meta.elapsed > Duration::ZERO && reply.meta.elapsed <= started.elapsed());

    let seen = server.seen().remove(0);
    assert!(seen.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", seen.head);
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert!(seen.header("user-agent").unwrap().starts_with("tramontane/"));
    assert_eq!(seen.body, r#"{"model":"mistral-small-2603","messages":[{"role":"user","content":"Which cheese?"}]}"#);
}

#[tokio::test]
async fn what_the_provider_says_about_the_model_s_end_is_passed_on() {
    let server = Server::always(answer(200, &[("x-model-deprecation-timestamp", "2027-05-31T00:00:00Z")], COMPLETION)).await;
    let reply = complete(&client(&server.url).0.build().unwrap()).await.unwrap();
    let finding = reply.meta.warnings.iter().find(|finding| finding.rule == "deprecated_model").unwrap();
    assert!(finding.message.contains("`2027-05-31T00:00:00Z`"), "{finding:?}");
}

#[tokio::test]
async fn a_server_that_closes_after_each_answer_is_no_trouble() {
    let server = Server::start(vec![vec![Step::Send(answer(200, &[], COMPLETION)), Step::Close]]).await;
    let client = client(&server.url).0.build().unwrap();
    for _ in 0..20 {
        complete(&client).await.unwrap();
    }
    assert!(server.connections() >= 20);
}

#[tokio::test]
async fn connections_are_kept_and_shared_by_the_clients_of_a_runtime() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    for _ in 0..5 {
        complete(&client(&server.url).0.build().unwrap()).await.unwrap();
    }
    assert_eq!((server.seen().len(), server.connections()), (5, 1));
}

#[test]
fn a_client_works_in_one_runtime_after_another() {
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = servers.block_on(Server::always(answer(200, &[], COMPLETION)));
    let client = client(&server.url).0.build().unwrap();
    for _ in 0..3 {
        // A runtime that nobody runs any more, but that is still there, must not be waited for either.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(complete(&client)).unwrap();
        std::mem::forget(runtime);
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn sixty_four_calls_at_once() {
    let script = vec![Step::Wait(Duration::from_millis(20)), Step::Send(answer(200, &[], COMPLETION))];
    let server = Server::start(vec![script]).await;
    let client = client(&server.url).0.build().unwrap();
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { complete(&client).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().meta.attempts, 1);
    }
    assert_eq!(server.seen().len(), 64);
}

#[tokio::test]
async fn dropping_a_call_closes_its_connection() {
    let server = Server::start(vec![vec![Step::Hang]]).await;
    let client = client(&server.url).0.build().unwrap();
    let call = tokio::spawn(async move { complete(&client).await });
    server.reached(1, 1).await;
    call.abort();
    server.closed(1).await;
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn every_limit_has_its_name() {
    let ms = Duration::from_millis;
    let head = answer(200, &[], COMPLETION);
    let cut = Step::Send(head[..head.len() - 10].to_vec());
    let generous = Timeouts::default();
    let table = [
        (vec![Step::Hang], Timeouts { first_event: ms(30), ..generous }, "`first_event` timeout"),
        (vec![cut.clone(), Step::Hang], Timeouts { idle: ms(30), ..generous }, "`idle` timeout"),
        (vec![Step::Hang], Timeouts { total: Some(ms(30)), ..generous }, "`total` timeout"),
        (vec![cut, Step::Hang], Timeouts { total: Some(ms(30)), ..generous }, "`total` timeout"),
        (
            vec![Step::Hang],
            Timeouts { first_event: Duration::MAX, idle: Duration::MAX, total: Some(ms(30)), ..generous },
            "`total`",
        ),
    ];
    for (script, timeouts, name) in table {
        let server = Server::start(vec![vec![Step::Send(answer(200, &[], COMPLETION))], script]).await;
        // The connection is there before the clock runs: a busy machine must not take the time for it.
        complete(&client(&server.url).0.build().unwrap()).await.unwrap();
        let client = client(&server.url).0.timeouts(timeouts).max_retries(0).build().unwrap();
        let error = complete(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains(name), "{error}");
        server.closed(1).await;
    }
}

#[tokio::test]
async fn connecting_has_its_own_limit() {
    // A server that accepts and never answers the TLS handshake.
    let server = Server::always(Vec::new()).await;
    let timeouts = Timeouts { connect: Duration::from_millis(50), ..Timeouts::default() };
    let builder = client(&server.url.replace("http", "https")).0;
    let error = complete(&builder.timeouts(timeouts).max_retries(1).build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("within 0.05 s; the `connect` timeout passed"), "{error}");
    server.reached(0, 2).await;
    assert_eq!(server.connections(), 2);
}

/// A transport whose every answer takes 40 ms and is an error.
#[derive(Debug, Default)]
struct Failing(AtomicU32);

impl Transport for Failing {
    fn send(&self, _: transport::Request) -> Sending<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(40)).await;
            Ok(Response { status: 500, headers: HeaderMap::new(), body: Box::new(Empty) })
        })
    }
}

/// A body of no bytes.
struct Empty;

impl Body for Empty {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        Poll::Ready(None)
    }
}

/// Time moves when everybody waits for it, and nothing is sent: whatever else the machine does changes nothing.
#[tokio::test(start_paused = true)]
async fn one_deadline_holds_for_all_attempts() {
    let transport = Arc::new(Failing::default());
    let shared: Arc<dyn Transport> = Arc::<Failing>::clone(&transport);
    let retries = RetryPolicy { max_retries: 50, longest: Duration::from_millis(1), ..RetryPolicy::default() };
    let client = client("http://127.0.0.1:1").0.transport(shared).clock(Arc::new(SystemClock));
    let client = client.retries(retries).timeout(Duration::from_millis(100)).build().unwrap();
    let started = tokio::time::Instant::now();
    let error = complete(&client).await.unwrap_err();
    assert_eq!((error.kind(), started.elapsed()), (ErrorKind::Timeout, Duration::from_millis(100)), "{error}");
    assert!(error.to_string().contains("the `total` timeout passed"), "{error}");
    assert_eq!(transport.0.load(Ordering::Relaxed), 3, "two that failed, and one that was cut off");
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect_to_another_host() {
    let other = Server::always(answer(200, &[], COMPLETION)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/v1/chat/completions?token=hidden", other.url);
        let server = Server::always(answer(status, &[("location", &location)], "")).await;
        let error = complete(&client(&server.url).0.build().unwrap()).await.unwrap_err();
        assert_eq!((error.kind(), error.status, server.seen().len()), (ErrorKind::Decode, Some(status), 1));
        assert!(error.to_string().contains(&other.url) && !shown(&error).contains("hidden"), "{error}");
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_within_the_host_is_followed_when_it_keeps_the_request() {
    let server = Server::start(vec![
        vec![Step::Send(answer(308, &[("location", "/elsewhere")], ""))],
        vec![Step::Send(answer(200, &[], COMPLETION))],
    ])
    .await;
    complete(&client(&server.url).0.build().unwrap()).await.unwrap();
    let seen = server.seen();
    assert!(seen[1].head.starts_with("POST /elsewhere "), "{}", seen[1].head);
    assert_eq!(seen[0].body, seen[1].body);

    let server = Server::always(answer(308, &[("location", "/again")], "")).await;
    assert_eq!(complete(&client(&server.url).0.build().unwrap()).await.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn nothing_shows_the_key() -> Result<()> {
    // Servers have been seen to repeat the key in their error.
    let leaky = format!(r#"{{"object":"error","message":"no such key: {KEY}","type":"x","code":"1"}}"#);
    let server = Server::start(vec![
        vec![Step::Send(answer(401, &[], &leaky))],
        vec![Step::Reset],
        vec![Step::Send(answer(200, &[("content-type", "text/html")], "<html><title>Sign in</title></html>"))],
    ])
    .await;
    let builder = client(&server.url).0.max_retries(0);
    let mut all = format!("{builder:?} {builder:#?}");
    let client = builder.build()?;
    let call = client.prepare(request("chat"), &CallOptions::default())?;
    all += &format!("{client:?} {client:#?} {call:?} {call:#?}");
    for kind in [ErrorKind::Authentication, ErrorKind::Connection, ErrorKind::Decode] {
        let error = complete(&client).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        all += &shown(&error);
    }
    assert!(!all.contains("4711") && !all.contains("secret"), "{all}");
    assert!(server.seen().iter().all(|seen| seen.head.contains(KEY)));
    Ok(())
}

#[test]
fn an_unusable_key_is_refused_without_echo() {
    for key in ["", "  ", "sk-4711\nx-evil: 1", "sk-4711\u{0}", "sk-4711-é"] {
        let error = Client::builder().api_key(key).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!shown(&error).contains("4711"), "{error}");
    }
    Client::builder().api_key("  sk-4711\n").build().unwrap();
}

#[tokio::test]
async fn a_key_over_plain_http_is_warned_about() {
    let options = CallOptions::default();
    let warned = |url: &str| {
        let client = client(url).0.build().unwrap();
        let call = client.prepare(request("chat"), &options).unwrap();
        call.warnings().iter().any(|finding| finding.rule == "unencrypted")
    };
    for url in ["http://api.mistral.ai", "http://10.0.0.1:8080", "http://127.example.com", "http://localhost.example.com"] {
        assert!(warned(url), "{url}");
    }
    for url in ["https://api.mistral.ai", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.1.2.3"] {
        assert!(!warned(url), "{url}");
    }
}

#[tokio::test]
async fn what_the_client_finds_has_the_severity_of_the_policy() {
    let prepared = |severity: &str| {
        let mut policy = Policy::default();
        policy.severities.insert("unencrypted".to_owned(), severity.to_owned());
        let client = client("http://api.mistral.ai").0.policy(policy).build().unwrap();
        client.prepare(request("chat"), &CallOptions::default())
    };
    assert!(prepared("off").unwrap().warnings().is_empty());
    let noted = prepared("note").unwrap();
    assert_eq!((noted.warnings()[0].severity, noted.warnings()[0].path.as_str()), (Severity::Note, "base_url"));
    let refused = prepared("error").unwrap_err();
    assert_eq!((refused.kind(), refused.path.as_deref()), (ErrorKind::InvalidRequest, Some("base_url")));
}

#[tokio::test]
async fn the_user_agent_ends_with_the_callers_own() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    for own in [None, Some("my-app/2.1 (blue)")] {
        let builder = client(&server.url).0;
        let builder = own.map_or(builder.clone(), |own| builder.user_agent(own));
        complete(&builder.build().unwrap()).await.unwrap();
    }
    let seen: Vec<_> = server.seen().iter().map(|seen| seen.header("user-agent").unwrap().to_owned()).collect();
    let plain = concat!("tramontane/", env!("CARGO_PKG_VERSION"), " (rust)");
    assert_eq!(seen, [plain.to_owned(), format!("{plain} my-app/2.1 (blue)")]);
    for bad in ["a\nb", "é"] {
        let error = client(&server.url).0.user_agent(bad).build().unwrap_err();
        assert_eq!((error.kind(), error.path.as_deref()), (ErrorKind::Configuration, Some("user_agent")));
    }
}

#[tokio::test]
async fn connections_are_kept_as_long_and_as_many_as_the_caller_wants() {
    let kept = Server::always(answer(200, &[], COMPLETION)).await;
    let builder = client(&kept.url).0;
    for (builder, connections) in [
        (builder.clone().pool_size(1), 1),
        (builder.clone().pool_size(0), 4),
        (builder.clone().keep_alive(Duration::ZERO), 7),
        (builder.keep_alive(Duration::from_secs(60)), 8),
    ] {
        let client = builder.build().unwrap();
        for _ in 0..3 {
            complete(&client).await.unwrap();
        }
        assert_eq!(kept.connections(), connections);
    }
}

#[test]
fn a_region_is_a_host_of_the_provider() {
    let call = |builder: ClientBuilder| builder.build()?.prepare(request("chat"), &CallOptions::default());
    let at = |region: &str| Client::builder().api_key(KEY).region(region);
    assert_eq!(call(at("eu")).unwrap().url(), "https://api.eu.mistral.ai/v1/chat/completions");
    assert_eq!(call(at("us")).unwrap().url(), "https://api.us.mistral.ai/v1/chat/completions");
    for (builder, says) in [
        (at("mars"), "`mistral` has no host in `mars` (at `region`); there are `eu` and `us`"),
        (at("eu").base_url("http://127.0.0.1:1"), "`region` and `base_url` exclude each other"),
        (at("eu").provider("openai"), "`openai` has no regional hosts"),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn no_server_is_an_error_that_says_where() {
    let (builder, clock) = client("http://127.0.0.1:1");
    let error = complete(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("`http://127.0.0.1:1`: Connection refused"), "{error}");
    assert_eq!(clock.waits(), [500, 1000].map(Duration::from_millis));
}

#[test]
fn without_a_runtime_a_call_is_refused() {
    let client = client("http://127.0.0.1:1").0.max_retries(0).build().unwrap();
    let call = client.prepare(request("chat"), &CallOptions::default()).unwrap();
    let mut sending = Box::pin(client.execute(call));
    let waker = std::task::Waker::noop();
    let mut cx = Context::from_waker(waker);
    // tokio's timers need a runtime as well: whatever comes first must be an error, not a panic.
    match sending.as_mut().poll(&mut cx) {
        Poll::Ready(Err(error)) => assert_eq!(error.kind(), ErrorKind::Configuration, "{error}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn clients_cost_nothing_until_they_send() {
    let make = || Client::builder().api_key(KEY).build().unwrap();
    let before = busy();
    let clients: Vec<_> = (0..100).map(|_| make()).collect();
    let took = busy() - before;
    assert!(took < Duration::from_millis(10 * 100), "{took:?}");
    assert_eq!(Arc::new(clients).len(), 100);
}

#[tokio::test]
async fn doors_by_resource() {
    let models = r#"{"object":"list","data":[{"id":"mistral-small-2603","object":"model","capabilities":{"vision":true}}]}"#;
    let server = Server::start(vec![
        vec![Step::Send(answer(200, &[], COMPLETION))],
        vec![Step::Send(answer(200, &[], models))],
        vec![Step::Send(answer(200, &[], COMPLETION))],
        vec![Step::Send(answer(200, &[], &COMPLETION.replace("1795219200", "\"today\"")))],
    ])
    .await;
    let client = client(&server.url).0.build().unwrap();
    let typed = ChatRequest::new("mistral-small-2603").user("Which cheese?").stream();
    let reply = client.chat().complete(&typed).await.unwrap();
    assert_eq!((reply.text().as_str(), reply.usage.as_ref().unwrap().total_tokens), ("Comté", 8));
    assert_eq!((reply.data().to_string().as_str(), reply.meta.attempts), (COMPLETION, 1));
    let list = client.models().list().await.unwrap();
    assert_eq!((list.data[0].id.as_str(), list.data().to_string().as_str()), ("mistral-small-2603", models));
    let error = client.models().list().await.unwrap_err();
    assert!(error.kind() == ErrorKind::Decode && error.message().contains("`data`"), "{error}");
    let error = client.chat().complete(&request("chat")).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Decode && error.body.as_ref().unwrap().contains("\"created\":\"today\""), "{error}");
    let seen = server.seen();
    assert!(!seen[0].body.contains("stream"), "{}", seen[0].body);
    assert!(seen[1].head.starts_with("GET /v1/models HTTP/1.1") && seen[1].body.is_empty(), "{}", seen[1].head);
    assert_eq!((seen[1].header("content-type"), seen[1].header("content-length")), (None, None));
}

#[tokio::test]
async fn code_is_filled_in() {
    let events = [
        r#"{"choices":[{"index":0,"delta":{"content":"Com"},"finish_reason":null}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"té"},"finish_reason":"stop"}]}"#,
        "[DONE]",
    ]
    .map(|data| format!("data: {data}\n\n"));
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    let server = Server::start(vec![vec![Step::Send(answer(200, &[], COMPLETION))], vec![Step::Send(stream(&events))]]).await;
    let client = client(&server.url).0.build().unwrap();
    let code = FimRequest::new("codestral-2508", "def cheese(").suffix("return cheese").max_tokens(9).stop("\n\n");
    let reply = client.fim().complete(&code).await.unwrap();
    assert_eq!(reply.text(), "Comté");
    let mut running = client.fim().stream(&code).await.unwrap();
    assert_eq!(running.completion().await.unwrap().text(), "Comté");
    let error = client.fim().complete(&ChatRequest::new("codestral-2508").user("Hi")).await.unwrap_err();
    assert_eq!((error.kind(), error.path.as_deref()), (ErrorKind::InvalidRequest, Some("messages")));
    let seen = server.seen();
    assert!(seen[0].head.starts_with("POST /v1/fim/completions HTTP/1.1"), "{}", seen[0].head);
    let body = r#"{"model":"codestral-2508","prompt":"def cheese(","suffix":"return cheese","max_tokens":9,"stop":"\n\n""#;
    assert_eq!(seen[0].body, format!("{body}}}"));
    assert_eq!(seen[1].body, format!("{body},\"stream\":true}}"));
    assert_eq!(seen.len(), 2, "what a check refuses is not sent");
}
