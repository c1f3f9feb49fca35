//! The form of a request, as data: which fields there are, what they hold, which must be there.
//!
//! The tables are made from the Rust types of requests (`generated/*shapes.tsv`); the walker in this folder compares a request
//! with them and reports every difference at its path.

use std::ops::Deref;
use std::sync::LazyLock;

use crate::operation::Operation;
use crate::packed::{Cells, cut, number, rows, whole, words};

/// What chats are made of, and what else there is: the numbers of tables go on from the one to the other.
const OF_CHATS: &str = include_str!("../generated/chat_shapes.tsv");
const OF_OTHERS: &str = whole!("../generated/shapes.tsv");
const UNIONS: &str = include_str!("../generated/unions.tsv");

static TABLES: LazyLock<(Vec<ObjectShape>, Vec<Union>)> = LazyLock::new(|| {
    let mut objects = rows(OF_CHATS, ObjectShape::read);
    objects.append(&mut rows(OF_OTHERS, ObjectShape::read));
    (objects, rows(UNIONS, Union::read))
});

/// What a value may be.
#[derive(Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// A string.
    String,
    /// A boolean.
    Boolean,
    /// A whole number within bounds (both included).
    Integer {
        /// The least value, if there is one.
        min: Option<i64>,
        /// The greatest value, if there is one.
        max: Option<i64>,
    },
    /// A finite number within bounds (both included, unless `above` excludes the lower one).
    Number {
        /// The least value, if there is one.
        min: Option<f64>,
        /// The greatest value, if there is one.
        max: Option<f64>,
        /// Must be greater than this.
        above: Option<f64>,
    },
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// An array of these.
    Array(Box<Shape>),
    /// An object with keys of the caller's choice.
    Map(Box<Shape>),
    /// An object with the fields of a table.
    Object(Table),
    /// `null`, or this.
    Nullable(Box<Shape>),
    /// An object whose tag says which table it follows.
    Tagged(Tagged),
    /// The first of these whose kind (string, array, object, …) fits the value.
    OneOf(Vec<Shape>),
}

/// An object's table of fields, by its place among the tables: they refer to one another, and to themselves.
#[derive(Clone, Copy, Debug)]
pub struct Table(u16);

/// A union, by its place among them.
#[derive(Clone, Copy, Debug)]
pub struct Tagged(u16);

/// An object's table of fields.
#[derive(Debug)]
pub struct ObjectShape {
    /// The type's name, for messages.
    pub name: &'static str,
    /// The fields; with a tagged shape, the tag is one of them.
    pub fields: Vec<Field>,
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it may be.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}

/// An object whose string field `tag` says which table it follows.
#[derive(Debug)]
pub struct Union {
    /// The field that tells the variants apart.
    pub tag: &'static str,
    /// Whether a tag that is not in the list is kept as it is.
    pub open: bool,
    /// `(value of the tag, table)`
    pub variants: Vec<(&'static str, Table)>,
}

/// The table of an operation's request; `None` when there is no such operation.
pub fn request_shape(operation: &str) -> Option<Table> {
    Table::named(match Operation::named(operation)?.request {
        "" => "Request",
        name => name,
    })
}

impl Table {
    /// A chat's: the first of all.
    pub const CHAT: Table = Table(0);

    /// The table of a type.
    pub fn named(name: &str) -> Option<Table> {
        TABLES.0.iter().position(|table| table.name == name).map(|at| Table(at as u16))
    }
}

impl Deref for Table {
    type Target = ObjectShape;
    fn deref(&self) -> &'static ObjectShape {
        &TABLES.0[usize::from(self.0)]
    }
}

impl Deref for Tagged {
    type Target = Union;
    fn deref(&self) -> &'static Union {
        &TABLES.1[usize::from(self.0)]
    }
}

impl ObjectShape {
    /// Reads a line of a table of objects: a name, and a field in each cell; `name=…` must be there, `name:…` may.
    fn read(row: &mut Cells) -> ObjectShape {
        let name = row.text();
        let mut fields = Vec::new();
        while let Some(mut cell) = row.optional() {
            let required = !cell.bytes().take_while(|byte| *byte != b'=').any(|byte| byte == b':');
            let name = cut(&mut cell, if required { b'=' } else { b':' });
            fields.push(Field { name, shape: Shape::read(&mut cell), required });
        }
        ObjectShape { name, fields }
    }
}

impl Union {
    /// Reads a line of the table of unions: its tag, whether it is open, and a variant in each cell.
    fn read(row: &mut Cells) -> Union {
        let (tag, open) = (row.text(), row.flag());
        let mut variants = Vec::new();
        while let Some(mut cell) = row.optional() {
            variants.push((cut(&mut cell, b'='), Table(place(cell))));
        }
        Union { tag, open, variants }
    }
}

impl Shape {
    /// Reads a shape off a text: a letter, and what belongs to it, up to a semicolon.
    fn read(text: &mut &'static str) -> Shape {
        let inner = |text: &mut &'static str| Box::new(Shape::read(text));
        match next(text) {
            's' => Shape::String,
            'b' => Shape::Boolean,
            'i' => Shape::Integer { min: bound(text), max: bound(text) },
            'n' => {
                let mut bound = || bound(text).map(|thousandths| thousandths as f64 / 1000.0);
                Shape::Number { min: bound(), max: bound(), above: bound() }
            }
            'w' => Shape::Enum(words(cut(text, b';'))),
            '[' => Shape::Array(inner(text)),
            '{' => Shape::Map(inner(text)),
            '?' => Shape::Nullable(inner(text)),
            '@' => Shape::Object(Table(place(cut(text, b';')))),
            '%' => Shape::Tagged(Tagged(place(cut(text, b';')))),
            '(' => {
                let mut shapes = Vec::new();
                while !text.is_empty() && !text.starts_with(')') {
                    shapes.push(Shape::read(text));
                }
                next(text);
                Shape::OneOf(shapes)
            }
            _ => Shape::Any,
        }
    }
}

/// Takes a letter off a text.
fn next(text: &mut &'static str) -> char {
    let mut letters = text.chars();
    let letter = letters.next().unwrap_or('*');
    *text = letters.as_str();
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
        assert_eq!(Table::CHAT.name, "ChatRequest");
        for operation in OPERATIONS.iter() {
            let table = request_shape(operation.name).unwrap();
            assert!(table.name == operation.request || operation.request.is_empty(), "{}", operation.name);
            assert!(!table.fields.is_empty(), "{}", operation.name);
        }
    }

    #[test]
    fn what_tables_refer_to_is_there() {
        fn look(shape: &Shape) {
            match shape {
                Shape::Object(table) => assert!(!table.name.is_empty()),
                Shape::Tagged(union) => union.variants.iter().for_each(|(_, table)| assert!(!table.name.is_empty())),
                Shape::Array(inner) | Shape::Map(inner) | Shape::Nullable(inner) => look(inner),
                Shape::OneOf(shapes) => shapes.iter().for_each(look),
                _ => {}
            }
        }
        for table in &TABLES.0 {
            assert!(table.fields.len() <= 64, "{}: the walker has a bit for each field, and 64 bits", table.name);
            table.fields.iter().for_each(|field| look(&field.shape));
        }
    }
}
