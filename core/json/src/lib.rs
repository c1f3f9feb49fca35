//! The JSON tree of tramontane: what crosses every border and what every check walks.
//!
//! Objects keep the order of their keys, strings borrow from the text (or from the host's own string) where they can,
//! and what JSON cannot express (a Python `set`, a lone surrogate) is kept as [`Value::Invalid`] so that it can be reported
//! at its path.
//!
//! Whatever reads a request byte by byte stands in this crate, and nothing else: it is compiled with more of an eye to speed
//! than what is built on it, and what is hot is laid into where it is called, even where the compiler counts bytes. It is a
//! part of `tramontane`, which gives it out as `tramontane::json`.
#![forbid(unsafe_code)]

#[doc(hidden)]
pub mod base64;
mod digits;
mod exact;
#[doc(hidden)]
pub mod floats;
pub mod letters;
mod parse;
mod path;
mod scan;
pub mod shape;
mod tree;
#[doc(hidden)]
pub mod vector;
#[doc(hidden)]
pub mod write;

use std::borrow::Cow;

pub use parse::{Broken, MAX_DEPTH, is_json, parse};
pub use path::{Path, PathBuf, Segment};
#[doc(hidden)]
pub use path::{is_hidden, write_hidden};
pub use vector::{Dtype, Numbers, Vector};

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value<'a> {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; may be NaN or infinite when it comes from a host language.
    Number(Number),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object.
    Object(Object<'a>),
    /// Numbers of one kind, without a tree of them. As text it is an array.
    Vector(Vector),
    /// Something a host handed over that JSON cannot express; says what it was (a type's name, never a value).
    Invalid(Cow<'a, str>),
}

/// A JSON number, kept as the kind it was written in.
#[derive(Clone, Copy, Debug, PartialEq)]
// Where addresses have 32 bits, this leaves room in a `Value` for all else beside the kind: 16 bytes instead of 24.
#[repr(u32)]
pub enum Number {
    /// An integer below `i64::MAX`.
    Int(i64),
    /// A larger positive integer.
    UInt(u64),
    /// Anything with a point or an exponent.
    Float(f64),
}

impl Number {
    /// The number as a float; integers above 2^53 lose precision.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Int(n) => n as f64,
            Number::UInt(n) => n as f64,
            Number::Float(n) => n,
        }
    }

    /// The number as an integer, when it is one (`2.0` is).
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Number::Int(n) => Some(n),
            Number::UInt(n) => i64::try_from(n).ok(),
            Number::Float(n) => (n.fract() == 0.0 && n.abs() < 9.0e15).then_some(n as i64),
        }
    }
}

/// A JSON object: pairs in the order they were written.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// An empty object.
    pub const fn new() -> Self {
        Object(Vec::new())
    }

    /// An empty object with room for `n` pairs.
    pub fn with_capacity(n: usize) -> Self {
        Object(Vec::with_capacity(n))
    }

    /// The value of a key; the last one when a key stands twice, as JSON parsers agree.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.0.iter().rev().find(|(k, _)| same(k, key)).map(|(_, v)| v)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value<'a>> {
        self.0.iter_mut().rev().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// Appends a pair without looking for an older one with the same key.
    pub fn push(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Value<'a>>) {
        self.0.push((key.into(), value.into()));
    }

    /// Sets a key: replaces its value in place, or appends it.
    pub fn set(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Value<'a>>) {
        let key = key.into();
        match self.get_mut(&key) {
            Some(slot) => *slot = value.into(),
            None => self.push(key, value),
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Value<'a>> {
        let at = self.0.iter().rposition(|(k, _)| k == key)?;
        Some(self.0.remove(at).1)
    }

    /// Gives the pair at a place another key.
    pub fn rename(&mut self, at: usize, key: impl Into<Cow<'a, str>>) {
        if let Some((name, _)) = self.0.get_mut(at) {
            *name = key.into();
        }
    }

    /// The pairs, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(k, v)| (k.as_ref(), v))
    }

    /// The pairs, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value<'a>)> {
        self.0.iter_mut().map(|(k, v)| (&**k, v))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the pairs for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value<'a>) -> bool) {
        self.0.retain_mut(|(k, v)| keep(k, v));
    }
}

