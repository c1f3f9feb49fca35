//! A proxy's URL, which may hold a password.

use std::fmt;

use super::transport::Url;
use crate::error::{Error, ErrorKind, Result};

/// A proxy: `http://host:port`, `https://…` or `socks5://…`, with `user:password@` where it asks for them. Its `Debug`
/// and `Display` show neither user nor password.
///
/// ```
/// use tramontane::client::Proxy;
/// let proxy = Proxy::new("http://me:hidden@proxy.example:3128")?;
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128");
/// # Ok::<(), tramontane::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(String);

impl Proxy {
    /// Reads a proxy's URL.
    ///
    /// # Errors
    /// `configuration` when it is none. The error does not show it.
    pub fn new(url: impl Into<String>) -> Result<Proxy> {
        let url = url.into();
        let parsed = Url::parse(&url).map_err(|_| unusable("is no URL; write it as `http://proxy.example:3128`"))?;
        if !matches!(parsed.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h") {
            return Err(unusable("has to begin with `http`, `https` or `socks5`"));
        }
        if parsed.host_str().is_none_or(str::is_empty) {
            return Err(unusable("has no host"));
        }
        Ok(Proxy(url))
    }

    pub(super) fn url(&self) -> &str {
        &self.0
    }
}

pub(super) fn unusable(why: &str) -> Error {
    Error::new(ErrorKind::Configuration, format!("the proxy {why}")).with_path("proxy")
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Url::parse(&self.0) {
            Ok(url) => {
                write!(f, "{}://{}", url.scheme(), url.host_str().unwrap_or_default())?;
                url.port().map_or(Ok(()), |port| write!(f, ":{port}"))
            }
            Err(_) => f.write_str("***"),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}
