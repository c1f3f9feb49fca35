//! How many tokens a prompt has, as a range, from its letters alone.
//!
//! No tokenizer ships: each model has its own, of megabytes. What is counted instead is what every one of them obeys: a
//! word is at least one token, a digit at most one, long words are cut every few letters, scripts without an alphabet cost
//! about a token per character. One pass, nothing allocated. The lower bound is meant to be safe (a request is refused by
//! it alone); the upper one covers ordinary text, not strings made to be long in tokens.

use tramontane_json::letters::Letters;

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
    request.as_object().map_or_else(|| prompt(&Object::new()), prompt).tokens
}

/// How many tokens one text has.
pub(super) fn of_text(text: &str) -> TokenRange {
    let mut counted = Letters::default();
    counted.count(text);
    range(&counted)
}

/// How many tokens the prompt of a request has, by kind.
pub(super) fn prompt(request: &Object<'_>) -> Prompt {
    Count::default().request(request)
}

/// More tokens than the prompt of a request can have, from the lengths of its texts alone: no byte counts more than one.
pub(super) fn at_most(request: &Object<'_>) -> u64 {
    let prompt = Count { only_lengths: true, ..Count::default() }.request(request);
    prompt.tokens.high.saturating_add(prompt.sound.high)
}

/// More tokens than the prompt of a chat can have that has its form and no chunks but those of text, by the bytes it takes as
/// JSON: quotes, braces and the names of fields are more than what is added around texts, messages and numbers.
pub(super) fn most_in_chat(bytes: usize) -> u64 {
    2 * bytes as u64
}

/// Counts by class of letter; the sums are taken once, at the end.
#[derive(Default)]
struct Count {
    text: Letters,
    /// Whether a text is as many marks as it has bytes, and what it is made of is not looked at.
    only_lengths: bool,
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
    fn request(mut self, request: &Object<'_>) -> Prompt {
        let list = |field: &str| request.get(field).and_then(Value::as_array).unwrap_or_default();
        for message in ["messages", "inputs"].into_iter().flat_map(list) {
            self.frame();
            if let Value::Object(message) = message {
                self.message(message);
            }
        }
        for tool in list("tools") {
            self.frame();
            self.json(tool, 0);
        }
        for key in ["input", "prompt", "suffix", "instructions"] {
            if let Some(text) = request.get(key) {
                self.json(text, 0);
            }
        }
        if let Some(text @ Value::String(_)) = request.get("inputs") {
            self.frame();
            self.json(text, 0);
        }
        if let Some(schema) = request.get("response_format").and_then(|format| format.get("json_schema")) {
            self.json(schema, 0);
        }
        self.finish()
    }

    fn text(&mut self, text: &str) {
        match self.only_lengths {
            true => self.text.marks += text.len() as u64,
            false => self.text.count(text),
        }
    }

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
            Value::String(text) => self.text(text),
            Value::Array(chunks) if depth < MAX_DEPTH => chunks.iter().for_each(|chunk| self.chunk(chunk, depth + 1)),
            _ => {}
        }
    }

    fn chunk(&mut self, chunk: &Value<'_>, depth: usize) {
        match chunk.get("type").and_then(Value::as_str) {
            Some("text") => {
                if let Some(text) = chunk.get("text").and_then(Value::as_str) {
                    self.text(text);
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
                self.text(text);
            }
            Value::Array(items) => {
                self.text.marks += 1;
                items.iter().for_each(|item| self.json(item, depth + 1));
            }
            Value::Object(object) => {
                self.text.marks += 1;
                for (key, value) in object.iter() {
                    self.text.marks += 2;
                    self.text(key);
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
        let text = range(&self.text);
        let tokens = TokenRange { low: text.low + self.other.low, high: text.high + self.other.high };
        Prompt {
            tokens: TokenRange { low: tokens.low, high: tokens.high.max(tokens.low) },
            sound: TokenRange { low: self.sound.low, high: self.sound.high },
            guessed: self.guessed,
        }
    }
}

/// The tokens of a text that is made of these.
fn range(text: &Letters) -> TokenRange {
    let words_low = text.words.max(text.letters / 16);
    let words_high = text.words.max(text.letters * 2 / 5) + text.foreign * 2 / 5;
    TokenRange {
        low: words_low
            + text.digits / 3
            + text.mark_runs / 2
            + text.blanks / 64
            + text.syllables / 5
            + text.ideographs * 2 / 5
            + text.pictures / 2,
        high: words_high
            + text.digits
            + text.marks
            + text.blanks / 2
            + text.syllables * 3 / 2
            + text.ideographs * 8 / 5
            + text.pictures * 4
            + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
