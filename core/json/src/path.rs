//! Where in a request something stands: `messages[3].tool_calls[0].id`.

use std::fmt;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// A member of an object.
    Key(&'a str),
    /// An item of an array, from 0.
    Index(usize),
}

/// A path as a chain on the stack: costs nothing until it is written down.
///
/// ```
/// use tramontane_json::Path;
/// let root = Path::root();
/// let messages = root.key("messages");
/// let third = messages.index(3);
/// assert_eq!(third.key("role").to_string(), "messages[3].role");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    segment: Segment<'p>,
}

impl<'p> Path<'p> {
    /// The document itself; written as an empty string.
    pub const fn root() -> Self {
        Path { parent: None, segment: Segment::Key("") }
    }

    /// The member `key` below this.
    pub const fn key(&'p self, key: &'p str) -> Path<'p> {
        Path { parent: Some(self), segment: Segment::Key(key) }
    }

    /// The item `index` below this.
    pub const fn index(&'p self, index: usize) -> Path<'p> {
        Path { parent: Some(self), segment: Segment::Index(index) }
    }

    /// The steps from the document down to here.
    pub fn segments(&self) -> Vec<Segment<'p>> {
        let mut segments = Vec::new();
        let mut at = *self;
        while let Some(parent) = at.parent {
            segments.push(at.segment);
            at = *parent;
        }
        segments.reverse();
        segments
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else { return Ok(()) };
        parent.fmt(f)?;
        write_segment(f, parent.parent.is_none(), self.segment)
    }
}

pub(crate) fn write_segment(f: &mut dyn fmt::Write, first: bool, segment: Segment<'_>) -> fmt::Result {
    match segment {
        Segment::Index(index) => write!(f, "[{index}]"),
        Segment::Key(key) if is_plain(key) => {
            f.write_str(if first { "" } else { "." })?;
            f.write_str(key)
        }
        Segment::Key(key) => {
            f.write_str("[\"")?;
            // Not by `Debug`, which brings a table of all characters that can be printed.
            for c in key.chars().take(64) {
                match c {
                    c if is_hidden(c) => {
                        write_hidden(f, c)?;
                        continue;
                    }
                    '"' | '\\' => f.write_char('\\')?,
                    _ => {}
                }
                f.write_char(c)?;
            }
            f.write_str("\"]")
        }
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.len() <= 64 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'$')
}

/// Whether a character is one that nobody sees, or that changes how what stands beside it is seen.
#[doc(hidden)]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Writes such a character as Rust does: `\n`, `\u{1b}`.
#[doc(hidden)]
pub fn write_hidden(f: &mut dyn fmt::Write, c: char) -> fmt::Result {
    let short = match c {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => "\\u{",
    };
    f.write_str(short)?;
    if short.len() == 2 {
        return Ok(());
    }
    let code = u32::from(c);
    for place in (0..6).rev() {
        let upper = code >> (4 * place);
        if let Some(digit) = char::from_digit(upper % 16, 16).filter(|_| upper > 0 || place == 0) {
            f.write_char(digit)?;
        }
    }
    f.write_char('}')
}

/// A path that grows and shrinks as a document is walked: the keys lie in one text, so a step allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct PathBuf {
    keys: String,
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A key, which begins here in `keys`.
    Key(usize),
    Index(usize),
}

impl PathBuf {
    /// Steps into a member.
    pub fn push_key(&mut self, key: &str) {
        self.steps.push(Step::Key(self.keys.len()));
        self.keys.push_str(key);
    }

    /// Steps into an item.
    pub fn push_index(&mut self, index: usize) {
        self.steps.push(Step::Index(index));
    }

    /// Steps out.
    pub fn pop(&mut self) {
        if let Some(Step::Key(start)) = self.steps.pop() {
            self.keys.truncate(start);
        }
    }

    /// How deep it is.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it is the document itself.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl fmt::Display for PathBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut end = self.keys.len();
        let mut segments: Vec<Segment<'_>> = Vec::with_capacity(self.steps.len());
        for step in self.steps.iter().rev() {
            segments.push(match *step {
                Step::Index(index) => Segment::Index(index),
                Step::Key(start) => Segment::Key(&self.keys[start..std::mem::replace(&mut end, start)]),
            });
        }
        segments.iter().rev().enumerate().try_for_each(|(at, segment)| write_segment(f, at == 0, *segment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_written_as_rust_writes_it() {
        for c in ('\0'..' ').chain(['\u{7f}', '\u{85}', '\u{200b}', '\u{feff}']) {
            let mut text = String::new();
            write_hidden(&mut text, c).unwrap();
            assert!(is_hidden(c));
            assert_eq!(text, c.escape_default().to_string());
        }
    }

    #[test]
    fn a_path_grows_and_shrinks() {
        let mut path = PathBuf::default();
        path.push_key("messages");
        path.push_index(3);
        path.push_key("tool calls");
        path.push_key("id");
        assert_eq!(path.to_string(), r#"messages[3]["tool calls"].id"#);
        path.pop();
        path.pop();
        path.push_key("role");
        assert_eq!((path.to_string().as_str(), path.len()), ("messages[3].role", 3));
        (0..5).for_each(|_| path.pop());
        assert!(path.is_empty());
        assert_eq!(path.to_string(), "");
    }
}
