//! The table of providers.

use std::collections::BTreeMap;

use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::models::AS_OF;
use crate::generated::providers::PROVIDERS;
use crate::json::map_of;
use crate::packed::{self, Cells};
use crate::suggest::{nearest, shown};

/// How a provider knows who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderAuth {
    /// The header that carries the key, in lower case.
    pub header: &'static str,
    /// What stands before the key, for example `Bearer`; empty for a bare key.
    pub scheme: &'static str,
}

/// What the article of May 2026 says of a provider, where that is no longer, or not quite, the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArticleFacts {
    /// The header that carries the key.
    pub auth: Option<&'static str>,
    /// The endpoint.
    pub endpoint: Option<&'static str>,
    /// The environment variable.
    pub env: Option<&'static str>,
    /// The form of a key.
    pub key_form: Option<&'static str>,
    /// Whether the OpenAI SDK works against it.
    pub openai_compatible: Option<&'static str>,
}

/// A step of a provider's rate limits, for planning: the provider itself decides.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tier {
    /// What the provider calls it.
    pub name: String,
    /// After how many dollars billed so far it begins; `null` where something else decides.
    pub spent_usd: Option<u64>,
    /// Requests in a minute; `null`, as the limits below, where the provider does not publish it.
    pub requests_per_minute: Option<u64>,
    /// Tokens in a minute.
    pub tokens_per_minute: Option<u64>,
    /// Tokens in a month.
    pub tokens_per_month: Option<u64>,
    /// What else is to be known.
    pub notes: Option<String>,
}

impl Tier {
    fn read(text: &str) -> Tier {
        let mut parts = text.split(';');
        let mut next = || parts.next().unwrap_or_default();
        Tier {
            name: next().to_owned(),
            spent_usd: packed::number(next()),
            requests_per_minute: packed::number(next()),
            tokens_per_minute: packed::number(next()),
            tokens_per_month: packed::number(next()),
            notes: Some(next().to_owned()).filter(|notes| !notes.is_empty()),
        }
    }
}

/// One provider: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its id, for example `mistral`.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// The protocol it speaks: `mistral`, `openai`, `anthropic`, `gemini` or `cohere`.
    pub protocol: &'static str,
    /// What stands before every path; `{resource}` is the caller's own.
    pub base_url: &'static str,
    /// Its other hosts, by region.
    pub regional: &'static [(&'static str, &'static str)],
    /// What those do not do: the beginnings of operations' names.
    pub regional_without: &'static [&'static str],
    /// The only types of tools that those take; empty when they take all.
    pub regional_tools: &'static [&'static str],
    /// Where the key goes.
    pub auth: ProviderAuth,
    /// The environment variables that may hold a key; the first that is set wins.
    pub env: &'static [&'static str],
    /// The environment variable that holds another base URL.
    pub base_url_env: Option<&'static str>,
    /// Where keys are made.
    pub console: Option<&'static str>,
    /// What a key looks like.
    pub key_form: &'static str,
    /// What a key begins with, by convention.
    pub key_prefixes: &'static [&'static str],
    /// Whether the OpenAI SDK works against it: `yes`, `no`, or how far.
    pub openai_compatible: &'static str,
    /// What OpenTelemetry calls it; its id where OpenTelemetry has no name for it.
    pub telemetry: &'static str,
    /// Headers that every request needs.
    pub headers: &'static [(&'static str, &'static str)],
    /// Beginnings of model names by which an unknown name is known to be this provider's.
    pub families: &'static [&'static str],
    /// Whether every model of the provider is in the catalogue.
    pub complete: bool,
    /// The day on which its shared endpoint was closed.
    pub retired: Option<Date>,
    /// Operation and path.
    pub paths: &'static [(&'static str, &'static str)],
    /// What the article says otherwise.
    pub article: Option<ArticleFacts>,
    /// The steps of its rate limits, as the table writes them: [`ProviderRow::tiers`] reads them.
    pub tiers_text: &'static [&'static str],
    /// What else is to be known.
    pub notes: Option<&'static str>,
    /// Where the facts come from.
    pub source: &'static str,
    /// The day of which they are.
    pub as_of: Date,
}

impl ArticleFacts {
    /// Reads the parts of a cell, in the order of the fields.
    fn read(mut cell: &'static str) -> Option<ArticleFacts> {
        if cell.is_empty() {
            return None;
        }
        let mut next = || Some(packed::cut(&mut cell, b'|')).filter(|part| !part.is_empty());
        Some(ArticleFacts { auth: next(), endpoint: next(), env: next(), key_form: next(), openai_compatible: next() })
    }
}

impl ProviderRow {
    /// Reads a line of `generated/providers.tsv`, and what else is told of the provider.
    pub(crate) fn read(row: &mut Cells, told: &mut Cells) -> ProviderRow {
        ProviderRow {
            id: row.text(),
            protocol: row.text(),
            base_url: row.text(),
            regional: row.pairs(),
            regional_without: row.words(),
            regional_tools: row.words(),
            auth: ProviderAuth { header: row.text(), scheme: row.text() },
            env: row.words(),
            key_prefixes: row.words(),
            headers: row.pairs(),
            families: row.words(),
            complete: row.flag(),
            retired: row.day(),
            paths: row.pairs(),
            name: told.text(),
            base_url_env: told.optional(),
            console: told.optional(),
            key_form: told.text(),
            openai_compatible: told.text(),
            telemetry: told.text(),
            article: ArticleFacts::read(told.text()),
            tiers_text: told.words(),
            notes: told.optional(),
            source: told.text(),
            as_of: told.day().unwrap_or(AS_OF),
        }
    }

