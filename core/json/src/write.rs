//! [`Value`] to text.

use std::fmt;
use std::io;

use crate::{Number, Value};

impl Value<'_> {
    /// Writes the value as JSON, without white space, keys in their order. A NaN, an infinity and what is
    /// [`Value::Invalid`] become `null`: a check has refused them before anything is sent.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Value::Array(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Value::Object(object) => {
                out.push(b'{');
                for (at, (key, value)) in object.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_scalar(out, key);
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
            Value::String(text) => write_scalar(out, text.as_ref()),
            Value::Vector(vector) => write_scalar(out, vector),
            Value::Invalid(_) | Value::Null => out.extend_from_slice(b"null"),
            Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
            Value::Number(n) => match n {
                Number::Int(n) => write_scalar(out, n),
                Number::UInt(n) => write_scalar(out, n),
                Number::Float(n) => write_scalar(out, n),
            },
        }
    }

    /// The value as JSON text in bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let length = self.length();
        // A little for what must be escaped: a large text would be copied again for the sake of one more byte.
        let mut out = Vec::with_capacity(length + length / 64 + 64);
        self.write(&mut out);
        out
    }

    /// About how long the text will be; without escapes, not much shorter than it is.
    fn length(&self) -> usize {
        match self {
            Value::Null | Value::Invalid(_) => 4,
            Value::Bool(_) => 5,
            Value::Number(_) => 12,
            Value::String(text) => text.len() + 2,
            Value::Vector(vector) => vector.len() * 12,
            Value::Array(items) => items.iter().map(|item| item.length() + 1).sum::<usize>() + 2,
            Value::Object(object) => object.iter().map(|(key, value)| key.len() + value.length() + 4).sum::<usize>() + 2,
        }
    }
}

fn write_scalar<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    // Writing into memory cannot fail, and scalars have no error of their own.
    let written = serde_json::to_writer(Pieces(out), value);
    debug_assert!(written.is_ok());
}

/// Takes text in the small pieces in which serde writes it. Copying one sign by the call that copies memory, as a `Vec` does,
/// takes ten times as long in WebAssembly.
struct Pieces<'o>(&'o mut Vec<u8>);

impl io::Write for Pieces<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece).map(|()| piece.len())
    }

    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        if piece.len() > 24 {
            self.0.extend_from_slice(piece);
        } else {
            piece.iter().for_each(|byte| self.0.push(*byte));
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// As in a sentence: a whole number without its point. By way of JSON, because the standard library's own writer of
/// floats would be a second one in the WebAssembly module.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_i64() {
            Some(whole) => whole.fmt(f),
            None => Value::Number(*self).fmt(f),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}
