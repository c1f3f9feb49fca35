//! How many tokens a prompt has, as a range, from its letters alone.
//!
//! No tokenizer ships: each model has its own, of megabytes. What is counted instead is what every one of them obeys: a
//! word is at least one token, a digit at most one, long words are cut every few letters, scripts without an alphabet cost
//! about a token per character. One pass, nothing allocated. The lower bound is meant to be safe (a request is refused by
//! it alone); the upper one covers ordinary text, not strings made to be long in tokens.

use super::report::TokenRange;
use crate::json::{MAX_DEPTH, Number, Object, Value};

/// What an image costs: from one patch to the largest picture that is not scaled down (55 rows of 56 patches).
const IMAGE: TokenRange = TokenRange { low: 2, high: 3_080 };
/// A document or file that only the server can read.
const DOCUMENT: TokenRange = TokenRange { low: 1, high: 50_000 };
/// Sound: 375 tokens for each begun half minute; at most twenty minutes are counted.
const SOUND: TokenRange = TokenRange { low: 375, high: 15_000 };
/// What stands around each message and tool.
const FRAME: TokenRange = TokenRange { low: 1, high: 6 };

/// The tokens of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Text, images and documents.
    pub(super) tokens: TokenRange,
    /// Sound, which providers count apart.
    pub(super) sound: TokenRange,
    /// Whether a part of it, such as a document behind a URL, can only be guessed.
    pub(super) guessed: bool,
}

/// How many tokens the prompt of a request has.
pub(crate) fn estimate_prompt(request: &Value<'_>) -> TokenRange {
    prompt(request).tokens
}

/// How many tokens one text has.
pub(super) fn of_text(text: &str) -> TokenRange {
    let mut counted = Text::default();
    counted.count(text);
    counted.range()
}

/// How many tokens the prompt of a request has, by kind.
pub(super) fn prompt(request: &Value<'_>) -> Prompt {
    let mut count = Count::default();
    for message in request.get("messages").and_then(Value::as_array).unwrap_or_default() {
        count.frame();
        if let Value::Object(message) = message {
            count.message(message);
        }
    }
    for tool in request.get("tools").and_then(Value::as_array).unwrap_or_default() {
        count.frame();
        count.json(tool, 0);
    }
    for entry in request.get("inputs").and_then(Value::as_array).unwrap_or_default() {
        count.frame();
        if let Value::Object(entry) = entry {
            count.message(entry);
        }
    }
    for key in ["input", "prompt", "suffix", "instructions"] {
        if let Some(text) = request.get(key) {
            count.json(text, 0);
        }
    }
    if let Some(text @ Value::String(_)) = request.get("inputs") {
        count.frame();
        count.json(text, 0);
    }
    if let Some(schema) = request.get("response_format").and_then(|format| format.get("json_schema")) {
        count.json(schema, 0);
    }
    count.finish()
}

/// Counts by class of letter; the sums are taken once, at the end.
#[derive(Default)]
struct Count {
    text: Text,
    other: Range,
    sound: Range,
    guessed: bool,
}

#[derive(Default)]
struct Range {
    low: u64,
    high: u64,
}

impl Range {
    fn add(&mut self, range: TokenRange) {
        self.low = self.low.saturating_add(range.low);
        self.high = self.high.saturating_add(range.high);
    }
}

impl Count {
    fn frame(&mut self) {
        self.other.add(FRAME);
    }

    fn message(&mut self, message: &Object<'_>) {
        for (key, value) in message.iter() {
            match key {
                "content" => self.content(value, 0),
                "tool_calls" | "name" | "tool_call_id" | "arguments" | "result" => self.json(value, 0),
                _ => {}
            }
        }
    }

    fn content(&mut self, content: &Value<'_>, depth: usize) {
        match content {
            Value::String(text) => self.text.count(text),
            Value::Array(chunks) if depth < MAX_DEPTH => chunks.iter().for_each(|chunk| self.chunk(chunk, depth + 1)),
            _ => {}
        }
    }

    fn chunk(&mut self, chunk: &Value<'_>, depth: usize) {
        match chunk.get("type").and_then(Value::as_str) {
            Some("text") => {
                if let Some(text) = chunk.get("text").and_then(Value::as_str) {
                    self.text.count(text);
                }
            }
            Some("image_url") => self.other.add(IMAGE),
            Some("document_url" | "file" | "file_url" | "resource_link") => {
                self.guessed = true;
                self.other.add(DOCUMENT);
            }
            Some("input_audio") => self.sound.add(SOUND),
            Some("thinking") => {
                if let Some(inner) = chunk.get("thinking") {
                    self.content(inner, depth + 1);
                }
            }
            Some("resource") => {
                if let Some(inner) = chunk.get("content").filter(|_| depth < MAX_DEPTH) {
                    self.chunk(inner, depth + 1);
                }
            }
            _ => self.json(chunk, depth),
        }
    }

