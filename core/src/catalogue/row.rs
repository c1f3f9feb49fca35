//! The rows of the catalogue's static tables (`generated/models.rs`), and how a row is read.
//!
//! A row borrows from the program; a row that an overlay has changed owns what it changed.

use std::borrow::Cow;

use super::price::{PastPrice, Prices};
use crate::date::Date;
use crate::generated::models::{AS_OF, CAPABILITIES};
use crate::packed::{self, Cells};

/// What a model is while none of its dates says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Served.
    Live,
    /// Served, and may change without notice.
    Preview,
    /// Gone; the day is not known.
    Retired,
    /// Published as weights only.
    WeightsOnly,
}

impl Stage {
    /// Reads a stage by the first letter of its name: of each there is one.
    fn read(name: &str) -> Stage {
        match name.as_bytes().first() {
            Some(b'p') => Stage::Preview,
            Some(b'r') => Stage::Retired,
            Some(b'w') => Stage::WeightsOnly,
            _ => Stage::Live,
        }
    }
}

/// What a model is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not released yet on that day.
    Unreleased,
    /// Served.
    Live,
    /// Served, and may change without notice.
    Preview,
    /// Served, and about to be retired.
    Deprecated,
    /// No longer served.
    Retired,
    /// Published as weights only; no API serves it.
    WeightsOnly,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 6] =
        [Status::Unreleased, Status::Live, Status::Preview, Status::Deprecated, Status::Retired, Status::WeightsOnly];

    /// The status, as data.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Unreleased => "unreleased",
            Status::Live => "live",
            Status::Preview => "preview",
            Status::Deprecated => "deprecated",
            Status::Retired => "retired",
            Status::WeightsOnly => "weights_only",
        }
    }
}

/// What a model can do: a set of names such as `vision`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(u32);

impl Capabilities {
    /// The names, in the order of their bits.
    pub const NAMES: &'static [&'static str] = &CAPABILITIES;

    /// The set of these names; the name that is no capability otherwise.
    ///
    /// # Errors
    /// The first name that is not in [`Capabilities::NAMES`].
    pub fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, &'n str> {
        names.into_iter().try_fold(Capabilities(0), |set, name| Ok(Capabilities(set.0 | bit(name).ok_or(name)?)))
    }

    /// The set of the one at a place among the names.
    pub(crate) const fn bit(at: u32) -> Capabilities {
        Capabilities(1 << at)
    }

    /// Whether the set holds all of another.
    pub const fn has(self, other: Capabilities) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether nothing is in the set: of some models nothing is written down.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the set holds a capability.
    pub fn contains(self, name: &str) -> bool {
        bit(name).is_some_and(|bit| self.0 & bit != 0)
    }

    /// The names of the set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().enumerate().filter(move |(at, _)| self.0 & (1 << at) != 0).map(|(_, name)| *name)
    }
}

fn bit(name: &str) -> Option<u32> {
    Capabilities::NAMES.iter().position(|known| *known == name).map(|at| 1 << at)
}

/// What an embedding model takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbeddingFacts {
    /// The length of a vector when none is asked for.
    pub default_dimension: u32,
    /// The greatest length of a vector.
    pub max_dimension: u32,
    /// Whether `output_dimension` may be set.
    pub output_dimension: bool,
    /// The values that `output_dtype` takes.
    pub dtypes: &'static [&'static str],
    /// How many inputs one request may hold.
    pub max_inputs: u32,
}

impl EmbeddingFacts {
    /// Reads `default_dimension,max_dimension,output_dimension,max_inputs,dtypes`.
    fn read(mut cell: &'static str) -> Option<EmbeddingFacts> {
        let mut number = || packed::number(packed::cut(&mut cell, b',')).map(|number| number as u32);
        Some(EmbeddingFacts {
            default_dimension: number()?,
            max_dimension: number()?,
            output_dimension: number()? > 0,
            max_inputs: number()?,
            dtypes: packed::words(cell),
        })
    }
}

