//! What a model name means on a day: the id behind it, what is sent, and what is wrong with it.

use super::advice;
use super::overlay::Catalogue;
use super::provider::{self, provider_row};
use super::query::ResolveQuery;
use super::row::{Label, ModelRow, Status};
use crate::date::Date;
use crate::error::Result;
use crate::finding::{Finding, Severities, Severity};
use crate::generated::models::{AS_OF, MOVED};
use crate::packed::cut;
use crate::suggest::Nearest;

/// What kind of name a model name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A model's own id.
    Id,
    /// Another name that the API lists for the same model and that stays with it.
    Alias,
    /// A name whose target moves: `*-latest`, bare majors.
    Floating,
    /// A name that articles and documentation print, but the API does not list.
    Documented,
    /// A fine-tuned model: `ft:…`.
    FineTuned,
    /// Not in this catalogue.
    Unknown,
}

impl NameKind {
    /// The kind, as data.
    pub const fn name(self) -> &'static str {
        match self {
            NameKind::Id => "id",
            NameKind::Alias => "alias",
            NameKind::Floating => "floating",
            NameKind::Documented => "documented",
            NameKind::FineTuned => "fine_tuned",
            NameKind::Unknown => "unknown",
        }
    }
}

/// What a model name means on a day.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resolution {
    /// The caller's own string.
    pub requested: String,
    /// The model's official id; `null` when unknown.
    pub id: Option<String>,
    /// What goes on the wire.
    pub sent_as: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// The provider's id.
    pub provider: String,
    /// The model's status on that day: `live`, `preview`, `deprecated`, `retired`, …; `null` when unknown.
    pub status: Option<String>,
    /// What to use instead.
    pub replacement: Option<String>,
    /// The day of the deprecation.
    pub deprecated_on: Option<Date>,
    /// The day of the retirement.
    pub retires_on: Option<Date>,
    /// The dated id to pin; `null` when there is none that is served.
    pub pinned: Option<String>,
    /// The nearest known names, for an unknown one.
    pub did_you_mean: Vec<String>,
    /// What is wrong with the name.
    pub findings: Vec<Finding>,
}

/// Follows a model name to the id that is sent, and says what is wrong with the name.
///
/// ```
/// use tramontane::catalogue::{NameKind, ResolveQuery, resolve};
/// let resolution = resolve(ResolveQuery { name: "mistral-small-4".into(), ..Default::default() })?;
/// assert_eq!(resolution.kind, NameKind::Documented);
/// assert_eq!(resolution.sent_as, "mistral-small-2603");
/// # Ok::<(), tramontane::Error>(())
/// ```
///
/// # Errors
/// `invalid_request` for an unknown provider, an unfit overlay, an unknown rule or severity. A name is never an error.
pub fn resolve(query: ResolveQuery) -> Result<Resolution> {
    let catalogue = Catalogue::over(query.overlay.as_ref())?;
    let severities = Severities::parse(&query.severities)?;
    if let Some(provider) = &query.provider {
        provider::known(provider, "provider")?;
    }
    let mut resolver = Resolver::new(&catalogue, query.on.unwrap_or(AS_OF));
    resolver.pin = query.pin;
    resolver.strict = query.strict;
    let mut resolution = resolver.resolve(&query.name, query.provider.as_deref());
    resolution.findings = resolution.findings.into_iter().filter_map(|finding| severities.apply(finding)).collect();
    Ok(resolution)
}

/// Reads names with one catalogue on one day.
#[derive(Clone, Copy, Debug)]
pub struct Resolver<'c> {
    catalogue: &'c Catalogue,
    on: Date,
    /// Send the dated id for floating names too.
    pub pin: bool,
    /// An unknown name is an error.
    pub strict: bool,
}

impl<'c> Resolver<'c> {
    /// A resolver that does not pin and is not strict.
    pub fn new(catalogue: &'c Catalogue, on: Date) -> Resolver<'c> {
        Resolver { catalogue, on, pin: false, strict: false }
    }

    /// What a name means; `provider` when the caller has said it.
    pub fn resolve(&self, name: &str, provider: Option<&str>) -> Resolution {
        let (provider, bare) = self.split(name, provider);
        if bare.starts_with("ft:") {
            return self.fine_tuned(name, bare, provider);
        }
        match self.find(bare, provider) {
            Some((row, label)) => self.known(name, bare, row, label),
            None => self.unknown(name, bare, provider),
        }
    }

    /// The model that a name means on the day, with overlay and provider prefix.
    pub fn model(&self, name: &str, provider: Option<&str>) -> Option<&'c ModelRow> {
        let (provider, bare) = self.split(name, provider);
        self.find(bare, provider).map(|(row, _)| row)
    }

    /// Whether a name is that of a fine-tuned model.
    pub fn is_fine_tuned(&self, name: &str, provider: Option<&str>) -> bool {
        self.split(name, provider).1.starts_with("ft:")
    }

    /// The model to use in place of one that is retired: the first that lives, along the chain of replacements.
    pub fn successor(&self, row: &ModelRow) -> Option<String> {
        let first = row.replacement.as_deref()?;
        let mut id = first;
        // A chain is as long as its models are old; more steps than that would be a circle.
        for _ in 0..8 {
            let Some(next) = self.catalogue.by_id(id) else { return Some(id.to_owned()) };
            if next.status(self.on) != Status::Retired {
                return Some(next.id.to_string());
            }
            match next.replacement.as_deref() {
                Some(replacement) => id = replacement,
                None => break,
            }
        }
        Some(first.to_owned())
    }

