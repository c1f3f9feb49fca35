//! The bytes of a JSON text: where a string ends, what an escape stands for, which number stands here.
//!
//! Strings are searched eight bytes at a time, by plain arithmetic on 64 bits; sixteen at a time in WebAssembly, which has
//! instructions for it.

use std::borrow::Cow;

use crate::{Number, Value, exact, floats};

/// What is no JSON, and the byte at which it was seen: the first is 1, so that 0 is the place before all.
#[derive(Clone, Copy, Default)]
pub(super) struct Fault {
    pub(super) message: &'static str,
    pub(super) at: usize,
}

const CUT_OFF: &str = "EOF while parsing a string";
const NUMBER: &str = "invalid number";
const VALUE_CUT_OFF: &str = "EOF while parsing a value";

/// A text, and how far it has been read. What it is asked for is `None` at a fault.
pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Whether a tree is wanted. Where none is, halves of characters and numbers beyond all are let be: nobody reads them.
    pub(super) keeps: bool,
    /// What was not as it must be.
    pub(super) fault: Fault,
    /// Room for a string with escapes, until all of it is known.
    plain: String,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str, keeps: bool) -> Scan<'t> {
        Scan { text, at: 0, keeps, fault: Fault::default(), plain: String::new() }
    }

    /// The next byte that is no white space; stays before it.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// A fault at the byte that comes next, or at the end of the text.
    #[inline(always)]
    pub(super) fn wrong<T>(&mut self, message: &'static str, cut_off: &'static str) -> Option<T> {
        self.note(message, cut_off);
        None
    }

    #[cold]
    #[inline(never)]
    fn note(&mut self, message: &'static str, cut_off: &'static str) {
        let is_cut_off = self.at >= self.text.len();
        self.fault =
            if is_cut_off { Fault { message: cut_off, at: self.text.len() } } else { Fault { message, at: self.at + 1 } };
    }

    /// Takes the rest of a word whose first letter is here.
    pub(super) fn word(&mut self, word: &'static str, value: Value<'static>) -> Option<Value<'static>> {
        for byte in word.bytes() {
            if self.text.as_bytes().get(self.at) != Some(&byte) {
                return self.wrong("expected ident", VALUE_CUT_OFF);
            }
            self.at += 1;
        }
        Some(value)
    }

    /// Takes the string whose quote is here.
    #[inline]
    pub(super) fn string(&mut self) -> Option<Cow<'t, str>> {
        let begin = self.at + 1;
        let end = plain_until(self.text.as_bytes(), begin);
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Some(Cow::Borrowed(&self.text[begin..end]));
        }
        self.escaped(begin, end).map(Cow::Owned)
    }

    /// Takes a string from its begin, of which nothing is to be changed up to `end`.
    #[inline(never)]
    fn escaped(&mut self, mut begin: usize, mut end: usize) -> Option<String> {
        let text = self.text;
        self.plain.clear();
        loop {
            self.at = end;
            match text.as_bytes().get(end) {
                Some(b'"') => {
                    self.plain.push_str(&text[begin..end]);
                    self.at += 1;
                    return Some(self.plain.as_str().to_owned());
                }
                Some(b'\\') => {
                    self.plain.push_str(&text[begin..end]);
                    // A letter that stands for itself is taken with what follows it.
                    if let Some(b'"' | b'\\' | b'/') = text.as_bytes().get(end + 1) {
                        begin = end + 1;
                        end = special_from(text.as_bytes(), begin + 1);
                    } else {
                        let letter = self.escape()?;
                        self.plain.push(letter);
                        begin = self.at;
                        end = special_from(text.as_bytes(), begin);
                    }
                }
                _ => return self.wrong("control character (\\u0000-\\u001F) found while parsing a string", CUT_OFF),
            }
        }
    }

    /// Takes the escape whose backslash is here, of a letter that does not stand for itself.
    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let letter = match self.text.as_bytes().get(self.at) {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code(),
            _ => return self.wrong("invalid escape", CUT_OFF),
        };
        self.at += 1;
        Some(letter)
    }

    /// Takes the digits behind `\u`, whose `u` is here, and those of a second half where the first is one.
    fn code(&mut self) -> Option<char> {
        let first = self.hex()?;
        let mut code = first;
        if first & 0xFC00 == 0xD800 && self.keeps {
            for sign in [b'\\', b'u'] {
                if self.text.as_bytes().get(self.at) != Some(&sign) {
                    return self.wrong("unexpected end of hex escape", CUT_OFF);
                }
                self.at += 1;
            }
            self.at -= 1;
            let second = self.hex()?;
            code = if second & 0xFC00 == 0xDC00 { ((first & 0x3FF) << 10 | second & 0x3FF) + 0x1_0000 } else { first };
        }
        match char::from_u32(code) {
            Some(letter) => Some(letter),
            None if !self.keeps => Some(char::REPLACEMENT_CHARACTER),
            None => {
                // At the last of the digits.
                self.at -= 1;
                self.wrong("lone leading surrogate in hex escape", "")
            }
        }
    }

    /// Takes four digits behind the sign that is here.
    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        let Some(digits) = self.text.as_bytes().get(self.at + 1..self.at + 5) else {
            self.at = self.text.len();
            return self.wrong("", CUT_OFF);
        };
        for digit in digits {
            let Some(digit) = char::from(*digit).to_digit(16) else {
                self.at += 4;
                return self.wrong("invalid escape", "");
            };
            code = code * 16 + digit;
        }
        self.at += 5;
        Some(code)
    }

    /// Takes the number that is here: a digit, or a minus.
    #[inline(never)]
    pub(super) fn number(&mut self) -> Option<Value<'static>> {
        let begin = self.at;
        let form = self.form()?;
        if let Some(float) = form.float() {
            return Some(Value::Number(Number::Float(float)));
        }
        if form.is_whole && !form.overflown {
            // There is no integer -0, nor one below the least.
            return Some(match i64::try_from(form.digits) {
                Ok(whole) if !form.negative => whole.into(),
                Ok(whole @ 1..) => (-whole).into(),
                Err(_) if !form.negative => form.digits.into(),
                _ if form.digits == 1 << 63 => i64::MIN.into(),
                _ => (-(form.digits as f64)).into(),
            });
        }
        // The few that are left are long, or beyond all powers of ten that are exact.
        match exact::nearest(&self.text.as_bytes()[begin..self.at]) {
            Some(float) => Some(float.into()),
            None if !self.keeps => Some(Value::Null),
            None => {
                // At the last of the digits.
                self.at -= 1;
                self.wrong("number out of range", "")
            }
        }
    }

    /// Takes a number, and says what it is made of.
    #[inline]
    fn form(&mut self) -> Option<Form> {
        let bytes = self.text.as_bytes();
        let mut form = Form { negative: bytes[self.at] == b'-', is_whole: true, ..Form::default() };
        self.at += usize::from(form.negative);
        let begin = self.at;
        self.digits(&mut form)?;
        if bytes[begin] == b'0' && self.at > begin + 1 {
            self.at = begin + 1;
            return self.wrong(NUMBER, "");
        }
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            let point = self.at;
            self.digits(&mut form)?;
            (form.is_whole, form.exponent) = (false, -((self.at - point) as i64));
        }
        if let Some(b'e' | b'E') = bytes.get(self.at) {
            self.at += 1;
            let sign = bytes.get(self.at).filter(|byte| matches!(byte, b'+' | b'-'));
            self.at += usize::from(sign.is_some());
            let mut power = Form::default();
            self.digits(&mut power)?;
            let power = if power.overflown { 1 << 40 } else { power.digits.min(1 << 40) as i64 };
            form.is_whole = false;
            form.exponent += if sign == Some(&b'-') { -power } else { power };
        }
        Some(form)
    }

    /// Takes all digits, of which there must be one.
    #[inline]
    fn digits(&mut self, form: &mut Form) -> Option<()> {
        let begin = self.at;
        while let Some(digit @ b'0'..=b'9') = self.text.as_bytes().get(self.at) {
            match form.digits.checked_mul(10).and_then(|digits| digits.checked_add(u64::from(digit - b'0'))) {
                Some(digits) => form.digits = digits,
                None => form.overflown = true,
            }
            self.at += 1;
        }
        if self.at > begin { Some(()) } else { self.wrong(NUMBER, VALUE_CUT_OFF) }
    }
}

