//! `models verify`: the catalogue, and the names in use, against the provider's own list.

use tramontane::catalogue::{ModelSync, SyncQuery};
use tramontane::client::{CallOptions, Client};
use tramontane::error::{Error, ErrorKind};
use tramontane::json::{Object, Value};

use crate::args::Verify;
use crate::asking::Asking;
use crate::documents::today;
use crate::output::{BOLD, DIM, Failure, print};
use crate::{CLEAN, FOUND};

/// `tramontane models verify …`.
pub(crate) fn run(args: &Verify, as_json: bool) -> Result<i32, Failure> {
    let Asking { client, runtime, .. } = &Asking::start(args.base_url.as_deref(), args.sandbox)?;
    let list = runtime.block_on(ask(client, [("operation", Value::from("models_list"))]))?;
    let gone = runtime.block_on(gone(client, &list, &args.names))?;
    let leaving = leaving(&list, &args.names);
    let query = SyncQuery { list, on: Some(today()), overlay: None };
    let found = tramontane::ops::models_sync(query)?;
    if let Some(path) = &args.save {
        let failed = |error| Failure::Usage(format!("`{}` cannot be written: {error}", path.display()));
        std::fs::write(path, format!("{}\n", found.overlay)).map_err(failed)?;
    }
    if as_json {
        print(&as_value(&found, &gone, &leaving)?.to_string());
    } else {
        show(&found, &gone, &leaving);
    }
    Ok(if gone.is_empty() { CLEAN } else { FOUND })
}

async fn ask<const N: usize>(client: &Client, fields: [(&'static str, Value<'static>); N]) -> Result<Value<'static>, Error> {
    let call = client.prepare(Object::from_iter(fields).into(), &CallOptions::default())?;
    Ok(client.execute(call).await?.data)
}

/// A name in use whose model the provider will take away.
struct Leaving {
    name: String,
    retires_on: String,
    replacement: Option<String>,
}

/// The names that the list calls deprecated.
fn leaving(list: &Value<'_>, names: &[String]) -> Vec<Leaving> {
    let cards = list.get("data").and_then(Value::as_array).unwrap_or_default();
    let card = |name: &str| cards.iter().find(|card| card.get("id").and_then(Value::as_str) == Some(name));
    let text =
        |card: &Value<'_>, key: &str| card.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let leaving = names.iter().filter_map(|name| {
        let card = card(name)?;
        let moment = text(card, "deprecation")?;
        let retires_on = moment.get(..10).unwrap_or(&moment).to_owned();
        Some(Leaving { name: name.clone(), retires_on, replacement: text(card, "deprecation_replacement_model") })
    });
    leaving.collect()
}

/// The names that the provider does not serve, each with its own words. A list depends on the key's plan: a name that is
/// not on it is asked for by itself.
async fn gone(client: &Client, list: &Value<'_>, names: &[String]) -> Result<Vec<(String, String)>, Error> {
    let cards = list.get("data").and_then(Value::as_array).unwrap_or_default();
    let listed = |name: &str| cards.iter().any(|card| card.get("id").and_then(Value::as_str) == Some(name));
    let mut gone = Vec::new();
    for name in names.iter().filter(|name| !listed(name)) {
        match ask(client, [("operation", Value::from("models_retrieve")), ("model", name.clone().into())]).await {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => gone.push((name.clone(), error.message().to_owned())),
            Err(error) => return Err(error),
        }
    }
    Ok(gone)
}

fn as_value(found: &ModelSync, gone: &[(String, String)], leaving: &[Leaving]) -> Result<Value<'static>, Error> {
    let mut value = tramontane::json::to_value(found)?;
    let gone: Vec<Value<'static>> = gone
        .iter()
        .map(|(name, said)| Object::from_iter([("name", Value::from(name.clone())), ("said", said.clone().into())]).into())
        .collect();
    if let Some(fields) = value.as_object_mut() {
        fields.push("gone", gone);
        fields.push("leaving", leaving.iter().map(Leaving::as_value).collect::<Vec<_>>());
    }
    Ok(value)
}

impl Leaving {
    fn as_value(&self) -> Value<'static> {
        let fields = [
            ("name", Value::from(self.name.clone())),
            ("retires_on", self.retires_on.clone().into()),
            ("replacement", self.replacement.clone().into()),
        ];
        Object::from_iter(fields).into()
    }
}

fn show(found: &ModelSync, gone: &[(String, String)], leaving: &[Leaving]) {
    for (name, said) in gone {
        print(&format!("{BOLD}{name}{BOLD:#} is not served: {said}"));
    }
    for Leaving { name, retires_on, replacement } in leaving {
        let instead = replacement.as_ref().map(|model| format!("; use {model}")).unwrap_or_default();
        print(&format!("{BOLD}{name}{BOLD:#} is served until {retires_on}{instead}"));
    }
    for difference in &found.differences {
        let (model, field, known, list) = (&difference.model, &difference.field, &difference.catalogue, &difference.list);
        print(&match field.as_str() {
            "new" => format!("{model}: new; the catalogue does not know it"),
            "missing" => format!("{model}: not on the list of this key"),
            _ => format!("{model}: {field} is {list}, {known} in the catalogue"),
        });
    }
    let differences = if found.differences.len() == 1 { "difference" } else { "differences" };
    let names = if gone.len() == 1 { "name in use that is" } else { "names in use that are" };
    print(&format!("{DIM}{} {differences}, {} {names} not served{DIM:#}", found.differences.len(), gone.len()));
}
