//! Reads the generated tables that are text: a row for each line, its cells separated by tabs.
//!
//! A table of Rust structures is made of pointers, which weigh more than what they point to in a module that a browser loads.
//! As text it is a third as large, and a row is read when it is first asked for. `codegen` writes what is read here, and the
//! vectors of all models, providers and rules hold what comes out: so nothing can fail, and what is not there is empty.

use std::cmp::Ordering;
use std::sync::OnceLock;

use crate::date::Date;

/// A table that only the whole needs; without the feature it is empty, or another.
macro_rules! whole {
    ($file:literal) => {
        if cfg!(feature = "whole") { include_str!($file) } else { "" }
    };
    ($file:literal, $small:literal) => {
        if cfg!(feature = "whole") { include_str!($file) } else { include_str!($small) }
    };
}
pub(crate) use whole;

/// Whether all tables are there; without the feature, what is only told is never read.
pub(crate) const WHOLE: bool = cfg!(feature = "whole");

/// A table whose rows are read one by one, each when it is first asked for, and kept.
#[derive(Debug)]
pub struct Table<T: 'static> {
    text: &'static str,
    told: &'static str,
    read: fn(&mut Cells, &mut Cells) -> T,
    lines: OnceLock<Vec<Line<T>>>,
}

#[derive(Debug)]
struct Line<T> {
    text: &'static str,
    told: &'static str,
    row: OnceLock<Box<T>>,
}

impl<T> Table<T> {
    /// A table in two parts: what is judged by, and what is told besides. The second may be missing.
    pub(crate) const fn new(text: &'static str, told: &'static str, read: fn(&mut Cells, &mut Cells) -> T) -> Table<T> {
        Table { text, told, read, lines: OnceLock::new() }
    }

    /// The row at a place.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.lines().get(at).map(|line| self.row(line))
    }

    /// The first row whose first cell is this.
    pub fn named(&self, name: &str) -> Option<&T> {
        self.line(name).map(|line| self.row(line))
    }

    /// [`Table::named`], read anew.
    pub(crate) fn copy(&self, name: &str) -> Option<T> {
        self.line(name).map(|line| line.read(self.read))
    }

    /// Every row, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.lines().iter().map(|line| self.row(line))
    }

    fn lines(&self) -> &[Line<T>] {
        self.lines.get_or_init(|| {
            let (mut text, mut told) = (self.text, self.told);
            let mut lines = Vec::new();
            while !text.is_empty() {
                lines.push(Line { text: cut(&mut text, b'\n'), told: cut(&mut told, b'\n'), row: OnceLock::new() });
            }
            lines
        })
    }

    fn line(&self, name: &str) -> Option<&Line<T>> {
        self.lines().iter().find(|line| line.text.strip_prefix(name).is_some_and(|cells| cells.starts_with('\t')))
    }

    fn row<'t>(&self, line: &'t Line<T>) -> &'t T {
        line.row.get_or_init(|| Box::new(line.read(self.read)))
    }
}

impl<T> Line<T> {
    fn read(&self, read: fn(&mut Cells, &mut Cells) -> T) -> T {
        read(&mut Cells(self.text), &mut Cells(self.told))
    }
}

/// A table that is sorted by the first cells of its rows: a row is found in the text, and read whenever it is asked for.
#[derive(Debug)]
pub struct Sorted<T> {
    text: &'static str,
    read: fn(&mut Cells) -> T,
}

impl<T> Sorted<T> {
    pub(crate) const fn new(text: &'static str, read: fn(&mut Cells) -> T) -> Sorted<T> {
        Sorted { text, read }
    }

    /// Where the row begins whose first cell is this. For what is asked while the program is compiled, and fails then where
    /// there is none.
    pub(crate) const fn place(&self, name: &str) -> usize {
        let (text, name) = (self.text.as_bytes(), name.as_bytes());
        let mut start = 0;
        loop {
            let mut same = 0;
            while same < name.len() && text[start + same] == name[same] {
                same += 1;
            }
            if same == name.len() && matches!(text[start + same], b'\t' | b'\n') {
                return start;
            }
            while text[start] != b'\n' {
                start += 1;
            }
            start += 1;
        }
    }

    /// The row that begins at a place.
    pub(crate) fn at(&self, place: usize) -> T {
        let mut rest = self.text.get(place..).unwrap_or_default();
        (self.read)(&mut Cells(cut(&mut rest, b'\n')))
    }

