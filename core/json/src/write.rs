//! [`Value`] to text.

use std::fmt;

use crate::scan::special_from;
use crate::{Number, Value, digits};

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
                    string(out, key);
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
            Value::String(text) => string(out, text),
            Value::Vector(vector) => vector.write(out),
            Value::Invalid(_) | Value::Null => out.extend_from_slice(b"null"),
            Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
            Value::Number(n) => number(out, *n),
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

/// Writes a text in quotes.
pub fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let (bytes, mut done) = (text.as_bytes(), 0);
    loop {
        let end = special_from(bytes, done);
        plain(out, &bytes[done..end]);
        let Some(byte) = bytes.get(end) else { break };
        escape(out, *byte);
        done = end + 1;
    }
    out.push(b'"');
}

/// Copying a few signs by the call that copies memory takes ten times as long in WebAssembly.
fn plain(out: &mut Vec<u8>, text: &[u8]) {
    if text.len() > 24 {
        out.extend_from_slice(text);
    } else {
        text.iter().for_each(|byte| out.push(*byte));
    }
}

#[cold]
#[inline(never)]
fn escape(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        12 => b'f',
        b'\r' => b'r',
        _ => b'u',
    };
    out.extend_from_slice(&[b'\\', letter]);
    if letter == b'u' {
        // Below the blank, so the first of the last two figures is 0 or 1.
        out.extend_from_slice(&[b'0', b'0', b'0' + byte / 16, b"0123456789abcdef"[usize::from(byte % 16)]]);
    }
}

/// Writes a number; what is none becomes `null`.
pub fn number(out: &mut Vec<u8>, number: Number) {
    match number {
        Number::Int(n) => digits::signed(out, n),
        Number::UInt(n) => digits::unsigned(out, n),
        Number::Float(n) if n.is_finite() => digits::double(out, n),
        Number::Float(_) => out.extend_from_slice(b"null"),
    }
}

/// Writes a number of 32 bits as `number` does.
pub fn single(out: &mut Vec<u8>, number: f32) {
    if number.is_finite() {
        digits::single(out, number);
    } else {
        out.extend_from_slice(b"null");
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
        let text = self.to_bytes();
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}
