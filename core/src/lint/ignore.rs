//! Comments that say that a name is meant: `tramontane: ignore`, `tramontane: ignore[floating_alias]`,
//! `tramontane: ignore-file`.

use memchr::memmem;

use super::Linter;
use super::judge::Hit;
use super::language::Syntax;
use super::lexer::{Kind, Lexer, Region};

const MARK: &[u8] = b"tramontane: ignore";

/// One such comment: the lines that it speaks of, and the rules; none for all.
struct Waiver<'t> {
    start: usize,
    end: usize,
    rules: Vec<&'t [u8]>,
}

/// Drops the names that comments say to ignore.
pub(super) fn drop_ignored(text: &[u8], syntax: &'static Syntax, hits: &mut Vec<Hit>, linter: &Linter) {
    if hits.is_empty() || memmem::find(text, MARK).is_none() {
        return;
    }
    let waivers: Vec<Waiver<'_>> = Lexer::new(text, syntax)
        .filter(|region| region.kind == Kind::Prose)
        .flat_map(|region| waivers(text, &region).collect::<Vec<_>>())
        .collect();
    hits.retain(|hit| {
        let at = hit.token.span.start;
        !waivers.iter().filter(|waiver| waiver.start <= at && at < waiver.end).any(|waiver| {
            waiver.rules.is_empty()
                || linter.verdict(text, &hit.token).is_some_and(|(finding, _)| waiver.rules.contains(&finding.rule.as_bytes()))
        })
    });
}

fn waivers<'t>(text: &'t [u8], region: &Region) -> impl Iterator<Item = Waiver<'t>> {
    let Region { start, end, .. } = *region;
    memmem::find_iter(&text[start..end], MARK).map(move |found| waiver(text, start + found))
}

fn waiver(text: &[u8], mark: usize) -> Waiver<'_> {
    let rest = &text[mark + MARK.len()..];
    if rest.starts_with(b"-file") {
        return Waiver { start: 0, end: text.len(), rules: Vec::new() };
    }
    let rules = match rest {
        [b'[', rest @ ..] => {
            let list = memchr::memchr2(b']', b'\n', rest).map_or(rest, |end| &rest[..end]);
            list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).collect()
        }
        _ => Vec::new(),
    };
    let start = text[..mark].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line_end = |from: usize| memchr::memchr(b'\n', &text[from..]).map_or(text.len(), |at| from + at + 1);
    // A comment that stands alone speaks of the next line, one behind code of its own.
    let alone = text[start..mark].iter().all(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\''));
    let end = line_end(mark);
    Waiver { start, end: if alone { line_end(end.min(text.len())) } else { end }, rules }
}
