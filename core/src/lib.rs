//! One core that knows everything that is true about an LLM request: the model catalogue, the names that must
//! not be used any more, the rules a provider enforces, the bytes that go on the wire, the meaning of what comes back.
//!
//! A request is written with a builder, or comes as data from somewhere else. This tour takes it through every station;
//! a program that only wants an answer starts at [the client](#send).
//!
//! # Check
//!
//! Everything that is wrong comes out at once, each finding with its path, a hint, and the server's own code for it.
//!
//! ```
//! use tramontane::check::{CheckRequest, Policy, report};
//! use tramontane::json;
//!
//! let text = br#"{"model": "mistral-small-4", "seed": 7, "messages": [{"role": "user", "content": "Hi"}]}"#;
//! let report = report(CheckRequest { request: json::parse(text)?, policy: Policy::default(), estimate: true })?;
//!
//! let refused = report.findings.iter().find(|finding| finding.rule == "unknown_field").unwrap();
//! assert_eq!(refused.path, "seed");
//! assert_eq!(refused.hint.as_deref(), Some("Mistral calls it `random_seed`"));
//! // What the name means: articles print it, the API takes another.
//! assert_eq!(report.resolution.unwrap().sent_as, "mistral-small-2603");
//! # Ok::<(), tramontane::Error>(())
//! ```
//!
//! # Build
//!
//! The HTTP request, complete but for the key: [`wire::AuthPlan`] says what its sender must add.
//!
//! ```
//! use tramontane::chat::ChatRequest;
//! use tramontane::check::Policy;
//! use tramontane::wire::{BuildRequest, build};
//!
//! let request = ChatRequest::new("mistral-small-4").system("You are a sailor.").user("Which wind is it?");
//! let prepared = build(BuildRequest { request: request.to_value()?, provider: None, policy: Policy::default() })?;
//!
//! assert_eq!(prepared.url, "https://api.mistral.ai/v1/chat/completions");
//! assert!(prepared.body.to_string().contains(r#""model":"mistral-small-2603""#));
//! # Ok::<(), tramontane::Error>(())
//! ```
//!
//! # Decode a stream
//!
//! Bytes go in, cut wherever the network cut them; events come out, and at the end the whole answer. A stream that ends
//! too early is an error that holds what had arrived.
//!
//! ```
//! use tramontane::wire::Decoder;
//!
//! let mut decoder = Decoder::new("mistral", "chat_stream")?;
//! let mut events = Vec::new();
//! decoder.push(br#"data: {"id": "1", "choices": [{"index": 0, "delta": {"content": "Tra"}}]}"#, &mut events)?;
//! decoder.push(b"\n\n", &mut events)?;
//! assert_eq!(events[0].text(), "Tra");
//!
//! let error = decoder.finish().unwrap_err(); // no finish reason, no `[DONE]`
//! assert_eq!(error.kind(), tramontane::ErrorKind::StreamTruncated);
//! # Ok::<(), tramontane::Error>(())
//! ```
//!
//! # Send
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # async fn example() -> tramontane::Result<()> {
//! use tramontane::Client;
//! use tramontane::chat::ChatRequest;
//!
//! let client = Client::from_env()?; // MISTRAL_API_KEY
//! let request = ChatRequest::new("mistral-small-2603").user("What is a tramontane?");
//! println!("{}", client.chat().complete(&request).await?.text());
//!
//! let mut stream = client.chat().stream(&request).await?;
//! while let Some(event) = stream.next().await {
//!     print!("{}", event?.text());
//! }
//! # Ok(()) }
//! ```
//!
//! It checks first, follows the model's name, adds the key, and repeats what may succeed when it is repeated. Programs
//! without async code have the same calls in `client::blocking`.
//!
//! # Answers in your own types, lists of many pages
//!
//! An answer is read into a type, or an error keeps its text. A list goes on from page to page while it is gone through.
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # async fn example(client: tramontane::Client, request: tramontane::chat::ChatRequest) -> tramontane::Result<()> {
//! use tramontane::chat::Form;
//! use tramontane::files::FilesListRequest;
//!
//! #[derive(serde::Deserialize)]
//! struct Wind {
//!     knots: u32,
//! }
//!
//! let schema = br#"{"type": "object", "properties": {"knots": {"type": "integer"}}, "required": ["knots"]}"#;
//! let form = Form::<Wind>::new(tramontane::json::parse(schema)?.into_owned()).named("wind");
//! println!("{:?} knots", client.chat().parse(&request, &form).await?.parsed.map(|wind| wind.knots));
//!
//! let mut files = client.files().list_all(&FilesListRequest::default());
//! while let Some(file) = files.next().await {
//!     println!("{}", file?.filename);
//! }
//! # Ok(()) }
//! ```
//!
//! # Features
//!
//! | feature | what it brings |
//! |---|---|
//! | `client` (default) | `Client` and everything that needs sockets, TLS, a clock, the environment. Without it the crate is pure and compiles to WebAssembly as it is. |
//! | `lint` | `lint`: finds the model names in source code that are retired, deprecated, floating or unknown. |
//! | `refusals` (default) | `check::refusal`: what the server would answer to a request that a check refuses; for sandboxes. |
//! | `whole` (default) | The tables of everything but chats, and what the catalogue tells without judging by it; `client`, `lint` and `schema` bring it. |
//! | `schema` | JSON Schemas of Rust types: `Form::of_type` asks for answers that fit one. |
//!
//! # What it does not do
//!
//! It runs no agents, no loops of tool calls and no prompts of its own, keeps no conversation, stores nothing, logs
//! nothing, and does not hide what the provider said: unknown fields of an answer are kept, errors keep the server's words.
//! Without `client` it has no clock: names are judged by [`Policy::on`](check::Policy::on), or by the catalogue's own day.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod agents;
pub mod audio;
pub mod batch;
pub mod catalogue;
pub mod chat;
pub mod check;
pub mod classifiers;
pub mod conversations;
pub mod date;
pub mod embeddings;
pub mod error;
pub mod files;
pub mod fim;
pub mod finding;
pub mod generated;
pub mod json;
#[cfg(feature = "lint")]
pub mod lint;
pub mod models;
pub mod ocr;
pub mod operation;
pub mod ops;
pub mod packed;
pub mod policy;
pub mod raw;
pub mod secret;
pub mod suggest;
pub mod wire;
mod within;

#[cfg(feature = "client")]
pub mod client;

#[cfg(feature = "client")]
pub use client::Client;
pub use error::{Error, ErrorKind, Result};

/// Compiles what the README and the page about answers that fit a type show.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../../docs/structured.md")]
pub struct Readme;
