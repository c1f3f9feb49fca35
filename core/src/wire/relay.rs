//! From what somebody else built back to the request, for whoever has the key to send it.
//!
//! A built request comes from a place that cannot be trusted: an edge function, a browser. Nothing of it is sent as it stands.
//! Its URL must be where its operation goes and its method the operation's; what is left (the body, parameters, headers) is
//! read back into a request, which is checked and built anew. May import `catalogue`, `check`, `json`, `operation` and `error`.

use super::credential::{refuse_in, refuse_pair};
use super::http::BaseUrl;
use super::parsed::misfit;
use crate::catalogue::ProviderRow;
use crate::catalogue::provider::known;
use crate::check::Policy;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Object, Path, Value};
use crate::operation::{BodyForm, Operation};

/// The members of a built request; the second half says what was found out about it and is not believed.
const MEMBERS: [&str; 10] =
    ["provider", "operation", "method", "url", "headers", "body", "auth", "resolution", "warnings", "repairs"];

/// A request that was read back.
#[derive(Clone, Debug)]
pub struct Relayed<'a> {
    /// The request, as before it was built.
    pub request: Value<'a>,
    /// The provider that it was built for.
    pub provider: String,
    /// The policy it was read under, with the request's own headers and parameters in it.
    pub policy: Policy,
}

/// Reads a built request back. It may go to the provider's own hosts, which `policy.base_url` then replaces, or to
/// `policy.base_url` itself.
///
/// # Errors
/// `invalid_request` with the path: for another host, method or path than the operation's, for a credential anywhere in it, and
/// for what has not the form of a built request. `unsupported` for a provider or an operation that is not known.
pub fn relay<'a>(prepared: Value<'a>, policy: &Policy) -> Result<Relayed<'a>> {
    let root = Path::root();
    let Value::Object(mut prepared) = prepared else {
        return Err(misfit(&root, "a request as `build` gives it, an object", &prepared));
    };
    if let Some((key, _)) = prepared.iter().find(|(key, _)| !MEMBERS.contains(key)) {
        return Err(
            Error::new(ErrorKind::InvalidRequest, "no such member of a built request").with_path(root.key(key).to_string())
        );
    }
    for unbelieved in ["auth", "resolution", "warnings", "repairs"] {
        prepared.remove(unbelieved);
    }
    refuse_in(prepared.get("headers").unwrap_or(&Value::Null), &root.key("headers"))?;
    refuse_in(prepared.get("body").unwrap_or(&Value::Null), &root.key("body"))?;
    let row = known(text(&prepared, "provider")?, "provider")?;
    let operation = super::operation(text(&prepared, "operation")?)?;
    if text(&prepared, "method")? != operation.http {
        let message = format!("`{}` is asked with the method {}", operation.name, operation.http);
        return Err(Error::new(ErrorKind::InvalidRequest, message).with_path("method"));
    }
    let mut policy = policy.clone();
    let body = prepared.remove("body").unwrap_or_default();
    let mut fields = fields_of(operation, body)?;
    place(row, operation, text(&prepared, "url")?, &mut fields, &mut policy)?;
    headers(prepared.get("headers"), &mut policy)?;
    fields.set("operation", operation.name);
    Ok(Relayed { request: Value::Object(fields), provider: row.id.to_owned(), policy })
}

fn text<'p>(prepared: &'p Object<'_>, name: &str) -> Result<&'p str> {
    let value = prepared.get(name).unwrap_or(&Value::Null);
    value.as_str().ok_or_else(|| misfit(&Path::root().key(name), "a string", value))
}

/// The fields that stand in the body.
fn fields_of<'a>(operation: &Operation, body: Value<'a>) -> Result<Object<'a>> {
    match (operation.body, body) {
        (BodyForm::Json, Value::Object(fields)) => Ok(fields),
        (BodyForm::Json, other) => Err(misfit(&Path::root().key("body"), "an object", &other)),
        (_, Value::Null) => Ok(Object::new()),
        (_, other) => Err(misfit(&Path::root().key("body"), "null", &other)),
    }
}

/// Finds the fields that stand in the URL, and refuses a URL that leads elsewhere.
fn place(
    row: &ProviderRow,
    operation: &'static Operation,
    url: &str,
    fields: &mut Object<'_>,
    policy: &mut Policy,
) -> Result<()> {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let template = row.path(operation.name).unwrap_or(operation.path);
    let own = policy.base_url.as_deref().into_iter().chain([row.base_url]).chain(row.regional.iter().map(|(_, host)| *host));
    let mut found = None;
    for base in own {
        if let Some(values) = matched(&BaseUrl::new(base)?.join(template), place) {
            found = Some((base.to_owned(), values));
            break;
        }
    }
    let Some((base, values)) = found else {
        let message = format!("this is not where `{}` goes at `{}`", operation.name, row.id);
        return Err(Error::new(ErrorKind::InvalidRequest, message)
            .with_path("url")
            .with_hint("what is relayed goes to the provider's own hosts, or to the `base_url` of the client"));
    };
    // A region was chosen where the request was built; any other host is the client's choice.
    policy.base_url.get_or_insert(base);
    for (name, value) in values {
        fields.set(name, value);
    }
    parameters(operation, query, fields, policy)
}

/// What stands in the places of a template, decoded; `None` for a URL of another form.
fn matched(template: &str, url: &str) -> Option<Vec<(String, String)>> {
    let (wanted, given): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), url.split('/').collect());
    if wanted.len() != given.len() {
        return None;
    }
    let mut values = Vec::new();
    for (at, (wanted, given)) in wanted.iter().zip(given).enumerate() {
        match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => values.push((name.to_owned(), decoded(given).filter(|value| !value.is_empty())?)),
            // Host names are the same in either case.
            None if at < 3 && wanted.eq_ignore_ascii_case(given) => {}
            None if *wanted == given => {}
            None => return None,
        }
    }
    Some(values)
}

fn parameters(operation: &Operation, query: &str, fields: &mut Object<'_>, policy: &mut Policy) -> Result<()> {
    let path = Path::root();
    let path = path.key("url");
    let unreadable = || Error::new(ErrorKind::InvalidRequest, "the parameters of the URL cannot be read").with_path("url");
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name).ok_or_else(unreadable)?, decoded(value).ok_or_else(unreadable)?);
        refuse_pair(&path, &name, Some(&value))?;
        if !operation.query.contains(&name.as_str()) {
            policy.extra_query.insert(name, value);
            continue;
        }
        // Several of one name were an array.
        let value = typed(value);
        match fields.get_mut(&name) {
            None => fields.push(name, value),
            Some(Value::Array(items)) => items.push(value),
            Some(first) => *first = Value::Array(vec![std::mem::take(first), value]),
        }
    }
    Ok(())
}

/// A parameter has no type of its own; the check says whether it has the right one.
fn typed(text: String) -> Value<'static> {
    match text.as_str() {
        "true" => true.into(),
        "false" => false.into(),
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => number.into(),
            _ => text.into(),
        },
    }
}

fn headers(headers: Option<&Value<'_>>, policy: &mut Policy) -> Result<()> {
    let root = Path::root();
    let place = root.key("headers");
    let headers = match headers {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(headers)) => headers,
        Some(other) => return Err(misfit(&place, "an object of strings", other)),
    };
    for (name, value) in headers.iter() {
        let path = place.key(name);
        let text = value.as_str().ok_or_else(|| misfit(&path, "a string", value))?;
        refuse_pair(&path, name, Some(text))?;
        policy.extra_headers.insert(name.to_owned(), text.to_owned());
    }
    Ok(())
}

/// Text with its `%20`s read; `None` when that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut rest = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests;