    /// Splits `mistral/mistral-small-2603`. A prefix counts only when it is a provider's id; with an explicit provider only
    /// when the rest is a known model and the whole is not, for some providers' own ids hold a slash.
    fn split<'n>(&self, name: &'n str, provider: Option<&'n str>) -> (Option<&'n str>, &'n str) {
        let mut rest = name;
        let prefix = cut(&mut rest, b'/');
        if prefix.len() == name.len() || provider_row(prefix).is_none() {
            return (provider, name);
        }
        match provider {
            None => (Some(prefix), rest),
            Some(given) if prefix == given && self.find(rest, Some(given)).is_some() => (Some(given), rest),
            Some(_) => (provider, name),
        }
    }

    fn find(&self, name: &str, provider: Option<&str>) -> Option<(&'c ModelRow, Label)> {
        let (row, label) = self.catalogue.find(name)?;
        let row = if label == Label::Floating { self.moved(name, row) } else { row };
        provider.is_none_or(|provider| row.provider == provider).then_some((row, label))
    }

    /// What a floating name meant on the day; `today` where the snapshot knows of no move.
    #[cold]
    #[inline(never)]
    fn moved(&self, name: &str, today: &'c ModelRow) -> &'c ModelRow {
        let mut then = None;
        for row in MOVED.iter().filter(|row| row.name == name) {
            if row.day > self.on {
                return then.or(row.from).and_then(|id| self.catalogue.by_id(id)).unwrap_or(today);
            }
            then = Some(row.to);
        }
        // After the last known move the overlay, which may be younger than the snapshot, has the word.
        today
    }

    fn known(&self, requested: &str, bare: &str, row: &ModelRow, label: Label) -> Resolution {
        let status = row.status(self.on);
        let kind = match label {
            Label::Id if !row.has_api_id => NameKind::Documented,
            Label::Id => NameKind::Id,
            Label::Alias => NameKind::Alias,
            Label::Floating => NameKind::Floating,
            Label::Documented => NameKind::Documented,
        };
        let official = row.has_api_id && (kind == NameKind::Documented || (self.pin && kind == NameKind::Floating));
        let served = row.has_api_id && !matches!(status, Status::Retired | Status::WeightsOnly);
        let successor = self.successor(row);
        let named = advice::Named { bare, kind, row, status, on: self.on, successor: successor.as_deref(), pin: self.pin };
        let mut findings = advice::findings(&named, self.catalogue);
        self.judge(&mut findings);
        let legacy = advice::is_deprecated_name(bare);
        Resolution {
            requested: requested.to_owned(),
            id: Some(row.id.to_string()),
            sent_as: if official { row.id.to_string() } else { bare.to_owned() },
            kind,
            provider: row.provider.to_string(),
            status: Some(status.name().to_owned()),
            replacement: successor.or_else(|| (legacy && served && bare != row.id).then(|| row.id.to_string())),
            deprecated_on: row.deprecated,
            retires_on: row.retires,
            pinned: served.then(|| row.id.to_string()),
            did_you_mean: Vec::new(),
            findings,
        }
    }

    #[cold]
    #[inline(never)]
    fn fine_tuned(&self, requested: &str, bare: &str, provider: Option<&str>) -> Resolution {
        blank(requested, bare, provider, true)
    }

    #[cold]
    #[inline(never)]
    fn unknown(&self, requested: &str, bare: &str, provider: Option<&str>) -> Resolution {
        let near = self.nearest(bare, provider);
        let mut resolution = blank(requested, bare, provider, false);
        resolution.findings.push(advice::unknown(bare, provider, &near, self.catalogue));
        if advice::is_deprecated_name(bare) {
            resolution.findings.push(advice::deprecated_name(bare, None, false));
        }
        self.judge(&mut resolution.findings);
        resolution.did_you_mean = near;
        resolution
    }

    fn judge(&self, findings: &mut [Finding]) {
        if self.strict {
            findings.iter_mut().filter(|finding| finding.rule == "unknown_model").for_each(|f| f.severity = Severity::Error);
        }
    }

    /// The nearest names: among equals those that are served first, and the API's own before those of documentation.
    fn nearest(&self, bare: &str, provider: Option<&str>) -> Vec<String> {
        let mut nearest = Nearest::new(bare.trim_ascii(), 3);
        self.catalogue.each_name(&mut |name, label, row| {
            if provider.is_none_or(|provider| row.provider == provider) {
                let gone = row.status(self.on) == Status::Retired;
                nearest.offer(2 * u8::from(gone) + u8::from(label == Label::Documented), name);
            }
        });
        nearest.found.into_iter().map(|(.., name)| name.to_owned()).collect()
    }
}

/// What is not in the catalogue: a fine-tuned model, or a name that means nothing here.
fn blank(requested: &str, bare: &str, provider: Option<&str>, fine_tuned: bool) -> Resolution {
    Resolution {
        requested: requested.to_owned(),
        id: fine_tuned.then(|| bare.to_owned()),
        sent_as: bare.to_owned(),
        kind: if fine_tuned { NameKind::FineTuned } else { NameKind::Unknown },
        provider: provider.unwrap_or("mistral").to_owned(),
        status: None,
        replacement: None,
        deprecated_on: None,
        retires_on: None,
        pinned: None,
        did_you_mean: Vec::new(),
        findings: Vec::new(),
    }
}
