//! [`Value`] to anything deserialisable.

use serde::de::DeserializeOwned;

use super::Value;
use crate::error::{Error, ErrorKind, Result};

/// Reads a typed value out of a tree.
///
/// # Errors
/// `invalid_request` with what does not fit.
pub fn from_value<T: DeserializeOwned>(value: &Value<'_>) -> Result<T> {
    serde_json::from_slice(&value.to_bytes()).map_err(|e| Error::new(ErrorKind::InvalidRequest, e.to_string()))
}
