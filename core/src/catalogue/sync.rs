//! The provider's own list of its models against the catalogue: an overlay in which the list wins, and what was different.

use std::collections::BTreeMap;

use super::row::{Capabilities, Label, ModelRow, Status};
use super::{Catalogue, snapshot_day};
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Fields, FromValue, Object, Value};

/// A list of models to lay over the catalogue.
#[derive(Clone, Debug, Default)]
pub struct SyncQuery {
    /// The list, as the operation `models_list` answers it.
    pub list: Value<'static>,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
    /// Rows that lie over the snapshot already; the list is laid over them.
    pub overlay: Option<Value<'static>>,
}

/// What a list of models says beyond the catalogue.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelSync {
    /// Rows for the setting `overlay`: can be saved, loaded, and added to.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub overlay: Value<'static>,
    /// What the list says otherwise than the catalogue.
    pub differences: Vec<ModelDifference>,
}

/// One thing that a list of models says otherwise than the catalogue.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelDifference {
    /// The model's id.
    pub model: String,
    /// What is different: `aliases`, `status`, `retires_on`, `replacement`, `context`, `default_temperature`,
    /// `capabilities`; `new` for a model that the catalogue does not know, `missing` for one that the list does not name.
    /// (A list depends on the key's plan: a model that is missing may work all the same.)
    pub field: String,
    /// What the catalogue says.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub catalogue: Value<'static>,
    /// What the list says.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub list: Value<'static>,
}