    /// Text that is written as JSON in the prompt.
    fn json(&mut self, value: &Value<'_>, depth: usize) {
        // Deeper than this is refused anyway.
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::String(text) => {
                self.text.marks += 1;
                self.text.count(text);
            }
            Value::Array(items) => {
                self.text.marks += 1;
                items.iter().for_each(|item| self.json(item, depth + 1));
            }
            Value::Object(object) => {
                self.text.marks += 1;
                for (key, value) in object.iter() {
                    self.text.marks += 2;
                    self.text.count(key);
                    self.json(value, depth + 1);
                }
            }
            Value::Number(Number::Int(_) | Number::UInt(_)) => self.text.digits += 2,
            Value::Number(_) => self.text.digits += 4,
            Value::Vector(vector) => self.text.digits += 4 * vector.len() as u64,
            Value::Null | Value::Bool(_) | Value::Invalid(_) => self.text.words += 1,
        }
    }

    fn finish(self) -> Prompt {
        let text = self.text.range();
        let tokens = TokenRange { low: text.low + self.other.low, high: text.high + self.other.high };
        Prompt {
            tokens: TokenRange { low: tokens.low, high: tokens.high.max(tokens.low) },
            sound: TokenRange { low: self.sound.low, high: self.sound.high },
            guessed: self.guessed,
        }
    }
}

/// What the byte before the next one is, as the highest bit of a byte.
#[derive(Clone, Copy, Default)]
struct Masks {
    /// A letter of ASCII, or the inside of a longer character.
    word: u64,
    mark: u64,
    blank: u64,
}

/// What a text is made of.
#[derive(Default)]
struct Text {
    /// Letters of Latin and the other alphabets.
    letters: u64,
    /// Of these, letters beyond ASCII.
    foreign: u64,
    /// Where a word begins.
    words: u64,
    digits: u64,
    /// Punctuation and signs.
    marks: u64,
    /// Where a row of punctuation begins.
    mark_runs: u64,
    /// Where a row of white space with more than one blank goes on.
    blanks: u64,
    /// Characters of scripts such as Thai and Devanagari, and typographic signs.
    syllables: u64,
    /// Chinese, Japanese, Korean.
    ideographs: u64,
    /// Emoji and everything else of four bytes.
    pictures: u64,
}

/// Eight bytes at once, each mask with the highest bit of every byte that is of a kind. Plain arithmetic on 64 bits is as fast
/// in WebAssembly as anywhere else, which a loop over bytes is not.
mod eight {
    const ONES: u64 = 0x0101_0101_0101_0101;
    /// The highest bit of every byte.
    pub(super) const HIGH: u64 = 0x80 * ONES;

    /// The bytes from `low` to `high`, both below 0x80.
    fn between(bytes: u64, low: u8, high: u8) -> u64 {
        let low_seven = bytes & !HIGH;
        // Each sum stays within its byte: neither is above 0xFF.
        let at_least = low_seven + u64::from(0x80 - low) * ONES;
        let above = low_seven + u64::from(0x7F - high) * ONES;
        at_least & !above & !bytes & HIGH
    }

    /// ASCII letters.
    pub(super) fn latin(bytes: u64) -> u64 {
        between(bytes | (0x20 * ONES), b'a', b'z')
    }

    pub(super) fn digits(bytes: u64) -> u64 {
        between(bytes, b'0', b'9')
    }

    pub(super) fn blanks(bytes: u64) -> u64 {
        between(bytes, 0, b' ')
    }

    /// Bytes whose highest bits are `10`: within a character of several bytes.
    pub(super) fn inside(bytes: u64) -> u64 {
        bytes & !(bytes << 1) & HIGH
    }

    /// Bytes whose highest bits are `110`: the first of a letter of the alphabets that take two bytes.
    pub(super) fn two(bytes: u64) -> u64 {
        bytes & (bytes << 1) & !(bytes << 2) & HIGH
    }
}

/// How many bytes are of a kind. Blocks of 255 count in one byte, so that the compiler can take many bytes at once.
fn count(bytes: &[u8], kind: impl Fn(u8) -> bool) -> u64 {
    bytes.chunks(255).map(|block| u64::from(block.iter().map(|byte| u8::from(kind(*byte))).sum::<u8>())).sum()
}

impl Text {
    fn count(&mut self, text: &str) {
        // What stood before: the masks of the last byte, in the lowest byte. Before the first one is nothing of any kind.
        let mut before = Masks::default();
        let mut chunks = text.as_bytes().chunks_exact(8);
        for chunk in &mut chunks {
            let mut eight = [0; 8];
            eight.copy_from_slice(chunk);
            before = self.take(u64::from_le_bytes(eight), eight::HIGH, before);
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            self.take(u64::from_le_bytes(eight), eight::HIGH >> (8 * (8 - rest.len())), before);
        }
        if !text.is_ascii() {
            let bytes = text.as_bytes();
            self.foreign += count(bytes, |byte| byte & 0xE0 == 0xC0);
            self.syllables += count(bytes, |byte| (0xE0..=0xE2).contains(&byte));
            self.ideographs += count(bytes, |byte| (0xE3..=0xEF).contains(&byte));
            self.pictures += count(bytes, |byte| byte >= 0xF0);
        }
    }

