//! Text to floats of 32 bits: the arrays of an embedding, a hundred thousand numbers in an answer.
//!
//! Digits are taken eight at a time, and the value is computed in 64 bits. That is wrong in the last bits at most, so it
//! rounds to the right float unless it lies next to the middle of two; those few, and all that is unusual, `exact` reads.

use crate::exact;

/// Powers of ten that a float of 64 bits holds exactly.
pub(crate) const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
];

/// `10^-n`, as near as a float of 64 bits comes.
const PARTS: [f64; 25] = [
    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18,
    1e-19, 1e-20, 1e-21, 1e-22, 1e-23, 1e-24,
];

/// The bits that a float of 64 bits has that one of 32 bits has not.
const SURPLUS: u64 = (1 << 29) - 1;
/// The middle of two floats of 32 bits, in these bits.
const MIDDLE: u64 = 1 << 28;
/// How near to the middle a value may lie that is known to a few units in its last place.
const NEAR: u64 = 16;

/// Reads the array of numbers that begins at `text[at]`, a bracket. Gives the place behind it.
///
/// `None` for anything but an array of JSON numbers that are finite as floats of 32 bits.
pub fn array(text: &[u8], at: usize, expected: usize) -> Option<(Vec<f32>, usize)> {
    if text.get(at) != Some(&b'[') {
        return None;
    }
    let mut numbers = Vec::with_capacity(expected);
    let mut at = blank(text, at + 1);
    if text.get(at) == Some(&b']') {
        return Some((numbers, at + 1));
    }
    loop {
        let read = long(text, at).or_else(|| plain(text, at));
        let (number, behind) = match read {
            Some(read) => read,
            None => number(text, at)?,
        };
        numbers.push(number);
        // Nearly always a comma, and the next number right behind it.
        at = behind;
        if text.get(at) == Some(&b',') && text.get(at + 1).is_some_and(|byte| *byte > b' ') {
            at += 1;
            continue;
        }
        at = blank(text, at);
        match text.get(at)? {
            b',' => at = blank(text, at + 1),
            b']' => break,
            _ => return None,
        }
    }
    numbers.shrink_to_fit();
    Some((numbers, at + 1))
}

/// The place of the next byte that is no white space.
pub fn blank(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Reads a number as embeddings have them where floats of 64 bits were written: nought, a point, 16 to 23 digits. `None` for
/// every other, and for what needs more care.
///
/// The sixteen digits that are looked at are enough, unless the least or the most that may follow them makes another float.
#[inline]
fn long(text: &[u8], from: usize) -> Option<(f32, usize)> {
    /// More than all that is left out (1e-16), and what the arithmetic may be wrong by (less than 4e-16).
    const MARGIN: f64 = 1e-15;
    let negative = text.get(from) == Some(&b'-');
    let begin = from + usize::from(negative);
    let near: &[u8; 26] = text.get(begin..)?.first_chunk()?;
    let block = |at: usize| near.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |block| u64::from_le_bytes(*block));
    let [first, second, third] = [block(2) ^ NOUGHTS, block(10) ^ NOUGHTS, block(18) ^ NOUGHTS];
    let more = (others(third).trailing_zeros() / 8) as usize;
    if near[0] != b'0' || near[1] != b'.' || others(first) | others(second) != 0 || more == 8 {
        return None;
    }
    let exact = (together(first) * TENS[8] + together(second)) as i64 as f64 * PARTS[16];
    let (least, most) = ((exact - MARGIN) as f32, (exact + MARGIN) as f32);
    if least != most || matches!(near[18 + more], b'e' | b'E') {
        return None;
    }
    Some((if negative { -most } else { most }, begin + 18 + more))
}

/// Reads a number as embeddings have them: one digit, a point, up to 24 digits. `None` for every other, and for what needs
/// more care.
///
/// What comes next must wait for the place where this number ends, so all digits are looked at in one step.
#[inline]
fn plain(text: &[u8], from: usize) -> Option<(f32, usize)> {
    let negative = text.get(from) == Some(&b'-');
    let begin = from + usize::from(negative);
    let near: &[u8; 26] = text.get(begin..)?.first_chunk()?;
    let whole = near[0].wrapping_sub(b'0');
    if whole > 9 || near[1] != b'.' {
        return None;
    }
    let block = |at: usize| near.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |block| u64::from_le_bytes(*block));
    let blocks = [block(2) ^ NOUGHTS, block(10) ^ NOUGHTS, block(18) ^ NOUGHTS];
    let others = u128::from(others(blocks[0])) | u128::from(others(blocks[1])) << 64;
    let mut scale = (others.trailing_zeros() / 8) as usize;
    if scale == 0 {
        return None;
    }
    let digits = (u128::from(blocks[0]) | u128::from(blocks[1]) << 64) << (128 - 8 * scale);
    let mut value = together(digits as u64) * TENS[8] + together((digits >> 64) as u64);
    if scale == 16 {
        let (more, count) = digits_of(blocks[2]);
        if value > MOST[count] || count == 8 {
            return None;
        }
        value = value * TENS[count] + more;
        scale += count;
    }
    if whole > 0 {
        value = value.checked_add(10_u64.checked_pow(scale as u32)?.checked_mul(u64::from(whole))?)?;
    }
    let behind = begin + 2 + scale;
    let exact = i64::try_from(value).ok()? as f64 * PARTS[scale];
    let distance = (exact.to_bits() & SURPLUS).abs_diff(MIDDLE);
    if distance <= NEAR || matches!(text.get(behind), Some(b'e' | b'E')) {
        return None;
    }
    let rounded = exact as f32;
    Some((if negative { -rounded } else { rounded }, behind))
}

