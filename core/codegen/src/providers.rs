//! `data/providers.toml` to `generated/providers.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml::value::Datetime;

use crate::packed::{self, Row};
use crate::rust::{format, header, strings};

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
pub(crate) fn source(data: &Path) -> Result<String, String> {
    let mut out = header("data/providers.toml");
    out += "//! The table of providers.\n\nuse crate::catalogue::ProviderRow;\nuse crate::packed::{Table, whole};\n\n";
    out += &packed::declare_two("PROVIDERS", "Every provider.", "ProviderRow", "providers", Some("providers_chat.tsv"));
    let providers = read(data)?;
    let prefixes = key_prefixes(&providers);
    out += "/// What keys begin with, by convention; what begins with another of them is left out.\n";
    out += &format!("pub static KEY_PREFIXES: [&str; {}] = {};\n", prefixes.len(), strings(&prefixes));
    format(&out)
}

fn read(data: &Path) -> Result<Vec<Provider>, String> {
    crate::read(&data.join("providers.toml")).map(|table: Table| table.provider)
}

fn key_prefixes(providers: &[Provider]) -> Vec<&str> {
    let all: BTreeSet<&str> = providers.iter().flat_map(|row| &row.key_prefixes).map(String::as_str).collect();
    let is_longer = |prefix: &str| all.iter().any(|other| *other != prefix && prefix.starts_with(other));
    all.iter().copied().filter(|prefix| !is_longer(prefix)).collect()
}

/// The table itself, `generated/providers.tsv`.
pub(crate) fn table(data: &Path) -> Result<String, String> {
    packed::table(read(data)?.iter().map(row))
}

/// What is told of them besides, `generated/providers_told.tsv`.
pub(crate) fn told(data: &Path) -> Result<String, String> {
    packed::table(read(data)?.iter().map(|provider| told_of(provider, sent(provider, &provider.paths))))
}

/// What the small part is told of them, `generated/providers_chat.tsv`: where Mistral's chats go.
pub(crate) fn chat(data: &Path) -> Result<String, String> {
    let chat = |provider: &Provider| match provider.protocol.as_str() {
        "mistral" => sent(provider, provider.paths.iter().filter(|(operation, _)| *operation == "chat")),
        _ => Row::default(),
    };
    packed::table(read(data)?.iter().map(chat))
}

/// What requests are judged by.
fn row(provider: &Provider) -> Row {
    Row::default()
        .text(&provider.id)
        .text(&provider.protocol)
        .words(&provider.families)
        .flag(provider.catalogue.as_deref() == Some("complete"))
}

/// What requests are built by.
fn sent<'p>(provider: &Provider, paths: impl IntoIterator<Item = (&'p String, &'p String)>) -> Row {
    Row::default()
        .text(&provider.base_url)
        .text(&provider.auth.header)
        .text(&provider.auth.scheme)
        .words(&provider.env)
        .pairs(paths)
}

/// What is told of a provider besides.
fn told_of(provider: &Provider, sent: Row) -> Row {
    sent.pairs(&provider.regional)
        .words(&provider.regional_without)
        .words(&provider.regional_tools)
        .words(&provider.key_prefixes)
        .pairs(&provider.headers)
        .day(provider.retired.as_ref())
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
