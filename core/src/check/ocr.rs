//! What reading a document asks for: the document's address, the pages, the annotations, a model that reads.

use std::fmt;

use super::content;
use super::fault::Fault;
use super::findings::{Draft, Findings, rule};
use super::format;
use crate::catalogue::ModelRow;
use crate::catalogue::row::Capabilities;
use crate::json::{Object, Path, Value};
use crate::suggest::shown;

/// Looks at a request to read a document. `row` is absent for a model that the catalogue does not know.
#[inline(never)]
pub(super) fn check(request: &Object<'_>, row: Option<&ModelRow>, out: &mut Findings<'_>) {
    let root = Path::root();
    if let Some(row) = row {
        model(row, out);
    }
    if let Some(document) = request.get("document") {
        let path = root.key("document");
        content::address(document, &path, out);
        file_id(document, &path, out);
    }
    if let Some(Value::String(text)) = request.get("pages") {
        pages(text, &root.key("pages"), out);
    }
    for field in ["bbox_annotation_format", "document_annotation_format"] {
        if let Some(Value::Object(format)) = request.get(field) {
            annotation(format, field, &root.key(field), out);
        }
    }
    let prompts = request.get("document_annotation_prompt").and_then(Value::as_str).is_some();
    if prompts && matches!(request.get("document_annotation_format"), None | Some(Value::Null)) {
        let message = format_args!("`document_annotation_prompt` needs `document_annotation_format`");
        let draft = Draft::new(rule!("annotation_prompt"), message)
            .hint(format_args!("add the schema of what the document shall be read into"));
        out.at("document_annotation_prompt", draft);
    }
}

fn model(row: &ModelRow, out: &mut Findings<'_>) {
    // Of some old models, and of a user's own, nothing is written down.
    if row.capabilities.is_empty() || row.capabilities.has(Capabilities::OCR) {
        return;
    }
    let message = format_args!("`{}` does not read documents", row.id);
    let hint = format_args!("`models.list(capability=\"ocr\")` names models that do; a chat may take documents all the same");
    let fault = Fault::rule("invalid_model", format_args!("Invalid model: {}", row.id));
    out.at("model", Draft::new(rule!("not_an_ocr_model"), message).hint(hint).fault(fault));
}

fn file_id(document: &Value<'_>, path: &Path<'_>, out: &mut Findings<'_>) {
    let Some(Value::String(id)) = document.get("file_id") else { return };
    if is_uuid(id) {
        return;
    }
    let message = format_args!("the file id {} is no UUID", shown(id));
    out.add(
        &path.key("file_id"),
        Draft::new(rule!("file_id_form"), message).hint(format_args!("take the `id` that the upload answered with")),
    );
}

fn is_uuid(id: &str) -> bool {
    let plain = |part: &str, length: usize| part.len() == length && part.bytes().all(|letter| letter.is_ascii_hexdigit());
    let parts: Vec<&str> = id.split('-').collect();
    match parts.as_slice() {
        // Python's own form is taken without dashes, too.
        [whole] => plain(whole, 32),
        [a, b, c, d, e] => plain(a, 8) && plain(b, 4) && plain(c, 4) && plain(d, 4) && plain(e, 12),
        _ => false,
    }
}

/// Numbers and ranges, with commas between them: `0-3,7`.
fn pages(text: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let number = |part: &str| part.trim().parse::<u32>().ok().filter(|_| part.trim().bytes().all(|b| b.is_ascii_digit()));
    for part in text.split(',') {
        let (is_range, backwards) = match part.split_once('-') {
            Some((from, to)) => match (number(from), number(to)) {
                (Some(from), Some(to)) => (true, from > to),
                _ => (false, false),
            },
            None => (number(part).is_some(), false),
        };
        if is_range && !backwards {
            continue;
        }
        let part = part.trim();
        let message = fmt::from_fn(|f| match (backwards, part.is_empty()) {
            (true, _) => write!(f, "the range {} runs backwards", shown(part)),
            (false, true) => f.write_str("a page is missing between the commas"),
            (false, false) => write!(f, "{} is neither a page nor a range of pages", shown(part)),
        });
        let hint = if backwards { "write the lower page first" } else { "write numbers and ranges: `0-3,7`" };
        return out.add(path, Draft::new(rule!("ocr_pages"), format_args!("{message}")).hint(format_args!("{hint}")));
    }
}

fn annotation(format: &Object<'_>, field: &str, path: &Path<'_>, out: &mut Findings<'_>) {
    let kind = format.get("type").and_then(Value::as_str).unwrap_or("text");
    // Any other word is a fault of form.
    if matches!(kind, "text" | "json_object") {
        let message = format_args!("`{field}` takes `json_schema` only, not `{kind}`");
        let draft = Draft::new(rule!("annotation_format"), message)
            .hint(format_args!("set `type` to `json_schema`, and give the schema"));
        return out.add(&path.key("type"), draft);
    }
    format::schema_of(format, path, out);
}
