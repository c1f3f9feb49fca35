//! One finding, and where it stands.

use crate::date::Date;
use crate::finding::Severity;

/// A model name that something is wrong with.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LintFinding {
    /// The rule's name: `retired_model`, `deprecated_model`, `deprecated_alias`, `floating_alias`, `documented_name` or
    /// `unknown_model`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The name, as it stands in the text, with its provider when one stands there.
    pub name: String,
    /// Where it begins, in bytes of UTF-8.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column of the first character, from 1.
    pub column: usize,
    /// The column behind the last character.
    pub end_column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// What to write instead of the name; `null` where no name is certain, and where another name would change what the
    /// program does: in a key, a case, a comparison.
    pub fix: Option<String>,
    /// The official id of the model; `null` when unknown.
    pub id: Option<String>,
    /// The day on which the model is retired.
    pub retires_on: Option<Date>,
}

/// Counts lines and columns from the beginning of a text to its end.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    start: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t [u8]) -> Lines<'t> {
        // A byte order mark is no character of the first line.
        let start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Lines { text, at: start, start, line: 1 }
    }

    /// Line and column of a place behind the last one that was asked for.
    pub(super) fn locate(&mut self, place: usize) -> (usize, usize) {
        let (from, to) = (self.at.min(place), place.min(self.text.len()));
        for found in memchr::memchr_iter(b'\n', &self.text[from..to]) {
            self.line += 1;
            self.start = from + found + 1;
        }
        self.at = to;
        // Bytes that continue a character count nothing.
        let characters = self.text[self.start.min(to)..to].iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        (self.line, characters + 1)
    }
}
