//! Writes every generated file from `core/data` and the Rust types; `--check` says which are stale.
fn main() {}
