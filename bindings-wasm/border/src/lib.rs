//! How texts cross the border to JavaScript: it asks for room, writes its texts there one behind the other, and says in the
//! call how long each is; the call tells where the answer stands, and [`length`] how long it is.
//!
//! No tool writes the glue for this (the other half is `ts/glue.ts`): the modules export what is written here and in their
//! own crates, and import nothing at all.

#[cfg(any(test, target_family = "wasm"))]
mod memory;

use std::cell::RefCell;

/// Room of this size is kept for the next call. What a large request needed is given back.
const KEPT: usize = 1 << 20;

thread_local! {
    static GIVEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Room for this many bytes: where to write what the next call reads.
// SAFETY: no other function of a module has this name.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    GIVEN.with_borrow_mut(|given| {
        if given.len() < bytes {
            given.resize(bytes, 0);
        }
        given.as_mut_ptr()
    })
}

/// How many bytes the last answer has.
// SAFETY: no other function of a module has this name.
#[unsafe(no_mangle)]
pub extern "C" fn length() -> usize {
    ANSWER.with_borrow(Vec::len)
}

/// Reads the texts that were written, by their lengths, and keeps the answer to them until the next call: where it stands.
pub fn answer<const TEXTS: usize, Said: Into<Vec<u8>>>(
    lengths: [usize; TEXTS],
    call: impl FnOnce([&[u8]; TEXTS]) -> Said,
) -> *const u8 {
    let mut given = GIVEN.take();
    let mut rest = given.as_slice();
    let said = call(lengths.map(|length| {
        let (text, behind) = rest.split_at_checked(length).unwrap_or_default();
        rest = behind;
        text
    }));
    if given.len() > KEPT {
        given = Vec::new();
    }
    GIVEN.set(given);
    ANSWER.set(said.into());
    ANSWER.with_borrow(|said| said.as_ptr())
}

/// A text as Rust has it. JavaScript's encoder writes no other; of anything else nothing is read.
pub fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes as JavaScript does, but from this side.
    fn write(texts: &[&str]) {
        let all = texts.concat();
        room(all.len());
        GIVEN.with_borrow_mut(|given| given[..all.len()].copy_from_slice(all.as_bytes()));
    }

    fn said() -> String {
        String::from_utf8(ANSWER.with_borrow(Clone::clone)).unwrap()
    }

    #[test]
    fn texts_are_told_apart_by_their_lengths() {
        write(&["ab", "", "ç"]);
        answer([2, 0, 2], |[a, b, c]| [text(c), text(b), text(a)].join("|"));
        assert_eq!((said().as_str(), length()), ("ç||ab", 6));
    }

    #[test]
    fn what_is_not_there_is_empty() {
        write(&["ab"]);
        answer([1, 9], |[a, b]| format!("{} {}", text(a), b.len()));
        assert_eq!(said(), "a 0");
    }

    #[test]
    fn room_is_kept_up_to_a_limit() {
        for (bytes, kept) in [(10, 10), (5, 10), (KEPT, KEPT), (KEPT + 1, 0)] {
            room(bytes);
            answer([], |[]| String::new());
            assert_eq!(GIVEN.with_borrow(Vec::len), kept);
        }
    }
}
