//! `data/providers.toml` to `generated/providers.rs`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use toml::value::Datetime;

use crate::rust::{day, format, header, optional, string, strings};

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

/// The text of `generated/providers.rs`.
pub(crate) fn source(data: &Path) -> Result<String, String> {
    let table: Table = crate::read(&data.join("providers.toml"))?;
    let mut out = header("data/providers.toml");
    out += "//! The table of providers.\n\nuse crate::catalogue::provider::{ArticleFacts, ProviderAuth, ProviderRow};\n";
    out += "use crate::catalogue::row::day;\n\n";
    let _ = write!(out, "/// Every provider.\npub static PROVIDERS: [ProviderRow; {}] = [", table.provider.len());
    for provider in &table.provider {
        row(&mut out, provider)?;
    }
    out += "];\n";
    format(&out)
}

fn row(out: &mut String, provider: &Provider) -> Result<(), String> {
    let retired = provider.retired.as_ref().map(day).transpose()?;
    let fields = [
        ("id", string(&provider.id)),
        ("name", string(&provider.name)),
        ("protocol", string(&provider.protocol)),
        ("base_url", string(&provider.base_url)),
        ("regional", pairs(&provider.regional)),
        ("regional_without", format!("&{}", strings(&provider.regional_without))),
        ("regional_tools", format!("&{}", strings(&provider.regional_tools))),
        (
            "auth",
            format!("ProviderAuth {{ header: {}, scheme: {} }}", string(&provider.auth.header), string(&provider.auth.scheme)),
        ),
        ("env", format!("&{}", strings(&provider.env))),
        ("base_url_env", optional(provider.base_url_env.as_deref())),
        ("console", optional(provider.console.as_deref())),
        ("key_form", string(&provider.key_form)),
        ("key_prefixes", format!("&{}", strings(&provider.key_prefixes))),
        ("openai_compatible", string(&provider.openai_compatible)),
        ("telemetry", string(provider.telemetry.as_deref().unwrap_or(&provider.id))),
        ("headers", pairs(&provider.headers)),
        ("families", format!("&{}", strings(&provider.families))),
        ("complete", (provider.catalogue.as_deref() == Some("complete")).to_string()),
        ("retired", retired.map_or("None".to_owned(), |day| format!("Some({day})"))),
        ("paths", pairs(&provider.paths)),
        ("article", provider.article.as_ref().map_or("None".to_owned(), article)),
        ("notes", optional(provider.notes.as_deref())),
        ("source", string(&provider.source)),
        ("as_of", day(&provider.as_of)?),
    ];
    *out += "ProviderRow {";
    for (name, value) in fields {
        let _ = write!(out, "{name}: {value},");
    }
    *out += "},";
    Ok(())
}

fn pairs(map: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = map.iter().map(|(key, value)| format!("({}, {})", string(key), string(value))).collect();
    format!("&[{}]", pairs.join(", "))
}

fn article(article: &Article) -> String {
    format!(
        "Some(ArticleFacts {{ auth: {}, endpoint: {}, env: {}, key_form: {}, openai_compatible: {} }})",
        optional(article.auth.as_deref()),
        optional(article.endpoint.as_deref()),
        optional(article.env.as_deref()),
        optional(article.key_form.as_deref()),
        optional(article.openai_compatible.as_deref())
    )
}
