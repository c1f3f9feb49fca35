//! Text to floats and floats to digits, by whole numbers of any size: slow and never wrong.
//!
//! For the few numbers that `scan`, `floats` and `digits` cannot be sure of. The standard library reads and writes them as
//! well, by tables of powers of ten that weigh more than all the rest of this crate, where a program is loaded over a network.

use std::cmp::Ordering;

use crate::digits::{Amount, Float, shortest};
use crate::floats::POWERS;

/// As many digits tell the middle of two floats from every number beside it: the middle itself has no more.
const ENOUGH: usize = 800;

/// The bits of the infinite float, behind those of all others.
const INFINITE: u64 = f64::INFINITY.to_bits();

/// The float nearest to the JSON number `text`; of two as near, the even one. `None` when none is: it is too large.
#[cold]
#[inline(never)]
pub(super) fn nearest(text: &[u8]) -> Option<f64> {
    let negative = text.first() == Some(&b'-');
    let number = f64::from_bits(Decimal::read(&text[usize::from(negative)..]).nearest_bits());
    number.is_finite().then_some(if negative { -number } else { number })
}

/// The same as a float of 32 bits.
#[cold]
#[inline(never)]
pub(super) fn nearest_single(text: &[u8]) -> Option<f32> {
    let negative = text.first() == Some(&b'-');
    let decimal = Decimal::read(&text[usize::from(negative)..]);
    let bits = decimal.nearest_bits();
    // Rounding twice is wrong where the first step ends in the middle of two floats, and the number does not. There it may
    // not end: the last bit says that something lies behind.
    let bits = match bits {
        0 | INFINITE => bits,
        _ => match decimal.cmp(whole_of(bits)) {
            Ordering::Less => (bits - 1) | 1,
            Ordering::Equal => bits,
            Ordering::Greater => bits | 1,
        },
    };
    let number = f64::from_bits(bits) as f32;
    number.is_finite().then_some(if negative { -number } else { number })
}

/// The shortest digits that are read as this float again, and the power of ten they are to be multiplied with.
#[cold]
#[inline(never)]
pub(super) fn digits(float: &Float) -> (u64, i32) {
    // The greatest power of ten that is not above it, or the next lower one.
    let length = 64 - float.whole.leading_zeros().cast_signed();
    let tens = ((length - 1 + float.twos) * 30_103).div_euclid(100_000);
    // All four times as large, for the borders lie at halves and quarters of the last bit.
    let mut number = Whole::from(4 * float.whole);
    let mut above = Whole::from(2);
    let mut below = Whole::from(if float.is_first { 1 } else { 2 });
    let mut one = Whole::from(4);
    for part in [&mut number, &mut above, &mut below] {
        part.raise(-tens, float.twos - tens);
    }
    one.raise(tens, tens - float.twos);
    let first = number.part_over(&one);
    let (digits, places) = shortest(first, number, &one, above, below, float.whole.is_multiple_of(2));
    (digits, tens - places)
}

/// `digits` × 10^`exponent`; the first digit is no nought.
struct Decimal {
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    fn read(text: &[u8]) -> Decimal {
        let end = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
        let mut decimal = Decimal { digits: Vec::new(), exponent: 0 };
        let mut exponent = exponent(text.get(end + 1..).unwrap_or_default());
        let (mut behind_point, mut more) = (false, false);
        for byte in &text[..end] {
            if *byte == b'.' {
                behind_point = true;
                continue;
            }
            let is_leading = decimal.digits.is_empty() && *byte == b'0';
            if !is_leading && decimal.digits.len() < ENOUGH {
                decimal.digits.push(byte - b'0');
            } else if !is_leading {
                more |= *byte != b'0';
                exponent += 1;
            }
            exponent -= i64::from(behind_point);
        }
        // What is left out makes it a little larger than what is kept.
        if more {
            decimal.digits.push(1);
            exponent -= 1;
        }
        decimal.exponent = exponent.clamp(-1 << 20, 1 << 20) as i32;
        decimal
    }

    /// The bits of the nearest float: they have the order of the numbers.
    fn nearest_bits(&self) -> u64 {
        let magnitude = self.digits.len() as i32 + self.exponent;
        if self.digits.is_empty() || magnitude < -323 {
            return 0;
        }
        if magnitude > 309 {
            return INFINITE;
        }
        let mut bits = self.estimate().to_bits();
        while bits < INFINITE && self.is_above(bits) {
            bits += 1;
        }
        while bits > 0 && !self.is_above(bits - 1) {
            bits -= 1;
        }
        bits
    }

    /// A float that is a few steps away at most.
    fn estimate(&self) -> f64 {
        let known = self.digits.len().min(19);
        let digits = self.digits[..known].iter().fold(0, |value, digit| value * 10 + u64::from(*digit));
        let (mut float, mut tens) = (digits as f64, self.exponent + (self.digits.len() - known) as i32);
        while tens != 0 {
            let step = tens.unsigned_abs().min(22);
            let power = POWERS[step as usize];
            float = if tens < 0 { float / power } else { float * power };
            tens -= tens.signum() * step.cast_signed();
        }
        float
    }

    /// Whether a float above the one with these bits is nearest.
    fn is_above(&self, bits: u64) -> bool {
        let (whole, twos) = whole_of(bits);
        // The middle between it and the next one.
        match self.cmp((2 * whole + 1, twos - 1)) {
            Ordering::Greater => true,
            Ordering::Equal => bits % 2 == 1,
            Ordering::Less => false,
        }
    }

