//! What is wrong with a model name, in words. Nothing is wrong with most names, so each of the words is a function of its own:
//! a WebAssembly engine compiles what is called.

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

#[cold]
#[inline(never)]
fn retired(named: &Named<'_>, catalogue: &Catalogue) -> Finding {
    let subject = subject(named);
    let when = named.row.retires.map_or(String::new(), |day| format!(" on {day}"));
    let next = named.successor.and_then(|id| catalogue.by_id(id)).filter(|next| next.status(named.on) == Status::Retired);
    match (named.successor, next) {
        (None, _) => Finding::new("retired_model", PATH, format!("{subject} was retired{when}"))
            .with_hint("no replacement is named; `models.list()` shows the models that are served"),
        (Some(id), None) => Finding::new("retired_model", PATH, format!("{subject} was retired{when} and is replaced by `{id}`"))
            .with_hint(format!("use `{id}`")),
        (Some(id), Some(next)) => {
            let too = next.retires.map_or(String::new(), |day| format!(" on {day}"));
            Finding::new("retired_model", PATH, format!("{subject} was retired{when}, and `{id}`, which replaced it,{too} too"))
                .with_hint("`models.list()` shows the models that are served")
        }
    }
}

#[cold]
#[inline(never)]
fn deprecated(named: &Named<'_>) -> Finding {
    let since = named.row.deprecated.map_or(String::new(), |day| format!(" since {day}"));
    let until = named.row.retires.map_or(String::new(), |day| format!(" and will be retired on {day}"));
    let finding = Finding::new("deprecated_model", PATH, format!("{} is deprecated{since}{until}", subject(named)));
    match named.successor {
        Some(id) => finding.with_hint(format!("use `{id}`")),
        None => finding,
    }
}

/// The finding for a name on the list of names that new code should not use; `taken` when the API still takes it.
#[cold]
#[inline(never)]
pub(super) fn deprecated_name(name: &str, instead: Option<&str>, taken: bool) -> Finding {
    let though = if taken { ", though the API still takes it" } else { "" };
    let finding = Finding::new("deprecated_alias", PATH, format!("the name {} is deprecated{though}", shown(name)));
    match instead {
        Some(id) if id != name => finding.with_hint(format!("use `{id}`")),
        _ => finding.with_hint("use an explicit versioned id"),
    }
}

#[cold]
#[inline(never)]
fn floating(named: &Named<'_>) -> Finding {
    let (name, id) = (named.bare, named.row.id.as_ref());
    Finding::new("floating_alias", PATH, format!("`{name}` points to `{id}` on {} and may move to another model", named.on))
        .with_hint(format!("pin `{id}`"))
}

#[cold]
#[inline(never)]
fn documented(named: &Named<'_>) -> Finding {
    let (name, id) = (named.bare, named.row.id.as_ref());
    let message = format!("`{name}` is printed in documentation, but not listed by the API: `{id}` is sent");
    let finding = Finding::new("documented_name", PATH, message);
    // Who must leave the model anyhow need not learn its other name.
    if named.status == Status::Retired { finding } else { finding.with_hint(format!("write `{id}`")) }
}

#[cold]
#[inline(never)]
fn weights_only(named: &Named<'_>) -> Finding {
    let name = named.bare;
    let what = if named.row.stage == Stage::WeightsOnly { "is published as weights only" } else { "has no id in the API" };
    Finding::new("unknown_model", PATH, format!("`{name}` {what}: the API does not serve it"))
        .with_hint("`models.list()` shows the models that are served")
}

/// The finding for a name that the catalogue does not know.
#[cold]
#[inline(never)]
pub(super) fn unknown(name: &str, provider: Option<&str>, near: &[String], catalogue: &Catalogue) -> Finding {
    let finding = Finding::new("unknown_model", PATH, format!("unknown model {}", shown(name)));
    if let Some(nearest) = near.first() {
        return finding.with_hint(format!("did you mean `{nearest}`?"));
    }
    match provider {
        None => match family(name) {
            Some(provider) => {
                finding.with_hint(format!("write {} for the provider `{provider}`", shown(&format!("{provider}/{name}"))))
            }
            None => finding.with_hint("it is sent as it is; a model may be younger than this catalogue"),
        },
        // Of such a provider nothing is known: to call each of its models doubtful would be noise.
        Some(provider) if !provider_row(provider).is_some_and(|row| row.complete) && !has_rows(provider, catalogue) => finding
            .with_severity(Severity::Note)
            .with_hint(format!("this catalogue has no models of `{provider}`; the name is sent as it is")),
        Some(_) => finding.with_hint("it is sent as it is; a model may be younger than this catalogue"),
    }
}

fn has_rows(provider: &str, catalogue: &Catalogue) -> bool {
    catalogue.rows().any(|row| row.provider == provider)
}

/// The other provider to whose models a name seems to belong.
fn family(name: &str) -> Option<&'static str> {
    let row = PROVIDERS.iter().find(|row| row.families.iter().any(|beginning| name.starts_with(beginning)))?;
    (row.id != "mistral").then_some(row.id)
}
