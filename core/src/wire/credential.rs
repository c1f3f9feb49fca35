//! Where a credential may not stand: in anything that is checked, built, or handed on.
//!
//! A built request can be printed, logged and sent to a browser, and the edge has no key at all. So whatever comes through the
//! door is looked through for one, by its name (a header, a field, a parameter of the query) and by its form (`key_prefixes` of
//! `data/providers.toml`). The error names the place and never shows the value. May import `json`, `error` and the generated
//! table of providers.

use crate::error::{Error, ErrorKind, Result};
use crate::generated::providers::KEY_PREFIXES;
use crate::json::{Path, Value};

/// The names under which credentials travel, without the signs between their words.
const NAMES: [&str; 13] = [
    "authorization",
    "proxyauthorization",
    "cookie",
    "apikey",
    "xapikey",
    "xgoogapikey",
    "xauthtoken",
    "ocpapimsubscriptionkey",
    "subscriptionkey",
    "accesstoken",
    "authtoken",
    "bearertoken",
    "key",
];

/// What the caller's users wrote, and schemas: a prompt may speak of keys, and a tool may have an argument of that name.
const FREE: [&str; 9] =
    ["messages", "tools", "response_format", "prediction", "prompt", "suffix", "input", "inputs", "instructions"];

/// What stands behind a prefix at least, for a text to be a key and not a word.
const SHORTEST: usize = 12;

/// Refuses a header, a parameter or a field whose name or value is that of a credential.
///
/// # Errors
/// `invalid_request` with the path.
pub(crate) fn refuse_pair(path: &Path<'_>, name: &str, value: Option<&str>) -> Result<()> {
    if is_name(name) || value.is_some_and(|value| has_scheme(value) || has_key_form(value) || is_bare_key(value)) {
        return Err(refused(path));
    }
    Ok(())
}

/// Looks through what came through the door; `FREE` text is let be.
///
/// # Errors
/// `invalid_request` with the path of the first credential.
pub(crate) fn refuse_in(value: &Value<'_>, path: &Path<'_>) -> Result<()> {
    match value {
        Value::String(text) if has_key_form(text) => Err(refused(path)),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(at, item)| refuse_in(item, &path.index(at))),
        Value::Object(object) => object.iter().filter(|(key, _)| !FREE.contains(key)).try_for_each(|(key, value)| {
            let path = path.key(key);
            // `key` alone is a word like any other; in headers and in the query it is looked at by `refuse_pair`.
            if key != "key" && matches!(value, Value::String(_)) && is_name(key) {
                return Err(refused(&path));
            }
            refuse_in(value, &path)
        }),
        _ => Ok(()),
    }
}

/// [`refuse_in`] for the parameter of an operation: paths of the request and of the policy begin below these.
///
/// # Errors
/// As [`refuse_in`].
pub(crate) fn refuse_in_parameter(parameter: &Value<'_>) -> Result<()> {
    let root = Path::root();
    for (name, value) in parameter.as_object().into_iter().flat_map(|object| object.iter()) {
        match name {
            "request" | "policy" => refuse_in(value, &root)?,
            // What a server answered is text that nobody has read yet.
            "body" => {}
            _ => refuse_in(value, &root.key(name))?,
        }
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    let letters = || name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase());
    NAMES.iter().any(|known| letters().eq(known.bytes()))
}

fn has_scheme(value: &str) -> bool {
    let scheme = value.trim_start().split(' ').next().unwrap_or_default();
    ["bearer", "basic"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Whether a text is, as a whole, a key of a provider whose keys begin in a known way.
fn has_key_form(text: &str) -> bool {
    text.len() >= SHORTEST && has_prefix_of_key(text.trim_ascii())
}

fn has_prefix_of_key(text: &str) -> bool {
    KEY_PREFIXES.iter().any(|prefix| {
        text.as_bytes().strip_prefix(prefix.as_bytes()).is_some_and(|rest| {
            rest.len() >= SHORTEST
                && rest.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                && rest.iter().any(u8::is_ascii_digit)
        })
    })
}

/// Mistral's keys have no prefix: 32 letters and digits, in both cases. An id in hexadecimal digits has one case only.
fn is_bare_key(text: &str) -> bool {
    let text = text.trim().as_bytes();
    let any = |is: fn(&u8) -> bool| text.iter().any(is);
    text.len() == 32
        && text.iter().all(u8::is_ascii_alphanumeric)
        && any(u8::is_ascii_lowercase)
        && any(u8::is_ascii_uppercase)
        && any(u8::is_ascii_digit)
}

#[cold]
#[inline(never)]
fn refused(path: &Path<'_>) -> Error {
    let hint = format_args!("whoever sends the request adds the key, as `auth` says: give it to the client instead");
    Error::at(ErrorKind::InvalidRequest, &path.to_string(), format_args!("a credential may not stand in a request"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn a_name_is_one_in_every_spelling() {
        assert!(
            is_name("X-Goog_API-Key")
                && !is_name("keys")
                && !is_name("")
                && NAMES.iter().all(|name| is_name(&name.to_uppercase()))
                && !is_name(&"key".repeat(40))
        );
    }

    const SECRET: &str = "sk-proj-0123456789abcdefghij";

    fn path_of(text: &str) -> Option<String> {
        let error = refuse_in(&json::parse(text.as_bytes()).unwrap(), &Path::root()).err()?;
        assert!(!error.to_json().contains("0123456789abcdef"), "{error}");
        error.path.clone()
    }

    #[test]
    fn credentials_are_found_by_name_and_by_form() {
        assert_eq!(
            path_of(&format!(r#"{{"request":{{"metadata":{{"a":["{SECRET}"]}}}}}}"#)).as_deref(),
            Some("request.metadata.a[0]")
        );
        assert_eq!(path_of(r#"{"request":{"api_key":"hunter2"}}"#).as_deref(), Some("request.api_key"));
        assert_eq!(path_of(r#"{"headers":{"X-Goog-Api-Key":"hunter2"}}"#).as_deref(), Some(r#"headers.X-Goog-Api-Key"#));
        assert_eq!(path_of(&format!(r#"{{"name":" {SECRET} "}}"#)).as_deref(), Some("name"));
        assert_eq!(path_of(r#"{"name":"AIzaSyA0123456789abcdefghijklmnopqrstuv"}"#).as_deref(), Some("name"));
    }

    #[test]
    fn what_only_speaks_of_keys_is_let_be() {
        for text in [
            r#"{"messages":[{"role":"user","content":"is sk-proj-0123456789abcdefghij mine?"}]}"#,
            &format!(r#"{{"messages":[{{"role":"user","content":"{SECRET}"}}]}}"#),
            r#"{"tools":[{"function":{"parameters":{"properties":{"api_key":{"type":"string"}}}}}]}"#,
            r#"{"metadata":{"key":"blue"},"user":"sk-ate-board"}"#,
            r#"{"authorization":null}"#,
        ] {
            assert_eq!(path_of(text), None, "{text}");
        }
    }

    #[test]
    fn values_of_headers_are_looked_at() {
        let root = Path::root();
        let refuses = |name: &str, value: &str| refuse_pair(&root, name, Some(value)).is_err();
        assert!(
            refuses("x-forward", " Bearer hunter2")
                && refuses("x-a", SECRET)
                && refuses("x-a", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF")
        );
        assert!(!refuses("x-request-id", "0123456789abcdef0123456789abcdef") && !refuses("x-a", "1"));
        assert!(refuse_pair(&root, "API_KEY", None).is_err());
    }
}
