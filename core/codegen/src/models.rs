//! `data/models.toml` and `data/recommended.toml` to `generated/models.rs`, and its tables of models and names.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use crate::data::{Embedding, Model, Models, PastPrice, Prices, Recommended};
use crate::packed::{self, Row};
use crate::rust::{day, format, header, optional, string, strings};

const IMPORTS: &str = "//! The table of models, their names, and what else the catalogue knows.

use crate::catalogue::ModelId;
use crate::catalogue::price::Modifiers;
use crate::catalogue::row::{Capabilities, ModelRow, MovedRow, NameRow, Source, UseRow, day};
use crate::date::Date;
use crate::packed::{Sorted, Table, whole};

";

/// The text of `generated/models.rs`.
pub(crate) fn source(data: &Path) -> Result<String, String> {
    let (models, recommended) = crate::data::read(data)?;
    let capabilities = capabilities(&models)?;
    let mut out = header("data/models.toml and data/recommended.toml") + IMPORTS;
    let _ = write!(out, "/// The day of the snapshot.\npub const AS_OF: Date = {};\n\n", day(&models.as_of)?);
    let _ = write!(
        out,
        "/// What models can do, in the order of the bits of a set.\npub const CAPABILITIES: [&str; {}] = {};\n\n",
        capabilities.len(),
        strings(&capabilities)
    );
    let modifiers = &models.modifiers;
    let _ = write!(
        out,
        "/// How list prices change with the way of the call.\npub const MODIFIERS: Modifiers = Modifiers {{ cached_input: {}, \
         cache_block_tokens: {}, batch: {}, priority: {}, regional: {} }};\n\n",
        modifiers.cached_input, modifiers.cache_block_tokens, modifiers.batch, modifiers.priority, modifiers.regional
    );
    sources(&mut out, &models)?;
    uses(&mut out, &recommended)?;
    moved(&mut out, &models)?;
    out += &packed::declare_sorted("NAMES", "Every name that is no id, sorted.", "NameRow", "include_str!(\"names.tsv\")");
    out += &packed::declare_two("MODELS", "Every model.", "ModelRow", "models", None);
    constants(&mut out, &models);
    sets(&mut out, &capabilities);
    format(&out)
}

/// What models can do, in the order of the bits of a set.
fn capabilities(models: &Models) -> Result<Vec<&str>, String> {
    let capabilities: BTreeSet<&str> = models.model.iter().flat_map(|model| &model.capabilities).map(String::as_str).collect();
    match capabilities.len() {
        ..=32 => Ok(capabilities.into_iter().collect()),
        _ => Err("models.toml: more than 32 capabilities; `Capabilities` has 32 bits".to_owned()),
    }
}

/// The table of models, `generated/models.tsv`.
pub(crate) fn table(data: &Path) -> Result<String, String> {
    let (models, _) = crate::data::read(data)?;
    let capabilities = capabilities(&models)?;
    packed::table(models.model.iter().map(|model| row(model, &capabilities)))
}

/// What is told of them besides, `generated/models_told.tsv`.
pub(crate) fn told(data: &Path) -> Result<String, String> {
    let (models, _) = crate::data::read(data)?;
    packed::table(models.model.iter().map(told_of))
}

/// The table of their other names, `generated/names.tsv`.
pub(crate) fn names(data: &Path) -> Result<String, String> {
    let (models, _) = crate::data::read(data)?;
    let all = models.model.iter().enumerate();
    let mut names: Vec<_> = all.flat_map(|(at, model)| model.names().map(move |(name, label)| (name, label, at))).collect();
    names.retain(|(_, label, _)| *label != "Id");
    names.sort_unstable();
    let row =
        |(name, label, at): &(&str, &str, usize)| Row::default().text(name).text(label[..1].to_lowercase()).optional(Some(at));
    packed::table(names.iter().map(row))
}

/// A constant for each model that is served on the day of the snapshot.
fn constants(out: &mut String, models: &Models) {
    *out += "\nimpl ModelId {";
    let today = models.as_of.to_string();
    let retired = |model: &Model| model.retires.is_some_and(|day| day.to_string() <= today);
    for model in models.model.iter().filter(|model| model.api_id && !retired(model)) {
        let constant = model.id.replace(['-', '.'], "_").to_uppercase();
        let _ = write!(out, "/// {}.\npub const {constant}: ModelId = ModelId::known({});\n", model.name, string(&model.id));
    }
    *out += "}\n";
}

/// A constant for each capability.
fn sets(out: &mut String, capabilities: &[&str]) {
    *out += "\nimpl Capabilities {";
    for (at, name) in capabilities.iter().enumerate() {
        let constant = name.to_uppercase();
        let _ = write!(out, "/// `{name}`.\npub const {constant}: Capabilities = Capabilities::bit({at});\n");
    }
    *out += "}\n";
}