    /// Counts eight bytes, of which those in `there` are the text's. Gives their masks for the next ones.
    fn take(&mut self, bytes: u64, there: u64, before: Masks) -> Masks {
        let (latin, inside) = (eight::latin(bytes) & there, eight::inside(bytes) & there);
        let (digits, blanks) = (eight::digits(bytes) & there, eight::blanks(bytes) & there);
        let letters = latin | (eight::two(bytes) & there);
        let marks = !bytes & there & !latin & !digits & !blanks;
        // The neighbour to the left of each byte.
        let left = |mask: u64, last: u64| (mask << 8) | last;
        // What follows a part of a longer character counts as the same word; there is no telling from one byte.
        let word_before = left(latin | inside, before.word);
        let ones = |mask: u64| u64::from(mask.count_ones());
        self.letters += ones(letters);
        self.digits += ones(digits);
        self.marks += ones(marks);
        self.words += ones(letters & !word_before);
        self.mark_runs += ones(marks & !left(marks, before.mark));
        self.blanks += ones(blanks & left(blanks, before.blank));
        Masks { word: (latin | inside) >> 56, mark: marks >> 56, blank: blanks >> 56 }
    }

    fn range(&self) -> TokenRange {
        let words_low = self.words.max(self.letters / 16);
        let words_high = self.words.max(self.letters * 2 / 5) + self.foreign * 2 / 5;
        TokenRange {
            low: words_low
                + self.digits / 3
                + self.mark_runs / 2
                + self.blanks / 64
                + self.syllables / 5
                + self.ideographs * 2 / 5
                + self.pictures / 2,
            high: words_high
                + self.digits
                + self.marks
                + self.blanks / 2
                + self.syllables * 3 / 2
                + self.ideographs * 8 / 5
                + self.pictures * 4
                + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_their_borders_count_alike() {
        for length in [1, 2, 253, 254, 255, 256, 257, 509, 510, 511, 1000] {
            let text = "ab cd, 12\n".chars().cycle().take(length).collect::<String>();
            let mut counted = Text::default();
            counted.count(&text);
            let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).count();
            assert_eq!(counted.words, words as u64, "{length}");
            assert_eq!(counted.letters, text.chars().filter(char::is_ascii_alphabetic).count() as u64);
            assert_eq!(counted.digits, text.chars().filter(char::is_ascii_digit).count() as u64);
            assert_eq!(counted.marks, text.matches(',').count() as u64);
        }
    }

    proptest::proptest! {
        #[test]
        fn eight_bytes_at_once_count_as_one_after_the_other(text in ".{0,80}") {
            let mut counted = Text::default();
            counted.count(&text);
            let letter = |b: u8| b.is_ascii_alphabetic() || b & 0xE0 == 0xC0;
            let mark = |b: u8| b < 0x80 && !b.is_ascii_alphanumeric() && b > b' ';
            let of = |kind: &dyn Fn(Option<u8>, u8) -> bool| {
                let bytes = text.as_bytes();
                (0..bytes.len()).filter(|at| kind(at.checked_sub(1).map(|before| bytes[before]), bytes[*at])).count() as u64
            };
            proptest::prop_assert_eq!(counted.letters, of(&|_, b| letter(b)));
            proptest::prop_assert_eq!(counted.digits, of(&|_, b| b.is_ascii_digit()));
            proptest::prop_assert_eq!(counted.marks, of(&|_, b| mark(b)));
            let in_word = |a: Option<u8>| a.is_some_and(|a| a.is_ascii_alphabetic() || a & 0xC0 == 0x80);
            proptest::prop_assert_eq!(counted.words, of(&|a, b| letter(b) && !in_word(a)));
            proptest::prop_assert_eq!(counted.mark_runs, of(&|a, b| mark(b) && !a.is_some_and(mark)));
            proptest::prop_assert_eq!(counted.blanks, of(&|a, b| b <= b' ' && a.is_some_and(|a| a <= b' ')));
        }
    }

    #[test]
    fn a_range_holds_what_a_tokenizer_would_say() {
        // About what tokenizers of 130 000 entries make of them.
        for (text, tokens) in [
            ("The quick brown fox jumps over the lazy dog.", 10),
            ("Le renard brun rapide saute par-dessus le chien paresseux.", 16),
            ("Donaudampfschifffahrtsgesellschaftskapitän", 14),
            ("快速的棕色狐狸跳过懒狗", 11),
            ("Быстрая коричневая лиса прыгает через ленивую собаку", 16),
            ("fn main() { println!(\"{}\", 1 + 22); }", 17),
            ("2026-11-21T10:27:37Z", 20),
        ] {
            let TokenRange { low, high } = of_text(text);
            assert!(low <= tokens && tokens <= high, "{text}: {tokens} is not in {low}..{high}");
            assert!(high <= low.max(4) * 6, "{text}: {low}..{high} says nothing");
        }
    }
}
