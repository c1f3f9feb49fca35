//! Text to a float of 32 bits, by whole numbers of any size: slow and never wrong.
//!
//! For the few numbers that `floats` cannot be sure of. The standard library reads them as well, by a table of powers of ten
//! that weighs more than all the rest of reading JSON, where a program is loaded over a network.

/// As many digits tell the middle of two floats from every number beside it: the middle itself has no more.
const ENOUGH: usize = 128;

/// The float nearest to the JSON number `text`; of two as near, the even one. `None` when none is: it is too large.
pub(super) fn nearest(text: &[u8]) -> Option<f32> {
    let negative = text.first() == Some(&b'-');
    let decimal = Decimal::read(&text[usize::from(negative)..]);
    let bits = decimal.nearest_bits();
    let number = f32::from_bits(bits);
    number.is_finite().then_some(if negative { -number } else { number })
}

/// `digits` × 10^`exponent`; the first digit is no nought.
struct Decimal {
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn read(text: &[u8]) -> Decimal {
        let end = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
        let mut decimal = Decimal { digits: Vec::new(), exponent: exponent(text.get(end + 1..).unwrap_or_default()) };
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
                decimal.exponent += 1;
            }
            decimal.exponent -= i64::from(behind_point);
        }
        // What is left out makes it a little larger than what is kept.
        if more {
            decimal.digits.push(1);
            decimal.exponent -= 1;
        }
        decimal
    }

    /// The bits of the nearest float: they have the order of the numbers.
    fn nearest_bits(&self) -> u32 {
        let magnitude = self.digits.len() as i64 + self.exponent;
        if self.digits.is_empty() || magnitude < -45 {
            return 0;
        }
        if magnitude > 40 {
            return f32::INFINITY.to_bits();
        }
        let mut value = Whole::default();
        self.digits.iter().for_each(|digit| value.times(10, u32::from(*digit)));
        (0..self.exponent).for_each(|_| value.times(10, 0));
        let (mut low, mut high) = (0, f32::INFINITY.to_bits());
        while low < high {
            let bits = low.midpoint(high);
            let order = value.cmp_scaled(middle(bits), -self.exponent);
            let is_above = if bits % 2 == 0 { order.is_gt() } else { order.is_ge() };
            if is_above { low = bits + 1 } else { high = bits }
        }
        low
    }
}

/// The exponent that is written, within bounds that no number of interest leaves.
fn exponent(text: &[u8]) -> i64 {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    let value = digits.fold(0_i64, |value, digit| (value * 10 + i64::from(digit - b'0')).min(1 << 40));
    if text.first() == Some(&b'-') { -value } else { value }
}

/// The middle between the float with these bits and the next one, as a whole number times a power of two.
fn middle(bits: u32) -> (u32, i32) {
    let (fraction, exponent) = (bits & 0x7f_ffff, bits >> 23);
    let whole = if exponent == 0 { fraction } else { fraction | 0x80_0000 };
    (2 * whole + 1, exponent.max(1) as i32 - 151)
}

/// A whole number of any size, its lowest part first.
#[derive(Clone, Default)]
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

    /// Compares `self` with `whole` × 2^`twos` × 10^`tens`; fewer than no tens are none.
    fn cmp_scaled(&self, (whole, twos): (u32, i32), tens: i64) -> std::cmp::Ordering {
        let mut value = self.clone();
        let mut other = Whole(vec![whole]);
        (0..tens).for_each(|_| other.times(10, 0));
        (0..twos).for_each(|_| other.times(2, 0));
        (twos..0).for_each(|_| value.times(2, 0));
        value.0.len().cmp(&other.0.len()).then_with(|| value.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn agrees(text: &str) {
        let known: f32 = text.parse().unwrap();
        assert_eq!(nearest(text.as_bytes()).map(f32::to_bits), known.is_finite().then(|| known.to_bits()), "{text}");
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
        ] {
            agrees(text);
        }
        // Right at the middle of two floats, and a little beside it, far behind the point.
        let noughts = "0".repeat(300);
        for text in [
            "16777217.",
            "16777219.",
            "0.000000000000000000000000000000000000000000000700649232162408535461864791644958065640130970938257885878534141944895541342930300743319094181060791015625",
        ] {
            agrees(&format!("{text}{noughts}"));
            agrees(&format!("{text}{noughts}1"));
        }
    }

    proptest! {
        #[test]
        fn every_number_is_read_as_the_standard_library_reads_it(
            bits in 0_u32..0x7f80_0000,
            text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,60})?([eE][+-]?[0-9]{1,2})?",
        ) {
            agrees(&text);
            let (low, high) = (f64::from(f32::from_bits(bits)), f64::from(f32::from_bits(bits + 1)));
            agrees(&format!("{low:e}"));
            if high.is_finite() {
                // The middle is written with all its digits.
                agrees(&format!("{:.160}", (low + high) / 2.0));
            }
        }
    }
}
