//! What is wrong with a model name, in words. Nothing is wrong with most names, so each of the words is a function of its own:
//! a WebAssembly engine compiles what is called.

use std::fmt;

use super::overlay::Catalogue;
use super::provider::provider_row;
use super::resolve::NameKind;
use super::row::{ModelRow, Stage, Status};
use crate::date::Date;
use crate::finding::{Finding, Severity};
use crate::generated::models::DEPRECATED_NAMES;
use crate::generated::providers::PROVIDERS;
use crate::suggest::shown;

/// A name that the catalogue knows, on a day.
pub(super) struct Named<'n> {
    pub(super) bare: &'n str,
    pub(super) kind: NameKind,
    pub(super) row: &'n ModelRow,
    pub(super) status: Status,
    pub(super) on: Date,
    pub(super) successor: Option<&'n str>,
    pub(super) pin: bool,
}

/// Where the name of a model stands in a request.
const PATH: &str = "model";

/// Whether new code should not use a name, though the API may take it.
pub(super) fn is_deprecated_name(name: &str) -> bool {
    DEPRECATED_NAMES.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == *pattern,
    })
}

/// Everything that is wrong with a known name.
pub(super) fn findings(named: &Named<'_>, catalogue: &Catalogue) -> Vec<Finding> {
    let Named { bare, row, .. } = *named;
    let gone = named.status == Status::Retired;
    let id = row.id.as_ref();
    let mut findings = Vec::new();
    match named.status {
        Status::Retired => findings.push(retired(named, catalogue)),
        Status::Deprecated => findings.push(deprecated(named)),
        _ => {}
    }
    if is_deprecated_name(bare) {
        let instead = if gone {
            named.successor
        } else {
            Some(named.successor.filter(|_| named.status == Status::Deprecated).unwrap_or(id))
        };
        let taken = !gone && matches!(named.kind, NameKind::Alias | NameKind::Floating);
        findings.push(deprecated_name(bare, instead, taken));
    }
    match named.kind {
        NameKind::Floating if !gone && !named.pin => findings.push(floating(named)),
        NameKind::Documented if row.has_api_id => findings.push(documented(named)),
        NameKind::Documented => findings.extend((!gone).then(|| weights_only(named))),
        _ => {}
    }
    findings
}

/// `name`, or ``name`, a name of `id`,`` where the two differ.
fn subject(named: &Named<'_>) -> String {
    let (name, id) = (named.bare, named.row.id.as_ref());
    if name == id { format!("model `{id}`") } else { format!("model `{name}` (`{id}`)") }
}

/// Words with a day behind them; nothing where the day is not known.
struct Day(&'static str, Option<Date>);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.map_or(Ok(()), |day| write!(f, "{}{day}", self.0))
    }
}

/// The words are put together here: done where they stand, that is as much again in each place. An empty hint is none.
#[inline(never)]
fn finding(rule: &str, message: fmt::Arguments<'_>, hint: fmt::Arguments<'_>) -> Finding {
    let mut finding = Finding::new(rule, PATH, message.to_string());
    finding.hint = Some(hint.to_string()).filter(|hint| !hint.is_empty());
    finding
}

const SERVED: &str = "`models.list()` shows the models that are served";

#[cold]
#[inline(never)]
fn retired(named: &Named<'_>, catalogue: &Catalogue) -> Finding {
    let (subject, when) = (subject(named), Day(" on ", named.row.retires));
    let next = named.successor.and_then(|id| catalogue.by_id(id)).filter(|next| next.status(named.on) == Status::Retired);
    let rule = "retired_model";
    match (named.successor, next) {
        (None, _) => {
            finding(rule, format_args!("{subject} was retired{when}"), format_args!("no replacement is named; {SERVED}"))
        }
        (Some(id), None) => {
            finding(rule, format_args!("{subject} was retired{when} and is replaced by `{id}`"), format_args!("use `{id}`"))
        }
        (Some(id), Some(next)) => {
            let too = Day(" on ", next.retires);
            let message = format_args!("{subject} was retired{when}, and `{id}`, which replaced it,{too} too");
            finding(rule, message, format_args!("{SERVED}"))
        }
    }
}

