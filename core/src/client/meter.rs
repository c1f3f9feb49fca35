//! What a call takes from a budget and from a limiter while it is under way, and what remains of it afterwards.

use std::sync::Arc;
use std::time::Duration;

use super::budget::Reservation;
use super::limiter::{Admission, Limiter};
use super::{Budget, Inner};
use crate::catalogue::Resolution;
use crate::check::Policy;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Map, Object, Value};
use crate::policy::bill::{Asked, Tariff, bill, usage_of};
use crate::policy::budget::Amount;
use crate::policy::claim::Claim;
use crate::policy::limit::{Used, query_costs};

/// The price list of a call, for when somebody asks what it cost.
#[derive(Clone, Debug, Default)]
pub(super) struct Pricing {
    pub(super) policy: Option<Arc<Policy>>,
    pub(super) asked: Asked,
    /// The model that a request names which the caller has written himself.
    pub(super) model: Option<Arc<str>>,
}

impl Pricing {
    /// What an answer cost.
    pub(super) fn bill(&self, answer: &Value<'_>, resolution: Option<&Resolution>) -> crate::policy::cost::Cost {
        let tariff = Tariff {
            model: resolution.map(|resolution| resolution.sent_as.as_str()).or(self.model.as_deref()),
            provider: resolution.map(|resolution| resolution.provider.as_str()),
            batch: false,
            asked: self.asked,
        };
        match &self.policy {
            Some(policy) => bill(answer, tariff, policy),
            None => bill(answer, tariff, &Policy::default()),
        }
    }
}

/// What one call takes. Dropping it gives back what was not spent.
#[derive(Debug)]
pub(super) struct Meter {
    claim: Arc<Claim>,
    pricing: Pricing,
    resolution: Option<Resolution>,
    reservation: Option<Reservation>,
    admission: Option<Admission>,
    /// Whether the request has left.
    sent: bool,
}

impl Meter {
    /// Sets aside what the call may use; `None` when nothing is limited.
    pub(super) fn start(inner: &Inner, call: &super::Call) -> Result<Option<Meter>> {
        let Some(claim) = call.claim.clone() else { return Ok(None) };
        let budget: Option<&Budget> = inner.options.budget.as_ref();
        let reservation = budget.map(|budget| budget.reserve(&claim)).transpose()?;
        Ok(Some(Meter {
            claim,
            pricing: call.pricing.clone(),
            resolution: call.resolution.clone(),
            reservation,
            admission: None,
            sent: false,
        }))
    }

    /// Waits until the limiter lets the call go. Each attempt is admitted for itself.
    pub(super) async fn admit(&mut self, inner: &Inner, scope: &Scope, remaining: impl Fn() -> Option<Duration>) -> Result<()> {
        // What failed has used nothing but its place.
        if let Some(failed) = self.admission.take() {
            failed.settle(&Used { tokens: Some(0), ..Used::default() }, &Map::new());
        }
        if let Some(limiter) = &inner.options.limiter {
            self.admission = Some(wait_for(limiter, inner, scope, &self.claim, remaining).await?);
        }
        self.sent = true;
        Ok(())
    }

    /// The answer is there: its own words count.
    pub(super) fn settle(&mut self, answer: &Value<'_>, headers: &Map<u64>) {
        let usage = usage_of(answer);
        if let Some(reservation) = self.reservation.take() {
            let cost = self.pricing.bill(answer, self.resolution.as_ref());
            let used = if self.claim.free {
                Amount::default()
            } else {
                reservation.ceiling().used(usage.as_ref(), &cost, reservation.aside())
            };
            reservation.settle(used);
        }
        if let Some(admission) = self.admission.take() {
            let tokens = usage.map(|usage| usage.tokens());
            let used = Used { tokens: tokens.or(self.claim.free.then_some(0)), by_header: query_costs(headers) };
            admission.settle(&used, headers);
        }
    }

    /// A stream ended, well or not: by its own words, or by what had come.
    pub(super) fn give_up(mut self, partial: &Value<'_>, headers: &Map<u64>) {
        if usage_of(partial).is_some() {
            return self.settle(partial, headers);
        }
        let choices = partial.get("choices").and_then(Value::as_array).unwrap_or_default();
        let messages: Vec<Value<'_>> = choices.iter().filter_map(|choice| choice.get("message").cloned()).collect();
        let answered = crate::check::estimate_prompt(&Object::from_iter([("messages", messages)]).into()).high;
        self.settle_part(self.claim.completion.map_or(answered, |most| most.min(answered)));
    }

    /// The prompt was read, and so many tokens of an answer were written.
    fn settle_part(&mut self, answered: u64) {
        let tokens = self.claim.prompt.saturating_add(answered);
        if let Some(reservation) = self.reservation.take() {
            let aside = reservation.aside();
            let whole = self.claim.tokens().unwrap_or(tokens).max(1);
            let part = u128::from(aside.nanos) * u128::from(tokens.min(whole)) / u128::from(whole);
            let nanos = u64::try_from(part).unwrap_or(aside.nanos);
            reservation.settle(Amount { nanos, tokens: tokens.min(aside.tokens) });
        }
        if let Some(admission) = self.admission.take() {
            admission.settle(&Used { tokens: Some(tokens), ..Used::default() }, &Map::new());
        }
    }

    /// The server refused: nothing is paid for, but the limits that it names hold.
    pub(super) fn refused(&mut self, headers: &Map<u64>) {
        self.sent = false;
        if let Some(admission) = self.admission.take() {
            admission.settle(&Used { tokens: Some(0), ..Used::default() }, headers);
        }
    }

    /// The attempt failed before anything of an answer came, and the server said nothing.
    pub(super) fn failed(&mut self) {
        self.sent = false;
    }
}

/// The call was given up before anything of its answer came: the prompt was read.
impl Drop for Meter {
    fn drop(&mut self) {
        if self.sent && !self.claim.free {
            self.settle_part(0);
        }
    }
}

/// For whom limits count: the model, and the key (as a fingerprint).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    pub(super) model: String,
    pub(super) key: String,
}

impl Scope {
    /// The name of what is learnt for it.
    pub(super) fn label(&self) -> String {
        format!("{}:{}", self.key, self.model)
    }
}

async fn wait_for(
    limiter: &Limiter,
    inner: &Inner,
    scope: &Scope,
    claim: &Claim,
    remaining: impl Fn() -> Option<Duration>,
) -> Result<Admission> {
    loop {
        let wait = match limiter.admit(&inner.clock, scope, claim).await? {
            Ok(admission) => return Ok(admission),
            Err(wait) => wait,
        };
        let refuse = |why: &str, hint: &str| {
            Err(Error::new(ErrorKind::RateLimit, format!("the client's own limit is reached{why}"))
                .with_hint(hint.to_owned())
                .with(|error| error.retry_after = Some(wait)))
        };
        if !limiter.waits() {
            return refuse("", "wait for `retry_after`, or let the limiter wait");
        }
        if remaining().is_some_and(|remaining| wait >= remaining) {
            let why = format!(", and there is no room for {} s: longer than the call may take", wait.as_secs_f64());
            return refuse(&why, "wait for `retry_after`, raise the call's `timeout`, or raise the limit");
        }
        inner.clock.sleep(wait).await;
    }
}
