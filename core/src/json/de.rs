//! [`Value`] to anything deserialisable; an error says where in the tree it stands.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, IntoDeserializer, Visitor};
use tramontane_json::vector;

use super::{Number, Object, PathBuf, Value};
use crate::error::{Error, ErrorKind, Result};

/// Reads a typed value out of a tree; what the type can borrow is not copied.
///
/// ```
/// let value = tramontane::json::parse(br#"{"ids": [1, "2"]}"#)?;
/// let read = tramontane::json::from_value::<std::collections::BTreeMap<String, Vec<u8>>>(&value);
/// assert_eq!(read.unwrap_err().path.as_deref(), Some("ids[1]"));
/// # Ok::<(), tramontane::Error>(())
/// ```
///
/// # Errors
/// `invalid_request` with what does not fit, and its path.
pub fn from_value<'de, T: Deserialize<'de>>(value: &'de Value<'_>) -> Result<T> {
    T::deserialize(Tree(value)).map_err(|fault| {
        let mut path = PathBuf::default();
        for step in fault.steps.iter().rev() {
            match step {
                Step::Key(key) => path.push_key(key),
                Step::Index(index) => path.push_index(*index),
            }
        }
        Error::new(ErrorKind::InvalidRequest, fault.message).with_path(path.to_string())
    })
}

/// What does not fit, and the way to it from the inside out.
#[derive(Debug)]
struct Fault {
    message: String,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl Fault {
    fn at(mut self, step: Step) -> Fault {
        self.steps.push(step);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
impl std::error::Error for Fault {}
impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Fault { message: message.to_string(), steps: Vec::new() }
    }
}

type Answer<T> = std::result::Result<T, Fault>;

/// Tells a visitor what stands in a tree.
#[derive(Clone, Copy)]
struct Tree<'de, 'v>(&'de Value<'v>);

impl<'de> de::Deserializer<'de> for Tree<'de, '_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(*b),
            Value::Number(Number::Int(n)) => visitor.visit_i64(*n),
            Value::Number(Number::UInt(n)) => visitor.visit_u64(*n),
            Value::Number(Number::Float(n)) => visitor.visit_f64(*n),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visit_items(items, visitor),
            Value::Object(object) => visit_members(object, visitor),
            Value::Vector(vector) => visitor.visit_seq(de::value::SeqDeserializer::new(vector.iter())),
            Value::Invalid(what) => Err(de::Error::custom(format_args!("{what} is not JSON"))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Answer<V::Value> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Answer<V::Value> {
        if let (Value::Vector(vector), vector::TOKEN) = (self.0, name) {
            vector::hand(vector);
            return visitor.visit_unit();
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Answer<V::Value> {
        let (variant, content) = match self.0 {
            Value::String(name) => (name.as_ref(), None),
            Value::Object(object) if object.len() == 1 => match object.iter().next() {
                Some((name, content)) => (name, Some(content)),
                None => return self.deserialize_any(visitor),
            },
            _ => return self.deserialize_any(visitor),
        };
        visitor.visit_enum(Variant { variant, content })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

fn visit_items<'de, V: Visitor<'de>>(items: &'de [Value<'_>], visitor: V) -> Answer<V::Value> {
    let mut access = Items { items: items.iter().enumerate() };
    let value = visitor.visit_seq(&mut access)?;
    match access.items.len() {
        0 => Ok(value),
        rest => Err(de::Error::invalid_length(items.len(), &format!("{} items", items.len() - rest).as_str())),
    }
}

fn visit_members<'de, V: Visitor<'de>>(object: &'de Object<'_>, visitor: V) -> Answer<V::Value> {
    visitor.visit_map(Members { members: object.iter(), value: None })
}

struct Items<'de, 'v> {
    items: std::iter::Enumerate<std::slice::Iter<'de, Value<'v>>>,
}

impl<'de> de::SeqAccess<'de> for &mut Items<'de, '_> {
    type Error = Fault;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Answer<Option<T::Value>> {
        let Some((index, item)) = self.items.next() else { return Ok(None) };
        seed.deserialize(Tree(item)).map(Some).map_err(|fault| fault.at(Step::Index(index)))
    }
    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Members<'de, 'v, I> {
    members: I,
    value: Option<(&'de str, &'de Value<'v>)>,
}

impl<'de, 'v: 'de, I: Iterator<Item = (&'de str, &'de Value<'v>)>> de::MapAccess<'de> for Members<'de, 'v, I> {
    type Error = Fault;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Answer<Option<K::Value>> {
        let Some((key, value)) = self.members.next() else { return Ok(None) };
        self.value = Some((key, value));
        let named: de::value::BorrowedStrDeserializer<'de, Fault> = de::value::BorrowedStrDeserializer::new(key);
        // A key that does not belong there is shown at its own path.
        seed.deserialize(named).map(Some).map_err(|fault| fault.at(Step::Key(key.to_owned())))
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Answer<T::Value> {
        let (key, value) = self.value.take().ok_or_else(|| de::Error::custom("a value without a key"))?;
        seed.deserialize(Tree(value)).map_err(|fault: Fault| fault.at(Step::Key(key.to_owned())))
    }
}

/// A variant of an enum: `"name"`, or `{"name": content}`.
struct Variant<'de, 'v> {
    variant: &'de str,
    content: Option<&'de Value<'v>>,
}

impl<'de, 'v> de::EnumAccess<'de> for Variant<'de, 'v> {
    type Error = Fault;
    type Variant = Content<'de, 'v>;
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Answer<(V::Value, Self::Variant)> {
        let name: de::value::StrDeserializer<'_, Fault> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, Content(self.content)))
    }
}

struct Content<'de, 'v>(Option<&'de Value<'v>>);

impl<'de> de::VariantAccess<'de> for Content<'de, '_> {
    type Error = Fault;
    fn unit_variant(self) -> Answer<()> {
        match self.0 {
            None | Some(Value::Null) => Ok(()),
            Some(content) => Err(de::Error::custom(format_args!("must hold nothing, not {}", content.kind()))),
        }
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Answer<T::Value> {
        seed.deserialize(Tree(self.0.unwrap_or(&Value::Null)))
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Answer<V::Value> {
        de::Deserializer::deserialize_any(Tree(self.0.unwrap_or(&Value::Null)), visitor)
    }
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Answer<V::Value> {
        de::Deserializer::deserialize_any(Tree(self.0.unwrap_or(&Value::Null)), visitor)
    }
}

/// For fields of answers: a `null` where a value is always due counts as absent.
pub(crate) fn or_default<'de, D: serde::Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
