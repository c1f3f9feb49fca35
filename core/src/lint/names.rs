//! Finds what may be a model name: all names at once, then the word around each hit.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::catalogue::{Catalogue, Resolver, provider_row};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::providers::PROVIDERS;
use crate::suggest::nearest;

/// How many bytes of each name are searched for: enough to be rare, few enough that many names share them.
const ANCHOR: usize = 6;

/// Words before a model name that say whose it is: `(word, what separates them, provider)`. A provider's own id before a
/// slash counts as well. These are how LangChain, Pydantic AI and LiteLLM write Mistral's.
const PREFIXES: &[(&str, u8, &str)] = &[
    ("mistral", b':', "mistral"),
    ("mistralai", b':', "mistral"),
    ("codestral", b'/', "mistral"),
    ("text-completion-codestral", b'/', "mistral"),
];

/// Endings of files: `mistral-7b.gguf` is a file, not the name of a served model.
const FILES: &[&str] = &[
    "bin",
    "cfg",
    "css",
    "csv",
    "gguf",
    "gif",
    "gz",
    "html",
    "ipynb",
    "jpg",
    "js",
    "json",
    "jsonl",
    "lock",
    "md",
    "mjs",
    "onnx",
    "pdf",
    "png",
    "py",
    "rs",
    "safetensors",
    "sh",
    "svg",
    "toml",
    "ts",
    "tsx",
    "txt",
    "webp",
    "whl",
    "yaml",
    "yml",
    "zip",
];

/// A word of the text that may be a model name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it stands, with its provider.
    pub(super) span: Range<usize>,
    /// The provider that stands before it, and the length of what stands there.
    pub(super) provider: Option<(&'static str, usize)>,
    /// Whether the catalogue knows the name.
    pub(super) known: bool,
}

impl Token {
    /// Where the name without its provider stands.
    pub(super) fn bare(&self) -> Range<usize> {
        self.span.start + self.provider.map_or(0, |(_, length)| length)..self.span.end
    }
}

/// The searcher for everything that may be a name, and for the word `model`.
#[derive(Debug)]
pub(super) struct Needles {
    searcher: AhoCorasick,
    /// The first words of names: `mistral`, `codestral`, …
    heads: Vec<String>,
    /// How many of the patterns are beginnings of names; the others are `model`.
    names: usize,
}

impl Needles {
    pub(super) fn new(catalogue: &Catalogue) -> Result<Needles> {
        let mut anchors = BTreeSet::new();
        let mut heads = BTreeSet::new();
        for (name, ..) in catalogue.names().into_iter().filter(|(name, ..)| name.is_ascii()) {
            anchors.insert(name[..name.len().min(ANCHOR)].to_owned());
            let head = name.split('-').next().unwrap_or(name);
            // Of a family whose models are not all known, a new one is no slip of the finger.
            let foreign = PROVIDERS.iter().any(|row| !row.complete && row.families.iter().any(|family| family.starts_with(head)));
            heads.extend((head.len() > ANCHOR && !foreign).then(|| head.to_owned()));
        }
        // A beginning that another one begins with is found with it.
        let short: Vec<String> = anchors.iter().filter(|anchor| anchor.len() < ANCHOR).cloned().collect();
        anchors.retain(|anchor| !short.iter().any(|short| anchor != short && anchor.starts_with(short)));
        let names = anchors.len();
        let patterns = anchors.iter().map(String::as_str).chain(["model", "Model", "MODEL"]);
        let searcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(patterns)
            .map_err(|error| Error::new(ErrorKind::InvalidRequest, format!("the names cannot be searched for: {error}")))?;
        Ok(Needles { searcher, heads: heads.into_iter().collect(), names })
    }

    /// Every word that may be a name, in order. Only the context can say whether an unknown one is meant as a model.
    pub(super) fn tokens(&self, text: &[u8], resolver: &Resolver<'_>) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut seen = 0;
        for found in self.searcher.find_iter(text) {
            if found.end() <= seen {
                continue;
            }
            let is_name = found.pattern().as_usize() < self.names;
            let span = if is_name { Some(word_around(text, found.start())) } else { value_behind(text, found.end()) };
            let Some(span) = span.filter(|span| span.start >= seen) else { continue };
            let token = self.token(text, span.clone(), resolver);
            // What stands behind `model` and begins as names do is found once more, by its own beginning.
            let token = token.filter(|token| is_name || !token.known && self.searcher.find(&text[span.clone()]).is_none());
            if is_name || token.is_some() {
                seen = span.end;
                tokens.extend(token);
            }
        }
        tokens.sort_by_key(|token| token.span.start);
        tokens
    }

    fn token(&self, text: &[u8], span: Range<usize>, resolver: &Resolver<'_>) -> Option<Token> {
        let word = std::str::from_utf8(&text[span.clone()]).ok()?;
        if word.contains("://") || word.contains('@') || word.starts_with("ft:") || word.contains("//") {
            return None;
        }
        let provider = match word.rfind(['/', ':']) {
            None => None,
            Some(at) => match provider_of(&word[..at], word.as_bytes()[at]) {
                Some(provider) => Some((provider, at + 1)),
                // `model:mistral-small-latest`, as tags are written.
                None if is_model_key(&word.as_bytes()[..at]) => {
                    return self.token(text, span.start + at + 1..span.end, resolver);
                }
                None => return None,
            },
        };
        let bare = &word[provider.map_or(0, |(_, length)| length)..];
        let known = resolver.model(bare, provider.map(|(provider, _)| provider)).is_some();
        // Of other providers the catalogue knows too little to call a name of theirs unknown.
        let complete = provider.is_none_or(|(provider, _)| provider_row(provider).is_some_and(|row| row.complete));
        (known || complete && self.is_suspect(bare)).then_some(Token { span, provider, known })
    }

