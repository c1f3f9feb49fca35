//! Where a client's key comes from: the caller, a variable, a file, a function, or several of them in turn.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::clock::{Clock, today, unix_millis};
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// How long before its end a key is warned about.
pub(super) const WARNED_DAYS: i64 = 14;
/// How long a key of a pool rests after a 429 that names no wait.
const REST: Duration = Duration::from_secs(60);
/// How long a key of a pool rests after a 401: somebody has to make it good first.
const LONG_REST: Duration = Duration::from_secs(300);

/// A source of keys. Its `Debug` shows where a key comes from, never the key.
///
/// ```
/// use tramontane::client::{Client, Key};
/// let key = Key::pool([Key::environment("TEAM_KEY"), Key::file("/run/secrets/mistral")])?;
/// let client = Client::builder().key(key.expires_on("2027-03-31".parse()?)).build()?;
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Key {
    source: Source,
    expires_on: Option<Date>,
}

#[derive(Clone, Debug)]
enum Source {
    Given(Secret),
    Environment(String),
    File(Arc<KeyFile>),
    Fetched(Arc<Fetched>),
    Pool(Arc<Pool>),
}

/// What gives a key when it is asked for: a store of secrets, for example.
pub trait KeySource: std::fmt::Debug + Send + Sync {
    /// The key of the moment.
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<FetchedKey>> + Send + '_>>;
}

/// A key that a [`KeySource`] gave.
#[derive(Clone, Debug)]
pub struct FetchedKey {
    /// The key.
    pub key: Secret,
    /// How long it is used before the source is asked again; as long as the client lives when absent.
    pub refresh_after: Option<Duration>,
}

/// A key for one attempt.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) key: Secret,
    /// The day after which it is refused.
    pub(super) expires_on: Option<Date>,
    /// Which key of a pool it is.
    pub(super) member: Option<usize>,
}

impl From<Secret> for Key {
    fn from(secret: Secret) -> Key {
        Key::from_source(Source::Given(secret))
    }
}

impl Key {
    fn from_source(source: Source) -> Key {
        Key { source, expires_on: None }
    }

    /// This key.
    ///
    /// # Errors
    /// As [`Secret::new`].
    pub fn new(key: impl Into<String>) -> Result<Key> {
        Secret::new(key).map(Key::from)
    }

    /// What the environment variable holds when a call is sent.
    pub fn environment(variable: impl Into<String>) -> Key {
        Key::from_source(Source::Environment(variable.into()))
    }

    /// What the file holds; read again when it changes. A file that is gone or empty for a moment changes nothing.
    pub fn file(path: impl Into<PathBuf>) -> Key {
        Key::from_source(Source::File(Arc::new(KeyFile { path: path.into(), read: Mutex::new(None) })))
    }

    /// What the source gives; asked when the first call is sent, and again after the time that it names.
    pub fn fetched(source: Arc<dyn KeySource>) -> Key {
        Key::from_source(Source::Fetched(Arc::new(Fetched { source, held: tokio::sync::Mutex::new(None) })))
    }

    /// Several keys: the first is used until the server answers 401 or 429, then the next one, and the same call is sent
    /// once more with it.
    ///
    /// # Errors
    /// `configuration` for a pool of none, and for a pool within a pool.
    pub fn pool(keys: impl IntoIterator<Item = Key>) -> Result<Key> {
        let keys: Vec<Key> = keys.into_iter().collect();
        let refuse = |what: &str| Err(Error::new(ErrorKind::Configuration, what.to_owned()).with_path("api_key"));
        if keys.is_empty() {
            return refuse("a pool needs a key at least");
        }
        if keys.iter().any(|key| matches!(key.source, Source::Pool(_))) {
            return refuse("a pool cannot hold a pool: put its keys into the outer one");
        }
        Ok(Key::from_source(Source::Pool(Arc::new(Pool::of(keys)))))
    }

