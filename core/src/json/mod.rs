//! A JSON tree that borrows, and what this crate does with it.
//!
//! The tree itself, its text and its paths stand in the crate `tramontane-json`. May import nothing of this crate but `error`,
//! `date` and `suggest`.

mod de;
mod embedded;
mod fields;
mod map;
mod ser;
mod text;

use crate::error::{Error, ErrorKind, Result};

pub use de::from_value;
pub(crate) use de::or_default;
pub use embedded::parse_with_vectors;
pub use fields::Fields;
pub use map::{Map, Texts};
pub use ser::{to_value, write};
pub(crate) use tramontane_json::is_json;
pub use tramontane_json::{Dtype, MAX_DEPTH, Number, Numbers, Object, Path, PathBuf, Segment, Value, Vector};

/// Reads a JSON document. Strings without escapes borrow from `text`.
///
/// ```
/// let value = tramontane::json::parse(br#"{"model": "mistral-small-2603"}"#)?;
/// assert_eq!(value.get("model").and_then(|m| m.as_str()), Some("mistral-small-2603"));
/// # Ok::<(), tramontane::Error>(())
/// ```
///
/// # Errors
/// `invalid_request` with the path, line and column of what is not JSON.
pub fn parse(text: &[u8]) -> Result<Value<'_>> {
    tramontane_json::parse(text).map_err(|broken| Error::new(ErrorKind::InvalidRequest, broken.message).with_path(broken.path))
}

/// Reads an operation's parameter out of the data that crossed the border.
pub trait FromValue<'a>: Sized {
    /// Reads it; strict about names.
    ///
    /// # Errors
    /// `invalid_request` with the path of what does not fit.
    fn from_value(value: Value<'a>) -> Result<Self>;
}
