//! What an HTTP answer says before its body is understood: kind by status, rate limits, how long to wait, whose page it is.
//! Shared by all protocols. May import `date`, `error` and `within`.

use std::time::Duration;

use super::http::HttpResponse;
use crate::date::Date;
use crate::error::{Error, ErrorKind};
use crate::json::Map;
use crate::within::{contains, find};

/// How much of an error's body is kept.
pub(crate) const MAX_BODY: usize = 64 << 10;

/// The statuses after which the same request may succeed.
const RETRYABLE: &[u16] = &[408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529];

/// The kind of error that a status means, when nothing else is known.
pub(crate) fn kind_of(status: u16) -> ErrorKind {
    let row = ErrorKind::ALL.iter().find(|kind| kind.statuses().contains(&status));
    row.copied().unwrap_or(match status {
        // A proxy wants its own credential; the provider never saw the request.
        407 => ErrorKind::Connection,
        400..=499 => ErrorKind::BadRequest,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Decode,
    })
}

/// Whether a repetition may cure it: the kind's row, narrowed to the statuses that are known to pass.
pub(crate) fn is_retryable(kind: ErrorKind, status: u16) -> bool {
    kind.is_retryable() && RETRYABLE.contains(&status)
}

/// An error with everything that the status and the headers say.
pub(crate) fn error(kind: ErrorKind, message: String, provider: &str, reply: &HttpResponse<'_>) -> Error {
    Error::new(kind, bounded(message)).with(|error| {
        error.provider = Some(provider.to_owned());
        error.status = Some(reply.status);
        error.request_id = request_id(reply);
        error.retry_after = retry_after(reply);
        error.retryable = is_retryable(kind, reply.status);
        error.body = body_text(reply.body);
    })
}

/// The id under which the provider knows the request.
pub(crate) fn request_id(reply: &HttpResponse<'_>) -> Option<String> {
    const NAMES: &[&str] = &["mistral-correlation-id", "x-kong-request-id", "x-request-id", "request-id", "apim-request-id"];
    NAMES.iter().find_map(|name| reply.header(name)).filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Every rate-limit header whose value is a whole number, by what follows `x-ratelimit-`. The names of 2025
/// (`ratelimitbysize-limit`) keep their `bysize-`.
pub(crate) fn rate_limit(reply: &HttpResponse<'_>) -> Map<u64> {
    let entry = |(name, value): &(&str, &str)| {
        let name = name.to_ascii_lowercase();
        let rest = name.strip_prefix("x-").unwrap_or(&name).strip_prefix("ratelimit")?;
        let key = rest.strip_prefix('-').or_else(|| rest.starts_with("bysize-").then_some(rest))?;
        Some((key.to_owned(), value.trim().parse().ok()?))
    };
    reply.headers.iter().filter_map(entry).collect()
}

/// How long the server asks to wait: `retry-after-ms`, then `retry-after` in seconds or as a date. A date is measured
/// against the server's own clock (its `date` header), and only without one against ours.
pub(crate) fn retry_after(reply: &HttpResponse<'_>) -> Option<Duration> {
    if let Some(millis) = reply.header("retry-after-ms").and_then(decimal_seconds) {
        return Some(millis / 1000);
    }
    let text = reply.header("retry-after")?;
    if let Some(seconds) = decimal_seconds(text) {
        return Some(seconds);
    }
    let until = http_date(text)?;
    let now = reply.header("date").and_then(http_date).or(reply.now)?;
    Some(Duration::from_secs(u64::try_from(until - now).unwrap_or(0)))
}

/// `12` or `12.5`, below a thousand million. Read digit by digit: the parser of floats brings ten kilobytes of tables.
fn decimal_seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || whole.len() > 9 {
        return None;
    }
    let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |digit| u32::from(digit - b'0'));
    Some(Duration::new(whole.parse().ok()?, (0..9).fold(0, |nanos, at| nanos * 10 + digit(at))))
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the one form of date that servers send today.
fn http_date(text: &str) -> Option<i64> {
    const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split([' ', ':']);
    let mut next = || parts.next().unwrap_or_default();
    let number = |text: &str, most: i64| text.parse::<u64>().ok().and_then(|n| i64::try_from(n).ok()).filter(|n| *n <= most);
    if !next().ends_with(',') {
        return None;
    }
    let day = number(next(), 31)?;
    let name = next();
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    let date = Date::new(number(next(), 9999)? as i16, month as u8, day as u8)?;
    let (hours, minutes, seconds) = (number(next(), 60)?, number(next(), 60)?, number(next(), 60)?);
    let is_whole = next() == "GMT" && parts.next().is_none();
    is_whole.then(|| date.to_days() * 86_400 + hours * 3600 + minutes * 60 + seconds)
}