/// What a number is made of: `digits` × 10^`exponent`.
#[derive(Default)]
pub(super) struct Form {
    negative: bool,
    /// Whether it has neither point nor exponent.
    is_whole: bool,
    digits: u64,
    /// Whether there were too many digits.
    overflown: bool,
    exponent: i64,
}

impl Form {
    /// The float, where it takes no more than whole numbers of 64 bits, or one step between floats that are exact.
    fn float(&self) -> Option<f64> {
        if self.is_whole || self.overflown {
            return None;
        }
        let tens = usize::try_from(self.exponent.unsigned_abs()).ok()?;
        let float = if self.digits <= 1 << 53 {
            let (digits, power) = (self.digits as f64, floats::POWERS.get(tens)?);
            if self.exponent < 0 { digits / power } else { digits * power }
        } else if self.exponent < 0 && tens <= 18 {
            quotient(self.digits, 10_u64.pow(tens as u32))
        } else {
            return None;
        };
        Some(if self.negative { -float } else { float })
    }
}

/// One whole number by another, of at most 60 bits, as the nearest float.
fn quotient(digits: u64, divisor: u64) -> f64 {
    let (mut whole, mut rest, mut twos) = (digits / divisor, digits % divisor, 0);
    // As many bits at once as there is room for in both.
    let step = divisor.leading_zeros().min(10);
    // Two bits more than a float has; the last one says whether there is more.
    while whole < 1 << 54 {
        rest <<= step;
        whole = (whole << step) | (rest / divisor);
        rest %= divisor;
        twos += step;
    }
    (whole | u64::from(rest > 0)) as f64 * f64::from_bits(u64::from(1023 - twos) << 52)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// The place of the first quote, backslash or control character from a place on; the end of the text without one.
#[inline(always)]
fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    #[cfg(target_feature = "simd128")]
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let found = special_of_16(u128::from_le_bytes(*block));
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += 16;
    }
    while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let found = special(u64::from_le_bytes(*block));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| *byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
        at += 1;
    }
    at
}

