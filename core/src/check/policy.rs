//! A policy read out of data, strictly: an unknown name or a wrong type is an error with its path.

use super::report::{Checks, Policy};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Fields, Object, Value};
use crate::suggest::{nearest, shown};

const FIELDS: [&str; 11] = [
    "checks",
    "severities",
    "strict",
    "pin",
    "repair",
    "on",
    "extra_body",
    "extra_headers",
    "extra_query",
    "base_url",
    "overlay",
];

impl Policy {
    /// Reads a policy that stands at `path`. `also` are names that are read elsewhere, and may be meant by a misspelt one.
    ///
    /// # Errors
    /// `invalid_request` with the path, for a name that does not exist and for a value that does not fit.
    #[inline(never)]
    pub fn read(value: &Value<'_>, path: &str, also: &[&str]) -> Result<Policy> {
        let fields = Fields::open(value, path, &[&FIELDS, also].concat())?;
        let owned = |key: &str| fields.value(key).map(|value| value.clone().into_owned());
        let mut policy = Policy::default();
        policy.judge_by(&fields)?;
        policy.repair = fields.strings("repair")?.unwrap_or_default().into_iter().map(str::to_owned).collect();
        policy.extra_body = owned("extra_body");
        policy.extra_headers = fields.texts("extra_headers")?;
        policy.extra_query = fields.texts("extra_query")?;
        policy.base_url = fields.string("base_url")?.map(str::to_owned);
        policy.overlay = owned("overlay");
        Ok(policy)
    }

    /// Reads what requests are judged by.
    fn judge_by(&mut self, fields: &Fields<'_>) -> Result<()> {
        self.checks = checks(fields)?;
        self.severities = fields.texts("severities")?;
        self.strict = fields.boolean("strict")?;
        self.pin = fields.boolean("pin")?;
        self.on = fields.date("on")?;
        Ok(())
    }
}

/// [`Policy::read`] for a chat that is judged by the snapshot as it stands.
pub(crate) fn read_for_chat(value: &Value<'_>) -> Result<Policy> {
    // Most callers have no wishes, and need not wait for what reads them.
    if value.as_object().is_some_and(Object::is_empty) { Ok(Policy::default()) } else { wishes_for_chat(value) }
}

#[inline(never)]
fn wishes_for_chat(value: &Value<'_>) -> Result<Policy> {
    let mut policy = Policy::default();
    policy.judge_by(&Fields::open(value, "policy", &["checks", "severities", "strict", "pin", "on"])?)?;
    policy.validate_severities()?;
    Ok(policy)
}

fn checks(fields: &Fields<'_>) -> Result<Checks> {
    match fields.string("checks")? {
        None | Some("error") => Ok(Checks::Error),
        Some("warn") => Ok(Checks::Warn),
        Some("off") => Ok(Checks::Off),
        Some(word) => Err(unknown_checks(word, fields)),
    }
}

#[cold]
#[inline(never)]
fn unknown_checks(word: &str, fields: &Fields<'_>) -> Error {
    let path = &fields.at("checks");
    let (kind, message) = (ErrorKind::InvalidRequest, format_args!("`{path}` is {}", shown(word)));
    match nearest(word, ["error", "warn", "off"].iter().copied()) {
        Some(near) => Error::at(kind, path, message, format_args!("did you mean `{near}`?")),
        None => Error::at(kind, path, message, format_args!("it can be `error`, `warn` or `off`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn policy(text: &str) -> Result<Policy> {
        Policy::read(&json::parse(text.as_bytes()).unwrap(), "policy", &[])
    }

    #[test]
    fn every_field_is_read() {
        let text = r#"{"checks": "warn", "severities": {"b": "off", "a": "note"}, "strict": true, "pin": true, "repair": ["x"],
            "on": "2026-11-21", "extra_body": {"a": 1}, "extra_headers": {"h": "1"}, "extra_query": {"q": "2"},
            "base_url": "u", "overlay": {}}"#;
        // The derived reader, which the JSON Schema describes, reads the same.
        let derived: Policy = json::from_value(&json::parse(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(format!("{:?}", policy(text).unwrap()), format!("{derived:?}"));
        assert!(FIELDS.iter().all(|field| text.contains(&format!("\"{field}\""))), "a field is missing above");
    }

    #[test]
    fn null_is_absent() {
        assert_eq!(format!("{:?}", policy("null").unwrap()), format!("{:?}", Policy::default()));
        assert_eq!(format!("{:?}", policy(r#"{"on": null, "checks": null}"#).unwrap()), format!("{:?}", Policy::default()));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (text, path, message) in [
            (r#"{"chekcs": "off"}"#, "policy.chekcs", "unknown field `chekcs`"),
            (r#"{"checks": "warning"}"#, "policy.checks", "`policy.checks` is `warning`"),
            (r#"{"strict": 1}"#, "policy.strict", "`policy.strict` is an integer, not a boolean"),
            (
                r#"{"extra_headers": {"a": 1}}"#,
                "policy.extra_headers",
                "`policy.extra_headers` is an object, not an object of strings",
            ),
            (r#"{"on": "tomorrow"}"#, "policy.on", "`tomorrow` is not a date"),
            ("[]", "policy", "`policy` is an array, not an object"),
        ] {
            let error = policy(text).unwrap_err();
            assert_eq!(error.path.as_deref(), Some(path), "{text}");
            assert!(error.message().starts_with(message), "{text}: {}", error.message());
        }
    }
}
