//! What a client can do, by resource: `client.chat().complete(…)`, `client.models().list()`.

use std::ops::Deref;

use serde::Serialize;

use super::{CallOptions, Client, EventStream, Reply, ReplyMeta};
use crate::chat::ChatCompletion;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Value, from_value, to_value};

/// A chat's answer: a [`ChatCompletion`], and what stands around it.
#[derive(Clone, Debug)]
pub struct ChatReply {
    completion: ChatCompletion,
    data: Value<'static>,
    /// What stands around it: resolution, warnings, request id, rate limits.
    pub meta: ReplyMeta,
}

impl ChatReply {
    /// The answer as the provider gave it, in the neutral form.
    pub fn data(&self) -> &Value<'static> {
        &self.data
    }

    /// The completion alone.
    pub fn into_completion(self) -> ChatCompletion {
        self.completion
    }
}

impl Deref for ChatReply {
    type Target = ChatCompletion;
    fn deref(&self) -> &ChatCompletion {
        &self.completion
    }
}

impl TryFrom<Reply> for ChatReply {
    type Error = Error;

    /// Reads an answer as a completion; `decode` when the provider's fields have other types than it documents.
    fn try_from(reply: Reply) -> Result<ChatReply> {
        match from_value(&reply.data) {
            Ok(completion) => Ok(ChatReply { completion, data: reply.data, meta: reply.meta }),
            Err(error) => Err(Error::new(ErrorKind::Decode, format!("the answer is no completion: {}", error.message()))
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

/// Chats.
#[derive(Clone, Debug)]
pub struct Chat<'c> {
    client: &'c Client,
    options: CallOptions,
}

/// Code between a prompt and a suffix.
#[derive(Clone, Debug)]
pub struct Fim<'c> {
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

    /// Code between a prompt and a suffix.
    pub fn fim(&self) -> Fim<'_> {
        Fim { client: self, options: CallOptions::default() }
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

    /// The answer, whole. The request is a [`ChatRequest`](crate::chat::ChatRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<ChatReply> {
        let call = self.client.prepare(as_operation(request, "chat")?, &self.options)?;
        self.client.execute(call).await?.try_into()
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

impl Fim<'_> {
    /// The same, with other options.
    #[must_use]
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The answer, whole. The request is a [`FimRequest`](crate::fim::FimRequest), or anything that serializes to one.
    ///
    /// # Errors
    /// As [`Chat::complete`].
    pub async fn complete<R: Serialize + ?Sized>(&self, request: &R) -> Result<ChatReply> {
        let call = self.client.prepare(as_operation(request, "fim")?, &self.options)?;
        self.client.execute(call).await?.try_into()
    }

    /// The answer as a stream, whose first events are there.
    ///
    /// # Errors
    /// As [`Chat::complete`].
    pub async fn stream<R: Serialize + ?Sized>(&self, request: &R) -> Result<EventStream> {
        let call = self.client.prepare(as_operation(request, "fim_stream")?, &self.options)?;
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
fn as_operation<R: Serialize + ?Sized>(request: &R, operation: &'static str) -> Result<Value<'static>> {
    let mut request = to_value(request)?;
    if let Some(fields) = request.as_object_mut() {
        fields.set("operation", operation);
    }
    Ok(request)
}
