//! A neutral request to Mistral's HTTP request: fields of the URL go into the URL, everything else is the body as it is,
//! without `operation`, with `stream` where it is one.

use std::borrow::Cow;

use super::super::Target;
use super::super::http::{HttpRequest, add_parameter, encode};
use super::super::parsed::misfit_at;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Path, Value};
use crate::operation::{BodyForm, Proof};

/// The HTTP request. The model in it is already the one that is sent.
pub(super) fn request<'a>(target: &Target<'_>, request: Value<'a>) -> Result<HttpRequest<'a>> {
    let operation = target.operation;
    let Value::Object(mut fields) = request else { return Err(misfit_at("", "an object", &request)) };
    // JSON lets a key stand twice.
    fields.retain(|key, _| key != "operation");
    if operation.body == BodyForm::Any {
        return raw(fields);
    }
    let mut path = path(target.provider.path(operation.name).unwrap_or(operation.path), &mut fields)?;
    for name in operation.query {
        parameter(&mut path, name, &fields.remove(name).unwrap_or_default())?;
    }
    let body = match operation.body {
        BodyForm::None | BodyForm::Any => nothing_left(&fields)?,
        BodyForm::Json | BodyForm::Form => {
            if operation.streams() {
                fields.set("stream", true);
            }
            Value::Object(fields)
        }
    };
    let accept = match operation.proof {
        _ if operation.streams() => "text/event-stream",
        Proof::File => "application/octet-stream",
        _ => "application/json",
    };
    Ok(HttpRequest { method: operation.http, path, accept, body })
}

/// What the caller says of method, path, parameters and body.
fn raw<'a>(mut fields: Object<'a>) -> Result<HttpRequest<'a>> {
    let method = fields.remove("method").unwrap_or_default();
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE"].iter().find(|known| method.as_str() == Some(known));
    let Some(method) = known else { return Err(misfit_at("method", "`GET`, `POST`, `PUT`, `PATCH` or `DELETE`", &method)) };
    let mut path = match fields.remove("path") {
        Some(Value::String(path)) => path.into_owned(),
        other => return Err(misfit_at("path", "a string", &other.unwrap_or_default())),
    };
    let is_path = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'\\'));
    if !is_path || path.split('/').any(leads_elsewhere) {
        return Err(Error::new(ErrorKind::InvalidRequest, "the path must begin with `/`, be encoded, and lead nowhere else")
            .with_path("path")
            .with_hint("parameters go into `query`"));
    }
    match fields.remove("query").unwrap_or_default() {
        Value::Null => {}
        Value::Object(pairs) => pairs.iter().try_for_each(|(name, value)| parameter(&mut path, name, value))?,
        other => return Err(misfit_at("query", "an object", &other)),
    }
    let body = fields.remove("body").unwrap_or_default();
    nothing_left(&fields)?;
    Ok(HttpRequest { method, path, accept: "application/json", body })
}

/// Whether a step of a path is `.` or `..`, encoded or not: whoever reads a URL takes these for a way up.
fn leads_elsewhere(step: &str) -> bool {
    let (mut rest, mut dots) = (step.as_bytes(), 0);
    while let [b'.', after @ ..] | [b'%', b'2', b'e' | b'E', after @ ..] = rest {
        (rest, dots) = (after, dots + 1);
    }
    rest.is_empty() && (1..=2).contains(&dots)
}

/// The path, with its placeholders filled from the fields that have their names.
fn path(template: &str, fields: &mut Object<'_>) -> Result<String> {
    let mut path = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, placeholder)) = rest.split_once('{') {
        let (name, after) = placeholder.split_once('}').unwrap_or((placeholder, ""));
        let Some(value) = fields.remove(name) else {
            return Err(Error::new(ErrorKind::InvalidRequest, format!("`{name}` is missing")).with_path(name));
        };
        path.push_str(before);
        step(&mut path, name, &value)?;
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// Appends a value as one step of a path. What would make it another path is refused.
fn step(path: &mut String, name: &str, value: &Value<'_>) -> Result<()> {
    let text = match value {
        Value::String(text) => Cow::Borrowed(text.as_ref()),
        Value::Number(_) => Cow::Owned(value.to_string()),
        other => return Err(misfit_at(name, "a string", other)),
    };
    if matches!(text.as_ref(), "" | "." | "..") {
        return Err(Error::new(ErrorKind::InvalidRequest, format!("`{text}` cannot stand in the path of a URL")).with_path(name));
    }
    encode(path, &text);
    Ok(())
}

/// Appends a parameter behind the path: an array becomes several of one name, `null` none.
fn parameter(path: &mut String, name: &str, value: &Value<'_>) -> Result<()> {
    match value {
        Value::Null => Ok(()),
        Value::Array(items) => items.iter().try_for_each(|item| one_parameter(path, name, item)),
        value => one_parameter(path, name, value),
    }
}

fn one_parameter(path: &mut String, name: &str, value: &Value<'_>) -> Result<()> {
    match value {
        Value::String(text) => add_parameter(path, name, text),
        // An object is written as JSON text.
        Value::Number(_) | Value::Bool(_) | Value::Object(_) => add_parameter(path, name, &value.to_string()),
        other => return Err(misfit_at(name, "a string, a number, a boolean, an object or an array of them", other)),
    }
    Ok(())
}

/// No body: every field must have found its place. `null` needs none.
fn nothing_left<'a>(fields: &Object<'_>) -> Result<Value<'a>> {
    match fields.iter().find(|(_, value)| !value.is_null()) {
        None => Ok(Value::Null),
        Some((name, _)) => Err(Error::new(ErrorKind::InvalidRequest, "no such field in this operation")
            .with_path(Path::root().key(name).to_string())),
    }
}
