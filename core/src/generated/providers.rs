// Generated from data/providers.toml by `make generate`. Do not edit.

//! The table of providers.

use crate::catalogue::ProviderRow;
use crate::packed::{Table, rows};

/// Every provider.
pub static PROVIDERS: Table<ProviderRow> = Table::new(|| rows(include_str!("providers.tsv"), ProviderRow::read));
