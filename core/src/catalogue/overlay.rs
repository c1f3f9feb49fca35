//! The snapshot with the user's own rows over it: rows that are new, facts and prices that replace the snapshot's.

use std::borrow::Cow;

use super::row::{Capabilities, Label, ModelRow, Stage};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::models::{MODELS, NAMES};
use crate::json::{Fields, Value};
use crate::suggest::{one_of, shown};

const KNOWN: [&str; 18] = [
    "id",
    "name",
    "provider",
    "aliases",
    "floating",
    "documented",
    "status",
    "released",
    "deprecated_on",
    "retires_on",
    "replacement",
    "context",
    "max_output",
    "default_temperature",
    "capabilities",
    "reasoning_efforts",
    "prices",
    "notes",
];

const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// The models that are known: the snapshot, and what lies over it.
///
/// ```
/// use tramontane::catalogue::Catalogue;
/// use tramontane::json;
///
/// let rows = json::parse(br#"{"models": [{"id": "mistral-small-2603", "prices": {"input_per_mtok": 100000000}}]}"#)?;
/// let catalogue = Catalogue::over(Some(&rows))?;
/// let (row, _) = catalogue.find("mistral-small-4").unwrap();
/// assert_eq!(row.prices.input_per_mtok, Some(100_000_000));
/// assert_eq!(row.prices.output_per_mtok, Some(600_000_000));
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    rows: Vec<ModelRow>,
    names: Vec<(String, Label, usize)>,
}

impl Catalogue {
    /// The snapshot alone.
    pub const fn snapshot() -> Catalogue {
        Catalogue { rows: Vec::new(), names: Vec::new() }
    }

    /// The snapshot with an overlay over it: `{"models": [{"id": …, "prices": {…}, …}]}`. A row with the id of a known model
    /// replaces the facts that it names; any other row is a model of its own.
    ///
    /// A row has an `id`, and may have `name`, `provider` (default `mistral`), `aliases` and `floating` (names that the API
    /// takes), `documented` (names in whose place the id is sent), `status` (`live`, `preview`, `retired`, `weights_only`;
    /// forgets the snapshot's days), `released`, `deprecated_on`, `retires_on`, `replacement`, `context`, `max_output`,
    /// `default_temperature`, `capabilities`, `reasoning_efforts`, `prices` (whole nano-dollars, see [`Prices`](super::Prices))
    /// and `notes`.
    ///
    /// # Errors
    /// `invalid_request` with the path of what does not fit; unknown keys do not.
    pub fn over(overlay: Option<&Value<'_>>) -> Result<Catalogue> {
        overlay.map_or(Ok(Catalogue::snapshot()), Catalogue::with)
    }

    #[cold]
    #[inline(never)]
    fn with(overlay: &Value<'_>) -> Result<Catalogue> {
        let mut catalogue = Catalogue::snapshot();
        let fields = Fields::open(overlay, "overlay", &["models"])?;
        let Some(models) = fields.value("models") else { return Ok(catalogue) };
        let Some(models) = models.as_array() else {
            return Err(Error::new(ErrorKind::InvalidRequest, "`overlay.models` is no list").with_path("overlay.models"));
        };
        for (at, model) in models.iter().enumerate() {
            catalogue.lay(&Fields::open(model, &format!("overlay.models[{at}]"), &KNOWN)?)?;
        }
        Ok(catalogue)
    }

    /// The model that a name means, and what kind of name it is. Floating names mean what they mean on the snapshot's day.
    pub fn find(&self, name: &str) -> Option<(&ModelRow, Label)> {
        if let Some((_, label, at)) = self.names.iter().rev().find(|(known, ..)| known == name) {
            return Some((&self.rows[*at], *label));
        }
        let (row, label) = match MODELS.named(name) {
            Some(row) => (row, Label::Id),
            None => NAMES.get(name).and_then(|known| Some((MODELS.get(known.model)?, known.label)))?,
        };
        Some((self.own(&row.id).unwrap_or(row), label))
    }

    /// The model with an id.
    pub fn by_id(&self, id: &str) -> Option<&ModelRow> {
        self.find(id).filter(|(row, _)| row.id == id).map(|(row, _)| row)
    }

    /// Every model: the snapshot's in its order, then the overlay's own.
    pub fn rows(&self) -> Vec<&ModelRow> {
        let mut rows = Vec::new();
        for row in MODELS.iter() {
            rows.push(self.own(&row.id).unwrap_or(row));
        }
        for row in &self.rows {
            if MODELS.named(&row.id).is_none() {
                rows.push(row);
            }
        }
        rows
    }

    /// Every name with its model.
    pub fn names(&self) -> Vec<(&str, Label, &ModelRow)> {
        let mut names = Vec::new();
        self.each_name(&mut |name, label, row| names.push((name, label, row)));
        names
    }

