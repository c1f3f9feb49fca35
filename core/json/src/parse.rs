//! Text to [`Value`]; an error says where in the document it stands.

use std::borrow::Cow;

use crate::path::write_segment;
use crate::scan::{Fault, Scan};
use crate::{Object, Segment, Value};

/// How deep a document may be nested.
pub const MAX_DEPTH: usize = 120;
const TOO_DEEP: &str = "nested deeper than 120 levels";

/// Why a text is no JSON.
#[derive(Clone, Debug)]
pub struct Broken {
    /// In words, with line and column.
    pub message: String,
    /// How far the reader had come, as a path.
    pub path: String,
}

/// Reads a JSON document. Strings without escapes borrow from `text`.
///
/// # Errors
/// What is not JSON, and where.
pub fn parse(text: &[u8]) -> Result<Value<'_>, Broken> {
    let text = std::str::from_utf8(text)
        .map_err(|e| Broken { message: format!("not UTF-8: byte {} cannot be read", e.valid_up_to()), path: String::new() })?;
    // Editors on Windows still write a byte order mark; JSON has none.
    let mut reader = Reader::new(text.strip_prefix('\u{feff}').unwrap_or(text), true);
    reader.document().ok_or_else(|| reader.broken())
}

/// Whether a text is one JSON document, of whatever depth. Nothing of it is kept.
pub fn is_json(text: &str) -> bool {
    Reader::new(text, false).document().is_some()
}

/// A document on its way to a tree. What stands open is kept on the heap: nobody has bound the depth where no tree is wanted.
struct Reader<'t> {
    scan: Scan<'t>,
    /// The arrays and objects that have begun, from the outside in.
    open: Vec<Open<'t>>,
    /// Of all open arrays, the items so far; an array takes its own when it ends, with the memory it needs.
    items: Vec<Value<'t>>,
    /// The same for objects.
    members: Vec<(Cow<'t, str>, Value<'t>)>,
}

