//! A sandbox for code that calls Mistral: a server on 127.0.0.1 with the API's own routes, checks, error bodies, streams
//! and rate-limit headers. It answers the same words to the same request, and says that no model wrote them.
//!
//! ```
//! let sandbox = tramontane_testkit::Sandbox::start(Default::default())?;
//! assert!(sandbox.url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod answer;
mod checked;
mod classifiers;
mod conversations;
mod embeddings;
mod files;
mod limits;
mod models;
mod ocr;
mod reply;
mod sample;
mod sandbox;
mod server;
mod stream;

pub use sandbox::{Sandbox, SandboxOptions};
