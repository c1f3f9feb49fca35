//! Mistral's own API, which is also the neutral form: requests and answers pass nearly as they are.
//! May import what lies in `wire` above the protocols.

mod conversation;
mod request;
mod response;
pub(crate) mod rows;
mod sound;
mod stream;

use super::decoder::FrameDecoder;
use super::http::{HttpRequest, HttpResponse};
use super::{Protocol, Target};
use crate::error::{Error, Result};
use crate::json::Value;
use crate::operation::StreamKind;

/// The protocol of `api.mistral.ai`.
pub(crate) struct Mistral;

impl Protocol for Mistral {
    fn request<'a>(&self, target: &Target<'_>, request: Value<'a>) -> Result<HttpRequest<'a>> {
        request::request(target, request)
    }

    fn response<'r>(&self, target: &Target<'_>, reply: &HttpResponse<'r>) -> Result<Value<'r>> {
        response::response(target, reply)
    }

    fn error(&self, target: &Target<'_>, reply: &HttpResponse<'_>) -> Error {
        response::error(target, reply)
    }

    fn decoder(&self, stream: StreamKind) -> Box<dyn FrameDecoder> {
        match stream {
            StreamKind::Chat => Box::new(stream::Frames),
            StreamKind::Conversation => Box::new(conversation::Frames),
            StreamKind::Transcription | StreamKind::Speech => Box::new(sound::Frames),
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::any_tree;
