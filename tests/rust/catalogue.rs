//! The catalogue against the facts beside the checkout, and its vectors against the catalogue.

use std::collections::BTreeMap;

use conformance::vectors;
use serde_json::{Value, json};
use tramontane::ops;

const TODAY: &str = "2026-11-21";

fn models() -> BTreeMap<String, Value> {
    let answer: Value = serde_json::from_str(&ops::call_json("models_list", &json!({"on": TODAY}).to_string())).unwrap();
    let models = answer["ok"].as_array().expect("a list of models").iter();
    models.map(|model| (model["id"].as_str().expect("an id").to_owned(), model.clone())).collect()
}

/// The rows of the reference, or `None` after saying that there is none.
fn reference() -> Option<Value> {
    let shared = conformance::captures()?.join("../reference/mistral-models.json");
    let text = std::fs::read_to_string(&shared).unwrap_or_else(|error| panic!("{}: {error}", shared.display()));
    Some(serde_json::from_str(&text).expect("the reference is JSON"))
}

/// The id of a row; models that the API never had are called by what follows the remark.
fn id(row: &Value) -> &str {
    let id = row["id"].as_str().expect("an id");
    id.strip_prefix("(no API id) ").unwrap_or(id)
}

/// Nano-dollars of a price in dollars.
fn nano(dollars: &Value, units: f64) -> Value {
    dollars.as_f64().map_or(Value::Null, |dollars| json!((dollars * 1e9 / units).round() as u64))
}

#[test]
fn every_retired_model_has_a_vector() {
    let vectors = vectors();
    let covered = |id: &str| {
        vectors.iter().any(|(_, vector)| {
            vector["op"] == "resolve" && vector["output"]["id"] == id && vector["output"]["status"] == "retired"
        })
    };
    let models = models();
    let retired = models.iter().filter(|(_, model)| model["status"] == "retired");
    let missing: Vec<&String> = retired.map(|(id, _)| id).filter(|id| !covered(id)).collect();
    assert!(missing.is_empty(), "no vector resolves {missing:?}");
}

