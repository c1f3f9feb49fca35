// Generated from data/rules.toml by `make generate`. Do not edit.

//! The table of rules.

use crate::finding::RuleRow;
use crate::packed::{Table, rows};

/// Every rule, by name.
pub static RULES: Table<RuleRow> = Table::new(|| rows(include_str!("rules.tsv"), RuleRow::read));

/// The row of a rule.
pub fn rule(name: &str) -> Option<&'static RuleRow> {
    RULES.binary_search_by(|row| row.name.cmp(name)).ok().map(|at| &RULES[at])
}