/// The same where it is not worth its bytes in every place.
#[inline(never)]
pub(super) fn special_from(bytes: &[u8], at: usize) -> usize {
    plain_until(bytes, at)
}

/// A bit for each of sixteen bytes that is a quote, a backslash or a control character.
#[cfg(target_feature = "simd128")]
#[inline(always)]
fn special_of_16(bytes: u128) -> u16 {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128_or};
    let bytes = u64x2(bytes as u64, (bytes >> 64) as u64);
    let quote_or_backslash = v128_or(u8x16_eq(bytes, u8x16_splat(b'"')), u8x16_eq(bytes, u8x16_splat(b'\\')));
    u8x16_bitmask(v128_or(quote_or_backslash, u8x16_lt(bytes, u8x16_splat(b' '))))
}

/// Sets the highest bit of the first byte that is a quote, a backslash or a control character. What a borrow does to the bytes
/// behind it does not matter.
#[inline(always)]
fn special(bytes: u64) -> u64 {
    // With this bit the other way round, the quote comes right behind the control characters, and the two next to it do not.
    let control_or_quote = (bytes ^ (2 * ONES)).wrapping_sub(0x21 * ONES);
    let backslash = (bytes ^ (u64::from(b'\\') * ONES)).wrapping_sub(ONES);
    (control_or_quote | backslash) & !bytes & HIGH
}
