//! From a request to the HTTP request: checked, resolved, complete but for the key.

use std::borrow::Cow;
use std::fmt;

use super::credential::{refuse_in, refuse_pair};
use super::form;
use super::http::{BaseUrl, add_parameter};
use super::parsed::misfit;
use super::{AuthPlan, Target};
use crate::catalogue::provider::known;
use crate::catalogue::{ProviderRow, Resolution};
use crate::check::report::Checks;
use crate::check::{Estimated, Finding, Policy, Repair, Report, Severity, examine};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{FromValue, Number, Path, Texts, Value};
use crate::operation::{BodyForm, Operation};

/// A request to build.
#[derive(Clone, Debug)]
pub struct BuildRequest<'a> {
    /// The request, as for `check`.
    pub request: Value<'a>,
    /// The provider, when the model's name does not say it.
    pub provider: Option<String>,
    /// How it is judged and built.
    pub policy: Policy,
}

/// An HTTP request, complete but for the key. Can be printed, logged, stored and sent to a browser.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Prepared<'a> {
    /// The provider's id.
    pub provider: String,
    /// The operation: `chat`, `chat_stream`, `fim`, …
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The headers, in lower case; no credential among them.
    pub headers: Texts,
    /// The JSON body; `null` when there is none. That of a form is `{"form": [[name, value], …]}`, or with a file among the
    /// fields `{"multipart": [{"name", "value"}, …, {"name", "filename", "content_type", …}]}`: whoever sends it adds the
    /// boundary, and the bytes of files that stand there without `text` and `data`.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub body: Value<'a>,
    /// What the sender must add.
    pub auth: AuthPlan,
    /// What the model's name means.
    pub resolution: Option<Resolution>,
    /// Findings that did not stop it.
    pub warnings: Vec<Finding>,
    /// What repairs changed.
    pub repairs: Vec<Repair>,
}

impl Prepared<'_> {
    /// The body of a form of parts, between boundaries; `None` for any other body.
    ///
    /// # Errors
    /// `invalid_request` for a file whose `data` is no base64.
    pub fn multipart(&self, boundary: &str) -> Result<Option<Vec<form::Piece>>> {
        let is_form = Operation::named(&self.operation).is_some_and(|operation| operation.body == BodyForm::Form);
        if is_form { form::multipart(&self.body, boundary) } else { Ok(None) }
    }

    /// The body as it goes on the wire; empty when there is none, and for a form of parts, which [`Prepared::multipart`] writes.
    pub fn body_bytes(&self) -> Vec<u8> {
        let is_form = Operation::named(&self.operation).is_some_and(|operation| operation.body == BodyForm::Form);
        match form::content_type(&self.body).filter(|_| is_form) {
            _ if self.body.is_null() => Vec::new(),
            Some(form::MULTIPART) => Vec::new(),
            Some(_) => form::urlencoded(&self.body).into_bytes(),
            None => self.body.to_bytes(),
        }
    }
}

