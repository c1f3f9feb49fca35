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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        Reader { scan: Scan::new(text), items: Vec::new(), members: Vec::with_capacity(16), depth: 0, way: Vec::new() };
    reader.document().map_err(|fault| reader.broken(&fault))
}

/// Whether a text is one JSON document, of whatever depth. Nothing of it is kept.
#[inline(never)]
pub fn is_json(text: &str) -> bool {
    let mut scan = Scan::new(text);
    skip(&mut scan).is_ok() && scan.peek().is_none()
}

/// A document on its way to a tree.
struct Reader<'t> {
    scan: Scan<'t>,
    /// Of all arrays that have begun, the items so far; an array takes its own when it ends, with the memory it needs.
    items: Vec<Value<'t>>,
    /// The same for objects.
    members: Vec<(Cow<'t, str>, Value<'t>)>,
    depth: usize,
    /// The way to a fault, from the inside out.
    way: Vec<Step<'t>>,
}

enum Step<'t> {
    Key(Cow<'t, str>),
    Index(usize),
}

type Answer<T> = Result<T, Fault>;

impl<'t> Reader<'t> {
    fn document(&mut self) -> Answer<Value<'t>> {
        let value = self.value()?;
        match self.scan.peek() {
            None => Ok(value),
            Some(_) => Err(self.scan.fault("trailing characters")),
        }
    }

    fn value(&mut self) -> Answer<Value<'t>> {
        match self.scan.peek() {
            Some(b'"') => self.scan.string().map(Value::String),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'-' | b'0'..=b'9') => self.scan.number(),
            Some(b't') => self.scan.word("true").map(|()| Value::Bool(true)),
            Some(b'f') => self.scan.word("false").map(|()| Value::Bool(false)),
            Some(b'n') => self.scan.word("null").map(|()| Value::Null),
            Some(_) => Err(self.scan.fault("expected value")),
            None => Err(self.scan.fault("EOF while parsing a value")),
        }
    }

    fn array(&mut self) -> Answer<Value<'t>> {
        self.enter()?;
        let begin = self.items.len();
        if let Err(fault) = self.items_until_end(begin) {
            self.way.push(Step::Index(self.items.len() - begin));
            self.items.truncate(begin);
            return Err(fault);
        }
        self.depth -= 1;
        Ok(Value::Array(self.items.split_off(begin)))
    }

    fn items_until_end(&mut self, begin: usize) -> Answer<()> {
        loop {
            let is_first = self.items.len() == begin;
            match self.scan.peek() {
                Some(b']') => {
                    self.scan.at += 1;
                    return Ok(());
                }
                Some(_) if is_first => {}
                Some(b',') => {
                    self.scan.at += 1;
                    if self.scan.peek() == Some(b']') {
                        return Err(self.scan.fault("trailing comma"));
                    }
                }
                Some(_) => return Err(self.scan.fault("expected `,` or `]`")),
                None => return Err(self.scan.fault("EOF while parsing a list")),
            }
            let item = self.value()?;
            self.items.push(item);
        }
    }

    fn object(&mut self) -> Answer<Value<'t>> {
        self.enter()?;
        let begin = self.members.len();
        while let Some(key) = self.key(self.members.len() == begin)? {
            match self.member() {
                Ok(value) => self.members.push((key, value)),
                Err(fault) => {
                    self.way.push(Step::Key(key));
                    return Err(fault);
                }
            }
        }
        self.depth -= 1;
        Ok(Value::Object(Object(self.members.split_off(begin))))
    }

    /// The next key of an object; `None` at its end.
    #[inline]
    fn key(&mut self, is_first: bool) -> Answer<Option<Cow<'t, str>>> {
        match self.scan.peek() {
            Some(b'}') => {
                self.scan.at += 1;
                return Ok(None);
            }
            Some(_) if is_first => {}
            Some(b',') => {
                self.scan.at += 1;
            }
            Some(_) => return Err(self.scan.fault("expected `,` or `}`")),
            None => return Err(self.scan.fault("EOF while parsing an object")),
        }
        match self.scan.peek() {
            Some(b'"') => self.scan.string().map(Some),
            Some(b'}') => Err(self.scan.fault("trailing comma")),
            Some(_) => Err(self.scan.fault("key must be a string")),
            None => Err(self.scan.fault("EOF while parsing a value")),
        }
    }

    /// The value behind a key.
    #[inline]
    fn member(&mut self) -> Answer<Value<'t>> {
        match self.scan.peek() {
            Some(b':') => self.scan.at += 1,
            Some(_) => return Err(self.scan.fault("expected `:`")),
            None => return Err(self.scan.fault("EOF while parsing an object")),
        }
        self.value()
    }

    #[inline]
    fn enter(&mut self) -> Answer<()> {
        if self.depth == MAX_DEPTH {
            return Err(Fault::new(TOO_DEEP, self.scan.at + 1));
        }
        self.depth += 1;
        self.scan.at += 1;
        Ok(())
    }

    /// What is no JSON, in words.
    #[cold]
    #[inline(never)]
    fn broken(&self, fault: &Fault) -> Broken {
        let mut path = String::new();
        for (at, step) in self.way.iter().rev().enumerate() {
            let segment = match step {
                Step::Key(key) => Segment::Key(key),
                Step::Index(index) => Segment::Index(*index),
            };
            let written = write_segment(&mut path, at == 0, segment);
            debug_assert!(written.is_ok());
        }
        let before = &self.scan.text.as_bytes()[..fault.at];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        let message = format!("not valid JSON: {} at line {line} column {column}", fault.message);
        Broken { message, path }
    }
}

/// Reads over a value. What stands open is kept on the heap: nobody has bound the depth.
fn skip(scan: &mut Scan<'_>) -> Answer<()> {
    let mut open: Vec<u8> = Vec::new();
    loop {
        let next = scan.peek();
        let begun = match next {
            Some(bracket @ (b'[' | b'{')) => {
                scan.at += 1;
                open.push(bracket);
                true
            }
            Some(b'"') => scan.pass().map(|()| false)?,
            Some(b'-' | b'0'..=b'9') => scan.form().map(|_| false)?,
            Some(b't') => scan.word("true").map(|()| false)?,
            Some(b'f') => scan.word("false").map(|()| false)?,
            Some(b'n') => scan.word("null").map(|()| false)?,
            _ => return Err(scan.fault("expected value")),
        };
        if !next_in(scan, &mut open, begun)? {
            return Ok(());
        }
    }
}

/// Goes on to the next value of what stands open; `false` when nothing does any more.
fn next_in(scan: &mut Scan<'_>, open: &mut Vec<u8>, mut begun: bool) -> Answer<bool> {
    while let Some(bracket) = open.last() {
        match (scan.peek(), bracket) {
            (Some(b']'), b'[') | (Some(b'}'), b'{') => {
                scan.at += 1;
                open.pop();
                begun = false;
                continue;
            }
            (Some(_), _) if begun => {}
            (Some(b','), _) => scan.at += 1,
            _ => return Err(scan.fault("expected `,`")),
        }
        if *bracket == b'{' {
            if scan.peek() != Some(b'"') {
                return Err(scan.fault("key must be a string"));
            }
            scan.pass()?;
            if scan.peek() != Some(b':') {
                return Err(scan.fault("expected `:`"));
            }
            scan.at += 1;
        }
        return Ok(true);
    }
    Ok(false)
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