/// What has begun, and how many items or members there were before.
enum Open<'t> {
    Array(usize),
    /// And the key whose value comes next.
    Object(usize, Option<Cow<'t, str>>),
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, keeps: bool) -> Reader<'t> {
        Reader { scan: Scan::new(text, keeps), open: Vec::new(), items: Vec::new(), members: Vec::new() }
    }

    /// The document; `None` at a fault.
    fn document(&mut self) -> Option<Value<'t>> {
        loop {
            let mut value = match self.scan.peek() {
                Some(b'"') => Some(Value::String(self.scan.string()?)),
                Some(b'{') => self.enter(Open::Object(self.members.len(), None))?,
                Some(b'[') => self.enter(Open::Array(self.items.len()))?,
                Some(b'-' | b'0'..=b'9') => Some(self.scan.number()?),
                Some(b't') => Some(self.scan.word("true", Value::Bool(true))?),
                Some(b'f') => Some(self.scan.word("false", Value::Bool(false))?),
                Some(b'n') => Some(self.scan.word("null", Value::Null)?),
                _ => return self.scan.wrong("expected value", "EOF while parsing a value"),
            };
            // The value goes to its place, and so does what ends behind it.
            loop {
                let has_begun = value.is_none();
                if let Some(value) = value.and_then(|value| self.put(value)) {
                    let is_all = self.scan.peek().is_none();
                    return if is_all { Some(value) } else { self.scan.wrong("trailing characters", "") };
                }
                if self.goes_on(has_begun)? {
                    break;
                }
                value = self.leave();
            }
        }
    }

    /// Opens the array or object that is here.
    fn enter(&mut self, open: Open<'t>) -> Option<Option<Value<'t>>> {
        if self.scan.keeps && self.open.len() == MAX_DEPTH {
            return self.scan.wrong(TOO_DEEP, "");
        }
        self.open.push(open);
        self.scan.at += 1;
        Some(None)
    }

    /// Puts a value into what is open; gives it back when nothing is.
    #[inline]
    fn put(&mut self, value: Value<'t>) -> Option<Value<'t>> {
        match self.open.last_mut() {
            None => return Some(value),
            Some(_) if !self.scan.keeps => {}
            Some(Open::Array(_)) => self.items.push(value),
            Some(Open::Object(_, key)) => self.members.push((key.take().unwrap_or_default(), value)),
        }
        None
    }

    /// Goes to the next value of what is open, or to its end: `false`.
    #[inline]
    fn goes_on(&mut self, has_begun: bool) -> Option<bool> {
        let (end, expected, cut_off) = match self.open.last() {
            Some(Open::Object(..)) => (b'}', "expected `,` or `}`", "EOF while parsing an object"),
            _ => (b']', "expected `,` or `]`", "EOF while parsing a list"),
        };
        match self.scan.peek() {
            Some(b',') if !has_begun => {
                self.scan.at += 1;
                if self.scan.peek() == Some(end) {
                    return self.scan.wrong("trailing comma", "");
                }
            }
            Some(byte) if byte == end => return Some(false),
            Some(_) if has_begun => {}
            _ => return self.scan.wrong(expected, cut_off),
        }
        if end == b'}' {
            self.key()?;
        }
        Some(true)
    }

    /// Takes a key and the colon behind it.
    #[inline]
    fn key(&mut self) -> Option<()> {
        if self.scan.peek() != Some(b'"') {
            return self.scan.wrong("key must be a string", "EOF while parsing a value");
        }
        let name = self.scan.string()?;
        if let Some(Open::Object(_, key)) = self.open.last_mut() {
            *key = Some(name);
        }
        if self.scan.peek() != Some(b':') {
            return self.scan.wrong("expected `:`", "EOF while parsing an object");
        }
        self.scan.at += 1;
        Some(())
    }

    /// Closes the array or object that ends here, and gives it.
    fn leave(&mut self) -> Option<Value<'t>> {
        self.scan.at += 1;
        Some(match self.open.pop()? {
            Open::Array(begin) => Value::Array(self.items.split_off(begin)),
            Open::Object(begin, _) => Value::Object(Object(self.members.split_off(begin))),
        })
    }

    /// What is no JSON, in words.
    #[cold]
    #[inline(never)]
    fn broken(&self) -> Broken {
        let mut path = String::new();
        for (at, open) in self.open.iter().enumerate() {
            let segment = match open {
                // Its items end where those of the next array within it begin.
                Open::Array(begin) => {
                    let within = self.open[at + 1..]
                        .iter()
                        .find_map(|open| if let Open::Array(begin) = open { Some(*begin) } else { None });
                    Segment::Index(within.unwrap_or(self.items.len()) - begin)
                }
                Open::Object(_, Some(key)) => Segment::Key(key),
                Open::Object(_, None) => break,
            };
            let written = write_segment(&mut path, at == 0, segment);
            debug_assert!(written.is_ok());
        }
        let Fault { message, at } = self.scan.fault;
        let before = &self.scan.text.as_bytes()[..at];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        Broken { message: format!("not valid JSON: {message} at line {line} column {column}"), path }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    /// The same by serde's reader: the tree, or the sentence.
    fn wanted(text: &str) -> Result<Value<'static>, String> {
        serde_json::from_str::<Value<'static>>(text).map_err(|error| format!("not valid JSON: {error}"))
    }

    fn agrees(text: &str) {
        let read = parse(text.as_bytes()).map_err(|broken| broken.message);
        assert_eq!(read, wanted(text), "{text}");
        assert_eq!(is_json(text), serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
    }

    const ODD: &[&str] = &[
        "",
        " ",
        "nul",
        "nulx",
        "true",
        "truex",
        "falsy",
        "t",
        "\"",
        "\"\\",
        "\"\\u",
        "\"\\u12",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\ud800",
        "\"\\ud800\\",
        "\"\\ud800\\n\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\\ud83d\\ude00\"",
        "\"\\x\"",
        "\"\n\"",
        "\"a\u{1f}\"",
        "\"é\\té\"",
        "0",
        "-0",
        "-",
        "--1",
        "01",
        "-01",
        "1.",
        "1.e1",
        ".5",
        "1e",
        "1e+",
        "1e400",
        "-1e400",
        "1e-400",
        "0e999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "123456789012345678901234567890",
        "0.1234567890123456789012",
        "1e22",
        "1e23",
        "5e-324",
        "1.7976931348623157e308",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[]]",
        "[1]x",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{1:2}",
        "{a:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{,}",
        "[{\"a\":[1,\n\n{\"b\":x}]}]",
        "\u{7f}",
        "é",
        "[1]\n\n é",
    ];

    #[test]
    fn what_is_odd_is_read_and_refused_as_serde_does() {
        ODD.iter().for_each(|text| agrees(text));
    }

    #[test]
    fn a_fault_is_told_with_the_way_to_it() {
        let path = |text: &str| parse(text.as_bytes()).unwrap_err().path;
        assert_eq!(path(r#"{"a":[[1,2],{"b":[3,4,x]}]}"#), "a[1].b[2]");
        assert_eq!(path(r#"{"a":[[1,2],{"b":3 "c":4}]}"#), "a[1]");
        assert_eq!(path(r#"[[[1],[2,3]],4"#), "[2]");
        assert_eq!(path(&format!("{}1", "[".repeat(MAX_DEPTH + 1))), "[0]".repeat(MAX_DEPTH));
        assert!(parse("[".repeat(MAX_DEPTH + 1).as_bytes()).unwrap_err().message.contains(&format!("deeper than {MAX_DEPTH}")));
    }

    #[test]
    fn a_number_beyond_all_numbers_is_refused_behind_it() {
        let broken = parse(b"[1e99999999999999999999]").unwrap_err();
        assert_eq!(
            (broken.message.as_str(), broken.path.as_str()),
            ("not valid JSON: number out of range at line 1 column 23", "[0]")
        );
        assert_eq!(parse(b"[0e99999999999999999999, 1e-99999999999999999999]").unwrap().to_string(), "[0.0,0.0]");
    }

    #[test]
    fn depth_does_not_matter_where_nothing_is_kept() {
        let deep = "[".repeat(200_000);
        assert!(!is_json(&deep) && is_json(&format!("{deep}{}", "]".repeat(200_000))));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

        #[test]
        fn every_text_is_read_or_refused_as_serde_does(
            text in r#"([\[\]{}",:0-9eE.\\ua-f+ \n-]|"[a-z\\]{0,9}"|true|null){0,40}"#,
            word in "\"(\\PC|\\\\[\"\\\\/bfnrtu]){0,60}\"",
            number in "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?",
            float in -2.0..2.0f64,
        ) {
            agrees(&text);
            agrees(&word);
            agrees(&number);
            // Sixteen or seventeen digits, and what lies near them.
            agrees(&float.to_string());
            agrees(&format!("{float:.18}"));
            agrees(&format!("[{number},{{{word}:{number}}}, {word} ]"));
        }
    }
}
