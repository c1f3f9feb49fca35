//! Nothing is listed anywhere without a vector: operations, rules, kinds of errors, finish reasons, retired models.

use std::collections::BTreeSet;

use conformance::{root, vectors};
use serde_json::Value;
use tramontane::catalogue::{ModelQuery, Status};
use tramontane::error::ErrorKind;
use tramontane::generated::rules::RULES;
use tramontane::operation::OPERATIONS;
use tramontane::ops;

/// Every string that stands anywhere in a value under one of these keys.
fn strings(value: &Value, keys: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if keys.contains(&key.as_str()) => drop(found.insert(text.clone())),
                    value => strings(value, keys, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, keys, found)),
        _ => {}
    }
}

fn results(keys: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, vector) in vectors() {
        strings(&vector["output"], keys, &mut found);
        strings(&vector["error"], keys, &mut found);
    }
    found
}

fn inputs(keys: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    vectors().iter().for_each(|(_, vector)| strings(&vector["input"], keys, &mut found));
    found
}

fn missing<'a>(wanted: impl IntoIterator<Item = &'a str>, have: &BTreeSet<String>) -> Vec<&'a str> {
    wanted.into_iter().filter(|name| !have.contains(*name)).collect()
}

#[test]
fn every_operation_has_a_vector() {
    let have: BTreeSet<String> = vectors().iter().filter_map(|(_, vector)| Some(vector["op"].as_str()?.to_owned())).collect();
    let none = missing(ops::NAMES.iter().copied().chain(["decode"]), &have);
    assert!(none.is_empty(), "operations without a vector: {none:?}");
}

#[test]
fn the_small_table_of_rules_has_whole_rows_of_all_that_a_chat_can_break() {
    let table = std::fs::read_to_string(root().join("core/src/generated/rules_chat.tsv")).unwrap();
    let whole: BTreeSet<String> = table.lines().filter_map(|line| Some(line.split_once('\t')?.0.to_owned())).collect();
    let mut broken = BTreeSet::new();
    for (_, vector) in vectors() {
        let operation = vector["input"]["request"]["operation"].as_str();
        let is_chat = matches!(operation, None | Some("chat" | "chat_stream"));
        // The small part knows no other host than Mistral's own.
        let elsewhere = !vector["input"]["policy"]["base_url"].is_null();
        if matches!(vector["op"].as_str(), Some("check" | "build")) && is_chat && !elsewhere {
            strings(&vector["output"], &["rule"], &mut broken);
            strings(&vector["error"], &["rule"], &mut broken);
        }
    }
    let cut = missing(broken.iter().map(String::as_str), &whole);
    assert!(broken.len() > 50 && cut.is_empty(), "{} rules; without a whole row: {cut:?}", broken.len());
    assert_eq!(table.lines().count(), RULES.iter().count(), "a policy may name every rule");
}

#[test]
fn every_operation_of_a_provider_has_a_request_and_an_answer() {
    let asked = |op: &str| -> BTreeSet<String> {
        let inputs = vectors().into_iter().filter(|(_, vector)| vector["op"] == op).map(|(_, vector)| vector["input"].clone());
        let named = |input: Value| match op {
            "build" => input["request"]["operation"].as_str().unwrap_or("chat").to_owned(),
            _ => input["operation"].as_str().unwrap_or_default().to_owned(),
        };
        inputs.map(named).collect()
    };
    let none = missing(OPERATIONS.iter().map(|row| row.name), &asked("build"));
    assert!(none.is_empty(), "operations without a vector that builds them: {none:?}");
    // A stream is read by the decoder; its vectors name what it is where it is no chat.
    let whole = OPERATIONS.iter().filter(|row| !row.streams()).map(|row| row.name);
    let none = missing(whole, &asked("parse"));
    assert!(none.is_empty(), "operations without a vector of an answer: {none:?}");
}

/// What JSON cannot carry through every host, or only in megabytes: the core's own tests (`check/tests/odd.rs`) hold these.
const BEYOND_JSON: [&str; 4] = ["not_json", "duplicate_key", "too_deep", "image_size"];

/// What only a client can find, which knows the key and the way: `core/tests/client` holds these.
const BY_CLIENTS: [&str; 3] = ["unencrypted", "foreign_key", "expiring_key"];

#[test]
fn every_rule_has_a_vector_that_triggers_it_and_one_that_does_not() {
    let found = results(&["rule"]);
    let rules = || RULES.iter().map(|row| row.name).filter(|rule| !BEYOND_JSON.contains(rule) && !BY_CLIENTS.contains(rule));
    let none = missing(rules(), &found);
    assert!(none.is_empty(), "rules that no vector triggers: {none:?}");
    let files: Vec<String> = vectors().into_iter().map(|(file, _)| file).collect();
    let misses = |rule: &str| files.iter().any(|file| file.starts_with(&format!("check/{rule}_miss")));
    let none: Vec<&str> = rules().filter(|rule| !misses(rule)).collect();
    assert!(none.is_empty(), "rules without a vector that just does not trigger them: {none:?}");
}

#[test]
fn every_kind_of_error_that_data_can_cause_has_a_vector() {
    // These need a socket, a clock, a caller or a bug; the tests of the clients cause them.
    let by_hosts = ["budget", "connection", "timeout", "cancelled", "response_too_large", "internal"];
    let found = results(&["kind"]);
    let kinds = ErrorKind::ALL.iter().map(|kind| kind.name()).filter(|name| !by_hosts.contains(name));
    let none = missing(kinds, &found);
    assert!(none.is_empty(), "kinds of errors without a vector: {none:?}");
}

#[test]
fn every_finish_reason_has_a_vector() {
    let found = results(&["finish_reason", "native_finish_reason"]);
    let none = missing(["stop", "length", "model_length", "tool_calls", "error"], &found);
    assert!(none.is_empty(), "finish reasons without a vector: {none:?}");
}

#[test]
fn every_retired_model_has_a_vector() {
    let models = ops::models_list(ModelQuery::default()).expect("the catalogue lists its models");
    let asked = inputs(&["name", "model"]);
    let retired: Vec<&str> =
        models.iter().filter(|model| model.status == Status::Retired).map(|model| model.id.as_str()).collect();
    assert!(retired.len() > 40, "only {} retired models", retired.len());
    let none = missing(retired, &asked);
    assert!(none.is_empty(), "retired models without a vector: {none:?}");
}
