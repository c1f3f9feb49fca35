//! Counts that several processes share in Redis. `count.lua` says how.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::{Duration, Instant};

use super::link::{Beat, Link, Outcome, PATIENCE, Place};
use super::member::{Answer, Member, Message, TURN};
use super::{Granted, LimiterOptions, held};
use crate::client::meter::Scope;
use crate::error::Result;
use crate::json::Map;
use crate::policy::claim::Claim;
use crate::policy::limit::{Applied, Grant, Limiter, Rule, Used};

/// A limiter whose counts are in Redis.
pub(super) struct Shared {
    state: Arc<State>,
}

struct State {
    link: Link,
    name: Option<String>,
    share: f64,
    rules: Vec<Rule>,
    members: Mutex<Members>,
}

/// What this process is in each count. A child that was forked off is somebody else.
struct Members {
    pid: u32,
    by_name: BTreeMap<String, Member>,
}

impl Shared {
    pub(super) fn new(url: &str, options: &LimiterOptions) -> Result<Shared> {
        let place = Place::of(url)?;
        let state = Arc::new_cyclic(|state: &Weak<State>| {
            let beat: Weak<dyn Beat> = Weak::<State>::clone(state);
            State {
                link: Link::new(place, beat),
                name: options.name.clone(),
                share: options.share,
                rules: options.limits.rules(),
                members: Mutex::new(Members { pid: std::process::id(), by_name: BTreeMap::new() }),
            }
        });
        Ok(Shared { state })
    }

    pub(super) async fn admit(&self, scope: &Scope, claim: &Claim) -> std::result::Result<Granted, Duration> {
        let state = &self.state;
        let name = state.name.as_deref().unwrap_or(&scope.key);
        let Some(applied) = state.applied(name, scope, claim) else { return Ok(Granted::default()) };
        if applied.is_empty() {
            return Ok(Granted::default());
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let verdict = match state.step(name, &applied).await {
                Some(Answer::Go(grant)) => return Ok(Granted { grant }),
                Some(Answer::Wait(wait)) => Err(wait),
                Some(Answer::Again) => Err(TURN),
                Some(Answer::Settling) | None => state.alone(name, &applied).map(|grant| Granted { grant }),
            };
            // Whose turn it is not is not held back by a limit.
            if verdict.as_ref().is_err_and(|wait| *wait == TURN) && Instant::now() < until {
                tokio::time::sleep(TURN).await;
                continue;
            }
            return verdict;
        }
    }

    pub(super) fn settle(&self, scope: &Scope, granted: &Granted, used: &Used, headers: Option<&Map<u64>>) {
        let state = &self.state;
        let name = state.name.as_deref().unwrap_or(&scope.key);
        let now = state.link.now();
        let Some(mut members) = state.members() else { return };
        if let Some(member) = members.by_name.get_mut(name) {
            member.settle(&granted.grant, used, &scope.label(), headers, now);
        }
    }
}

impl State {
    fn members(&self) -> Option<MutexGuard<'_, Members>> {
        let mut members = held(&self.members)?;
        let pid = std::process::id();
        if members.pid != pid {
            *members = Members { pid, by_name: BTreeMap::new() };
        }
        Some(members)
    }

    fn with<T>(&self, name: &str, act: impl FnOnce(&mut Member, u64, u64) -> T) -> Option<T> {
        let mut members = self.members()?;
        let member = members.by_name.entry(name.to_owned()).or_insert_with(|| {
            let own = format!("{:x}-{:016x}", std::process::id(), fastrand::u64(..));
            Member::new(name, own, Limiter::new(self.rules.clone()), self.share)
        });
        Some(act(member, self.link.elapsed(), self.link.now()))
    }

    fn applied(&self, name: &str, scope: &Scope, claim: &Claim) -> Option<Vec<Applied>> {
        self.with(name, |member, then, now| {
            member.use_it(then);
            member.own.applied(now, &scope.label(), claim)
        })
    }

    fn alone(&self, name: &str, applied: &[Applied]) -> std::result::Result<Grant, Duration> {
        // Whoever held the lock is gone with the fork: nothing is limited rather than nothing sent.
        self.with(name, |member, then, now| member.alone(applied, then, now)).unwrap_or_else(|| Ok(Grant::default()))
    }

    /// Asks Redis, unless it is known to be away.
    async fn step(&self, name: &str, applied: &[Applied]) -> Option<Answer> {
        if self.with(name, |member, _, _| member.goes_alone())? {
            return None;
        }
        self.ask(name, applied).await
    }

    /// Sends a message and takes its answer over; `None` when there is none.
    async fn ask(&self, name: &str, applied: &[Applied]) -> Option<Answer> {
        let Some(message) = self.with(name, |member, then, now| member.message(applied, then, now))? else {
            return Some(Answer::Wait(TURN));
        };
        let mut under_way = UnderWay { state: self, name, message: Some(message) };
        let (keys, arguments) = under_way.message.as_mut().map(Message::parts)?;
        let outcome = self.link.run(keys, arguments).await;
        let message = under_way.message.take()?;
        self.with(name, |member, then, now| match outcome {
            Outcome::Answer(numbers) => Some(member.answered(&message, &numbers, applied, then, now)),
            Outcome::Unsent | Outcome::Lost => {
                member.unanswered(&message, (outcome == Outcome::Lost).then_some(then));
                member.is_away();
                None
            }
        })?
    }
}

/// A message whose caller may go away before its answer comes.
struct UnderWay<'s> {
    state: &'s State,
    name: &'s str,
    message: Option<Message>,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(message) = self.message.take() {
            self.state.with(self.name, |member, then, _| member.unanswered(&message, Some(then + PATIENCE.as_millis() as u64)));
        }
    }
}

impl Beat for State {
    fn beat(self: Arc<Self>, back: bool) -> Duration {
        let (then, now) = (self.link.elapsed(), self.link.now());
        let mut pause = Duration::from_secs(1);
        let Some(mut members) = self.members() else { return pause };
        for (name, member) in &mut members.by_name {
            let (due, next) = member.due(then, now, back);
            pause = pause.min(Duration::from_millis(next));
            if !due.is_empty() {
                let (state, name) = (Arc::clone(&self), name.clone());
                tokio::spawn(async move { state.ask(&name, &due).await });
            }
        }
        pause
    }
}

/// The others need not wait for whoever says that it goes.
impl Drop for State {
    fn drop(&mut self) {
        let (then, now) = (self.link.elapsed(), self.link.now());
        let Some(mut members) = self.members().map(|mut members| std::mem::take(&mut members.by_name)) else { return };
        for member in members.values_mut() {
            if let Some(mut message) = member.goodbye(then, now) {
                let (keys, arguments) = message.parts();
                self.link.post(keys, arguments);
            }
        }
    }
}
