//! What other APIs call a field or a content type, and what it is called here.

use std::fmt::{self, Write as _};

use super::shape::ObjectShape;
use crate::packed::{lines, whole};

/// Content types of other APIs. The server lists its own types when it refuses one, and none of these was among them.
const CONTENT_TYPES: &[(&str, &str)] = &[
    ("input_text", "Mistral calls it `text`"),
    ("output_text", "Mistral calls it `text`"),
    ("input_image", "Mistral calls it `image_url`"),
    ("image", "Mistral calls it `image_url`, with a data URI for the bytes"),
    ("input_file", "Mistral calls it `file`, with `file_id` beside `type`"),
    ("document", "Mistral calls it `document_url`, with a data URI for the bytes"),
    ("audio", "Mistral calls it `input_audio`"),
    ("tool_use", "calls stand in the assistant's `tool_calls`"),
    ("tool_result", "results stand in messages with the role `tool`"),
    ("redacted_thinking", "leave it out"),
    ("refusal", "leave it out"),
];

const ROLES: &[(&str, &str)] = &[
    ("developer", "Mistral calls it `system`"),
    ("function", "Mistral calls it `tool`"),
    ("ai", "Mistral calls it `assistant`"),
    ("model", "Mistral calls it `assistant`"),
    ("human", "Mistral calls it `user`"),
];

const UNDOCUMENTED: &[&str] = &["document_image_limit", "document_page_limit"];

/// Whether a field is in no document but other clients send it.
pub(super) fn is_undocumented(field: &str) -> bool {
    UNDOCUMENTED.contains(&field)
}

/// What to say to another API's content type; `None` when it is none.
pub(super) fn content_type(name: &str) -> Option<&'static str> {
    CONTENT_TYPES.iter().find(|(theirs, _)| *theirs == name).map(|(_, hint)| *hint)
}

/// What to say to another API's role; `None` when it is none.
pub(super) fn role(name: &str) -> Option<&'static str> {
    ROLES.iter().find(|(theirs, _)| *theirs == name).map(|(_, hint)| *hint)
}

/// What to say to a field that is called otherwise here.
pub(super) enum Hint {
    /// To another API's name: this.
    Said(&'static str),
    /// To a name in camel case: that it is spelt so.
    Spelt(&'static str),
}

/// What to say to a field that is called otherwise here; `None` when there is none that is meant.
pub(super) fn hint(table: &ObjectShape, field: &str) -> Option<Hint> {
    match spelling(table, field) {
        Some((_, hint)) => Some(Hint::Said(hint)),
        None => means(table, field).map(Hint::Spelt),
    }
}

/// The field of the table that another name stands for.
pub(super) fn means(table: &ObjectShape, field: &str) -> Option<&'static str> {
    if let Some((ours, _)) = spelling(table, field) {
        return Some(ours).filter(|ours| !ours.is_empty());
    }
    if field.len() > 64 || !field.bytes().any(|letter| letter.is_ascii_uppercase()) {
        return None;
    }
    let same =
        |name: &str| name.bytes().filter(|b| *b != b'_').eq(field.bytes().filter(|b| *b != b'_').map(|b| b.to_ascii_lowercase()));
    table.fields.iter().map(|field| field.name).find(|name| same(name))
}

/// Our name for a field, empty where there is no such field, and what to say.
fn spelling(table: &ObjectShape, field: &str) -> Option<(&'static str, &'static str)> {
    // A line holds the type of the object, their name for a field of it, ours, and what to say.
    let chat = lines(include_str!("../../data/spellings_chat.tsv"));
    let mut all = chat.chain(lines(whole!("../../data/spellings.tsv")));
    all.find_map(|mut row| (row.text() == table.name && row.text() == field).then(|| (row.text(), row.text())))
}

/// An object's name in the words of a message: `a chat request`, `an assistant message`.
pub(super) fn noun(table: &str) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        let vowel = table.starts_with(['A', 'E', 'I', 'O', 'U']) && !table.starts_with("Us");
        f.write_str(if vowel { "an" } else { "a" })?;
        table.chars().try_for_each(|letter| {
            f.write_str(if letter.is_ascii_uppercase() { " " } else { "" })?;
            f.write_char(letter.to_ascii_lowercase())
        })
    })
}
