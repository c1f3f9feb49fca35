//! Counts that several processes share in Redis.
//!
//! Each process also counts for itself what Redis let go through: a Redis that comes back without its data is told it
//! again. While Redis cannot be reached, a process takes its share of the limits, less its share of what all had used when
//! Redis was last heard of: in the window in which Redis goes away the shares may come on top of what others had used since.
//! When Redis is back, both the share and Redis have to agree until everybody has had the time to tell what went.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use super::link::{Job, Link, Script};
use super::{Granted, LimiterOptions};
use crate::client::meter::Scope;
use crate::client::reqwest::lock;
use crate::error::Result;
use crate::policy::claim::Claim;
use crate::policy::limit::{Applied, Grant, LIFE, Limiter, Span, Used, Verdict};

/// How long, after Redis came back without its data, everybody goes on with the share: until all have told what they know.
const SETTLING: u64 = 1500;

/// A limiter whose counts are in Redis.
pub(super) struct Shared {
    link: Link,
    name: Option<String>,
    share: f64,
    local: Mutex<Local>,
}

/// What this process knows.
struct Local {
    /// The rules, and what this process let go through, in Redis's time.
    own: Limiter,
    /// The count of Redis that this belongs to; 0 before the first answer.
    epoch: u64,
    /// What Redis's clock is ahead.
    ahead: i64,
    /// What all had used, by rule, when Redis was last heard of.
    used: Vec<(usize, u64)>,
    /// The share, while Redis is away.
    alone: Option<Limiter>,
    /// What was let go meanwhile and Redis does not know.
    untold: Vec<(usize, u64, u64)>,
    /// Until when, in Redis's time, the share holds although Redis answers.
    settling: u64,
}

impl Shared {
    pub(super) fn new(url: &str, options: &LimiterOptions) -> Result<Shared> {
        let local = Local {
            own: Limiter::new(options.limits.rules()),
            epoch: 0,
            ahead: 0,
            used: Vec::new(),
            alone: None,
            untold: Vec::new(),
            settling: 0,
        };
        Ok(Shared { link: Link::new(url)?, name: options.name.clone(), share: options.share, local: Mutex::new(local) })
    }

    pub(super) async fn admit(&self, now: u64, scope: &Scope, claim: &Claim) -> std::result::Result<Granted, Duration> {
        // A count that was begun anew is met once; a second time it is not waited for.
        for _ in 0..3 {
            let Some((applied, epoch)) = self.applied(now, scope, claim) else { return Ok(Granted::default()) };
            if applied.is_empty() {
                return Ok(Granted::default());
            }
            // While not everybody has told Redis what it knows, its word alone is not enough.
            let part = if self.is_settling(now) { Some(self.take_part(now, scope, claim)?) } else { None };
            match self.ask(scope, &applied, epoch).await.as_deref() {
                Some([2, _, _, new]) => {
                    self.give_part_back(part.as_ref());
                    self.begin_anew(now, scope, *new);
                }
                Some([verdict, wait, then, new, used @ ..]) => {
                    let heard = Heard { then: *then, epoch: *new, used };
                    if *verdict != 1 {
                        self.give_part_back(part.as_ref());
                    }
                    return self.heard(now, &applied, *verdict == 1, *wait, &heard);
                }
                _ => return self.alone(now, scope, claim, part),
            }
        }
        self.alone(now, scope, claim, None)
    }

    fn applied(&self, now: u64, scope: &Scope, claim: &Claim) -> Option<(Vec<Applied>, u64)> {
        let local = lock(&self.local)?;
        Some((local.own.applied(local.redis_time(now), &scope.label(), claim), local.epoch))
    }

