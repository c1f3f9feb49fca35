//! A strict reader of one object: refuses unknown keys, names the path of what does not fit.

use super::{Object, Path, Texts, Value};
use crate::date::{Date, no_date};
use crate::error::{Error, ErrorKind, Result};
use crate::suggest::{one_of, shown};

/// An object whose keys are known. Absent and `null` are the same.
#[derive(Debug)]
pub struct Fields<'v> {
    object: Option<&'v Object<'v>>,
    path: &'v str,
}

impl<'v> Fields<'v> {
    /// Opens an object that stands at `path`; `null` is an empty one.
    ///
    /// # Errors
    /// `invalid_request` for anything but an object, and for a key that is not among `known`.
    pub fn open(value: &'v Value<'_>, path: &'v str, known: &[&str]) -> Result<Fields<'v>> {
        if value.as_object().is_none() && !value.is_null() {
            return Err(misfit(path, value, "an object"));
        }
        let fields = Fields { object: value.as_object(), path };
        match fields.object.and_then(|object| object.iter().find(|(key, _)| !known.contains(key))) {
            Some((key, _)) => Err(fields.unknown(key, known)),
            None => Ok(fields),
        }
    }

    #[cold]
    #[inline(never)]
    fn unknown(&self, key: &str, known: &[&str]) -> Error {
        let message = format_args!("unknown field {}", shown(key));
        Error::at(ErrorKind::InvalidRequest, &self.at(key), message, format_args!("{}", one_of(key, known)))
    }

    /// The path of a key.
    pub fn at(&self, key: &str) -> String {
        // A key of a stranger's own making is quoted, so that a path stays one word.
        let key = Path::root().key(key).to_string();
        let dot = if self.path.is_empty() || key.starts_with('[') { "" } else { "." };
        format!("{}{dot}{key}", self.path)
    }

    /// A value as it stands; `None` when it is absent or `null`.
    pub fn value(&self, key: &str) -> Option<&'v Value<'v>> {
        self.object?.get(key).filter(|value| !value.is_null())
    }

    /// A string.
    ///
    /// # Errors
    /// `invalid_request` with the path for anything else; so for all that follow.
    pub fn string(&self, key: &str) -> Result<Option<&'v str>> {
        self.read(key, "a string", Value::as_str)
    }

    /// A boolean; `false` when it is absent.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn boolean(&self, key: &str) -> Result<bool> {
        Ok(self.read(key, "a boolean", Value::as_bool)?.unwrap_or_default())
    }

    /// A whole number from zero up.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn unsigned(&self, key: &str) -> Result<Option<u64>> {
        self.read(key, "a whole number from zero up", Value::as_u64)
    }

    /// A finite number.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn number(&self, key: &str) -> Result<Option<f64>> {
        self.read(key, "a finite number", |value| value.as_f64().filter(|number| number.is_finite()))
    }

    /// A day.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn date(&self, key: &str) -> Result<Option<Date>> {
        let text = self.string(key)?;
        text.map(|text| Date::read(text).ok_or_else(|| self.no_date(key, text))).transpose()
    }

    /// A list of strings.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn strings(&self, key: &str) -> Result<Option<Vec<&'v str>>> {
        self.read(key, "a list of strings", |value| value.as_array()?.iter().map(Value::as_str).collect())
    }

    /// An object of strings; empty when it is absent.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn texts(&self, key: &str) -> Result<Texts> {
        let mut texts = Texts::new();
        let Some(value) = self.value(key) else { return Ok(texts) };
        let fitting = value.as_object().filter(|object| object.iter().all(|(_, text)| text.as_str().is_some()));
        let Some(object) = fitting else { return Err(self.misfit(key, value, "an object of strings")) };
        for (name, text) in object.iter() {
            texts.insert(name.to_owned(), text.as_str().unwrap_or_default().to_owned());
        }
        Ok(texts)
    }

    fn read<T>(&self, key: &str, what: &str, read: impl Fn(&'v Value<'v>) -> Option<T>) -> Result<Option<T>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.misfit(key, value, what))
    }

    #[cold]
    #[inline(never)]
    fn misfit(&self, key: &str, found: &Value<'_>, what: &str) -> Error {
        misfit(&self.at(key), found, what)
    }

    #[cold]
    #[inline(never)]
    fn no_date(&self, key: &str, text: &str) -> Error {
        no_date(text).with_path(self.at(key))
    }
}

#[cold]
#[inline(never)]
fn misfit(path: &str, found: &Value<'_>, what: &str) -> Error {
    let (quote, subject) = if path.is_empty() { ("", "the parameter") } else { ("`", path) };
    let message = format_args!("{quote}{subject}{quote} is {}, not {what}", found.kind());
    Error::at(ErrorKind::InvalidRequest, path, message, format_args!(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> String {
        let value = crate::json::parse(text.as_bytes()).unwrap();
        Fields::open(&value, "overlay", &["context", "name"]).unwrap_err().to_string()
    }

    #[test]
    fn words_for_objects_that_do_not_fit() {
        insta::assert_snapshot!(open(r#"{"contxt": 1}"#), @"unknown field `contxt` (at `overlay.contxt`); did you mean `context`?");
        insta::assert_snapshot!(open(r#"{"a b\u001b": 1}"#), @r#"unknown field `a b\u{1b}` (at `overlay["a b\u{1b}"]`); there are `context`, `name`"#);
        insta::assert_snapshot!(open("7"), @"`overlay` is an integer, not an object (at `overlay`)");
    }

    #[test]
    fn words_for_values_that_do_not_fit() {
        let value = crate::json::parse(br#"{"name": 7, "context": -1}"#).unwrap();
        let fields = Fields::open(&value, "", &["context", "name"]).unwrap();
        insta::assert_snapshot!(fields.string("name").unwrap_err(), @"`name` is an integer, not a string (at `name`)");
        insta::assert_snapshot!(fields.unsigned("context").unwrap_err(), @"`context` is an integer, not a whole number from zero up (at `context`)");
        insta::assert_snapshot!(fields.strings("context").unwrap_err(), @"`context` is an integer, not a list of strings (at `context`)");
        assert!(!fields.boolean("absent").unwrap());
    }
}
