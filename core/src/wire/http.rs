//! HTTP as values: what is sent and what came back. May import `json` and `error`.

use crate::error::{Error, ErrorKind, Result};
use crate::json::Value;

/// What a protocol makes of a request: everything but the host, the key and what every JSON request has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HttpRequest<'a> {
    /// The method.
    pub method: &'static str,
    /// The path below the base URL, with its leading slash and the parameters behind it.
    pub path: String,
    /// What the sender wants back.
    pub accept: &'static str,
    /// The JSON body, or the fields of a form; `null` when there is none.
    pub body: Value<'a>,
}

/// What came back. Header names are in lower case.
#[derive(Clone, Debug, Default)]
pub struct HttpResponse<'r> {
    /// The status.
    pub status: u16,
    /// The headers, in their order.
    pub headers: Vec<(&'r str, &'r str)>,
    /// The body, whole.
    pub body: &'r [u8],
    /// Seconds since 1970, where there is a clock: for a `retry-after` that is a date and a server that does not say its own time.
    pub now: Option<i64>,
}

impl<'r> HttpResponse<'r> {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&'r str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// A base URL that requests can be sent to: `http` or `https`, a host, no credential, no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(String);

impl BaseUrl {
    /// Reads a base URL; a slash at its end is dropped.
    ///
    /// # Errors
    /// `configuration`. The error shows the URL only where it cannot hold a password.
    pub(crate) fn new(text: &str) -> Result<BaseUrl> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::Configuration, format!("the base URL {why}")).with_path("base_url"));
        if text.is_empty() {
            return refuse("is empty; write it as `https://api.mistral.ai`");
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return refuse("holds a space, a control character or a letter beyond ASCII; write it as `https://api.mistral.ai`");
        }
        let lower = text.to_ascii_lowercase();
        let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) else {
            return refuse("has no scheme; write it as `https://api.mistral.ai`");
        };
        let is_end = |b: u8| matches!(b, b'/' | b'?' | b'#');
        let authority = &rest[..rest.bytes().position(is_end).unwrap_or(rest.len())];
        if authority.bytes().any(|b| b == b'@') {
            return refuse("holds a user name or a password; give the key to the client instead");
        }
        if rest.bytes().any(|b| matches!(b, b'?' | b'#')) {
            return refuse("holds a query or a fragment; use `extra_query` for parameters");
        }
        if !is_host_and_port(authority) {
            return refuse("has no host that can be read; write it as `https://api.mistral.ai`");
        }
        let scheme_and_host = text.len() - rest.len() + authority.len();
        let path = text[scheme_and_host..].trim_end_matches('/');
        Ok(BaseUrl(format!("{}{path}", &lower[..scheme_and_host])))
    }

    /// The URL of a path. A base that ends with the path's own version (`…/v1` and `/v1/chat/completions`) is not doubled.
    pub(crate) fn join(&self, path: &str) -> String {
        let version = &path[1..];
        let version = &version[..version.bytes().position(|b| matches!(b, b'/' | b'?')).unwrap_or(version.len())];
        match self.0.strip_suffix(version) {
            Some(base) if base.ends_with('/') && !base.ends_with("//") => format!("{}{path}", &base[..base.len() - 1]),
            _ => format!("{}{path}", self.0),
        }
    }
}

fn is_host_and_port(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => match v6.split_once(']') {
            Some((host, rest)) if host.bytes().all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.') => (host, rest),
            _ => return false,
        },
        None => {
            let at = authority.find(':').unwrap_or(authority.len());
            let (host, port) = authority.split_at(at);
            if !host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
                return false;
            }
            (host, port)
        }
    };
    let port_fits = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| port.parse::<u64>().is_ok_and(|port| (1..=65535).contains(&port)));
    !host.is_empty() && port_fits
}

/// Appends a query parameter to a URL, encoded.
pub(crate) fn add_parameter(url: &mut String, name: &str, value: &str) {
    url.push(if url.bytes().any(|b| b == b'?') { '&' } else { '?' });
    encode(url, name);
    url.push('=');
    encode(url, value);
}

/// Appends text as it may stand in one step of a path, or in a parameter.
pub(crate) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_that_work() {
        let joined = |base: &str| BaseUrl::new(base).unwrap().join("/v1/chat/completions");
        assert_eq!(joined("https://api.mistral.ai"), "https://api.mistral.ai/v1/chat/completions");
        assert_eq!(joined("HTTPS://API.mistral.ai//"), "https://api.mistral.ai/v1/chat/completions");
        assert_eq!(joined("http://127.0.0.1:8080/Proxy/"), "http://127.0.0.1:8080/Proxy/v1/chat/completions");
        assert_eq!(joined("https://api.mistral.ai/v1"), "https://api.mistral.ai/v1/chat/completions");
        assert_eq!(joined("https://host/xv1"), "https://host/xv1/v1/chat/completions");
        assert_eq!(joined("https://v1"), "https://v1/v1/chat/completions");
        assert_eq!(joined("http://[::1]:80"), "http://[::1]:80/v1/chat/completions");
    }

    #[test]
    fn base_urls_that_do_not() {
        let why = |base: &str| BaseUrl::new(base).unwrap_err().to_string();
        insta::assert_snapshot!(why("api.mistral.ai"), @"the base URL has no scheme; write it as `https://api.mistral.ai` (at `base_url`)");
        insta::assert_snapshot!(why("https://me:secret@host"), @"the base URL holds a user name or a password; give the key to the client instead (at `base_url`)");
        insta::assert_snapshot!(why("https://host?x=1"), @"the base URL holds a query or a fragment; use `extra_query` for parameters (at `base_url`)");
        insta::assert_snapshot!(why(""), @"the base URL is empty; write it as `https://api.mistral.ai` (at `base_url`)");
        for base in [
            "https://",
            "https://:80",
            "https://host:99999",
            "https://h ost",
            "ftp://host",
            "https://host:",
            "https://[::1",
            "file:///etc",
        ] {
            assert!(BaseUrl::new(base).is_err(), "{base}");
        }
    }

    #[test]
    fn query_parameters_are_encoded() {
        let mut url = "https://host/path".to_owned();
        add_parameter(&mut url, "a b", "c&d");
        add_parameter(&mut url, "é", "1");
        assert_eq!(url, "https://host/path?a%20b=c%26d&%C3%A9=1");
    }
}
