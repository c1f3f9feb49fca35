//! Floats to the shortest digits that are read as the same float again, and their text.
//!
//! Digits are taken off one by one until those that are left out no longer tell the float from its neighbours. For all floats
//! that people write this is arithmetic on 128 bits; the others, very small and very large, `exact` takes apart.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use crate::exact;

/// A float that is finite and not below nought: `whole` × 2^`twos`.
pub(crate) struct Float {
    pub(crate) whole: u64,
    pub(crate) twos: i32,
    /// Whether the next smaller float is only half as far away as the next greater one.
    pub(crate) is_first: bool,
}

impl Float {
    /// From its bits, of which `places` are those behind the point; `bias` is the power of two of the last of them in the
    /// smallest floats.
    fn of(bits: u64, places: u32, bias: i32) -> Float {
        let (fraction, exponent) = (bits & ((1 << places) - 1), (bits >> places) as i32);
        let whole = if exponent == 0 { fraction } else { fraction | 1 << places };
        Float { whole, twos: exponent.max(1) - 1 - bias, is_first: fraction == 0 && exponent > 1 }
    }

    /// Its shortest digits, and the power of ten they are to be multiplied with.
    fn digits(&self) -> (u64, i32) {
        // One is 2^124: ten of it still fit, and so do the borders of a float whose last bit is 2^-122.
        const ONE: u128 = 1 << 124;
        if self.whole == 0 {
            return (0, 0);
        }
        let Ok(places @ 0..=122) = u32::try_from(-self.twos) else { return exact::digits(self) };
        let first = if places < 64 { self.whole >> places } else { 0 };
        let number = (u128::from(self.whole) << (124 - places)) & (ONE - 1);
        let above = 1 << (123 - places);
        let below = if self.is_first { above / 2 } else { above };
        let (digits, places) = shortest(first, number, &ONE, above, below, self.whole.is_multiple_of(2));
        (digits, -places)
    }
}

impl From<f64> for Float {
    fn from(float: f64) -> Float {
        Float::of(float.abs().to_bits(), 52, 1074)
    }
}

impl From<f32> for Float {
    fn from(float: f32) -> Float {
        Float::of(u64::from(float.abs().to_bits()), 23, 149)
    }
}

/// What digits are taken off.
pub(crate) trait Amount: Clone + Ord {
    /// Multiplies it by ten.
    fn tenfold(&mut self);
    /// Takes off another that is not greater.
    fn subtract(&mut self, other: &Self);
    /// Takes off what is `one` and more, and says how often.
    fn part_over(&mut self, one: &Self) -> u64;
}

/// For a `one` that is 2^124.
impl Amount for u128 {
    fn tenfold(&mut self) {
        *self = (*self << 3) + (*self << 1);
    }

    fn subtract(&mut self, other: &u128) {
        *self -= other;
    }

    fn part_over(&mut self, one: &u128) -> u64 {
        let whole = (*self >> 124) as u64;
        *self &= one - 1;
        whole
    }
}

/// Goes on from `first` with the digits of `rest`, a part of `one`, until no float but this one is as near: the next border is
/// `above` it, or `below`, and belongs to it when it is even. Gives the digits, and how many of them were added.
pub(crate) fn shortest<A: Amount>(first: u64, mut rest: A, one: &A, mut above: A, mut below: A, even: bool) -> (u64, i32) {
    let (mut digits, mut places) = (first, 0);
    loop {
        let mut missing = one.clone();
        missing.subtract(&rest);
        let within = |order: Ordering| order.is_lt() || even && order.is_eq();
        let (down, up) = (within(rest.cmp(&below)), within(missing.cmp(&above)));
        if down || up {
            let is_nearer = rest.cmp(&missing).then(if digits % 2 == 0 { Ordering::Less } else { Ordering::Greater }).is_gt();
            return (digits + u64::from(up && (is_nearer || !down)), places);
        }
        rest.tenfold();
        above.tenfold();
        below.tenfold();
        digits = digits * 10 + rest.part_over(one);
        places += 1;
    }
}

/// Writes a finite number of 64 bits: always with a point or an exponent.
#[inline(never)]
pub fn double(out: &mut Vec<u8>, float: f64) {
    sign(out, float.is_sign_negative());
    decimal(out, Float::from(float).digits(), -5..=15);
}

