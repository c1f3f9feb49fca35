//! The nearest known name to one that is not known, and strangers' names made fit for a message. Imports nothing of this crate.

use std::fmt::{Display, Write as _, from_fn};

use tramontane_json::{is_hidden, write_hidden};

/// Longer names are not compared: nobody misspells a name of this length by a letter or two.
const LONGEST: usize = 64;

/// The name that was probably meant: the nearest of `names`, if it is near enough.
///
/// ```
/// let fields = ["temperature", "top_p", "max_tokens"];
/// assert_eq!(tramontane::suggest::nearest("temprature", fields), Some("temperature"));
/// assert_eq!(tramontane::suggest::nearest("maxTokens", fields), Some("max_tokens"));
/// assert_eq!(tramontane::suggest::nearest("sauce", fields), None);
/// ```
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    nearest_of(name, &mut names.into_iter())
}

#[cold]
#[inline(never)]
fn nearest_of<'n>(name: &str, names: &mut dyn Iterator<Item = &'n str>) -> Option<&'n str> {
    let target = Folded::new(name)?;
    let mut best: Option<(usize, &'n str)> = None;
    for candidate in names {
        let limit = best.map_or(target.tolerance(), |(distance, _)| distance.saturating_sub(1));
        if let Some(distance) = target.distance(candidate, limit) {
            best = Some((distance, candidate));
            if distance == 0 {
                break;
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Up to `count` of the nearest names, nearest first; of names at the same distance those of the lowest rank, in their
/// alphabetical order.
pub fn nearest_few<'n>(name: &str, names: impl IntoIterator<Item = (u8, &'n str)>, count: usize) -> Vec<&'n str> {
    let mut nearest = Nearest::new(name, count);
    names.into_iter().for_each(|(rank, candidate)| nearest.offer(rank, candidate));
    nearest.found.into_iter().map(|(.., candidate)| candidate).collect()
}

/// Gathers the names that [`nearest_few`] gives, wherever they come from.
pub(crate) struct Nearest<'n> {
    target: Option<Folded>,
    count: usize,
    /// Distance, rank and name, the nearest first.
    pub(crate) found: Vec<(usize, u8, &'n str)>,
}

impl<'n> Nearest<'n> {
    pub(crate) fn new(name: &str, count: usize) -> Nearest<'n> {
        Nearest { target: Folded::new(name), count, found: Vec::new() }
    }

    pub(crate) fn offer(&mut self, rank: u8, candidate: &'n str) {
        let Some(target) = &self.target else { return };
        if let Some(distance) = target.distance(candidate, target.tolerance()) {
            let found = (distance, rank, candidate);
            let at = self.found.iter().position(|other| found < *other).unwrap_or(self.found.len());
            self.found.insert(at, found);
            self.found.truncate(self.count);
        }
    }
}

/// A stranger's word in backticks: shortened, and without characters that would spoil a terminal.
///
/// ```
/// assert_eq!(tramontane::suggest::shown("mistral-small\n").to_string(), "`mistral-small\\n`");
/// ```
pub fn shown(word: &str) -> impl Display {
    from_fn(move |f| {
        f.write_char('`')?;
        let mut chars = word.chars();
        for c in chars.by_ref().take(80) {
            if is_hidden(c) {
                write_hidden(f, c)?;
            } else {
                f.write_char(c)?;
            }
        }
        f.write_str(if chars.next().is_some() { "…`" } else { "`" })
    })
}

/// The names, with commas between them.
pub(crate) fn listed(names: &[&str]) -> impl Display {
    from_fn(move |f| {
        let mut names = names.iter();
        names.next().map_or(Ok(()), |first| f.write_str(first))?;
        names.try_for_each(|name| write!(f, ", {name}"))
    })
}

/// Asks for the name that was probably meant; writes nothing where there is none.
pub(crate) fn did_you_mean(name: Option<&str>) -> impl Display {
    from_fn(move |f| name.map_or(Ok(()), |name| write!(f, "did you mean `{name}`?")))
}

