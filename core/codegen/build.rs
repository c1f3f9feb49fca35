//! The Rust types that `core/data/operations.toml` names, as calls that register them: `$OUT_DIR/roots.rs`.

use std::path::Path;
use std::{env, fs};

fn main() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/operations.toml");
    println!("cargo:rerun-if-changed={}", table.display());
    let text = fs::read_to_string(&table).unwrap_or_else(|e| panic!("{}: {e}", table.display()));
    let out = format!("{}\n{}", function(&text, "requests", "request"), function(&text, "answers", "answer"));
    let path = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("roots.rs");
    fs::write(&path, out).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

/// A function that registers every type that stands under `key`, each once, in the order of the table.
fn function(text: &str, name: &str, key: &str) -> String {
    let mut types: Vec<&str> = Vec::new();
    for line in text.lines() {
        let value =
            line.strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix('=')).map(|rest| rest.trim().trim_matches('"'));
        if let Some(value) = value.filter(|value| value.contains("::") && !types.contains(value)) {
            types.push(value);
        }
    }
    let calls: String = types.iter().map(|ty| format!("    name::<tramontane::{ty}>(g),\n")).collect();
    format!(
        "/// Registers every type of `{key}` in the table of operations.\npub(super) fn {name}(g: &mut SchemaGenerator) -> Vec<String> {{\n    vec![\n{calls}    ]\n}}\n"
    )
}
