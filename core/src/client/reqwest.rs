//! The transport over reqwest: pooled connections, TLS by rustls with the system's trust store, proxies from the environment.
//!
//! A connection is driven by the tokio runtime it was opened in. Pools are therefore kept per runtime and shared by all
//! clients of the process: a client per request costs no connection, a client that is used from two runtimes never waits
//! for a runtime that nobody runs, and after a `fork` the child's new runtime never touches the parent's sockets.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use tokio::runtime;

use super::proxy::Proxy;
use super::tls;
use super::transport::{Body, Payload, Request, Response, Sending, Transport};
use crate::error::{Error, ErrorKind, Result};

/// How many pools the process keeps, and how many a client has at hand; the oldest goes first.
const MAX_POOLS: usize = 64;
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(90);
/// How many redirects within one host are followed.
const MAX_REDIRECTS: usize = 3;

/// What connections must have in common to share a pool.
#[derive(Clone, PartialEq, Eq)]
struct PoolKey {
    runtime: runtime::Id,
    connect_timeout: Duration,
    routes: Routes,
    proxies: [Option<std::ffi::OsString>; PROXY_VARIABLES.len()],
}

const PROXY_VARIABLES: [&str; 9] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

type Pools = Mutex<Vec<(PoolKey, reqwest::Client)>>;

static POOLS: Pools = Mutex::new(Vec::new());

/// What a client says about its way to the server; the environment and the system say the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Routes {
    /// The proxy for everything.
    pub(crate) proxy: Option<Proxy>,
    /// A file of certificates that are trusted beside the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// How many unused connections to one server are kept.
    pub(crate) pool_size: Option<usize>,
    /// How long an unused connection is kept.
    pub(crate) keep_alive: Option<Duration>,
}

/// Sends over the pools of the process.
#[derive(Debug, Default)]
pub(crate) struct Reqwest {
    routes: Routes,
    /// The pools that were used: found without looking at the environment again.
    at_hand: Mutex<Vec<(runtime::Id, Duration, reqwest::Client)>>,
}

impl Reqwest {
    pub(crate) fn new(routes: Routes) -> Reqwest {
        Reqwest { routes, ..Reqwest::default() }
    }

    fn pool(&self, connect_timeout: Duration) -> Result<reqwest::Client> {
        let runtime = super::runtime()?.id();
        let mut at_hand = self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., client)) = at_hand.iter().find(|(id, timeout, _)| *id == runtime && *timeout == connect_timeout) {
            return Ok(client.clone());
        }
        let client = shared(PoolKey {
            runtime,
            connect_timeout,
            routes: self.routes.clone(),
            proxies: PROXY_VARIABLES.map(std::env::var_os),
        })?;
        if at_hand.len() == MAX_POOLS {
            at_hand.remove(0);
        }
        at_hand.push((runtime, connect_timeout, client.clone()));
        Ok(client)
    }
}

/// A lock that is only held for moments. After a `fork` its holder may be a thread that the child does not have, so it is
/// not waited for without end.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    (0..1000).find_map(|_| match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => {
            std::thread::yield_now();
            None
        }
    })
}

/// The pool of the process for a key; a pool of one's own where that of the process cannot be had.
fn shared(key: PoolKey) -> Result<reqwest::Client> {
    let known =
        |pools: &Vec<(PoolKey, reqwest::Client)>| pools.iter().find(|(other, _)| *other == key).map(|(_, client)| client.clone());
    if let Some(client) = lock(&POOLS).and_then(|pools| known(&pools)) {
        return Ok(client);
    }
    let client = connect(&key)?;
    let Some(mut pools) = lock(&POOLS) else { return Ok(client) };
    if let Some(other) = known(&pools) {
        return Ok(other);
    }
    if pools.len() == MAX_POOLS {
        pools.remove(0);
    }
    pools.push((key, client.clone()));
    Ok(client)
}

