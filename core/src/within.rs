//! Where one text stands in another.
//!
//! Looked for letter by letter. The standard library's searcher never reads a letter twice, but it is two kilobytes in the
//! WebAssembly module; the texts here are names and the beginnings of pages.

/// The place where `part` begins.
pub(crate) fn find(text: &str, part: &str) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).find(|at| text[*at..].starts_with(part))
}

/// Whether `part` stands in `text`.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_first_place() {
        assert_eq!(find("a café cafe", "cafe"), Some(8));
        assert_eq!(find("aab", "ab"), Some(1));
        assert_eq!(find("ab", "abc"), None);
        assert!(contains("ab", "b") && !contains("", "b"));
    }
}
