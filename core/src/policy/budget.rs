//! Whether a call still fits into a budget, and what it took from it in the end.
//!
//! Before a call is sent, the most that it may use is set aside; when its answer is there, what it really used takes the
//! place of that. So the sum of what was spent and what is set aside never passes the budget, however many calls are under
//! way.

use super::claim::Claim;
use super::cost::{Cost, Usage};
use crate::error::{Error, ErrorKind, Result};

/// What may be spent; what is absent is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ceiling {
    /// Nano-dollars (10⁻⁹ USD).
    pub nanos: Option<u64>,
    /// Tokens of prompts and answers.
    pub tokens: Option<u64>,
    /// Whether calls are let through whose price or tokens are not known beforehand: the budget may then be passed by one
    /// such call for each that is under way.
    pub allow_unknown: bool,
}

/// An amount of both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Nano-dollars.
    pub nanos: u64,
    /// Tokens.
    pub tokens: u64,
}

impl Ceiling {
    /// What is to be set aside for a call.
    ///
    /// # Errors
    /// `budget` when it cannot be said what the call may use.
    pub fn claim(&self, claim: &Claim) -> Result<Amount> {
        let unknown = |what: &str, reason: &str| {
            Error::new(
                ErrorKind::Budget,
                format!("the budget cannot be kept: {what} of this call is not known beforehand, {reason}"),
            )
            .with_hint("set `max_tokens`, name a model with a known price, or allow what is unknown in the budget")
        };
        let mut amount = Amount::default();
        if self.nanos.is_some() {
            amount.nanos = match claim.amount {
                Some(nanos) => nanos,
                None if self.allow_unknown => 0,
                None => return Err(unknown("the price", claim.reason.as_deref().unwrap_or("for no reason that is known"))),
            };
        }
        if self.tokens.is_some() {
            amount.tokens = match claim.tokens() {
                Some(tokens) => tokens,
                None if self.allow_unknown => claim.prompt,
                None => return Err(unknown("the length of the answer", "neither by `max_tokens` nor by the model's own limit")),
            };
        }
        Ok(amount)
    }

    /// Whether nano-dollars fit beside what is taken already: the new sum.
    ///
    /// # Errors
    /// `budget` when they do not.
    pub fn admit_nanos(&self, taken: u64, wanted: u64) -> Result<u64> {
        admit(self.nanos, taken, wanted, dollars)
    }

    /// Whether tokens fit beside what is taken already: the new sum.
    ///
    /// # Errors
    /// `budget` when they do not.
    pub fn admit_tokens(&self, taken: u64, wanted: u64) -> Result<u64> {
        admit(self.tokens, taken, wanted, |tokens| format!("{tokens} tokens"))
    }

    /// What an answer took in the end. Where it does not say, what was set aside counts as used.
    pub fn used(&self, usage: Option<&Usage>, cost: &Cost, aside: Amount) -> Amount {
        Amount {
            nanos: if self.nanos.is_some() { cost.amount.unwrap_or(aside.nanos) } else { 0 },
            tokens: match usage {
                _ if self.tokens.is_none() => 0,
                Some(usage) => usage.tokens(),
                None => aside.tokens,
            },
        }
    }
}

fn admit(ceiling: Option<u64>, taken: u64, wanted: u64, shown: impl Fn(u64) -> String) -> Result<u64> {
    let sum = taken.saturating_add(wanted);
    match ceiling {
        Some(ceiling) if sum > ceiling => Err(Error::new(
            ErrorKind::Budget,
            format!(
                "the budget of {} would be passed: {} is spent or set aside, and this call may use {}",
                shown(ceiling),
                shown(taken),
                shown(wanted)
            ),
        )),
        _ => Ok(sum),
    }
}

/// Nano-dollars for people: `$0.00021`, exact.
pub fn dollars(nanos: u64) -> String {
    let fraction = format!("{:09}", nanos % 1_000_000_000);
    let short = fraction.trim_end_matches('0');
    format!("${}.{short:0<2}", nanos / 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn money_is_written_exactly() {
        let shown: Vec<String> = [0, 1, 210_000, 1_000_000_000, 12_340_000_000].into_iter().map(dollars).collect();
        assert_eq!(shown, ["$0.00", "$0.000000001", "$0.00021", "$1.00", "$12.34"]);
    }

    #[test]
    fn a_refusal_says_how_much_is_left() {
        let ceiling = Ceiling { nanos: Some(1_000_000), tokens: Some(100), ..Ceiling::default() };
        assert_eq!(ceiling.admit_nanos(400_000, 600_000).unwrap(), 1_000_000);
        let refused = |result: Result<u64>| result.unwrap_err().message().to_owned();
        insta::assert_snapshot!(refused(ceiling.admit_nanos(400_000, 600_001)), @"the budget of $0.001 would be passed: $0.0004 is spent or set aside, and this call may use $0.000600001");
        insta::assert_snapshot!(refused(ceiling.admit_tokens(90, 11)), @"the budget of 100 tokens would be passed: 90 tokens is spent or set aside, and this call may use 11 tokens");
        assert_eq!(Ceiling::default().admit_tokens(u64::MAX, u64::MAX).unwrap(), u64::MAX);
    }

    #[test]
    fn what_is_not_known_is_refused_or_let_through() {
        let unknown = Claim { reason: Some("unknown model `nobody-1`".into()), prompt: 7, ..Claim::default() };
        let ceiling = Ceiling { nanos: Some(1), ..Ceiling::default() };
        insta::assert_snapshot!(ceiling.claim(&unknown).unwrap_err().message(), @"the budget cannot be kept: the price of this call is not known beforehand, unknown model `nobody-1`");
        assert_eq!(Ceiling { allow_unknown: true, ..ceiling }.claim(&unknown).unwrap(), Amount::default());
        let tokens = Ceiling { tokens: Some(10), ..Ceiling::default() };
        assert!(tokens.claim(&unknown).unwrap_err().message().contains("neither by `max_tokens`"));
        assert_eq!(Ceiling { allow_unknown: true, ..tokens }.claim(&unknown).unwrap(), Amount { nanos: 0, tokens: 7 });
    }

    proptest! {
        #[test]
        fn no_sequence_of_calls_passes_the_ceiling(ceiling in 0..10_000u64, calls in prop::collection::vec((0..3000u64, 0..=100u64), 0..40)) {
            let budget = Ceiling { tokens: Some(ceiling), ..Ceiling::default() };
            let mut taken = 0;
            for (wanted, percent) in calls {
                if let Ok(sum) = budget.admit_tokens(taken, wanted) {
                    prop_assert!(sum <= ceiling);
                    // It used a part of what was set aside.
                    taken = sum - wanted + wanted * percent / 100;
                }
            }
            prop_assert!(taken <= ceiling);
        }
    }
}
