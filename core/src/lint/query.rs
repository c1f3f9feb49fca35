//! What can be asked of the linter.

use super::language::Language;
use crate::date::Date;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Fields, FromValue, Texts, Value};
use crate::suggest::{nearest, shown};

/// A text to read, and how to judge its names.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LintQuery {
    /// The text.
    pub text: String,
    /// Its language: `python`, `typescript`, `yaml`, `notebook`, … or the ending of a file. Plain text when absent.
    pub language: Option<String>,
    /// The day to judge by; the snapshot's day when absent.
    pub on: Option<Date>,
    /// Make errors of models that are retired within so many days.
    pub within_days: Option<u64>,
    /// Names in comments, docstrings and prose count too.
    pub comments: bool,
    /// An unknown model is an error.
    pub strict: bool,
    /// The severity of a finding, by rule: `error`, `warning`, `note`, or `off`, which drops it.
    pub severities: Texts,
    /// Names that are not reported; `*` at the end stands for any ending.
    pub ignore: Vec<String>,
    /// Rows that lie over the snapshot: `{"models": [{"id": …}]}`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<serde_json::Value>"))]
    pub overlay: Option<Value<'static>>,
}

const FIELDS: [&str; 9] = ["text", "language", "on", "within_days", "comments", "strict", "severities", "ignore", "overlay"];

impl<'a> FromValue<'a> for LintQuery {
    fn from_value(value: Value<'a>) -> Result<Self> {
        let fields = Fields::open(&value, "", &FIELDS)?;
        let text = fields.string("text")?.ok_or_else(|| {
            Error::new(ErrorKind::InvalidRequest, "`text` is missing").with_path("text").with_hint("it is the text to read")
        })?;
        let severities = fields.texts("severities").map_err(|_| {
            Error::new(ErrorKind::InvalidRequest, "`severities` maps a rule to `error`, `warning`, `note` or `off`")
                .with_path("severities")
        })?;
        Ok(LintQuery {
            text: text.to_owned(),
            language: fields.string("language")?.map(str::to_owned),
            on: fields.date("on")?,
            within_days: fields.unsigned("within_days")?,
            comments: fields.boolean("comments")?,
            strict: fields.boolean("strict")?,
            severities,
            ignore: fields.strings("ignore")?.unwrap_or_default().into_iter().map(str::to_owned).collect(),
            overlay: fields.value("overlay").map(|overlay| overlay.clone().into_owned()),
        })
    }
}

impl LintQuery {
    /// The language, by its name.
    ///
    /// # Errors
    /// `invalid_request` for a word that names none, with the nearest one.
    pub fn language(&self) -> Result<Language> {
        let Some(word) = &self.language else { return Ok(Language::Text) };
        Language::from_name(word).ok_or_else(|| {
            let error = Error::new(ErrorKind::InvalidRequest, format!("no language {}", shown(word))).with_path("language");
            match nearest(word, Language::all().map(Language::name)) {
                Some(near) => error.with_hint(format!("did you mean `{near}`?")),
                None => {
                    let names: Vec<&str> = Language::all().map(Language::name).collect();
                    error.with_hint(format!("there are `{}`", names.join("`, `")))
                }
            }
        })
    }
}