/// Reads any number.
fn number(text: &[u8], from: usize) -> Option<(f32, usize)> {
    let negative = text.get(from) == Some(&b'-');
    let mut digits = Digits::default();
    let whole = from + usize::from(negative);
    let mut at = digits.read(text, whole);
    // At least one digit, and no nought before others.
    if at == whole || (text.get(whole) == Some(&b'0') && at > whole + 1) {
        return None;
    }
    let mut scale = 0;
    if text.get(at) == Some(&b'.') {
        let behind = digits.read(text, at + 1);
        scale = behind - at - 1;
        if scale == 0 {
            return None;
        }
        at = behind;
    }
    let mut tens = 0;
    if matches!(text.get(at), Some(b'e' | b'E')) {
        (tens, at) = exponent(text, at)?;
    }
    let scale = i64::try_from(scale).ok()? - tens;
    let Some(power) =
        usize::try_from(scale.unsigned_abs()).ok().and_then(|scale| POWERS.get(scale)).filter(|_| !digits.overflown)
    else {
        return unusual(text, from, at);
    };
    let exact = if scale < 0 { digits.value as f64 * power } else { digits.value as f64 / power };
    let distance = (exact.to_bits() & SURPLUS).abs_diff(MIDDLE);
    if distance <= NEAR || exact > f64::from(f32::MAX) || (exact < f64::from(f32::MIN_POSITIVE) && digits.value != 0) {
        return unusual(text, from, at);
    }
    let rounded = exact as f32;
    Some((if negative { -rounded } else { rounded }, at))
}

/// The exponent that begins at `at`, and the place behind it.
fn exponent(text: &[u8], at: usize) -> Option<(i64, usize)> {
    let sign = text.get(at + 1).filter(|byte| matches!(byte, b'+' | b'-'));
    let begin = at + 1 + usize::from(sign.is_some());
    let digits = text.get(begin..)?.iter().take_while(|byte| byte.is_ascii_digit());
    let (count, value) =
        digits.fold((0, 0_i64), |(count, value), digit| (count + 1, (value * 10 + i64::from(digit - b'0')).min(1 << 40)));
    (count > 0).then_some((if sign == Some(&b'-') { -value } else { value }, begin + count))
}

#[cold]
fn unusual(text: &[u8], from: usize, to: usize) -> Option<(f32, usize)> {
    exact::nearest_single(text.get(from..to)?).map(|number| (number, to))
}

/// The digits of a number so far.
#[derive(Default)]
struct Digits {
    /// As a whole number.
    value: u64,
    /// Whether there were too many for it.
    overflown: bool,
}

impl Digits {
    /// Takes all digits from a place on, and gives the place behind them.
    #[inline]
    fn read(&mut self, text: &[u8], mut at: usize) -> usize {
        loop {
            let (value, count) = eight(text, at);
            self.overflown |= self.value > MOST[count];
            self.value = self.value.wrapping_mul(TENS[count]).wrapping_add(value);
            at += count;
            if count < 8 {
                return at;
            }
        }
    }
}

/// `10^n`, for as many digits as one step takes.
const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The greatest number behind which there is room for `n` digits more.
const MOST: [u64; 9] = {
    let mut most = [u64::MAX; 9];
    let mut count = 1;
    while count < 9 {
        most[count] = u64::MAX / TENS[count] - 1;
        count += 1;
    }
    most
};

/// Eight times the digit nought.
const NOUGHTS: u64 = 0x3030_3030_3030_3030;

/// The digits among the next eight bytes, as a number, and how many they are.
#[inline]
fn eight(text: &[u8], at: usize) -> (u64, usize) {
    let block = match text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(block) => u64::from_le_bytes(*block),
        None => {
            let mut block = [0; 8];
            let rest = text.get(at..).unwrap_or_default();
            block[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(block)
        }
    };
    digits_of(block ^ NOUGHTS)
}

