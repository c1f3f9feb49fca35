//! One core that knows everything that is true about an LLM request: the model catalogue, the names that must
//! not be used any more, the rules a provider enforces, the bytes that go on the wire, the meaning of what comes back.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod catalogue;
pub mod chat;
pub mod check;
pub mod date;
pub mod error;
pub mod fim;
pub mod finding;
pub mod generated;
pub mod json;
pub mod ops;
pub mod policy;
pub mod secret;
pub mod suggest;
pub mod wire;

#[cfg(feature = "client")]
pub mod client;

#[cfg(feature = "client")]
pub use client::Client;
pub use error::{Error, ErrorKind, Result};
