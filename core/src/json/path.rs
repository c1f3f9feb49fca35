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
/// use tramontane::json::Path;
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

fn write_segment(f: &mut impl fmt::Write, first: bool, segment: Segment<'_>) -> fmt::Result {
    match segment {
        Segment::Index(index) => write!(f, "[{index}]"),
        Segment::Key(key) if is_plain(key) => write!(f, "{}{key}", if first { "" } else { "." }),
        Segment::Key(key) => {
            let shown: String = key.chars().take(64).collect();
            write!(f, "[{shown:?}]")
        }
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.len() <= 64 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'$')
}

/// A path that grows and shrinks as a document is walked.
#[derive(Clone, Debug, Default)]
pub struct PathBuf(Vec<OwnedSegment>);

#[derive(Clone, Debug)]
enum OwnedSegment {
    Key(String),
    Index(usize),
}

impl PathBuf {
    /// Steps into a member.
    pub fn push_key(&mut self, key: &str) {
        self.0.push(OwnedSegment::Key(key.to_owned()));
    }

    /// Steps into an item.
    pub fn push_index(&mut self, index: usize) {
        self.0.push(OwnedSegment::Index(index));
    }

    /// Steps out.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// How deep it is.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is the document itself.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for PathBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            let segment = match segment {
                OwnedSegment::Key(key) => Segment::Key(key),
                OwnedSegment::Index(index) => Segment::Index(*index),
            };
            write_segment(f, at == 0, segment)?;
        }
        Ok(())
    }
}
