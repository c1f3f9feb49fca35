//! Markdown: the code in its fences, each in its own language, and the code spans of its text.

use super::Linter;
use super::judge::Hit;
use super::language::Language;
use super::names::Token;
use crate::catalogue::Resolver;

/// The names of a document that count.
pub(super) fn hits(linter: &Linter, text: &[u8], depth: usize) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    let mut prose = 0;
    while at < text.len() {
        let end = line_end(text, at);
        let Some((mark, length, word)) = fence(&text[at..end]) else {
            at = end;
            continue;
        };
        hits.extend(spans(linter, &text[prose..at], prose));
        let close = closing(text, end, mark, length);
        let language = Language::from_name(word).filter(|language| *language != Language::Markdown).unwrap_or(Language::Text);
        hits.extend(linter.hits(&text[end..close], language, depth + 1).into_iter().map(|hit| moved(hit, end)));
        at = line_end(text, close);
        prose = at;
    }
    hits.extend(spans(linter, &text[prose..], prose));
    hits
}

/// A hit, further back by so many bytes.
pub(super) fn moved(mut hit: Hit, by: usize) -> Hit {
    hit.token.span = hit.token.span.start + by..hit.token.span.end + by;
    hit
}

fn line_end(text: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &text[from..]).map_or(text.len(), |at| from + at + 1)
}

/// The mark of a fence, how often it stands there, and the word behind it.
fn fence(line: &[u8]) -> Option<(u8, usize, &str)> {
    let line = line.trim_ascii();
    let mark = *line.first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = line.iter().take_while(|byte| **byte == mark).count();
    let info = &line[length..];
    if length < 3 || info.contains(&b'`') {
        return None;
    }
    let info = info.trim_ascii_start();
    let word = info.split(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'#')).next().unwrap_or_default();
    Some((mark, length, std::str::from_utf8(word).unwrap_or_default()))
}

/// Where the line begins that closes a fence.
fn closing(text: &[u8], from: usize, mark: u8, length: usize) -> usize {
    let mut at = from;
    while at < text.len() {
        let end = line_end(text, at);
        let line = text[at..end].trim_ascii();
        if line.len() >= length && line.iter().all(|byte| *byte == mark) {
            return at;
        }
        at = end;
    }
    text.len()
}

/// The names between backticks; all names where comments are asked for.
fn spans(linter: &Linter, text: &[u8], offset: usize) -> Vec<Hit> {
    let resolver = Resolver::new(&linter.catalogue, linter.on);
    let tokens = linter.needles.tokens(text, &resolver);
    let is_span = |token: &Token| text[..token.span.start].last() == Some(&b'`') && text.get(token.span.end) == Some(&b'`');
    let counted = tokens.into_iter().filter(|token| token.known && (linter.prose || is_span(token)));
    counted.map(|token| moved(Hit { token, replaceable: true }, offset)).collect()
}