#[cold]
#[inline(never)]
fn deprecated(named: &Named<'_>) -> Finding {
    let since = Day(" since ", named.row.deprecated);
    let until = Day(" and will be retired on ", named.row.retires);
    let (rule, subject) = ("deprecated_model", subject(named));
    let message = format_args!("{subject} is deprecated{since}{until}");
    match named.successor {
        Some(id) => finding(rule, message, format_args!("use `{id}`")),
        None => finding(rule, message, format_args!("")),
    }
}

/// The finding for a name on the list of names that new code should not use; `taken` when the API still takes it.
#[cold]
#[inline(never)]
pub(super) fn deprecated_name(name: &str, instead: Option<&str>, taken: bool) -> Finding {
    let though = if taken { ", though the API still takes it" } else { "" };
    let message = format_args!("the name {} is deprecated{though}", shown(name));
    match instead {
        Some(id) if id != name => finding("deprecated_alias", message, format_args!("use `{id}`")),
        _ => finding("deprecated_alias", message, format_args!("use an explicit versioned id")),
    }
}

#[cold]
#[inline(never)]
fn floating(named: &Named<'_>) -> Finding {
    let (name, id) = (named.bare, named.row.id.as_ref());
    let message = format_args!("`{name}` points to `{id}` on {} and may move to another model", named.on);
    finding("floating_alias", message, format_args!("pin `{id}`"))
}

#[cold]
#[inline(never)]
fn documented(named: &Named<'_>) -> Finding {
    let (name, id) = (named.bare, named.row.id.as_ref());
    let (rule, gone) = ("documented_name", named.status == Status::Retired);
    let message = format_args!("`{name}` is printed in documentation, but not listed by the API: `{id}` is sent");
    // Who must leave the model anyhow need not learn its other name.
    if gone { finding(rule, message, format_args!("")) } else { finding(rule, message, format_args!("write `{id}`")) }
}

#[cold]
#[inline(never)]
fn weights_only(named: &Named<'_>) -> Finding {
    let name = named.bare;
    let what = if named.row.stage == Stage::WeightsOnly { "is published as weights only" } else { "has no id in the API" };
    finding("unknown_model", format_args!("`{name}` {what}: the API does not serve it"), format_args!("{SERVED}"))
}

/// The finding for a name that the catalogue does not know.
#[cold]
#[inline(never)]
pub(super) fn unknown(name: &str, provider: Option<&str>, near: &[String], catalogue: &Catalogue) -> Finding {
    let finding = |hint: fmt::Arguments<'_>| finding("unknown_model", format_args!("unknown model {}", shown(name)), hint);
    if let Some(nearest) = near.first() {
        return finding(format_args!("did you mean `{nearest}`?"));
    }
    match provider {
        None if let Some(provider) = family(name) => {
            finding(format_args!("write {} for the provider `{provider}`", shown(&format!("{provider}/{name}"))))
        }
        // Of such a provider nothing is known: to call each of its models doubtful would be noise.
        Some(provider) if !provider_row(provider).is_some_and(|row| row.complete) && !catalogue.has_models_of(provider) => {
            finding(format_args!("this catalogue has no models of `{provider}`; the name is sent as it is"))
                .with_severity(Severity::Note)
        }
        _ => finding(format_args!("it is sent as it is; a model may be younger than this catalogue")),
    }
}

/// The other provider to whose models a name seems to belong.
fn family(name: &str) -> Option<&'static str> {
    let row = PROVIDERS.iter().find(|row| row.families.iter().any(|beginning| name.starts_with(beginning)))?;
    (row.id != "mistral").then_some(row.id)
}