    /// Compares it with `whole` × 2^`twos`.
    fn cmp(&self, (whole, twos): (u64, i32)) -> Ordering {
        let (mut value, mut other) = (Whole::default(), Whole::from(whole));
        self.digits.iter().for_each(|digit| value.times(10, u32::from(*digit)));
        value.raise(self.exponent, self.exponent - twos);
        other.raise(-self.exponent, twos - self.exponent);
        value.cmp(&other)
    }
}

/// The exponent that is written, within bounds that no number of interest leaves.
fn exponent(text: &[u8]) -> i64 {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    let value = digits.fold(0_i64, |value, digit| (value * 10 + i64::from(digit - b'0')).min(1 << 40));
    if text.first() == Some(&b'-') { -value } else { value }
}

/// The float with these bits as a whole number times a power of two.
fn whole_of(bits: u64) -> (u64, i32) {
    let float = Float::from(f64::from_bits(bits));
    (float.whole, float.twos)
}

/// A whole number of any size, its lowest part first; the highest part is not nought.
#[derive(Clone, Default, PartialEq, Eq)]
struct Whole(Vec<u32>);

impl Whole {
    /// `self` × `factor` + `more`
    fn times(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for part in &mut self.0 {
            let product = u64::from(*part) * u64::from(factor) + carry;
            *part = product as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// `self` × 5^`fives` × 2^`twos`; fewer than none of them are none.
    fn raise(&mut self, fives: i32, twos: i32) {
        /// As many fives as fit into a part.
        const STEP: u32 = 13;
        let (fives, twos) = (fives.max(0).cast_unsigned(), twos.max(0).cast_unsigned());
        (0..fives / STEP).for_each(|_| self.times(5_u32.pow(STEP), 0));
        self.times(5_u32.pow(fives % STEP), 0);
        self.times(1 << (twos % 32), 0);
        let mut moved = vec![0; (twos / 32) as usize];
        moved.append(&mut self.0);
        self.0 = moved;
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

impl From<u64> for Whole {
    fn from(number: u64) -> Whole {
        let mut whole = Whole(vec![number as u32, (number >> 32) as u32]);
        whole.trim();
        whole
    }
}

impl Amount for Whole {
    fn tenfold(&mut self) {
        self.times(10, 0);
    }

    fn subtract(&mut self, other: &Whole) {
        let mut borrow = 0;
        for (at, part) in self.0.iter_mut().enumerate() {
            let less = i64::from(*part) - i64::from(other.0.get(at).copied().unwrap_or(0)) - borrow;
            *part = less as u32;
            borrow = i64::from(less < 0);
        }
        self.trim();
    }

    fn part_over(&mut self, one: &Whole) -> u64 {
        let mut times = 0;
        while *self >= *one {
            self.subtract(one);
            times += 1;
        }
        times
    }
}

impl Ord for Whole {
    fn cmp(&self, other: &Whole) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Whole {
    fn partial_cmp(&self, other: &Whole) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn agrees(text: &str) {
        let (double, single): (f64, f32) = (text.parse().unwrap(), text.parse().unwrap());
        assert_eq!(nearest(text.as_bytes()).map(f64::to_bits), double.is_finite().then(|| double.to_bits()), "{text}");
        assert_eq!(nearest_single(text.as_bytes()).map(f32::to_bits), single.is_finite().then(|| single.to_bits()), "{text}");
    }

    #[test]
    fn the_edges_are_read_as_the_standard_library_reads_them() {
        for text in [
            "0",
            "-0",
            "-0.0",
            "0e5",
            "0.000",
            "1",
            "10e-1",
            "1e-46",
            "7e-46",
            "7.1e-46",
            "1.4e-45",
            "1e-45",
            "3.4028235e38",
            "3.4028235677973366e38",
            "3.4028235677973365e38",
            "3.4028236e38",
            "1e39",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "16777217",
            "16777219",
            "1.17549435e-38",
            "1.1754943e-38",
            "0.1",
            "123456789012345678901234567890",
            "9007199254740993",
            "9007199254740993.00000000000000000000000000000000001",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1.797693134862315807e308",
            "1e309",
            "1e310",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "4.9e-324",
            "2.5e-324",
            "2.4e-324",
            "1e-324",
        ] {
            agrees(text);
        }
        // Right at the middle of two floats, and a little beside it, far behind the point.
        let noughts = "0".repeat(900);
        let least = format!("{:.1100}", f64::from_bits(1));
        let middles = [f32::from_bits(1), 1.0e-30, 0.3].map(|float| {
            let next = f32::from_bits(float.to_bits() + 1);
            format!("{:.160}", (f64::from(float) + f64::from(next)) / 2.0)
        });
        for text in ["16777217.", "9007199254740993.", &least].into_iter().chain(middles.iter().map(String::as_str)) {
            agrees(&format!("{text}{noughts}"));
            agrees(&format!("{text}{noughts}1"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn every_number_is_read_as_the_standard_library_reads_it(
            single in 0_u32..0x7f80_0000,
            double in 0..INFINITE,
            text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,60})?([eE][+-]?[0-9]{1,3})?",
        ) {
            agrees(&text);
            let (low, high) = (f64::from(f32::from_bits(single)), f64::from(f32::from_bits(single + 1)));
            agrees(&format!("{low:e}"));
            if high.is_finite() {
                // The middle is written with all its digits.
                agrees(&format!("{:.160}", (low + high) / 2.0));
            }
            agrees(&format!("{:e}", f64::from_bits(double)));
            // More digits than tell floats apart, so that it lies between them; and all digits there are.
            agrees(&format!("{:.17e}", f64::from_bits(double)).replace('e', "5e"));
            agrees(&format!("{:.1100}5", f64::from_bits(double)));
        }
    }
}
