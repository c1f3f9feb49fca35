//! The connection to Redis: one thread of its own, so that calls of any runtime share it and none has to drive it.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, ErrorKind as RedisKind, IntoConnectionInfo, RedisConnectionInfo, RedisError, ServerErrorKind,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::held;
use crate::client::tls;
use crate::error::{Error, ErrorKind, Result};

/// How long connecting, and one script, may take before the process goes on with its part.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);
/// How long it is until the next attempt to connect: twice as long each time.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(160)];

const SCRIPT: &str = include_str!("count.lua");
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, SCRIPT.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
});

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The script's answer.
    Answer(Vec<i64>),
    /// The script has not run and will not.
    Unsent,
    /// Nobody knows whether the script has run; it will not any more.
    Lost,
}

/// A message to send.
#[derive(Debug)]
struct Job {
    keys: Vec<String>,
    arguments: Vec<String>,
    by: Instant,
    reply: Option<oneshot::Sender<Outcome>>,
}

/// What says, from time to time, that a process is there.
pub(super) trait Beat: Send + Sync {
    /// Sends what is due, and everything when Redis is `back`, within the connection's own runtime; says when it wants to be
    /// asked again.
    fn beat(self: Arc<Self>, back: bool) -> Duration;
}

/// Where Redis is. Shows neither user nor password.
#[derive(Clone)]
pub(super) struct Place {
    host: String,
    port: u16,
    tls: bool,
    handshake: RedisConnectionInfo,
}

/// A connection that is made when it is first needed, and again when it broke.
pub(super) struct Link {
    place: Place,
    beat: Weak<dyn Beat>,
    clock: Arc<RedisClock>,
    jobs: Mutex<Option<(u32, mpsc::UnboundedSender<Job>)>>,
}

/// Redis's time, as far as it is known here: never ahead of it by more than its own clock was set back.
#[derive(Debug)]
struct RedisClock {
    origin: Instant,
    ahead: AtomicI64,
}

impl RedisClock {
    fn new() -> RedisClock {
        let origin = Instant::now();
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        RedisClock { origin, ahead: AtomicI64::new(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)) }
    }

    fn elapsed(&self, then: Instant) -> i64 {
        i64::try_from(then.saturating_duration_since(self.origin).as_millis()).unwrap_or(i64::MAX)
    }

    fn at(&self, then: Instant) -> i64 {
        self.ahead.load(Ordering::Acquire).saturating_add(self.elapsed(then))
    }

    /// Redis said its time, a moment ago.
    fn heard(&self, time: i64, anew: bool) {
        let ahead = time.saturating_sub(self.elapsed(Instant::now()));
        if anew {
            self.ahead.store(ahead, Ordering::Release);
        } else {
            // The answer that came the fastest knows it best.
            self.ahead.fetch_max(ahead, Ordering::AcqRel);
        }
    }
}

impl Place {
    pub(super) fn of(url: &str) -> Result<Place> {
        // The reason is not told: it may repeat the password.
        let refuse = || {
            Error::new(ErrorKind::Configuration, "the limiter's URL is none of the form `redis://host:port/db` or `rediss://…`")
                .with_path("limiter")
        };
        let (tls, rest) = match url.trim().split_once("://") {
            Some(("redis", rest)) => (false, rest),
            Some(("rediss", rest)) => (true, rest),
            _ => return Err(refuse()),
        };
        let info = format!("redis://{rest}").into_connection_info().map_err(|_| refuse())?;
        let redis::ConnectionAddr::Tcp(host, port) = info.addr().clone() else { return Err(refuse()) };
        Ok(Place { host, port, tls, handshake: info.redis_settings().clone() })
    }
}

impl Link {
    pub(super) fn new(place: Place, beat: Weak<dyn Beat>) -> Link {
        Link { place, beat, clock: Arc::new(RedisClock::new()), jobs: Mutex::new(None) }
    }

    /// Milliseconds that have passed, by a clock that nobody sets.
    pub(super) fn elapsed(&self) -> u64 {
        u64::try_from(self.clock.elapsed(Instant::now())).unwrap_or(0)
    }

