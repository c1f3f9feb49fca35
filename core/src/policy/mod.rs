//! Decisions as values: what to retry, what it costs, whether it fits. Time and chance are arguments.

pub mod bill;
pub mod budget;
pub mod claim;
pub mod cost;
pub mod estimate;
pub mod limit;
pub mod retry;
