//! Anything serialisable to [`Value`], or to text.

use std::fmt;

use serde::ser::{self, Serialize};
use tramontane_json::vector;

use super::text::Text;
use super::{Number, Object, Value};
use crate::error::{Error, ErrorKind, Result};

/// Turns a serialisable value into a tree. A NaN stays one, so that a check can say where it stands.
///
/// # Errors
/// When its `Serialize` fails, or has map keys that are no strings, numbers or booleans.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value<'static>> {
    value.serialize(Tree).map_err(|fault| unwritable(&fault))
}

/// Writes a serialisable value as JSON text behind what is in `out`.
///
/// # Errors
/// When its `Serialize` fails.
pub fn write<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<()> {
    value.serialize(Text(out)).map_err(|fault| unwritable(&fault))
}

fn unwritable(fault: &dyn fmt::Display) -> Error {
    Error::new(ErrorKind::Internal, format!("cannot be written as JSON: {fault}"))
}

/// Why a value cannot be a tree.
#[derive(Debug)]
struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for Fault {}
impl ser::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Fault(message.to_string())
    }
}

type Answer<T = Value<'static>> = std::result::Result<T, Fault>;

/// Makes a tree of what it is told.
struct Tree;

macro_rules! numbers {
    ($($method:ident($ty:ty) as $wide:ty),*) => {$(
        fn $method(self, n: $ty) -> Answer {
            Ok(<$wide>::from(n).into())
        }
    )*};
}

impl ser::Serializer for Tree {
    type Ok = Value<'static>;
    type Error = Fault;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Variant<Items>;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Variant<Members>;

    numbers!(
        serialize_i8(i8) as i64,
        serialize_i16(i16) as i64,
        serialize_i32(i32) as i64,
        serialize_i64(i64) as i64,
        serialize_u8(u8) as u64,
        serialize_u16(u16) as u64,
        serialize_u32(u32) as u64,
        serialize_u64(u64) as u64,
        serialize_f32(f32) as f64,
        serialize_f64(f64) as f64
    );

    fn serialize_bool(self, b: bool) -> Answer {
        Ok(b.into())
    }
    fn serialize_char(self, c: char) -> Answer {
        Ok(c.to_string().into())
    }
    fn serialize_str(self, text: &str) -> Answer {
        Ok(text.to_owned().into())
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Answer {
        Ok(Value::Array(bytes.iter().map(|byte| u64::from(*byte).into()).collect()))
    }
    fn serialize_none(self) -> Answer {
        Ok(Value::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Answer {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Answer {
        Ok(Value::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Answer {
        Ok(Value::Null)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Answer {
        Ok(variant.into())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Answer {
        if let (vector::TOKEN, Some(vector)) = (name, vector::taken()) {
            return Ok(vector.into());
        }
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Answer {
        Ok(Object::from_iter([(variant, value.serialize(self)?)]).into())
    }
    fn serialize_seq(self, len: Option<usize>) -> Answer<Items> {
        // A length that somebody made up must not reserve memory.
        Ok(Items(Vec::with_capacity(len.unwrap_or_default().min(1024))))
    }
    fn serialize_tuple(self, len: usize) -> Answer<Items> {
        self.serialize_seq(Some(len))
    }
    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Answer<Items> {
        self.serialize_seq(Some(len))
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, name: &'static str, len: usize) -> Answer<Variant<Items>> {
        Ok(Variant { name, content: self.serialize_seq(Some(len))? })
    }
    fn serialize_map(self, len: Option<usize>) -> Answer<Members> {
        Ok(Members { object: Object::with_capacity(len.unwrap_or_default().min(1024)), key: None })
    }
    fn serialize_struct(self, _: &'static str, len: usize) -> Answer<Members> {
        self.serialize_map(Some(len))
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, name: &'static str, len: usize) -> Answer<Variant<Members>> {
        Ok(Variant { name, content: self.serialize_map(Some(len))? })
    }
}

/// The items of an array, so far.
struct Items(Vec<Value<'static>>);

impl ser::SerializeSeq for Items {
    type Ok = Value<'static>;
    type Error = Fault;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Answer<()> {
        self.0.push(value.serialize(Tree)?);
        Ok(())
    }
    fn end(self) -> Answer {
        Ok(Value::Array(self.0))
    }
}
impl ser::SerializeTuple for Items {
    type Ok = Value<'static>;
    type Error = Fault;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Answer<()> {
        ser::SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Answer {
        ser::SerializeSeq::end(self)
    }
}
impl ser::SerializeTupleStruct for Items {
    type Ok = Value<'static>;
    type Error = Fault;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Answer<()> {
        ser::SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Answer {
        ser::SerializeSeq::end(self)
    }
}

/// The members of an object, so far.
struct Members {
    object: Object<'static>,
    key: Option<String>,
}

impl ser::SerializeMap for Members {
    type Ok = Value<'static>;
    type Error = Fault;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Answer<()> {
        self.key = Some(match key.serialize(Tree)? {
            Value::String(key) => key.into_owned(),
            Value::Bool(key) => key.to_string(),
            Value::Number(Number::Int(key)) => key.to_string(),
            Value::Number(Number::UInt(key)) => key.to_string(),
            other => return Err(Fault(format!("{} is no key", other.kind()))),
        });
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Answer<()> {
        let key = self.key.take().ok_or_else(|| Fault("a value without a key".to_owned()))?;
        self.object.push(key, value.serialize(Tree)?);
        Ok(())
    }
    fn end(self) -> Answer {
        Ok(self.object.into())
    }
}
impl ser::SerializeStruct for Members {
    type Ok = Value<'static>;
    type Error = Fault;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Answer<()> {
        self.object.push(key, value.serialize(Tree)?);
        Ok(())
    }
    fn end(self) -> Answer {
        Ok(self.object.into())
    }
}

/// `{"variant": …}`
struct Variant<C> {
    name: &'static str,
    content: C,
}

impl ser::SerializeTupleVariant for Variant<Items> {
    type Ok = Value<'static>;
    type Error = Fault;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Answer<()> {
        ser::SerializeSeq::serialize_element(&mut self.content, value)
    }
    fn end(self) -> Answer {
        Ok(Object::from_iter([(self.name, Value::Array(self.content.0))]).into())
    }
}
impl ser::SerializeStructVariant for Variant<Members> {
    type Ok = Value<'static>;
    type Error = Fault;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Answer<()> {
        ser::SerializeStruct::serialize_field(&mut self.content, key, value)
    }
    fn end(self) -> Answer {
        Ok(Object::from_iter([(self.name, Value::Object(self.content.object))]).into())
    }
}
