//! The connection to Redis: one thread of its own, so that calls of any runtime share it and none has to drive it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, ErrorKind as RedisKind, IntoConnectionInfo, RedisConnectionInfo, RedisError, ServerErrorKind,
};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use crate::client::reqwest::lock;
use crate::client::tls;
use crate::error::{Error, ErrorKind, Result};

/// How long connecting, and one script, may take before the process goes on with its share.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long it is until the next attempt to connect.
const PAUSE: Duration = Duration::from_millis(200);

/// The scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Admit,
    Correct,
}

impl Script {
    fn text(self) -> &'static str {
        match self {
            Script::Admit => include_str!("admit.lua"),
            Script::Correct => include_str!("correct.lua"),
        }
    }
}

/// A script to run.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) script: Script,
    pub(super) keys: Vec<String>,
    pub(super) arguments: Vec<String>,
    /// Where the answer goes; `None` comes for a Redis that does not answer.
    pub(super) reply: Option<oneshot::Sender<Option<Vec<i64>>>>,
}

/// Where Redis is. Shows neither user nor password.
#[derive(Clone)]
struct Place {
    host: String,
    port: u16,
    tls: bool,
    handshake: RedisConnectionInfo,
}

/// A connection that is made when it is first needed, and again when it broke.
pub(super) struct Link {
    place: Place,
    jobs: Mutex<Option<(u32, mpsc::UnboundedSender<Job>)>>,
}

impl Link {
    pub(super) fn new(url: &str) -> Result<Link> {
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
        let place = Place { host, port, tls, handshake: info.redis_settings().clone() };
        Ok(Link { place, jobs: Mutex::new(None) })
    }

    /// Runs a script: its answer, or `None` when Redis does not answer in time.
    pub(super) async fn run(&self, script: Script, keys: Vec<String>, arguments: Vec<String>) -> Option<Vec<i64>> {
        let (reply, answer) = oneshot::channel();
        self.send(Job { script, keys, arguments, reply: Some(reply) });
        timeout(PATIENCE, answer).await.ok()?.ok()?
    }

    /// Runs a script whose answer nobody waits for.
    pub(super) fn send(&self, job: Job) {
        let Some(mut jobs) = lock(&self.jobs) else { return };
        let pid = std::process::id();
        if jobs.as_ref().is_none_or(|(owner, sender)| *owner != pid || sender.is_closed()) {
            *jobs = start(self.place.clone()).map(|sender| (pid, sender));
        }
        if let Some((_, sender)) = &*jobs {
            // A thread that has just ended takes its jobs along: whoever waits for one is told.
            let _ = sender.send(job);
        }
    }
}

fn start(place: Place) -> Option<mpsc::UnboundedSender<Job>> {
    let (sender, jobs) = mpsc::unbounded_channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let serving = move || runtime.block_on(serve(place, jobs));
    std::thread::Builder::new().name("tramontane-redis".to_owned()).spawn(serving).ok()?;
    Some(sender)
}

/// A connection that works, until it does not.
#[derive(Clone)]
struct Open {
    connection: MultiplexedConnection,
    broken: Arc<AtomicBool>,
}

async fn serve(place: Place, mut jobs: mpsc::UnboundedReceiver<Job>) {
    let mut open: Option<Open> = None;
    let mut pause: Option<Instant> = None;
    while let Some(job) = jobs.recv().await {
        if open.as_ref().is_some_and(|open| open.broken.load(Ordering::Acquire)) {
            open = None;
        }
        if open.is_none() && pause.is_none_or(|until| Instant::now() >= until) {
            open = timeout(PATIENCE, connect(&place)).await.ok().flatten();
            pause = open.is_none().then(|| Instant::now() + PAUSE);
        }
        match open.clone() {
            Some(open) => drop(tokio::spawn(answer(open, job))),
            None => drop(job.reply.map(|reply| reply.send(None))),
        }
    }
}

async fn connect(place: &Place) -> Option<Open> {
    let stream = TcpStream::connect((place.host.as_str(), place.port)).await.ok()?;
    stream.set_nodelay(true).ok()?;
    let connection = if place.tls {
        let mut config = tls::config(None).ok()?;
        config.alpn_protocols.clear();
        let name = rustls::pki_types::ServerName::try_from(place.host.clone()).ok()?;
        let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()?;
        driven(MultiplexedConnection::new_with_config(&place.handshake, stream, AsyncConnectionConfig::new()).await.ok()?)
    } else {
        driven(MultiplexedConnection::new_with_config(&place.handshake, stream, AsyncConnectionConfig::new()).await.ok()?)
    };
    Some(Open { connection, broken: Arc::default() })
}

fn driven((connection, driver): (MultiplexedConnection, impl Future<Output = ()> + Send + 'static)) -> MultiplexedConnection {
    tokio::spawn(driver);
    connection
}

async fn answer(open: Open, job: Job) {
    let Job { script, keys, arguments, reply } = job;
    let outcome = match timeout(PATIENCE, evaluate(open.connection, script, &keys, &arguments)).await {
        Ok(Ok(answer)) => Some(answer),
        // Of no use now (loading its data, out of memory, gone): the next job connects anew.
        Ok(Err(_)) | Err(_) => {
            open.broken.store(true, Ordering::Release);
            None
        }
    };
    if let Some(reply) = reply {
        // Whoever waited may have gone.
        let _ = reply.send(outcome);
    }
}

/// Runs a script by its digest; a Redis that does not know it (it was started anew) is told it.
async fn evaluate(
    mut connection: MultiplexedConnection,
    script: Script,
    keys: &[String],
    arguments: &[String],
) -> std::result::Result<Vec<i64>, RedisError> {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, script.text().as_bytes());
    let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut command = redis::cmd("EVALSHA");
    command.arg(&digest).arg(keys.len()).arg(keys).arg(arguments);
    match command.query_async(&mut connection).await {
        Err(error) if error.kind() == RedisKind::Server(ServerErrorKind::NoScript) => {
            let mut load = redis::cmd("SCRIPT");
            let _: String = load.arg("LOAD").arg(script.text()).query_async(&mut connection).await?;
            command.query_async(&mut connection).await
        }
        answer => answer,
    }
}