impl<'a> IntoIterator for Object<'a> {
    type Item = (Cow<'a, str>, Value<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K: Into<Cow<'a, str>>, V: Into<Value<'a>>> FromIterator<(K, V)> for Object<'a> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Object(pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

impl<'a> Value<'a> {
    /// The member `key` of an object; `None` for everything else.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.as_object()?.get(key)
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The number as an integer, if it is a whole number.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(n) => n.as_i64(),
            _ => None,
        }
    }

    /// The number as a whole number from zero up, if it is one.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Number(Number::UInt(n)) => Some(*n),
            other => other.as_i64().and_then(|n| u64::try_from(n).ok()),
        }
    }

    /// The number as a float, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(n) => Some(n.as_f64()),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The numbers, if they stand here as a vector.
    pub fn as_vector(&self) -> Option<&Vector> {
        match self {
            Value::Vector(vector) => Some(vector),
            _ => None,
        }
    }

    /// The pairs, if it is an object.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The pairs, to be changed, if it is an object.
    pub fn as_object_mut(&mut self) -> Option<&mut Object<'a>> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items, to be changed, if it is an array.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Value<'a>>> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// What it is, in the words of a message: `a string`, `an object`, …
    pub fn kind(&self) -> &str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(Number::Float(_)) => "a number",
            Value::Number(_) => "an integer",
            Value::String(_) => "a string",
            Value::Array(_) | Value::Vector(_) => "an array",
            Value::Object(_) => "an object",
            Value::Invalid(what) => what,
        }
    }

    /// The same value, borrowing nothing.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(b) => Value::Bool(b),
            Value::Number(n) => Value::Number(n),
            Value::String(s) => Value::String(Cow::Owned(s.into_owned())),
            Value::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Value::Object(object) => {
                Value::Object(Object(object.0.into_iter().map(|(k, v)| (Cow::Owned(k.into_owned()), v.into_owned())).collect()))
            }
            Value::Vector(vector) => Value::Vector(vector),
            Value::Invalid(what) => Value::Invalid(Cow::Owned(what.into_owned())),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(s: &'a str) -> Self {
        Value::String(Cow::Borrowed(s))
    }
}
impl From<String> for Value<'_> {
    fn from(s: String) -> Self {
        Value::String(Cow::Owned(s))
    }
}
impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(s: Cow<'a, str>) -> Self {
        Value::String(s)
    }
}
impl From<bool> for Value<'_> {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}
impl From<i64> for Value<'_> {
    fn from(n: i64) -> Self {
        Value::Number(Number::Int(n))
    }
}
impl From<u64> for Value<'_> {
    fn from(n: u64) -> Self {
        Value::Number(i64::try_from(n).map_or(Number::UInt(n), Number::Int))
    }
}
impl From<f64> for Value<'_> {
    fn from(n: f64) -> Self {
        Value::Number(Number::Float(n))
    }
}
impl From<Vector> for Value<'_> {
    fn from(vector: Vector) -> Self {
        Value::Vector(vector)
    }
}
impl<'a> From<Object<'a>> for Value<'a> {
    fn from(object: Object<'a>) -> Self {
        Value::Object(object)
    }
}
impl<'a, T: Into<Value<'a>>> From<Vec<T>> for Value<'a> {
    fn from(items: Vec<T>) -> Self {
        Value::Array(items.into_iter().map(Into::into).collect())
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// Whether two keys are one: most differ in their length or at their first letter, and a call to compare memory costs more.
#[inline(always)]
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).all(|(one, other)| one == other)
}