/// The digits at the beginning of eight bytes, from which the digit nought was taken.
#[inline]
fn digits_of(values: u64) -> (u64, usize) {
    let count = (others(values).trailing_zeros() / 8) as usize;
    if count == 0 {
        return (0, 0);
    }
    // The digits to the top, noughts before them.
    (together(values << (64 - 8 * count)), count)
}

/// Sets the highest bit of the first byte that is more than nine. What an overflow does to the bytes behind it does not
/// matter.
#[inline]
fn others(values: u64) -> u64 {
    (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
}

/// Eight digits as one number: pairs, then fours, then all.
#[inline]
fn together(values: u64) -> u64 {
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let low = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = ((pairs >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    low.wrapping_add(high) >> 32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<(Vec<u32>, usize)> {
        array(text.as_bytes(), 0, 4).map(|(numbers, behind)| (numbers.into_iter().map(f32::to_bits).collect(), behind))
    }

    /// The same by the standard library.
    fn wanted(numbers: &[&str]) -> Vec<u32> {
        numbers.iter().map(|number| number.parse::<f32>().unwrap().to_bits()).collect()
    }

    #[test]
    fn arrays_end_where_they_end() {
        assert_eq!(read("[]").unwrap().1, 2);
        assert_eq!(read(" []"), None, "it begins at its bracket");
        assert_eq!(read("[ 1 ,\t-2.5\r\n] ,").unwrap(), (wanted(&["1", "-2.5"]), 13));
        assert_eq!(read("[0.5]}").unwrap().1, 5);
    }

    #[test]
    fn odd_numbers_are_read_and_what_is_none_is_not() {
        for number in [
            "0",
            "-0",
            "0.0",
            "-0.0",
            "1e0",
            "1E+2",
            "-1.5e-3",
            "1e-45",
            "1.1754944e-38",
            "1e-50",
            "16777217",
            "3.4028235e38",
            "0.00000000000000000000000000001",
            "0.1000000000000000000000000000000000001",
            "123456789012345678901234567890",
            // In the middle of two floats, and next to it.
            "1.00000005960464477539062",
            "1.00000005960464477539063",
            "1.00000017881393432617187",
            "0.3000000119209289550781",
        ] {
            assert_eq!(read(&format!("[{number}]")).unwrap().0, wanted(&[number]), "{number}");
        }
        for text in [
            "[", "[1", "[1,", "[1,]", "[,1]", "[01]", "[-]", "[.5]", "[1.]", "[1e]", "[1e+]", "[+1]", "[1 2]", "[1e39]",
            "[null]", "[\"1\"]", "[[1]]", "[NaN]", "[1-2]", "[0x1]", "[1.2.3]", "[-01]", "[/]", "[:]", "[1:]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn every_float_comes_back(bits: u32, double in -2.0..2.0f64, long in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,24})?(e-?[0-9]{1,2})?") {
            let single = f32::from_bits(bits);
            let single = if single.is_finite() { format!("{single}") } else { "7".to_owned() };
            let numbers = [single.as_str(), &format!("{double}"), &format!("{double:e}"), &format!("{:.17}", double / 1e3), &long];
            let finite: Vec<&str> = numbers.into_iter().filter(|number| number.parse::<f32>().unwrap().is_finite()).collect();
            let text = format!("[{}]", finite.join(","));
            prop_assert_eq!(read(&text), Some((wanted(&finite), text.len())));
        }

        #[test]
        fn what_lies_near_the_middle_of_two_floats_is_read_right(bits in 0x2000_0000_u32..0x3f80_0000, digits in 15_usize..26) {
            let middle = (f64::from(f32::from_bits(bits)) + f64::from(f32::from_bits(bits + 1))) / 2.0;
            let text = format!("{middle:.digits$}");
            // One more and one less in the last place.
            let last = text.len() - 1;
            let beside = ["0", "1", "4", "5", "9"].map(|digit| format!("{}{digit}", &text[..last]));
            let numbers: Vec<&str> = beside.iter().chain([&text]).map(String::as_str).collect();
            let text = format!("[{}]", numbers.join(","));
            prop_assert_eq!(read(&text), Some((wanted(&numbers), text.len())));
        }

        #[test]
        fn no_bytes_make_it_panic(text in "[\\[\\]0-9.,eE+ -]{0,40}") {
            if let Some((numbers, behind)) = array(text.as_bytes(), 0, 0) {
                prop_assert!(text.starts_with('['));
                let read: Vec<f32> = serde_json::from_str(&text[..behind]).unwrap();
                prop_assert_eq!(read.len(), numbers.len());
            }
        }
    }
}
