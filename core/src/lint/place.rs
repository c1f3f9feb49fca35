//! Says of a word in the text what it is there: a value, words for people, or a part of something else.

use std::ops::Range;

use super::language::{Bare, Syntax};
use super::lexer::{Kind, Region};
use super::names::{is_model_key, is_other_key};

/// What a name is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A value: what the program sends, stores or compares.
    Value {
        /// Whether another name may take its place; not where it is a key or something to compare with.
        replaceable: bool,
    },
    /// A word among words.
    Prose,
    /// Part of an address or of something else.
    Other,
}

/// What the code before a value says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Context {
    /// It is a model.
    pub(super) model: bool,
    /// It is Mistral's.
    pub(super) mistral: bool,
    /// It is something else: a family, a kind, a tokenizer.
    pub(super) other: bool,
}

/// What a word is at its place, which is in `region`, or in the code when there is none.
pub(super) fn place(text: &[u8], word: &Range<usize>, region: Option<&Region>, syntax: &Syntax) -> Place {
    let said = context(text, region.map_or(word.start, |region| region.start));
    if said.other || in_address(text, word.start) && !context(text, word.start).model {
        return Place::Other;
    }
    match region {
        Some(region) if region.kind == Kind::Prose => Place::Prose,
        Some(region) => in_string(text, word, region, syntax),
        None if in_code(text, word, syntax) => Place::Value { replaceable: is_replaceable(text, word.start, word.end, syntax) },
        None => Place::Prose,
    }
}

/// Whether the word is the end of an address: `https://docs…#mistral-small`.
fn in_address(text: &[u8], start: usize) -> bool {
    let before = &text[start.saturating_sub(300)..start];
    let length = before.iter().rev().take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'`<>(){},".contains(byte)).count();
    memchr::memmem::find(&before[before.len() - length..], b"://").is_some()
}

fn in_string(text: &[u8], word: &Range<usize>, region: &Region, syntax: &Syntax) -> Place {
    let body = &text[region.from..region.to];
    let value = Place::Value { replaceable: is_replaceable(text, region.start, region.end, syntax) };
    if body.trim_ascii().len() == word.len() || is_list(body) {
        return value;
    }
    // Structured text inside a string: JSON, a query, a command.
    let before = &text[region.from..word.start];
    let open = before.iter().rev().take_while(|byte| matches!(byte, b'"' | b'\'' | b'\\' | b'`')).count();
    let quoted = open > 0 && text.get(word.end).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'\\' | b'`'));
    let head = before[..before.len() - open].trim_ascii_end();
    let structured = quoted && head.last().is_some_and(|byte| b":=[(,".contains(byte)) && !ends_in_prose(head);
    if structured || context_of(before).model {
        let replaceable = is_replaceable(text, word.start - open, word.end + usize::from(quoted), syntax);
        return Place::Value { replaceable };
    }
    Place::Prose
}

/// `one of: "a", "b"` is prose, `["a", "b"` is not: before the comma there must have been something that opens.
fn ends_in_prose(head: &[u8]) -> bool {
    let line = &head[head.len().saturating_sub(400)..];
    head.last() == Some(&b',') && !line.iter().any(|byte| matches!(byte, b'[' | b'{' | b'('))
}

/// Whether text is nothing but words like names, with something between them: `a,b`, `a b`.
fn is_list(body: &[u8]) -> bool {
    let mut words = 0;
    for word in body.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'|')).filter(|w| !w.is_empty()) {
        words += 1;
        if words > 64 || !word.contains(&b'-') || !word.iter().all(|b| b.is_ascii_alphanumeric() || b"-._/:".contains(b)) {
            return false;
        }
    }
    words > 1
}

/// Whether a word in the code is a value there.
fn in_code(text: &[u8], word: &Range<usize>, syntax: &Syntax) -> bool {
    let before = text[..word.start].last().copied().unwrap_or(b'\n');
    let after = text.get(word.end).copied().unwrap_or(b'\n');
    match syntax.bare {
        Bare::Never => false,
        Bare::Scalar => is_scalar(text, word),
        Bare::Word => {
            let opened = before.is_ascii_whitespace() || matches!(before, b'=' | b'(' | b'[' | b'"' | b'\'' | b'{' | b'-');
            let closed = after.is_ascii_whitespace() || b";)]&|}\"'\\".contains(&after);
            opened && closed
        }
        Bare::Rest => {
            let line = &text[line_start(text, word.start)..word.start];
            let opened = matches!(line.trim_ascii_end().last(), Some(b'=' | b',' | b':'));
            opened && (after.is_ascii_whitespace() || after == b',')
        }
        Bare::AfterModel => context(text, word.start).model && !after.is_ascii_alphanumeric(),
    }
}

/// Whether a word is a YAML scalar of its own, or a key.
fn is_scalar(text: &[u8], word: &Range<usize>) -> bool {
    let line = &text[line_start(text, word.start)..word.start];
    let head = line.trim_ascii_end();
    let spaced = head.len() < line.len();
    let opened = match head.last() {
        None | Some(b'[' | b'{' | b',') => true,
        Some(b':' | b'-' | b'?') => spaced,
        Some(b'=') => true,
        Some(_) => return context(text, word.start).model,
    };
    let rest = &text[word.end..];
    let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let tail = rest.trim_ascii_start();
    let closed = match tail.first() {
        None | Some(b']' | b'}' | b',' | b':') => true,
        Some(b'#') => tail.len() < rest.len(),
        Some(_) => false,
    };
    opened && closed
}