/// What a body is that is not the API's JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// Nothing.
    Empty,
    /// A page, with its title and whose it is, as far as it says.
    Html {
        /// The page's title.
        title: Option<String>,
        /// `Cloudflare`, when it is theirs.
        sender: Option<&'static str>,
    },
    /// Text, in its first line.
    Text(String),
    /// Bytes that are no text.
    Binary,
}

impl Foreign {
    /// Looks at a body that is no JSON object.
    pub(crate) fn of(reply: &HttpResponse<'_>) -> Foreign {
        let start = &reply.body[..reply.body.len().min(MAX_BODY)];
        let Ok(text) = std::str::from_utf8(start).or_else(|e| match e.error_len() {
            // Only cut off at the bound.
            None => std::str::from_utf8(&start[..e.valid_up_to()]),
            Some(_) => Err(e),
        }) else {
            return Foreign::Binary;
        };
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Foreign::Empty;
        }
        let is_html = reply.header("content-type").is_some_and(|kind| contains(&kind.to_ascii_lowercase(), "html"));
        if is_html || text.starts_with('<') {
            return html(text, reply);
        }
        if text.bytes().any(|b| b == 0) { Foreign::Binary } else { Foreign::Text(first_line(text, 300)) }
    }

    /// What it is, and what not, to stand after "the answer is".
    pub(crate) fn describe(&self, wanted: &str) -> String {
        match self {
            Foreign::Empty => "empty".to_owned(),
            Foreign::Binary => format!("binary data, not {wanted}"),
            Foreign::Text(text) => format!("plain text, not {wanted}: `{text}`"),
            Foreign::Html { title, sender } => {
                let whose = sender.map(|sender| format!(" of {sender}")).unwrap_or_default();
                let title = title.as_ref().map(|title| format!(" with the title `{title}`")).unwrap_or_default();
                format!("an HTML page{whose}{title}, not {wanted}")
            }
        }
    }
}

fn html(text: &str, reply: &HttpResponse<'_>) -> Foreign {
    let lower = text.to_ascii_lowercase();
    let title = find(&lower, "<title").and_then(|open| {
        let start = open + find(&lower[open..], ">")? + 1;
        let end = start + find(&lower[start..], "</title")?;
        Some(first_line(text[start..end].trim(), 120)).filter(|title| !title.is_empty())
    });
    let by_header = reply.header("server").is_some_and(|server| server.eq_ignore_ascii_case("cloudflare"));
    let sender = (by_header || contains(&lower, "cloudflare")).then_some("Cloudflare");
    Foreign::Html { title, sender }
}

/// A server's text, at most 8 KiB of it: the rest stands in the body.
pub(crate) fn bounded(mut text: String) -> String {
    const MOST: usize = 8 << 10;
    if text.len() > MOST {
        text.truncate((0..=MOST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0));
        text.push('…');
    }
    text
}

/// The first line of a text, shortened, without control characters.
pub(crate) fn first_line(text: &str, most: usize) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    let mut short: String = line.chars().filter(|c| !c.is_control()).take(most).collect();
    if line.chars().count() > most {
        short.push('…');
    }
    short
}

