//! Bytes as letters, three bytes to four, as RFC 4648 has it, and back.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What stands in [`VALUES`] for a byte that is none of the letters; a bit that no value of a letter has.
const NONE: u8 = 0x80;

/// The six bits that a letter stands for.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut at = 0;
    while at < LETTERS.len() {
        values[LETTERS[at] as usize] = at as u8;
        at += 1;
    }
    values
};

/// Bytes as letters, filled up with `=` to a multiple of four.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = vec![b'='; bytes.len().div_ceil(3) * 4];
    let (threes, rest) = bytes.as_chunks::<3>();
    let (fours, _) = text.as_chunks_mut::<4>();
    for (four, three) in fours.iter_mut().zip(threes) {
        *four = letters(*three);
    }
    if let (Some(last), Some(first)) = (fours.get_mut(threes.len()), rest.first()) {
        let four = letters([*first, rest.get(1).copied().unwrap_or_default(), 0]);
        last[..=rest.len()].copy_from_slice(&four[..=rest.len()]);
    }
    String::from_utf8(text).unwrap_or_default()
}

fn letters([a, b, c]: [u8; 3]) -> [u8; 4] {
    [a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c].map(|bits| LETTERS[usize::from(bits & 63)])
}

/// The bytes that letters stand for; `None` when these are no base64. What fills up the end may be missing: servers differ in
/// that.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let letters = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    // One letter is not yet a byte; and nothing is filled up that is full, or to more than four.
    let (last, filled) = (letters.len() % 4, text.len() - letters.len());
    if last == 1 || (filled > 0 && !(2..=4 - filled).contains(&last)) {
        return None;
    }
    // Whether all were letters is looked at once, behind them: that is quicker.
    let mut seen = 0;
    let mut bits = |letters: &[u8]| {
        letters.iter().fold(0, |bits: u64, letter| {
            let value = VALUES[usize::from(*letter)];
            seen |= value;
            bits << 6 | u64::from(value)
        })
    };
    let (eights, rest) = letters.as_chunks::<8>();
    let mut bytes = vec![0; eights.len() * 6];
    for (eight, six) in eights.iter().zip(bytes.as_chunks_mut::<6>().0) {
        six.copy_from_slice(&bits(eight).to_be_bytes()[2..]);
    }
    let (end, size) = (bits(rest), rest.len() * 6);
    bytes.extend_from_slice(&(end << (48 - size)).to_be_bytes()[2..2 + size / 8]);
    // Bits behind the last byte are nought: the same bytes are always the same text.
    let beyond = end & ((1 << (size % 8)) - 1);
    (seen < NONE && beyond == 0).then_some(bytes)
}

/// [`decode`], of a text that is filled up.
pub fn decode_filled(text: &[u8]) -> Option<Vec<u8>> {
    if text.len().is_multiple_of(4) { decode(text) } else { None }
}

#[cfg(test)]
mod tests {
    use ::base64::Engine as _;
    use ::base64::engine::DecodePaddingMode;
    use ::base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
    use proptest::prelude::*;

    use super::*;

    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &::base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );

    #[test]
    fn what_fills_up_the_end_may_be_missing_but_not_misplaced() {
        for good in ["", "QQ==", "QQ=", "QQ", "QUI=", "QUI", "QUJD"] {
            assert_eq!(decode(good.as_bytes()).as_deref(), Some(&b"ABC"[..good.trim_end_matches('=').len() * 3 / 4]), "{good}");
        }
        for bad in
            ["Q", "Q=", "Q==", "Q===", "QQ===", "QUI==", "QUJD=", "QUJD==", "====", "=", "QQ=Q", "QR==", "QUJ=", "QQ\n=", "é"]
        {
            assert_eq!(decode(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(decode_filled(b"QQ="), None);
    }

    proptest! {
        #[test]
        fn it_is_what_the_crate_base64_says(bytes: Vec<u8>, text in "[A-Da-d0-9+/]{0,16}[Qw=]{0,3}[=?]?") {
            prop_assert_eq!(encode(&bytes), STANDARD.encode(&bytes));
            prop_assert_eq!(decode(encode(&bytes).as_bytes()), Some(bytes));
            prop_assert_eq!(decode(text.as_bytes()), LENIENT.decode(&text).ok());
            prop_assert_eq!(decode_filled(text.as_bytes()), STANDARD.decode(&text).ok());
        }
    }
}