    /// The same source, which has given nothing yet and shares nothing with this one. A child made by `fork` needs it: what is
    /// shared may be held for ever there, by a thread that the child does not have.
    #[must_use]
    pub fn anew(&self) -> Key {
        let source = match &self.source {
            Source::Given(key) => Source::Given(key.clone()),
            Source::Environment(variable) => Source::Environment(variable.clone()),
            Source::File(file) => Source::File(Arc::new(KeyFile { path: file.path.clone(), read: Mutex::new(None) })),
            Source::Fetched(fetched) => {
                Source::Fetched(Arc::new(Fetched { source: Arc::clone(&fetched.source), held: tokio::sync::Mutex::new(None) }))
            }
            Source::Pool(pool) => Source::Pool(Arc::new(Pool::of(pool.keys.iter().map(Key::anew).collect()))),
        };
        Key { source, expires_on: self.expires_on }
    }

    /// The last day on which the key is used: answers carry a warning from fourteen days before, and afterwards nothing is
    /// sent with it.
    #[must_use]
    pub fn expires_on(mut self, day: Date) -> Key {
        self.expires_on = Some(day);
        self
    }

    /// The key for the next attempt.
    pub(super) async fn take(&self, clock: &dyn Clock) -> Result<Taken> {
        let Source::Pool(pool) = &self.source else {
            self.usable(clock)?;
            return self.single(clock).await;
        };
        self.usable(clock)?;
        let mut refusal = None;
        for member in pool.order(clock) {
            let key = &pool.keys[member];
            let taken = match key.usable(clock) {
                Ok(()) => key.single(clock).await,
                Err(error) => Err(error),
            };
            match taken {
                Ok(taken) => {
                    pool.current.store(member, Ordering::Release);
                    pool.used.lock().unwrap_or_else(PoisonError::into_inner)[member] = Some(taken.key.clone());
                    let expires_on = [taken.expires_on, self.expires_on].into_iter().flatten().min();
                    return Ok(Taken { member: Some(member), expires_on, ..taken });
                }
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        Err(refusal.unwrap_or_else(|| Error::new(ErrorKind::Configuration, "the pool holds no key")))
    }

    /// Lets a key of a pool rest after the server refused it. Whether another one can be used at once.
    pub(super) fn rest(&self, member: Option<usize>, error: &Error, clock: &dyn Clock) -> bool {
        let (Source::Pool(pool), Some(member)) = (&self.source, member) else { return false };
        let rest = match error.kind() {
            ErrorKind::Authentication => LONG_REST,
            ErrorKind::RateLimit => error.retry_after.unwrap_or(REST).max(Duration::from_secs(1)),
            ErrorKind::Quota => LONG_REST,
            _ => return false,
        };
        let now = unix_millis(clock);
        let until = now.saturating_add(u64::try_from(rest.as_millis()).unwrap_or(u64::MAX));
        let mut resting = pool.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(end) = resting.get_mut(member) {
            *end = until;
        }
        resting.iter().any(|end| *end <= now)
    }

    /// The keys of a pool that calls have used.
    pub(super) fn used(&self) -> Vec<Secret> {
        let Source::Pool(pool) = &self.source else { return Vec::new() };
        pool.used.lock().unwrap_or_else(PoisonError::into_inner).iter().flatten().cloned().collect()
    }

    /// How many keys it may turn to.
    pub(super) fn size(&self) -> usize {
        if let Source::Pool(pool) = &self.source { pool.keys.len() } else { 1 }
    }

    fn usable(&self, clock: &dyn Clock) -> Result<()> {
        match self.expires_on {
            Some(day) if today(clock) > day => {
                Err(Error::new(ErrorKind::Configuration, format!("the API key expired on `{day}`"))
                    .with_path("api_key")
                    .with_hint("make a new one in the provider's console, and set its own day of expiry"))
            }
            _ => Ok(()),
        }
    }

    async fn single(&self, clock: &dyn Clock) -> Result<Taken> {
        let key = match &self.source {
            Source::Given(key) => key.clone(),
            Source::Environment(variable) => from_environment(variable)?,
            Source::File(file) => file.key()?,
            Source::Fetched(fetched) => fetched.key(clock).await?,
            Source::Pool(_) => return Err(Error::new(ErrorKind::Internal, "a pool is no single key")),
        };
        Ok(Taken { key, expires_on: self.expires_on, member: None })
    }
}

fn from_environment(variable: &str) -> Result<Secret> {
    let refuse = |what: &str| {
        Error::new(ErrorKind::Configuration, format!("{what} (it comes from the environment variable `{variable}`)"))
            .with_path("api_key")
    };
    match std::env::var(variable) {
        Ok(key) => Secret::new(key).map_err(|error| refuse(error.message())),
        Err(std::env::VarError::NotPresent) => Err(refuse("there is no API key")),
        Err(std::env::VarError::NotUnicode(_)) => Err(refuse("the API key is no text; copy it again")),
    }
}

/// A file that holds a key.
struct KeyFile {
    path: PathBuf,
    read: Mutex<Option<(Stamp, Secret)>>,
}

/// What changes when a file does: when it was written, and how long it is.
type Stamp = (SystemTime, u64);

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("KeyFile").field(&self.path).finish()
    }
}

