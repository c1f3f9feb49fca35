//! One error for everything: what happened, where, and what to do.

use std::fmt;
use std::time::Duration;

use crate::check::Report;
use crate::json::Value;
use crate::packed::{Cells, WHOLE};

pub use crate::generated::errors::ErrorKind;

/// A result with tramontane's own [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong. The same fields, under the same names, stand in Python's exceptions and Node's errors.
pub struct Error(Box<Fields>);

/// The fields of an [`Error`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Fields {
    /// Which row of the table of errors this is.
    pub kind: ErrorKind,
    /// What happened: the server's own text where there is one.
    pub message: String,
    /// Where in the request, for example `messages[3].tool_calls[0].id`.
    pub path: Option<String>,
    /// The provider's id, for example `mistral`.
    pub provider: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The provider's own code, for example `3230`.
    pub code: Option<String>,
    /// The id under which the provider knows the request.
    pub request_id: Option<String>,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether the same request may succeed later; set from the kind, lowered where the server says more.
    pub retryable: bool,
    /// What to do.
    pub hint: Option<String>,
    /// The server's answer, as it came (at most 64 KiB of it).
    pub body: Option<String>,
    /// All findings, when a check refused the request.
    pub report: Option<Report>,
    /// What had arrived when a stream failed.
    pub partial: Option<Value<'static>>,
}

impl Error {
    /// An error of a kind, with the hint and the retry class of its row.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::of(kind, message.into())
    }

    fn of(kind: ErrorKind, message: String) -> Error {
        Error(Box::new(Fields {
            kind,
            message,
            retryable: kind.is_retryable(),
            // What has a hint of its own comes from a provider, and the small part never hears one.
            hint: if WHOLE { kind.hint().map(str::to_owned) } else { None },
            ..Fields::default()
        }))
    }

    /// An error with its place and what to do about it; where one of these is empty, there is none.
    ///
    /// The words are put together here: done where errors are made, that is as much code again in each place.
    #[cold]
    #[inline(never)]
    pub(crate) fn at(kind: ErrorKind, path: &str, message: fmt::Arguments<'_>, hint: fmt::Arguments<'_>) -> Error {
        let mut error = Error::of(kind, message.to_string()).with_path(path);
        let hint = hint.to_string();
        if !hint.is_empty() {
            error.0.hint = Some(hint);
        }
        error
    }

    /// Which row of the table of errors this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the request it stands.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Error {
        let path: String = path.into();
        self.0.path = if path.is_empty() { None } else { Some(path) };
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// Sets any of the fields.
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut Fields)) -> Error {
        set(&mut self.0);
        self
    }

    /// The same error once more. A stream's, which has no report.
    pub(crate) fn again(&self) -> Error {
        Error(Box::new(Fields {
            message: self.message.clone(),
            path: self.path.clone(),
            provider: self.provider.clone(),
            code: self.code.clone(),
            request_id: self.request_id.clone(),
            hint: self.hint.clone(),
            body: self.body.clone(),
            report: None,
            partial: self.partial.clone(),
            ..**self
        }))
    }

    /// The error as data: the form in which it crosses a language border.
    pub fn to_value(&self) -> Value<'static> {
        crate::json::to_value(&Wire::from(&*self.0)).unwrap_or_default()
    }

    /// The same as JSON text.
    pub fn to_json(&self) -> String {
        let mut text = Vec::new();
        let written = crate::json::write(&mut text, &Wire::from(&*self.0));
        debug_assert!(written.is_ok());
        String::from_utf8(text).unwrap_or_default()
    }
}

impl std::ops::Deref for Error {
    type Target = Fields;
    fn deref(&self) -> &Fields {
        &self.0
    }
}

/// What to do about a provider's own codes and texts: a row of the table.
#[derive(Debug)]
pub struct HintRow {
    /// The only kind of error for which it holds.
    pub kind: Option<ErrorKind>,
    /// The provider's codes that lead to it.
    pub codes: &'static [&'static str],
    /// The parts of messages that lead to it.
    pub texts: &'static [&'static str],
    /// The header whose value of nought leads to it.
    pub exhausted: Option<&'static str>,
    /// What to do.
    pub hint: &'static str,
}

impl HintRow {
    /// Reads a line of `generated/hints.tsv`.
    pub(crate) fn read(row: &mut Cells) -> HintRow {
        let kind = row.text();
        HintRow {
            kind: ErrorKind::ALL.iter().copied().find(|known| known.name() == kind),
            codes: row.words(),
            texts: row.words(),
            exhausted: row.optional(),
            hint: row.text(),
        }
    }
}

/// `Error` as JSON; durations in seconds.
#[derive(serde::Serialize)]
struct Wire<'e> {
    kind: &'static str,
    message: &'e str,
    path: Option<&'e str>,
    provider: Option<&'e str>,
    status: Option<u16>,
    code: Option<&'e str>,
    request_id: Option<&'e str>,
    retry_after: Option<f64>,
    retryable: bool,
    hint: Option<&'e str>,
    body: Option<&'e str>,
    report: Option<&'e Report>,
    partial: Option<&'e Value<'static>>,
}

impl<'e> From<&'e Fields> for Wire<'e> {
    fn from(e: &'e Fields) -> Self {
        Wire {
            kind: e.kind.name(),
            message: &e.message,
            path: e.path.as_deref(),
            provider: e.provider.as_deref(),
            status: e.status,
            code: e.code.as_deref(),
            request_id: e.request_id.as_deref(),
            retry_after: e.retry_after.map(|wait| wait.as_secs_f64()),
            retryable: e.retryable,
            hint: e.hint.as_deref(),
            body: e.body.as_deref(),
            report: e.report.as_ref(),
            partial: e.partial.as_ref(),
        }
    }
}

/// `message (at path): hint [mistral 400 3230, request id]`
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(path) = &self.path {
            write!(f, " (at `{path}`)")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        let provider = self.provider.clone();
        let facts: Vec<String> = [
            provider,
            self.status.map(|status| status.to_string()),
            self.code.as_ref().map(|code| format!("code {code}")),
            self.request_id.as_ref().map(|id| format!("request {id}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if facts.is_empty() { Ok(()) } else { write!(f, " [{}]", facts.join(", ")) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}: {self})", self.kind.name())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_small_part_says_needs_no_hint_of_its_kind() {
        for kind in [ErrorKind::InvalidRequest, ErrorKind::Unsupported, ErrorKind::Configuration, ErrorKind::Internal] {
            assert_eq!(kind.hint(), None, "{}", kind.name());
        }
    }
}
