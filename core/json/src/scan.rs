//! The bytes of a JSON text: where a string ends, what an escape stands for, which number stands here.
//!
//! Strings are searched eight bytes at a time, by plain arithmetic on 64 bits, which is as fast in WebAssembly as anywhere else.

use std::borrow::Cow;

use crate::{Number, Value, exact, floats};

/// What is no JSON, and the byte at which it was seen: the first is 1, so that 0 is the place before all.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: &'static str,
    pub(super) at: usize,
}

impl Fault {
    #[cold]
    #[inline(never)]
    pub(super) fn new(message: &'static str, at: usize) -> Fault {
        Fault { message, at }
    }
}

type Answer<T> = Result<T, Fault>;

const CUT_OFF: &str = "EOF while parsing a string";
const NUMBER: &str = "invalid number";
const VALUE_CUT_OFF: &str = "EOF while parsing a value";

/// A text, and how far it has been read.
pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Room for a string with escapes, until all of it is known.
    plain: String,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Scan<'t> {
        Scan { text, at: 0, plain: String::new() }
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

    /// A fault at the byte that comes next.
    #[cold]
    #[inline(never)]
    pub(super) fn fault(&self, message: &'static str) -> Fault {
        Fault::new(message, (self.at + 1).min(self.text.len()))
    }

    /// Takes the rest of a word whose first letter is here.
    pub(super) fn word(&mut self, word: &'static str) -> Answer<()> {
        let bytes = self.text.as_bytes();
        if bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        let same = bytes[self.at..].iter().zip(word.bytes()).take_while(|(one, other)| **one == *other).count();
        let at = self.at + same;
        Err(match bytes.get(at) {
            Some(_) => Fault::new("expected ident", at + 1),
            None => Fault::new(VALUE_CUT_OFF, at),
        })
    }

    /// Takes the string whose quote is here.
    #[inline]
    pub(super) fn string(&mut self) -> Answer<Cow<'t, str>> {
        let begin = self.at + 1;
        let end = plain_until(self.text.as_bytes(), begin);
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(&self.text[begin..end]));
        }
        self.escaped(begin, end).map(Cow::Owned)
    }

    /// Takes a string from its begin, of which nothing is to be changed up to `end`.
    #[inline(never)]
    fn escaped(&mut self, mut begin: usize, mut end: usize) -> Answer<String> {
        let text = self.text;
        self.plain.clear();
        loop {
            self.at = end;
            match text.as_bytes().get(end) {
                Some(b'"') => {
                    self.plain.push_str(&text[begin..end]);
                    self.at += 1;
                    return Ok(self.plain.as_str().to_owned());
                }
                Some(b'\\') => {
                    self.plain.push_str(&text[begin..end]);
                    let letter = self.escape()?;
                    self.plain.push(letter);
                    begin = self.at;
                    end = special_from(text.as_bytes(), begin);
                }
                Some(_) => {
                    return Err(self.fault("control character (\\u0000-\\u001F) found while parsing a string"));
                }
                None => return Err(self.fault(CUT_OFF)),
            }
        }
    }

    /// Passes over the string whose quote is here. Halves of characters are let be, as nobody reads them.
    pub(super) fn pass(&mut self) -> Answer<()> {
        let bytes = self.text.as_bytes();
        let mut begin = self.at + 1;
        loop {
            self.at = special_from(bytes, begin);
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') if bytes.get(self.at + 1) == Some(&b'u') => {
                    self.at += 2;
                    self.hex()?;
                }
                Some(b'\\') => self.escape().map(|_| ())?,
                _ => return Err(self.fault(CUT_OFF)),
            }
            begin = self.at;
        }
    }

    /// Takes the escape whose backslash is here.
    fn escape(&mut self) -> Answer<char> {
        let letter = *self.text.as_bytes().get(self.at + 1).ok_or(Fault::new(CUT_OFF, self.at + 1))?;
        self.at += 2;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code(),
            _ => return Err(Fault::new("invalid escape", self.at)),
        })
    }

    /// Takes the digits behind `\u`, and those of a second half where the first is one.
    fn code(&mut self) -> Answer<char> {
        const LONE: &str = "lone leading surrogate in hex escape";
        let first = self.hex()?;
        let code = match first {
            0xDC00..=0xDFFF => return Err(Fault::new(LONE, self.at)),
            0xD800..=0xDBFF => {
                for sign in [b'\\', b'u'] {
                    let next = *self.text.as_bytes().get(self.at).ok_or(Fault::new(CUT_OFF, self.at))?;
                    self.at += 1;
                    if next != sign {
                        return Err(Fault::new("unexpected end of hex escape", self.at));
                    }
                }
                match self.hex()? {
                    second @ 0xDC00..=0xDFFF => ((first & 0x3FF) << 10 | second & 0x3FF) + 0x1_0000,
                    _ => return Err(Fault::new(LONE, self.at)),
                }
            }
            other => other,
        };
        char::from_u32(code).ok_or(Fault::new(LONE, self.at))
    }

    fn hex(&mut self) -> Answer<u32> {
        let Some(digits) = self.text.as_bytes().get(self.at..self.at + 4) else {
            return Err(Fault::new(CUT_OFF, self.text.len()));
        };
        self.at += 4;
        let value = digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?));
        value.ok_or(Fault::new("invalid escape", self.at))
    }

    /// Takes the number that is here: a digit, or a minus.
    pub(super) fn number(&mut self) -> Answer<Value<'static>> {
        let begin = self.at;
        let form = self.form()?;
        if let Some(float) = form.float() {
            return Ok(Value::Number(Number::Float(float)));
        }
        if form.is_whole && !form.overflown {
            // There is no integer -0, nor one below the least.
            return Ok(match i64::try_from(form.digits) {
                Ok(whole) if !form.negative => whole.into(),
                Ok(whole @ 1..) => (-whole).into(),
                Err(_) if !form.negative => form.digits.into(),
                _ if form.digits == 1 << 63 => i64::MIN.into(),
                _ => (-(form.digits as f64)).into(),
            });
        }
        // The few that are left are long, or beyond all powers of ten that are exact.
        match exact::nearest(&self.text.as_bytes()[begin..self.at]) {
            Some(float) => Ok(float.into()),
            None => Err(Fault::new("number out of range", self.at)),
        }
    }

    /// Takes a number, and says what it is made of.
    #[inline]
    pub(super) fn form(&mut self) -> Answer<Form> {
        let bytes = self.text.as_bytes();
        let mut form = Form { negative: bytes[self.at] == b'-', is_whole: true, ..Form::default() };
        let begin = self.at + usize::from(form.negative);
        let mut at = form.take(bytes, begin);
        if at == begin {
            return Err(match bytes.get(at) {
                Some(_) => Fault::new(NUMBER, at + 1),
                None => Fault::new(VALUE_CUT_OFF, at),
            });
        }
        if bytes[begin] == b'0' && at > begin + 1 {
            return Err(Fault::new(NUMBER, begin + 2));
        }
        if bytes.get(at) == Some(&b'.') {
            let point = at + 1;
            at = form.take(bytes, point);
            (form.is_whole, form.exponent) = (false, -i64::try_from(at - point).unwrap_or(i64::MAX));
            if at == point {
                self.at = at;
                return Err(self.fault(if at < bytes.len() { NUMBER } else { VALUE_CUT_OFF }));
            }
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            (form.is_whole, at) = (false, at + 1);
            let sign = bytes.get(at).filter(|byte| matches!(byte, b'+' | b'-'));
            at += usize::from(sign.is_some());
            let mut power = Form::default();
            let behind = power.take(bytes, at);
            if behind == at {
                return Err(match bytes.get(at) {
                    Some(_) => Fault::new(NUMBER, at + 1),
                    None => Fault::new(VALUE_CUT_OFF, at),
                });
            }
            let power = i64::try_from(power.digits).ok().filter(|_| !power.overflown).unwrap_or(1 << 40).min(1 << 40);
            form.exponent = form.exponent.saturating_add(if sign == Some(&b'-') { -power } else { power });
            at = behind;
        }
        self.at = at;
        Ok(form)
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
    /// Takes all digits from a place on, and gives the place behind them.
    #[inline]
    fn take(&mut self, bytes: &[u8], mut at: usize) -> usize {
        while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
            match self.digits.checked_mul(10).and_then(|digits| digits.checked_add(u64::from(digit - b'0'))) {
                Some(digits) => self.digits = digits,
                None => self.overflown = true,
            }
            at += 1;
        }
        at
    }

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

/// Sets the highest bit of the first byte that is a quote, a backslash or a control character. What a borrow does to the bytes
/// behind it does not matter.
#[inline(always)]
fn special(bytes: u64) -> u64 {
    let quote = (bytes ^ (u64::from(b'"') * ONES)).wrapping_sub(ONES);
    let backslash = (bytes ^ (u64::from(b'\\') * ONES)).wrapping_sub(ONES);
    let control = bytes.wrapping_sub(u64::from(b' ') * ONES);
    (quote | backslash | control) & !bytes & HIGH
}
