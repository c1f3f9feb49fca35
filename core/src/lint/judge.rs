//! What is wrong with a name that was found, and what to write instead.

use super::Linter;
use super::finding::{Lines, LintFinding};
use super::names::Token;
use crate::catalogue::{NameKind, Resolution, Resolver};
use crate::finding::{Finding, Severity};

/// A name at a place where it counts.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) token: Token,
    /// Whether another name may be written in its place.
    pub(super) replaceable: bool,
}

impl Linter {
    pub(super) fn judge(&self, text: &[u8], hit: &Hit, lines: &mut Lines<'_>) -> Option<LintFinding> {
        let (worst, resolution) = self.verdict(text, &hit.token)?;
        let span = hit.token.span.clone();
        let name = String::from_utf8_lossy(&text[span.clone()]).into_owned();
        let bare = String::from_utf8_lossy(&text[hit.token.bare()]).into_owned();
        let instead = if hit.replaceable { self.instead(&bare, &hit.token) } else { None };
        let (line, column) = lines.locate(span.start);
        Some(LintFinding {
            rule: worst.rule,
            severity: worst.severity,
            fix: instead.map(|id| format!("{}{id}", &name[..name.len() - bare.len()])),
            start: span.start,
            end: span.end,
            line,
            column,
            end_column: column + name.chars().count(),
            name,
            message: worst.message,
            hint: worst.hint,
            id: resolution.id,
            retires_on: resolution.retires_on,
        })
    }

    /// The worst thing that is wrong with a name, if there is one that the options let through.
    pub(super) fn verdict(&self, text: &[u8], token: &Token) -> Option<(Finding, Resolution)> {
        let whole = std::str::from_utf8(&text[token.span.clone()]).ok()?;
        let bare = std::str::from_utf8(&text[token.bare()]).ok()?;
        if self.ignored.iter().any(|pattern| matches(pattern, whole) || matches(pattern, bare)) {
            return None;
        }
        let mut resolution = self.resolve(bare, token.provider.map(|(provider, _)| provider));
        self.look_ahead(bare, &mut resolution);
        let findings = std::mem::take(&mut resolution.findings);
        let findings = findings.into_iter().filter_map(|finding| self.severities.apply(finding));
        // The first of the worst: the catalogue gives them in the order in which they matter.
        let worst = findings.reduce(|worst, next| if next.severity > worst.severity { next } else { worst })?;
        Some((worst, resolution))
    }

    fn resolve(&self, bare: &str, provider: Option<&str>) -> Resolution {
        let mut resolver = Resolver::new(&self.catalogue, self.on);
        resolver.strict = self.strict;
        resolver.resolve(bare, provider)
    }

    /// Makes an error of a model that is retired soon.
    fn look_ahead(&self, bare: &str, resolution: &mut Resolution) {
        let Some(day) = resolution.retires_on.filter(|_| resolution.status.as_deref() != Some("retired")) else { return };
        let left = day.to_days() - self.on.to_days();
        if self.within == 0 || left > self.within {
            return;
        }
        let days = if left == 1 { "day" } else { "days" };
        let message = format!("model `{bare}` will be retired on {day}, in {left} {days}");
        let mut finding = Finding::new("deprecated_model", "", message).with_severity(Severity::Error);
        finding.hint = resolution.replacement.as_ref().map(|id| format!("use `{id}`"));
        resolution.findings.retain(|other| other.rule != "deprecated_model");
        resolution.findings.insert(0, finding);
    }

    /// The name to write instead: the id that is served, along replacements, until nothing more is to be replaced. `None`
    /// where the options let nothing be said of the name.
    fn instead(&self, bare: &str, token: &Token) -> Option<String> {
        let provider = token.provider.map(|(provider, _)| provider);
        let mut name = bare.to_owned();
        for _ in 0..8 {
            let next = next_name(&self.resolve(&name, provider));
            match next.filter(|next| *next != name) {
                Some(next) => name = next,
                None => break,
            }
        }
        let last = self.resolve(&name, provider);
        let served = last.status.as_deref() != Some("retired") && last.kind != NameKind::Unknown;
        (name != bare && served).then_some(name)
    }
}

/// One step towards the name to write.
fn next_name(resolution: &Resolution) -> Option<String> {
    match resolution.status.as_deref() {
        Some("retired" | "deprecated") => resolution.replacement.clone(),
        _ if resolution.findings.is_empty() => None,
        _ => resolution.pinned.clone(),
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => pattern == name,
    }
}
