//! What one process knows of a count that it shares, and what it may do while nobody answers. No clock, no network.
//!
//! Times are in milliseconds: `now` in Redis's time, which slots are made of; `then` by a clock that nobody sets.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::json::Map;
use crate::policy::limit::{Applied, Grant, LIFE, Limiter, Span, Used};

/// How long after its last answer a process that is in use begins to act alone, and the same for one that is not.
const SILENCE: [u64; 2] = [200, 3000];
/// How long a process is in use after a call.
const IN_USE: u64 = 30_000;
/// How long a call waits for Redis to come back, before it asks again.
const WAIT: Duration = Duration::from_millis(50);
/// How long after its last message a process does not know any more what it may do alone.
const STOPPED: u64 = 1500;
/// How long it waits for an answer that is under way.
pub(super) const TURN: Duration = Duration::from_millis(2);
/// An answer that took longer than so many slots counts from when it came.
const LATE: u64 = 3;

/// One process in one count.
pub(super) struct Member {
    /// The rules, and what this process let go, in Redis's time.
    pub(super) own: Limiter,
    /// The name of the count, and its own in it.
    count: String,
    name: String,
    /// The part of each limit that it takes when Redis was never there.
    share: f64,
    /// The count that Redis keeps; 0 before the first answer.
    epoch: u64,
    rights: Vec<Right>,
    /// What Redis does not know: how much more, by rule and slot.
    untold: BTreeMap<(usize, u64), i64>,
    /// Whether calls went that Redis does not know: until it knows them, it is asked nothing else.
    has_gone_alone: bool,
    /// Whether a message that tells them is under way.
    telling: bool,
    /// Whether Redis gave no answer to the last message: then calls go alone, and only beats ask for Redis.
    away: bool,
    /// How many messages are under way, and how many there were.
    under_way: u32,
    sent: u64,
    asked: u64,
    in_use: Option<u64>,
}

/// What a process may do under one rule.
#[derive(Clone, Debug, Default)]
struct Right {
    /// From when on it may go alone, since Redis last answered or may have; nothing goes alone before.
    begins: Option<u64>,
    /// How long after an answer that is.
    silence: u64,
    /// Its part of what is free, and of the limit.
    spare: u64,
    fair: u64,
    /// What all had used when Redis last answered.
    total: u64,
    /// What is to be told of an earlier count.
    base: u64,
    /// The most in a window since it is alone.
    alone: Option<u64>,
    /// When it last went alone, for a part that is less than one.
    took: Option<u64>,
    /// Which message its numbers are from, and when the last one was sent.
    message: u64,
    asked: u64,
}

/// A message, as the script reads it, without what the connection adds.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) keys: Vec<String>,
    pub(super) arguments: Vec<String>,
    places: Vec<usize>,
    told: Vec<((usize, u64), i64)>,
    tells_all: bool,
    epoch: u64,
    number: u64,
    sent: u64,
    silence: u64,
}

impl Message {
    /// The keys and arguments of the script.
    pub(super) fn parts(&mut self) -> (Vec<String>, Vec<String>) {
        (std::mem::take(&mut self.keys), std::mem::take(&mut self.arguments))
    }
}

/// What Redis answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Go(Grant),
    Wait(Duration),
    /// It begins to count anew: ask again.
    Again,
    /// It is not ready yet.
    Settling,
}

impl Right {
    /// How much may be in the window without Redis, or how long nothing may be added to it.
    fn room(&mut self, rule: &Applied, used: u64, share: f64, then: u64) -> Result<u64, Duration> {
        let life = rule.span.slot_millis() * LIFE;
        let Some(begins) = self.begins else {
            let part = rule.limit as f64 * share;
            self.fair = part as u64;
            if self.fair > 0 || life == 0 || part <= 0.0 {
                return Ok(self.fair);
            }
            // A part of less than one is one in as many windows.
            let next = self.took.map_or(then, |took| took.saturating_add((life as f64 / part) as u64));
            return if next <= then { Ok(1) } else { Err(Duration::from_millis(next - then)) };
        };
        if then < begins {
            return Err(Duration::from_millis(begins - then));
        }
        let alone = *self.alone.get_or_insert(used.saturating_add(self.spare));
        Ok(match life {
            // Nothing leaves a month.
            0 => alone,
            life if then >= begins + life => self.fair,
            _ => alone.min(self.fair),
        })
    }
}

