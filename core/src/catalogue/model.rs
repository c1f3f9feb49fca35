//! One model as data: what `models.list` and `models.get` give.

use super::price::{PastPrice, Prices};
use super::row::{EmbeddingFacts, Label, ModelRow, Status};
use crate::date::Date;
use crate::generated::models::SOURCES;

/// One model of the catalogue, as it is on a day.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Model {
    /// Its official id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// Who made it, when that is not the provider.
    pub vendor: Option<String>,
    /// What it is on that day.
    pub status: Status,
    /// Names that stay with it.
    pub aliases: Vec<String>,
    /// Names that point to it as of the snapshot, and may move.
    pub floating: Vec<String>,
    /// Names that articles and documentation print, but the API does not list.
    pub documented: Vec<String>,
    /// The day of the release.
    pub released: Option<Date>,
    /// The first day on which it is deprecated.
    pub deprecated_on: Option<Date>,
    /// The first day on which it is retired.
    pub retires_on: Option<Date>,
    /// The id of the model that takes its place.
    pub replacement: Option<String>,
    /// The context window in tokens, as the API reports it where that is known.
    pub context: Option<u64>,
    /// The documentation's figure, where it differs.
    pub context_docs: Option<u64>,
    /// The most tokens that an answer may have.
    pub max_output: Option<u64>,
    /// The temperature when none is asked for.
    pub default_temperature: Option<f64>,
    /// What it takes: `text`, `image`, `audio`, `document`.
    pub input: Vec<String>,
    /// What it gives.
    pub output: Vec<String>,
    /// What it can do, for example `vision`.
    pub capabilities: Vec<String>,
    /// The values that `reasoning_effort` takes; an empty list refuses each, `null` means that it is not known.
    pub reasoning_efforts: Option<Vec<String>>,
    /// Fields of a request that it is known to refuse, though others take them: `n`, `logprobs`, …
    pub refuses: Vec<String>,
    /// The prices on that day, in nano-dollars (10⁻⁹ USD).
    pub prices: Prices,
    /// Earlier prices, oldest first.
    pub past_prices: Vec<PastPrice>,
    /// What it takes and gives as an embedding model.
    pub embedding: Option<EmbeddingFacts>,
    /// `premier`, `open` or `labs`, where it is known.
    pub weights: Option<String>,
    /// Whether no source of the provider's own could be read.
    pub secondary: bool,
    /// What else is to be known.
    pub notes: Option<String>,
    /// Where the facts come from.
    pub source: Vec<String>,
    /// The day of the newest source.
    pub as_of: Date,
}

impl Model {
    /// A row as data, with those of a catalogue's names that are its own.
    pub(super) fn new(row: &ModelRow, names: &[(&str, Label, &ModelRow)], on: Date) -> Model {
        let named = |label: Label| {
            let own = names.iter().filter(|(_, known, of)| *known == label && of.id == row.id);
            own.map(|(name, ..)| (*name).to_owned()).collect()
        };
        let owned = |list: &[&str]| list.iter().map(|item| (*item).to_owned()).collect::<Vec<String>>();
        Model {
            id: row.id.to_string(),
            name: row.name.to_string(),
            provider: row.provider.to_string(),
            vendor: row.vendor.map(str::to_owned),
            status: row.status(on),
            aliases: named(Label::Alias),
            floating: named(Label::Floating),
            documented: named(Label::Documented),
            released: row.released,
            deprecated_on: row.deprecated,
            retires_on: row.retires,
            replacement: row.replacement.as_deref().map(str::to_owned),
            context: row.context,
            context_docs: row.context_docs,
            max_output: row.max_output,
            default_temperature: row.default_temperature.map(|thousandths| f64::from(thousandths) / 1000.0),
            input: owned(row.input),
            output: owned(row.output),
            capabilities: row.capabilities.names().map(str::to_owned).collect(),
            reasoning_efforts: row.reasoning_efforts.as_deref().map(owned),
            refuses: owned(row.refuses),
            prices: *row.prices_on(on),
            past_prices: row.past_prices.to_vec(),
            embedding: row.embedding,
            weights: row.weights.map(str::to_owned),
            secondary: row.secondary,
            notes: row.notes.as_deref().map(str::to_owned),
            source: row.source.iter().map(|key| title(key)).collect(),
            as_of: row.as_of,
        }
    }
}

/// `title (day)` of a source; the key itself for what is not in the table.
fn title(key: &str) -> String {
    match SOURCES.iter().find(|source| source.key == key) {
        Some(source) => format!("{} ({})", source.title, source.as_of),
        None => key.to_owned(),
    }
}