    /// Whether an unknown word has the form of a name: of a provider all of whose models are known, or nearly so.
    fn is_suspect(&self, word: &str) -> bool {
        let plain = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
        if !plain || word.len() > 64 || word.rsplit_once('.').is_some_and(|(_, ending)| FILES.contains(&ending)) {
            return false;
        }
        // Weights are published under such names, and no API serves them so.
        if word.split('-').any(|part| matches!(part, "instruct" | "base" | "gguf" | "awq" | "gptq" | "hf")) {
            return false;
        }
        let family = |word: &str| PROVIDERS.iter().any(|row| row.complete && row.families.iter().any(|f| word.starts_with(f)));
        let Some((head, rest)) = word.split_once('-') else { return false };
        !rest.is_empty() && (family(word) || head.len() > 4 && nearest(head, self.heads.iter().map(String::as_str)).is_some())
    }
}

/// The provider that a word before a name stands for.
fn provider_of(word: &str, separator: u8) -> Option<&'static str> {
    let row = provider_row(word).filter(|_| separator == b'/').map(|row| row.id);
    row.or_else(|| PREFIXES.iter().find(|(known, by, _)| *known == word && *by == separator).map(|(.., provider)| *provider))
}

const fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'@')
}

/// The word around a place, with provider, path and tag.
fn word_around(text: &[u8], at: usize) -> Range<usize> {
    let mut start = at - text[..at].iter().rev().take_while(|byte| in_word(**byte)).count();
    let mut end = at + text[at..].iter().take_while(|byte| in_word(**byte)).count();
    // `\nmistral…`: the letter belongs to the backslash.
    if start > 0 && text[start - 1] == b'\\' && start < at && matches!(text[start], b'n' | b't' | b'r') {
        start += 1;
    }
    // `${MODEL:-mistral…}`: what stands before is a variable.
    if let Some(default) = memchr::memmem::rfind(&text[start..at], b":-") {
        start += default + 2;
    }
    // The end of a sentence, and the colon behind a key.
    while end > at && matches!(text[end - 1], b'.' | b':') {
        end -= 1;
    }
    start..end
}

/// The value behind the word `model`, when there is one: `model="…"`, `"model": "…"`, `MODEL_ID=…`, `--model …`.
fn value_behind(text: &[u8], at: usize) -> Option<Range<usize>> {
    let line = &text[at..text.len().min(at + 160)];
    let skip = |from: usize, wanted: fn(u8) -> bool| from + line[from..].iter().take_while(|byte| wanted(**byte)).count();
    let name = skip(0, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let start =
        skip(name, |byte| matches!(byte, b'"' | b'\'' | b'\\' | b' ' | b'\t' | b'\n' | b'\r' | b'=' | b':' | b'>' | b'('));
    let end = skip(start, in_word);
    (start > name && end > start).then_some(at + start..at + end)
}

/// Whether a key's name says that its value is a model: `model`, `modelId`, `DEFAULT_MODEL_NAME`, `--model`; not `model_type`.
pub(super) fn is_model_key(key: &[u8]) -> bool {
    const BEHIND: [&[u8]; 8] = [b"id", b"ids", b"name", b"names", b"version", b"slug", b"string", b"default"];
    let mut words = words_of(key);
    while words.last().is_some_and(|word| BEHIND.iter().any(|behind| word.eq_ignore_ascii_case(behind))) {
        words.pop();
    }
    words.last().is_some_and(|word| word.eq_ignore_ascii_case(b"model") || word.eq_ignore_ascii_case(b"models"))
}

/// Whether a key's name says that its value only looks like a model: `family`, `model_type`, `canonical_model_id`.
pub(super) fn is_other_key(key: &[u8]) -> bool {
    const KINDS: [&[u8]; 9] =
        [b"arch", b"architecture", b"category", b"family", b"prefix", b"series", b"tokenizer", b"type", b"vendor"];
    let words = words_of(key);
    // The canonical id of a catalogue is that catalogue's own, whatever the API takes.
    words.last().is_some_and(|word| KINDS.iter().any(|kind| word.eq_ignore_ascii_case(kind)))
        || words.first().is_some_and(|word| word.eq_ignore_ascii_case(b"canonical"))
}

/// The words of an identifier, in any of the ways to write one.
fn words_of(key: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    for part in key.split(|byte| !byte.is_ascii_alphanumeric()) {
        let mut start = 0;
        for at in 1..part.len() {
            if part[at].is_ascii_uppercase() && part[at - 1].is_ascii_lowercase() {
                words.push(&part[start..at]);
                start = at;
            }
        }
        words.push(&part[start..]);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_a_model() {
        for key in ["model", "MODEL_ID", "modelName", "default_model", "--model", "chatModel", "models", "MISTRAL_MODEL"] {
            assert!(is_model_key(key.as_bytes()), "{key}");
        }
        for key in ["model_type", "remodel", "modeling", "modelProvider", "id", "", "model_dir"] {
            assert!(!is_model_key(key.as_bytes()), "{key}");
        }
    }
}
