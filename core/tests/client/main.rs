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
mod relay;
mod server;
mod streams;
mod uploads;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
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

/// How much memory this process has, in bytes, where the system says it.
pub fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(statm.split(' ').nth(1)?.parse::<u64>().ok()? * 4096)
}

/// Runs one of this program's ignored tests in a process of its own, where no other test takes memory, and shows what it says.
pub fn alone(test: &str) {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    let output = command.args(["--exact", test, "--ignored", "--nocapture"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    text.lines().filter(|line| line.contains("memory")).for_each(|line| println!("{line}"));
}

/// How much memory this process takes at the most while something is done, beyond what it has now. `None`, and a text that
/// says so, where the system does not tell; it is done all the same.
pub async fn growth<T>(work: impl Future<Output = T>) -> (T, Option<u64>) {
    let Some(before) = resident() else {
        println!("skipped: the memory of a process is read from /proc, which is not here");
        return (work.await, None);
    };
    let highest = Arc::new(AtomicU64::new(0));
    let watch = {
        let highest = Arc::clone(&highest);
        tokio::spawn(async move {
            loop {
                highest.fetch_max(resident().unwrap_or_default(), Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
    };
    let done = work.await;
    watch.abort();
    (done, Some(highest.load(Ordering::Relaxed).max(resident().unwrap_or_default()).saturating_sub(before)))
}

/// An error in every form in which it can be shown.
pub fn shown(error: &Error) -> String {
    format!("{error} {error:?} {error:#?} {} {:?}", error.to_value(), **error)
}
