// Generated from core/data/operations.toml by `make generate`. Do not edit.

//! The operations, in the order of the data.

use crate::operation::Operation;
use crate::packed::{Table, rows};

/// Every operation.
pub static OPERATIONS: Table<Operation> = Table::new(|| rows(include_str!("operations.tsv"), Operation::read));
