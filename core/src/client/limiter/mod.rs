//! Holds calls back before the server has to: counts in this process, or with others in Redis.

#[cfg(feature = "redis")]
mod link;
#[cfg(feature = "redis")]
mod member;
#[cfg(feature = "redis")]
mod shared;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::clock::{Clock, unix_millis};
use super::meter::Scope;
use super::reqwest::lock;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Map;
use crate::policy::claim::Claim;
use crate::policy::limit::{self, Grant, Limits, Used, Verdict};

/// What happens to a call that a limit does not let go at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnLimit {
    /// It waits, unless the wait is longer than the call may take: then it fails at once, with `retry_after`.
    #[default]
    Wait,
    /// It fails at once, with `retry_after`.
    Fail,
}

/// How a limiter is set up; every field has a default.
#[derive(Clone)]
#[non_exhaustive]
pub struct LimiterOptions {
    /// Limits that hold whatever the server says; none when absent.
    pub limits: Limits,
    /// Whether limits are learnt from the headers of answers, and counts corrected by them.
    pub learn: bool,
    /// What happens to a call that has no room.
    pub on_limit: OnLimit,
    /// Where the counts are kept for several processes: `redis://host:port/db`, or `rediss://` for TLS; in this process
    /// when absent. May hold a password: it is never shown.
    pub url: Option<String>,
    /// The part of the limits that this process takes while it has never reached Redis, a tenth when absent. Later it knows
    /// from Redis how many share them.
    pub share: f64,
    /// What the processes share their counts under; those with the same key share them when absent.
    pub name: Option<String>,
}

impl Default for LimiterOptions {
    fn default() -> Self {
        LimiterOptions { limits: Limits::default(), learn: true, on_limit: OnLimit::Wait, url: None, share: 0.1, name: None }
    }
}

impl std::fmt::Debug for LimiterOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LimiterOptions")
            .field("limits", &self.limits)
            .field("learn", &self.learn)
            .field("on_limit", &self.on_limit)
            .field("url", &self.url.as_ref().map(|_| "***"))
            .field("share", &self.share)
            .field("name", &self.name)
            .finish()
    }
}

/// A limiter. Cheap to clone; clones count together, and so do all clients that are given it. Without one, nothing is held
/// back, and the server's own 429 is waited for as the retries say.
///
/// Limits that are set hold exactly: no stretch of time as long as their window ever holds more, and with a Redis not of all
/// processes together either. When Redis goes away, each goes on with a part that the last answers gave it; when it comes back,
/// with its data or without, it learns from all what went before it lets anything go (2.5 s; the same when it is first used).
/// The price of that: a process that is killed keeps its part for 5 s more, one whose Redis only hangs is silent for 0.7 s,
/// and one that alone is cut off for more than 5 s, while the others still reach Redis, may take its part on top. Those that are learnt come
/// from the server (`x-ratelimit-limit-req-minute` and its kin), hold for a model and a key, and follow the server's own
/// count in both directions, so that nobody is slowed below what the server allows.
///
/// ```
/// use tramontane::client::{Client, Limiter, LimiterOptions};
/// use tramontane::policy::limit::Limits;
/// let mut options = LimiterOptions::default();
/// options.limits = Limits { requests_per_second: Some(5), ..Limits::default() };
/// let client = Client::builder().limiter(Limiter::new(options)?).build()?;
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone)]
pub struct Limiter {
    inner: Arc<Inner>,
}

struct Inner {
    options: LimiterOptions,
    store: Store,
}

enum Store {
    Memory(Mutex<limit::Limiter>),
    #[cfg(feature = "redis")]
    Redis(Box<shared::Shared>),
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter").field("options", &self.inner.options).finish_non_exhaustive()
    }
}

