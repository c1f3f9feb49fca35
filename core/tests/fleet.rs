//! Eight processes share one limit in a real Redis: while it is there, when it starts anew, loses its data or hangs, while it
//! is away, and when some of them die. No second ever holds more than the limit.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use tramontane::chat::ChatRequest;
use tramontane::client::transport::{Body, HeaderMap, Request, Response, Sending, Transport};
use tramontane::client::{Client, Limiter, LimiterOptions, OnLimit};
use tramontane::policy::limit::Limits;
use tramontane::{ErrorKind, Result};

const PROCESSES: usize = 8;
/// Requests in a second, of all processes together.
const LIMIT: u64 = 100;
const SECONDS: u64 = 6;
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
    let monthly = std::env::var("FLEET_MONTH").ok().map(|tokens| tokens.parse().unwrap());
    options.limits = match monthly {
        Some(tokens) => Limits { tokens_per_month: Some(tokens), ..Limits::default() },
        None => Limits { requests_per_second: Some(LIMIT), ..Limits::default() },
    };
    if monthly.is_some() {
        options.on_limit = OnLimit::Fail;
    }
    options.url = Some(url);
    options.share = 1.0 / PROCESSES as f64;
    let calls_at_once: usize = std::env::var("FLEET_CALLS").unwrap().parse().unwrap();
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
            let request = ChatRequest::new("mistral-small-2603").user("Which cheese?").max_tokens(3);
            while Instant::now() < end {
                match client.chat().complete(&request).await {
                    Ok(_) if monthly.is_none() => {}
                    Ok(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                    Err(error) if error.kind() == ErrorKind::RateLimit => tokio::time::sleep(Duration::from_millis(20)).await,
                    Err(error) => panic!("{error}"),
                }
            }
        };
        let calls: Vec<_> = (0..calls_at_once).map(|_| tokio::spawn(call(client.clone()))).collect();
        for call in calls {
            call.await.unwrap();
        }
    });
    // It says goodbye.
    drop(client);
    std::thread::sleep(Duration::from_millis(100));
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
        // Below the ports that systems give to connections: one of those may take the port of a Redis that is away, and
        // whoever asks for it meanwhile may even be connected to itself.
        let first = 20_000 + (std::process::id() % 10_000) as u16;
        let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let port = (first..first + 1_000).find(is_free).expect("a free port");
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

    fn signal(&self, name: &str) {
        signal(self.process.id(), name);
    }

    fn forget_all(&self) {
        let port = self.port.to_string();
        let mut command = Command::new("redis-cli");
        command.args(["-h", "127.0.0.1", "-p", &port, "-a", "a-pass-word", "--no-auth-warning", "FLUSHALL"]);
        assert!(command.stdout(Stdio::null()).status().unwrap().success());
    }

    fn url(&self) -> String {
        format!("redis://:a-pass-word@127.0.0.1:{}/2", self.port)
    }
}

fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap().success());
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A fleet that runs.
struct Fleet<'r> {
    redis: &'r mut Redis,
    workers: Vec<Child>,
}