#[test]
fn every_fact_of_the_reference_is_in_the_catalogue() {
    let Some(reference) = reference() else { return };
    let models = models();
    let mut faults = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let rows = reference["models"].as_array().expect("rows");
    for row in rows {
        let id = id(row);
        let Some(model) = models.get(id) else {
            faults.push(format!("{id} is missing"));
            continue;
        };
        // Two cards share an id: the first is the model's.
        if !seen.contains(&id) {
            seen.push(id);
            faults.extend(differences(row, model).into_iter().map(|fault| format!("{id}: {fault}")));
        }
    }
    println!("{} rows of the reference, {} models in the catalogue, {} faults", rows.len(), models.len(), faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn differences(row: &Value, model: &Value) -> Vec<String> {
    let status = match row["status"].as_str().unwrap_or_default() {
        "live-secondary" => "live",
        "weights-only" => "weights_only",
        other => other,
    };
    let prices = &row["pricing_usd"];
    let free = prices["free"] == true;
    let mut capabilities = row["capabilities"].clone();
    if let Some(names) = capabilities.as_array_mut() {
        names.sort_by_key(ToString::to_string);
    }
    let pairs = [
        ("status", json!(status), &model["status"]),
        ("released", row["release_date"].clone(), &model["released"]),
        ("deprecated", row["deprecation_date"].clone(), &model["deprecated_on"]),
        ("retires", row["retirement_date"].clone(), &model["retires_on"]),
        ("replacement", row["replacement"].clone(), &model["replacement"]),
        ("context", row["context"].clone(), &model["context"]),
        ("max_output", row["max_output"].clone(), &model["max_output"]),
        ("temperature", row["default_temperature"].clone(), &model["default_temperature"]),
        ("capabilities", capabilities, &model["capabilities"]),
        ("efforts", row["reasoning_efforts"].clone(), &model["reasoning_efforts"]),
        ("input", nano(&prices["input_per_mtok"], 1.0), &model["prices"]["input_per_mtok"]),
        ("cached", nano(&prices["cached_input_per_mtok"], 1.0), &model["prices"]["cached_input_per_mtok"]),
        ("output", if free { json!(0) } else { nano(&prices["output_per_mtok"], 1.0) }, &model["prices"]["output_per_mtok"]),
        ("minute", nano(&prices["audio_per_minute"], 1.0), &model["prices"]["audio_per_minute"]),
        ("page", nano(&prices["per_1000_pages"], 1000.0), &model["prices"]["per_page"]),
        ("annotated", nano(&prices["per_1000_annotated_pages"], 1000.0), &model["prices"]["per_annotated_page"]),
        ("characters", nano(&prices["per_mchars"], 1.0), &model["prices"]["per_mchar"]),
    ];
    let equal = |a: &Value, b: &Value| a == b || a.as_f64().is_some_and(|a| Some(a) == b.as_f64());
    let mut faults: Vec<String> = pairs
        .into_iter()
        .filter(|(_, expected, got)| !equal(expected, got))
        .map(|(what, expected, got)| format!("{what} is {got}, not {expected}"))
        .collect();
    let names: Vec<&Value> = ["aliases", "floating"].iter().filter_map(|key| model[*key].as_array()).flatten().collect();
    let aliases = row["aliases"].as_array().into_iter().flatten();
    faults.extend(aliases.filter(|alias| !names.contains(alias)).map(|alias| format!("has not the name {alias}")));
    faults
}

#[test]
fn every_name_of_the_reference_leads_to_its_model() {
    let Some(reference) = reference() else { return };
    let resolve = |name: &str| -> Value {
        let query = json!({"name": name, "on": TODAY}).to_string();
        serde_json::from_str::<Value>(&ops::call_json("resolve", &query)).unwrap()["ok"].clone()
    };
    let mut names = 0;
    for (name, id) in reference["alias_index"].as_object().expect("an index") {
        assert_eq!(resolve(name)["id"], *id, "{name}");
        names += 1;
    }
    for (name, facts) in reference["dead_ids"].as_object().expect("an index") {
        let got = resolve(name);
        assert_eq!((&got["id"], &got["retires_on"]), (&facts["was"], &facts["retired"]), "{name}");
        assert_eq!(got["replacement"], facts["replacement"], "{name}");
        assert_eq!(got["findings"][0]["rule"], "retired_model", "{name}");
        names += 1;
    }
    for (name, facts) in reference["article_alias_map"].as_object().expect("a map") {
        let got = resolve(name);
        assert_eq!(got["id"], facts["official"], "{name}");
        let sent = if facts["accepted_by_api"] == true { json!(name) } else { facts["official"].clone() };
        assert_eq!(got["sent_as"], sent, "{name}");
        names += 1;
    }
    println!("{names} names of the reference");
}

/// The rows of the article's table of providers: name, header, endpoint, variable.
fn article() -> Option<Vec<Vec<String>>> {
    let path = conformance::captures()?.join("../reference/source-article.txt");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().skip_while(|line| !line.starts_with("| Provider |")).skip(2);
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().replace('¹', "")).skip(1).collect::<Vec<_>>();
    Some(lines.map(cells).take_while(|cells| cells.len() >= 6).collect())
}

#[test]
fn every_provider_of_the_article_is_in_the_table() {
    let Some(rows) = article() else { return };
    let answer: Value = serde_json::from_str(&ops::call_json("providers", "{}")).unwrap();
    let providers = answer["ok"].as_array().expect("a list of providers");
    assert_eq!((rows.len(), providers.len()), (11, 11));
    for row in &rows {
        let provider = providers.iter().find(|provider| provider["name"] == row[0].as_str());
        let provider = provider.unwrap_or_else(|| panic!("{} is missing", row[0]));
        let (today, then) = (&provider["auth"], &provider["article"]);
        let header = format!("{}: {}", today["header"].as_str().unwrap(), today["scheme"].as_str().unwrap());
        let header = header.trim_end_matches(": ").to_owned();
        assert!(header.eq_ignore_ascii_case(&row[1]) || then["auth"] == row[1].as_str(), "{}: {header}", row[0]);
        let url = format!("{}{}", provider["base_url"].as_str().unwrap(), provider["paths"]["chat"].as_str().unwrap());
        let url = url.trim_start_matches("https://");
        assert!(url.starts_with(&row[2]) || then["endpoint"] == row[2].as_str(), "{}: {url}", row[0]);
        let variables = provider["env"].as_array().unwrap();
        assert!(variables.contains(&json!(row[3])), "{}: {variables:?}", row[0]);
    }
}