fn line_start(text: &[u8], at: usize) -> usize {
    text[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

/// Whether what stands at `start..end` (with its quotes) may be replaced: not a key, not a case, not one side of `==`.
fn is_replaceable(text: &[u8], start: usize, end: usize, syntax: &Syntax) -> bool {
    let after = &text[end.min(text.len())..text.len().min(end + 24)];
    let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let next = &after[blanks..];
    // `c ? "a" : "b"` has a blank before its colon, a key has none, but for the rare one.
    let key = next.first() == Some(&b':') && next.get(1) != Some(&b':') && (blanks == 0 || !syntax.scripts);
    let compared = ["=>", "->", "==", "!=", "in ", "not in ", "===", "=~", "to "];
    if key || compared.iter().any(|sign| next.starts_with(sign.as_bytes())) || next.starts_with(b"]") && is_index(text, start) {
        return false;
    }
    let before = text[start.saturating_sub(40)..start].trim_ascii_end();
    let calls = ["startswith(", "startsWith(", "starts_with(", "endswith(", "includes(", "contains(", "HasPrefix(", "equals("];
    let marks = ["==", "!=", "case", "=~"];
    !marks.iter().chain(&calls).any(|mark| before.ends_with(mark.as_bytes()))
}

/// Whether the bracket before a string indexes something: `prices["mistral-tiny"]`.
fn is_index(text: &[u8], start: usize) -> bool {
    matches!(text[..start], [.., before, b'['] if before.is_ascii_alphanumeric() || matches!(before, b'_' | b')' | b']'))
}

/// What the code says of a value whose first byte (its opening quote) is at `start`.
pub(super) fn context(text: &[u8], start: usize) -> Context {
    let from = line_start(text, start).max(start.saturating_sub(300));
    let line = &text[from..start];
    if line.trim_ascii().is_empty() && from > 0 {
        // `model=` at the end of the line before.
        let before = text[..from].trim_ascii_end();
        return context_of(&before[line_start(before, before.len()).max(before.len().saturating_sub(300))..]);
    }
    context_of(line)
}

/// The same, of the text before the value.
fn context_of(before: &[u8]) -> Context {
    let line = &before[before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)..];
    let mut head = line.trim_ascii_end();
    // Letters before a quote: `f"…"`, `r"…"`.
    while let [rest @ .., b'"' | b'\'' | b'\\' | b'@' | b'$'] = head {
        head = rest;
    }
    if head.len() == line.len()
        && let [rest @ .., sign, b'r' | b'b' | b'f' | b'u'] = head
        && b"=(: ,".contains(sign)
    {
        head = &head[..rest.len() + 1];
    }
    let head = head.trim_ascii_end();
    let mistral = names_mistral(&line[line.len().saturating_sub(120)..]);
    // The first of a list is what the list is.
    let head = match head {
        [rest @ .., b'[' | b'{'] => rest.trim_ascii_end(),
        head => head,
    };
    let mut other = false;
    let model = match head {
        [.., b'=' | b'!' | b'<' | b'>', b'='] => false,
        [rest @ .., b'='] | [rest @ .., b':'] | [rest @ .., b'=', b'>'] => {
            let rest = rest.strip_suffix(b":").unwrap_or(rest);
            let segment = match rest.iter().rposition(|byte| b",{(;[?#&\\".contains(byte)) {
                // The letter behind a backslash belongs to it.
                Some(at) if rest[at] == b'\\' => rest.get(at + 2..).unwrap_or_default(),
                Some(at) => &rest[at + 1..],
                None => rest,
            };
            let mut keys = segment.split(|byte| !is_identifier(*byte)).filter(|key| !key.is_empty());
            other = keys.clone().next_back().is_some_and(is_other_key);
            keys.any(is_model_key)
        }
        [rest @ .., b'('] => {
            let name = &rest[rest.len() - rest.iter().rev().take_while(|byte| is_identifier(**byte)).count()..];
            is_model_key(name) || names_mistral(name) || is_constructor(rest)
        }
        // `--model name`
        _ if head.len() < line.len() => head.rsplit(u8::is_ascii_whitespace).next().is_some_and(is_flag),
        _ => false,
    };
    Context { model, mistral, other }
}

/// `Model::new(`, `Model.from(`: the last word is not the one that counts.
fn is_constructor(rest: &[u8]) -> bool {
    let path = &rest[rest.len() - rest.iter().rev().take_while(|b| is_identifier(**b) || b":.".contains(b)).count()..];
    let words: Vec<&[u8]> = path.split(|byte| b":.".contains(byte)).filter(|word| !word.is_empty()).collect();
    matches!(words.as_slice(), [.., of, b"new" | b"from" | b"of" | b"parse"] if is_model_key(of))
}

fn is_flag(word: &[u8]) -> bool {
    word.starts_with(b"-") && is_model_key(word) || word == b"-m"
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$')
}

/// Whether a text speaks of Mistral. A model's own name, which goes on with a dash, says nothing of the one beside it.
fn names_mistral(text: &[u8]) -> bool {
    text.windows(7).enumerate().any(|(at, word)| word.eq_ignore_ascii_case(b"mistral") && text.get(at + 7) != Some(&b'-'))
}
