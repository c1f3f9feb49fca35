// Generated from data/providers.toml by `make generate`. Do not edit.

//! The table of providers.

use crate::catalogue::ProviderRow;
use crate::packed::{Table, whole};

/// Every provider.
pub static PROVIDERS: Table<ProviderRow> =
    Table::new(include_str!("providers.tsv"), whole!("providers_told.tsv"), ProviderRow::read);