    /// Redis's time, in milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.clock.at(Instant::now())).unwrap_or(0)
    }

    /// Sends a message and waits for what becomes of it.
    pub(super) async fn run(&self, keys: Vec<String>, arguments: Vec<String>) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        let by = Instant::now() + PATIENCE;
        self.send(Job { keys, arguments, by, reply: Some(reply) });
        match timeout(PATIENCE, outcome).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Outcome::Lost,
        }
    }

    /// Sends a message whose answer nobody waits for.
    pub(super) fn post(&self, keys: Vec<String>, arguments: Vec<String>) {
        let is_running =
            held(&self.jobs).is_some_and(|jobs| jobs.as_ref().is_some_and(|(owner, _)| *owner == std::process::id()));
        if is_running {
            self.send(Job { keys, arguments, by: Instant::now() + PATIENCE, reply: None });
        }
    }

    fn send(&self, job: Job) {
        let Some(mut jobs) = held(&self.jobs) else { return };
        let pid = std::process::id();
        if jobs.as_ref().is_none_or(|(owner, sender)| *owner != pid || sender.is_closed()) {
            *jobs = self.start().map(|sender| (pid, sender));
        }
        if let Some((_, sender)) = &*jobs {
            // A thread that has just ended takes its jobs along: whoever waits for one is told.
            let _ = sender.send(job);
        }
    }

    fn start(&self) -> Option<mpsc::UnboundedSender<Job>> {
        let (sender, jobs) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
        let thread = Thread {
            place: self.place.clone(),
            clock: Arc::clone(&self.clock),
            open: None,
            connecting: None,
            pause: Duration::ZERO,
            is_first: true,
            changed: Arc::default(),
            running: JoinSet::new(),
        };
        let beat = self.beat.clone();
        let serving = move || runtime.block_on(thread.serve(jobs, beat));
        std::thread::Builder::new().name("tramontane-redis".to_owned()).spawn(serving).ok()?;
        Some(sender)
    }
}

/// A connection that works, until it does not.
#[derive(Clone)]
struct Open {
    connection: MultiplexedConnection,
    /// Which Redis it is: another one each time that it is started.
    run: Arc<str>,
    broken: Arc<AtomicBool>,
}

struct Thread {
    place: Place,
    clock: Arc<RedisClock>,
    open: Option<Open>,
    connecting: Option<JoinHandle<Option<Open>>>,
    pause: Duration,
    is_first: bool,
    /// A connection was made, or broke.
    changed: Arc<Notify>,
    running: JoinSet<()>,
}

impl Thread {
    async fn serve(mut self, mut jobs: mpsc::UnboundedReceiver<Job>, beat: Weak<dyn Beat>) {
        let mut back = false;
        loop {
            let pause = beat.upgrade().map_or(PATIENCE, |beat| beat.beat(std::mem::take(&mut back)));
            tokio::select! {
                job = jobs.recv() => match job {
                    Some(job) => self.take(job).await,
                    None => break,
                },
                () = self.changed.notified() => {
                    self.connect().await;
                    back = self.open.is_some();
                }
                () = sleep(pause) => {}
            }
            while self.running.try_join_next().is_some() {}
        }
        // A last word may still be on its way.
        while self.running.join_next().await.is_some() {}
    }

    async fn take(&mut self, job: Job) {
        self.connect().await;
        match self.open.clone() {
            Some(open) => {
                let clock = Arc::clone(&self.clock);
                self.running.spawn(answer(open, clock, job));
            }
            None => tell(job.reply, Outcome::Unsent),
        }
    }

    /// Nobody waits for a connection but the first call: without one, a process goes on with its part.
    async fn connect(&mut self) {
        if self.open.as_ref().is_some_and(|open| open.broken.load(Ordering::Acquire)) {
            self.open = None;
        }
        if self.open.is_some() {
            return;
        }
        let (place, clock, changed) = (self.place.clone(), Arc::clone(&self.clock), Arc::clone(&self.changed));
        let pause = self.pause;
        let connecting = self.connecting.get_or_insert_with(|| {
            tokio::spawn(async move {
                sleep(pause).await;
                let open = timeout(PATIENCE, connect(&place, &clock, &changed)).await.ok().flatten();
                changed.notify_one();
                open
            })
        });
        if std::mem::take(&mut self.is_first) || connecting.is_finished() {
            self.open = connecting.await.ok().flatten();
            self.connecting = None;
            self.pause = if self.open.is_some() { Duration::ZERO } else { (pause * 2).clamp(PAUSES[0], PAUSES[1]) };
        }
    }
}

