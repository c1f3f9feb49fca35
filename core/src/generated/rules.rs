// Generated from data/rules.toml by `make generate`. Do not edit.

//! The table of rules.

use crate::finding::RuleRow;
use crate::packed::Sorted;

/// Every rule, by name.
pub static RULES: Sorted<RuleRow> = Sorted::new(include_str!("rules.tsv"), RuleRow::read);

/// The row of a rule.
pub fn rule(name: &str) -> Option<RuleRow> {
    RULES.get(name)
}
