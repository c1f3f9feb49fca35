//! What is wrong with a request, as data.

mod findings;
mod refusal;
pub mod report;
pub mod shape;
pub mod spelling;

pub use refusal::{Refusal, refusal};
pub(crate) use report::examine;
pub use report::{CheckRequest, Checks, Estimate, Finding, Policy, Repair, Report, Severity, TokenRange, report};
