//! Where rules put what they find: severities by the policy, paths and messages only when there is something to say.

use std::fmt::Arguments;

use super::fault::Fault;
use super::report::{Checks, Policy};
use crate::finding::{Finding, Rule, Severity};
use crate::json::{Path, Segment, Value};

/// A rule of the table (`data/rules.toml`), by its name.
macro_rules! rule {
    ($name:literal) => {
        const { $crate::finding::Rule::named($name) }
    };
}
pub(crate) use rule;

/// More than this is not written down: nobody reads on, and a request of ten thousand broken messages must not cost more
/// than one of ten.
pub(crate) const MOST: usize = 500;

/// Objects with more keys than this are not searched for the place of one.
const LARGEST_ORDERED: usize = 4096;

/// What a rule has found, before the policy is asked. Nothing is written yet: where nobody wants to hear it nothing will be,
/// and no code to write it and to clean up after it stands at each rule.
pub(crate) struct Draft<'d> {
    rule: Rule,
    message: Arguments<'d>,
    hint: Arguments<'d>,
    fault: Fault,
}

impl<'d> Draft<'d> {
    /// A finding of a rule.
    #[inline(always)]
    pub(crate) fn new(rule: Rule, message: Arguments<'d>) -> Draft<'d> {
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

/// All findings of one check.
pub(crate) struct Findings<'r> {
    policy: &'r Policy,
    request: &'r Value<'r>,
    /// Where each of those below stands. This is their order; what stands at one place keeps its own.
    places: Vec<Vec<usize>>,
    findings: Vec<Finding>,
    faults: Vec<Fault>,
    dropped: usize,
    /// Whether none is an error, of those that were dropped neither.
    ok: bool,
}

impl<'r> Findings<'r> {
    /// None yet.
    pub(crate) fn new(request: &'r Value<'r>, policy: &'r Policy) -> Findings<'r> {
        Findings { policy, request, places: Vec::new(), findings: Vec::new(), faults: Vec::new(), dropped: 0, ok: true }
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
    fn take_at(&mut self, field: &str, rule: Rule, message: Arguments<'_>, hint: Arguments<'_>, fault: Fault) {
        self.take(&Path::root().key(field), rule, message, hint, fault);
    }

    /// [`Findings::add`], with a draft's parts each for itself: so they are put together nowhere.
    #[cold]
    #[inline(never)]
    fn take(&mut self, path: &Path<'_>, rule: Rule, message: Arguments<'_>, hint: Arguments<'_>, fault: Fault) {
        let row = rule.row();
        let Some(severity) = self.admitted(row.name, row.severity) else { return };
        let finding = Finding {
            rule: row.name.to_owned(),
            severity,
            path: path.to_string(),
            message: message.to_string(),
            hint: Some(hint.to_string()).filter(|hint| !hint.is_empty()),
            server_code: row.server_code.map(str::to_owned),
            source: row.source.to_owned(),
        };
        self.enter(path, finding, fault.below_role(self.request));
    }

    /// Takes over a finding that was made elsewhere.
    #[cold]
    #[inline(never)]
    pub(crate) fn adopt(&mut self, path: &Path<'_>, finding: &Finding, fault: Fault) {
        let Some(severity) = self.admitted(&finding.rule, finding.severity) else { return };
        self.enter(path, Finding { severity, path: path.to_string(), ..finding.clone() }, fault);
    }

    /// The findings in the order of the request, what the server would say to each, and whether none is an error.
    pub(crate) fn finish(mut self) -> (Vec<Finding>, Vec<Fault>, bool) {
        if self.dropped > 0 {
            self.tell_of_the_dropped();
        }
        (self.findings, self.faults, self.ok)
    }

    #[cold]
    #[inline(never)]
    fn tell_of_the_dropped(&mut self) {
        let message = format!("{} more findings are not shown", self.dropped);
        let finding = Finding::new("more_findings", "", message).with_hint("mend these first");
        if let Some(severity) = self.policy.severity(&finding.rule, finding.severity) {
            self.findings.push(finding.with_severity(severity));
            self.faults.push(Fault::Nothing);
        }
    }

    /// The severity that the policy gives a finding; `None` where it is not wanted, and where there is no more room.
    fn admitted(&mut self, rule: &str, own: Severity) -> Option<Severity> {
        let severity = self.policy.severity(rule, own)?;
        self.ok &= severity < Severity::Error;
        if self.findings.len() < MOST {
            return Some(severity);
        }
        self.dropped += 1;
        None
    }

    /// Puts a finding behind all that stand before it or at the same place.
    fn enter(&mut self, path: &Path<'_>, finding: Finding, fault: Fault) {
        let place = self.place(path);
        let at = self.places.partition_point(|other| *other <= place);
        self.places.insert(at, place);
        self.findings.insert(at, finding);
        self.faults.insert(at, fault);
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
