//! What the tests share: where the checkout is, and the vectors that every host runs.

pub mod scripts;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The folder of captures beside the checkout, or `None` after saying so.
pub fn captures() -> Option<PathBuf> {
    let beside = std::env::var_os("TRAMONTANE_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from).join("wire");
    if beside.is_dir() {
        return Some(beside);
    }
    eprintln!("skipped: no captures beside the checkout (set TRAMONTANE_SHARED to the folder that holds `wire`)");
    None
}

/// One vector: `(its file below tests/vectors, its content)`.
pub type Vector = (String, Value);

/// Every vector, sorted by file.
///
/// # Panics
/// When a file cannot be read or is not JSON.
pub fn vectors() -> Vec<Vector> {
    let folder = root().join("tests/vectors");
    let mut found = Vec::new();
    for op in list(&folder) {
        for file in list(&op) {
            let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let vector = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            found.push((file.strip_prefix(&folder).unwrap_or(&file).display().to_string(), vector));
        }
    }
    found
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Where a result falls short of what a vector expects: objects may hold more keys than expected, everything else must be equal.
pub fn difference(expected: &Value, got: &Value) -> Option<String> {
    differ(expected, got, "$")
}

fn differ(expected: &Value, got: &Value, path: &str) -> Option<String> {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => expected.iter().find_map(|(key, value)| match got.get(key) {
            Some(found) => differ(value, found, &format!("{path}.{key}")),
            None => Some(format!("{path}.{key} is missing")),
        }),
        (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => {
            expected.iter().zip(got).enumerate().find_map(|(at, (expected, got))| differ(expected, got, &format!("{path}[{at}]")))
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (expected, got) if expected == got => None,
        (expected, got) => Some(format!("{path}: expected {expected}, got {got}")),
    }
}
