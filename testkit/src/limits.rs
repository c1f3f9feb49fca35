//! The rate-limit headers of a plan that is never used up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use hyper::header::HeaderName;

const REQUESTS: u64 = 360;
const TOKENS: u64 = 2_000_000;

/// What the present minute has used.
#[derive(Default)]
pub(crate) struct Limits {
    minute: AtomicU64,
    requests: AtomicU64,
    tokens: AtomicU64,
}

impl Limits {
    /// Counts an answer and gives the headers that go with it.
    pub(crate) fn count(&self, tokens: u64) -> Vec<(HeaderName, u64)> {
        let minute = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() / 60;
        if self.minute.swap(minute, Ordering::Relaxed) != minute {
            self.requests.store(0, Ordering::Relaxed);
            self.tokens.store(0, Ordering::Relaxed);
        }
        let requests = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let used = self.tokens.fetch_add(tokens, Ordering::Relaxed) + tokens;
        // The sandbox counts, but never refuses: what is left stays above zero.
        [
            ("x-ratelimit-limit-req-minute", REQUESTS),
            ("x-ratelimit-remaining-req-minute", REQUESTS.saturating_sub(requests).max(1)),
            ("x-ratelimit-limit-tokens-minute", TOKENS),
            ("x-ratelimit-remaining-tokens-minute", TOKENS.saturating_sub(used).max(1)),
            ("x-ratelimit-tokens-query-cost", tokens),
        ]
        .map(|(name, value)| (HeaderName::from_static(name), value))
        .to_vec()
    }
}
