//! Limits on the client's side: how many requests and tokens per second, minute and month. The time is an argument.
//!
//! A window slides: it is counted in [`SLOTS`] slots, and what was admitted is counted until the whole slot in which it was
//! admitted has left the window, and 3 % of the window longer, for calls that take longer on their way than others. So no
//! stretch of time as long as the window holds more than the limit, and 96 % of the limit can be used at least. A month is
//! the calendar's.

use std::collections::VecDeque;
use std::time::Duration;

use super::claim::Claim;
use crate::date::Date;
use crate::json::Map;

/// Into how many slots a window is cut.
pub const SLOTS: u64 = 200;
/// For how many slots an entry counts: the window, the rest of its own slot, and what calls may differ in on their way.
pub const LIFE: u64 = SLOTS + 1 + 6;

/// How long a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// So many milliseconds, sliding.
    Millis(u64),
    /// A month of the calendar, in UTC.
    Month,
}

/// A limit: so much of a resource within a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// `req`, `tokens`, `audio-seconds`, `ocr-pages`, …: as the rate-limit headers call it.
    pub resource: String,
    /// Within which time.
    pub span: Span,
    /// How much.
    pub limit: u64,
}

/// Limits that somebody has set; absent ones are learnt from the server's headers, where it sends some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests within a second.
    pub requests_per_second: Option<u64>,
    /// Requests within a minute.
    pub requests_per_minute: Option<u64>,
    /// Tokens within a minute.
    pub tokens_per_minute: Option<u64>,
    /// Tokens within a month of the calendar.
    pub tokens_per_month: Option<u64>,
}

impl Limits {
    /// The limits as rules.
    pub fn rules(&self) -> Vec<Rule> {
        let rule = |resource: &str, span, limit: Option<u64>| Some(Rule { resource: resource.to_owned(), span, limit: limit? });
        [
            rule("req", Span::Millis(1000), self.requests_per_second),
            rule("req", Span::Millis(60_000), self.requests_per_minute),
            rule("tokens", Span::Millis(60_000), self.tokens_per_minute),
            rule("tokens", Span::Month, self.tokens_per_month),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Span {
    /// The slot of a moment, in milliseconds since 1970.
    pub fn slot(self, now: u64) -> u64 {
        match self {
            Span::Millis(window) => now / slot_length(window),
            Span::Month => month(now),
        }
    }

    /// How long a slot is; 0 for a month, which is one.
    pub fn slot_millis(self) -> u64 {
        match self {
            Span::Millis(window) => slot_length(window),
            Span::Month => 0,
        }
    }

    /// The first moment at which what was admitted in `slot` does not count any more.
    fn end_of(self, slot: u64) -> u64 {
        match self {
            Span::Millis(window) => slot.saturating_add(LIFE).saturating_mul(slot_length(window)),
            Span::Month => first_of_month(slot + 1),
        }
    }

    /// How long it is until the month is over.
    pub fn rest_of_month(now: u64) -> u64 {
        Span::Month.end_of(month(now)).saturating_sub(now)
    }
}

fn slot_length(window: u64) -> u64 {
    window.div_ceil(SLOTS).max(1)
}

/// Months since the year 0.
fn month(now: u64) -> u64 {
    let date = Date::from_unix(i64::try_from(now / 1000).unwrap_or(i64::MAX));
    u64::try_from(date.year()).unwrap_or(0) * 12 + u64::from(date.month()) - 1
}

fn first_of_month(month: u64) -> u64 {
    let year = i16::try_from(month / 12).unwrap_or(i16::MAX);
    let days = Date::new(year, u8::try_from(month % 12 + 1).unwrap_or(1), 1).map_or(i64::MAX / 86_400_000, |date| date.to_days());
    u64::try_from(days).unwrap_or(0).saturating_mul(86_400_000)
}

/// What was admitted, by slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    slots: VecDeque<(u64, u64)>,
}

impl Counter {
    /// How much counts now; forgets what does not.
    pub fn used(&mut self, span: Span, now: u64) -> u64 {
        while self.slots.front().is_some_and(|(slot, _)| span.end_of(*slot) <= now) {
            self.slots.pop_front();
        }
        self.slots.iter().fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
    }

    /// Counts so much more in a slot.
    pub fn add(&mut self, slot: u64, amount: u64) {
        let at = self.slots.partition_point(|(other, _)| *other < slot);
        match self.slots.get_mut(at) {
            Some((other, sum)) if *other == slot => *sum = sum.saturating_add(amount),
            _ => self.slots.insert(at, (slot, amount)),
        }
    }

    /// Counts so much less in a slot, if that still counts.
    pub fn take(&mut self, slot: u64, amount: u64) {
        if let Some((_, sum)) = self.slots.iter_mut().find(|(other, _)| *other == slot) {
            *sum = sum.saturating_sub(amount);
        }
    }

    /// Forgets so much, the oldest first.
    fn forget(&mut self, mut amount: u64) {
        for (_, sum) in &mut self.slots {
            let less = amount.min(*sum);
            *sum -= less;
            amount -= less;
        }
    }

    /// When so much will have been freed.
    fn freed_at(&self, span: Span, mut needed: u64) -> u64 {
        let mut at = 0;
        for (slot, amount) in &self.slots {
            at = span.end_of(*slot);
            if *amount >= needed {
                break;
            }
            needed -= amount;
        }
        at
    }
}

/// How much of each resource a call claims: one request, and the tokens that it may use.
///
/// Where the request does not bound its answer, its prompt alone is claimed and the answer is counted when it is there:
/// the longest answer that the model could give would close every window.
pub fn amount(resource: &str, claim: &Claim) -> u64 {
    match resource {
        "req" => 1,
        "tokens" if claim.free => 0,
        "tokens" if claim.bounded => claim.tokens().unwrap_or(claim.prompt),
        "tokens" => claim.prompt,
        _ => 0,
    }
}

/// What was admitted for one call: where it was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The bucket, the slot and the amount.
    pub entries: Vec<(usize, u64, u64)>,
}

/// Whether a call may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Now.
    Go(Grant),
    /// Not before this much time has passed.
    Wait(Duration),
}