impl Member {
    pub(super) fn new(count: &str, name: String, own: Limiter, share: f64) -> Member {
        Member {
            own,
            count: count.to_owned(),
            name,
            share,
            epoch: 0,
            rights: Vec::new(),
            untold: BTreeMap::new(),
            has_gone_alone: false,
            telling: false,
            away: false,
            under_way: 0,
            sent: 0,
            asked: 0,
            in_use: None,
        }
    }

    fn right(&mut self, at: usize) -> &mut Right {
        if self.rights.len() <= at {
            self.rights.resize_with(at + 1, Right::default);
        }
        &mut self.rights[at]
    }

    /// Somebody wants to call.
    pub(super) fn use_it(&mut self, then: u64) {
        self.in_use = Some(then);
    }

    fn silence(&self, then: u64) -> u64 {
        SILENCE[usize::from(self.in_use.is_none_or(|used| used + IN_USE < then))]
    }

    /// Everything under which it is known, and when that is due to be said again.
    pub(super) fn due(&mut self, then: u64, now: u64, all: bool) -> (Vec<Applied>, u64) {
        let (mut due, mut next) = (Vec::new(), SILENCE[1] / 3);
        let silence = self.silence(then);
        for at in 0..self.rights.len() {
            let Some(rule) = self.own.applied_at(at, now) else { continue };
            let used = self.own.used(at, now);
            let share = self.share;
            let right = self.right(at);
            if right.begins.is_some() {
                // What it may do alone is fixed when it begins to be alone.
                let _ = right.room(&rule, used, share, then);
            }
            if right.asked == 0 {
                continue;
            }
            let at = right.asked + right.silence.min(silence) / 3;
            if all || at <= then {
                due.push(rule);
            } else {
                next = next.min(at - then);
            }
        }
        if !due.is_empty() {
            next = next.min(silence / 3);
        }
        (due, next)
    }

    /// The message that asks for what is claimed and tells what Redis does not know; `None` while another one tells that.
    pub(super) fn message(&mut self, applied: &[Applied], then: u64, now: u64) -> Option<Message> {
        if self.telling || (self.away && self.under_way > 0) {
            return None;
        }
        self.under_way += 1;
        self.asked = then;
        self.sent += 1;
        let silence = self.silence(then);
        let mut rules = applied.to_vec();
        let tells_all = self.has_gone_alone;
        if tells_all {
            // All of it at once: between two messages a call of somebody else would find room that is none.
            let here: BTreeSet<usize> = rules.iter().map(|rule| rule.at).collect();
            let more: BTreeSet<usize> = self.untold.keys().map(|(at, _)| *at).filter(|at| !here.contains(at)).collect();
            rules.extend(more.into_iter().filter_map(|at| self.own.applied_at(at, now)));
            self.has_gone_alone = false;
            self.telling = true;
        }
        let mut keys = vec![self.key("epoch")];
        let mut arguments = vec![self.epoch.to_string(), self.name.clone(), silence.to_string(), LIFE.to_string()];
        for rule in &rules {
            keys.extend(self.keys_of(rule));
            let own = self.own.used(rule.at, now);
            let right = self.right(rule.at);
            right.asked = then.max(1);
            let rest = if rule.span == Span::Month { rule.rest } else { 0 };
            let numbers = [rule.span.slot_millis(), rule.limit, rule.amount, rule.free, rest, own];
            arguments.extend(numbers.iter().chain([&right.spare, &right.fair, &right.base]).map(u64::to_string));
        }
        let places: Vec<usize> = rules.iter().map(|rule| rule.at).collect();
        let (told, kept) = std::mem::take(&mut self.untold).into_iter().partition(|((at, _), _)| places.contains(at));
        self.untold = kept;
        let told: Vec<((usize, u64), i64)> = BTreeMap::into_iter(told).collect();
        for ((at, slot), more) in &told {
            let place = places.iter().position(|place| place == at).unwrap_or_default() + 1;
            arguments.extend([place.to_string(), field(self.own.applied_at(*at, now), *slot), more.to_string()]);
        }
        Some(Message { keys, arguments, places, told, tells_all, epoch: self.epoch, number: self.sent, sent: then, silence })
    }

