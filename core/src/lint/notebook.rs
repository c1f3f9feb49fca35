//! Notebooks: the code of their cells, read in the notebook's language and found again in the JSON around it.

use super::Linter;
use super::judge::Hit;
use super::language::Language;

/// The names in the cells of a notebook that count. A file that is no notebook is read as JSON.
pub(super) fn hits(linter: &Linter, text: &[u8], depth: usize) -> Vec<Hit> {
    let Some(notebook) = read(text) else { return linter.hits(text, Language::Json, depth + 1) };
    let mut hits = Vec::new();
    for cell in &notebook.cells {
        let language = match cell.kind {
            CellKind::Code => notebook.language,
            CellKind::Markdown if linter.prose => Language::Markdown,
            CellKind::Markdown => continue,
        };
        let found = linter.hits(&cell.text, language, depth + 1);
        hits.extend(found.into_iter().filter_map(|hit| cell.place(text, hit)));
    }
    hits
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellKind {
    Code,
    Markdown,
}

#[derive(Debug)]
struct Notebook {
    language: Language,
    cells: Vec<Cell>,
}

/// The source of a cell, and where its pieces stand in the file.
#[derive(Debug)]
struct Cell {
    kind: CellKind,
    text: Vec<u8>,
    /// Beginning in `text`, beginning in the file; in order.
    pieces: Vec<(usize, usize)>,
}

impl Cell {
    /// The hit at its place in the file; `None` when it is written there in another way.
    fn place(&self, file: &[u8], mut hit: Hit) -> Option<Hit> {
        let span = hit.token.span.clone();
        let piece = self.pieces.partition_point(|(start, _)| *start <= span.start).checked_sub(1)?;
        let (start, there) = self.pieces[piece];
        let place = there + span.start - start..there + span.end - start;
        if file.get(place.clone())? != &self.text[span] {
            return None;
        }
        hit.token.span = place;
        Some(hit)
    }
}

/// Reads the JSON of a notebook, as far as its cells need.
fn read(text: &[u8]) -> Option<Notebook> {
    let mut reader = Reader { text, at: if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }, depth: 0 };
    let mut notebook = Notebook { language: Language::Python, cells: Vec::new() };
    let mut found = false;
    reader.object(|reader, key| match key {
        b"cells" => {
            found = true;
            reader.array(|reader| {
                notebook.cells.extend(reader.cell()?);
                Some(())
            })
        }
        b"metadata" => reader.object(|reader, key| match key {
            b"kernelspec" | b"language_info" => reader.object(|reader, key| match key {
                b"language" | b"name" => {
                    let mut word = Vec::new();
                    reader.string(&mut word, &mut Vec::new())?;
                    let named = std::str::from_utf8(&word).ok().and_then(Language::from_name);
                    notebook.language = named.unwrap_or(notebook.language);
                    Some(())
                }
                _ => reader.skip(),
            }),
            _ => reader.skip(),
        }),
        _ => reader.skip(),
    })?;
    found.then_some(notebook)
}

/// A reader of JSON that remembers where strings stand. `None` ends the reading: the text is no JSON.
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<u8> {
        self.at += self.text.get(self.at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Reads an object: `member` reads the value of each key. Anything else is skipped.
    fn object(&mut self, mut member: impl FnMut(&mut Self, &[u8]) -> Option<()>) -> Option<()> {
        if self.peek()? != b'{' {
            return self.skip();
        }
        self.at += 1;
        if self.peek()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let mut key = Vec::new();
            self.string(&mut key, &mut Vec::new())?;
            self.take(b':')?;
            member(self, &key)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        if self.peek()? != b'[' {
            return self.skip();
        }
        self.at += 1;
        if self.peek()? == b']' {
            return self.take(b']');
        }
        loop {
            item(self)?;
            if self.take(b',').is_none() {
                return self.take(b']');
            }
        }
    }

    /// Steps over a value.
    fn skip(&mut self) -> Option<()> {
        if self.depth > 128 {
            return None;
        }
        self.depth += 1;
        match self.peek()? {
            b'{' => self.object(|reader, _| reader.skip())?,
            b'[' => self.array(Self::skip)?,
            b'"' => self.string(&mut Vec::new(), &mut Vec::new())?,
            _ => {
                let length = self.text[self.at..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
                self.at += length;
                (length > 0).then_some(())?;
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// Reads a string behind `text`, and notes where its pieces stand: a new one begins behind each escape.
    fn string(&mut self, text: &mut Vec<u8>, pieces: &mut Vec<(usize, usize)>) -> Option<()> {
        self.take(b'"')?;
        pieces.push((text.len(), self.at));
        loop {
            let rest = self.text.get(self.at..)?;
            let stop = memchr::memchr2(b'"', b'\\', rest)?;
            text.extend_from_slice(&rest[..stop]);
            self.at += stop + 1;
            if rest[stop] == b'"' {
                return Some(());
            }
            let escape = *rest.get(stop + 1)?;
            self.at += 1;
            match escape {
                b'n' => text.push(b'\n'),
                b't' => text.push(b'\t'),
                b'r' => text.push(b'\r'),
                // What it is does not matter, only that it is no part of a name.
                b'u' => {
                    text.push(b'?');
                    self.at += 4;
                }
                other => text.push(other),
            }
            pieces.push((text.len(), self.at));
        }
    }

    fn cell(&mut self) -> Option<Option<Cell>> {
        let mut kind = None;
        let (mut text, mut pieces) = (Vec::new(), Vec::new());
        self.object(|reader, key| match key {
            b"cell_type" => {
                let mut word = Vec::new();
                reader.string(&mut word, &mut Vec::new())?;
                kind = match word.as_slice() {
                    b"code" => Some(CellKind::Code),
                    b"markdown" => Some(CellKind::Markdown),
                    _ => None,
                };
                Some(())
            }
            b"source" if reader.peek()? == b'[' => reader.array(|reader| reader.string(&mut text, &mut pieces)),
            b"source" if reader.peek()? == b'"' => reader.string(&mut text, &mut pieces),
            _ => reader.skip(),
        })?;
        Some(kind.map(|kind| Cell { kind, text, pieces }))
    }
}