impl Limiter {
    /// A limiter with these options. Connects to nothing yet.
    ///
    /// # Errors
    /// `configuration` for limits of nought, a share that is none, and a URL that is not Redis's; `unsupported` for a URL
    /// where this was built without the feature `redis`.
    pub fn new(options: LimiterOptions) -> Result<Limiter> {
        let refuse = |what: &str| Err(Error::new(ErrorKind::Configuration, what.to_owned()).with_path("limiter"));
        if options.limits.rules().iter().any(|rule| rule.limit == 0) {
            return refuse("a limit of 0 lets nothing through; leave it out, or set 1 or more");
        }
        if !(options.share > 0.0 && options.share <= 1.0) {
            return refuse("the limiter's `share` is a number above 0 and up to 1");
        }
        let store = match &options.url {
            None => Store::Memory(Mutex::new(limit::Limiter::new(options.limits.rules()))),
            Some(url) => Limiter::remote(url, &options)?,
        };
        Ok(Limiter { inner: Arc::new(Inner { options, store }) })
    }

    #[cfg(feature = "redis")]
    fn remote(url: &str, options: &LimiterOptions) -> Result<Store> {
        Ok(Store::Redis(Box::new(shared::Shared::new(url, options)?)))
    }

    #[cfg(not(feature = "redis"))]
    fn remote(_: &str, _: &LimiterOptions) -> Result<Store> {
        let hint = "build with the feature `redis` of the crate `tramontane`";
        Err(Error::new(ErrorKind::Unsupported, "this build has no limiter in Redis").with_hint(hint))
    }

    /// A limiter of no limits but those that it learns, kept in Redis.
    ///
    /// # Errors
    /// As [`Limiter::new`].
    pub fn redis(url: impl Into<String>) -> Result<Limiter> {
        Limiter::new(LimiterOptions { url: Some(url.into()), ..LimiterOptions::default() })
    }

    pub(super) fn waits(&self) -> bool {
        self.inner.options.on_limit == OnLimit::Wait
    }

    /// Lets a call go, or says how long it has to wait.
    pub(super) async fn admit(
        &self,
        clock: &Arc<dyn Clock>,
        scope: &Scope,
        claim: &Claim,
    ) -> Result<std::result::Result<Admission, Duration>> {
        let granted = match &self.inner.store {
            Store::Memory(limiter) => {
                let label = scope.label();
                // Whoever held the lock is gone with the fork: nothing is limited rather than nothing sent.
                let Some(mut limiter) = held(limiter) else { return Ok(Ok(self.admission(clock, scope, Granted::default()))) };
                match limiter.admit(unix_millis(&**clock), &label, claim) {
                    Verdict::Go(grant) => Ok(Granted { grant }),
                    Verdict::Wait(wait) => Err(wait),
                }
            }
            #[cfg(feature = "redis")]
            Store::Redis(shared) => shared.admit(scope, claim).await,
        };
        Ok(granted.map(|granted| self.admission(clock, scope, granted)))
    }

    fn admission(&self, clock: &Arc<dyn Clock>, scope: &Scope, granted: Granted) -> Admission {
        Admission { limiter: self.clone(), clock: Arc::clone(clock), scope: scope.clone(), granted }
    }
}

/// A lock that is had when its holder is alive: one that only waits for its turn to run is waited for.
fn held<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    (0..50).find_map(|_| {
        let guard = lock(mutex);
        if guard.is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        guard
    })
}

/// What was counted for a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Granted {
    pub(super) grant: Grant,
}

/// A call that was let go.
pub(super) struct Admission {
    limiter: Limiter,
    clock: Arc<dyn Clock>,
    scope: Scope,
    granted: Granted,
}

impl std::fmt::Debug for Admission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admission").field("granted", &self.granted).finish_non_exhaustive()
    }
}

impl Admission {
    /// Puts what the call really used in the place of what was counted for it, and learns from the answer's headers.
    pub(super) fn settle(self, used: &Used, headers: &Map<u64>) {
        let inner = &self.limiter.inner;
        let headers = Some(headers).filter(|headers| inner.options.learn && !headers.is_empty());
        match &inner.store {
            Store::Memory(limiter) => {
                let Some(mut limiter) = held(limiter) else { return };
                limiter.settle(&self.granted.grant, used);
                if let Some(headers) = headers {
                    limiter.learn(unix_millis(&*self.clock), &self.scope.label(), headers);
                }
            }
            #[cfg(feature = "redis")]
            Store::Redis(shared) => shared.settle(&self.scope, &self.granted, used, headers),
        }
    }
}