/// A body as text, at most [`MAX_BODY`] of it; `None` when it is empty.
pub(crate) fn body_text(body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    let mut text = String::from_utf8_lossy(&body[..body.len().min(MAX_BODY)]).into_owned();
    if body.len() > MAX_BODY {
        // The cut may have gone through a character.
        while text.ends_with('\u{fffd}') || text.len() > MAX_BODY {
            text.pop();
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply<'r>(status: u16, headers: &[(&'r str, &'r str)], body: &'r str) -> HttpResponse<'r> {
        HttpResponse { status, headers: headers.to_vec(), body: body.as_bytes(), now: Some(1_795_219_200) }
    }

    #[test]
    fn every_status_of_the_table_means_its_kind() {
        for kind in ErrorKind::ALL {
            for status in kind.statuses() {
                assert_eq!(kind_of(*status), *kind);
            }
        }
        assert_eq!(kind_of(418), ErrorKind::BadRequest);
        assert_eq!(kind_of(501), ErrorKind::Server);
        assert!(!is_retryable(ErrorKind::Server, 501));
        assert!(is_retryable(ErrorKind::Server, 520));
        assert!(!is_retryable(ErrorKind::Quota, 429));
    }

    #[test]
    fn a_wait_is_given_in_four_ways() {
        let wait = |headers: &[(&str, &str)]| retry_after(&reply(429, headers, "")).map(|wait| wait.as_millis());
        assert_eq!(wait(&[("retry-after-ms", "1500"), ("retry-after", "9")]), Some(1500));
        assert_eq!(wait(&[("Retry-After", " 3 ")]), Some(3000));
        assert_eq!(wait(&[("retry-after", "Sat, 21 Nov 2026 00:01:00 GMT")]), Some(60_000));
        let dated = [("retry-after", "Sat, 21 Nov 2026 00:01:00 GMT"), ("date", "Sat, 21 Nov 2026 00:00:55 GMT")];
        assert_eq!(wait(&dated), Some(5000));
        assert_eq!(wait(&[("retry-after", "Sat, 21 Nov 2020 00:01:00 GMT")]), Some(0));
        for nonsense in ["soon", "-1", "NaN", "inf", "1e300", "Sat, 99 Nov 2026 00:00:00 GMT", "Sat, 21 Nov 2026 00:00 GMT", ""] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
    }

    #[test]
    fn rate_limits_are_read_by_their_form() {
        let limits = rate_limit(&reply(
            200,
            &[
                ("X-RateLimit-Limit-Req-Minute", "60"),
                ("x-ratelimit-limit-tokens-5-minute", "1000"),
                ("x-ratelimit-tokens-query-cost", "257"),
                ("ratelimitbysize-remaining", "7"),
                ("x-ratelimitbysize-limit-month", "8"),
                ("x-ratelimit-reset-requests", "1m26s"),
                ("x-ratelimited", "1"),
            ],
            "",
        ));
        let shown: Vec<String> = limits.iter().map(|(key, value)| format!("{key}={value}")).collect();
        insta::assert_snapshot!(shown.join(" "), @"bysize-limit-month=8 bysize-remaining=7 limit-req-minute=60 limit-tokens-5-minute=1000 tokens-query-cost=257");
    }

    #[test]
    fn a_foreign_body_is_named() {
        let named = |headers: &[(&str, &str)], body: &str| Foreign::of(&reply(502, headers, body)).describe("JSON");
        insta::assert_snapshot!(named(&[], " \n"), @"empty");
        insta::assert_snapshot!(named(&[], "upstream connect error\nmore"), @"plain text, not JSON: `upstream connect error`");
        insta::assert_snapshot!(named(&[("server", "cloudflare")], "<!DOCTYPE html><title>520: Web server</title>"), @"an HTML page of Cloudflare with the title `520: Web server`, not JSON");
        insta::assert_snapshot!(named(&[("content-type", "text/html")], "Sign in to the network"), @"an HTML page, not JSON");
        insta::assert_snapshot!(named(&[], "a\0b"), @"binary data, not JSON");
    }

    #[test]
    fn a_body_is_cut_at_a_character() {
        let long = "é".repeat(MAX_BODY);
        let kept = body_text(&long.as_bytes()[1..]).unwrap();
        assert!(kept.len() <= MAX_BODY && kept.ends_with('é'));
    }
}