fn connect(key: &PoolKey) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder();
    if let Some(proxy) = &key.routes.proxy {
        let all = reqwest::Proxy::all(proxy.url()).map_err(|_| super::proxy::unusable("is no URL of a proxy"))?;
        builder = builder.proxy(all.no_proxy(reqwest::NoProxy::from_env()));
    }
    let keep_alive = key.routes.keep_alive.unwrap_or(IDLE);
    builder
        .tls_backend_preconfigured(tls::config(key.routes.ca_file.as_deref())?)
        .redirect(reqwest::redirect::Policy::custom(within_the_origin))
        .referer(false)
        // We repeat ourselves, with an eye on the deadline.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .connect_timeout(key.connect_timeout)
        .pool_idle_timeout(keep_alive)
        .pool_max_idle_per_host(if keep_alive.is_zero() { 0 } else { key.routes.pool_size.unwrap_or(usize::MAX) })
        // A model may think for minutes before its first byte; middle boxes forget a silent connection sooner.
        .tcp_keepalive(Duration::from_secs(30))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .http2_keep_alive_timeout(Duration::from_secs(20))
        .build()
        .map_err(|error| Error::new(ErrorKind::Configuration, format!("no HTTP client: {}", root_cause(&error))))
}

/// Follows a redirect only where the key may go: the same scheme, host and port, and only one that keeps method and body.
fn within_the_origin(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let keeps_the_request = matches!(attempt.status().as_u16(), 307 | 308);
    let same_origin = attempt.previous().last().is_some_and(|previous| previous.origin() == attempt.url().origin());
    if keeps_the_request && same_origin && attempt.previous().len() <= MAX_REDIRECTS { attempt.follow() } else { attempt.stop() }
}

impl Transport for Reqwest {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let client = self.pool(request.connect_timeout)?;
            let mut outgoing = reqwest::Request::new(request.method, request.url);
            *outgoing.headers_mut() = request.headers;
            *outgoing.body_mut() = Some(match request.body {
                Payload::Bytes(bytes) => bytes.into(),
                Payload::Streamed(streamed) => reqwest::Body::wrap(streamed.open()),
            });
            let answer = client.execute(outgoing).await.map_err(|error| send_error(&error, request.connect_timeout))?;
            let (head, body) = http::Response::<reqwest::Body>::from(answer).into_parts();
            Ok(Response { status: head.status.as_u16(), headers: head.headers, body: Box::new(Incoming(body)) })
        })
    }
}

/// A body that comes over the network.
struct Incoming(reqwest::Body);

impl Body for Incoming {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            return Poll::Ready(match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => None,
                Some(Err(error)) => Some(Err(broken("the connection broke while the answer was coming", &error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => Some(Ok(data)),
                    // Trailers say nothing about an answer.
                    Err(_) => continue,
                },
            });
        }
    }

    fn remaining(&self) -> Option<u64> {
        self.0.size_hint().exact()
    }
}

fn send_error(error: &reqwest::Error, connect_timeout: Duration) -> Error {
    let at = error.url().map(place).unwrap_or_default();
    if error.is_timeout() {
        return Error::new(ErrorKind::Timeout, format!("no connection to {at} within {} s", connect_timeout.as_secs_f64()))
            .with_hint("the `connect` timeout passed: check the network, the proxy settings and the base URL");
    }
    if error.is_connect() {
        return broken(&format!("cannot connect to {at}"), error);
    }
    if error.is_builder() {
        return Error::new(ErrorKind::Configuration, format!("the request cannot be sent: {}", root_cause(error)));
    }
    broken(&format!("the connection to {at} broke before an answer came"), error)
}

fn broken(what: &str, error: &reqwest::Error) -> Error {
    Error::new(ErrorKind::Connection, format!("{what}: {}", root_cause(error)))
}

/// Scheme, host and port: a path or a query may hold what nobody should read.
fn place(url: &reqwest::Url) -> String {
    format!("`{}`", url.origin().ascii_serialization())
}

/// The innermost text of an error: the layers above only say that something failed, and some of them repeat the URL.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let text = innermost.to_string();
    // rustls sends its own users to its manual, which says nothing to ours.
    text.split(": https://docs.rs/").next().unwrap_or_default().to_owned()
}