/// A rule, to whom it applies, and what was admitted under it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bucket {
    /// The model and key for whom the server said so; empty for what somebody has set.
    scope: String,
    rule: Rule,
    counter: Counter,
    /// What was admitted and is not settled: the server does not count it yet.
    under_way: u64,
}

impl Bucket {
    fn applied(&self, at: usize, now: u64, claim: Option<&Claim>) -> Applied {
        let Rule { resource, span, limit } = &self.rule;
        // A claim that is larger than the limit itself waits for an empty window.
        let amount = claim.map_or(0, |claim| amount(resource, claim)).min(*limit);
        let counted_later = resource != "req" && claim.is_some_and(|claim| !claim.free);
        Applied {
            at,
            scope: self.scope.clone(),
            resource: resource.clone(),
            span: *span,
            limit: *limit,
            amount,
            free: if counted_later { amount.max(1) } else { amount },
            slot: span.slot(now),
            rest: if *span == Span::Month { Span::rest_of_month(now) } else { 0 },
        }
    }
}

/// A rule, and what a call claims under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its place in the limiter.
    pub at: usize,
    /// For whom it was learnt; empty for one that was set.
    pub scope: String,
    /// What it limits.
    pub resource: String,
    /// Within which time.
    pub span: Span,
    /// To how much.
    pub limit: u64,
    /// What the call claims.
    pub amount: u64,
    /// What must be free for it: of what is counted only afterwards, anything.
    pub free: u64,
    /// In which slot it is counted.
    pub slot: u64,
    /// How many milliseconds the month has left, for a limit by the month.
    pub rest: u64,
}

/// Counts, in one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limiter {
    buckets: Vec<Bucket>,
}

impl Limiter {
    /// A limiter with these rules.
    pub fn new(rules: Vec<Rule>) -> Limiter {
        let bucket = |rule| Bucket { scope: String::new(), rule, counter: Counter::default(), under_way: 0 };
        Limiter { buckets: rules.into_iter().map(bucket).collect() }
    }

