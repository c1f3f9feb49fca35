//! Tables made from `core/data` and from the Rust types. Do not edit; `make generate` writes them.

pub mod errors;
pub mod models;
pub mod operations;
pub mod providers;
pub mod rules;