    /// The row whose first cell is this.
    pub fn get(&self, name: &str) -> Option<T> {
        find(self.text, name).map(|line| (self.read)(&mut Cells(line)))
    }

    /// Every row, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        lines(self.text).map(|mut row| (self.read)(&mut row))
    }
}

/// The line of a sorted table whose first cell is this.
fn find(mut text: &'static str, name: &str) -> Option<&'static str> {
    while !text.is_empty() {
        let middle = text.len() / 2;
        let start = text.bytes().take(middle).rposition(|byte| byte == b'\n').map_or(0, |end| end + 1);
        let mut after = text.get(start..)?;
        let line = cut(&mut after, b'\n');
        match Cells(line).text().cmp(name) {
            Ordering::Equal => return Some(line),
            Ordering::Less => text = after,
            Ordering::Greater => text = text.get(..start)?,
        }
    }
    None
}

/// The lines of a table.
pub(crate) fn lines(mut text: &'static str) -> impl Iterator<Item = Cells> {
    std::iter::from_fn(move || (!text.is_empty()).then(|| Cells(cut(&mut text, b'\n'))))
}

/// The rows of a table.
pub(crate) fn rows<T>(text: &'static str, read: fn(&mut Cells) -> T) -> Vec<T> {
    lines(text).map(|mut row| read(&mut row)).collect()
}

/// Takes off a text what stands before a byte, and the byte; all of it when the byte is not there. By hand, because the
/// searchers of the standard library weigh more than all tables that are read with them.
#[inline(never)]
pub(crate) fn cut<'t>(text: &mut &'t str, end: u8) -> &'t str {
    let whole = *text;
    let at = whole.bytes().position(|byte| byte == end).unwrap_or(whole.len());
    *text = whole.get(at + 1..).unwrap_or_default();
    whole.get(..at).unwrap_or_default()
}

/// The cells of a row that have not been read.
pub(crate) struct Cells(&'static str);

impl Cells {
    /// The next cell; empty when there is none.
    pub(crate) fn text(&mut self) -> &'static str {
        cut(&mut self.0, b'\t')
    }

    /// The next cell, unless it is empty.
    pub(crate) fn optional(&mut self) -> Option<&'static str> {
        Some(self.text()).filter(|cell| !cell.is_empty())
    }

    /// Whether the next cell says anything.
    pub(crate) fn flag(&mut self) -> bool {
        !self.text().is_empty()
    }

    /// A whole number.
    pub(crate) fn number(&mut self) -> Option<u64> {
        number(self.text())
    }

    /// A day.
    pub(crate) fn day(&mut self) -> Option<Date> {
        Date::read(self.text())
    }

    /// Words with `|` between them.
    pub(crate) fn words(&mut self) -> &'static [&'static str] {
        words(self.text())
    }

    /// Pairs such as `eu=https://…`, with `|` between them.
    pub(crate) fn pairs(&mut self) -> &'static [(&'static str, &'static str)] {
        let mut text = self.text();
        let mut pairs = Vec::new();
        while !text.is_empty() {
            let mut pair = cut(&mut text, b'|');
            pairs.push((cut(&mut pair, b'='), pair));
        }
        pairs.leak()
    }
}

/// Words with `|` between them. They are kept for as long as the program runs, as the table is.
pub(crate) fn words(mut text: &'static str) -> &'static [&'static str] {
    let mut words = Vec::new();
    while !text.is_empty() {
        words.push(cut(&mut text, b'|'));
    }
    words.leak()
}

/// A whole number in decimal digits; nothing where there is no digit.
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().map(|digit| u64::from(digit.wrapping_sub(b'0')));
    (!text.is_empty()).then(|| digits.fold(0, |number: u64, digit| number.wrapping_mul(10).wrapping_add(digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_in_their_order() {
        let read = |row: &mut Cells| (row.text(), row.optional(), row.number(), row.day(), row.words(), row.pairs(), row.flag());
        let rows = rows("a\t\t12\t2026-11-21\tx|y\teu=1|us=2\ty\nb", read);
        let day = Date::new(2026, 11, 21);
        assert_eq!(rows[0], ("a", None, Some(12), day, &["x", "y"][..], &[("eu", "1"), ("us", "2")][..], true));
        assert_eq!(rows[1], ("b", None, None, None, &[][..], &[][..], false));
    }
}