/// What the provider's own list of its models says beyond the catalogue.
///
/// # Errors
/// `invalid_request` when the list is none.
pub fn sync(query: SyncQuery) -> Result<ModelSync> {
    let catalogue = Catalogue::over(query.overlay.as_ref())?;
    let on = query.on.unwrap_or(snapshot_day());
    let Some(cards) = query.list.get("data").and_then(Value::as_array) else {
        return Err(Error::new(ErrorKind::InvalidRequest, "the list has no `data`").with_path("list.data"));
    };
    let mut models: BTreeMap<&str, (&Value<'_>, Vec<&str>)> = BTreeMap::new();
    for card in cards {
        let Some(name) = card.get("id").and_then(Value::as_str) else { continue };
        let id = card.get("name").and_then(Value::as_str).unwrap_or(name);
        // A fine-tuned model is its workspace's own.
        if card.get("type").and_then(Value::as_str) != Some("fine-tuned") {
            models.entry(id).or_insert((card, Vec::new())).1.push(name);
        }
    }
    let mut found = ModelSync { overlay: Value::Null, differences: Vec::new() };
    let mut rows: Vec<Value<'static>> = existing(query.overlay.as_ref());
    for (id, (card, names)) in &models {
        let known = names.iter().chain([id]).find_map(|name| catalogue.find(name)).map(|(row, _)| row);
        let row = Comparison { id: known.map_or(*id, |row| &row.id), card, known, on, out: &mut found.differences }
            .row(names, &catalogue);
        if row.len() > 1 {
            rows.push(row.into());
        }
    }
    let every = catalogue.names();
    let listed = |row: &ModelRow| {
        let own = every.iter().filter(|(_, label, other)| other.id == row.id && *label != Label::Documented);
        own.map(|(name, ..)| name).any(|name| models.values().any(|(_, names)| names.contains(name)))
    };
    for row in catalogue.rows().into_iter().filter(|row| row.provider == "mistral" && row.has_api_id && is_served(row.status(on)))
    {
        if !listed(row) {
            found.differences.push(difference(&row.id, "missing", true, Value::Null));
        }
    }
    found.overlay = Object::from_iter([("models", rows)]).into();
    Ok(found)
}

fn is_served(status: Status) -> bool {
    matches!(status, Status::Live | Status::Preview | Status::Deprecated)
}

fn existing(overlay: Option<&Value<'static>>) -> Vec<Value<'static>> {
    overlay.and_then(|overlay| overlay.get("models")).and_then(Value::as_array).unwrap_or_default().to_vec()
}

fn difference(
    model: &str,
    field: &str,
    catalogue: impl Into<Value<'static>>,
    list: impl Into<Value<'static>>,
) -> ModelDifference {
    ModelDifference { model: model.to_owned(), field: field.to_owned(), catalogue: catalogue.into(), list: list.into() }
}

/// An entry of the list beside its row of the catalogue.
struct Comparison<'c> {
    id: &'c str,
    card: &'c Value<'c>,
    known: Option<&'c ModelRow>,
    on: Date,
    out: &'c mut Vec<ModelDifference>,
}

impl Comparison<'_> {
    /// The row of the overlay: the id, and every fact that is different.
    fn row(mut self, names: &[&str], catalogue: &Catalogue) -> Object<'static> {
        let mut row = Object::from_iter([("id", Value::from(self.id.to_owned()))]);
        if self.known.is_none() {
            self.out.push(difference(self.id, "new", Value::Null, names_of(names)));
        }
        let means_this = |name: &str| catalogue.find(name).is_some_and(|(row, _)| row.id == self.id);
        let new: Vec<&str> = names.iter().copied().filter(|name| *name != self.id && !means_this(name)).collect();
        if !new.is_empty() {
            row.push("aliases", names_of(&new));
            if self.known.is_some() {
                self.out.push(difference(self.id, "aliases", Value::Null, names_of(&new)));
            }
        }
        if let Some(known) = self.known.filter(|known| !is_served(known.status(self.on))) {
            self.say(&mut row, "status", known.status(self.on).name().to_owned().into(), Some("live".into()));
        }
        let retires = self.text("deprecation").and_then(|time| time.get(..10)).and_then(|day| day.parse::<Date>().ok());
        let known = self.known;
        self.say(&mut row, "retires_on", day(known.and_then(|row| row.retires)), retires.map(|date| date.to_string().into()));
        let replacement = self.text("deprecation_replacement_model").map(|id| id.to_owned().into());
        self.say(
            &mut row,
            "replacement",
            known.and_then(|row| row.replacement.as_deref()).map(str::to_owned).into(),
            replacement,
        );
        let context = self.card.get("max_context_length").and_then(Value::as_u64).map(Value::from);
        self.say(&mut row, "context", known.and_then(|row| row.context).into(), context);
        let thousandths = |value: f64| (value * 1000.0).round() / 1000.0;
        let temperature =
            self.card.get("default_model_temperature").and_then(Value::as_f64).map(|value| thousandths(value).into());
        let usual = known.and_then(|row| row.default_temperature).map(|value| f64::from(value) / 1000.0);
        self.say(&mut row, "default_temperature", usual.into(), temperature);
        self.capabilities(&mut row);
        row
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.card.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Takes down what the list says, where it says something and something else.
    fn say(&mut self, row: &mut Object<'static>, field: &'static str, known: Value<'static>, list: Option<Value<'static>>) {
        let Some(list) = list.filter(|list| *list != known) else { return };
        row.push(field, list.clone());
        if self.known.is_some() {
            self.out.push(difference(self.id, field, known, list));
        }
    }

    /// The list's flags, and what the catalogue knows that no flag says.
    fn capabilities(&mut self, row: &mut Object<'static>) {
        let Some(flags) = self.card.get("capabilities").and_then(Value::as_object) else { return };
        let flag = |name: &str| flags.get(name).and_then(Value::as_bool);
        let has = |name: &str| self.known.is_some_and(|known| known.capabilities.contains(name));
        let all = Capabilities::NAMES.iter().copied();
        let (now, before): (Vec<&str>, Vec<&str>) =
            (all.clone().filter(|name| flag(name).unwrap_or(has(name))).collect(), all.filter(|name| has(name)).collect());
        self.say(row, "capabilities", names_of(&before), Some(names_of(&now)));
    }
}

fn names_of(names: &[&str]) -> Value<'static> {
    names.iter().map(|name| Value::from((*name).to_owned())).collect::<Vec<_>>().into()
}

fn day(date: Option<Date>) -> Value<'static> {
    date.map(|date| date.to_string()).into()
}

impl<'a> FromValue<'a> for SyncQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let fields = Fields::open(&value, "", &["list", "on", "overlay"])?;
        let own = |key: &str| fields.value(key).map(|value| value.clone().into_owned());
        Ok(SyncQuery { list: own("list").unwrap_or_default(), on: fields.date("on")?, overlay: own("overlay") })
    }
}
