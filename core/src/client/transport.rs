//! What carries a request to a server and brings its answer back: HTTP without meaning. Replaced in tests.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
pub use http::{HeaderMap, Method};
pub use reqwest::Url;

pub use super::payload::{Outgoing, Payload, Piece, Streamed};
use crate::error::Result;

/// A request, complete: the credential is among its headers, marked as sensitive.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; cloning it copies nothing.
    pub body: Payload,
    /// How long connecting may take.
    pub connect_timeout: Duration,
}

/// The head of an answer, and its body to come.
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Box<dyn Body>,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response").field("status", &self.status).field("headers", &self.headers).finish_non_exhaustive()
    }
}

/// A body that arrives piece by piece. Dropping it before its end closes the connection (HTTP/1) or resets the stream (HTTP/2).
pub trait Body: Send + Sync {
    /// The next piece, as the network brought it; `None` after the last.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>>;

    /// How many bytes are to come, when the server said so.
    fn remaining(&self) -> Option<u64> {
        None
    }
}

/// The future of an answer's head.
pub type Sending<'t> = Pin<Box<dyn Future<Output = Result<Response>> + Send + 't>>;

/// Sends requests. Follows no redirect to another host, repeats nothing, times nothing out but connecting.
pub trait Transport: std::fmt::Debug + Send + Sync {
    /// Sends a request; ends when the head of the answer is there. Dropping the future gives the request up.
    ///
    /// # Errors
    /// `connection`, and `timeout` when connecting took too long. No error shows a header or a URL's query.
    fn send(&self, request: Request) -> Sending<'_>;
}