/// The HTTP request for a call, without a key.
///
/// # Errors
/// As [`prepare`].
pub fn build(request: BuildRequest<'_>) -> Result<Prepared<'_>> {
    prepare(request.request, request.provider.as_deref(), &request.policy)
}

/// [`build`], borrowing what it can: nothing of the request is copied, and [`Prepared::body_bytes`] writes it once.
///
/// # Errors
/// `invalid_request` with the report when a check refuses it, or with the path of an extra field that may not be;
/// `configuration` for a base URL that cannot be used; `unsupported` for a provider or an operation that is not known.
pub fn prepare<'a>(request: Value<'a>, provider: Option<&str>, policy: &Policy) -> Result<Prepared<'a>> {
    let operation = operation_of(&request)?;
    refuse_in(&request, &Path::root())?;
    if let Some(provider) = provider {
        known(provider, "provider")?;
    }
    policy.validate()?;
    let (mut request, report) = examine(request, None, provider, policy, Estimated::Refusals);
    if !report.ok {
        return Err(refusal(report));
    }
    let Value::Object(fields) = &mut request else {
        return Err(misfit(&Path::root(), "an object", &request));
    };
    if let Some(resolution) = report.resolution.as_ref().filter(|resolution| resolution.sent_as != resolution.requested) {
        fields.set("model", resolution.sent_as.clone());
    }
    if policy.checks != Checks::Error || !policy.severities.is_empty() {
        refuse_unwritable(&request, &Path::root())?;
    }
    let by_name = report.resolution.as_ref().map(|resolution| resolution.provider.as_str());
    let row = known(provider.or(by_name).unwrap_or(DEFAULT_PROVIDER), "provider")?;
    let target = Target::of(row, operation)?;
    let mut prepared = Prepared {
        provider: row.id.to_owned(),
        operation: operation.name.to_owned(),
        method: String::new(),
        url: String::new(),
        headers: Texts::new(),
        body: request,
        auth: auth_plan(row),
        resolution: report.resolution,
        warnings: report.findings,
        repairs: report.repairs,
    };
    write_http(&mut prepared, &target, policy)?;
    Ok(prepared)
}

/// Turns the body, which is the request yet, into the HTTP request.
fn write_http(prepared: &mut Prepared<'_>, target: &Target<'_>, policy: &Policy) -> Result<()> {
    let (row, operation) = (target.provider, target.operation);
    let base = BaseUrl::new(policy.base_url.as_deref().unwrap_or(row.base_url))?;
    let http = target.protocol.request(target, std::mem::take(&mut prepared.body))?;
    prepared.method = http.method.to_owned();
    prepared.url = base.join(&http.path);
    prepared.body = http.body;
    lay_over(&mut prepared.body, operation, policy)?;
    if let (BodyForm::Form, Value::Object(fields)) = (operation.body, &mut prepared.body) {
        prepared.body = form::body(std::mem::take(fields))?;
    }
    add_extra_query(&mut prepared.url, policy)?;
    prepared.headers = headers(row, http.accept, content_type(operation, &prepared.body), policy)?;
    Ok(())
}

