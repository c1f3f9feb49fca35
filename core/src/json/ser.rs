//! Anything serialisable to [`Value`], or to text.

use serde::Serialize;

use super::Value;
use crate::error::Result;

/// Turns a serialisable value into a tree.
///
/// # Errors
/// When its `Serialize` fails.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value<'static>> {
    let mut text = Vec::with_capacity(256);
    write(&mut text, value)?;
    super::parse(&text).map(Value::into_owned)
}

/// Writes a serialisable value as JSON text behind what is in `out`.
///
/// # Errors
/// When its `Serialize` fails.
pub fn write<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<()> {
    serde_json::to_writer(out, value)
        .map_err(|e| crate::Error::new(crate::ErrorKind::Internal, format!("cannot be written as JSON: {e}")))
}
