//! `data/errors.toml` to `generated/errors.rs`.

use std::fmt::Write;
use std::path::Path;

use crate::packed::{self, Row};
use crate::rust::{camel, format, header, optional, string};

/// The table of errors.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// What every error says.
    pub(crate) field: Vec<Field>,
    /// Classes that are no kind, only what kinds have in common.
    base: Vec<Base>,
    pub(crate) kind: Vec<Kind>,
    pub(crate) hint: Vec<Hint>,
}

/// What to do about a provider's own codes and texts.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hint {
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) codes: Vec<String>,
    #[serde(default)]
    pub(crate) texts: Vec<String>,
    pub(crate) exhausted: Option<String>,
    pub(crate) hint: String,
}

/// A field of every error.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// Its name in Node, where that is not the same in camel case.
    pub(crate) node: Option<String>,
    pub(crate) doc: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    class: String,
    base: String,
    doc: String,
}

/// A class of errors in a host language.
#[derive(Clone, Copy)]
pub(crate) struct Class<'t> {
    pub(crate) name: &'t str,
    pub(crate) base: &'t str,
    pub(crate) doc: &'t str,
    pub(crate) kind: Option<&'t str>,
}

impl Table {
    /// The names of the kinds.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kind.iter().map(|kind| kind.name.as_str())
    }

    /// Every class but the first base, each after the one that it extends.
    pub(crate) fn classes(&self) -> Vec<Class<'_>> {
        let bases = self.base.iter().map(|row| Class { name: &row.class, base: &row.base, doc: &row.doc, kind: None });
        let kinds = self.kind.iter().map(|row| Class { name: &row.class, base: &row.base, doc: &row.doc, kind: Some(&row.name) });
        bases.chain(kinds).collect()
    }
}

/// One kind of error.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) base: String,
    pub(crate) retry: String,
    pub(crate) doc: String,
    #[serde(default)]
    pub(crate) status: Vec<u16>,
    pub(crate) hint: Option<String>,
}

/// The table of errors, from its file.
pub(crate) fn table(data: &Path) -> Result<Table, String> {
    let table: Table = crate::read(&data.join("errors.toml"))?;
    for kind in &table.kind {
        if !["never", "later", "now"].contains(&kind.retry.as_str()) {
            return Err(format!("errors.toml: `{}` has `retry = \"{}\"`; it is never, later or now", kind.name, kind.retry));
        }
    }
    for hint in &table.hint {
        if hint.kind.as_ref().is_some_and(|kind| !table.kind.iter().any(|row| row.name == *kind)) {
            return Err(format!(
                "errors.toml: a hint is of the kind `{}`, which there is not",
                hint.kind.as_deref().unwrap_or("")
            ));
        }
        if hint.codes.is_empty() && hint.texts.is_empty() && hint.exhausted.is_none() {
            return Err(format!("errors.toml: nothing leads to the hint `{}`", hint.hint));
        }
    }
    let mut known = vec!["TramontaneError"];
    for class in table.classes() {
        if !known.contains(&class.base) {
            return Err(format!("errors.toml: `{}` extends `{}`, which does not stand above it", class.name, class.base));
        }
        known.push(class.name);
    }
    Ok(table)
}

/// A method for each column of the table: a program holds those that it asks for.
fn columns(out: &mut String, kinds: &[Kind]) {
    let retryable: Vec<String> = kinds.iter().filter(|kind| kind.retry != "never").map(variant).collect();
    let retryable = format!("matches!(self, {})", retryable.join(" | "));
    method(out, "Whether the same request may succeed later.", "is_retryable", "bool", &retryable);
    let arms = |value: fn(&Kind) -> Option<String>, otherwise: &str| {
        let arms = kinds.iter().filter_map(|kind| Some(format!("{} => {},", variant(kind), value(kind)?)));
        format!("match self {{ {} {otherwise} }}", arms.collect::<String>())
    };
    let text = "&'static str";
    method(out, "The kind's name, as data.", "name", text, &arms(|kind| Some(string(&kind.name)), ""));
    method(out, "The name of its class in Python and Node.", "class", text, &arms(|kind| Some(string(&kind.class)), ""));
    let statuses = |kind: &Kind| (!kind.status.is_empty()).then(|| format!("&{:?}", kind.status));
    method(out, "The HTTP statuses that mean it.", "statuses", "&'static [u16]", &arms(statuses, "_ => &[],"));
    let hint = |kind: &Kind| kind.hint.as_deref().map(|hint| optional(Some(hint)));
    method(out, "What to do.", "hint", "Option<&'static str>", &arms(hint, "_ => None,"));
}

fn variant(kind: &Kind) -> String {
    format!("ErrorKind::{}", camel(&kind.name))
}

fn method(out: &mut String, doc: &str, name: &str, ty: &str, body: &str) {
    let _ = write!(out, "\n/// {doc}\npub const fn {name}(self) -> {ty} {{\n{body}\n}}\n");
}

/// The text of `generated/errors.rs`.
pub(crate) fn source(data: &Path) -> Result<String, String> {
    let kinds = table(data)?.kind;
    let mut out = header("data/errors.toml");
    out += "//! The table of errors.\n\nuse crate::error::HintRow;\nuse crate::packed::Table;\n\n";
    out += "/// What kind of error it is; the same names in every language.\n";
    out += "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]\n#[non_exhaustive]\npub enum ErrorKind {\n";
    for kind in &kinds {
        let default = if kind.name == "internal" { "#[default]\n" } else { "" };
        let _ = write!(out, "/// {}\n{default}{},\n", kind.doc, camel(&kind.name));
    }
    out += "}\n";
    out += "\nimpl ErrorKind {\n/// Every kind, in the order of the table.\npub const ALL: &'static [ErrorKind] = &[";
    for kind in &kinds {
        let _ = write!(out, "ErrorKind::{},", camel(&kind.name));
    }
    out += "];\n";
    columns(&mut out, &kinds);
    out += "}\n";
    out += &packed::declare(
        "HINTS",
        "What to do about a provider's own codes and texts; the first row that fits counts.",
        "HintRow",
        "hints.tsv",
    );
    format(&out)
}

/// What to do about codes and texts, `generated/hints.tsv`.
pub(crate) fn hints(data: &Path) -> Result<String, String> {
    packed::table(table(data)?.hint.iter().map(|row| {
        let row_of = Row::default().optional(row.kind.as_ref()).words(&row.codes).words(&row.texts);
        row_of.optional(row.exhausted.as_ref()).text(&row.hint)
    }))
}
