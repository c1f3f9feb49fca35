//! Keys: their sources, their turns and their end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tramontane::ErrorKind;
use tramontane::client::{CallOptions, FetchedKey, Key, KeySource};
use tramontane::date::Date;
use tramontane::secret::Secret;

use crate::server::{Server, Step, answer};
use crate::{COMPLETION, client, complete, request};

fn pool(keys: &[&str]) -> Key {
    Key::pool(keys.iter().map(|key| Key::new(*key).unwrap())).unwrap()
}

fn sent(server: &Server) -> Vec<String> {
    server.seen().iter().map(|seen| seen.header("authorization").unwrap_or_default().replace("Bearer ", "")).collect()
}

fn script(statuses: &[u16]) -> Vec<Vec<Step>> {
    let body = |status| if status == 200 { COMPLETION } else { r#"{"detail":"no"}"# };
    statuses.iter().map(|status| vec![Step::Send(answer(*status, &[], body(*status)))]).collect()
}

#[tokio::test]
async fn a_pool_turns_to_its_next_key() {
    for status in [401, 429] {
        let server = Server::start(script(&[status, 200])).await;
        // Without retries: another key is no repetition.
        let (builder, clock) = client(&server.url);
        let client = builder.key(pool(&["key-number-a", "key-number-b"])).max_retries(0).build().unwrap();
        let reply = complete(&client).await.unwrap();
        assert_eq!(reply.meta.attempts, 2);
        complete(&client).await.unwrap();
        assert_eq!(sent(&server), ["key-number-a", "key-number-b", "key-number-b"], "{status}");
        assert!(clock.waits().is_empty());
    }
}

#[tokio::test]
async fn a_pool_without_a_good_key_says_so_once_for_each() {
    let server = Server::start(script(&[401])).await;
    let client = client(&server.url).0.key(pool(&["key-number-a", "key-number-b", "key-number-c"])).build().unwrap();
    let error = complete(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(sent(&server), ["key-number-a", "key-number-b", "key-number-c"]);
    assert!(!crate::shown(&error).contains("key-number"));
}

#[tokio::test]
async fn a_key_warns_before_its_end() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    let warned = async |day: &str| {
        let key = Key::new("a-key-with-an-end").unwrap().expires_on(day.parse::<Date>().unwrap());
        let reply = complete(&client(&server.url).0.key(key).build().unwrap()).await?;
        let rules = reply.meta.warnings.into_iter().filter(|finding| finding.rule == "expiring_key");
        tramontane::Result::Ok(rules.map(|finding| finding.message).collect::<Vec<_>>().join(";"))
    };
    // Today is 2026-11-21.
    assert_eq!(warned("2026-12-06").await.unwrap(), "");
    assert_eq!(warned("2026-12-05").await.unwrap(), "the API key expires in 14 days, on `2026-12-05`");
    assert_eq!(warned("2026-11-22").await.unwrap(), "the API key expires tomorrow, on `2026-11-22`");
    assert_eq!(warned("2026-11-21").await.unwrap(), "the API key expires today, on `2026-11-21`");
    let error = warned("2026-11-20").await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Configuration, "the API key expired on `2026-11-20`"));
}

/// A store of secrets that counts how often it is asked.
#[derive(Debug, Default)]
struct Store(AtomicUsize);

impl KeySource for Store {
    fn fetch(&self) -> std::pin::Pin<Box<dyn Future<Output = tramontane::Result<FetchedKey>> + Send + '_>> {
        let number = self.0.fetch_add(1, Ordering::AcqRel) + 1;
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let key = Secret::new(format!("fetched-key-{number}"))?;
            Ok(FetchedKey { key, refresh_after: Some(Duration::from_secs(3600)) })
        })
    }
}

#[tokio::test]
async fn a_source_is_asked_once_for_many_calls() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    let store = Arc::new(Store::default());
    let client = client(&server.url).0.key(Key::fetched(Arc::<Store>::clone(&store))).build().unwrap();
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { complete(&client).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(store.0.load(Ordering::Acquire), 1);
    assert!(sent(&server).iter().all(|key| key == "fetched-key-1"));
}

#[tokio::test]
async fn a_call_may_have_a_key_of_its_own() {
    let server = Server::always(answer(200, &[], COMPLETION)).await;
    let client = client(&server.url).0.build().unwrap();
    let mut options = CallOptions::default();
    options.api_key = Some(Key::new("another-tenants-key").unwrap());
    client.execute(client.prepare(request("chat"), &options).unwrap()).await.unwrap();
    assert_eq!(sent(&server), ["another-tenants-key"]);
}
