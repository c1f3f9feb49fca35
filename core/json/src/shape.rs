//! The form of a value, as data, and whether a value has it.
//!
//! Most requests are right, and what must be done for all of them is to see that they are: one pass, which keeps no paths and
//! writes no findings, and stops at the first doubt. Whoever wants to know what is wrong walks the value again.

use crate::{MAX_DEPTH, Number, Object, Value, same};

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
pub struct Table(pub u16);

/// A union, by its place among them.
#[derive(Clone, Copy, Debug)]
pub struct Tagged(pub u16);

/// An object's table of fields.
#[derive(Debug)]
pub struct ObjectShape {
    /// The type's name, for messages.
    pub name: &'static str,
    /// The fields; with a tagged shape, the tag is one of them.
    pub fields: Vec<Field>,
    /// A bit for each field that must be there.
    required: u64,
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

/// All tables and all unions.
#[derive(Debug, Default)]
pub struct Forms {
    /// The tables, as [`Table`] counts them. None has more than 64 fields.
    pub objects: Vec<ObjectShape>,
    /// The unions, as [`Tagged`] counts them.
    pub unions: Vec<Union>,
}

impl Forms {
    /// A table.
    pub fn object(&self, table: Table) -> &ObjectShape {
        &self.objects[usize::from(table.0)]
    }

    /// A union.
    pub fn union(&self, tagged: Tagged) -> &Union {
        &self.unions[usize::from(tagged.0)]
    }

    /// Whether a value has the form of a table, at every depth. `false` may also mean that looking closer is left to others.
    pub fn conforms(&self, value: &Value<'_>, table: Table) -> bool {
        matches!(value, Value::Object(object) if self.fields(object, self.object(table), 0))
    }

    fn value(&self, value: &Value<'_>, shape: &Shape, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        match (shape, value) {
            (Shape::Any, _) => any(value, depth),
            (Shape::Nullable(_), Value::Null) | (Shape::String, Value::String(_)) | (Shape::Boolean, Value::Bool(_)) => true,
            (Shape::Nullable(inner), _) => self.value(value, inner, depth),
            (Shape::Integer { min, max }, Value::Number(number)) => {
                let float = number.as_f64();
                float.fract() == 0.0 && within(float, min.map(|min| min as f64), max.map(|max| max as f64))
            }
            (Shape::Number { min, max, above }, Value::Number(number)) => {
                let float = number.as_f64();
                float.is_finite() && within(float, *min, *max) && above.is_none_or(|above| float > above)
            }
            (Shape::Enum(names), Value::String(name)) => names.iter().any(|known| same(known, name)),
            (Shape::Array(items), Value::Array(values)) => values.iter().all(|item| self.value(item, items, depth + 1)),
            (Shape::Map(values), Value::Object(object)) => {
                keys_differ(object) && object.iter().all(|(_, value)| self.value(value, values, depth + 1))
            }
            (Shape::Object(table), Value::Object(object)) => self.fields(object, self.object(*table), depth),
            (Shape::Tagged(tagged), Value::Object(object)) => {
                self.variant(object, *tagged).is_some_and(|table| self.fields(object, self.object(table), depth))
            }
            (Shape::OneOf(shapes), _) => fitting(shapes, value).is_some_and(|shape| self.value(value, shape, depth)),
            _ => false,
        }
    }

    fn fields(&self, object: &Object<'_>, table: &ObjectShape, depth: usize) -> bool {
        let mut seen = 0_u64;
        for (key, value) in object.iter() {
            let Some(at) = table.fields.iter().position(|field| same(field.name, key)) else { return false };
            let bit = 1 << at;
            if seen & bit != 0 || !self.value(value, &table.fields[at].shape, depth + 1) {
                return false;
            }
            seen |= bit;
        }
        table.required & !seen == 0
    }

    /// The table that an object follows, by its tag or without one; `None` for a tag that is not known.
    fn variant(&self, object: &Object<'_>, tagged: Tagged) -> Option<Table> {
        let union = self.union(tagged);
        match object.get(union.tag) {
            Some(Value::String(name)) => union.variants.iter().find(|(known, _)| same(known, name)).map(|(_, table)| *table),
            Some(_) => None,
            None => self.guess(object, union),
        }
    }

    /// The variant that an object without a tag follows, where the tag may be missing: as at the server, the first of which it
    /// has every field that must be there; else the first of all.
    pub fn guess(&self, object: &Object<'_>, union: &Union) -> Option<Table> {
        let (_, first) = union.variants.first()?;
        let required = |table: Table| self.object(table).fields.iter().filter(|field| field.required);
        if required(*first).any(|field| field.name == union.tag) {
            return None;
        }
        let has_all = |table: Table| required(table).all(|field| object.get(field.name).is_some());
        Some(union.variants.iter().map(|(_, table)| *table).find(|table| has_all(*table)).unwrap_or(*first))
    }
}

impl ObjectShape {
    /// A table of these fields.
    pub fn new(name: &'static str, fields: Vec<Field>) -> ObjectShape {
        let required = fields.iter().enumerate().fold(0, |bits, (at, field)| bits | u64::from(field.required) << at);
        ObjectShape { name, fields, required }
    }
}

/// Whether a value of the caller's own can be written as JSON.
fn any(value: &Value<'_>, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match value {
        Value::Array(items) => items.iter().all(|item| any(item, depth + 1)),
        Value::Object(object) => keys_differ(object) && object.iter().all(|(_, value)| any(value, depth + 1)),
        Value::Number(Number::Float(float)) => float.is_finite(),
        Value::Invalid(_) => false,
        _ => true,
    }
}

/// Whether no key stands twice. An object with many keys is left to those who look closer.
fn keys_differ(Object(pairs): &Object<'_>) -> bool {
    let stood_before = |at: usize| pairs[..at].iter().any(|(key, _)| same(key, &pairs[at].0));
    pairs.len() <= 64 && !(1..pairs.len()).any(stood_before)
}

fn within(number: f64, min: Option<f64>, max: Option<f64>) -> bool {
    min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
}

/// The first shape that a value has the kind of. Of several arrays it is the one that takes the kind of the first item.
pub fn fitting<'s>(shapes: &'s [Shape], value: &Value<'_>) -> Option<&'s Shape> {
    let mut fitting = shapes.iter().filter(|shape| fits(shape, value));
    let first = fitting.next()?;
    let item = value.as_array().and_then(|items| items.first());
    let takes = |shape: &Shape| match (shape, item) {
        (Shape::Array(items), Some(item)) => fits(items, item),
        _ => true,
    };
    if takes(first) { Some(first) } else { Some(fitting.find(|shape| takes(shape)).unwrap_or(first)) }
}

/// Whether a value is of the kind that a shape takes.
fn fits(shape: &Shape, value: &Value<'_>) -> bool {
    match shape {
        Shape::Any => true,
        Shape::String | Shape::Enum(_) => matches!(value, Value::String(_)),
        Shape::Boolean => matches!(value, Value::Bool(_)),
        Shape::Integer { .. } | Shape::Number { .. } => matches!(value, Value::Number(_)),
        Shape::Array(_) => matches!(value, Value::Array(_)),
        Shape::Map(_) | Shape::Object(_) | Shape::Tagged(_) => matches!(value, Value::Object(_)),
        Shape::Nullable(inner) => value.is_null() || fits(inner, value),
        Shape::OneOf(shapes) => shapes.iter().any(|shape| fits(shape, value)),
    }
}