/// Asks for the one of the names that was probably meant, or says which there are.
pub(crate) fn one_of(name: &str, known: &[&str]) -> impl Display {
    from_fn(move |f| match nearest(name, known.iter().copied()) {
        meant @ Some(_) => write!(f, "{}", did_you_mean(meant)),
        None => {
            f.write_str("there are ")?;
            known.iter().enumerate().try_for_each(|(at, name)| write!(f, "{}`{name}`", if at > 0 { ", " } else { "" }))
        }
    })
}

/// A name without case, hyphens, underscores and dots, so that spellings of one name are equal.
struct Folded {
    letters: [u8; LONGEST],
    len: usize,
}

impl Folded {
    /// `None` for a name that is empty, too long or not ASCII.
    fn new(name: &str) -> Option<Folded> {
        let mut folded = Folded { letters: [0; LONGEST], len: 0 };
        if name.len() > LONGEST || !name.is_ascii() {
            return None;
        }
        for letter in name.bytes().filter(|letter| !matches!(letter, b'-' | b'_' | b'.' | b' ')) {
            folded.letters[folded.len] = letter.to_ascii_lowercase();
            folded.len += 1;
        }
        (folded.len > 0).then_some(folded)
    }

    fn letters(&self) -> &[u8] {
        &self.letters[..self.len]
    }

    /// How many slips a name of this length forgives.
    fn tolerance(&self) -> usize {
        match self.len {
            0..=2 => 0,
            3..=5 => 1,
            6..=11 => 2,
            _ => 3,
        }
    }

    /// Letters to insert, delete, change or swap with their neighbour; `None` above `limit`.
    fn distance(&self, other: &str, limit: usize) -> Option<usize> {
        let other = Folded::new(other)?;
        let (a, b) = (self.letters(), other.letters());
        if a.len().abs_diff(b.len()) > limit {
            return None;
        }
        let mut before = [0; LONGEST + 1];
        let mut last: [usize; LONGEST + 1] = std::array::from_fn(|at| at);
        for (i, from) in a.iter().enumerate() {
            let mut row = [0; LONGEST + 1];
            row[0] = i + 1;
            for (j, to) in b.iter().enumerate() {
                row[j + 1] = (last[j + 1] + 1).min(row[j] + 1).min(last[j] + usize::from(from != to));
                if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                    row[j + 1] = row[j + 1].min(before[j - 1] + 1);
                }
            }
            (before, last) = (last, row);
        }
        Some(last[b.len()]).filter(|distance| *distance <= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["mistral-small-2603", "mistral-small-latest", "codestral-2508", "n"];

    #[test]
    fn finds_slips_of_the_finger() {
        assert_eq!(nearest("mistral-smal-2603", NAMES), Some("mistral-small-2603"));
        assert_eq!(nearest("mistral_small_2603", NAMES), Some("mistral-small-2603"));
        assert_eq!(nearest("msitral-small-latest", NAMES), Some("mistral-small-latest"));
        assert_eq!(nearest("CODESTRAL-2508", NAMES), Some("codestral-2508"));
    }

    #[test]
    fn does_not_guess_wildly() {
        assert_eq!(nearest("gpt-5", NAMES), None);
        assert_eq!(nearest("", NAMES), None);
        assert_eq!(nearest("k", NAMES), None);
        assert_eq!(nearest(&"x".repeat(1000), NAMES), None);
        assert_eq!(nearest("модель", NAMES), None);
    }

    #[test]
    fn gives_the_nearest_first() {
        assert_eq!(nearest_few("mistral-small-260", NAMES.map(|name| (0, name)), 2), ["mistral-small-2603"]);
        assert_eq!(nearest_few("n", NAMES.map(|name| (0, name)), 2), ["n"]);
    }

    #[test]
    fn shown_names_are_short_and_harmless() {
        assert_eq!(shown("a\u{1b}[31m").to_string(), "`a\\u{1b}[31m`");
        assert_eq!(shown(&"y".repeat(200)).to_string().chars().count(), 83);
    }
}
