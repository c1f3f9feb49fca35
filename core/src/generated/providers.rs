// Generated from data/providers.toml by `make generate`. Do not edit.

//! The table of providers.

use crate::catalogue::ProviderRow;
use crate::packed::{Table, whole};

/// Every provider.
pub static PROVIDERS: Table<ProviderRow> =
    Table::new(include_str!("providers.tsv"), whole!("providers_told.tsv", "providers_chat.tsv"), ProviderRow::read);

/// What keys begin with, by convention; what begins with another of them is left out.
pub static KEY_PREFIXES: [&str; 6] = ["AIza", "esecret_", "gsk_", "hf_", "sk-", "xai-"];
