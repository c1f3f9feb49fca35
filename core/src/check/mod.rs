//! What is wrong with a request, as data.

pub mod report;
pub mod shape;

pub use report::{CheckRequest, Estimate, Finding, Policy, Repair, Report, Severity, TokenRange, report};
