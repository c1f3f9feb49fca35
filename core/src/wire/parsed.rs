//! An answer as data: what it says and what stands around it.

use std::borrow::Cow;

use super::{Decoder, HttpResponse, Target, status};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Dtype, FromValue, Map, Path, Value};

/// A provider's HTTP answer.
#[derive(Clone, Debug)]
pub struct ParseRequest<'a> {
    /// The provider's id.
    pub provider: String,
    /// The operation that was asked.
    pub operation: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers; names in any case.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: Cow<'a, str>,
}

/// What stands around an answer.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meta {
    /// The provider's id.
    pub provider: String,
    /// The HTTP status.
    pub status: u16,
    /// The id under which the provider knows the request.
    pub request_id: Option<String>,
    /// What the rate-limit headers say: `limit-req-minute`, `remaining-req-minute`, `tokens-query-cost`, …
    pub rate_limit: Map<u64>,
}

/// A typed answer.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parsed {
    /// The answer's type, for example `ChatCompletion`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The answer; fields that this version does not know are kept.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub data: Value<'static>,
    /// What stands around it.
    pub meta: Meta,
}

/// What a provider's answer means.
///
/// # Errors
/// The typed error that an unsuccessful answer stands for, `decode` for an answer that is not the API's.
pub fn parse(request: ParseRequest<'_>) -> Result<Parsed> {
    let reply = HttpResponse {
        status: request.status,
        headers: request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        body: request.body.as_bytes(),
        now: None,
    };
    parse_response(&request.provider, &request.operation, &reply)
}

/// [`parse`], for whoever holds the answer as bytes.
///
/// # Errors
/// As [`parse`].
pub fn parse_response(provider: &str, operation: &str, reply: &HttpResponse<'_>) -> Result<Parsed> {
    parse_asked(provider, operation, None, reply)
}

/// [`parse_response`], for whoever knows what the request wanted the numbers of vectors to be. Otherwise they are floats.
///
/// # Errors
/// As [`parse`].
pub fn parse_asked(provider: &str, operation: &str, dtype: Option<Dtype>, reply: &HttpResponse<'_>) -> Result<Parsed> {
    let target = Target { dtype, ..Target::new(provider, operation)? };
    let data = if !(200..300).contains(&reply.status) {
        return Err(target.protocol.error(&target, reply));
    } else if target.operation.streams() {
        whole_stream(provider, operation, reply)?
    } else {
        target.protocol.response(&target, reply)?.into_owned()
    };
    Ok(Parsed { kind: target.operation.answer.to_owned(), data, meta: meta(target.provider.id, reply) })
}

/// The error that an unsuccessful answer stands for.
pub fn error(provider: &str, operation: &str, reply: &HttpResponse<'_>) -> Error {
    match Target::new(provider, operation) {
        Ok(target) => target.protocol.error(&target, reply),
        Err(error) => error,
    }
}

/// What stands around an answer.
pub fn meta(provider: &str, reply: &HttpResponse<'_>) -> Meta {
    Meta {
        provider: provider.to_owned(),
        status: reply.status,
        request_id: status::request_id(reply),
        rate_limit: status::rate_limit(reply),
    }
}

/// A stream that was read to its end before anybody looked at it.
fn whole_stream(provider: &str, operation: &str, reply: &HttpResponse<'_>) -> Result<Value<'static>> {
    let mut decoder = Decoder::new(provider, operation)?;
    let read = decoder.push_to(reply.body, &mut ()).and_then(|()| decoder.finish());
    read.map_err(|error| {
        error.with(|error| {
            error.status = error.status.or(Some(reply.status));
            error.request_id = status::request_id(reply);
        })
    })
}

impl<'a> FromValue<'a> for ParseRequest<'a> {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let Value::Object(object) = value else {
            return Err(misfit(&Path::root(), "an object with `provider`, `operation`, `status`, `headers` and `body`", &value));
        };
        let mut request = ParseRequest {
            provider: String::new(),
            operation: String::new(),
            status: 0,
            headers: Vec::new(),
            body: Cow::Borrowed(""),
        };
        let root = Path::root();
        for (key, value) in object {
            request.take(&root.key(&key), &key, value)?;
        }
        for (name, missing) in [
            ("provider", request.provider.is_empty()),
            ("operation", request.operation.is_empty()),
            ("status", request.status == 0),
        ] {
            if missing {
                return Err(Error::new(ErrorKind::InvalidRequest, format!("`{name}` is missing")).with_path(name));
            }
        }
        Ok(request)
    }
}

impl<'a> ParseRequest<'a> {
    /// Takes one member of the parameter.
    fn take(&mut self, path: &Path<'_>, key: &str, value: Value<'a>) -> Result<()> {
        match (key, value) {
            ("provider", Value::String(text)) => self.provider = text.into_owned(),
            ("operation", Value::String(text)) => self.operation = text.into_owned(),
            ("status", value) => self.status = read_status(path, &value)?,
            ("headers", value) => self.headers = read_headers(path, &value)?,
            ("body", Value::String(text)) => self.body = text,
            ("body", Value::Null) => {}
            ("body", other) => return Err(misfit(path, "the body's text, before it is read as JSON", &other)),
            ("provider" | "operation", other) => return Err(misfit(path, "a string", &other)),
            _ => return Err(Error::new(ErrorKind::InvalidRequest, "no such parameter").with_path(path.to_string())),
        }
        Ok(())
    }
}

fn read_status(path: &Path<'_>, value: &Value<'_>) -> Result<u16> {
    let status = value.as_u64().and_then(|status| u16::try_from(status).ok()).filter(|status| (100..600).contains(status));
    status.ok_or_else(|| misfit(path, "an HTTP status from 100 to 599", value))
}

fn read_headers(path: &Path<'_>, value: &Value<'_>) -> Result<Vec<(String, String)>> {
    let object = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Object(object) => object,
        other => return Err(misfit(path, "an object of strings", other)),
    };
    let mut headers = Vec::with_capacity(object.len());
    for (name, value) in object.iter() {
        match value {
            Value::String(text) => headers.push((name.to_ascii_lowercase(), text.clone().into_owned())),
            Value::Null => {}
            other => return Err(misfit(&path.key(name), "a string", other)),
        }
    }
    Ok(headers)
}

/// Says what should have stood at a path.
pub(super) fn misfit(path: &Path<'_>, wanted: &str, found: &Value<'_>) -> Error {
    misfit_at(&path.to_string(), wanted, found)
}

/// [`misfit`], at a path that is text already.
pub(super) fn misfit_at(path: &str, wanted: &str, found: &Value<'_>) -> Error {
    let message = format_args!("must be {wanted}, not {}", found.kind());
    Error::at(ErrorKind::InvalidRequest, path, message, format_args!(""))
}