impl KeyFile {
    fn key(&self) -> Result<Secret> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.path);
        if let (Some((known, key)), Ok(stamp)) = (&*read, &stamp)
            && known == stamp
        {
            return Ok(key.clone());
        }
        let fresh = stamp.and_then(|stamp| Ok((stamp, std::fs::read_to_string(&self.path)?)));
        let refuse = |what: &str| {
            Error::new(ErrorKind::Configuration, format!("{what} (it comes from the file `{}`)", self.path.display()))
                .with_path("api_key")
        };
        let fresh = match fresh {
            Ok((stamp, text)) => {
                let text = zeroize::Zeroizing::new(text);
                Secret::new(text.as_str()).map(|key| (stamp, key)).map_err(|error| refuse(error.message()))
            }
            Err(error) => Err(refuse(&format!("the API key cannot be read: {}", error.kind()))),
        };
        match (fresh, &*read) {
            (Ok(fresh), _) => Ok(read.insert(fresh).1.clone()),
            // It is being replaced at this moment.
            (Err(_), Some((_, key))) => Ok(key.clone()),
            (Err(error), None) => Err(error),
        }
    }
}

fn stamp(path: &Path) -> std::io::Result<Stamp> {
    let about = std::fs::metadata(path)?;
    Ok((about.modified()?, about.len()))
}

/// A source, and what it gave last.
#[derive(Debug)]
struct Fetched {
    source: Arc<dyn KeySource>,
    held: tokio::sync::Mutex<Option<(Secret, Option<u64>)>>,
}

impl Fetched {
    async fn key(&self, clock: &dyn Clock) -> Result<Secret> {
        // Held while the source is asked: many calls that find the key too old ask once.
        let mut held = self.held.lock().await;
        let now = unix_millis(clock);
        if let Some((key, until)) = &*held
            && until.is_none_or(|until| now < until)
        {
            return Ok(key.clone());
        }
        match self.source.fetch().await {
            Ok(fetched) => {
                let until = fetched.refresh_after.map(|wait| now.saturating_add(wait.as_millis() as u64));
                Ok(held.insert((fetched.key, until)).0.clone())
            }
            Err(error) => match &*held {
                // The store is away: the old key may still be good, and the server will tell.
                Some((key, _)) => Ok(key.clone()),
                None => Err(error),
            },
        }
    }
}

/// Keys that take each other's place.
#[derive(Debug)]
struct Pool {
    keys: Vec<Key>,
    current: AtomicUsize,
    /// Until when each rests, in milliseconds since 1970.
    resting: Mutex<Vec<u64>>,
    /// What each of them last gave.
    used: Mutex<Vec<Option<Secret>>>,
}

impl Pool {
    fn of(keys: Vec<Key>) -> Pool {
        let (resting, used) = (Mutex::new(vec![0; keys.len()]), Mutex::new(vec![None; keys.len()]));
        Pool { keys, current: AtomicUsize::new(0), resting, used }
    }