/// What is done to it, from the moment at which all begin.
type Meanwhile = fn(&mut Fleet<'_>);

/// When the requests of all processes went, in microseconds, sorted. `calls` are those at once of each process.
fn fleet(redis: &mut Redis, calls: [usize; PROCESSES], monthly: Option<u64>, meanwhile: Meanwhile) -> Vec<u64> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    // A Redis that has just been started lets nothing go for 2.5 s.
    let start = now + Duration::from_millis(4000);
    let program: PathBuf = std::env::current_exe().unwrap();
    let worker = |calls: usize| {
        let mut command = Command::new(&program);
        command
            .args(["--exact", "worker", "--ignored", "--nocapture"])
            .env("FLEET_REDIS", redis.url())
            .env("FLEET_CALLS", calls.to_string())
            .env("FLEET_START", start.as_millis().to_string())
            .envs(monthly.map(|tokens| ("FLEET_MONTH", tokens.to_string())));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let workers: Vec<Child> = calls.into_iter().map(worker).collect();
    let mut fleet = Fleet { redis, workers };
    std::thread::sleep(start.saturating_sub(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap()));
    meanwhile(&mut fleet);
    let mut went = Vec::new();
    for worker in fleet.workers {
        let output = worker.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        // Without a code: it was killed.
        assert!(output.status.success() || output.status.code().is_none(), "{error}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains("a-pass-word") && !error.contains("a-pass-word"));
        went.extend(text.lines().filter_map(|line| line.split("went ").nth(1)?.parse::<u64>().ok()));
    }
    went.sort_unstable();
    went
}

/// The most that went within any second.
fn most(went: &[u64]) -> usize {
    went.iter().enumerate().map(|(at, from)| went[at..].partition_point(|to| to - from < 1_000_000)).max().unwrap_or(0)
}

/// How many went in each quarter of a second, since all began.
fn quarters(went: &[u64]) -> Vec<usize> {
    let before = |at: u64| went.partition_point(|then| *then < went[PROCESSES] + at * 250_000);
    (0..SECONDS * 4).map(|at| before(at + 1) - before(at)).collect()
}

/// Tries something up to three times: a machine that is busy with other things sends late what was let go in time, and lets
/// less go than it might. What is wrong with the limit is wrong each time.
fn in_time<T>(attempt: impl Fn() -> std::result::Result<T, String>) -> T {
    let mut faults = Vec::new();
    for _ in 0..3 {
        match attempt() {
            Ok(done) => return done,
            Err(fault) => faults.push(fault),
        }
    }
    panic!("{}", faults.join("; "));
}

/// Runs a fleet: no second holds more than the limit, and at least so much of it is used.
fn hold(name: &str, calls: [usize; PROCESSES], least: f64, meanwhile: Meanwhile) -> Vec<u64> {
    in_time(|| held(name, calls, least, meanwhile))
}

fn held(name: &str, calls: [usize; PROCESSES], least: f64, meanwhile: Meanwhile) -> std::result::Result<Vec<u64>, String> {
    let Some(mut redis) = Redis::start() else { return Ok(Vec::new()) };
    let went = fleet(&mut redis, calls, None, meanwhile);
    // Before, each made its connection; afterwards, they end one by one.
    let first = went[PROCESSES];
    let within = went.partition_point(|at| *at < first + SECONDS * 1_000_000) - PROCESSES;
    let used = within as f64 / (LIMIT * SECONDS) as f64;
    let most = most(&went);
    println!(
        "{name}: {PROCESSES} processes, {LIMIT} allowed in a second; {within} went in {SECONDS} s, at most {most} in any second, {:.1} % used; by quarters of a second: {:?}",
        used * 100.0,
        quarters(&went)
    );
    if most as u64 > LIMIT {
        return Err(format!("{name}: {most} within a second"));
    }
    if used < least {
        return Err(format!("{name}: {used} used, {least} at least"));
    }
    Ok(went)
}

const EACH: [usize; PROCESSES] = [3; PROCESSES];

fn pause(millis: u64) {
    std::thread::sleep(Duration::from_millis(millis));
}

/// One after the other: a machine that is busy with several fleets sends late what was let go in time.
#[test]
fn eight_processes_share_one_limit() {
    hold("shared", EACH, 0.95, |_| {});
    hold("one of them busy", [24, 0, 0, 0, 0, 0, 0, 0], 0.95, |_| {});
    hold("restart", EACH, 0.6, |fleet| {
        pause(2000);
        fleet.redis.stop();
        fleet.redis.process = Redis::run(fleet.redis.port);
    });
    hold("data lost", EACH, 0.6, |fleet| {
        pause(2000);
        fleet.redis.forget_all();
    });
    let went = hold("outage", EACH, 0.5, |fleet| {
        pause(1500);
        fleet.redis.stop();
        pause(2000);
        fleet.redis.process = Redis::run(fleet.redis.port);
    });
    let meanwhile = went.iter().filter(|at| (2_500_000..3_500_000).contains(&at.saturating_sub(went[PROCESSES]))).count();
    // Nothing went at all where there is no Redis to test with.
    assert!(went.is_empty() || meanwhile > 0, "nothing went while Redis was away");
    hold("hung", EACH, 0.4, |fleet| {
        pause(1500);
        fleet.redis.signal("STOP");
        pause(2000);
        fleet.redis.signal("CONT");
    });
    hold("some killed", EACH, 0.6, |fleet| {
        pause(2000);
        fleet.workers[..3].iter().for_each(|worker| signal(worker.id(), "KILL"));
    });
    hold("some stopped", EACH, 0.6, |fleet| {
        pause(2000);
        fleet.workers[..3].iter().for_each(|worker| signal(worker.id(), "STOP"));
        pause(1500);
        fleet.workers[..3].iter().for_each(|worker| signal(worker.id(), "CONT"));
    });
}

/// Nothing leaves a month: what goes without Redis is a part of what was left.
#[test]
fn eight_processes_share_the_tokens_of_a_month() {
    const TOKENS: u64 = 4000;
    let month = |name: &str, meanwhile: Meanwhile| {
        in_time(|| {
            let Some(mut redis) = Redis::start() else { return Ok(()) };
            let went = fleet(&mut redis, EACH, Some(TOKENS), meanwhile);
            // Each call uses eight.
            let used = went.len() as u64 * 8;
            println!(
                "a month, {name}: {TOKENS} tokens allowed, {used} used; calls by quarters of a second: {:?}",
                quarters(&went)
            );
            assert!(used <= TOKENS, "{name}: {used} tokens");
            if used * 100 < TOKENS * 95 { Err(format!("{name}: {used} tokens used")) } else { Ok(()) }
        });
    };
    month("shared", |_| {});
    month("outage", |fleet| {
        pause(1000);
        fleet.redis.stop();
        pause(500);
        fleet.redis.process = Redis::run(fleet.redis.port);
    });
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
