//! Findings for programs: JSON, SARIF 2.1.0, annotations of GitHub Actions.

use std::path::Path;

use tramontane::check::Severity;
use tramontane::generated::rules::rule;
use tramontane::json::{self, Object, Value};

use super::Outcome;
use super::rules::RULES;
use super::walk::Found;
use crate::output::{Failure, print};

fn object<const N: usize>(members: [(&'static str, Value<'static>); N]) -> Value<'static> {
    Value::Object(Object::from_iter(members))
}

fn number(count: usize) -> Value<'static> {
    Value::from(count as u64)
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// One object with everything.
pub(super) fn json(outcome: &Outcome) -> Result<(), Failure> {
    let mut findings = Vec::new();
    for found in &outcome.found {
        let mut members = Object::new();
        members.push("path", slashed(&found.path));
        if let Value::Object(finding) = json::to_value(&found.finding)? {
            finding.iter().for_each(|(key, value)| members.push(key.to_owned(), value.clone().into_owned()));
        }
        findings.push(Value::Object(members));
    }
    let skipped = outcome
        .skipped
        .iter()
        .map(|(path, reason)| object([("path", Value::from(slashed(path))), ("reason", Value::from(reason.clone()))]));
    let fixable = outcome.found.iter().filter(|found| found.finding.fix.is_some()).count();
    let summary = object([
        ("files", Value::from(outcome.files)),
        ("errors", number(outcome.count(Severity::Error))),
        ("warnings", number(outcome.count(Severity::Warning))),
        ("notes", number(outcome.count(Severity::Note))),
        ("fixable", number(fixable)),
        ("fixed", number(if outcome.dry { 0 } else { outcome.fixed })),
    ]);
    let skipped = Value::Array(skipped.collect());
    let all = object([("findings", Value::Array(findings)), ("skipped", skipped), ("summary", summary)]);
    print(&all.to_string());
    Ok(())
}

/// A SARIF log.
pub(super) fn sarif(outcome: &Outcome) {
    let rules = RULES.iter().map(|(name, words)| {
        let severity = rule(name).map_or(Severity::Warning, |row| row.severity);
        object([
            ("id", Value::from(*name)),
            ("shortDescription", object([("text", Value::from(*words))])),
            ("defaultConfiguration", object([("level", Value::from(level(severity)))])),
        ])
    });
    let driver = object([
        ("name", Value::from("tramontane")),
        ("version", Value::from(env!("CARGO_PKG_VERSION"))),
        ("informationUri", Value::from(env!("CARGO_PKG_REPOSITORY"))),
        ("rules", Value::Array(rules.collect())),
    ]);
    let skipped = outcome.skipped.iter().map(|(path, reason)| {
        object([
            ("level", Value::from("warning")),
            ("message", object([("text", Value::from(format!("{} {reason}", path.display())))])),
            ("locations", Value::Array(vec![object([("physicalLocation", object([("artifactLocation", artifact(path))]))])])),
        ])
    });
    let invocation =
        object([("executionSuccessful", Value::from(true)), ("toolExecutionNotifications", Value::Array(skipped.collect()))]);
    let run = object([
        ("tool", object([("driver", driver)])),
        ("columnKind", Value::from("unicodeCodePoints")),
        ("invocations", Value::Array(vec![invocation])),
        ("results", Value::Array(outcome.found.iter().map(result).collect())),
    ]);
    let log = object([
        ("$schema", Value::from("https://json.schemastore.org/sarif-2.1.0.json")),
        ("version", Value::from("2.1.0")),
        ("runs", Value::Array(vec![run])),
    ]);
    print(&log.to_string());
}

fn result(found: &Found) -> Value<'static> {
    let finding = &found.finding;
    let hint = finding.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    let region = object([
        ("startLine", number(finding.line)),
        ("startColumn", number(finding.column)),
        ("endColumn", number(finding.end_column)),
    ]);
    let location = object([("artifactLocation", artifact(&found.path)), ("region", region.clone())]);
    let mut members = Object::from_iter([
        ("ruleId", Value::from(finding.rule.clone())),
        ("level", Value::from(level(finding.severity))),
        ("message", object([("text", Value::from(format!("{}{hint}", finding.message)))])),
        ("locations", Value::Array(vec![object([("physicalLocation", location)])])),
        // Of a finding that moved with its code, the name is what stays.
        ("partialFingerprints", object([("tramontane/v1", Value::from(format!("{}:{}", finding.rule, finding.name)))])),
    ]);
    if let Some(fix) = &finding.fix {
        let replacement = object([("deletedRegion", region), ("insertedContent", object([("text", Value::from(fix.clone()))]))]);
        let change = object([("artifactLocation", artifact(&found.path)), ("replacements", Value::Array(vec![replacement]))]);
        let text = object([("text", Value::from(format!("write {fix}")))]);
        let fix = object([("description", text), ("artifactChanges", Value::Array(vec![change]))]);
        members.push("fixes", Value::Array(vec![fix]));
    }
    Value::Object(members)
}

fn artifact(path: &Path) -> Value<'static> {
    let mut uri = String::new();
    for byte in slashed(path).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    object([("uri", Value::from(if uri.starts_with('/') { format!("file://{uri}") } else { uri }))])
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Annotations: workflow commands, one a line.
pub(super) fn github(outcome: &Outcome) {
    for Found { path, finding, .. } in &outcome.found {
        let kind = if finding.severity == Severity::Note { "notice" } else { level(finding.severity) };
        let hint = finding.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
        print(&format!(
            "::{kind} file={},line={},col={},endColumn={},title={}::{}",
            property(&slashed(path)),
            finding.line,
            finding.column,
            finding.end_column,
            finding.rule,
            data(&format!("{}{hint}", finding.message)),
        ));
    }
    for (path, reason) in &outcome.skipped {
        print(&format!("::warning file={}::{}", property(&slashed(path)), data(reason)));
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
