//! `data/providers.toml` to `generated/providers.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use toml::value::Datetime;

use crate::packed::{self, Row};
use crate::rust::{format, header};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "as_of")]
    _as_of: Datetime,
    provider: Vec<Provider>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    id: String,
    name: String,
    protocol: String,
    base_url: String,
    #[serde(default)]
    regional: BTreeMap<String, String>,
    #[serde(default)]
    regional_without: Vec<String>,
    #[serde(default)]
    regional_tools: Vec<String>,
    auth: Auth,
    env: Vec<String>,
    base_url_env: Option<String>,
    console: Option<String>,
    key_form: String,
    #[serde(default)]
    key_prefixes: Vec<String>,
    openai_compatible: String,
    telemetry: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    families: Vec<String>,
    catalogue: Option<String>,
    retired: Option<Datetime>,
    paths: BTreeMap<String, String>,
    article: Option<Article>,
    #[serde(default)]
    tiers: Vec<Tier>,
    notes: Option<String>,
    source: String,
    as_of: Datetime,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Auth {
    header: String,
    scheme: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    auth: Option<String>,
    endpoint: Option<String>,
    env: Option<String>,
    key_form: Option<String>,
    openai_compatible: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    name: String,
    spent_usd: Option<u64>,
    requests_per_minute: Option<u64>,
    tokens_per_minute: Option<u64>,
    tokens_per_month: Option<u64>,
    notes: Option<String>,
}

/// The text of `generated/providers.rs`.
pub(crate) fn source() -> Result<String, String> {
    let mut out = header("data/providers.toml");
    out += "//! The table of providers.\n\nuse crate::catalogue::ProviderRow;\nuse crate::packed::{Table, whole};\n\n";
    out += &packed::declare_two("PROVIDERS", "Every provider.", "ProviderRow", "providers");
    format(&out)
}

/// The table itself, `generated/providers.tsv`.
pub(crate) fn table(data: &Path) -> Result<String, String> {
    let table: Table = crate::read(&data.join("providers.toml"))?;
    packed::table(table.provider.iter().map(row))
}

/// What is told of them besides, `generated/providers_told.tsv`.
pub(crate) fn told(data: &Path) -> Result<String, String> {
    let table: Table = crate::read(&data.join("providers.toml"))?;
    packed::table(table.provider.iter().map(told_of))
}

/// What requests are judged and built by.
fn row(provider: &Provider) -> Row {
    Row::default()
        .text(&provider.id)
        .text(&provider.protocol)
        .text(&provider.base_url)
        .pairs(&provider.regional)
        .words(&provider.regional_without)
        .words(&provider.regional_tools)
        .text(&provider.auth.header)
        .text(&provider.auth.scheme)
        .words(&provider.env)
        .words(&provider.key_prefixes)
        .pairs(&provider.headers)
        .words(&provider.families)
        .flag(provider.catalogue.as_deref() == Some("complete"))
        .day(provider.retired.as_ref())
        .pairs(&provider.paths)
}

/// What is told of a provider besides.
fn told_of(provider: &Provider) -> Row {
    Row::default()
        .text(&provider.name)
        .optional(provider.base_url_env.as_ref())
        .optional(provider.console.as_ref())
        .text(&provider.key_form)
        .text(&provider.openai_compatible)
        .text(provider.telemetry.as_ref().unwrap_or(&provider.id))
        .text(provider.article.as_ref().map(article).unwrap_or_default())
        .words(&provider.tiers.iter().map(tier).collect::<Vec<_>>())
        .optional(provider.notes.as_ref())
        .text(&provider.source)
        .day(Some(&provider.as_of))
}

/// A step of the limits: its parts in their order, with `;` between them.
fn tier(tier: &Tier) -> String {
    let numbers = [tier.spent_usd, tier.requests_per_minute, tier.tokens_per_minute, tier.tokens_per_month];
    let numbers = numbers.map(|number| number.map(|number| number.to_string()).unwrap_or_default());
    format!("{};{};{}", tier.name, numbers.join(";"), tier.notes.as_deref().unwrap_or_default())
}

/// What the article says: its parts in their order, with `|` between them.
fn article(article: &Article) -> String {
    let parts = [&article.auth, &article.endpoint, &article.env, &article.key_form, &article.openai_compatible];
    parts.map(|part| part.clone().unwrap_or_default()).join("|")
}
