//! The client against a server that says, and breaks, what a test wants.

mod blocking;
mod calls;
mod downloads;
mod embeddings;
mod environment;
mod keys;
mod leaks;
mod limits;
mod pages;
mod parse;
mod server;
mod streams;
mod uploads;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use tramontane::client::clock::Clock;
use tramontane::client::{CallOptions, Client, ClientBuilder, Reply};
use tramontane::json::Value;
use tramontane::{Error, Result};

/// A key that must be found nowhere.
pub const KEY: &str = "sk-a-secret-that-nobody-may-see-4711";

/// A completion that a server may give.
pub const COMPLETION: &str = r#"{"id":"cmpl-1","object":"chat.completion","created":1795219200,"model":"mistral-small-2603","choices":[{"index":0,"message":{"role":"assistant","content":"Comté","tool_calls":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}"#;

/// A clock that stands still, waits for nothing and remembers what it should have waited.
#[derive(Debug, Default)]
pub struct Still {
    waits: Mutex<Vec<Duration>>,
}

impl Still {
    pub fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }
}

impl Clock for Still {
    fn now(&self) -> SystemTime {
        // 2026-11-21 00:00:00 UTC
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_219_200)
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.waits.lock().unwrap().push(wait);
        Box::pin(std::future::ready(()))
    }

    fn chance(&self) -> f64 {
        0.0
    }
}

/// A client for a server, with a clock that waits for nothing.
pub fn client(url: &str) -> (ClientBuilder, Arc<Still>) {
    let clock = Arc::new(Still::default());
    let shared: Arc<dyn Clock> = Arc::<Still>::clone(&clock);
    (Client::builder().api_key(KEY).base_url(url).clock(shared), clock)
}

/// A request.
pub fn request(operation: &str) -> Value<'static> {
    let text = format!(
        r#"{{"operation": "{operation}", "model": "mistral-small-2603", "messages": [{{"role": "user", "content": "Which cheese?"}}]}}"#
    );
    tramontane::json::parse(text.as_bytes()).unwrap().into_owned()
}

pub async fn complete(client: &Client) -> Result<Reply> {
    client.execute(client.prepare(request("chat"), &CallOptions::default())?).await
}

/// How long this thread has been at work: what other programs do meanwhile does not count, where the system says it.
pub fn busy() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = spent.and_then(|line| line.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// An error in every form in which it can be shown.
pub fn shown(error: &Error) -> String {
    format!("{error} {error:?} {error:#?} {} {:?}", error.to_value(), **error)
}