/// One model: a row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelRow {
    /// Its official id.
    pub id: Cow<'static, str>,
    /// Its name for people.
    pub name: Cow<'static, str>,
    /// The provider's id.
    pub provider: Cow<'static, str>,
    /// Who made it, when that is not the provider.
    pub vendor: Option<&'static str>,
    /// What it is while no date says otherwise.
    pub stage: Stage,
    /// Whether the API has an id for it.
    pub has_api_id: bool,
    /// Whether no source of the provider's own could be read.
    pub secondary: bool,
    /// `premier`, `open` or `labs`, where it is known.
    pub weights: Option<&'static str>,
    /// The day of the release.
    pub released: Option<Date>,
    /// The first day on which it is deprecated.
    pub deprecated: Option<Date>,
    /// The first day on which it is retired.
    pub retires: Option<Date>,
    /// The id of the model that takes its place.
    pub replacement: Option<Cow<'static, str>>,
    /// The context window in tokens, as the API reports it.
    pub context: Option<u64>,
    /// The documentation's figure, where it differs.
    pub context_docs: Option<u64>,
    /// The most tokens that an answer may have.
    pub max_output: Option<u64>,
    /// The temperature when none is asked for, in thousandths.
    pub default_temperature: Option<u16>,
    /// What it takes: `text`, `image`, `audio`, `document`.
    pub input: &'static [&'static str],
    /// What it gives.
    pub output: &'static [&'static str],
    /// What it can do.
    pub capabilities: Capabilities,
    /// The values that `reasoning_effort` takes; an empty list refuses each, `None` means that it is not known.
    pub reasoning_efforts: Option<Cow<'static, [&'static str]>>,
    /// Fields of a request that the model is known to refuse, though others take them: `n`, `logprobs`, …
    pub refuses: &'static [&'static str],
    /// Today's prices.
    pub prices: Prices,
    /// Earlier prices, oldest first.
    pub past_prices: &'static [PastPrice],
    /// The day since which `prices` holds, when there were others.
    pub price_since: Option<Date>,
    /// What it takes and gives as an embedding model.
    pub embedding: Option<EmbeddingFacts>,
    /// What else is to be known.
    pub notes: Option<Cow<'static, str>>,
    /// Where the facts come from: keys of [`SOURCES`](crate::generated::models::SOURCES).
    pub source: &'static [&'static str],
    /// The day of the newest source.
    pub as_of: Date,
}

impl ModelRow {
    /// A model of which nothing is known.
    pub(super) const UNKNOWN: ModelRow = ModelRow {
        id: Cow::Borrowed(""),
        name: Cow::Borrowed(""),
        provider: Cow::Borrowed("mistral"),
        vendor: None,
        stage: Stage::Live,
        has_api_id: true,
        secondary: false,
        weights: None,
        released: None,
        deprecated: None,
        retires: None,
        replacement: None,
        context: None,
        context_docs: None,
        max_output: None,
        default_temperature: None,
        input: &[],
        output: &[],
        capabilities: Capabilities(0),
        reasoning_efforts: None,
        refuses: &[],
        prices: Prices::NONE,
        past_prices: &[],
        price_since: None,
        embedding: None,
        notes: None,
        source: &[],
        as_of: AS_OF,
    };

    /// Reads a line of `generated/models.tsv`, and what else is told of the model: the same line of `generated/models_told.tsv`.
    pub(crate) fn read(row: &mut Cells, told: &mut Cells) -> ModelRow {
        let judged = ModelRow {
            id: row.text().into(),
            provider: row.optional().unwrap_or("mistral").into(),
            vendor: row.optional(),
            stage: Stage::read(row.text()),
            has_api_id: !row.flag(),
            released: row.day(),
            deprecated: row.day(),
            retires: row.day(),
            replacement: row.optional().map(Cow::Borrowed),
            context: row.number(),
            max_output: row.number(),
            capabilities: Capabilities(row.number().unwrap_or_default() as u32),
            // `-` is a list without a word, which is not the same as no list.
            reasoning_efforts: row.optional().map(|list| Cow::Borrowed(packed::words(if list == "-" { "" } else { list }))),
            refuses: row.words(),
            ..ModelRow::UNKNOWN
        };
        if packed::WHOLE { judged.told(told) } else { judged }
    }