    /// Asks Redis; before that it is told what it does not know.
    async fn ask(&self, scope: &Scope, applied: &[Applied], epoch: u64) -> Option<Vec<i64>> {
        let untold = lock(&self.local).map(|mut local| std::mem::take(&mut local.untold)).unwrap_or_default();
        if !untold.is_empty() && !self.tell(scope, &untold).await {
            if let Some(mut local) = lock(&self.local) {
                local.untold.extend(untold);
            }
            return None;
        }
        let mut keys = vec![self.key(scope, "epoch")];
        let mut arguments = vec![epoch.to_string(), LIFE.to_string()];
        for rule in applied {
            keys.push(self.rule_key(scope, rule));
            let rest = if rule.span == Span::Month { rule.rest } else { 0 };
            arguments.extend([rule.span.slot_millis(), rule.limit, rule.amount, rule.free, rest].map(|n| n.to_string()));
        }
        self.link.run(Script::Admit, keys, arguments).await
    }

    /// Counts in Redis what it does not know.
    async fn tell(&self, scope: &Scope, entries: &[(usize, u64, u64)]) -> bool {
        let (keys, arguments) = self.corrections(scope, entries.iter().map(|(at, slot, amount)| (*at, *slot, *amount as i64)));
        keys.is_empty() || self.link.run(Script::Correct, keys, arguments).await.is_some()
    }

    fn corrections(&self, scope: &Scope, entries: impl Iterator<Item = (usize, u64, i64)>) -> (Vec<String>, Vec<String>) {
        let (mut keys, mut arguments) = (Vec::new(), vec![LIFE.to_string()]);
        let Some(local) = lock(&self.local) else { return (keys, arguments) };
        for (at, slot, difference) in entries.filter(|(.., difference)| *difference != 0) {
            let Some(rule) = local.own.applied_at(at) else { continue };
            // The slot of a month is its name's part.
            let field = if rule.span == Span::Month { 0 } else { slot };
            keys.push(self.rule_key(scope, &Applied { slot, ..rule.clone() }));
            arguments.extend([rule.span.slot_millis().to_string(), field.to_string(), difference.to_string()]);
        }
        (keys, arguments)
    }

    /// Redis came back without its data.
    fn begin_anew(&self, now: u64, scope: &Scope, epoch: i64) {
        let known = {
            let Some(mut local) = lock(&self.local) else { return };
            let epoch = u64::try_from(epoch).unwrap_or(0);
            if local.epoch == epoch {
                return;
            }
            local.epoch = epoch;
            // The count is named by the moment at which it began: all processes settle until the same one.
            local.settling = epoch + SETTLING;
            local.untold.clear();
            let then = local.redis_time(now);
            local.own.entries(then)
        };
        let (keys, arguments) = self.corrections(scope, known.into_iter().map(|(at, slot, amount)| (at, slot, amount as i64)));
        if !keys.is_empty() {
            self.link.send(Job { script: Script::Correct, keys, arguments, reply: None });
        }
    }

    fn heard(
        &self,
        now: u64,
        applied: &[Applied],
        went: bool,
        wait: i64,
        heard: &Heard<'_>,
    ) -> std::result::Result<Granted, Duration> {
        let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
        let Some(mut local) = lock(&self.local) else { return if went { Ok(Granted::default()) } else { Err(wait) } };
        let then = u64::try_from(heard.then).unwrap_or(0);
        if local.alone.is_some() && local.settling <= then {
            let was_settling = local.settling + SETTLING > then;
            if was_settling {
                local.alone = None;
            } else {
                // Redis was away: others may have gone on with their share and not told it yet.
                local.settling = then + SETTLING;
            }
        }
        local.epoch = u64::try_from(heard.epoch).unwrap_or(0);
        local.ahead = heard.then - i64::try_from(now).unwrap_or(0);
        local.used = applied.iter().zip(heard.used).map(|(rule, used)| (rule.at, u64::try_from(*used).unwrap_or(0))).collect();
        if !went {
            return Err(wait);
        }
        let mut grant = Grant::default();
        for rule in applied {
            let slot = rule.span.slot(then);
            local.own.add(rule.at, slot, rule.amount);
            grant.entries.push((rule.at, slot, rule.amount));
        }
        let at = local.epoch;
        Ok(Granted { grant, at })
    }

    fn is_settling(&self, now: u64) -> bool {
        lock(&self.local).is_some_and(|local| local.redis_time(now) < local.settling)
    }

