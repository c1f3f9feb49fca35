//! A key that cannot be printed.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Result};

/// The length of the shortest key that is looked for in texts.
const SHORTEST: usize = 8;

/// A credential. Its `Debug` and `Display` show `***`, it has no `Serialize`, and its memory is overwritten when it goes.
///
/// ```
/// let key = tramontane::secret::Secret::new("  abc\n")?;
/// assert_eq!(format!("{key:?} {key}"), "*** ***");
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a key; white space around it is trimmed.
    ///
    /// # Errors
    /// `configuration` when it is empty or holds a control or non-ASCII character. The error never shows the key.
    pub fn new(key: impl Into<String>) -> Result<Secret> {
        let key = Secret(Zeroizing::new(key.into()));
        let trimmed = key.0.trim();
        if trimmed.is_empty() {
            return Err(Error::new(ErrorKind::Configuration, "the API key is empty"));
        }
        if let Some(at) = trimmed.chars().position(|c| !c.is_ascii_graphic()) {
            return Err(Error::new(
                ErrorKind::Configuration,
                format!("the API key holds a character that no key has, at position {at}; copy it again, without line breaks"),
            ));
        }
        Ok(Secret(Zeroizing::new(trimmed.to_owned())))
    }

    /// Whether a text repeats the key. A key of a few letters is not looked for: it stands in every text.
    pub fn stands_in(&self, text: &str) -> bool {
        self.0.len() >= SHORTEST && text.contains(self.0.as_str())
    }

    /// Puts `***` where a text repeats the key: for texts that a server wrote.
    ///
    /// ```
    /// let key = tramontane::secret::Secret::new("sk-example-key")?;
    /// let mut text = "wrong key sk-example-key".to_owned();
    /// key.strike(&mut text);
    /// assert_eq!(text, "wrong key ***");
    /// # Ok::<(), tramontane::Error>(())
    /// ```
    pub fn strike(&self, text: &mut String) {
        if self.stands_in(text) {
            *text = text.replace(self.0.as_str(), "***");
        }
    }

    /// The key itself. Only `wire::auth` may call this.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
