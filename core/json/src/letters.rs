//! What a text is made of, by classes of letters: whoever knows no tokenizer can tell from it how many tokens there are.
//!
//! Eight bytes at once, by plain arithmetic on 64 bits, which is as fast in WebAssembly as anywhere else.

/// What texts are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// Letters of Latin and the other alphabets.
    pub letters: u64,
    /// Of these, letters beyond ASCII.
    pub foreign: u64,
    /// Where a word begins.
    pub words: u64,
    /// The digits from 0 to 9.
    pub digits: u64,
    /// Punctuation and signs.
    pub marks: u64,
    /// Where a row of punctuation begins.
    pub mark_runs: u64,
    /// Where a row of white space with more than one blank goes on.
    pub blanks: u64,
    /// Characters of scripts such as Thai and Devanagari, and typographic signs.
    pub syllables: u64,
    /// Chinese, Japanese, Korean.
    pub ideographs: u64,
    /// Emoji and everything else of four bytes.
    pub pictures: u64,
}

impl Letters {
    /// Adds those of a text. Never a part of what may come out without it.
    #[inline(never)]
    pub fn count(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let (blocks, rest) = bytes.as_chunks::<8>();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let last = if rest.is_empty() { [].as_slice() } else { &[last] };
        let mut before = Masks::default();
        let mut beyond = false;
        for (blocks, there) in [(blocks, HIGH), (last, HIGH >> (64 - 8 * rest.len().max(1)))] {
            // As many blocks as each of eight counters of eight bits can count.
            for blocks in blocks.chunks(255) {
                let mut lanes = Lanes::default();
                for block in blocks {
                    let eight = u64::from_le_bytes(*block);
                    let is_ascii = eight & HIGH == 0 && there == HIGH;
                    beyond |= eight & HIGH != 0;
                    before = if is_ascii { lanes.take_ascii(eight, before) } else { lanes.take(eight, there, before) };
                }
                self.add(&lanes);
            }
        }
        if beyond {
            self.count_beyond_ascii(bytes);
        }
    }

    /// The first byte of a character says how long it is, and of those of three bytes which script it is of.
    #[cold]
    fn count_beyond_ascii(&mut self, bytes: &[u8]) {
        let [two, three, ideographs, four] = [0xC0, 0xE0, 0xE3, 0xF0].map(|least| at_least(bytes, least));
        self.foreign += two - three;
        self.syllables += three - ideographs;
        self.ideographs += ideographs - four;
        self.pictures += four;
    }

    #[inline]
    fn add(&mut self, lanes: &Lanes) {
        self.letters += sum(lanes.letters);
        self.digits += sum(lanes.digits);
        self.marks += sum(lanes.marks);
        self.words += sum(lanes.words);
        self.mark_runs += sum(lanes.mark_runs);
        self.blanks += sum(lanes.blanks);
    }
}

/// How many bytes are no smaller than this one. Blocks of 255 count in one byte, so that the compiler can take many bytes at once.
#[inline(never)]
fn at_least(bytes: &[u8], least: u8) -> u64 {
    bytes.chunks(255).map(|block| u64::from(block.iter().map(|byte| u8::from(*byte >= least)).sum::<u8>())).sum()
}

/// What the byte before the next one is, as the lowest bit of a word: nothing of any kind before the first one.
#[derive(Clone, Copy, Default)]
struct Masks {
    /// A letter of ASCII, or the inside of a longer character.
    word: u64,
    mark: u64,
    blank: u64,
}

/// Counters of eight bits, one for each place in a block.
#[derive(Default)]
struct Lanes {
    letters: u64,
    words: u64,
    digits: u64,
    marks: u64,
    mark_runs: u64,
    blanks: u64,
}

impl Lanes {
    /// Counts eight bytes, all of ASCII. Gives their masks for the next ones.
    #[inline(always)]
    fn take_ascii(&mut self, bytes: u64, before: Masks) -> Masks {
        let (latin, digits, blanks) = (latin(bytes), digits(bytes), blanks(bytes));
        self.add(latin, latin, digits, blanks, HIGH & !(latin | digits | blanks), before)
    }

    /// Counts eight bytes, of which those in `there` are the text's.
    #[inline]
    fn take(&mut self, bytes: u64, there: u64, before: Masks) -> Masks {
        let (latin, inside) = (latin(bytes) & there, inside(bytes) & there);
        let (digits, blanks) = (digits(bytes) & there, blanks(bytes) & there);
        let marks = !bytes & there & !(latin | digits | blanks);
        // What follows a part of a longer character counts as the same word; there is no telling from one byte.
        self.add(latin | (two(bytes) & there), latin | inside, digits, blanks, marks, before)
    }

    #[inline(always)]
    fn add(&mut self, letters: u64, word: u64, digits: u64, blanks: u64, marks: u64, before: Masks) -> Masks {
        let [word, marks, blanks, letters] = [word, marks, blanks, letters].map(|mask| mask >> 7);
        // The neighbour to the left of each byte.
        let left = |mask: u64, last: u64| (mask << 8) | last;
        self.letters += letters;
        self.digits += digits >> 7;
        self.marks += marks;
        self.words += letters & !left(word, before.word);
        self.mark_runs += marks & !left(marks, before.mark);
        self.blanks += blanks & left(blanks, before.blank);
        Masks { word: word >> 56, mark: marks >> 56, blank: blanks >> 56 }
    }
}

/// The sum of eight counters.
#[inline]
fn sum(lanes: u64) -> u64 {
    const EVERY_SECOND: u64 = 0x00FF_00FF_00FF_00FF;
    ((lanes & EVERY_SECOND) + (lanes >> 8 & EVERY_SECOND)).wrapping_mul(0x0001_0001_0001_0001) >> 48
}

const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of every byte.
const HIGH: u64 = 0x80 * ONES;

/// The bytes from `low` to `high`, both below 0x80, each as its highest bit.
#[inline(always)]
fn between(bytes: u64, low: u8, high: u8) -> u64 {
    let low_seven = bytes & !HIGH;
    // Each sum stays within its byte: neither is above 0xFF.
    let at_least = low_seven + u64::from(0x80 - low) * ONES;
    let above = low_seven + u64::from(0x7F - high) * ONES;
    at_least & !above & !bytes & HIGH
}

/// ASCII letters.
#[inline(always)]
fn latin(bytes: u64) -> u64 {
    between(bytes | (0x20 * ONES), b'a', b'z')
}

#[inline(always)]
fn digits(bytes: u64) -> u64 {
    between(bytes, b'0', b'9')
}

#[inline(always)]
fn blanks(bytes: u64) -> u64 {
    between(bytes, 0, b' ')
}

/// Bytes whose highest bits are `10`: within a character of several bytes.
#[inline]
fn inside(bytes: u64) -> u64 {
    bytes & !(bytes << 1) & HIGH
}

/// Bytes whose highest bits are `110`: the first of a letter of the alphabets that take two bytes.
#[inline]
fn two(bytes: u64) -> u64 {
    bytes & (bytes << 1) & !(bytes << 2) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_their_borders_count_alike() {
        for length in [1, 2, 253, 254, 255, 256, 257, 509, 510, 511, 1000] {
            let text = "ab cd, 12\n".chars().cycle().take(length).collect::<String>();
            let mut counted = Letters::default();
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
            let mut counted = Letters::default();
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
}