    /// A name in Redis. The braces keep all that one message touches on one node of a cluster.
    fn key(&self, what: &str) -> String {
        format!("tramontane:limit:{{{}}}:{what}", self.count)
    }

    fn keys_of(&self, rule: &Applied) -> [String; 2] {
        let window = match rule.span {
            Span::Millis(length) => length.to_string(),
            Span::Month => format!("month-{}", rule.slot),
        };
        // The model is part of the name of what was learnt for it.
        let slots = self.key(&format!("{}:{}:{window}", rule.scope, rule.resource));
        let members = format!("{slots}:members");
        [slots, members]
    }

    /// The message that says goodbye.
    pub(super) fn goodbye(&mut self, then: u64, now: u64) -> Option<Message> {
        let known = (0..self.rights.len()).filter_map(|at| self.own.applied_at(at, now)).collect::<Vec<_>>();
        let mut message = self.message(&known, then, now).filter(|message| !message.places.is_empty())?;
        message.arguments[2] = "-1".to_owned();
        Some(message)
    }

    /// The message got no answer; until `until`, Redis may have read it or may still.
    pub(super) fn unanswered(&mut self, message: &Message, until: Option<u64>) {
        self.under_way -= 1;
        self.put_back(message);
        let Some(until) = until else { return };
        for at in &message.places {
            let right = self.right(*at);
            right.begins = right.begins.max(Some(until + message.silence));
            right.alone = None;
        }
    }

    /// Redis is not there: see [`Member::alone`].
    pub(super) fn is_away(&mut self) {
        self.away = true;
    }

    /// Whether calls go alone for the time being.
    pub(super) fn goes_alone(&self) -> bool {
        self.away
    }

    fn put_back(&mut self, message: &Message) {
        for (place, more) in &message.told {
            // Whoever begins anew tells what there is now.
            if message.epoch == self.epoch || !self.is_short(place.0) {
                *self.untold.entry(*place).or_default() += more;
            }
        }
        if message.tells_all {
            self.telling = false;
            self.has_gone_alone = true;
        }
    }

    /// Takes an answer over; `applied` is what was asked for.
    pub(super) fn answered(&mut self, message: &Message, numbers: &[i64], applied: &[Applied], then: u64, now: u64) -> Answer {
        let number = |at: usize| numbers.get(at).map_or(0, |number| u64::try_from(*number).unwrap_or(0));
        let [verdict, wait, time, epoch] = [0, 1, 2, 3].map(number);
        self.under_way -= 1;
        match verdict {
            3 => {
                self.put_back(message);
                return Answer::Again;
            }
            2 => {
                self.put_back(message);
                self.begin_anew(epoch, then, now);
                self.away = wait > 0;
                return if wait > 0 { Answer::Settling } else { Answer::Again };
            }
            _ => {}
        }
        self.telling &= !message.tells_all;
        self.away = false;
        for (index, at) in message.places.iter().enumerate() {
            let right = self.right(*at);
            right.alone = None;
            right.took = None;
            // Answers may overtake each other.
            if message.number > right.message {
                let [total, spare, fair] = [0, 1, 2].map(|which| number(4 + index * 3 + which));
                (right.message, right.silence, right.begins) = (message.number, message.silence, Some(then + message.silence));
                (right.total, right.spare, right.fair, right.base) = (total, spare, fair, 0);
            }
        }
        if verdict != 1 {
            return Answer::Wait(Duration::from_millis(wait));
        }
        let mut grant = Grant::default();
        for rule in applied {
            let asked = rule.span.slot(time);
            let came = rule.span.slot(time + then.saturating_sub(message.sent));
            let slot = if came > asked + LATE { came } else { asked };
            let amount = i64::try_from(rule.amount).unwrap_or(i64::MAX);
            if epoch != self.epoch {
                // It was let go by a Redis that is gone.
                self.tell(rule.at, slot, amount);
                self.has_gone_alone = true;
            } else if slot != asked {
                // It leaves only now: Redis counts it from now, and has counted it until now.
                self.tell(rule.at, asked, -amount);
                self.tell(rule.at, slot, amount);
            }
            self.own.add(rule.at, slot, rule.amount);
            grant.entries.push((rule.at, slot, rule.amount));
        }
        Answer::Go(grant)
    }

