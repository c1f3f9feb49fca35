//! The table of providers.

use crate::date::Date;
use crate::error::{Error, ErrorKind};
use crate::generated::models::AS_OF;
use crate::generated::providers::PROVIDERS;
use crate::packed::{self, Cells};
use crate::suggest::{one_of, shown};

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
    pub name: &'static str,
    /// After how many dollars billed so far it begins; `null` where something else decides.
    pub spent_usd: Option<u64>,
    /// Requests in a minute; `null`, as the limits below, where the provider does not publish it.
    pub requests_per_minute: Option<u64>,
    /// Tokens in a minute.
    pub tokens_per_minute: Option<u64>,
    /// Tokens in a month.
    pub tokens_per_month: Option<u64>,
    /// What else is to be known.
    pub notes: Option<&'static str>,
}

impl Tier {
    fn read(mut text: &'static str) -> Tier {
        let mut next = || packed::cut(&mut text, b';');
        Tier {
            name: next(),
            spent_usd: packed::number(next()),
            requests_per_minute: packed::number(next()),
            tokens_per_minute: packed::number(next()),
            tokens_per_month: packed::number(next()),
            notes: Some(next()).filter(|notes| !notes.is_empty()),
        }
    }
}

/// One provider, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename = "Provider")]
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
    #[serde(serialize_with = "map")]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub regional: &'static [(&'static str, &'static str)],
    /// What those do not do: the beginnings of operations' names.
    #[serde(skip)]
    pub regional_without: &'static [&'static str],
    /// The only types of tools that those take; empty when they take all.
    #[serde(skip)]
    pub regional_tools: &'static [&'static str],
    /// Where the key goes.
    pub auth: ProviderAuth,
    /// The environment variables that may hold a key; the first that is set wins.
    pub env: &'static [&'static str],
    /// The environment variable that holds another base URL.
    pub base_url_env: Option<&'static str>,
    /// Where keys are made.
    pub console: Option<&'static str>,
    /// What a key looks like; a convention.
    pub key_form: &'static str,
    /// What a key begins with, by convention.
    #[serde(skip)]
    pub key_prefixes: &'static [&'static str],
    /// Whether the OpenAI SDK works against it: `yes`, `no`, or how far.
    pub openai_compatible: &'static str,
    /// What OpenTelemetry calls it; its id where OpenTelemetry has no name for it.
    #[serde(skip)]
    pub telemetry: &'static str,
    /// Headers that every request needs.
    #[serde(serialize_with = "map")]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub headers: &'static [(&'static str, &'static str)],
    /// Beginnings of model names by which an unknown name is known to be this provider's.
    #[serde(skip)]
    pub families: &'static [&'static str],
    /// Whether every model of the provider is in the catalogue.
    pub complete: bool,
    /// The day on which its shared endpoint was closed.
    pub retired: Option<Date>,
    /// Operation and path.
    #[serde(serialize_with = "map")]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub paths: &'static [(&'static str, &'static str)],
    /// What the article of May 2026 says otherwise.
    pub article: Option<ArticleFacts>,
    /// The steps of its rate limits by what was spent, the lowest first; empty where there are none, or none are known.
    // As the table writes them; `ProviderRow::tiers` reads them.
    #[serde(rename = "tiers", serialize_with = "tiers")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Tier>"))]
    pub tiers_text: &'static [&'static str],
    /// What else is to be known.
    pub notes: Option<&'static str>,
    /// Where the facts come from.
    pub source: &'static str,
    /// The day of which they are.
    pub as_of: Date,
}

fn map<S: serde::Serializer>(pairs: &[(&str, &str)], s: S) -> Result<S::Ok, S::Error> {
    s.collect_map(pairs.iter().copied())
}

fn tiers<S: serde::Serializer>(texts: &[&'static str], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(texts.iter().map(|text| Tier::read(text)))
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
    const UNTOLD: ProviderRow = ProviderRow {
        id: "",
        name: "",
        protocol: "",
        base_url: "",
        regional: &[],
        regional_without: &[],
        regional_tools: &[],
        auth: ProviderAuth { header: "", scheme: "" },
        env: &[],
        base_url_env: None,
        console: None,
        key_form: "",
        key_prefixes: &[],
        openai_compatible: "",
        telemetry: "",
        headers: &[],
        families: &[],
        complete: false,
        retired: None,
        paths: &[],
        article: None,
        tiers_text: &[],
        notes: None,
        source: "",
        as_of: AS_OF,
    };

    /// Reads a line of `generated/providers.tsv`, and what else is told of the provider; in the small part that is where a
    /// chat goes, if it is Mistral's.
    pub(crate) fn read(row: &mut Cells, told: &mut Cells) -> ProviderRow {
        // Copied as a whole and then written over: as an expression of all fields it would be a store for each.
        let mut provider = ProviderRow::UNTOLD;
        provider.id = row.text();
        provider.protocol = row.text();
        provider.families = row.words();
        provider.complete = row.flag();
        provider.base_url = told.text();
        provider.auth = ProviderAuth { header: told.text(), scheme: told.text() };
        provider.env = told.words();
        provider.paths = told.pairs();
        if packed::WHOLE {
            provider.tell(told);
        }
        provider
    }

    fn tell(&mut self, told: &mut Cells) {
        self.regional = told.pairs();
        self.regional_without = told.words();
        self.regional_tools = told.words();
        self.key_prefixes = told.words();
        self.headers = told.pairs();
        self.retired = told.day();
        self.name = told.text();
        self.base_url_env = told.optional();
        self.console = told.optional();
        self.key_form = told.text();
        self.openai_compatible = told.text();
        self.telemetry = told.text();
        self.article = ArticleFacts::read(told.text());
        self.tiers_text = told.words();
        self.notes = told.optional();
        self.source = told.text();
        self.as_of = told.day().unwrap_or(AS_OF);
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
    /// assert_eq!((reached.name, reached.spent_usd), ("Tier 3", Some(100)));
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

/// The row of a provider that a caller has named.
///
/// # Errors
/// `invalid_request` with the nearest id.
pub(crate) fn known(id: &str, path: &str) -> crate::Result<&'static ProviderRow> {
    provider_row(id).ok_or_else(|| {
        let ids: Vec<&str> = PROVIDERS.iter().map(|row| row.id).collect();
        let message = format_args!("unknown provider {}", shown(id));
        Error::at(ErrorKind::InvalidRequest, path, message, format_args!("{}", one_of(id, &ids)))
    })
}
