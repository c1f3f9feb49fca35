//! The form of `data/models.toml` and `data/recommended.toml`, and what must hold between their rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml::value::Datetime;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Models {
    pub(crate) as_of: Datetime,
    pub(crate) sources: BTreeMap<String, Source>,
    pub(crate) modifiers: Modifiers,
    pub(crate) deprecated_name: Vec<DeprecatedName>,
    pub(crate) moved: Vec<Moved>,
    pub(crate) model: Vec<Model>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) title: String,
    pub(crate) as_of: Datetime,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Modifiers {
    pub(crate) cached_input: u32,
    pub(crate) cache_block_tokens: u32,
    pub(crate) batch: u32,
    pub(crate) priority: u32,
    pub(crate) regional: u32,
    source: String,
    #[serde(rename = "as_of")]
    _as_of: Datetime,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeprecatedName {
    pub(crate) pattern: String,
    source: String,
    #[serde(rename = "as_of")]
    _as_of: Datetime,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moved {
    pub(crate) name: String,
    pub(crate) day: Datetime,
    pub(crate) from: Option<String>,
    pub(crate) to: String,
    source: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) provider: String,
    pub(crate) vendor: Option<String>,
    #[serde(default = "live")]
    pub(crate) stage: String,
    #[serde(default = "yes")]
    pub(crate) api_id: bool,
    #[serde(default)]
    pub(crate) secondary: bool,
    pub(crate) weights: Option<String>,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default)]
    pub(crate) floating: Vec<String>,
    #[serde(default)]
    pub(crate) documented: Vec<String>,
    pub(crate) released: Option<Datetime>,
    pub(crate) deprecated: Option<Datetime>,
    pub(crate) retires: Option<Datetime>,
    pub(crate) replacement: Option<String>,
    pub(crate) context: Option<u64>,
    pub(crate) context_docs: Option<u64>,
    pub(crate) max_output: Option<u64>,
    pub(crate) default_temperature: Option<f64>,
    #[serde(default)]
    pub(crate) input: Vec<String>,
    #[serde(default)]
    pub(crate) output: Vec<String>,
    pub(crate) capabilities: Vec<String>,
    pub(crate) reasoning_efforts: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) refuses: Vec<String>,
    #[serde(default)]
    pub(crate) prices: Prices,
    #[serde(default)]
    pub(crate) past_prices: Vec<PastPrice>,
    pub(crate) price_since: Option<Datetime>,
    pub(crate) embedding: Option<Embedding>,
    pub(crate) notes: Option<String>,
    pub(crate) source: Vec<String>,
    pub(crate) as_of: Datetime,
}

#[derive(Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prices {
    pub(crate) input_per_mtok: Option<u64>,
    pub(crate) cached_input_per_mtok: Option<u64>,
    pub(crate) output_per_mtok: Option<u64>,
    pub(crate) audio_per_minute: Option<u64>,
    pub(crate) per_page: Option<u64>,
    pub(crate) per_annotated_page: Option<u64>,
    pub(crate) per_mchar: Option<u64>,
}

#[derive(serde::Deserialize)]
pub(crate) struct PastPrice {
    pub(crate) from: Datetime,
    #[serde(flatten)]
    pub(crate) prices: Prices,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Embedding {
    pub(crate) default_dimension: u32,
    pub(crate) max_dimension: u32,
    pub(crate) output_dimension: bool,
    pub(crate) dtypes: Vec<String>,
    pub(crate) max_inputs: u32,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recommended {
    pub(crate) source: String,
    pub(crate) as_of: Datetime,
    #[serde(rename = "use")]
    pub(crate) uses: Vec<Use>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Use {
    #[serde(rename = "use")]
    pub(crate) purpose: String,
    pub(crate) model: String,
    pub(crate) doc: String,
    pub(crate) note: Option<String>,
}

fn live() -> String {
    "live".to_owned()
}

fn yes() -> bool {
    true
}

impl Model {
    /// Every name of the model, with its label.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &'static str)> {
        std::iter::once((self.id.as_str(), "Id"))
            .chain(self.aliases.iter().map(|name| (name.as_str(), "Alias")))
            .chain(self.floating.iter().map(|name| (name.as_str(), "Floating")))
            .chain(self.documented.iter().map(|name| (name.as_str(), "Documented")))
    }
}

/// Reads both files and holds them to what rows say of each other.
pub(crate) fn read(data: &Path) -> Result<(Models, Recommended), String> {
    let models: Models = crate::read(&data.join("models.toml"))?;
    let recommended: Recommended = crate::read(&data.join("recommended.toml"))?;
    verify(&models, &recommended).map_err(|fault| format!("models.toml: {fault}"))?;
    Ok((models, recommended))
}

fn verify(models: &Models, recommended: &Recommended) -> Result<(), String> {
    let mut names = BTreeMap::new();
    for model in &models.model {
        for (name, _) in model.names() {
            if let Some(other) = names.insert(name, model.id.as_str()) {
                return Err(format!("`{name}` names both `{other}` and `{}`", model.id));
            }
        }
    }
    let ids: BTreeSet<&str> = models.model.iter().map(|model| model.id.as_str()).collect();
    let is_id = |id: &str, who: &str| ids.contains(id).then_some(()).ok_or_else(|| format!("`{who}` refers to no id: `{id}`"));
    let is_source = |key: &str, who: &str| {
        models.sources.contains_key(key).then_some(()).ok_or_else(|| format!("`{who}` has no such source: `{key}`"))
    };
    for model in &models.model {
        verify_model(model)?;
        model.replacement.iter().try_for_each(|id| is_id(id, &model.id))?;
        model.source.iter().try_for_each(|key| is_source(key, &model.id))?;
    }
    for moved in &models.moved {
        is_source(&moved.source, &moved.name)?;
        moved.from.iter().chain([&moved.to]).try_for_each(|id| is_id(id, &moved.name))?;
    }
    for deprecated in &models.deprecated_name {
        is_source(&deprecated.source, &deprecated.pattern)?;
    }
    is_source(&models.modifiers.source, "modifiers")?;
    for row in &recommended.uses {
        if !names.contains_key(row.model.as_str()) {
            return Err(format!("recommended.toml names no model: `{}`", row.model));
        }
    }
    Ok(())
}

fn verify_model(model: &Model) -> Result<(), String> {
    let id = &model.id;
    let ordered = [model.released, model.deprecated, model.retires];
    let days: Vec<String> = ordered.into_iter().flatten().map(|day| day.to_string()).collect();
    if !days.is_sorted() {
        return Err(format!("the dates of `{id}` are out of order"));
    }
    if !["live", "preview", "retired", "weights_only"].contains(&model.stage.as_str()) {
        return Err(format!("`{id}` has an unknown stage: `{}`", model.stage));
    }
    if model.past_prices.is_empty() != model.price_since.is_none() {
        return Err(format!("`{id}` needs `past_prices` and `price_since` together"));
    }
    Ok(())
}
