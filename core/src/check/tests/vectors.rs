//! The vectors of `tests/vectors/check`, and whether every rule has its two.

use std::collections::BTreeMap;
use std::path::Path;

use crate::generated::rules::RULES;
use crate::json::{Value, parse};
use crate::ops;

/// What text cannot bring across every border, or only text of megabytes, is tested in `odd.rs`.
const NOT_IN_JSON: [&str; 4] = ["not_json", "duplicate_key", "too_deep", "image_size"];

fn vectors() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/check");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())).collect()
}

/// Where `got` differs from `expected`, which may name fewer keys.
fn difference(expected: &Value<'_>, got: &Value<'_>, path: &str) -> Option<String> {
    match (expected, got) {
        (Value::Object(expected), Value::Object(_)) => expected
            .iter()
            .find_map(|(key, value)| difference(value, got.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"))),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| difference(a, b, &format!("{path}[{at}]")))
        }
        (a, b) if a == b => None,
        (a, b) => Some(format!("{path}: expected {a}, got {b}")),
    }
}

#[test]
fn every_vector_gives_what_it_says() {
    let vectors = vectors();
    assert!(vectors.len() > 200, "only {} vectors", vectors.len());
    let mut failed = Vec::new();
    for (name, text) in &vectors {
        let vector = parse(text).unwrap();
        let answer = ops::call_json("check", &vector.get("input").unwrap().to_string());
        let answer = parse(answer.as_bytes()).unwrap();
        let fault = match (vector.get("output"), vector.get("error")) {
            (Some(expected), None) => difference(expected, answer.get("ok").unwrap_or(&Value::Null), "output"),
            (None, Some(expected)) => difference(expected, answer.get("error").unwrap_or(&Value::Null), "error"),
            _ => Some("needs `output` or `error`".to_owned()),
        };
        if let Some(fault) = fault {
            failed.push(format!("{name}: {fault}\n    {answer}"));
        }
    }
    assert!(failed.is_empty(), "{} of {}\n{}", failed.len(), vectors.len(), failed.join("\n"));
}

#[test]
fn every_rule_has_a_vector_that_triggers_it_and_one_that_just_does_not() {
    let vectors = vectors();
    let mut missing = Vec::new();
    for rule in RULES.iter().map(|row| row.name).filter(|rule| !NOT_IN_JSON.contains(rule)) {
        let hits = vectors.iter().filter(|(name, _)| name.starts_with(&format!("{rule}_hit_")));
        let hit = hits.clone().all(|(_, text)| findings(text).iter().any(|found| found == rule)) && hits.count() > 0;
        let misses = vectors.iter().filter(|(name, _)| name.starts_with(&format!("{rule}_miss_")));
        let miss = misses.clone().all(|(_, text)| findings(text).iter().all(|found| found != rule)) && misses.count() > 0;
        if !hit || !miss {
            missing.push(rule);
        }
    }
    assert!(missing.is_empty(), "no vector for {missing:?}");
}

fn findings(vector: &[u8]) -> Vec<String> {
    let vector = parse(vector).unwrap();
    let findings = vector.get("output").and_then(|output| output.get("findings")).and_then(Value::as_array);
    findings.unwrap_or_default().iter().map(|finding| finding.get("rule").unwrap().as_str().unwrap().to_owned()).collect()
}
