//! Costs, budgets and limits of calls that really go out.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tramontane::client::clock::Clock;
use tramontane::client::{Budget, CallOptions, Client, ClientBuilder, Limiter, LimiterOptions, OnLimit};
use tramontane::json::Value;
use tramontane::policy::budget::{Amount, Ceiling};
use tramontane::policy::limit::Limits;
use tramontane::{ErrorKind, Result};

use crate::server::{Server, Step, answer, chunk, stream, stream_head};
use crate::{COMPLETION, KEY, client, complete, request};

/// A clock that moves only while somebody waits.
#[derive(Debug, Default)]
struct Moving {
    slept: Mutex<Duration>,
}

impl Clock for Moving {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_219_200) + *self.slept.lock().unwrap()
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        *self.slept.lock().unwrap() += wait;
        Box::pin(std::future::ready(()))
    }

    fn chance(&self) -> f64 {
        0.0
    }
}

fn moving(url: &str) -> (ClientBuilder, Arc<Moving>) {
    let clock = Arc::new(Moving::default());
    let shared: Arc<dyn Clock> = Arc::<Moving>::clone(&clock);
    (Client::builder().api_key(KEY).base_url(url).clock(shared), clock)
}

/// A request whose answer has 90 tokens at most.
fn bounded(operation: &str) -> Value<'static> {
    let mut request = request(operation);
    request.as_object_mut().unwrap().set("max_tokens", 90u64);
    request
}

async fn ask(client: &Client) -> Result<tramontane::client::Reply> {
    client.execute(client.prepare(bounded("chat"), &CallOptions::default())?).await
}

#[tokio::test]
async fn an_answer_says_what_it_cost() {
    let server = Server::always(answer(200, &[("x-ratelimit-remaining-req-minute", "49")], COMPLETION)).await;
    let reply = complete(&client(&server.url).0.build().unwrap()).await.unwrap();
    // Five tokens at $0.15, three at $0.60 for a million.
    let cost = reply.cost();
    assert_eq!((cost.amount, cost.reason), (Some(5 * 150 + 3 * 600), None));
    let lines: Vec<_> = cost.lines.iter().map(|line| (line.item.as_str(), line.quantity, line.amount)).collect();
    assert_eq!(lines, [("input", 5, 750), ("output", 3, 1800)]);
    assert_eq!(reply.usage().unwrap().completion_tokens, 3);
    assert_eq!(reply.meta.http.rate_limit["remaining-req-minute"], 49);
}

#[tokio::test]
async fn a_streams_answer_says_what_it_cost() {
    let server = Server::always(stream(&[
        "data: {\"id\":\"1\",\"model\":\"mistral-small-2603\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Comté\"},\"finish_reason\":null}]}\n\n",
        "data: {\"id\":\"1\",\"model\":\"mistral-small-2603\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3,\"total_tokens\":8}}\n\n",
        "data: [DONE]\n\n",
    ]))
    .await;
    let budget = Budget::new(Ceiling { nanos: Some(1_000_000), tokens: Some(1000), ..Ceiling::default() });
    let client = client(&server.url).0.budget(budget.clone()).build().unwrap();
    let mut stream = client.open(client.prepare(bounded("chat_stream"), &CallOptions::default()).unwrap()).await.unwrap();
    assert_eq!(stream.finish().await.unwrap().cost().amount, Some(2550));
    assert_eq!(budget.spent(), Amount { nanos: 2550, tokens: 8 });
    assert_eq!(budget.reserved(), Amount::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_calls_at_once_do_not_pass_a_budget() {
    let server = Server::start(vec![vec![Step::Wait(Duration::from_millis(5)), Step::Send(answer(200, &[], COMPLETION))]]).await;
    let budget = Budget::tokens(1000);
    let client = client(&server.url).0.budget(budget.clone()).build().unwrap();
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let (client, budget) = (client.clone(), budget.clone());
            tokio::spawn(async move {
                let mut outcomes = (0u64, 0u64);
                for _ in 0..5 {
                    match ask(&client).await {
                        Ok(_) => outcomes.0 += 1,
                        Err(error) if error.kind() == ErrorKind::Budget => outcomes.1 += 1,
                        Err(error) => panic!("{error}"),
                    }
                    let taken = budget.spent().tokens + budget.reserved().tokens;
                    assert!(taken <= 1000, "{taken} tokens are taken");
                }
                outcomes
            })
        })
        .collect();
    let (mut went, mut refused) = (0, 0);
    for call in calls {
        let outcomes = call.await.unwrap();
        (went, refused) = (went + outcomes.0, refused + outcomes.1);
    }
    assert_eq!(went + refused, 320);
    assert_eq!(budget.spent().tokens, went * 8);
    assert_eq!(server.seen().len() as u64, went, "a refused call was sent");
    assert!(refused > 0 && went >= 8, "{went} went, {refused} were refused");
    assert_eq!(budget.reserved(), Amount::default());
}

