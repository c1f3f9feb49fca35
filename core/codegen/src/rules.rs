//! The form of `data/rules.toml`, and `generated/rules.rs`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::packed::{self, Row};
use crate::rust::{format, header, string};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rule: Vec<Rule>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) name: String,
    /// The heading of the group that begins with this rule.
    pub(crate) group: Option<String>,
    pub(crate) severity: String,
    pub(crate) doc: String,
    /// Whether `tramontane lint` reports it.
    #[serde(default)]
    pub(crate) lint: bool,
    pub(crate) server_code: Option<String>,
    pub(crate) source: String,
    pub(crate) as_of: toml::value::Datetime,
}

/// The rules, in the order of their file.
pub(crate) fn table(data: &Path) -> Result<Vec<Rule>, String> {
    let table: Table = crate::read(&data.join("rules.toml"))?;
    let mut names = BTreeSet::new();
    for rule in &table.rule {
        if !["error", "warning", "note"].contains(&rule.severity.as_str()) {
            return Err(format!("rules.toml: `{}` has severity `{}`; it is error, warning or note", rule.name, rule.severity));
        }
        if rule.as_of.date.is_none() {
            return Err(format!("rules.toml: `{}` has an `as_of` without a day", rule.name));
        }
        if !names.insert(rule.name.clone()) {
            return Err(format!("rules.toml: `{}` stands twice", rule.name));
        }
    }
    Ok(table.rule)
}

/// The text of `generated/rules.rs`.
pub(crate) fn source() -> Result<String, String> {
    let mut out = header("data/rules.toml");
    out += "//! The table of rules.\n\nuse crate::finding::RuleRow;\nuse crate::packed::{Sorted, whole};\n\n";
    let files = "whole!(\"rules.tsv\", \"rules_chat.tsv\")";
    out += &packed::declare_sorted(
        "RULES",
        "Every rule, by name; of what no chat can break, the small part has the name alone.",
        "RuleRow",
        files,
    );
    out += "/// The row of a rule.\npub fn rule(name: &str) -> Option<RuleRow> {\n";
    out += "RULES.get(name)\n}\n";
    format(&out)
}

/// The rules of the linter with what they say, `cli/src/lint/rules.rs`.
pub(crate) fn linted(data: &Path) -> Result<String, String> {
    let mut rules = table(data)?;
    rules.retain(|rule| rule.lint);
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out = header("core/data/rules.toml") + "//! The rules that this command reports.\n\n";
    out += &format!("/// Each rule, and what it says, by name.\npub(super) const RULES: [(&str, &str); {}] = [\n", rules.len());
    for rule in &rules {
        out += &format!("({}, {}),\n", string(&rule.name), string(&rule.doc));
    }
    format(&(out + "];\n"))
}

/// The groups of rules that no chat can break: they are about other requests, and about what a client does.
const NOT_OF_CHATS: [&str; 7] =
    ["Embeddings", "Reading documents", "Conversations", "On the way to the server", "Files", "Batches", "Sound"];

/// The table itself, `generated/rules.tsv`.
pub(crate) fn packed(data: &Path) -> Result<String, String> {
    packed_where(data, |_| true)
}

/// The table of the small part, `generated/rules_chat.tsv`: a policy may name every rule.
pub(crate) fn of_chats(data: &Path) -> Result<String, String> {
    packed_where(data, |group| !NOT_OF_CHATS.contains(&group))
}

/// The table, with only the names of those rules whose group is not asked for.
fn packed_where(data: &Path, is_whole: impl Fn(&str) -> bool) -> Result<String, String> {
    let mut group = String::new();
    let mut rules = Vec::new();
    for rule in table(data)? {
        group = rule.group.clone().unwrap_or(group);
        rules.push((is_whole(&group), rule));
    }
    rules.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    packed::table(rules.iter().map(|(whole, rule)| if *whole { row(rule) } else { Row::default().text(&rule.name) }))
}

fn row(rule: &Rule) -> Row {
    Row::default()
        .text(&rule.name)
        .text(match rule.severity.as_str() {
            "error" => "",
            other => &other[..1],
        })
        .optional(rule.server_code.as_ref())
        .text(&rule.source)
}
