//! Every message and every hint, as it is read. A message that changes changes here.

use crate::json::{Value, parse};
use crate::ops;

#[test]
fn every_message_reads_well() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/check");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut lines = std::collections::BTreeSet::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        // The rules of the catalogue have their own; the many are all the same.
        if name.starts_with("more_findings") || !name.contains("_hit_") {
            continue;
        }
        let vector = std::fs::read(&file).unwrap();
        let answer = ops::call_json("check", &parse(&vector).unwrap().get("input").unwrap().to_string());
        let answer = parse(answer.as_bytes()).unwrap();
        let findings = answer.get("ok").and_then(|report| report.get("findings")).and_then(Value::as_array);
        for finding in findings.unwrap_or_default() {
            let text = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or_default();
            let hint = if text("hint").is_empty() { String::new() } else { format!("; {}", text("hint")) };
            lines.insert(format!("{}: {}{hint}", text("rule"), text("message")));
        }
    }
    insta::assert_snapshot!(lines.into_iter().collect::<Vec<_>>().join("\n"), @"");
}
