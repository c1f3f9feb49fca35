//! The client for programs without async code: the same calls, each of which holds its thread until it is done.
//!
//! ```no_run
//! # fn example() -> tramontane::Result<()> {
//! use tramontane::client::blocking::Client;
//! let client = Client::from_env()?;
//! let request = tramontane::chat::ChatRequest::new("mistral-small-2603").user("Which cheese?");
//! for event in client.chat().stream(&request)? {
//!     print!("{}", event?.text());
//! }
//! # Ok(()) }
//! ```

mod files;
mod generated;
mod pages;

use std::future::Future;
use std::sync::OnceLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::{Builder, Handle, Runtime};

pub use files::{BatchResults, Download};
pub use generated::*;
pub use pages::{Items, Pages};

use super::{Call, CallOptions, ChatReply, ClientOptions, ParsedReply, Reply, ReplyMeta};
use crate::chat::Form;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;
use crate::wire::Event;

/// A client that blocks. Cheap to clone; may be used from many threads at once.
#[derive(Clone, Debug)]
pub struct Client {
    inner: super::Client,
}

/// A stream of events that blocks. As an iterator it gives one event after the other; dropping it closes its connection.
#[derive(Debug)]
pub struct EventStream {
    inner: super::EventStream,
    batch: std::vec::IntoIter<Event>,
}

/// The answer to a request that was built elsewhere.
#[derive(Debug)]
pub enum Sent {
    /// A whole answer.
    Reply(Box<Reply>),
    /// A stream whose first events are there.
    Stream(Box<EventStream>),
}

impl Client {
    /// A client with these options.
    ///
    /// # Errors
    /// As [`super::Client::new`].
    pub fn new(options: ClientOptions) -> Result<Client> {
        Ok(Client { inner: super::Client::new(options)? })
    }

    /// A client for the default provider, with the key from its environment variable.
    ///
    /// # Errors
    /// As [`super::Client::new`].
    pub fn from_env() -> Result<Client> {
        Client::new(ClientOptions::default())
    }

    /// Checks a request and writes it, without sending.
    ///
    /// # Errors
    /// As [`super::Client::prepare`].
    pub fn prepare(&self, request: Value<'_>, options: &CallOptions) -> Result<Call> {
        self.inner.prepare(request, options)
    }

    /// [`Client::send`] up to the moment of sending.
    ///
    /// # Errors
    /// As [`super::Client::relay`].
    pub fn relay(&self, prepared: Value<'_>, options: &CallOptions) -> Result<Call> {
        self.inner.relay(prepared, options)
    }

    /// Sends what [`build`](crate::wire::build()) gave somewhere else: checked again, and with the key added here.
    ///
    /// # Errors
    /// As [`super::Client::send`].
    pub fn send(&self, prepared: Value<'_>, options: &CallOptions) -> Result<Sent> {
        let call = self.relay(prepared, options)?;
        if call.streams() {
            self.open(call).map(|stream| Sent::Stream(Box::new(stream)))
        } else {
            self.execute(call).map(|reply| Sent::Reply(Box::new(reply)))
        }
    }

    /// A client that shares this one's connections and has other options.
    ///
    /// # Errors
    /// As [`super::Client::with_options`].
    pub fn with_options(&self, change: impl FnOnce(&mut ClientOptions)) -> Result<Client> {
        Ok(Client { inner: self.inner.with_options(change)? })
    }

    /// Asks for anything that no other method asks.
    ///
    /// # Errors
    /// As [`super::Client::request`].
    pub fn request(&self, request: &crate::raw::RawRequest) -> Result<super::Answer<crate::raw::RawAnswer>> {
        block_on(self.inner.request(request))
    }

    /// Sends a prepared call.
    ///
    /// # Errors
    /// As [`super::Client::execute`].
    pub fn execute(&self, call: Call) -> Result<Reply> {
        block_on(self.inner.execute(call))
    }

    /// Sends a prepared call whose answer is a stream, and waits for its first events.
    ///
    /// # Errors
    /// As [`super::Client::open`].
    pub fn open(&self, call: Call) -> Result<EventStream> {
        block_on(self.inner.open(call)).map(EventStream::new)
    }
}

impl Chat<'_> {
    /// Asks for an answer that fits a form, waits for it and reads it.
    ///
    /// # Errors
    /// As [`super::Chat::parse`].
    pub fn parse<T: DeserializeOwned>(&self, request: &(impl Serialize + ?Sized), form: &Form<T>) -> Result<ParsedReply<T>> {
        block_on(self.0.parse(request, form))
    }
}

impl Models<'_> {
    /// Lays the provider's own list over the catalogue and says what was different.
    ///
    /// # Errors
    /// As [`super::Models::sync`].
    pub fn sync(&self, base: Option<Value<'static>>) -> Result<crate::catalogue::ModelSync> {
        block_on(self.0.sync(base))
    }
}

/// The client of a program without async code, around one that has it.
impl From<super::Client> for Client {
    fn from(inner: super::Client) -> Client {
        Client { inner }
    }
}

impl EventStream {
    fn new(inner: super::EventStream) -> EventStream {
        EventStream { inner, batch: Vec::new().into_iter() }
    }

    /// The events of the next network read, or `None` after the last.
    ///
    /// # Errors
    /// As [`super::EventStream::next_batch`].
    pub fn next_batch(&mut self) -> Result<Option<Vec<Event>>> {
        if self.batch.len() > 0 {
            return Ok(Some(self.batch.by_ref().collect()));
        }
        block_on(self.inner.next_batch())
    }

    /// The whole answer: reads the rest of the stream.
    ///
    /// # Errors
    /// As [`super::EventStream::finish`].
    pub fn finish(&mut self) -> Result<Reply> {
        block_on(self.inner.finish())
    }

    /// The whole answer, typed.
    ///
    /// # Errors
    /// As [`super::EventStream::completion`].
    pub fn completion(&mut self) -> Result<ChatReply> {
        block_on(self.inner.completion())
    }

    /// The answer so far.
    pub fn partial(&self) -> Value<'static> {
        self.inner.partial()
    }

    /// What is known before the end: status, request id, warnings.
    pub fn meta(&self) -> ReplyMeta {
        self.inner.meta()
    }
}

impl Iterator for EventStream {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(event) = self.batch.next() {
                return Some(Ok(event));
            }
            match self.next_batch() {
                Ok(Some(events)) => self.batch = events.into_iter(),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Runs a future on the runtime that all blocking clients of the process share: one thread, started at the first call.
fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    if Handle::try_current().is_ok() {
        return Err(Error::new(ErrorKind::Configuration, "a blocking call would hold the thread of an async runtime")
            .with_hint("use `tramontane::client::Client` in async code"));
    }
    let start = || Builder::new_multi_thread().worker_threads(1).thread_name("tramontane").enable_all().build();
    match RUNTIME.get_or_init(start) {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => Err(Error::new(ErrorKind::Configuration, format!("no thread for the network: {error}"))),
    }
}