#[tokio::test]
async fn what_failed_gives_back_what_was_set_aside() {
    let failing = Server::always(answer(500, &[], r#"{"message":"no"}"#)).await;
    let budget = Budget::usd(0.01).unwrap();
    let client_of = |url: &str| client(url).0.budget(budget.clone()).build().unwrap();
    assert_eq!(ask(&client_of(&failing.url)).await.unwrap_err().kind(), ErrorKind::Server);
    // Nobody listens at this port.
    assert_eq!(ask(&client_of("http://127.0.0.1:9")).await.unwrap_err().kind(), ErrorKind::Connection);
    assert_eq!((budget.spent(), budget.reserved()), (Amount::default(), Amount::default()));
}

#[tokio::test]
async fn a_call_that_is_given_up_counts_with_what_had_come() {
    let event = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Comté\"},\"finish_reason\":null}]}\n\n";
    let server = Server::start(vec![vec![Step::Send(stream_head()), Step::Send(chunk(event)), Step::Hang]]).await;
    let budget = Budget::new(Ceiling { nanos: Some(1_000_000), tokens: Some(1000), ..Ceiling::default() });
    let client = client(&server.url).0.budget(budget.clone()).build().unwrap();
    let stream = client.open(client.prepare(bounded("chat_stream"), &CallOptions::default()).unwrap()).await.unwrap();
    let aside = budget.reserved();
    assert!(aside.tokens > 90 && aside.nanos > 90 * 600, "{aside:?}");
    drop(stream);
    let spent = budget.spent();
    assert_eq!(budget.reserved(), Amount::default());
    assert!((6..aside.tokens - 50).contains(&spent.tokens), "{spent:?}");
    assert!(spent.nanos > 0 && spent.nanos < aside.nanos, "{spent:?}");

    let waiting = Server::start(vec![vec![Step::Hang]]).await;
    let client = crate::client(&waiting.url).0.budget(budget.clone()).build().unwrap();
    let abandoned = tokio::time::timeout(Duration::from_millis(100), ask(&client)).await;
    assert!(abandoned.is_err());
    assert_eq!(budget.reserved(), Amount::default());
}

#[tokio::test]
async fn a_price_that_nobody_knows_is_refused_or_let_through() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    let budget = Budget::usd(1.0).unwrap();
    let mut unknown = bounded("chat");
    unknown.as_object_mut().unwrap().set("model", "nobody-1");
    let send = async |budget: &Budget| {
        let client = client(&server.url).0.budget(budget.clone()).build().unwrap();
        client.execute(client.prepare(unknown.clone(), &CallOptions::default()).unwrap()).await
    };
    let error = send(&budget).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Budget);
    assert!(error.message().contains("unknown model `nobody-1`"), "{error}");
    assert!(server.seen().is_empty());
    let lenient = Budget::new(Ceiling { allow_unknown: true, ..budget.ceiling() });
    assert!(send(&lenient).await.unwrap().cost().reason.unwrap().contains("nobody-1"));
    // What runs no model is never refused.
    let client = client(&server.url).0.budget(Budget::tokens(0)).build().unwrap();
    let error = client.models().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "it was sent: {error}");
}

fn per_second(requests: u64, on_limit: OnLimit) -> Limiter {
    let mut options = LimiterOptions::default();
    options.limits = Limits { requests_per_second: Some(requests), ..Limits::default() };
    options.on_limit = on_limit;
    Limiter::new(options).unwrap()
}

#[tokio::test]
async fn calls_wait_for_the_clients_own_limit() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    let (builder, clock) = moving(&server.url);
    let client = builder.limiter(per_second(2, OnLimit::Wait)).build().unwrap();
    for _ in 0..6 {
        ask(&client).await.unwrap();
    }
    let slept = *clock.slept.lock().unwrap();
    assert!((Duration::from_millis(2000)..Duration::from_millis(2120)).contains(&slept), "{slept:?}");
}

#[tokio::test]
async fn a_call_that_cannot_wait_fails_at_once() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    let failing = moving(&server.url).0.limiter(per_second(1, OnLimit::Fail)).build().unwrap();
    ask(&failing).await.unwrap();
    let error = ask(&failing).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimit);
    assert!(error.retry_after.is_some_and(|wait| wait > Duration::from_millis(900)) && error.status.is_none(), "{error}");

    let mut options = LimiterOptions::default();
    options.limits = Limits { requests_per_minute: Some(1), ..Limits::default() };
    let limiter = Limiter::new(options).unwrap();
    let short = moving(&server.url).0.limiter(limiter).timeout(Duration::from_secs(30)).build().unwrap();
    ask(&short).await.unwrap();
    let error = ask(&short).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimit);
    assert!(error.message().contains("longer than the call may take") && error.retry_after.is_some(), "{error}");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn limits_are_learnt_from_the_answers_of_a_client() {
    let headers = [("x-ratelimit-limit-req-minute", "50"), ("x-ratelimit-remaining-req-minute", "0")];
    let server = Server::always(answer(200, &headers, COMPLETION)).await;
    let mut options = LimiterOptions::default();
    options.on_limit = OnLimit::Fail;
    let client = moving(&server.url).0.limiter(Limiter::new(options).unwrap()).build().unwrap();
    ask(&client).await.unwrap();
    assert_eq!(ask(&client).await.unwrap_err().kind(), ErrorKind::RateLimit);
    // Without a limiter nobody is held back.
    let free = moving(&server.url).0.build().unwrap();
    ask(&free).await.unwrap();
    ask(&free).await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn real_use_corrects_the_tokens_of_the_minute() {
    let server = Server::always(answer(200, &[("x-ratelimit-tokens-query-cost", "8")], COMPLETION)).await;
    let mut options = LimiterOptions::default();
    // The first call claims more than 90 of them and uses 8.
    options.limits = Limits { tokens_per_minute: Some(120), ..Limits::default() };
    options.on_limit = OnLimit::Fail;
    let client = moving(&server.url).0.limiter(Limiter::new(options).unwrap()).build().unwrap();
    ask(&client).await.unwrap();
    ask(&client).await.unwrap();
    let error = (0..10u8).map(|_| ask(&client));
    let mut refused = 0;
    for call in error {
        refused += u32::from(call.await.is_err());
    }
    assert!(refused > 0 && server.seen().len() > 2);
}
