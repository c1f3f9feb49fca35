// Generated from core/data/operations.toml by `make generate`. Do not edit.

//! The operations, in the order of the data.

use crate::operation::Operation;
use crate::packed::Table;

/// Every operation.
pub static OPERATIONS: Table<Operation> = Table::new(include_str!("operations.tsv"), "", |row, _| Operation::read(row));
