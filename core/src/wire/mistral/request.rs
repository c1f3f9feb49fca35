//! A neutral request to Mistral's HTTP request: fields of the URL go into the URL, everything else is the body as it is,
//! without `operation`, with `stream` where it is one.

use std::borrow::Cow;

use super::super::Target;
use super::super::form;
use super::super::http::{HttpRequest, encode};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Path, Value};
use crate::operation::{BodyForm, Proof};

/// The HTTP request. The model in it is already the one that is sent.
pub(super) fn request<'a>(target: &Target<'_>, request: Value<'a>) -> Result<HttpRequest<'a>> {
    let operation = target.operation;
    let mut fields = match request {
        Value::Object(fields) => fields,
        other => return Err(misfit("", "an object", &other)),
    };
    // JSON lets a key stand twice.
    fields.retain(|key, _| key != "operation");
    if operation.body == BodyForm::Any {
        return raw(fields);
    }
    let path = path(target.provider.path(operation.name).unwrap_or(operation.path), &mut fields)?;
    let query = query(operation.query, &mut fields)?;
    let body = match operation.body {
        BodyForm::None | BodyForm::Any => nothing_left(&fields)?,
        BodyForm::Json => {
            if operation.streams() {
                fields.set("stream", true);
            }
            Value::Object(fields)
        }
        BodyForm::Form => {
            if operation.streams() {
                fields.set("stream", true);
            }
            form::body(fields)?
        }
    };
    let accept = match operation.proof {
        _ if operation.streams() => "text/event-stream",
        Proof::File => "application/octet-stream",
        _ => "application/json",
    };
    Ok(HttpRequest { method: operation.http, path, query, accept, body })
}

/// What the caller says of method, path, parameters and body.
fn raw<'a>(mut fields: Object<'a>) -> Result<HttpRequest<'a>> {
    let method = fields.remove("method").unwrap_or_default();
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|known| method.as_str() == Some(known));
    let Some(method) = known else { return Err(misfit("method", "`GET`, `POST`, `PUT`, `PATCH` or `DELETE`", &method)) };
    let path = match fields.remove("path") {
        Some(Value::String(path)) => path.into_owned(),
        other => return Err(misfit("path", "a string", &other.unwrap_or_default())),
    };
    let is_path = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'\\'));
    if !is_path || path.split('/').any(|step| matches!(step.replace("%2E", ".").replace("%2e", ".").as_str(), "." | "..")) {
        return Err(Error::new(ErrorKind::InvalidRequest, "the path must begin with `/`, be encoded, and lead nowhere else")
            .with_path("path")
            .with_hint("parameters go into `query`"));
    }
    let mut query = Vec::new();
    match fields.remove("query") {
        None | Some(Value::Null) => {}
        Some(Value::Object(pairs)) => {
            for (name, value) in pairs {
                parameter(&mut query, name.into_owned().into(), value)?;
            }
        }
        Some(other) => return Err(misfit("query", "an object", &other)),
    }
    let body = fields.remove("body").unwrap_or_default();
    nothing_left(&fields)?;
    Ok(HttpRequest { method, path: Cow::Owned(path), query, accept: "application/json", body })
}

/// The path, with its placeholders filled from the fields that have their names.
fn path(template: &'static str, fields: &mut Object<'_>) -> Result<Cow<'static, str>> {
    if !template.contains('{') {
        return Ok(Cow::Borrowed(template));
    }
    let mut path = String::with_capacity(template.len() + 40);
    for (at, piece) in template.split('{').enumerate() {
        let Some((name, rest)) = piece.split_once('}').filter(|_| at > 0) else {
            path.push_str(piece);
            continue;
        };
        let value = match fields.remove(name) {
            Some(value) => step(name, &value)?,
            None => return Err(Error::new(ErrorKind::InvalidRequest, format!("`{name}` is missing")).with_path(name)),
        };
        encode(&mut path, &value);
        path.push_str(rest);
    }
    Ok(Cow::Owned(path))
}

/// A value as one step of a path. What would make it another path is refused.
fn step(name: &str, value: &Value<'_>) -> Result<String> {
    let text = match value {
        Value::String(text) => text.clone().into_owned(),
        Value::Number(_) => value.to_string(),
        other => return Err(misfit(name, "a string", other)),
    };
    match text.as_str() {
        // Whoever reads a URL takes these for a way up, encoded or not.
        "" | "." | ".." => {
            Err(Error::new(ErrorKind::InvalidRequest, format!("`{text}` cannot stand in the path of a URL")).with_path(name))
        }
        _ => Ok(text),
    }
}

type Query<'a> = Vec<(Cow<'static, str>, Cow<'a, str>)>;

/// The parameters behind the path: an array becomes several of one name, `null` none.
fn query<'a>(names: &'static [&'static str], fields: &mut Object<'a>) -> Result<Query<'a>> {
    let mut query = Vec::new();
    for &name in names {
        parameter(&mut query, Cow::Borrowed(name), fields.remove(name).unwrap_or_default())?;
    }
    Ok(query)
}

fn parameter<'a>(query: &mut Query<'a>, name: Cow<'static, str>, value: Value<'a>) -> Result<()> {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                query.push((name.clone(), scalar(&name, item)?));
            }
        }
        value => {
            let value = scalar(&name, value)?;
            query.push((name, value));
        }
    }
    Ok(())
}

fn scalar<'a>(name: &str, value: Value<'a>) -> Result<Cow<'a, str>> {
    match value {
        Value::String(text) => Ok(text),
        // An object is written as JSON text.
        Value::Number(_) | Value::Bool(_) | Value::Object(_) => Ok(Cow::Owned(value.to_string())),
        other => Err(misfit(name, "a string, a number, a boolean, an object or an array of them", &other)),
    }
}

/// No body: every field must have found its place. `null` needs none.
fn nothing_left<'a>(fields: &Object<'_>) -> Result<Value<'a>> {
    match fields.iter().find(|(_, value)| !value.is_null()) {
        None => Ok(Value::Null),
        Some((name, _)) => Err(Error::new(ErrorKind::InvalidRequest, "no such field in this operation")
            .with_path(Path::root().key(name).to_string())),
    }
}

fn misfit(name: &str, wanted: &str, found: &Value<'_>) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("must be {wanted}, not {}", found.kind())).with_path(name)
}
