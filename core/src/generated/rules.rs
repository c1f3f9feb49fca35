// Generated from data/rules.toml by `make generate`. Do not edit.

//! The table of rules.

use crate::finding::RuleRow;
use crate::packed::{Sorted, whole};

/// Every rule, by name; of what no chat can break, the small part has the name alone.
pub static RULES: Sorted<RuleRow> = Sorted::new(whole!("rules.tsv", "rules_chat.tsv"), RuleRow::read);

/// The row of a rule.
pub fn rule(name: &str) -> Option<RuleRow> {
    RULES.get(name)
}
