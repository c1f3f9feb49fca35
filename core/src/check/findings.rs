//! Where rules put what they find: severities by the policy, paths and messages only when there is something to say.

use std::borrow::Cow;
use std::collections::BinaryHeap;

use super::fault::Fault;
use super::report::{Checks, Policy};
use crate::finding::{Finding, Severity};
use crate::generated::rules::rule;
use crate::json::{Path, Segment, Value};

/// More than this is not written down: nobody reads on, and a request of ten thousand broken messages must not cost more
/// than one of ten.
pub(crate) const MOST: usize = 500;

/// Objects with more keys than this are not searched for the place of one.
const LARGEST_ORDERED: usize = 4096;

/// What a rule has found, before the policy is asked.
pub(crate) struct Draft {
    rule: &'static str,
    severity: Option<Severity>,
    message: Words,
    hint: Option<Words>,
    fault: Option<Fault>,
}

/// What a rule says: most of it is known when the program is built, and is copied only when the policy wants to hear it.
type Words = Cow<'static, str>;

impl Draft {
    /// A finding of a rule.
    pub(crate) fn new(rule: &'static str, message: impl Into<Words>) -> Draft {
        Draft { rule, severity: None, message: message.into(), hint: None, fault: None }
    }

    /// What to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<Words>) -> Draft {
        // There is none yet, and so nothing to drop: said in this way, no code to drop it stands at each rule.
        if let Some(earlier) = self.hint.replace(hint.into()) {
            drop(earlier);
        }
        self
    }

    /// What to do about it, if that is known.
    pub(crate) fn maybe_hint(mut self, hint: Option<String>) -> Draft {
        self.hint = hint.map(Cow::Owned);
        self
    }

    /// What the server would answer.
    pub(crate) fn fault(mut self, fault: Fault) -> Draft {
        self.fault = Some(fault);
        self
    }
}

/// A finding with its place in the request and the server's answer to it.
struct Entry {
    place: Vec<usize>,
    finding: Finding,
    fault: Option<Fault>,
}

/// All findings of one check.
pub(crate) struct Findings<'r> {
    policy: &'r Policy,
    request: &'r Value<'r>,
    entries: Vec<Entry>,
    dropped: usize,
    dropped_error: bool,
}

impl<'r> Findings<'r> {
    /// None yet.
    pub(crate) fn new(request: &'r Value<'r>, policy: &'r Policy) -> Findings<'r> {
        Findings { policy, request, entries: Vec::new(), dropped: 0, dropped_error: false }
    }

    /// Whether the policy wants any.
    pub(crate) fn is_wanted(&self) -> bool {
        self.policy.checks != Checks::Off
    }

    /// Takes down a rule's finding, unless the policy has switched the rule off.
    #[cold]
    #[inline(never)]
    pub(crate) fn add(&mut self, path: &Path<'_>, draft: Draft) {
        let row = rule(draft.rule);
        debug_assert!(row.is_some(), "`{}` has no row in rules.toml", draft.rule);
        let Some(row) = row else { return };
        let Some(severity) = self.policy.severity(row.name, draft.severity.unwrap_or(row.severity)) else { return };
        if !self.has_room(severity) {
            return;
        }
        let finding = Finding {
            rule: row.name.to_owned(),
            severity,
            path: path.to_string(),
            message: draft.message.into_owned(),
            hint: draft.hint.map(Cow::into_owned),
            server_code: row.server_code.map(str::to_owned),
            source: row.source.to_owned(),
        };
        let fault = draft.fault.map(|fault| fault.below_role(self.request));
        self.entries.push(Entry { place: self.place(path), finding, fault });
    }

    /// Takes over a finding that was made elsewhere.
    pub(crate) fn adopt(&mut self, path: &Path<'_>, mut finding: Finding, fault: Option<Fault>) {
        let Some(severity) = self.policy.severity(&finding.rule, finding.severity) else { return };
        if self.has_room(severity) {
            finding.severity = severity;
            finding.path = path.to_string();
            self.entries.push(Entry { place: self.place(path), finding, fault });
        }
    }

    /// The findings in the order of the request, what the server would say to each, and whether none is an error.
    pub(crate) fn finish(mut self) -> (Vec<Finding>, Vec<Option<Fault>>, bool) {
        self.order();
        let ok = !self.dropped_error && self.entries.iter().all(|entry| entry.finding.severity < Severity::Error);
        if self.dropped > 0 {
            let message = format!("{} more findings are not shown", self.dropped);
            self.dropped = 0;
            self.add_last(Draft::new("more_findings", message).hint("mend these first"));
        }
        let (findings, faults) = self.entries.into_iter().map(|entry| (entry.finding, entry.fault)).unzip();
        (findings, faults, ok)
    }

    /// Puts the entries in the order of their places; what stands at one place keeps its order. By way of a heap, because the
    /// sorts of the standard library are a sizeable part of a small WebAssembly module.
    fn order(&mut self) {
        let places: BinaryHeap<(Vec<usize>, usize)> =
            self.entries.iter_mut().enumerate().map(|(at, entry)| (std::mem::take(&mut entry.place), at)).collect();
        let mut entries: Vec<Option<Entry>> = self.entries.drain(..).map(Some).collect();
        self.entries = places.into_sorted_vec().into_iter().filter_map(|(_, at)| entries[at].take()).collect();
    }

    fn add_last(&mut self, draft: Draft) {
        let kept = std::mem::take(&mut self.entries);
        self.add(&Path::root(), draft);
        let last = std::mem::replace(&mut self.entries, kept);
        self.entries.extend(last);
    }

    fn has_room(&mut self, severity: Severity) -> bool {
        if self.entries.len() < MOST {
            return true;
        }
        self.dropped += 1;
        self.dropped_error |= severity == Severity::Error;
        false
    }

    /// Where in the request a path stands, as positions from the top; what is missing comes last.
    fn place(&self, path: &Path<'_>) -> Vec<usize> {
        let mut at = Some(self.request);
        let steps = path.segments();
        let mut place = Vec::with_capacity(steps.len());
        for step in steps {
            let (position, next) = match (step, at) {
                (Segment::Index(index), Some(Value::Array(items))) => (index, items.get(index)),
                (Segment::Index(index), _) => (index, None),
                (Segment::Key(key), Some(Value::Object(object))) if object.len() <= LARGEST_ORDERED => {
                    match object.iter().rev().position(|(k, _)| k == key) {
                        Some(back) => (object.len() - 1 - back, object.get(key)),
                        None => (usize::MAX, None),
                    }
                }
                (Segment::Key(_), _) => (usize::MAX, None),
            };
            place.push(position);
            at = next;
        }
        place
    }
}
