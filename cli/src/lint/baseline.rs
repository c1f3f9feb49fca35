//! Findings that a project has decided to live with: they are counted by file, rule and name, so that code may move.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tramontane::json::{self, Fields, Object, Value};

use super::walk::Found;
use crate::output::Failure;

type Key = (String, String, String);

/// Drops the findings that the file knows; each as often as it knows it.
pub(super) fn drop_known(file: &Path, found: &mut Vec<Found>) -> Result<(), Failure> {
    let mut known = read(file).map_err(|message| Failure::Usage(format!("the baseline `{}` {message}", file.display())))?;
    let folder = folder_of(file);
    found.retain(|found| match known.get_mut(&key(&folder, found)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    Ok(())
}

/// Writes all findings into the file.
pub(super) fn write(file: &Path, found: &[Found]) -> Result<(), Failure> {
    let folder = folder_of(file);
    let mut counts: BTreeMap<Key, u64> = BTreeMap::new();
    for found in found {
        *counts.entry(key(&folder, found)).or_default() += 1;
    }
    // One finding a line: a change of the baseline is read in a review.
    let rows: Vec<String> = counts.into_iter().map(|(key, count)| format!("    {}", row(key, count))).collect();
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}\n  ", rows.join(",\n")) };
    let text = format!("{{\n  \"version\": 1,\n  \"findings\": [{rows}]\n}}\n");
    super::fixes::replace(file, text.as_bytes())
        .map_err(|error| Failure::Usage(format!("cannot write the baseline `{}`: {error}", file.display())))
}

fn row((path, rule, name): Key, count: u64) -> Value<'static> {
    let mut row = Object::from_iter([("path", path), ("rule", rule), ("name", name)]);
    row.push("count", count);
    Value::Object(row)
}

fn read(file: &Path) -> Result<BTreeMap<Key, u64>, String> {
    let text = std::fs::read(file).map_err(|error| format!("cannot be read: {error}; write it with --write-baseline"))?;
    let whole = json::parse(&text).map_err(|error| format!("is not JSON: {error}"))?;
    let rows = whole.get("findings").and_then(Value::as_array).ok_or("has no list `findings`")?;
    let mut known = BTreeMap::new();
    for row in rows {
        let fields = Fields::open(row, "", &["path", "rule", "name", "count"]).map_err(|error| error.to_string())?;
        let text = |name: &str| -> Result<String, String> {
            let text = fields.string(name).map_err(|error| error.to_string())?;
            text.map(str::to_owned).ok_or_else(|| format!("has a row without `{name}`"))
        };
        let count = fields.unsigned("count").map_err(|error| error.to_string())?.unwrap_or(1);
        *known.entry((text("path")?, text("rule")?, text("name")?)).or_default() += count;
    }
    Ok(known)
}

/// Paths count from the baseline's folder, so that it holds from wherever the command runs.
fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    folder.canonicalize().unwrap_or_default()
}

fn key(folder: &Path, found: &Found) -> Key {
    let path = found.path.canonicalize().unwrap_or_else(|_| found.path.clone());
    let path = path.strip_prefix(folder).unwrap_or(&found.path);
    (path.to_string_lossy().replace('\\', "/"), found.finding.rule.clone(), found.finding.name.clone())
}