    /// The rules that hold for `scope`, with what a call claims of each.
    pub fn applied(&self, now: u64, scope: &str, claim: &Claim) -> Vec<Applied> {
        let holds = |bucket: &Bucket| bucket.scope.is_empty() || bucket.scope == scope;
        let buckets = self.buckets.iter().enumerate().filter(|(_, bucket)| holds(bucket));
        buckets.map(|(at, bucket)| bucket.applied(at, now, Some(claim))).collect()
    }

    /// The rule at a place, of which nothing is claimed.
    pub fn applied_at(&self, at: usize, now: u64) -> Option<Applied> {
        Some(self.buckets.get(at)?.applied(at, now, None))
    }

    /// How much counts now under the rule at a place.
    pub fn used(&mut self, at: usize, now: u64) -> u64 {
        self.buckets.get_mut(at).map_or(0, |bucket| bucket.counter.used(bucket.rule.span, now))
    }

    /// Whether a call for `scope` may go at `now` (milliseconds since 1970); if so it is counted.
    pub fn admit(&mut self, now: u64, scope: &str, claim: &Claim) -> Verdict {
        let applied = self.applied(now, scope, claim);
        let mut until = now;
        for rule in &applied {
            let counter = &mut self.buckets[rule.at].counter;
            let needed = counter.used(rule.span, now).saturating_add(rule.free).saturating_sub(rule.limit);
            if rule.free > 0 && needed > 0 {
                until = until.max(counter.freed_at(rule.span, needed));
            }
        }
        if until > now {
            return Verdict::Wait(Duration::from_millis(until - now));
        }
        let mut grant = Grant::default();
        for rule in applied {
            self.buckets[rule.at].under_way += rule.amount;
            self.add(rule.at, rule.slot, rule.amount);
            grant.entries.push((rule.at, rule.slot, rule.amount));
        }
        Verdict::Go(grant)
    }

    /// Puts what a call really used in the place of what it claimed; `None` where nobody knows.
    pub fn settle(&mut self, grant: &Grant, used: &Used) {
        for (at, slot, amount) in &grant.entries {
            let Some(bucket) = self.buckets.get_mut(*at) else { continue };
            bucket.under_way = bucket.under_way.saturating_sub(*amount);
            let Some(real) = used.of(&bucket.rule.resource) else { continue };
            self.correct(*at, *slot, *amount, real);
        }
    }

    /// Counts `real` in a slot where `amount` was counted.
    pub fn correct(&mut self, at: usize, slot: u64, amount: u64, real: u64) {
        let Some(bucket) = self.buckets.get_mut(at) else { return };
        if real > amount {
            bucket.counter.add(slot, real - amount);
        } else {
            bucket.counter.take(slot, amount - real);
        }
    }

    /// Everything that counts now: the place of the rule, the slot and the amount.
    pub fn entries(&mut self, now: u64) -> Vec<(usize, u64, u64)> {
        let mut all = Vec::new();
        for (at, bucket) in self.buckets.iter_mut().enumerate() {
            bucket.counter.used(bucket.rule.span, now);
            all.extend(bucket.counter.slots.iter().map(|(slot, amount)| (at, *slot, *amount)));
        }
        all
    }

    /// Learns from an answer's rate-limit headers (`limit-req-minute`, `remaining-req-minute`, …).
    ///
    /// A limit that somebody has set stays as it is; where the server counts more than we do, because others use the same
    /// key, its count holds. A limit that was learnt is followed in both directions: nobody is slowed below what the server
    /// allows.
    pub fn learn(&mut self, now: u64, scope: &str, headers: &Map<u64>) {
        for (at, limit, remaining) in self.learn_rules(scope, headers) {
            let bucket = &mut self.buckets[at];
            let Some(remaining) = remaining else { continue };
            let (learnt, counted) = (!bucket.scope.is_empty(), limit.saturating_sub(remaining));
            let ours = bucket.counter.used(bucket.rule.span, now);
            if counted > ours && (learnt || counted <= bucket.rule.limit) {
                bucket.counter.add(bucket.rule.span.slot(now), counted - ours);
            } else if learnt {
                bucket.counter.forget(ours.saturating_sub(counted.saturating_add(bucket.under_way)));
            }
        }
    }

