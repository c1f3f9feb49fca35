//! What a client can do, by resource: `client.chat().complete(…)`, `client.models().list()`.

use serde::Serialize;

use super::{CallOptions, Client, EventStream, Reply};
use crate::error::Result;
use crate::json::{Object, Value, to_value};

/// Chats.
#[derive(Clone, Debug)]
pub struct Chat<'c> {
    client: &'c Client,
    options: CallOptions,
}

/// The provider's own list of its models.
#[derive(Clone, Debug)]
pub struct Models<'c> {
    client: &'c Client,
    options: CallOptions,
}

impl Client {
    /// Chats.
    pub fn chat(&self) -> Chat<'_> {
        Chat { client: self, options: CallOptions::default() }
    }

    /// The provider's own list of its models.
    pub fn models(&self) -> Models<'_> {
        Models { client: self, options: CallOptions::default() }
    }
}

impl Chat<'_> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The answer, whole. The request is a `ChatRequest`, or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<Reply> {
        let call = self.client.prepare(as_operation(request, "chat")?, &self.options)?;
        self.client.execute(call).await
    }

    /// The answer as a stream, whose first events are there.
    ///
    /// # Errors
    /// As [`Chat::complete`].
    pub async fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        let call = self.client.prepare(as_operation(request, "chat_stream")?, &self.options)?;
        self.client.open(call).await
    }
}

impl Models<'_> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The models that the provider offers to this key, under `data`.
    ///
    /// # Errors
    /// Every kind that sending has.
    pub async fn list(&self) -> Result<Reply> {
        let call = self.client.prepare(Value::Object(Object::from_iter([("operation", "models_list")])), &self.options)?;
        self.client.execute(call).await
    }
}

/// A request as data, for an operation.
pub(super) fn as_operation<R: Serialize + ?Sized>(request: &R, operation: &'static str) -> Result<Value<'static>> {
    let mut request = to_value(request)?;
    if let Some(fields) = request.as_object_mut() {
        fields.set("operation", operation);
    }
    Ok(request)
}
