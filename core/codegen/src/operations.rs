//! The form of `data/operations.toml`, and the table of operations: `generated/operations.tsv`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::packed::{self, Row};
use crate::rust::{format, header};

/// The whole file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) resource: Vec<Resource>,
    pub(crate) operation: Vec<Operation>,
}

/// A namespace of the clients.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resource {
    pub(crate) name: String,
    pub(crate) doc: String,
    #[serde(default)]
    pub(crate) by_hand: Vec<String>,
}

/// One thing that a client can ask.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) resource: String,
    pub(crate) method: String,
    pub(crate) http: String,
    pub(crate) path: String,
    pub(crate) request: Option<String>,
    #[serde(default)]
    pub(crate) query: Vec<String>,
    pub(crate) body: String,
    pub(crate) answer: String,
    pub(crate) proof: Option<String>,
    pub(crate) stream: Option<String>,
    pub(crate) page: Option<String>,
    #[serde(default)]
    pub(crate) by_hand: Vec<String>,
    pub(crate) telemetry: Option<String>,
    pub(crate) vectors: Option<String>,
    pub(crate) doc: String,
}

/// The forms of bodies: the variants of `BodyForm`.
const BODIES: [&str; 4] = ["none", "json", "form", "any"];
/// The kinds of streams: the variants of `StreamKind`.
const STREAMS: [&str; 4] = ["chat", "conversation", "transcription", "speech"];
/// How pages follow one another.
const PAGES: [&str; 1] = ["page"];
/// The methods of HTTP; `any` where the request says it.
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "any"];

impl Operation {
    /// The name of its request's type.
    pub(crate) fn request(&self) -> Option<&str> {
        self.request.as_deref().map(last)
    }

    /// The name of its answer's type; `None` when the answer is empty, or a file.
    pub(crate) fn answer(&self) -> Option<&str> {
        Some(last(&self.answer)).filter(|answer| *answer != "none" && !self.is_file())
    }

    /// Whether its answer is a file.
    pub(crate) fn is_file(&self) -> bool {
        self.answer == "bytes"
    }

    /// Whether a host's method is written by hand.
    pub(crate) fn is_by_hand(&self, host: &str) -> bool {
        self.by_hand.iter().any(|by_hand| by_hand == host)
    }
}

impl Resource {
    /// The name of its class.
    pub(crate) fn class(&self) -> String {
        self.name.split('.').map(crate::rust::camel).collect()
    }

    /// The name of its accessor: the last word of its own.
    pub(crate) fn accessor(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }
}

impl Table {
    /// Reads the table and holds its rows to what must be true of them.
    pub(crate) fn read(data: &Path) -> Result<Table, String> {
        let table: Table = crate::read(&data.join("operations.toml"))?;
        table.verify().map_err(|fault| format!("operations.toml: {fault}"))?;
        Ok(table)
    }

    /// The resources directly below one; below the client when it is `None`.
    pub(crate) fn below<'t>(&'t self, parent: Option<&'t Resource>) -> impl Iterator<Item = &'t Resource> {
        let parent = parent.map(|parent| parent.name.as_str());
        self.resource.iter().filter(move |resource| resource.name.rsplit_once('.').map(|(parent, _)| parent) == parent)
    }

    /// The operations of a resource.
    pub(crate) fn of<'t>(&'t self, resource: &'t Resource) -> impl Iterator<Item = &'t Operation> {
        self.operation.iter().filter(|operation| operation.resource == resource.name)
    }

    fn verify(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for resource in &self.resource {
            let parent = resource.name.rsplit_once('.').map(|(parent, _)| parent);
            if parent.is_some_and(|parent| !self.resource.iter().any(|resource| resource.name == parent)) {
                return Err(format!("the resource `{}` has no parent", resource.name));
            }
        }
        for row in &self.operation {
            let name = &row.name;
            if !seen.insert(name.clone()) || !seen.insert(format!("{}.{}()", row.resource, row.method)) {
                return Err(format!("`{name}` stands twice"));
            }
            // An operation of no resource has its method on the client itself, written by hand.
            if !row.resource.is_empty() && !self.resource.iter().any(|resource| resource.name == row.resource) {
                return Err(format!("`{name}` has no such resource: `{}`", row.resource));
            }
            let known = METHODS.contains(&row.http.as_str())
                && BODIES.contains(&row.body.as_str())
                && row.stream.iter().all(|kind| STREAMS.contains(&kind.as_str()))
                && row.page.iter().all(|page| PAGES.contains(&page.as_str()));
            if !known {
                return Err(format!("`{name}` has a method, body, stream or page that is not foreseen"));
            }
            if !row.path.starts_with('/') || row.path.ends_with('/') {
                return Err(format!("the path of `{name}` must begin and may not end with a slash"));
            }
            if row.request.is_none() && (row.path.contains('{') || !row.query.is_empty()) {
                return Err(format!("`{name}` has fields in its URL and no request"));
            }
        }
        Ok(())
    }
}

/// `ChatRequest` of `chat::ChatRequest`.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or_default()
}

/// What an answer must have: a word in angle brackets, or a member of it.
fn proof(row: &Operation) -> &str {
    match row.proof.as_deref() {
        _ if row.is_file() => "<file>",
        _ if row.answer().is_none() => "<empty>",
        Some("any") => "<anything>",
        Some(member) => member,
        None => "",
    }
}

/// The text of `generated/operations.rs`.
pub(crate) fn source() -> Result<String, String> {
    let mut out = header("core/data/operations.toml");
    out += "//! The operations, in the order of the data.\n\nuse crate::operation::Operation;\nuse crate::packed::Table;\n\n";
    out += &packed::declare("OPERATIONS", "Every operation.", "Operation", "operations.tsv");
    format(&out)
}

/// The table itself, `generated/operations.tsv`.
pub(crate) fn table(data: &Path) -> Result<String, String> {
    let table = Table::read(data)?;
    packed::table(table.operation.iter().map(|row| {
        Row::default()
            .text(&row.name)
            .text(&row.resource)
            .text(&row.method)
            .text(&row.http)
            .text(&row.path)
            .text(row.request().unwrap_or_default())
            .words(&row.query)
            .text(&row.body)
            .text(row.answer().unwrap_or_default())
            .text(proof(row))
            .optional(row.stream.as_ref())
            .text(row.telemetry.as_deref().unwrap_or(row.name.trim_end_matches("_stream")))
            .optional(row.vectors.as_ref())
            .text(&row.doc)
    }))
}
