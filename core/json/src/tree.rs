//! [`Value`] by way of serde: out of any format, and into any.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use crate::{MAX_DEPTH, Number, Object, PathBuf, Value};

struct ValueSeed<'s> {
    path: &'s RefCell<PathBuf>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value<'de>;
    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, b: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(b))
    }
    fn visit_i64<E>(self, n: i64) -> Result<Value<'de>, E> {
        Ok(n.into())
    }
    fn visit_u64<E>(self, n: u64) -> Result<Value<'de>, E> {
        Ok(n.into())
    }
    fn visit_f64<E>(self, n: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Number::Float(n)))
    }
    fn visit_borrowed_str<E>(self, s: &'de str) -> Result<Value<'de>, E> {
        Ok(s.into())
    }
    fn visit_str<E>(self, s: &str) -> Result<Value<'de>, E> {
        Ok(Value::String(Cow::Owned(s.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        self.guard::<A::Error>()?;
        let mut items = Vec::new();
        loop {
            self.path.borrow_mut().push_index(items.len());
            match seq.next_element_seed(ValueSeed { path: self.path })? {
                Some(item) => items.push(item),
                None => break,
            }
            self.path.borrow_mut().pop();
        }
        self.path.borrow_mut().pop();
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        self.guard::<A::Error>()?;
        let mut object = Object::new();
        while let Some(key) = map.next_key_seed(KeySeed)? {
            self.path.borrow_mut().push_key(&key);
            let value = map.next_value_seed(ValueSeed { path: self.path })?;
            self.path.borrow_mut().pop();
            object.push(key, value);
        }
        Ok(Value::Object(object))
    }
}

impl ValueSeed<'_> {
    fn guard<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.path.borrow().len() >= MAX_DEPTH {
            Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")))
        } else {
            Ok(())
        }
    }
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;
    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_str<E>(self, s: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(s))
    }
    fn visit_str<E>(self, s: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(s.to_owned()))
    }
}

impl serde::Serialize for Value<'_> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => s.serialize_unit(),
            Value::Bool(b) => s.serialize_bool(*b),
            Value::Number(Number::Int(n)) => s.serialize_i64(*n),
            Value::Number(Number::UInt(n)) => s.serialize_u64(*n),
            Value::Number(Number::Float(n)) => s.serialize_f64(*n),
            Value::String(text) => s.serialize_str(text),
            Value::Array(items) => s.collect_seq(items),
            Value::Object(object) => s.collect_map(object.iter()),
            Value::Vector(vector) => serde::Serialize::serialize(vector, s),
            Value::Invalid(what) => Err(serde::ser::Error::custom(format_args!("{what} is not JSON"))),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Value<'static> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = RefCell::new(PathBuf::default());
        let value = ValueSeed { path: &path }.deserialize(deserializer).map_err(D::Error::custom)?;
        Ok(value.into_owned())
    }
}

impl serde::Serialize for Object<'_> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.iter())
    }
}

impl<'de> serde::Deserialize<'de> for Object<'static> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_map(ValueSeed { path: &RefCell::default() })?.into_owned() {
            Value::Object(object) => Ok(object),
            other => Err(D::Error::custom(format_args!("must be an object, not {}", other.kind()))),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Object<'static> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Object".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "object", "additionalProperties": true})
    }
}
