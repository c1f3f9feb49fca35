//! Answers with vectors: their text, and beside it the bytes of all vectors in one piece.

use napi::bindgen_prelude::Buffer;
use tramontane::json::{Object, Value};

use crate::failure;

/// The key of what stands in the text in the place of a vector; the façade has the same. No key of an API begins with a NUL.
const MARK: &str = "\0vector";

/// The text of an answer. In the place of each vector stands `{MARK: [dtype, place in the bytes, count]}`.
pub fn text(mut data: Value<'static>) -> (String, Option<Buffer>) {
    let mut bytes = Vec::new();
    let found = take(&mut data, &mut bytes);
    (failure::text(&data), found.then(|| bytes.into()))
}

/// Moves the vectors out of a tree; whether there were any.
fn take(value: &mut Value<'static>, bytes: &mut Vec<u8>) -> bool {
    match value {
        Value::Vector(vector) => {
            // A view of floats begins at a multiple of four.
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            let place = [vector.dtype().name().into(), (bytes.len() as u64).into(), (vector.len() as u64).into()];
            vector.write_bytes(bytes);
            *value = Object::from_iter([(MARK, Value::Array(place.into()))]).into();
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, item| take(item, bytes) | found),
        Value::Object(object) => object.iter_mut().fold(false, |found, (_, member)| take(member, bytes) | found),
        _ => false,
    }
}
