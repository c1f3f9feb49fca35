//! A model's name as a type: the known ones as constants, every other one possible.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use crate::suggest::shown;

/// The name of a model: not empty, without white space at its ends and without control characters.
///
/// The models that are served have constants; any other name is made by [`ModelId::new`].
///
/// ```
/// use tramontane::catalogue::ModelId;
/// assert_eq!(ModelId::MISTRAL_SMALL_2603.as_str(), "mistral-small-2603");
/// let younger: ModelId = "mistral-small-2703".parse()?;
/// assert_eq!(younger.to_string(), "mistral-small-2703");
/// assert!(ModelId::new("mistral-small\n").is_err());
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ModelId(Cow<'static, str>);

impl ModelId {
    /// A name that is not in the catalogue, or not known to be.
    ///
    /// # Errors
    /// `invalid_request` for an empty name and for characters that no name has.
    pub fn new(name: impl Into<String>) -> Result<ModelId> {
        let name = name.into();
        if name.is_empty() || name.trim() != name || name.chars().any(char::is_control) {
            let error = Error::new(ErrorKind::InvalidRequest, format!("{} is no model name", shown(&name)));
            return Err(error.with_hint("it has white space at an end, control characters, or nothing at all"));
        }
        Ok(ModelId(Cow::Owned(name)))
    }

    pub(crate) const fn known(name: &'static str) -> ModelId {
        ModelId(Cow::Borrowed(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ModelId {
    type Err = Error;
    fn from_str(name: &str) -> Result<ModelId> {
        ModelId::new(name)
    }
}

impl AsRef<str> for ModelId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<ModelId> for String {
    fn from(id: ModelId) -> String {
        id.0.into_owned()
    }
}
