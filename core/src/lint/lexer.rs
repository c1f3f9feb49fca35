//! Finds strings and comments in source text, for any language of the table; everything between them is code.
//!
//! It does not parse: it knows just enough to say whether a place is inside a string. Text that is not what its language
//! allows (an open quote, half a file) gives odd regions, never a failure.

use super::language::{Bare, Escape, Hash, Heredoc, Quote, Syntax};

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// A comment, a docstring, markup around the code: words for people.
    Prose,
}

/// A string or a comment; `start..end` with its quotes, `from..to` without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) end: usize,
}

/// Goes through text once, region by region.
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    syntax: &'static Syntax,
    at: usize,
    /// Open brackets: a string inside them is an argument, not a docstring.
    depth: usize,
    /// The last byte of code that is no white space.
    last: u8,
    /// The word that ends the text which begins with the next line.
    heredoc: Option<&'t [u8]>,
    in_php: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t [u8], syntax: &'static Syntax) -> Lexer<'t> {
        Lexer { text, syntax, at: 0, depth: 0, last: 0, heredoc: None, in_php: !syntax.php }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text[self.at..]
    }

    fn starts_with(&self, word: &str) -> bool {
        self.rest().starts_with(word.as_bytes())
    }

    /// Whether an opening stands here; one that begins with a line break wants to be first on its line.
    fn opens(&self, word: &str) -> Option<usize> {
        match word.strip_prefix('\n') {
            Some(word) => (self.first_on_line() && self.starts_with(word)).then_some(word.len()),
            None => self.starts_with(word).then_some(word.len()),
        }
    }

    fn first_on_line(&self) -> bool {
        self.at == 0 || self.text[self.at - 1] == b'\n'
    }

    fn line_end(&self, from: usize) -> usize {
        memchr::memchr(b'\n', &self.text[from..]).map_or(self.text.len(), |at| from + at)
    }

    fn region(&mut self, kind: Kind, from: usize, to: usize, end: usize) -> Region {
        let region = Region { kind, start: self.at, from, to, end };
        self.at = end;
        if kind == Kind::Text {
            self.last = b'"';
        }
        region
    }

    fn prose(&mut self, end: usize) -> Region {
        let from = self.at;
        self.region(Kind::Prose, from, end, end)
    }

    /// What begins at the present byte; `None` when it is code.
    fn region_here(&mut self) -> Option<Region> {
        let byte = self.text[self.at];
        if !self.in_php {
            let end = memchr::memmem::find(self.rest(), b"<?").map_or(self.text.len(), |found| self.at + found);
            self.in_php = true;
            return (end > self.at).then(|| self.prose(end));
        }
        if self.syntax.php && self.starts_with("?>") {
            self.in_php = false;
            return None;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'.' | b',') && self.syntax.line.is_empty() {
            return if self.syntax.rust { self.raw_rust_string() } else { None };
        }
        self.comment(byte)
            .or_else(|| self.heredoc_body(byte))
            .or_else(|| self.quoted(byte))
            .or_else(|| if self.syntax.scripts { self.script(byte) } else { None })
            .or_else(|| if self.syntax.yaml { self.block_scalar(byte) } else { None })
    }

    fn comment(&mut self, byte: u8) -> Option<Region> {
        let before = if self.at == 0 { b'\n' } else { self.text[self.at - 1] };
        let hash = byte == b'#'
            && match self.syntax.hash {
                Hash::Never => false,
                Hash::Anywhere => true,
                Hash::AfterSpace => before.is_ascii_whitespace() || before == b';',
                Hash::FirstOnLine => self.line_is_blank(self.at),
            };
        if hash && !(self.syntax.php && self.starts_with("#[")) || self.syntax.line.iter().any(|word| self.opens(word).is_some())
        {
            let end = self.line_end(self.at);
            return Some(self.prose(end));
        }
        let (open, close, nests) = self.syntax.block?;
        let skip = self.opens(open)?;
        let end = self.block_end(self.at + skip, open.as_bytes(), close.as_bytes(), nests);
        Some(self.prose(end))
    }

    fn block_end(&self, from: usize, open: &[u8], close: &[u8], nests: bool) -> usize {
        let mut at = from;
        let mut depth = 1_usize;
        loop {
            let Some(found) = memchr::memmem::find(&self.text[at..], close) else { return self.text.len() };
            let opened = if nests { memchr::memmem::find_iter(&self.text[at..at + found], open).count() } else { 0 };
            depth = depth.saturating_add(opened).saturating_sub(1);
            at += found + close.len();
            if depth == 0 {
                return at;
            }
        }
    }

    /// Whether only white space stands between the beginning of the line and a place.
    fn line_is_blank(&self, at: usize) -> bool {
        self.text[..at].iter().rev().take_while(|byte| **byte != b'\n').all(|byte| byte.is_ascii_whitespace())
    }

    fn quoted(&mut self, byte: u8) -> Option<Region> {
        if self.syntax.rust && byte == b'\'' {
            self.skip_char_or_lifetime();
            return None;
        }
        let quote = self.syntax.quotes.iter().find(|quote| self.starts_with(quote.open))?;
        if self.syntax.quotes_at_values && !self.value_may_begin() {
            return None;
        }
        let docstring = self.syntax.docstrings && self.depth == 0 && self.is_statement();
        let from = self.at + quote.open.len();
        let (to, end) = self.string_end(from, quote);
        Some(self.region(if docstring { Kind::Prose } else { Kind::Text }, from, to, end))
    }

    /// Where a string that begins at `from` ends, without and with its closing quote.
    fn string_end(&self, from: usize, quote: &Quote) -> (usize, usize) {
        let close = quote.close.as_bytes();
        let mut at = from;
        while at < self.text.len() {
            let byte = self.text[at];
            if byte == b'\\' && quote.escape == Escape::Backslash {
                at += 2;
            } else if byte == b'\n' && !quote.multiline {
                return (at, at);
            } else if byte != close[0] || !self.text[at..].starts_with(close) {
                at += 1;
            } else if quote.escape == Escape::Doubled && self.text[at + 1..].starts_with(close) {
                at += 2;
            } else {
                return (at, at + close.len());
            }
        }
        (self.text.len(), self.text.len())
    }

    /// Whether the string here stands alone: nothing before it on its line, and no line that goes on here.
    fn is_statement(&self) -> bool {
        let prefix = self.text[..self.at].iter().rev().take(2).take_while(|byte| b"rRbBuUfF".contains(byte)).count();
        self.line_is_blank(self.at - prefix) && !matches!(self.last, b'\\' | b'=' | b'+' | b'"')
    }

    /// Whether the byte before (without blanks) is one behind which a value begins.
    fn value_may_begin(&self) -> bool {
        let before = self.text[..self.at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        before.is_none_or(|byte| matches!(byte, b'\n' | b':' | b'-' | b'[' | b',' | b'{' | b'?' | b'=' | b'|' | b'('))
    }

    fn raw_rust_string(&mut self) -> Option<Region> {
        let inside_a_word = self.at > 0 && (self.text[self.at - 1].is_ascii_alphanumeric() || self.text[self.at - 1] == b'_');
        let marks = match self.rest() {
            [b'r', rest @ ..] | [b'b' | b'c', b'r', rest @ ..] if !inside_a_word => rest,
            _ => return None,
        };
        let hashes = marks.iter().take_while(|byte| **byte == b'#').count();
        if marks.get(hashes) != Some(&b'"') {
            return None;
        }
        let from = self.text.len() - marks.len() + hashes + 1;
        let mut close = vec![b'"'];
        close.resize(hashes + 1, b'#');
        let to = memchr::memmem::find(&self.text[from..], &close).map_or(self.text.len(), |at| from + at);
        let end = (to + close.len()).min(self.text.len());
        Some(self.region(Kind::Text, from, to, end))
    }

    /// Steps to the closing quote of a character literal; a lifetime has none.
    fn skip_char_or_lifetime(&mut self) {
        let rest = self.rest();
        if rest.get(1) == Some(&b'\\') {
            let close = rest.iter().skip(3).take(10).position(|byte| *byte == b'\'');
            self.at += close.map_or(1, |close| close + 3);
        } else if let Some(width) = (2..=5).find(|at| rest.get(*at) == Some(&b'\'')) {
            let one = rest[1].is_ascii() && width == 2 || !rest[1].is_ascii();
            self.at += if one { width } else { 0 };
        }
    }

    /// Templates and regular expressions of JavaScript.
    fn script(&mut self, byte: u8) -> Option<Region> {
        if byte == b'`' {
            let from = self.at + 1;
            let to = template_end(self.text, from, 0);
            let end = (to + 1).min(self.text.len());
            return Some(self.region(Kind::Text, from, to, end));
        }
        if byte == b'/' && self.expression_may_begin() {
            self.skip_regex();
        }
        None
    }

    fn expression_may_begin(&self) -> bool {
        let code = self.text[..self.at].trim_ascii_end();
        let word = code.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = &code[code.len() - word..];
        [&b"return"[..], b"typeof", b"case", b"in", b"of", b"do", b"else"].contains(&word)
            || code.last().is_none_or(|byte| b"(,=:[!&|?{};+-*%<>~^".contains(byte))
    }

    fn skip_regex(&mut self) {
        let mut at = self.at + 1;
        let mut in_class = false;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'\n' => return,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.at = at;
                    return;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// The indented text behind `key: |`.
    fn block_scalar(&mut self, byte: u8) -> Option<Region> {
        if !matches!(byte, b'|' | b'>') || !matches!(self.last, b':' | b'-') {
            return None;
        }
        let head = &self.text[self.at + 1..self.line_end(self.at)];
        let head = head.iter().position(|byte| *byte == b'#').map_or(head, |comment| &head[..comment]);
        if !head.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b' ' | b'\t' | b'\r')) {
            return None;
        }
        let line = self.text[..self.at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let indent = indent_of(&self.text[line..]);
        let from = (self.line_end(self.at) + 1).min(self.text.len());
        let mut end = from;
        while end < self.text.len() {
            let line = &self.text[end..self.line_end(end)];
            if !line.trim_ascii().is_empty() && indent_of(line) <= indent {
                break;
            }
            end = (end + line.len() + 1).min(self.text.len());
        }
        Some(self.region(Kind::Text, from, end, end))
    }

    /// Notes the word behind `<<`, or gives the text that ends with it.
    fn heredoc_body(&mut self, byte: u8) -> Option<Region> {
        if byte == b'\n' {
            let word = self.heredoc.take()?;
            let from = self.at + 1;
            let mut to = from;
            while to < self.text.len() {
                let line = &self.text[to..self.line_end(to)];
                let last = line.trim_ascii_start();
                let after = last.get(word.len()).copied().unwrap_or(b'\n');
                if last.starts_with(word) && !after.is_ascii_alphanumeric() && after != b'_' {
                    break;
                }
                to = (to + line.len() + 1).min(self.text.len());
            }
            let end = (to + word.len()).min(self.text.len());
            return Some(self.region(Kind::Text, from.min(to), to, end));
        }
        let mark: &[u8] = match self.syntax.heredoc {
            Heredoc::Never => return None,
            Heredoc::Two => b"<<",
            Heredoc::Three => b"<<<",
        };
        let rest = self.rest().strip_prefix(mark).filter(|rest| rest.first() != Some(&b'<'))?;
        let skip = rest.iter().take(3).take_while(|byte| b"-~ \"'".contains(byte)).count();
        let rest = &rest[skip..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        // `a << b` and `1 << n` are no text; the words of these texts are written in capitals.
        if length > 1 && rest[..length].iter().any(u8::is_ascii_uppercase) && !rest[0].is_ascii_digit() {
            self.heredoc = Some(&rest[..length]);
            self.at += mark.len() + skip + length - 1;
        }
        None
    }

    fn note_code(&mut self) {
        match self.text.get(self.at) {
            Some(b'(' | b'[' | b'{') => self.depth += 1,
            Some(b')' | b']' | b'}') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        let byte = self.text.get(self.at).copied().unwrap_or_default();
        let bare = self.syntax.bare == Bare::Scalar;
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        } else if byte == b'\n' && (bare || self.last == b'"') {
            // A line that ends with a string is complete, and a mapping's `key:` ends with its line.
            self.last = b'\n';
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Region;

    fn next(&mut self) -> Option<Region> {
        while self.at < self.text.len() {
            let before = self.at;
            if let Some(region) = self.region_here() {
                // An empty region would be met again and again.
                if region.end > before {
                    return Some(region);
                }
            }
            self.note_code();
            self.at += 1;
        }
        None
    }
}

fn indent_of(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b' ').count()
}

/// The closing quote of a template; what stands in `${…}` may hold strings and templates of its own.
fn template_end(text: &[u8], from: usize, depth: usize) -> usize {
    let mut at = from;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            b'`' => return at,
            b'$' if text.get(at + 1) == Some(&b'{') && depth < 16 => at = interpolation_end(text, at + 2, depth),
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// The closing brace of an interpolation.
fn interpolation_end(text: &[u8], from: usize, depth: usize) -> usize {
    let mut at = from;
    let mut braces = 1;
    while at < text.len() {
        match text[at] {
            b'{' => braces += 1,
            b'}' => braces -= 1,
            b'`' => at = template_end(text, at + 1, depth + 1),
            open @ (b'"' | b'\'') => {
                let line = text[at + 1..].iter().position(|byte| *byte == open || *byte == b'\n');
                at += line.map_or(0, |close| close + 1);
            }
            _ => {}
        }
        if braces == 0 {
            return at;
        }
        at += 1;
    }
    text.len()
}
