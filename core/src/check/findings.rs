//! Where rules put what they find: severities by the policy, paths and messages only when there is something to say.

use std::fmt::Arguments;

use super::fault::Fault;
use super::names::sorted;
use super::report::{Checks, Policy};
use crate::finding::{Finding, Severity};
use crate::generated::rules::rule;
use crate::json::{Path, Segment, Value};

/// More than this is not written down: nobody reads on, and a request of ten thousand broken messages must not cost more
/// than one of ten.
pub(crate) const MOST: usize = 500;

/// Objects with more keys than this are not searched for the place of one.
const LARGEST_ORDERED: usize = 4096;

/// What a rule has found, before the policy is asked. Nothing is written yet: where nobody wants to hear it nothing will be,
/// and no code to write it and to clean up after it stands at each rule.
pub(crate) struct Draft<'d> {
    rule: &'static str,
    message: Arguments<'d>,
    hint: Arguments<'d>,
    fault: Fault,
}

impl<'d> Draft<'d> {
    /// A finding of a rule.
    #[inline(always)]
    pub(crate) fn new(rule: &'static str, message: Arguments<'d>) -> Draft<'d> {
        Draft { rule, message, hint: format_args!(""), fault: Fault::Nothing }
    }

    /// What to do about it; where this writes nothing, there is no hint.
    #[inline(always)]
    pub(crate) fn hint(self, hint: Arguments<'d>) -> Draft<'d> {
        Draft { hint, ..self }
    }

    /// What the server would answer.
    #[inline(always)]
    pub(crate) fn fault(self, fault: Fault) -> Draft<'d> {
        Draft { fault, ..self }
    }
}

/// A finding with its place in the request and the server's answer to it.
struct Entry {
    place: Vec<usize>,
    finding: Finding,
    fault: Fault,
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
    #[inline(always)]
    pub(crate) fn add(&mut self, path: &Path<'_>, draft: Draft<'_>) {
        self.take(path, draft.rule, draft.message, draft.hint, draft.fault);
    }

    /// [`Findings::add`] for a field of the request itself.
    #[inline(always)]
    pub(crate) fn at(&mut self, field: &str, draft: Draft<'_>) {
        self.take_at(field, draft.rule, draft.message, draft.hint, draft.fault);
    }

    #[cold]
    #[inline(never)]
    fn take_at(&mut self, field: &str, name: &str, message: Arguments<'_>, hint: Arguments<'_>, fault: Fault) {
        self.take(&Path::root().key(field), name, message, hint, fault);
    }

    /// [`Findings::add`], with a draft's parts each for itself: so they are put together nowhere.
    #[cold]
    #[inline(never)]
    fn take(&mut self, path: &Path<'_>, name: &str, message: Arguments<'_>, hint: Arguments<'_>, fault: Fault) {
        let row = rule(name);
        debug_assert!(row.is_some(), "`{name}` has no row in rules.toml");
        let Some(row) = row else { return };
        let Some(severity) = self.policy.severity(row.name, row.severity) else { return };
        if !self.has_room(severity) {
            return;
        }
        let finding = Finding {
            rule: row.name.to_owned(),
            severity,
            path: path.to_string(),
            message: message.to_string(),
            hint: Some(hint.to_string()).filter(|hint| !hint.is_empty()),
            server_code: row.server_code.map(str::to_owned),
            source: row.source.to_owned(),
        };
        let fault = fault.below_role(self.request);
        self.entries.push(Entry { place: self.place(path), finding, fault });
    }

    /// Takes over a finding that was made elsewhere.
    #[cold]
    #[inline(never)]
    pub(crate) fn adopt(&mut self, path: &Path<'_>, mut finding: Finding, fault: Fault) {
        let Some(severity) = self.policy.severity(&finding.rule, finding.severity) else { return };
        if self.has_room(severity) {
            finding.severity = severity;
            finding.path = path.to_string();
            self.entries.push(Entry { place: self.place(path), finding, fault });
        }
    }

    /// The findings in the order of the request, what the server would say to each, and whether none is an error.
    pub(crate) fn finish(self) -> (Vec<Finding>, Vec<Fault>, bool) {
        if self.entries.is_empty() { (Vec::new(), Vec::new(), true) } else { self.told() }
    }

    /// [`Findings::finish`], where there is something to tell.
    #[cold]
    #[inline(never)]
    fn told(mut self) -> (Vec<Finding>, Vec<Fault>, bool) {
        if self.entries.len() > 1 {
            self.order();
        }
        let ok = !self.dropped_error && self.entries.iter().all(|entry| entry.finding.severity < Severity::Error);
        if self.dropped > 0 {
            let dropped = std::mem::take(&mut self.dropped);
            let message = format_args!("{dropped} more findings are not shown");
            self.add_last(Draft::new("more_findings", message).hint(format_args!("mend these first")));
        }
        let (findings, faults) = self.entries.into_iter().map(|entry| (entry.finding, entry.fault)).unzip();
        (findings, faults, ok)
    }

    /// Puts the entries in the order of their places; what stands at one place keeps its order.
    #[cold]
    #[inline(never)]
    fn order(&mut self) {
        let entries = &self.entries;
        let places = sorted(entries.len(), &|one, other| entries[one].place < entries[other].place);
        let mut entries: Vec<Option<Entry>> = self.entries.drain(..).map(Some).collect();
        self.entries.extend(places.into_iter().filter_map(|at| entries[at].take()));
    }

    fn add_last(&mut self, draft: Draft<'_>) {
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
