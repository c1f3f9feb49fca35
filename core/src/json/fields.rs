//! A strict reader of one object: refuses unknown keys, names the path of what does not fit.

use super::{Object, Path, Texts, Value};
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::suggest::{nearest, shown};

/// An object whose keys are known. Absent and `null` are the same.
#[derive(Debug)]
pub struct Fields<'v> {
    object: Option<&'v Object<'v>>,
    path: String,
}

impl<'v> Fields<'v> {
    /// Opens an object that stands at `path`; `null` is an empty one.
    ///
    /// # Errors
    /// `invalid_request` for anything but an object, and for a key that is not among `known`.
    pub fn open(value: &'v Value<'_>, path: &str, known: &[&str]) -> Result<Fields<'v>> {
        let fields = Fields { object: value.as_object(), path: path.to_owned() };
        if fields.object.is_none() && !value.is_null() {
            return Err(misfit(path, &format!("is {}, not an object", value.kind())));
        }
        let unknown = fields.object.into_iter().flat_map(Object::iter).find(|(key, _)| !known.contains(key));
        let Some((key, _)) = unknown else { return Ok(fields) };
        let error = Error::new(ErrorKind::InvalidRequest, format!("unknown field {}", shown(key))).with_path(fields.at(key));
        Err(match nearest(key, known.iter().copied()) {
            Some(near) => error.with_hint(format!("did you mean `{near}`?")),
            None => error.with_hint(format!("there are `{}`", known.join("`, `"))),
        })
    }

    /// The path of a key.
    pub fn at(&self, key: &str) -> String {
        // A key of a stranger's own making is quoted, so that a path stays one word.
        let key = match Path::root().key(key).to_string() {
            quoted if quoted.starts_with('[') => return format!("{}{quoted}", self.path),
            plain => plain,
        };
        if self.path.is_empty() { key } else { format!("{}.{key}", self.path) }
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

    /// A boolean.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn boolean(&self, key: &str) -> Result<Option<bool>> {
        self.read(key, "a boolean", Value::as_bool)
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
        text.map(|text| text.parse().map_err(|e: Error| e.with_path(self.at(key)))).transpose()
    }

    /// A list of strings.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn strings(&self, key: &str) -> Result<Option<Vec<&'v str>>> {
        self.read(key, "a list of strings", |value| value.as_array()?.iter().map(Value::as_str).collect())
    }

    /// An object of strings.
    ///
    /// # Errors
    /// As for [`Fields::string`].
    pub fn texts(&self, key: &str) -> Result<Option<Texts>> {
        self.read(key, "an object of strings", |value| {
            let mut texts = Texts::new();
            for (name, text) in value.as_object()?.iter() {
                texts.insert(name.to_owned(), text.as_str()?.to_owned());
            }
            Some(texts)
        })
    }

    fn read<T>(&self, key: &str, what: &str, read: impl Fn(&'v Value<'v>) -> Option<T>) -> Result<Option<T>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| misfit(&self.at(key), &format!("is {}, not {what}", value.kind())))
    }
}

fn misfit(path: &str, what: &str) -> Error {
    let subject = if path.is_empty() { "the parameter".to_owned() } else { format!("`{path}`") };
    Error::new(ErrorKind::InvalidRequest, format!("{subject} {what}")).with_path(path)
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
        assert_eq!(fields.boolean("absent").unwrap(), None);
    }
}