    /// The keys from the current one on; those that rest come last, the one that rests the shortest first.
    fn order(&self, clock: &dyn Clock) -> Vec<usize> {
        let now = unix_millis(clock);
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let first = self.current.load(Ordering::Acquire);
        let mut order: Vec<usize> = (0..self.keys.len()).map(|at| (first + at) % self.keys.len()).collect();
        order.sort_by_key(|at| resting.get(*at).copied().filter(|end| *end > now).unwrap_or(0));
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::clock::SystemClock;

    fn taken(key: &Key) -> Result<Taken> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(key.take(&SystemClock))
    }

    fn is(key: &Key, wanted: &str) -> bool {
        let plan = crate::wire::AuthPlan { header: "x".into(), scheme: String::new(), env: String::new() };
        crate::wire::auth::apply(&plan, &taken(key).unwrap().key).1 == wanted
    }

    #[test]
    fn a_key_that_was_made_anew_waits_for_nobody() {
        let path = std::env::temp_dir().join(format!("tramontane-key-anew-{}", std::process::id()));
        std::fs::write(&path, "key-of-a-file").unwrap();
        let day = "2999-01-31".parse().unwrap();
        let key = Key::pool([Key::file(&path), Key::new("key-number-two").unwrap()]).unwrap().expires_on(day);
        assert!(is(&key, "key-of-a-file"));
        let Source::Pool(pool) = &key.source else { panic!("a pool") };
        let Source::File(file) = &pool.keys[0].source else { panic!("a file") };
        // As a thread holds them that a forked child does not have.
        let _held = (pool.resting.lock().unwrap(), pool.used.lock().unwrap(), file.read.lock().unwrap());
        let fresh = key.anew();
        assert!(is(&fresh, "key-of-a-file"));
        assert_eq!((fresh.expires_on, fresh.size()), (Some(day), 2));
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_file_is_read_again_when_it_changes() {
        let path = std::env::temp_dir().join(format!("tramontane-key-{}", std::process::id()));
        std::fs::write(&path, "first-key\n").unwrap();
        let key = Key::file(&path);
        assert!(is(&key, "first-key") && is(&key, "first-key"));
        std::fs::write(&path, "  second-longer-key ").unwrap();
        assert!(is(&key, "second-longer-key"));
        std::fs::write(&path, "").unwrap();
        assert!(is(&key, "second-longer-key"), "an empty file is being written");
        std::fs::remove_file(&path).unwrap();
        assert!(is(&key, "second-longer-key"));
        let error = taken(&Key::file(&path)).unwrap_err();
        assert!(error.message().starts_with("the API key cannot be read"), "{error}");
    }

    #[test]
    fn an_expired_key_is_refused() {
        let key = Key::new("secret-key").unwrap().expires_on(Date::new(2020, 1, 31).unwrap());
        insta::assert_snapshot!(taken(&key).unwrap_err(), @"the API key expired on `2020-01-31` (at `api_key`); make a new one in the provider's console, and set its own day of expiry");
        // A pool goes on with one that is not.
        let pool = Key::pool([key, Key::new("other-key").unwrap()]).unwrap();
        assert!(is(&pool, "other-key"));
    }

    #[test]
    fn a_pool_turns_to_a_key_that_does_not_rest() {
        let keys = ["key-a", "key-b"].map(|key| Key::new(key).unwrap());
        let pool = Key::pool(keys).unwrap();
        let refused = Error::new(ErrorKind::Authentication, "no");
        assert!(is(&pool, "key-a"));
        assert!(pool.rest(Some(0), &refused, &SystemClock));
        assert!(is(&pool, "key-b") && is(&pool, "key-b"));
        assert!(!pool.rest(Some(1), &refused, &SystemClock), "all rest");
        assert!(!pool.rest(Some(1), &Error::new(ErrorKind::BadRequest, "no"), &SystemClock));
        assert!(Key::pool([]).is_err() && Key::pool([pool]).is_err());
    }

    #[test]
    fn no_key_is_shown() {
        let keys = [Key::new("secret-key").unwrap(), Key::environment("HOME"), Key::file("/run/key")];
        let shown = format!("{:?}", Key::pool(keys).unwrap());
        assert!(!shown.contains("secret-key"), "{shown}");
        assert!(shown.contains("Given(***)") && shown.contains("Environment(\"HOME\")"), "{shown}");
    }
}
