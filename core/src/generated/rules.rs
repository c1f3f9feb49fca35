// Generated from data/rules.toml by `make generate`. Do not edit.

//! The table of rules.

use crate::finding::{RuleRow, Severity};

/// Every rule, by name.
pub static RULES: [RuleRow; 6] = [
    RuleRow {
        name: "deprecated_alias",
        severity: Severity::Warning,
        doc: "The name is on the list of names that new code should not use, though the server may still take it.",
        server_code: None,
        source: "unified.to article on Mistral API keys, May 2026",
    },
    RuleRow {
        name: "deprecated_model",
        severity: Severity::Warning,
        doc: "The model still answers, and has a day on which it will stop.",
        server_code: None,
        source: "Mistral model cards and deprecation table",
    },
    RuleRow {
        name: "documented_name",
        severity: Severity::Note,
        doc: "Articles or documentation print the name, but the API does not list it; the official id is sent instead.",
        server_code: None,
        source: "Mistral model cards, compared with GET /v1/models",
    },
    RuleRow {
        name: "floating_alias",
        severity: Severity::Warning,
        doc: "The name points to another model whenever the provider moves it.",
        server_code: None,
        source: "Mistral model lifecycle policy",
    },
    RuleRow {
        name: "retired_model",
        severity: Severity::Error,
        doc: "The model was retired on or before this day: the server knows it no more.",
        server_code: Some("1500"),
        source: "Mistral model cards and deprecation table",
    },
    RuleRow {
        name: "unknown_model",
        severity: Severity::Warning,
        doc: "No model of this name is in the catalogue; it may be misspelt, or younger than the snapshot.",
        server_code: Some("1500"),
        source: "GET /v1/models",
    },
];

/// The row of a rule.
pub fn rule(name: &str) -> Option<&'static RuleRow> {
    RULES.binary_search_by(|row| row.name.cmp(name)).ok().map(|at| &RULES[at])
}