    fn told(self, told: &mut Cells) -> ModelRow {
        ModelRow {
            name: told.text().into(),
            secondary: told.flag(),
            weights: told.optional(),
            context_docs: told.number(),
            default_temperature: told.number().map(|thousandths| thousandths as u16),
            input: told.words(),
            output: told.words(),
            prices: Prices::read(told.text()),
            past_prices: PastPrice::read_all(told.text()),
            price_since: told.day(),
            embedding: EmbeddingFacts::read(told.text()),
            notes: told.optional().map(Cow::Borrowed),
            source: told.words(),
            as_of: told.day().unwrap_or(AS_OF),
            ..self
        }
    }

    /// Whether the model can do something, for example `vision`, `function_calling`, `completion_fim`.
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// What the model is on a day.
    pub fn status(&self, on: Date) -> Status {
        if self.retires.is_some_and(|day| day <= on) {
            return Status::Retired;
        }
        if self.deprecated.is_some_and(|day| day <= on) {
            return Status::Deprecated;
        }
        match self.stage {
            Stage::Retired => Status::Retired,
            Stage::WeightsOnly => Status::WeightsOnly,
            _ if self.released.is_some_and(|day| day > on) => Status::Unreleased,
            Stage::Live => Status::Live,
            Stage::Preview => Status::Preview,
        }
    }

    /// The prices on a day.
    pub fn prices_on(&self, on: Date) -> &Prices {
        if self.price_since.is_none_or(|day| day <= on) {
            return &self.prices;
        }
        let past = self.past_prices.iter().rev().find(|past| past.from <= on).or(self.past_prices.first());
        past.map_or(&self.prices, |past| &past.prices)
    }
}

/// What kind of name a row of the table of names is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// The model's own id.
    Id,
    /// A name that stays with the model.
    Alias,
    /// A name that moves.
    Floating,
    /// A name that the API does not list.
    Documented,
}

/// A name that is no id, and the model it means.
#[derive(Clone, Copy, Debug)]
pub struct NameRow {
    /// The name.
    pub name: &'static str,
    /// What kind of name it is.
    pub label: Label,
    /// The place of the model in the table of models.
    pub model: usize,
}

impl NameRow {
    /// Reads a line of `generated/names.tsv`.
    pub(crate) fn read(row: &mut Cells) -> NameRow {
        let name = row.text();
        let label = match row.text() {
            "a" => Label::Alias,
            "f" => Label::Floating,
            _ => Label::Documented,
        };
        NameRow { name, label, model: row.number().unwrap_or_default() as usize }
    }
}

/// A day on which a floating name moved.
#[derive(Clone, Copy, Debug)]
pub struct MovedRow {
    /// The name.
    pub name: &'static str,
    /// The first day of the new target.
    pub day: Date,
    /// The id it meant before, where it is known.
    pub from: Option<&'static str>,
    /// The id it means since.
    pub to: &'static str,
}

/// A source of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    /// The short key by which rows name it.
    pub key: &'static str,
    /// What it is.
    pub title: &'static str,
    /// The day of which it is.
    pub as_of: Date,
}

/// A use and the model that is recommended for it.
#[derive(Clone, Copy, Debug)]
pub struct UseRow {
    /// The use, for example `agentic`.
    pub purpose: &'static str,
    /// The recommended name.
    pub model: &'static str,
    /// What it is recommended for.
    pub doc: &'static str,
    /// What else is true.
    pub note: Option<&'static str>,
}

/// A day that is known to exist; only for tables.
pub(crate) const fn day(year: i16, month: u8, day: u8) -> Date {
    match Date::new(year, month, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}
