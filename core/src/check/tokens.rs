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
    for key in ["input", "prompt", "suffix"] {
        if let Some(text) = request.get(key) {
            count.json(text, 0);
        }
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
                "tool_calls" | "name" | "tool_call_id" => self.json(value, 0),
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

const BLANK: u8 = 0;
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const MARK: u8 = 3;
const FOREIGN: u8 = 4;
const SYLLABLE: u8 = 5;
const IDEOGRAPH: u8 = 6;
const PICTURE: u8 = 7;
const INSIDE: u8 = 8;

/// The class of a byte of UTF-8.
const CLASS: [u8; 256] = {
    let mut class = [MARK; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        class[at] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => BLANK,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            0x80..=0xBF => INSIDE,
            0xC0..=0xDF => FOREIGN,
            0xE0..=0xE2 => SYLLABLE,
            0xE3..=0xEF => IDEOGRAPH,
            0xF0..=0xFF => PICTURE,
            _ => MARK,
        };
        at += 1;
    }
    class
};

impl Text {
    fn count(&mut self, text: &str) {
        let mut counts = [0_u64; 9];
        let (mut words, mut mark_runs, mut blanks) = (0_u64, 0_u64, 0_u64);
        let mut before = BLANK;
        for byte in text.bytes() {
            let class = CLASS[usize::from(byte)];
            counts[usize::from(class)] += 1;
            if class == INSIDE {
                continue;
            }
            let letter = class == LETTER || class == FOREIGN;
            words += u64::from(letter && before != LETTER);
            mark_runs += u64::from(class == MARK && before != MARK);
            blanks += u64::from(class == BLANK && before == BLANK);
            before = if letter { LETTER } else { class };
        }
        self.letters += counts[usize::from(LETTER)] + counts[usize::from(FOREIGN)];
        self.foreign += counts[usize::from(FOREIGN)];
        self.words += words;
        self.digits += counts[usize::from(DIGIT)];
        self.marks += counts[usize::from(MARK)];
        self.mark_runs += mark_runs;
        self.blanks += blanks;
        self.syllables += counts[usize::from(SYLLABLE)];
        self.ideographs += counts[usize::from(IDEOGRAPH)];
        self.pictures += counts[usize::from(PICTURE)];
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
