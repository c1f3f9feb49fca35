//! Time and chance, as the client sees them: replaced in tests, so that no test waits.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::date::Date;

/// Where the client takes the time, the waits between attempts and chance from.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// The present time.
    fn now(&self) -> SystemTime;

    /// Ends after `wait`.
    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// A number from 0 up to but not including 1.
    fn chance(&self) -> f64;
}

/// The machine's own clock, tokio's timers, and a generator that is seeded per thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(wait))
    }

    fn chance(&self) -> f64 {
        fastrand::f64()
    }
}

/// Seconds since 1970; negative on a machine whose clock is older.
pub(crate) fn unix_seconds(clock: &dyn Clock) -> i64 {
    match clock.now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    }
}

/// Milliseconds since 1970; 0 on a machine whose clock is older.
pub(crate) fn unix_millis(clock: &dyn Clock) -> u64 {
    clock.now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Today, in UTC.
pub(crate) fn today(clock: &dyn Clock) -> Date {
    Date::from_unix(unix_seconds(clock))
}
