//! Chats whose answers are read into a type of the caller's own.
//!
//! ```no_run
//! # async fn example() -> tramontane::Result<()> {
//! use tramontane::chat::{ChatRequest, Form};
//! use tramontane::{Client, json};
//!
//! #[derive(serde::Deserialize)]
//! struct Cheese {
//!     name: String,
//! }
//!
//! let schema = r#"{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}"#;
//! let form = Form::<Cheese>::new(json::parse(schema.as_bytes())?.into_owned()).named("Cheese");
//! let request = ChatRequest::new("mistral-small-2603").user("Which cheese goes with Savagnin?");
//! let reply = Client::from_env()?.chat().parse(&request, &form).await?;
//! println!("{:?} for {:?}", reply.parsed.as_ref().map(|cheese| &cheese.name), reply.usage);
//! # Ok(()) }
//! ```
//!
//! With the feature `schema`, `Form::of_type()` makes the schema of the type.

use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Chat, ChatReply, as_operation};
use crate::chat::Form;
use crate::error::{Error, ErrorKind, Result};
use crate::json::to_value;

/// A chat's answer, read into a type.
#[derive(Clone, Debug)]
pub struct ParsedReply<T> {
    /// What the text says; `None` when the model called tools instead of answering.
    pub parsed: Option<T>,
    reply: ChatReply,
}

impl<T> ParsedReply<T> {
    /// The answer alone.
    pub fn into_reply(self) -> ChatReply {
        self.reply
    }
}

impl<T> Deref for ParsedReply<T> {
    type Target = ChatReply;
    fn deref(&self) -> &ChatReply {
        &self.reply
    }
}

impl Chat<'_> {
    /// Asks for an answer that fits a form, waits for it and reads it. The request is a
    /// [`ChatRequest`](crate::chat::ChatRequest), or anything that serializes to one; the form says its `response_format`.
    ///
    /// # Errors
    /// `decode` when the answer does not fit: `body` is its text, `partial` all of it. `configuration` for a request that has a
    /// `response_format` of its own, `invalid_request` with the report when a check refuses it, and every kind that sending has.
    pub async fn parse<T: DeserializeOwned>(
        &self,
        request: &(impl Serialize + ?Sized),
        form: &Form<T>,
    ) -> Result<ParsedReply<T>> {
        let mut request = as_operation(request, "chat")?;
        if let Some(fields) = request.as_object_mut() {
            if fields.get("response_format").is_some_and(|said| !said.is_null()) {
                let message = "the form says what the answer is: leave `response_format` out";
                return Err(Error::new(ErrorKind::Configuration, message).with_path("response_format"));
            }
            fields.set("response_format", to_value(&form.response_format())?);
        }
        let call = self.client.prepare(request, &self.options)?;
        let reply = ChatReply::try_from(self.client.execute(call).await?)?;
        match form.read(&reply) {
            Ok(parsed) => Ok(ParsedReply { parsed, reply }),
            Err(error) => Err(error.with(|error| {
                error.request_id = reply.meta.http.request_id.clone();
                error.partial = Some(reply.data().clone());
            })),
        }
    }
}