    /// Redis counts from nothing: it will have to be told all. What it had let go ended with the count that it lost.
    fn begin_anew(&mut self, epoch: u64, then: u64, now: u64) {
        if self.epoch == epoch {
            return;
        }
        let had_one = std::mem::replace(&mut self.epoch, epoch) != 0;
        for at in (0..self.rights.len()).filter(|_| had_one) {
            let is_short = self.is_short(at);
            let used = self.own.used(at, now);
            let right = &mut self.rights[at];
            if !is_short {
                right.base = right.base.max(right.total);
            }
            if right.begins.is_some_and(|begins| begins > then) {
                right.begins = Some(then);
                right.alone = Some(used.saturating_add(right.spare));
            }
        }
        // Of a long time, the sum of all is told in the place of the entries, and what was added to it since.
        let mut untold = std::mem::take(&mut self.untold);
        untold.retain(|(at, _), _| !self.is_short(*at));
        for (at, slot, amount) in self.own.entries(now) {
            if self.is_short(at) {
                untold.insert((at, slot), i64::try_from(amount).unwrap_or(i64::MAX));
            }
        }
        self.untold = untold;
        self.has_gone_alone = !self.untold.is_empty();
    }

    /// Whether all that was let go leaves the window within a minute.
    fn is_short(&self, at: usize) -> bool {
        self.own.applied_at(at, 0).is_some_and(|rule| (1..=300).contains(&rule.span.slot_millis()))
    }

    /// Lets a call go without Redis, or says how long it has to wait.
    pub(super) fn alone(&mut self, applied: &[Applied], then: u64, now: u64) -> Result<Grant, Duration> {
        // An answer that is under way may let others take what would go now. And who was stopped for a while asks first: what
        // it may do alone may belong to others by now.
        if self.under_way > 0 || self.asked + STOPPED < then {
            return Err(TURN);
        }
        let mut wait = Duration::ZERO;
        for rule in applied {
            let used = self.own.used(rule.at, now);
            let share = self.share;
            match self.right(rule.at).room(rule, used, share, then) {
                Err(quiet) if rule.free > 0 => wait = wait.max(quiet),
                Ok(room) if rule.free > 0 && used.saturating_add(rule.free) > room => wait = wait.max(WAIT),
                _ => {}
            }
        }
        if !wait.is_zero() {
            // Redis may be back sooner.
            return Err(wait.min(WAIT));
        }
        let mut grant = Grant::default();
        for rule in applied {
            self.right(rule.at).took = Some(then);
            let slot = rule.span.slot(now);
            self.own.add(rule.at, slot, rule.amount);
            *self.untold.entry((rule.at, slot)).or_default() += i64::try_from(rule.amount).unwrap_or(i64::MAX);
            self.has_gone_alone = true;
            grant.entries.push((rule.at, slot, rule.amount));
        }
        Ok(grant)
    }

    /// Puts what a call really used in the place of what it claimed, and learns from the answer's headers.
    pub(super) fn settle(&mut self, grant: &Grant, used: &Used, label: &str, headers: Option<&Map<u64>>, now: u64) {
        for (at, slot, amount) in &grant.entries {
            let Some(real) = self.own.applied_at(*at, now).and_then(|rule| used.of(&rule.resource)) else { continue };
            self.own.correct(*at, *slot, *amount, real);
            self.tell(*at, *slot, i64::try_from(real).unwrap_or(i64::MAX) - i64::try_from(*amount).unwrap_or(i64::MAX));
        }
        let Some(headers) = headers else { return };
        for (at, limit, remaining) in self.own.learn_rules(label, headers) {
            // Nothing is left at the server: others, who do not count here, use the same key.
            let Some(rule) = self.own.applied_at(at, now).filter(|_| remaining == Some(0)) else { continue };
            let more = limit.min(rule.limit).saturating_sub(self.right(at).total);
            self.tell(at, rule.slot, i64::try_from(more).unwrap_or(i64::MAX));
        }
    }

    fn tell(&mut self, at: usize, slot: u64, more: i64) {
        if more != 0 {
            *self.untold.entry((at, slot)).or_default() += more;
        }
    }
}

/// A slot's name in Redis. The slot of a month is a part of its key.
fn field(rule: Option<Applied>, slot: u64) -> String {
    if rule.is_some_and(|rule| rule.span == Span::Month) { "0".to_owned() } else { slot.to_string() }
}

#[cfg(test)]
mod tests;
