//! What several calls, of one client or of many, may spend together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Result;
use crate::policy::budget::{Amount, Ceiling};
use crate::policy::claim::Claim;

/// A budget. Cheap to clone; clones share it, and so do all clients that are given it.
///
/// Before a call is sent, the most that it may use is set aside: its prompt, and its `max_tokens` or the longest answer that
/// the model gives. A call that would pass the budget is refused with an error of kind `budget` and not sent. Its answer's
/// own `usage` then takes the place of what was set aside; after a failure all of it comes back. A call that was given up
/// while its answer was coming counts with its prompt and what had come.
///
/// ```
/// use tramontane::client::{Budget, Client};
/// let budget = Budget::usd(0.5)?;
/// let client = Client::builder().budget(budget.clone()).build()?;
/// assert_eq!(budget.spent().nanos, 0);
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Budget {
    ceiling: Ceiling,
    // Without locks: a child that is forked at any moment can go on with its copy.
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Spent or set aside.
    nanos_taken: AtomicU64,
    tokens_taken: AtomicU64,
    nanos_spent: AtomicU64,
    tokens_spent: AtomicU64,
}

impl Budget {
    /// A budget with this ceiling.
    pub fn new(ceiling: Ceiling) -> Budget {
        Budget { ceiling, state: Arc::default() }
    }

    /// A budget of so many dollars.
    ///
    /// # Errors
    /// `configuration` for what is no amount of money.
    pub fn usd(dollars: f64) -> Result<Budget> {
        Ok(Budget::new(Ceiling { nanos: Some(nanos(dollars)?), ..Ceiling::default() }))
    }

    /// A budget of so many tokens, of prompts and answers together.
    pub fn tokens(tokens: u64) -> Budget {
        Budget::new(Ceiling { tokens: Some(tokens), ..Ceiling::default() })
    }

    /// What may be spent.
    pub fn ceiling(&self) -> Ceiling {
        self.ceiling
    }

    /// What was spent. Only what the budget limits is counted.
    pub fn spent(&self) -> Amount {
        let read = |value: &AtomicU64| value.load(Ordering::Acquire);
        Amount { nanos: read(&self.state.nanos_spent), tokens: read(&self.state.tokens_spent) }
    }

    /// What is set aside for calls under way.
    pub fn reserved(&self) -> Amount {
        let spent = self.spent();
        let read = |value: &AtomicU64| value.load(Ordering::Acquire);
        Amount {
            nanos: read(&self.state.nanos_taken).saturating_sub(spent.nanos),
            tokens: read(&self.state.tokens_taken).saturating_sub(spent.tokens),
        }
    }

    /// Sets aside what a call may use.
    pub(super) fn reserve(&self, claim: &Claim) -> Result<Reservation> {
        let aside = if claim.free { Amount::default() } else { self.ceiling.claim(claim)? };
        let mut refusal = None;
        let mut take = |taken: &AtomicU64, admit: &dyn Fn(u64) -> Result<u64>| {
            let admitted = |now| admit(now).map_err(|error| refusal = Some(error)).ok();
            taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, admitted).is_ok()
        };
        if !take(&self.state.nanos_taken, &|taken| self.ceiling.admit_nanos(taken, aside.nanos)) {
            return Err(refusal.unwrap_or_else(impossible));
        }
        if !take(&self.state.tokens_taken, &|taken| self.ceiling.admit_tokens(taken, aside.tokens)) {
            self.state.nanos_taken.fetch_sub(aside.nanos, Ordering::AcqRel);
            return Err(refusal.unwrap_or_else(impossible));
        }
        Ok(Reservation { budget: self.clone(), aside, settled: false })
    }
}

/// An amount of dollars in nano-dollars.
///
/// # Errors
/// `configuration` when it is negative, no number, or more than nano-dollars can count.
pub fn nanos(dollars: f64) -> Result<u64> {
    let nanos = (dollars * 1e9).round();
    if (0.0..1.8e19).contains(&nanos) {
        // Checked on the line above.
        return Ok(nanos as u64);
    }
    let message = format!("`{dollars}` is no amount of dollars");
    Err(crate::Error::new(crate::ErrorKind::Configuration, message).with_path("budget"))
}

fn impossible() -> crate::Error {
    crate::Error::new(crate::ErrorKind::Internal, "a budget refused without a reason")
}

/// What is set aside for one call; comes back when nobody settles it.
#[derive(Debug)]
pub(super) struct Reservation {
    budget: Budget,
    aside: Amount,
    settled: bool,
}

impl Reservation {
    pub(super) fn ceiling(&self) -> &Ceiling {
        &self.budget.ceiling
    }

    pub(super) fn aside(&self) -> Amount {
        self.aside
    }

    /// Puts what was really used in the place of what was set aside.
    pub(super) fn settle(mut self, used: Amount) {
        self.replace(used);
    }

    fn replace(&mut self, used: Amount) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let state = &self.budget.state;
        let exchange = |taken: &AtomicU64, spent: &AtomicU64, aside: u64, used: u64| {
            // Taken first: whoever reads both never sees more spent than taken.
            let new = |now: u64| Some(now.saturating_add(used).saturating_sub(aside));
            let _ = taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, new);
            spent.fetch_add(used, Ordering::AcqRel);
        };
        exchange(&state.nanos_taken, &state.nanos_spent, self.aside.nanos, used.nanos);
        exchange(&state.tokens_taken, &state.tokens_spent, self.aside.tokens, used.tokens);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.replace(Amount::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_threads_never_pass_it() {
        let budget = Budget::tokens(10_000);
        let claim = Claim { prompt: 10, completion: Some(90), ..Claim::default() };
        std::thread::scope(|scope| {
            for worker in 0..64u64 {
                let (budget, claim) = (budget.clone(), claim.clone());
                scope.spawn(move || {
                    for call in 0..200u64 {
                        let Ok(reservation) = budget.reserve(&claim) else { continue };
                        let now = budget.state.tokens_taken.load(Ordering::Acquire);
                        assert!(now <= 10_000, "{now} tokens are taken");
                        match (worker + call) % 3 {
                            0 => drop(reservation),
                            _ => reservation.settle(Amount { nanos: 0, tokens: (worker * 7 + call) % 101 }),
                        }
                    }
                });
            }
        });
        assert!(budget.spent().tokens <= 10_000 && budget.spent().tokens > 9_800, "{:?}", budget.spent());
        assert_eq!(budget.reserved(), Amount::default());
    }

    #[test]
    fn money_is_rounded_to_the_nano_dollar() {
        assert_eq!(nanos(0.1).unwrap(), 100_000_000);
        assert_eq!(nanos(1e-9).unwrap(), 1);
        for nonsense in [-1.0, f64::NAN, f64::INFINITY, 1e12] {
            assert!(nanos(nonsense).is_err(), "{nonsense}");
        }
    }
}
