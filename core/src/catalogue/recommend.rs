//! Which model to take for a use: the article's recommendation while it lives, then its replacement.

use super::overlay::Catalogue;
use super::query::RecommendQuery;
use super::resolve::Resolver;
use super::row::Status;
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::models::{AS_OF, RECOMMENDED_AS_OF, RECOMMENDED_BY, USES};
use crate::suggest::{one_of, shown};

/// A recommended model.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recommendation {
    /// The use, for example `agentic`.
    #[serde(rename = "use")]
    pub purpose: String,
    /// The id to take on that day.
    pub id: String,
    /// The name that is recommended, as it is printed.
    pub recommended: String,
    /// The official id of the recommended name.
    pub recommended_id: String,
    /// Whether `id` is not the recommended model but what took its place.
    pub replaced: bool,
    /// What the recommended model is on that day.
    pub status: Status,
    /// When the recommended model is retired.
    pub retires_on: Option<Date>,
    /// What it is recommended for, and what became of it.
    pub reason: String,
    /// What else is true.
    pub note: Option<String>,
    /// Who recommends.
    pub source: String,
    /// When.
    pub as_of: Date,
}

/// The model to take for a use: `default`, `agentic`, `multimodal`, `cheapest`, `code`, `code_agent`, `embedding`.
///
/// # Errors
/// `invalid_request` for any other use.
pub fn recommend(query: RecommendQuery) -> Result<Recommendation> {
    let on = query.on.unwrap_or(AS_OF);
    let Some(row) = USES.iter().find(|row| row.purpose == query.purpose) else {
        return Err(no_such_use(&query.purpose));
    };
    let catalogue = Catalogue::snapshot();
    let Some((model, _)) = catalogue.find(row.model) else {
        return Err(Error::new(ErrorKind::Internal, format!("`{}` is recommended, but not in the catalogue", row.model)));
    };
    let status = model.status(on);
    let successor = (status == Status::Retired).then(|| Resolver::new(&catalogue, on).successor(model)).flatten();
    let became = match (&successor, model.retires) {
        (Some(successor), Some(day)) => format!(" `{}` was retired on {day}; `{successor}` takes its place.", row.model),
        (Some(successor), None) => format!(" `{}` was retired; `{successor}` takes its place.", row.model),
        (None, _) => String::new(),
    };
    Ok(Recommendation {
        purpose: row.purpose.to_owned(),
        replaced: successor.is_some(),
        id: successor.unwrap_or_else(|| model.id.to_string()),
        recommended: row.model.to_owned(),
        recommended_id: model.id.to_string(),
        status,
        retires_on: model.retires,
        reason: format!("{}{became}", row.doc),
        note: row.note.map(str::to_owned),
        source: RECOMMENDED_BY.to_owned(),
        as_of: RECOMMENDED_AS_OF,
    })
}

fn no_such_use(purpose: &str) -> Error {
    let uses: Vec<&str> = USES.iter().map(|row| row.purpose).collect();
    let message = format_args!("no model is recommended for {}", shown(purpose));
    Error::at(ErrorKind::InvalidRequest, "use", message, format_args!("{}", one_of(purpose, &uses)))
}
