//! Prints the JSON Schema of a chat request, as its Rust types have it: `cargo run -q -p codegen --example chat-schema`.
//!
//! The benchmark of the WebAssembly package gives it to a validator of schemas, so that both compare a request with the same form.

use schemars::generate::SchemaSettings;
use tramontane::chat::ChatRequest;

fn main() {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ChatRequest>();
    println!("{}", schema.as_value());
}
