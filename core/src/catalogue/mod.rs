//! The models and providers, as of a day: names, dates, limits, prices; and what a name means on a date.
//!
//! The tables come from `core/data` and are a dated snapshot ([`as_of`]); an overlay lies over it where the caller knows
//! better. May import `date`, `error`, `finding`, `json`, `suggest` and the generated tables.

mod advice;
mod id;
mod model;
mod overlay;
pub mod price;
pub mod provider;
mod query;
mod recommend;
mod resolve;
pub mod row;
mod sync;

#[cfg(test)]
mod tests;

pub use id::ModelId;
pub use model::Model;
pub use overlay::Catalogue;
pub use price::Prices;
pub use provider::{ProviderRow, Tier, provider_row};
pub use query::{ModelQuery, NoQuery, RecommendQuery, ResolveQuery};
pub use recommend::{Recommendation, recommend};
pub use resolve::{NameKind, Resolution, Resolver, resolve};
pub use row::{ModelRow, Status};
pub use sync::{ModelDifference, ModelSync, SyncQuery, sync};

use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::models::{AS_OF, CAPABILITIES, MODELS, NAMES};
use crate::generated::providers::PROVIDERS;
use crate::suggest::{one_of, shown};

/// The snapshot's row for a name: an id, an alias, a floating or a documented name. For overlays and days see [`Resolver`].
///
/// ```
/// let row = tramontane::catalogue::find("mistral-small-latest").unwrap();
/// assert_eq!(row.id, "mistral-small-2603");
/// assert!(row.can("vision") && row.context == Some(262_144));
/// ```
pub fn find(name: &str) -> Option<&'static ModelRow> {
    MODELS.named(name).or_else(|| MODELS.get(NAMES.get(name)?.model))
}

/// What a name means on a day, in the snapshot.
///
/// ```
/// let on = tramontane::date::Date::new(2026, 11, 21).unwrap();
/// let resolution = tramontane::catalogue::resolve_name("mistral-nemo-12b", on);
/// assert_eq!(resolution.status.as_deref(), Some("retired"));
/// assert_eq!(resolution.replacement.as_deref(), Some("ministral-8b-2512"));
/// ```
pub fn resolve_name(name: &str, on: Date) -> Resolution {
    Resolver::new(&Catalogue::snapshot(), on).resolve(name, None)
}

/// The day of the snapshot.
pub const fn snapshot_day() -> Date {
    AS_OF
}

/// The models that match, in the catalogue's order.
///
/// # Errors
/// `invalid_request` for a provider, capability or status that there is not, and for an unfit overlay.
pub fn list(query: ModelQuery) -> Result<Vec<Model>> {
    let catalogue = Catalogue::over(query.overlay.as_ref())?;
    let on = query.on.unwrap_or(AS_OF);
    let statuses = Status::ALL.map(Status::name);
    if let Some(provider) = &query.provider {
        provider::known(provider, "provider")?;
    }
    is_known(query.capability.as_deref(), "capability", &CAPABILITIES)?;
    is_known(query.status.as_deref(), "status", &statuses)?;
    let rows = catalogue.rows().into_iter().filter(|row| {
        query.provider.as_ref().is_none_or(|provider| row.provider == *provider)
            && query.capability.as_ref().is_none_or(|capability| row.can(capability))
            && query.status.as_ref().is_none_or(|status| row.status(on).name() == status)
    });
    let names = catalogue.names();
    Ok(rows.map(|row| Model::new(row, &names, on)).collect())
}

fn is_known(value: Option<&str>, field: &str, known: &[&str]) -> Result<()> {
    let Some(value) = value.filter(|value| !known.contains(value)) else { return Ok(()) };
    let message = format_args!("no {field} {}", shown(value));
    Err(Error::at(ErrorKind::InvalidRequest, field, message, format_args!("{}", one_of(value, known))))
}

/// One model, by any of its names.
///
/// # Errors
/// `invalid_request` for a name that is not in the catalogue, with the nearest one.
pub fn get(query: ResolveQuery) -> Result<Model> {
    let catalogue = Catalogue::over(query.overlay.as_ref())?;
    if let Some(provider) = &query.provider {
        provider::known(provider, "provider")?;
    }
    let on = query.on.unwrap_or(AS_OF);
    let resolver = Resolver::new(&catalogue, on);
    if let Some(row) = resolver.model(&query.name, query.provider.as_deref()) {
        return Ok(Model::new(row, &catalogue.names(), on));
    }
    let resolution = resolver.resolve(&query.name, query.provider.as_deref());
    let error = Error::new(ErrorKind::InvalidRequest, format!("unknown model {}", shown(&query.name))).with_path("name");
    Err(match resolution.did_you_mean.first() {
        Some(near) => error.with_hint(format!("did you mean `{near}`?")),
        None => error.with_hint("`models.list()` shows the models that this catalogue knows"),
    })
}

/// The day of the snapshot.
///
/// # Errors
/// None.
pub fn as_of(_: NoQuery) -> Result<Date> {
    Ok(AS_OF)
}

/// The table of providers.
///
/// # Errors
/// None.
pub fn providers(_: NoQuery) -> Result<Vec<&'static ProviderRow>> {
    Ok(PROVIDERS.iter().collect())
}