    /// Takes over the limits that headers name: the place of each rule, the server's limit and what is left of it.
    pub fn learn_rules(&mut self, scope: &str, headers: &Map<u64>) -> Vec<(usize, u64, Option<u64>)> {
        let mut places = Vec::new();
        for (resource, span, limit, remaining) in said(headers) {
            let is = |bucket: &Bucket, scope: &str| {
                bucket.scope == scope && bucket.rule.resource == resource && bucket.rule.span == span
            };
            let set = self.buckets.iter().position(|bucket| is(bucket, ""));
            let known = self.buckets.iter().position(|bucket| is(bucket, scope));
            let place = set.or(known).unwrap_or_else(|| {
                let rule = Rule { resource: resource.clone(), span, limit };
                self.buckets.push(Bucket { scope: scope.to_owned(), rule, counter: Counter::default(), under_way: 0 });
                self.buckets.len() - 1
            });
            if set.is_none() {
                self.buckets[place].rule.limit = limit;
            }
            places.push((place, limit, remaining));
        }
        places
    }

    /// How many rules there are: those that were set, and those that were learnt.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &Rule)> {
        self.buckets.iter().map(|bucket| (bucket.scope.as_str(), &bucket.rule))
    }

    /// Counts something that nobody asked for, under the rule at this place.
    pub fn add(&mut self, at: usize, slot: u64, amount: u64) {
        if let Some(bucket) = self.buckets.get_mut(at) {
            bucket.counter.add(slot, amount);
        }
    }
}

/// What a call really used; absent where nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Tokens of prompt and answer.
    pub tokens: Option<u64>,
    /// What the headers `<resource>-query-cost` say.
    pub by_header: Map<u64>,
}

impl Used {
    /// So much of a resource.
    pub fn of(&self, resource: &str) -> Option<u64> {
        match (resource, self.by_header.get(resource)) {
            ("req", _) => None,
            (_, Some(cost)) => Some(*cost),
            ("tokens", None) => self.tokens,
            _ => None,
        }
    }
}

/// What the headers say that a call cost, by resource.
pub fn query_costs(headers: &Map<u64>) -> Map<u64> {
    let cost = |(key, cost): (&String, &u64)| {
        let resource = key.strip_suffix("query-cost")?.trim_end_matches('-');
        Some((if resource.is_empty() || resource == "bysize" { "tokens" } else { resource }.to_owned(), *cost))
    };
    headers.iter().filter_map(cost).collect()
}

/// The limits that headers name: resource, window, limit, and what is left. A limit of nought is no limit to wait for.
fn said(headers: &Map<u64>) -> impl Iterator<Item = (String, Span, u64, Option<u64>)> + '_ {
    headers.iter().filter(|(_, limit)| **limit > 0).filter_map(|(key, limit)| {
        let (by_size, rest) = key.strip_prefix("bysize-").map_or((false, key.as_str()), |rest| (true, rest));
        let what = rest.strip_prefix("limit-")?;
        let (resource, span) = if by_size { ("tokens", span(what)?) } else { split(what)? };
        let left = format!("{}remaining-{what}", if by_size { "bysize-" } else { "" });
        Some((resource.to_owned(), span, *limit, headers.get(&left).copied()))
    })
}

/// `tokens-5-minute` as `tokens` and five minutes.
fn split(what: &str) -> Option<(&str, Span)> {
    let (front, unit) = what.rsplit_once('-')?;
    match front.rsplit_once('-') {
        Some((resource, count)) if count.bytes().all(|b| b.is_ascii_digit()) => {
            let count: u64 = count.parse().ok().filter(|count| (1..100_000).contains(count))?;
            match span(unit)? {
                Span::Millis(length) => Some((resource, Span::Millis(length * count))),
                Span::Month => None,
            }
        }
        _ => Some((front, span(unit)?)),
    }
}

fn span(unit: &str) -> Option<Span> {
    Some(match unit {
        "second" => Span::Millis(1000),
        "minute" => Span::Millis(60_000),
        "hour" => Span::Millis(3_600_000),
        "day" => Span::Millis(86_400_000),
        "month" => Span::Month,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
