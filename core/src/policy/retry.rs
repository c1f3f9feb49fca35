//! Whether a failed attempt is repeated, and after what wait. May import `error` only.
//!
//! ```
//! use std::time::Duration;
//! use tramontane::policy::retry::{Decision, Failure, RetryPolicy};
//! let policy = RetryPolicy::default();
//! let failure = Failure { attempt: 1, retryable: true, retry_after: Some(Duration::from_secs(2)), remaining: None, chance: 0.5 };
//! assert_eq!(policy.decide(&failure), Decision::Retry(Duration::from_secs(2)));
//! ```

use std::time::Duration;

use crate::error::{Error, ErrorKind};

/// How failed attempts are repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How often an attempt is repeated at most; 0 for never.
    pub max_retries: u32,
    /// The wait before the first repetition; it doubles with each further one.
    pub initial: Duration,
    /// The longest wait of our own making.
    pub longest: Duration,
    /// The longest wait that a server may ask for.
    pub longest_asked: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            max_retries: 2,
            initial: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            longest_asked: Duration::from_secs(60),
        }
    }
}

/// A failed attempt, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// What is left until the deadline of the whole call.
    pub remaining: Option<Duration>,
    /// Chance, from 0 up to but not including 1.
    pub chance: f64,
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Repeat it after this wait.
    Retry(Duration),
    /// The error is final, and why.
    GiveUp(Reason),
}

/// Why a failed attempt is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No waiting cures it.
    Permanent,
    /// It was repeated as often as allowed.
    Exhausted,
    /// The server asks for a longer wait than the policy allows.
    WaitTooLong,
    /// The wait would end after the deadline.
    PastDeadline,
}

impl RetryPolicy {
    /// Whether to repeat, and when. A wait that a server asks for is obeyed to the letter or not at all: a shorter one
    /// would only be refused again.
    pub fn decide(&self, failure: &Failure) -> Decision {
        if !failure.retryable {
            return Decision::GiveUp(Reason::Permanent);
        }
        if failure.attempt > self.max_retries {
            return Decision::GiveUp(Reason::Exhausted);
        }
        let wait = match failure.retry_after {
            Some(asked) if asked > self.longest_asked => return Decision::GiveUp(Reason::WaitTooLong),
            Some(asked) => asked,
            None => self.backoff(failure.attempt, failure.chance),
        };
        match failure.remaining {
            Some(remaining) if wait >= remaining => Decision::GiveUp(Reason::PastDeadline),
            _ => Decision::Retry(wait),
        }
    }

    /// `initial · 2ⁿ`, at most `longest`, of which chance takes away up to a quarter, so that many clients that failed
    /// together do not come back together.
    fn backoff(&self, attempt: u32, chance: f64) -> Duration {
        let doubled = self.initial.saturating_mul(1 << attempt.saturating_sub(1).min(20));
        let chance = if chance.is_finite() { chance.clamp(0.0, 1.0) } else { 0.0 };
        doubled.min(self.longest).mul_f64(1.0 - 0.25 * chance)
    }
}

/// Whether an error lets the same request succeed later, before anything of its answer was handed out. A stream that
/// ended before its first event counts: nobody has seen anything of it.
pub fn is_retryable(error: &Error) -> bool {
    error.retryable || (error.kind() == ErrorKind::StreamTruncated && error.partial.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;
    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn failure(attempt: u32) -> Failure {
        Failure { attempt, retryable: true, retry_after: None, remaining: None, chance: 0.0 }
    }

    #[test]
    fn every_decision() {
        let give_up = Decision::GiveUp;
        let table = [
            (failure(1), Decision::Retry(MS(500))),
            (failure(2), Decision::Retry(S(1))),
            (failure(3), give_up(Reason::Exhausted)),
            (Failure { chance: 0.999_999_999, ..failure(1) }, Decision::Retry(MS(375))),
            (Failure { chance: 0.5, ..failure(2) }, Decision::Retry(MS(875))),
            (Failure { retryable: false, ..failure(1) }, give_up(Reason::Permanent)),
            (Failure { retryable: false, retry_after: Some(S(1)), ..failure(1) }, give_up(Reason::Permanent)),
            (Failure { retry_after: Some(S(0)), chance: 0.9, ..failure(1) }, Decision::Retry(S(0))),
            (Failure { retry_after: Some(MS(1)), ..failure(2) }, Decision::Retry(MS(1))),
            (Failure { retry_after: Some(S(60)), ..failure(1) }, Decision::Retry(S(60))),
            (Failure { retry_after: Some(MS(60_001)), ..failure(1) }, give_up(Reason::WaitTooLong)),
            (Failure { retry_after: Some(Duration::MAX), ..failure(1) }, give_up(Reason::WaitTooLong)),
            (Failure { retry_after: Some(S(5)), remaining: Some(S(6)), ..failure(1) }, Decision::Retry(S(5))),
            (Failure { retry_after: Some(S(5)), remaining: Some(S(5)), ..failure(1) }, give_up(Reason::PastDeadline)),
            (Failure { remaining: Some(MS(100)), ..failure(1) }, give_up(Reason::PastDeadline)),
            (Failure { chance: f64::NAN, ..failure(1) }, Decision::Retry(MS(500))),
        ];
        for (failure, expected) in table {
            let decision = RetryPolicy::default().decide(&failure);
            match (decision, expected) {
                // A chance just below 1 gives a wait that no table can write.
                (Decision::Retry(wait), Decision::Retry(about)) => {
                    assert!(wait.abs_diff(about) < Duration::from_micros(1), "{failure:?}: {wait:?}");
                }
                _ => assert_eq!(decision, expected, "{failure:?}"),
            }
        }
    }

    #[test]
    fn the_wait_doubles_up_to_its_limit() {
        let policy = RetryPolicy { max_retries: 100, ..RetryPolicy::default() };
        let waits: Vec<_> = (1..=7).map(|attempt| policy.decide(&failure(attempt))).collect();
        assert_eq!(waits, [MS(500), S(1), S(2), S(4), S(8), S(8), S(8)].map(Decision::Retry));
        assert_eq!(policy.decide(&failure(100)), Decision::Retry(S(8)));
        assert_eq!(RetryPolicy { max_retries: u32::MAX, ..policy }.decide(&failure(u32::MAX)), Decision::Retry(S(8)));
    }

    #[test]
    fn no_retries_means_none() {
        let policy = RetryPolicy { max_retries: 0, ..RetryPolicy::default() };
        assert_eq!(policy.decide(&failure(1)), Decision::GiveUp(Reason::Exhausted));
    }

    #[test]
    fn a_stream_is_repeated_only_while_nothing_came() {
        let truncated = Error::new(ErrorKind::StreamTruncated, "the stream ended before its first event");
        assert!(is_retryable(&truncated));
        assert!(!is_retryable(&truncated.with(|error| error.partial = Some(crate::json::Value::Object(Default::default())))));
        assert!(is_retryable(&Error::new(ErrorKind::RateLimit, "slow down")));
        assert!(!is_retryable(&Error::new(ErrorKind::Quota, "used up")));
        assert!(!is_retryable(&Error::new(ErrorKind::Decode, "a page")));
    }
}
