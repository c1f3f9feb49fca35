//! `data/models.toml` and `data/recommended.toml` to `generated/models.rs`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use toml::value::Datetime;

use crate::data::{Embedding, Model, Models, PastPrice, Prices, Recommended};
use crate::rust::{camel, day, format, header, optional, string, strings};

const IMPORTS: &str = "//! The table of models, their names, and what else the catalogue knows.

use std::borrow::Cow;

use crate::catalogue::ModelId;
use crate::catalogue::price::{Modifiers, PastPrice, Prices};
use crate::catalogue::row::{Capabilities, EmbeddingFacts, Label, ModelRow, MovedRow, NameRow, Source, Stage, UseRow, day};
use crate::date::Date;

";

/// The text of `generated/models.rs`.
pub(crate) fn source(data: &Path) -> Result<String, String> {
    let (models, recommended) = crate::data::read(data)?;
    let capabilities: BTreeSet<&str> = models.model.iter().flat_map(|model| &model.capabilities).map(String::as_str).collect();
    let capabilities: Vec<&str> = capabilities.into_iter().collect();
    if capabilities.len() > 32 {
        return Err("models.toml: more than 32 capabilities; `Capabilities` has 32 bits".to_owned());
    }
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
    names(&mut out, &models)?;
    let _ = write!(out, "/// Every model.\npub static MODELS: [ModelRow; {}] = [", models.model.len());
    for model in &models.model {
        row(&mut out, model, &capabilities)?;
    }
    out += "];\n";
    constants(&mut out, &models);
    format(&out)
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

fn names(out: &mut String, models: &Models) -> Result<(), String> {
    let all = models.model.iter().enumerate();
    let mut names: Vec<_> = all.flat_map(|(at, model)| model.names().map(move |(name, label)| (name, label, at))).collect();
    names.sort_unstable();
    let _ = write!(out, "/// Every name, sorted.\npub static NAMES: [NameRow; {}] = [", names.len());
    for (name, label, at) in names {
        let _ = write!(out, "NameRow {{ name: {}, label: Label::{label}, model: {at} }},", string(name));
    }
    let mut moved: Vec<_> = models.moved.iter().map(|row| (&row.name, row.day.to_string(), row)).collect();
    moved.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let _ =
        write!(out, "];\n\n/// When floating names moved, by name and day.\npub static MOVED: [MovedRow; {}] = [", moved.len());
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

fn row(out: &mut String, model: &Model, capabilities: &[&str]) -> Result<(), String> {
    let efforts = model.reasoning_efforts.as_ref();
    let bits = capabilities.iter().enumerate().filter(|(_, name)| model.capabilities.iter().any(|own| own == *name));
    let bits: u32 = bits.map(|(at, _)| 1 << at).sum();
    let thousandths = model.default_temperature.map(|t| (t * 1000.0).round() as u16);
    let cow = |text: &str| format!("Cow::Borrowed({})", string(text));
    let cow_or_none = |text: &Option<String>| text.as_deref().map_or("None".to_owned(), |text| format!("Some({})", cow(text)));
    let fields = [
        ("id", cow(&model.id)),
        ("name", cow(&model.name)),
        ("provider", cow(&model.provider)),
        ("vendor", optional(model.vendor.as_deref())),
        ("stage", format!("Stage::{}", camel(&model.stage))),
        ("has_api_id", model.api_id.to_string()),
        ("secondary", model.secondary.to_string()),
        ("weights", optional(model.weights.as_deref())),
        ("released", optional_day(model.released.as_ref())?),
        ("deprecated", optional_day(model.deprecated.as_ref())?),
        ("retires", optional_day(model.retires.as_ref())?),
        ("replacement", cow_or_none(&model.replacement)),
        ("context", format!("{:?}", model.context)),
        ("context_docs", format!("{:?}", model.context_docs)),
        ("max_output", format!("{:?}", model.max_output)),
        ("default_temperature", format!("{thousandths:?}")),
        ("input", format!("&{}", strings(&model.input))),
        ("output", format!("&{}", strings(&model.output))),
        ("capabilities", format!("Capabilities::from_bits({bits:#x})")),
        ("reasoning_efforts", efforts.map_or("None".to_owned(), |list| format!("Some(Cow::Borrowed(&{}))", strings(list)))),
        ("refuses", format!("&{}", strings(&model.refuses))),
        ("prices", prices(&model.prices)),
        ("past_prices", past_prices(&model.past_prices)?),
        ("price_since", optional_day(model.price_since.as_ref())?),
        ("embedding", model.embedding.as_ref().map_or("None".to_owned(), embedding)),
        ("notes", cow_or_none(&model.notes)),
        ("source", format!("&{}", strings(&model.source))),
        ("as_of", day(&model.as_of)?),
    ];
    *out += "ModelRow {";
    for (name, value) in fields {
        let _ = write!(out, "{name}: {value},");
    }
    *out += "},";
    Ok(())
}

fn optional_day(date: Option<&Datetime>) -> Result<String, String> {
    date.map_or(Ok("None".to_owned()), |date| Ok(format!("Some({})", day(date)?)))
}

/// Only the prices that are known: the rest is [`Prices::NONE`]'s.
fn prices(prices: &Prices) -> String {
    let known = [
        ("input_per_mtok", prices.input_per_mtok),
        ("cached_input_per_mtok", prices.cached_input_per_mtok),
        ("output_per_mtok", prices.output_per_mtok),
        ("audio_per_minute", prices.audio_per_minute),
        ("per_page", prices.per_page),
        ("per_annotated_page", prices.per_annotated_page),
        ("per_mchar", prices.per_mchar),
    ];
    let known: String = known.iter().filter_map(|(name, price)| Some(format!("{name}: Some({}),", (*price)?))).collect();
    if known.is_empty() { "Prices::NONE".to_owned() } else { format!("Prices {{ {known} ..Prices::NONE }}") }
}

fn past_prices(past: &[PastPrice]) -> Result<String, String> {
    let mut out = "&[".to_owned();
    for row in past {
        let _ = write!(out, "PastPrice {{ from: {}, prices: {} }},", day(&row.from)?, prices(&row.prices));
    }
    Ok(out + "]")
}

fn embedding(facts: &Embedding) -> String {
    format!(
        "Some(EmbeddingFacts {{ default_dimension: {}, max_dimension: {}, output_dimension: {}, dtypes: &{}, max_inputs: {} }})",
        facts.default_dimension,
        facts.max_dimension,
        facts.output_dimension,
        strings(&facts.dtypes),
        facts.max_inputs
    )
}