fn tell(reply: Option<oneshot::Sender<Outcome>>, outcome: Outcome) {
    if let Some(reply) = reply {
        // Whoever waited may have gone.
        let _ = reply.send(outcome);
    }
}

async fn connect(place: &Place, clock: &RedisClock, changed: &Arc<Notify>) -> Option<Open> {
    let broken = Arc::new(AtomicBool::new(false));
    let driven = |(connection, driver): (MultiplexedConnection, Pin<Box<dyn Future<Output = ()> + Send>>)| {
        let (broken, changed) = (Arc::clone(&broken), Arc::clone(changed));
        tokio::spawn(async move {
            driver.await;
            broken.store(true, Ordering::Release);
            changed.notify_one();
        });
        connection
    };
    let stream = TcpStream::connect((place.host.as_str(), place.port)).await.ok()?;
    stream.set_nodelay(true).ok()?;
    let mut connection = if place.tls {
        let mut config = tls::config(None).ok()?;
        config.alpn_protocols.clear();
        let name = rustls::pki_types::ServerName::try_from(place.host.clone()).ok()?;
        let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()?;
        driven(spoken(place, stream).await?)
    } else {
        driven(spoken(place, stream).await?)
    };
    // Where nobody may ask, a Redis that lost its data is known by that alone.
    let about: Option<String> = redis::cmd("INFO").arg("server").query_async(&mut connection).await.ok();
    let run = about.as_deref().and_then(|about| about.lines().find_map(|line| line.strip_prefix("run_id:")));
    let run: Arc<str> = run.map_or("-", str::trim).into();
    let (seconds, micros): (i64, i64) = redis::cmd("TIME").query_async(&mut connection).await.ok()?;
    clock.heard(seconds.saturating_mul(1000).saturating_add(micros / 1000), true);
    Some(Open { connection, run, broken })
}

/// Redis's protocol over a connection, and what drives it.
async fn spoken(
    place: &Place,
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
) -> Option<(MultiplexedConnection, Pin<Box<dyn Future<Output = ()> + Send>>)> {
    let config = AsyncConnectionConfig::new();
    let (connection, driver) = MultiplexedConnection::new_with_config(&place.handshake, stream, config).await.ok()?;
    Some((connection, Box::pin(driver)))
}

async fn answer(open: Open, clock: Arc<RedisClock>, job: Job) {
    let Job { keys, mut arguments, by, reply } = job;
    let left = by.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return tell(reply, Outcome::Unsent);
    }
    arguments.splice(0..0, [open.run.to_string(), clock.at(by).to_string()]);
    let outcome = match timeout(left, evaluate(open.connection, &keys, &arguments)).await {
        Ok(Ok(answer)) => {
            if let Some(time) = answer.get(2) {
                clock.heard(*time, false);
            }
            Outcome::Answer(answer)
        }
        // Of no use now (loading its data, out of memory, gone): the next job connects anew.
        failed => {
            open.broken.store(true, Ordering::Release);
            // A script begins by writing: where that is refused, nothing of it has happened.
            let refused = matches!(&failed, Ok(Err(error)) if matches!(error.kind(), RedisKind::Server(_)));
            if refused { Outcome::Unsent } else { Outcome::Lost }
        }
    };
    tell(reply, outcome);
}

/// Runs the script by its digest; a Redis that does not know it (it was started anew) is told it.
async fn evaluate(
    mut connection: MultiplexedConnection,
    keys: &[String],
    arguments: &[String],
) -> std::result::Result<Vec<i64>, RedisError> {
    let mut command = redis::cmd("EVALSHA");
    command.arg(&*DIGEST).arg(keys.len()).arg(keys).arg(arguments);
    match command.query_async(&mut connection).await {
        Err(error) if error.kind() == RedisKind::Server(ServerErrorKind::NoScript) => {
            let mut load = redis::cmd("SCRIPT");
            let _: String = load.arg("LOAD").arg(SCRIPT).query_async(&mut connection).await?;
            command.query_async(&mut connection).await
        }
        answer => answer,
    }
}