/// Writes a finite number of 32 bits, with no more digits than it needs as such.
pub fn single(out: &mut Vec<u8>, float: f32) {
    sign(out, float.is_sign_negative());
    decimal(out, Float::from(float).digits(), -6..=12);
}

/// Writes a whole number.
pub fn signed(out: &mut Vec<u8>, number: i64) {
    sign(out, number < 0);
    unsigned(out, number.unsigned_abs());
}

/// Writes a whole number.
pub fn unsigned(out: &mut Vec<u8>, number: u64) {
    let mut room = [0; 20];
    out.extend_from_slice(figures(number, &mut room));
}

fn sign(out: &mut Vec<u8>, is_negative: bool) {
    if is_negative {
        out.push(b'-');
    }
}

/// The figures of a number, at the end of `room`.
fn figures(mut number: u64, room: &mut [u8; 20]) -> &[u8] {
    let mut begin = room.len();
    loop {
        begin -= 1;
        room[begin] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return &room[begin..];
        }
    }
}

/// Writes `digits` × 10^`tens`; without an exponent when that of the first digit is in `plain`.
fn decimal(out: &mut Vec<u8>, (digits, tens): (u64, i32), plain: RangeInclusive<i32>) {
    let mut room = [0; 20];
    let mut figures = figures(digits, &mut room);
    let exponent = figures.len() as i32 - 1 + tens;
    while let [rest @ .., b'0'] = figures
        && !rest.is_empty()
    {
        figures = rest;
    }
    if !plain.contains(&exponent) {
        let (first, rest) = figures.split_at(1);
        out.extend_from_slice(first);
        if !rest.is_empty() {
            out.push(b'.');
            out.extend_from_slice(rest);
        }
        out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
        unsigned(out, u64::from(exponent.unsigned_abs()));
        return;
    }
    if exponent < 0 {
        out.extend_from_slice(b"0.");
        (exponent..-1).for_each(|_| out.push(b'0'));
        out.extend_from_slice(figures);
        return;
    }
    let point = exponent as usize + 1;
    (0..point).for_each(|at| out.push(figures.get(at).copied().unwrap_or(b'0')));
    out.push(b'.');
    out.extend_from_slice(figures.get(point..).filter(|rest| !rest.is_empty()).unwrap_or(b"0"));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn agrees(bits: u64) {
        let (float, narrow) = (f64::from_bits(bits), f32::from_bits(bits as u32));
        let mut text = Vec::new();
        if float.is_finite() {
            double(&mut text, float);
            assert_eq!(String::from_utf8_lossy(&text), serde_json::to_string(&float).unwrap(), "{bits:x}");
        }
        if narrow.is_finite() {
            text.clear();
            single(&mut text, narrow);
            assert_eq!(String::from_utf8_lossy(&text), serde_json::to_string(&narrow).unwrap(), "{bits:x}");
        }
    }

    #[test]
    fn odd_floats_are_written_as_serde_json_writes_them() {
        let powers = (-320..309).map(|power| format!("1e{power}").parse::<f64>().unwrap());
        let others = [0.0, -0.0, 0.1 + 0.2, 5e-324, f64::MAX, f64::MIN_POSITIVE, 123456789.125, 9007199254740993.0, 1.5e300];
        for float in powers.chain(others) {
            let bits = float.to_bits();
            [bits, bits + 1, bits.saturating_sub(1)].into_iter().for_each(agrees);
            agrees(u64::from((float as f32).to_bits()));
        }
        // Every power of two, where the floats below are nearer than those above.
        (0..2047).for_each(|exponent| agrees(exponent << 52));
        (0..255).for_each(|exponent| agrees(exponent << 23));
    }

    #[test]
    fn whole_numbers_are_written() {
        let text = |number| {
            let mut text = Vec::new();
            signed(&mut text, number);
            String::from_utf8(text).unwrap()
        };
        assert_eq!([0, 7, -10, i64::MIN, i64::MAX].map(text), ["0", "7", "-10", "-9223372036854775808", "9223372036854775807"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn every_float_is_written_as_serde_json_writes_it(bits: u64, usual in -1e6..1e6f64, places in 0_i32..18) {
            agrees(bits);
            agrees(usual.to_bits());
            agrees(u64::from((usual as f32).to_bits()));
            // A number as people write them.
            let scale = 10_f64.powi(places);
            agrees(((usual * scale).round() / scale).to_bits());
        }
    }
}
