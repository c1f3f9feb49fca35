//! Anything serialisable to [`Value`].

use serde::Serialize;

use super::Value;
use crate::error::Result;

/// Turns a serialisable value into a tree.
///
/// # Errors
/// When its `Serialize` fails.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value<'static>> {
    let text = serde_json::to_vec(value)
        .map_err(|e| crate::Error::new(crate::ErrorKind::Internal, format!("cannot be written as JSON: {e}")))?;
    super::parse(&text).map(Value::into_owned)
}