/// What a body is; `None` when there is none.
fn content_type(operation: &Operation, body: &Value<'_>) -> Option<&'static str> {
    match operation.body {
        BodyForm::Form => form::content_type(body),
        _ if body.is_null() => None,
        _ => Some("application/json"),
    }
}

/// How the provider's key is added.
pub(super) fn auth_plan(row: &ProviderRow) -> AuthPlan {
    AuthPlan {
        header: row.auth.header.to_owned(),
        scheme: row.auth.scheme.to_owned(),
        env: row.env.first().copied().unwrap_or_default().to_owned(),
    }
}

/// The provider of a request that names none.
pub(crate) const DEFAULT_PROVIDER: &str = "mistral";

fn operation_of(request: &Value<'_>) -> Result<&'static Operation> {
    match request.get("operation") {
        None | Some(Value::Null | Value::String(_)) => super::operation(crate::check::operation(request)),
        Some(other) => Err(misfit(&Path::root().key("operation"), "a string", other)),
    }
}

/// The error of a request that a check refused: its first line is the first finding, the report holds all.
#[cold]
#[inline(never)]
pub(crate) fn refusal(report: Report) -> Error {
    let mut errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let first = errors.next();
    let more = match errors.count() {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    let message = first.map_or("the request was refused", |first| &first.message);
    let hint = first.and_then(|first| first.hint.as_deref()).unwrap_or_default();
    let path = first.map_or("", |first| &first.path);
    Error::at(ErrorKind::InvalidRequest, path, format_args!("{message}{more}"), format_args!("{hint}"))
        .with(|error| error.report = Some(report))
}

/// Refuses what JSON cannot express. Whoever turned the checks off wants the server's verdict on the request, not on
/// another one with `null` in the place of a NaN.
pub(super) fn refuse_unwritable(value: &Value<'_>, path: &Path<'_>) -> Result<()> {
    match value {
        Value::Object(object) => object.iter().try_for_each(|(key, value)| refuse_unwritable(value, &path.key(key))),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(at, value)| refuse_unwritable(value, &path.index(at))),
        Value::Number(Number::Float(number)) if !number.is_finite() => {
            Err(unwritable(path, format_args!("JSON has no NaN and no infinity")))
        }
        Value::Invalid(what) => Err(unwritable(path, format_args!("{what} cannot be written as JSON"))),
        _ => Ok(()),
    }
}

#[cold]
#[inline(never)]
fn unwritable(path: &Path<'_>, why: fmt::Arguments<'_>) -> Error {
    Error::at(ErrorKind::InvalidRequest, &path.to_string(), why, format_args!(""))
}

/// Lays the caller's own fields over the body, unchecked but for credentials.
fn lay_over(body: &mut Value<'_>, operation: &Operation, policy: &Policy) -> Result<()> {
    let Some(extra_body) = policy.extra_body.as_ref().filter(|extra| !extra.is_null()) else { return Ok(()) };
    let root = Path::root();
    let place = root.key("extra_body");
    let Some(extra) = extra_body.as_object() else { return Err(misfit(&place, "an object", extra_body)) };
    refuse_in(extra_body, &place)?;
    for (key, value) in extra.iter() {
        refuse_pair(&place.key(key), key, value.as_str())?;
    }
    let Some(body) = body.as_object_mut() else { return Ok(()) };
    for (key, value) in extra.iter() {
        if operation.body == BodyForm::Form {
            // Of a form, a field that is replaced stands at the end.
            body.retain(|known, _| known != key);
        }
        body.set(key.to_owned(), value.clone());
    }
    Ok(())
}

fn add_extra_query(url: &mut String, policy: &Policy) -> Result<()> {
    let root = Path::root();
    let place = root.key("extra_query");
    for (key, value) in &policy.extra_query {
        refuse_pair(&place.key(key), key, Some(value))?;
        add_parameter(url, key, value);
    }
    Ok(())
}

/// The headers: what the body and the answer are, what the provider needs, and the caller's own on top.
fn headers(row: &ProviderRow, accept: &str, content_type: Option<&str>, policy: &Policy) -> Result<Texts> {
    let root = Path::root();
    let place = root.key("extra_headers");
    let mut headers = Texts::from([("accept", accept)]);
    if let Some(content_type) = content_type {
        headers.insert("content-type".to_owned(), content_type.to_owned());
    }
    headers.extend(row.headers.iter().map(|(name, value)| ((*name).to_ascii_lowercase(), (*value).to_owned())));
    for (name, value) in &policy.extra_headers {
        let path = place.key(name);
        let refuse = |why: &str| Err(Error::new(ErrorKind::InvalidRequest, why).with_path(path.to_string()));
        refuse_pair(&path, name, Some(value))?;
        let name = name.to_ascii_lowercase();
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(is_token) {
            return refuse("the name of a header has letters, digits and `-` only");
        }
        if matches!(name.as_str(), "host" | "content-length" | "transfer-encoding" | "connection" | "upgrade" | "te" | "trailer")
        {
            return refuse("this header belongs to the connection and cannot be set");
        }
        if !value.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)) {
            return refuse("the value of a header has printable ASCII characters only");
        }
        headers.insert(name, value.trim().to_owned());
    }
    Ok(headers)
}

