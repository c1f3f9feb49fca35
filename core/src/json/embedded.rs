//! Text to [`Value`], with the vectors that stand in it as vectors: no tree of their numbers is built on the way.

use tramontane_json::{base64, floats};

use super::{Dtype, Object, Value, Vector, parse};
use crate::error::{Error, ErrorKind, Result};

/// How many numbers the first vector is expected to have.
const EXPECTED: usize = 1024;

/// What stands in the text in the place of a vector: no text of an API begins with a NUL.
const MARK: &str = "\0vector ";

/// Reads a JSON document in which the members `key` are vectors: arrays of numbers, or base64 of their bytes, least byte
/// first. Without a `dtype` numbers are read as floats, which hold every smaller number as it is.
///
/// A member that is neither stays what it is.
///
/// # Errors
/// `invalid_request` as [`parse`]'s, `decode` for text at a member that is no base64, or whose bytes do not come out even.
pub fn parse_with_vectors(text: &[u8], key: &str, dtype: Option<Dtype>) -> Result<Value<'static>> {
    let mut cut = Cut { rest: Vec::with_capacity(1024), vectors: Vec::new(), dtype };
    cut.read(text, &format!("\"{key}\""))?;
    let mut value = match parse(&cut.rest) {
        Ok(value) => value.into_owned(),
        // Says where in the text it is that came.
        Err(error) => return Err(parse(text).err().unwrap_or(error)),
    };
    place(&mut value, key, &cut)?;
    Ok(value)
}

/// A text, taken apart.
struct Cut {
    /// Everything but the vectors.
    rest: Vec<u8>,
    vectors: Vec<Vector>,
    dtype: Option<Dtype>,
}

impl Cut {
    fn read(&mut self, text: &[u8], key: &str) -> Result<()> {
        let (mut done, mut from) = (0, 0);
        while let Some(found) = memchr::memchr(b'"', &text[from..]) {
            let begin = from + found;
            // A quote inside a string has a backslash before it.
            if !text[begin..].starts_with(key.as_bytes()) || (begin > 0 && text[begin - 1] == b'\\') {
                from = begin + 1;
                continue;
            }
            from = begin + key.len();
            let colon = floats::blank(text, from);
            if text.get(colon) != Some(&b':') {
                continue;
            }
            let value = floats::blank(text, colon + 1);
            let Some((vector, behind)) = self.vector(text, value)? else { continue };
            self.rest.extend_from_slice(&text[done..value]);
            self.rest.extend_from_slice(format!("\"\\u0000{}{}\"", &MARK[1..], self.vectors.len()).as_bytes());
            self.vectors.push(vector);
            (done, from) = (behind, behind);
        }
        self.rest.extend_from_slice(&text[done..]);
        Ok(())
    }

    /// The vector that begins at a place, and the place behind it.
    fn vector(&self, text: &[u8], at: usize) -> Result<Option<(Vector, usize)>> {
        match text.get(at) {
            Some(b'[') => {
                let expected = self.vectors.last().map_or(EXPECTED, Vector::len);
                Ok(floats::array(text, at, expected).map(|(numbers, behind)| (self.typed(numbers), behind)))
            }
            Some(b'"') => {
                let Some(length) = memchr::memchr2(b'"', b'\\', &text[at + 1..]) else { return Ok(None) };
                let end = at + 1 + length;
                // With an escape it is read as any other text, below.
                if text[end] == b'\\' {
                    return Ok(None);
                }
                Ok(Some((self.decoded(&text[at + 1..end])?, end + 1)))
            }
            _ => Ok(None),
        }
    }

    /// Numbers as what was asked for; as floats where they do not fit it.
    fn typed(&self, numbers: Vec<f32>) -> Vector {
        let dtype = self.dtype.unwrap_or_default();
        let (least, most) = match dtype {
            Dtype::Float => return numbers.into(),
            Dtype::Int8 | Dtype::Binary => (-128.0, 127.0),
            Dtype::Uint8 | Dtype::Ubinary => (0.0, 255.0),
        };
        if !numbers.iter().all(|number| number.fract() == 0.0 && (least..=most).contains(number)) {
            return numbers.into();
        }
        // Of a number below nought the byte is that of its two's complement.
        let bytes: Vec<u8> = numbers.iter().map(|number| *number as i16 as u8).collect();
        Vector::from_bytes(dtype, &bytes).unwrap_or_else(|| numbers.into())
    }

    fn decoded(&self, text: &[u8]) -> Result<Vector> {
        let refuse = |what: &str| Err(Error::new(ErrorKind::Decode, format!("a vector is {what}")));
        let dtype = self.dtype.unwrap_or_default();
        let Some(bytes) = base64::decode(text) else { return refuse("text that is no base64") };
        match Vector::from_bytes(dtype, &bytes) {
            Some(vector) => Ok(vector),
            None => refuse(&format!("{} bytes of base64, and a float has 4", bytes.len())),
        }
    }
}

/// Puts the vectors in their places.
fn place(value: &mut Value<'static>, key: &str, cut: &Cut) -> Result<()> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| place(item, key, cut)),
        Value::Object(object) => members(object, key, cut),
        _ => Ok(()),
    }
}

fn members(object: &mut Object<'static>, key: &str, cut: &Cut) -> Result<()> {
    for (name, member) in object.iter_mut() {
        match member {
            Value::String(text) if name == key => {
                let index = text.strip_prefix(MARK).and_then(|index| index.parse::<usize>().ok());
                let vector = match index.and_then(|index| cut.vectors.get(index)) {
                    Some(vector) => vector.clone(),
                    None => cut.decoded(text.as_bytes())?,
                };
                *member = Value::Vector(vector);
            }
            other => place(other, key, cut)?,
        }
    }
    Ok(())
}