    /// [`Catalogue::names`], one by one. No iterator: a chain of three is a program of its own for each use.
    pub(super) fn each_name<'c>(&'c self, visit: &mut dyn FnMut(&'c str, Label, &'c ModelRow)) {
        let own = |row: &'static ModelRow| self.own(&row.id).unwrap_or(row);
        for row in MODELS.iter() {
            visit(&row.id, Label::Id, own(row));
        }
        for known in NAMES.iter() {
            if let Some(row) = MODELS.get(known.model) {
                visit(known.name, known.label, own(row));
            }
        }
        for (name, label, at) in &self.names {
            visit(name, *label, &self.rows[*at]);
        }
    }

    /// Whether there is a model of a provider.
    pub(super) fn has_models_of(&self, provider: &str) -> bool {
        MODELS.iter().any(|row| row.provider == provider) || self.rows.iter().any(|row| row.provider == provider)
    }

    fn own(&self, id: &str) -> Option<&ModelRow> {
        self.rows.iter().find(|row| row.id == id)
    }

    fn lay(&mut self, fields: &Fields<'_>) -> Result<()> {
        let id = fields.string("id")?.filter(|id| !id.trim().is_empty()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidRequest, format!("`{}` is missing", fields.at("id"))).with_path(fields.at("id"))
        })?;
        let at = self.rows.iter().position(|row| row.id == id).unwrap_or(self.rows.len());
        if at == self.rows.len() {
            let known = MODELS.copy(id);
            self.names.extend(known.is_none().then(|| (id.to_owned(), Label::Id, at)));
            self.rows.push(known.unwrap_or_else(|| fresh(id)));
        }
        let row = &mut self.rows[at];
        lay_facts(row, fields)?;
        lay_dates(row, fields)?;
        lay_prices(row, fields)?;
        for (key, label) in [("aliases", Label::Alias), ("floating", Label::Floating), ("documented", Label::Documented)] {
            self.names.extend(fields.strings(key)?.unwrap_or_default().into_iter().map(|name| (name.to_owned(), label, at)));
        }
        Ok(())
    }
}

/// A model of which nothing is known yet.
fn fresh(id: &str) -> ModelRow {
    ModelRow { id: owned(id), name: owned(id), source: &["overlay"], ..ModelRow::UNKNOWN }
}

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

fn lay_facts(row: &mut ModelRow, fields: &Fields<'_>) -> Result<()> {
    if let Some(name) = fields.string("name")? {
        row.name = owned(name);
    }
    if let Some(provider) = fields.string("provider")? {
        super::provider::known(provider, &fields.at("provider"))?;
        row.provider = owned(provider);
    }
    for (key, number) in [("context", &mut row.context), ("max_output", &mut row.max_output)] {
        *number = fields.unsigned(key)?.or(*number);
    }
    if let Some(temperature) = fields.number("default_temperature")? {
        row.default_temperature = Some((temperature * 1000.0).round().clamp(0.0, 60_000.0) as u16);
    }
    if let Some(names) = fields.strings("capabilities")? {
        row.capabilities = Capabilities::from_names(names)
            .map_err(|name| no_such(name, &fields.at("capabilities"), "capability", Capabilities::NAMES))?;
    }
    if let Some(efforts) = fields.strings("reasoning_efforts")? {
        let path = fields.at("reasoning_efforts");
        let known = |name: &str| EFFORTS.iter().find(|known| **known == name).copied();
        let efforts: Result<Vec<&'static str>> = efforts
            .into_iter()
            .map(|name| known(name).ok_or_else(|| no_such(name, &path, "reasoning effort", &EFFORTS)))
            .collect();
        row.reasoning_efforts = Some(Cow::Owned(efforts?));
    }
    if let Some(notes) = fields.string("notes")? {
        row.notes = Some(owned(notes));
    }
    Ok(())
}

fn lay_dates(row: &mut ModelRow, fields: &Fields<'_>) -> Result<()> {
    if let Some(status) = fields.string("status")? {
        row.stage = match status {
            "live" => Stage::Live,
            "preview" => Stage::Preview,
            "retired" => Stage::Retired,
            "weights_only" => Stage::WeightsOnly,
            other => return Err(no_such(other, &fields.at("status"), "status", &["live", "preview", "retired", "weights_only"])),
        };
        // Who says that a model lives knows better than the days that the snapshot has.
        (row.deprecated, row.retires) = (None, None);
    }
    let days = [("released", &mut row.released), ("deprecated_on", &mut row.deprecated), ("retires_on", &mut row.retires)];
    for (key, day) in days {
        *day = fields.date(key)?.or(*day);
    }
    if let Some(replacement) = fields.string("replacement")? {
        row.replacement = Some(owned(replacement));
    }
    Ok(())
}

fn lay_prices(row: &mut ModelRow, fields: &Fields<'_>) -> Result<()> {
    let Some(value) = fields.value("prices") else { return Ok(()) };
    let named = row.prices.by_name();
    let path = fields.at("prices");
    let prices = Fields::open(value, &path, &named.each_ref().map(|(name, _)| *name))?;
    for (name, price) in named {
        *price = prices.unsigned(name)?.or(*price);
    }
    // The user's price holds on every day.
    (row.past_prices, row.price_since) = (&[], None);
    Ok(())
}

fn no_such(name: &str, path: &str, what: &str, known: &[&str]) -> Error {
    let message = format_args!("no {what} {}", shown(name));
    Error::at(ErrorKind::InvalidRequest, path, message, format_args!("{}", one_of(name, known)))
}
