//! The form of a request, as data: which fields there are, what they hold, which must be there.
//!
//! The tables are made from the Rust types of requests (`generated/*shapes.tsv`); the walker in this folder compares a request
//! with them and reports every difference at its path.

use std::sync::LazyLock;

pub use tramontane_json::shape::{Field, Forms, ObjectShape, Shape, Table, Tagged, Union};

use crate::operation::Operation;
use crate::packed::{Cells, cut, number, rows, whole, words};

/// What chats are made of, and what else there is: the numbers of tables go on from the one to the other.
const OF_CHATS: &str = include_str!("../generated/chat_shapes.tsv");
const OF_OTHERS: &str = whole!("../generated/shapes.tsv");
const UNIONS: &str = include_str!("../generated/unions.tsv");

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut objects = rows(OF_CHATS, object);
    objects.append(&mut rows(OF_OTHERS, object));
    Forms { objects, unions: rows(UNIONS, union) }
});

/// A chat's table: the first of all.
pub const CHAT: Table = Table(0);

/// The forms of all requests.
pub fn forms() -> &'static Forms {
    &FORMS
}

/// The table of an operation's request; `None` when there is no such operation.
pub fn request_shape(operation: &str) -> Option<Table> {
    let name = match Operation::named(operation)?.request {
        "" => "Request",
        name => name,
    };
    FORMS.objects.iter().position(|table| table.name == name).map(|at| Table(at as u16))
}

/// Reads a line of a table of objects: a name, and a field in each cell; `name=…` must be there, `name:…` may.
fn object(row: &mut Cells) -> ObjectShape {
    let name = row.text();
    let mut fields = Vec::new();
    while let Some(mut cell) = row.optional() {
        let required = !cell.bytes().take_while(|byte| *byte != b'=').any(|byte| byte == b':');
        let name = cut(&mut cell, if required { b'=' } else { b':' });
        fields.push(Field { name, shape: shape(&mut cell), required });
    }
    ObjectShape::new(name, fields)
}

/// Reads a line of the table of unions: its tag, whether it is open, and a variant in each cell.
fn union(row: &mut Cells) -> Union {
    let (tag, open) = (row.text(), row.flag());
    let mut variants = Vec::new();
    while let Some(mut cell) = row.optional() {
        variants.push((cut(&mut cell, b'='), Table(place(cell))));
    }
    Union { tag, open, variants }
}

/// Reads a shape off a text: a letter, and what belongs to it, up to a semicolon.
fn shape(text: &mut &'static str) -> Shape {
    let inner = |text: &mut &'static str| Box::new(shape(text));
    match next(text) {
        b's' => Shape::String,
        b'b' => Shape::Boolean,
        b'i' => Shape::Integer { min: bound(text), max: bound(text) },
        b'n' => {
            let mut bound = || bound(text).map(|thousandths| thousandths as f64 / 1000.0);
            Shape::Number { min: bound(), max: bound(), above: bound() }
        }
        b'w' => Shape::Enum(words(cut(text, b';'))),
        b'[' => Shape::Array(inner(text)),
        b'{' => Shape::Map(inner(text)),
        b'?' => Shape::Nullable(inner(text)),
        b'@' => Shape::Object(Table(place(cut(text, b';')))),
        b'%' => Shape::Tagged(Tagged(place(cut(text, b';')))),
        b'(' => {
            let mut shapes = Vec::new();
            while !text.is_empty() && !text.starts_with(')') {
                shapes.push(shape(text));
            }
            next(text);
            Shape::OneOf(shapes)
        }
        _ => Shape::Any,
    }
}

/// Takes a letter off a text.
fn next(text: &mut &'static str) -> u8 {
    let letter = text.bytes().next().unwrap_or(b'*');
    *text = text.get(1..).unwrap_or_default();
    letter
}

fn bound(text: &mut &'static str) -> Option<i64> {
    let part = cut(text, b';');
    match part.strip_prefix('-') {
        Some(part) => number(part).map(|bound| -(bound as i64)),
        None => number(part).map(|bound| bound as i64),
    }
}

fn place(text: &str) -> u16 {
    number(text).unwrap_or_default() as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::OPERATIONS;

    #[test]
    fn every_request_has_a_table_and_chats_come_first() {
        assert_eq!(forms().object(CHAT).name, "ChatRequest");
        for operation in OPERATIONS.iter() {
            let table = forms().object(request_shape(operation.name).unwrap());
            assert!(table.name == operation.request || operation.request.is_empty(), "{}", operation.name);
            assert!(!table.fields.is_empty(), "{}", operation.name);
        }
    }

    #[test]
    fn what_tables_refer_to_is_there() {
        fn look(shape: &Shape) {
            match shape {
                Shape::Object(table) => assert!(!forms().object(*table).name.is_empty()),
                Shape::Tagged(union) => {
                    forms().union(*union).variants.iter().for_each(|(_, table)| assert!(!forms().object(*table).name.is_empty()));
                }
                Shape::Array(inner) | Shape::Map(inner) | Shape::Nullable(inner) => look(inner),
                Shape::OneOf(shapes) => shapes.iter().for_each(look),
                _ => {}
            }
        }
        for table in &forms().objects {
            assert!(table.fields.len() <= 64, "{}: there is a bit for each field, and 64 bits", table.name);
            // What conforms has nothing that is spelt otherwise.
            assert!(table.fields.iter().all(|field| !field.name.bytes().any(|letter| letter.is_ascii_uppercase())));
            table.fields.iter().for_each(|field| look(&field.shape));
        }
    }
}
