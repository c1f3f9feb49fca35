//! Decisions as values: what to retry, what it costs. Time and chance are arguments.

pub mod cost;
pub mod retry;
