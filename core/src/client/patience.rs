//! How long a silence may last.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep, sleep_until};

use super::send::Limit;
use crate::error::Error;

/// A limit that is moved with every read, and the one timer behind it.
pub(super) struct Patience {
    limit: Limit,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(super) fn new(limit: Limit) -> Patience {
        Patience { limit, timer: None }
    }

    /// Waits until another moment instead.
    pub(super) fn until(&mut self, limit: Limit) {
        self.limit = limit;
    }

    /// Ready when the limit has passed.
    pub(super) fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        let at = self.limit.at;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        // The timer is moved only when it rings or would ring too late: not at every read.
        if timer.deadline() > at {
            timer.as_mut().reset(at);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            if Instant::now() >= at {
                return Poll::Ready(self.limit.error());
            }
            timer.as_mut().reset(at);
        }
    }
}