    /// Takes a call out of this process's share.
    fn take_part(&self, now: u64, scope: &Scope, claim: &Claim) -> std::result::Result<Grant, Duration> {
        let Some(mut local) = lock(&self.local) else { return Ok(Grant::default()) };
        let then = local.redis_time(now);
        let local = &mut *local;
        let alone = local.alone.get_or_insert_with(|| local.own.share(self.share, then, &local.used));
        match alone.admit(then, &scope.label(), claim) {
            Verdict::Wait(wait) => Err(wait),
            Verdict::Go(grant) => Ok(grant),
        }
    }

    fn give_part_back(&self, part: Option<&Grant>) {
        let (Some(part), Some(mut local)) = (part, lock(&self.local)) else { return };
        if let Some(alone) = &mut local.alone {
            part.entries.iter().for_each(|(at, slot, amount)| alone.correct(*at, *slot, *amount, 0));
        }
    }

    /// Without Redis: the process takes its share, and remembers what Redis has to be told.
    fn alone(&self, now: u64, scope: &Scope, claim: &Claim, part: Option<Grant>) -> std::result::Result<Granted, Duration> {
        let grant = match part {
            Some(grant) => grant,
            None => self.take_part(now, scope, claim)?,
        };
        let Some(mut local) = lock(&self.local) else { return Ok(Granted::default()) };
        for (at, slot, amount) in &grant.entries {
            local.own.add(*at, *slot, *amount);
            local.untold.push((*at, *slot, *amount));
        }
        let at = local.epoch;
        Ok(Granted { grant, at })
    }

    pub(super) fn settle(
        &self,
        now: u64,
        scope: &Scope,
        granted: &Granted,
        used: &Used,
        headers: Option<&BTreeMap<String, u64>>,
    ) {
        let mut corrections = Vec::new();
        {
            let Some(mut local) = lock(&self.local) else { return };
            let then = local.redis_time(now);
            for (at, slot, amount) in &granted.grant.entries {
                let Some(real) = local.own.applied_at(*at).and_then(|rule| used.of(&rule.resource)) else { continue };
                local.own.correct(*at, *slot, *amount, real);
                corrections.push((*at, *slot, i64::try_from(real).unwrap_or(i64::MAX) - *amount as i64));
            }
            if let Some(headers) = headers {
                // Nothing is left at the server: others, who do not count here, use the same key.
                for (at, limit, remaining) in local.own.learn_rules(&scope.label(), headers) {
                    let used = local.used.iter().find(|(place, _)| *place == at).map_or(0, |(_, used)| *used);
                    let Some(rule) = local.own.applied_at(at).filter(|_| remaining == Some(0)) else { continue };
                    let more = limit.min(rule.limit).saturating_sub(used);
                    corrections.push((at, rule.span.slot(then), i64::try_from(more).unwrap_or(i64::MAX)));
                }
            }
            if granted.at != local.epoch {
                return;
            }
        }
        let (keys, arguments) = self.corrections(scope, corrections.into_iter());
        if !keys.is_empty() {
            self.link.send(Job { script: Script::Correct, keys, arguments, reply: None });
        }
    }

    /// A name in Redis. The braces keep all that one script touches on one node of a cluster.
    fn key(&self, scope: &Scope, what: &str) -> String {
        format!("tramontane:limit:{{{}}}:{what}", self.name.as_deref().unwrap_or(&scope.key))
    }

    fn rule_key(&self, scope: &Scope, rule: &Applied) -> String {
        let window = match rule.span {
            Span::Millis(length) => length.to_string(),
            Span::Month => format!("month-{}", rule.slot),
        };
        // The model is part of the name of what was learnt for it.
        self.key(scope, &format!("{}:{}:{window}", rule.scope, rule.resource))
    }
}

/// An answer of Redis.
struct Heard<'a> {
    then: i64,
    epoch: i64,
    used: &'a [i64],
}

impl Local {
    fn redis_time(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.ahead)
    }
}