impl<'a> FromValue<'a> for BuildRequest<'a> {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let Value::Object(mut object) = value else {
            return Err(misfit(&Path::root(), "an object with `request`, `provider` and `policy`", &value));
        };
        let provider = match object.remove("provider") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(Cow::into_owned(name)),
            Some(other) => return Err(misfit(&Path::root().key("provider"), "a string", &other)),
        };
        if let Some((key, _)) = object.iter().find(|(key, _)| !matches!(*key, "request" | "policy")) {
            return Err(Error::new(ErrorKind::InvalidRequest, "no such parameter").with_path(Path::root().key(key).to_string()));
        }
        let (request, policy) = crate::check::report::request_and_policy(Value::Object(object))?;
        Ok(BuildRequest { request, provider, policy })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json;

    fn request() -> Value<'static> {
        json::parse(br#"{"model":"mistral-small-2603","messages":[{"role":"user","content":"hi"}]}"#).unwrap()
    }

    fn policy(text: &str) -> Policy {
        json::from_value(&json::parse(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn what_may_not_stand_in_a_request_is_named_and_not_shown() {
        let refused = |text: &str| prepare(request(), None, &policy(text)).unwrap_err().to_string();
        insta::assert_snapshot!(
            refused(r#"{"extra_headers":{"X-Api-Key":"hunter2"}}"#),
            @"a credential may not stand in a request (at `extra_headers.X-Api-Key`); whoever sends the request adds the key, as `auth` says: give it to the client instead"
        );
        insta::assert_snapshot!(refused(r#"{"extra_headers":{"x y":"1"}}"#), @r#"the name of a header has letters, digits and `-` only (at `extra_headers["x y"]`)"#);
        insta::assert_snapshot!(refused(r#"{"extra_headers":{"x-a":"1\n2"}}"#), @"the value of a header has printable ASCII characters only (at `extra_headers.x-a`)");
        insta::assert_snapshot!(refused(r#"{"extra_headers":{"Content-Length":"1"}}"#), @"this header belongs to the connection and cannot be set (at `extra_headers.Content-Length`)");
        assert!(refused(r#"{"extra_headers":{"x-forward":" Bearer hunter2"}}"#).starts_with("a credential may not"));
        for field in ["extra_headers", "extra_query", "extra_body"] {
            for name in ["Authorization", "api-key", "API_KEY", "x-goog-api-key", "access_token", "Key"] {
                let error = refused(&format!(r#"{{"{field}":{{"{name}":"hunter2"}}}}"#));
                assert!(error.contains(field) && !error.contains("hunter2"), "{error}");
            }
        }
    }

    #[test]
    fn what_is_no_json_is_refused_even_unchecked() {
        for bad in [Value::from(f64::NAN), Value::from(f64::INFINITY), Value::Invalid("a set".into())] {
            let mut request = request();
            request.as_object_mut().unwrap().set("stop", vec![Value::from("x"), bad]);
            let error = prepare(request, None, &policy(r#"{"checks":"off"}"#)).unwrap_err();
            assert_eq!(error.path.as_deref(), Some("stop[1]"), "{error}");
        }
    }

    #[test]
    fn the_callers_own_fields_come_last() {
        let policy = policy(
            r#"{"extra_body":{"model":"other","x":null},"extra_headers":{"Accept":"text/plain"},"extra_query":{"a":"b c"}}"#,
        );
        let prepared = prepare(request(), None, &policy).unwrap();
        insta::assert_snapshot!(String::from_utf8_lossy(&prepared.body_bytes()), @r#"{"model":"other","messages":[{"role":"user","content":"hi"}],"x":null}"#);
        insta::assert_snapshot!(format!("{} {:?}", prepared.url, prepared.headers), @r#"https://api.mistral.ai/v1/chat/completions?a=b%20c {"accept": "text/plain", "content-type": "application/json"}"#);
    }

    proptest! {
        #[test]
        fn no_request_makes_build_panic(request in crate::wire::mistral::any_tree(), checks in "(error|warn|off)", provider in "(|mistral|openai|x)") {
            let policy = policy(&format!(r#"{{"checks":"{checks}"}}"#));
            let provider = Some(provider.as_str()).filter(|name| !name.is_empty());
            if let Ok(prepared) = prepare(request, provider, &policy) {
                prop_assert!(prepared.body.get("operation").is_none());
                prop_assert!(json::parse(&prepared.body_bytes()).is_ok());
            }
        }
    }
}
