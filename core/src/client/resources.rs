//! What the methods of all resources have in common: a request of an operation goes in, a typed answer comes out.
//!
//! The methods themselves are generated from the table of operations (`client.chat().complete(…)`). What a resource can
//! do besides has a file of its own in this folder, with an `impl` of the generated type.

mod batch;
mod chat;
mod files;
mod generated;
mod models;
mod pages;

use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use batch::{BatchResults, BatchWait};
pub use chat::ParsedReply;
pub use generated::*;
pub use pages::{Items, Page, Pages};

use super::{CallOptions, Client, Download, EventStream, Reply, ReplyMeta};
use crate::chat::ChatCompletion;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Value, from_value, to_value};
use crate::policy::bill::usage_of;
use crate::policy::cost::{Cost, Usage};

/// An answer: typed, as the provider gave it, and with what stands around it.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    typed: T,
    data: Value<'static>,
    /// What stands around it: resolution, warnings, request id, rate limits.
    pub meta: ReplyMeta,
}

/// A chat's answer.
pub type ChatReply = Answer<ChatCompletion>;

impl<T> Answer<T> {
    /// The answer as the provider gave it, in the neutral form.
    pub fn data(&self) -> &Value<'static> {
        &self.data
    }

    /// The typed answer alone.
    pub fn into_inner(self) -> T {
        self.typed
    }

    /// What it used, wherever the provider says that; `None` when it does not.
    pub fn usage(&self) -> Option<Usage> {
        usage_of(&self.data)
    }

    /// What it cost: exactly, line by line; without an amount, but with a reason, where that cannot be said. Computed when
    /// it is asked for.
    pub fn cost(&self) -> Cost {
        self.meta.cost(&self.data)
    }
}

impl ChatReply {
    /// The completion alone.
    pub fn into_completion(self) -> ChatCompletion {
        self.typed
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.typed
    }
}

impl<T: DeserializeOwned> TryFrom<Reply> for Answer<T> {
    type Error = Error;

    /// Reads an answer as its type; `decode` when the provider's fields have other types than it documents.
    fn try_from(reply: Reply) -> Result<Answer<T>> {
        match from_value(&reply.data) {
            Ok(typed) => Ok(Answer { typed, data: reply.data, meta: reply.meta }),
            Err(error) => Err(Error::new(ErrorKind::Decode, format!("the answer is no `{}`: {}", reply.kind, error.message()))
                .with_hint("the whole answer stands in `body`; `Client::execute` gives it as data, whatever it holds")
                .with(|error| {
                    error.provider = Some(reply.meta.http.provider);
                    error.status = Some(reply.meta.http.status);
                    error.request_id = reply.meta.http.request_id;
                    error.body = Some(reply.data.to_string());
                })),
        }
    }
}

impl Client {
    /// Sends a request of an operation and reads its answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        request: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<Answer<T>> {
        let call = self.prepare(as_operation(request, operation)?, options)?;
        self.execute(call).await?.try_into()
    }

    /// Sends a request of an operation whose answer is a stream.
    async fn ask_stream(
        &self,
        operation: &'static str,
        request: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<EventStream> {
        let call = self.prepare(as_operation(request, operation)?, options)?;
        self.open(call).await
    }
}

impl Client {
    /// Sends a request of an operation whose answer is a file.
    async fn ask_file(
        &self,
        operation: &'static str,
        request: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<Download> {
        let call = self.prepare(as_operation(request, operation)?, options)?;
        self.download(call).await
    }
}

/// A request as data, for an operation; `()` is a request without fields.
fn as_operation<R: Serialize + ?Sized>(request: &R, operation: &'static str) -> Result<Value<'static>> {
    let mut request = to_value(request)?;
    if request.is_null() {
        request = Value::Object(Object::new());
    }
    if let Some(fields) = request.as_object_mut() {
        fields.set("operation", operation);
    }
    Ok(request)
}
