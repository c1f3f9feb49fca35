//! Eight processes share one limit in a real Redis: while it is there, when it starts anew, and while it is away.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use tramontane::Result;
use tramontane::chat::ChatRequest;
use tramontane::client::transport::{Body, HeaderMap, Request, Response, Sending, Transport};
use tramontane::client::{Client, Limiter, LimiterOptions};
use tramontane::policy::limit::Limits;

const PROCESSES: usize = 8;
/// Requests in a second, of all processes together.
const LIMIT: u64 = 100;
const SECONDS: u64 = 6;
/// In the second in which Redis goes away, nobody knows what the others have just used: the shares may come on top.
const MARGIN: u64 = LIMIT / 4;
const ANSWER: &str = r#"{"id":"1","model":"mistral-small-2603","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3}}"#;

/// Answers at once, and writes down when it was asked.
#[derive(Debug)]
struct Counting;

struct Whole(Option<Bytes>);

impl Body for Whole {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

impl Transport for Counting {
    fn send(&self, _: Request) -> Sending<'_> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros();
        // One write: the lines of many threads do not mix.
        std::io::stdout().write_all(format!("went {now}\n").as_bytes()).unwrap();
        let body = Box::new(Whole(Some(Bytes::from_static(ANSWER.as_bytes()))));
        Box::pin(async move { Ok(Response { status: 200, headers: HeaderMap::new(), body }) })
    }
}

/// One process of the fleet: three calls at once, until its time is over.
#[test]
#[ignore = "a part of the other tests, which start it as a process of its own"]
fn worker() {
    let Ok(url) = std::env::var("FLEET_REDIS") else { return };
    let mut options = LimiterOptions::default();
    options.limits = Limits { requests_per_second: Some(LIMIT), ..Limits::default() };
    options.url = Some(url);
    options.share = 1.0 / PROCESSES as f64;
    let limiter = Limiter::new(options).unwrap();
    let client = Client::builder().api_key("a-key-of-the-fleet").limiter(limiter).transport(Arc::new(Counting)).build().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let request = ChatRequest::new("mistral-small-2603").user("Which cheese?");
    runtime.block_on(client.chat().complete(&request)).unwrap();
    // All begin together.
    let start: u64 = std::env::var("FLEET_START").unwrap().parse().unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    std::thread::sleep(Duration::from_millis(start).saturating_sub(now));
    let end = Instant::now() + Duration::from_secs(SECONDS);
    runtime.block_on(async {
        let call = |client: Client| async move {
            let request = ChatRequest::new("mistral-small-2603").user("Which cheese?");
            while Instant::now() < end {
                client.chat().complete(&request).await.unwrap();
            }
        };
        let calls: Vec<_> = (0..3).map(|_| tokio::spawn(call(client.clone()))).collect();
        for call in calls {
            call.await.unwrap();
        }
    });
}

/// A Redis of the test's own, without a disk.
struct Redis {
    port: u16,
    process: Child,
}

impl Redis {
    /// `None`, and a word about it, on a machine without one.
    fn start() -> Option<Redis> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("skipped: there is no `redis-server` here");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Some(Redis { port, process: Redis::run(port) })
    }

    fn run(port: u16) -> Child {
        let arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--requirepass", "a-pass-word", "--port"];
        let mut command = Command::new("redis-server");
        let process = command.args(arguments).arg(port.to_string()).stdout(Stdio::null()).spawn().unwrap();
        let patience = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        process
    }

    fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn url(&self) -> String {
        format!("redis://:a-pass-word@127.0.0.1:{}/2", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// When the requests of all processes went, in microseconds, sorted.
fn fleet(redis: &mut Redis, meanwhile: impl FnOnce(&mut Redis)) -> Vec<u64> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let start = (now + Duration::from_millis(1500)).as_millis().to_string();
    let program: PathBuf = std::env::current_exe().unwrap();
    let workers: Vec<Child> = (0..PROCESSES)
        .map(|_| {
            let mut command = Command::new(&program);
            command
                .args(["--exact", "worker", "--ignored", "--nocapture"])
                .env("FLEET_REDIS", redis.url())
                .env("FLEET_START", &start);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    meanwhile(redis);
    let mut went = Vec::new();
    for worker in workers {
        let output = worker.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains("a-pass-word") && !String::from_utf8_lossy(&output.stderr).contains("a-pass-word"));
        went.extend(text.lines().filter_map(|line| line.split("went ").nth(1)?.parse::<u64>().ok()));
    }
    went.sort_unstable();
    went
}

/// The most that went within any second.
fn most(went: &[u64]) -> usize {
    went.iter().enumerate().map(|(at, from)| went[at..].partition_point(|to| to - from < 1_000_000)).max().unwrap_or(0)
}

fn shown(name: &str, went: &[u64]) -> (usize, f64) {
    // Before, each made its connection; afterwards, they end one by one.
    let first = went[PROCESSES];
    let within = went.partition_point(|at| *at < first + SECONDS * 1_000_000) - PROCESSES;
    let used = within as f64 / (LIMIT * SECONDS) as f64;
    let most = most(went);
    println!(
        "{name}: {PROCESSES} processes, {LIMIT} allowed in a second; {within} went in {SECONDS} s, at most {most} in any second, {:.1} % used",
        used * 100.0
    );
    (most, used)
}

/// One after the other: a machine that is busy with three fleets sends late what was let go in time.
#[test]
fn eight_processes_share_one_limit() {
    let Some(mut redis) = Redis::start() else { return };
    let (most, used) = shown("shared", &fleet(&mut redis, |_| {}));
    assert!(most as u64 <= LIMIT, "{most} within a second");
    assert!(used >= 0.95, "{used}");

    let went = fleet(&mut redis, |redis| {
        std::thread::sleep(Duration::from_millis(2500));
        redis.stop();
        redis.process = Redis::run(redis.port);
    });
    let (most, used) = shown("restart", &went);
    assert!(most as u64 <= LIMIT + MARGIN, "{most} within a second");
    assert!(used >= 0.7, "{used}");

    let went = fleet(&mut redis, |redis| {
        std::thread::sleep(Duration::from_millis(1500));
        redis.stop();
        std::thread::sleep(Duration::from_millis(2000));
        redis.process = Redis::run(redis.port);
    });
    let (most, used) = shown("outage", &went);
    assert!(most as u64 <= LIMIT + MARGIN, "{most} within a second");
    assert!(used >= 0.7, "{used}");
    let meanwhile = went.iter().filter(|at| (2_200_000..3_200_000).contains(&at.saturating_sub(went[PROCESSES]))).count();
    assert!(meanwhile > 0, "nothing went while Redis was away");
}

#[test]
fn a_password_is_never_shown() {
    let limiter = Limiter::redis("rediss://user:a-pass-word@127.0.0.1:1/0").unwrap();
    let client = Client::builder().api_key("key").limiter(limiter.clone()).build().unwrap();
    assert!(!format!("{limiter:?} {client:?}").contains("a-pass-word"));
    for url in ["redis://:a-pass-word@[::1/0", "http://:a-pass-word@host", "redis://:a-pass-word@host:999999"] {
        let error = Limiter::redis(url).unwrap_err();
        assert!(!format!("{error:?} {error} {}", error.to_value()).contains("a-pass-word"), "{error}");
    }
}