fn sources(out: &mut String, models: &Models) -> Result<(), String> {
    let _ = write!(out, "/// Where facts come from, by key.\npub static SOURCES: [Source; {}] = [", models.sources.len());
    for (key, source) in &models.sources {
        let (key, title) = (string(key), string(&source.title));
        let _ = write!(out, "Source {{ key: {key}, title: {title}, as_of: {} }},", day(&source.as_of)?);
    }
    *out += "];\n\n";
    let patterns: Vec<&str> = models.deprecated_name.iter().map(|row| row.pattern.as_str()).collect();
    let _ = write!(
        out,
        "/// Names that new code should not use; `*` stands for any ending.\npub static DEPRECATED_NAMES: [&str; {}] = {};\n\n",
        patterns.len(),
        strings(&patterns)
    );
    Ok(())
}

fn uses(out: &mut String, recommended: &Recommended) -> Result<(), String> {
    let _ = write!(
        out,
        "/// Who recommends.\npub const RECOMMENDED_BY: &str = {};\n\n/// When.\npub const RECOMMENDED_AS_OF: Date = {};\n\n",
        string(&recommended.source),
        day(&recommended.as_of)?
    );
    let _ = write!(out, "/// What is recommended.\npub static USES: [UseRow; {}] = [", recommended.uses.len());
    for row in &recommended.uses {
        let _ = write!(
            out,
            "UseRow {{ purpose: {}, model: {}, doc: {}, note: {} }},",
            string(&row.purpose),
            string(&row.model),
            string(&row.doc),
            optional(row.note.as_deref())
        );
    }
    *out += "];\n\n";
    Ok(())
}

fn moved(out: &mut String, models: &Models) -> Result<(), String> {
    let mut moved: Vec<_> = models.moved.iter().map(|row| (&row.name, row.day.to_string(), row)).collect();
    moved.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let _ = write!(out, "/// When floating names moved, by name and day.\npub static MOVED: [MovedRow; {}] = [", moved.len());
    for (name, _, row) in moved {
        let _ = write!(
            out,
            "MovedRow {{ name: {}, day: {}, from: {}, to: {} }},",
            string(name),
            day(&row.day)?,
            optional(row.from.as_deref()),
            string(&row.to)
        );
    }
    *out += "];\n\n";
    Ok(())
}

/// What requests are judged by.
fn row(model: &Model, capabilities: &[&str]) -> Row {
    let efforts = model.reasoning_efforts.as_ref();
    let bits = capabilities.iter().enumerate().filter(|(_, name)| model.capabilities.iter().any(|own| own == *name));
    let bits: u32 = bits.map(|(at, _)| 1 << at).sum();
    Row::default()
        .text(&model.id)
        .optional(Some(&model.provider).filter(|provider| *provider != "mistral"))
        .optional(model.vendor.as_ref())
        .optional(Some(&model.stage).filter(|stage| *stage != "live"))
        .flag(!model.api_id)
        .day(model.released.as_ref())
        .day(model.deprecated.as_ref())
        .day(model.retires.as_ref())
        .optional(model.replacement.as_ref())
        .optional(model.context)
        .optional(model.max_output)
        .optional(Some(bits))
        // `-` is a list without a word, which is not the same as no list.
        .optional(efforts.map(|list| if list.is_empty() { "-".to_owned() } else { list.join("|") }))
        .words(&model.refuses)
}

/// What is told of a model besides.
fn told_of(model: &Model) -> Row {
    Row::default()
        .text(&model.name)
        .flag(model.secondary)
        .optional(model.weights.as_ref())
        .optional(model.context_docs)
        .optional(model.default_temperature.map(|t| (t * 1000.0).round() as u16))
        .words(&model.input)
        .words(&model.output)
        .text(prices(&model.prices))
        .text(past_prices(&model.past_prices))
        .day(model.price_since.as_ref())
        .optional(model.embedding.as_ref().map(embedding))
        .optional(model.notes.as_ref())
        .words(&model.source)
        .day(Some(&model.as_of))
}

/// The prices in their order, those at the end left out where they are not known.
fn prices(prices: &Prices) -> String {
    let all = [
        prices.input_per_mtok,
        prices.cached_input_per_mtok,
        prices.output_per_mtok,
        prices.audio_per_minute,
        prices.per_page,
        prices.per_annotated_page,
        prices.per_mchar,
    ];
    let all = all.map(|price| price.map(|price| price.to_string()).unwrap_or_default());
    all.join(",").trim_end_matches(',').to_owned()
}

/// `2025-01-01,100,,300|…`
fn past_prices(past: &[PastPrice]) -> String {
    past.iter().map(|row| format!("{},{}", row.from, prices(&row.prices))).collect::<Vec<_>>().join("|")
}

fn embedding(facts: &Embedding) -> String {
    let output_dimension = u8::from(facts.output_dimension);
    let numbers = format!("{},{},{output_dimension},{}", facts.default_dimension, facts.max_dimension, facts.max_inputs);
    format!("{numbers},{}", facts.dtypes.join("|"))
}