    /// The path of an operation; `chat_stream` has `chat`'s where it has none of its own.
    pub fn path(&self, operation: &str) -> Option<&'static str> {
        let find = |name: &str| self.paths.iter().find(|(known, _)| *known == name).map(|(_, path)| *path);
        find(operation).or_else(|| find(operation.strip_suffix("_stream")?))
    }

    /// The steps of its rate limits by what was spent, the lowest first.
    ///
    /// ```
    /// let mistral = tramontane::catalogue::provider_row("mistral").unwrap();
    /// let reached = mistral.tiers().into_iter().rfind(|tier| tier.spent_usd.is_some_and(|spent| spent < 120)).unwrap();
    /// assert_eq!((reached.name.as_str(), reached.spent_usd), ("Tier 3", Some(100)));
    /// ```
    pub fn tiers(&self) -> Vec<Tier> {
        self.tiers_text.iter().map(|text| Tier::read(text)).collect()
    }

    /// The region whose host a URL leads to.
    ///
    /// ```
    /// let mistral = tramontane::catalogue::provider_row("mistral").unwrap();
    /// assert_eq!(mistral.region_of("https://api.eu.mistral.ai/v1"), Some("eu"));
    /// assert_eq!(mistral.region_of("https://api.eu.mistral.ai.example"), None);
    /// ```
    pub fn region_of(&self, url: &str) -> Option<&'static str> {
        let leads_to = |host: &str| url.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']));
        self.regional.iter().find(|(_, host)| leads_to(host)).map(|(region, _)| *region)
    }
}

/// The row of a provider, by its id.
///
/// ```
/// let mistral = tramontane::catalogue::provider_row("mistral").unwrap();
/// assert_eq!(mistral.path("chat_stream"), Some("/v1/chat/completions"));
/// ```
pub fn provider_row(id: &str) -> Option<&'static ProviderRow> {
    PROVIDERS.named(id)
}

/// One provider, as data.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provider {
    /// Its id, for example `mistral`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The protocol it speaks: `mistral`, `openai`, `anthropic`, `gemini` or `cohere`.
    pub protocol: String,
    /// What stands before every path; `{resource}` is the caller's own.
    pub base_url: String,
    /// Its other hosts, by region.
    pub regional: BTreeMap<String, String>,
    /// Where the key goes.
    pub auth: ProviderAuth,
    /// The environment variables that may hold a key; the first that is set wins.
    pub env: Vec<String>,
    /// The environment variable that holds another base URL.
    pub base_url_env: Option<String>,
    /// Where keys are made.
    pub console: Option<String>,
    /// What a key looks like; a convention.
    pub key_form: String,
    /// Whether the OpenAI SDK works against it: `yes`, `no`, or how far.
    pub openai_compatible: String,
    /// Headers that every request needs.
    pub headers: BTreeMap<String, String>,
    /// Whether every model of the provider is in the catalogue.
    pub complete: bool,
    /// The day on which its shared endpoint was closed.
    pub retired: Option<Date>,
    /// Operation and path.
    pub paths: BTreeMap<String, String>,
    /// What the article of May 2026 says otherwise.
    pub article: Option<ArticleFacts>,
    /// The steps of its rate limits by what was spent, the lowest first; empty where there are none, or none are known.
    pub tiers: Vec<Tier>,
    /// What else is to be known.
    pub notes: Option<String>,
    /// Where the facts come from.
    pub source: String,
    /// The day of which they are.
    pub as_of: Date,
}

impl From<&ProviderRow> for Provider {
    fn from(row: &ProviderRow) -> Provider {
        let owned = |list: &[&str]| list.iter().map(|item| (*item).to_owned()).collect();
        let map = |pairs: &[(&str, &str)]| map_of(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        Provider {
            id: row.id.to_owned(),
            name: row.name.to_owned(),
            protocol: row.protocol.to_owned(),
            base_url: row.base_url.to_owned(),
            regional: map(row.regional),
            auth: row.auth,
            env: owned(row.env),
            base_url_env: row.base_url_env.map(str::to_owned),
            console: row.console.map(str::to_owned),
            key_form: row.key_form.to_owned(),
            openai_compatible: row.openai_compatible.to_owned(),
            headers: map(row.headers),
            complete: row.complete,
            retired: row.retired,
            paths: map(row.paths),
            article: row.article,
            tiers: row.tiers(),
            notes: row.notes.map(str::to_owned),
            source: row.source.to_owned(),
            as_of: row.as_of,
        }
    }
}

/// The row of a provider that a caller has named.
///
/// # Errors
/// `invalid_request` with the nearest id.
pub(crate) fn known(id: &str, path: &str) -> Result<&'static ProviderRow> {
    provider_row(id).ok_or_else(|| {
        let ids: Vec<&str> = PROVIDERS.iter().map(|row| row.id).collect();
        let hint = match nearest(id, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are `{}`", ids.join("`, `")),
        };
        Error::new(ErrorKind::InvalidRequest, format!("unknown provider {}", shown(id))).with_path(path).with_hint(hint)
    })
}
