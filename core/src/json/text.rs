//! Anything serialisable, as JSON text: the writer behind [`write`](super::write).
//!
//! `serde_json` writes into whatever there is, by whatever format, and is compiled anew for each type that is written. This one
//! knows one buffer and one format; what every type does stands in functions that are compiled once.

use std::fmt;

use serde::ser::{self, Serialize};
use tramontane_json::write;

use super::Number;

/// Why something cannot be written: its own `Serialize` refuses. What it says is not kept, for nothing here says anything.
#[derive(Debug)]
pub(super) struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it refuses to be written")
    }
}
impl std::error::Error for Unwritable {}
impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Unwritable
    }
}

type Answer<T = ()> = Result<T, Unwritable>;

/// Writes one value behind what is in the buffer.
pub(super) struct Text<'o>(pub(super) &'o mut Vec<u8>);

/// A list or an object that has been begun.
pub(super) struct Begun<'o> {
    out: &'o mut Vec<u8>,
    /// What ends it.
    end: &'static [u8],
    /// Whether something stands in it already.
    more: bool,
}

impl Text<'_> {
    #[inline(never)]
    fn plain(self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }

    #[inline(never)]
    fn string(self, text: &str) {
        write::string(self.0, text);
    }

    #[inline(never)]
    fn number(self, number: Number) {
        write::number(self.0, number);
    }
}

impl<'o> Begun<'o> {
    #[inline(never)]
    fn new(out: &'o mut Vec<u8>, start: u8, end: &'static [u8]) -> Begun<'o> {
        out.push(start);
        Begun { out, end, more: false }
    }

    /// Begins the one member of an object, whose value is a list or an object again.
    fn variant(out: &'o mut Vec<u8>, name: &'static str, start: u8, end: &'static [u8]) -> Begun<'o> {
        Begun::new(out, b'{', b"}").key(name);
        Begun::new(out, start, end)
    }

    #[inline(never)]
    fn next(&mut self) -> Text<'_> {
        if self.more {
            self.out.push(b',');
        }
        self.more = true;
        Text(self.out)
    }

    #[inline(never)]
    fn key(&mut self, key: &str) -> Text<'_> {
        self.next().string(key);
        self.out.push(b':');
        Text(self.out)
    }

    #[inline(never)]
    fn close(self) {
        self.out.extend_from_slice(self.end);
    }
}

macro_rules! scalars {
    ($($name:ident($number:ty) as $kind:ident),*) => {
        $(fn $name(self, number: $number) -> Answer {
            self.number(Number::$kind(number.into()));
            Ok(())
        })*
    };
}

impl<'o> ser::Serializer for Text<'o> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Begun<'o>;
    type SerializeTuple = Begun<'o>;
    type SerializeTupleStruct = Begun<'o>;
    type SerializeTupleVariant = Begun<'o>;
    type SerializeMap = Begun<'o>;
    type SerializeStruct = Begun<'o>;
    type SerializeStructVariant = Begun<'o>;

    scalars!(
        serialize_i8(i8) as Int,
        serialize_i16(i16) as Int,
        serialize_i32(i32) as Int,
        serialize_i64(i64) as Int,
        serialize_u8(u8) as UInt,
        serialize_u16(u16) as UInt,
        serialize_u32(u32) as UInt,
        serialize_u64(u64) as UInt,
        serialize_f64(f64) as Float
    );

    fn serialize_f32(self, number: f32) -> Answer {
        // Not as a `f64`, which would have more digits.
        write::single(self.0, number);
        Ok(())
    }
    fn serialize_bool(self, b: bool) -> Answer {
        self.plain(if b { b"true" } else { b"false" });
        Ok(())
    }
    fn serialize_char(self, c: char) -> Answer {
        self.string(c.encode_utf8(&mut [0; 4]));
        Ok(())
    }
    fn serialize_str(self, text: &str) -> Answer {
        self.string(text);
        Ok(())
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Answer {
        self.collect_seq(bytes)
    }
    fn serialize_none(self) -> Answer {
        self.plain(b"null");
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Answer {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Answer {
        self.serialize_none()
    }
    fn serialize_unit_struct(self, _: &'static str) -> Answer {
        self.serialize_none()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Answer {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Answer {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, name: &'static str, value: &T) -> Answer {
        let mut object = Begun::new(self.0, b'{', b"}");
        value.serialize(object.key(name))?;
        object.close();
        Ok(())
    }
    fn serialize_seq(self, _: Option<usize>) -> Answer<Begun<'o>> {
        Ok(Begun::new(self.0, b'[', b"]"))
    }
    fn serialize_tuple(self, _: usize) -> Answer<Begun<'o>> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Answer<Begun<'o>> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, name: &'static str, _: usize) -> Answer<Begun<'o>> {
        Ok(Begun::variant(self.0, name, b'[', b"]}"))
    }
    fn serialize_map(self, _: Option<usize>) -> Answer<Begun<'o>> {
        Ok(Begun::new(self.0, b'{', b"}"))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Answer<Begun<'o>> {
        self.serialize_map(None)
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, name: &'static str, _: usize) -> Answer<Begun<'o>> {
        Ok(Begun::variant(self.0, name, b'{', b"}}"))
    }
}

macro_rules! lists {
    ($($kind:ident::$item:ident),*) => {
        $(impl ser::$kind for Begun<'_> {
            type Ok = ();
            type Error = Unwritable;
            fn $item<T: Serialize + ?Sized>(&mut self, value: &T) -> Answer {
                value.serialize(self.next())
            }
            fn end(self) -> Answer {
                self.close();
                Ok(())
            }
        })*
    };
}

lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! objects {
    ($($kind:ident),*) => {
        $(impl ser::$kind for Begun<'_> {
            type Ok = ();
            type Error = Unwritable;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Answer {
                value.serialize(self.key(key))
            }
            fn end(self) -> Answer {
                self.close();
                Ok(())
            }
        })*
    };
}

objects!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Begun<'_> {
    type Ok = ();
    type Error = Unwritable;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Answer {
        let text = self.next();
        let start = text.0.len();
        key.serialize(Text(text.0))?;
        // A key is a text, whatever it was: a number is put into quotes.
        if self.out.get(start) != Some(&b'"') {
            self.out.insert(start, b'"');
            self.out.push(b'"');
        }
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Answer {
        self.out.push(b':');
        value.serialize(Text(self.out))
    }
    fn end(self) -> Answer {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::json::write;

    #[derive(serde::Serialize)]
    enum Form {
        Unit,
        New(u8),
        Tuple(i64, f32),
        Struct { a: Option<bool>, b: () },
    }

    #[derive(serde::Serialize)]
    struct Everything<'e> {
        text: &'e str,
        letter: char,
        numbers: (i8, u64, f64),
        forms: Vec<Form>,
        #[serde(flatten)]
        map: BTreeMap<u16, Option<&'e str>>,
        empty: [(); 0],
    }

    #[test]
    fn it_is_what_serde_json_writes() {
        let value = Everything {
            text: "a\"\\\n\u{7f}é",
            letter: '\t',
            numbers: (-8, u64::MAX, 1e-7),
            forms: vec![Form::Unit, Form::New(1), Form::Tuple(-1, 0.1), Form::Struct { a: Some(true), b: () }],
            map: BTreeMap::from([(7, None), (8, Some("x"))]),
            empty: [],
        };
        let mut text = b"> ".to_vec();
        write(&mut text, &value).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), format!("> {}", serde_json::to_string(&value).unwrap()));
    }
}
