//! What is wrong with a request, as data.
//!
//! `walk` compares a request with the table of its form; the other files hold the rules that need more than one place.
//! Every rule has a row in `data/rules.toml` and, under `tests/vectors/check`, a request that triggers it and one that
//! just does not. What only some requests need is not inlined into what all of them go through: in a browser a function is
//! compiled when it is first called, and the first check of a chat must not wait for the rules of files. Imports `catalogue`, `finding`, `json`, `policy::cost`, `suggest` and the generated tables.

mod audio;
mod batch;
mod calls;
mod content;
mod conversation;
mod embeddings;
mod examine;
mod fault;
mod files;
mod fim;
mod findings;
mod foreign;
mod format;
mod limits;
mod messages;
mod model;
mod names;
mod ocr;
mod operation;
pub(crate) mod policy;
#[cfg(feature = "refusals")]
mod refusal;
mod regional;
mod repair;
pub mod report;
mod sampling;
mod schema;
pub mod shape;
pub mod spelling;
mod tokens;
mod tools;
mod walk;

#[cfg(test)]
mod tests;

pub(crate) use examine::{Estimated, Seen, examine, examine_chat};
pub(crate) use operation::operation;
#[cfg(feature = "refusals")]
pub use refusal::{Refusal, refusal};
pub use report::{CheckRequest, Checks, Estimate, Finding, Policy, Repair, Report, Severity, TokenRange, report};
pub(crate) use tokens::estimate_prompt;
