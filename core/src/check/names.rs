//! Lists in which each name is found quickly, and the one sort of the checks.
//!
//! Ten thousand calls with an id each must not cost ten thousand times ten thousand comparisons. The trees, tables and sorts of
//! the standard library are a program of their own for each type that they hold, and a sizeable part of a small WebAssembly
//! module: here is one for all.

/// Up to this many names are compared one by one.
const FEW: usize = 16;

/// A list of names.
pub(super) struct Names<'v> {
    names: Vec<&'v str>,
    /// The places of the names by the alphabet, equal ones in their order; empty while there are few.
    sorted: Vec<usize>,
}

impl<'v> Names<'v> {
    /// The list of these.
    #[inline(never)]
    pub(super) fn new(found: &mut dyn Iterator<Item = &'v str>) -> Names<'v> {
        let mut names = Vec::with_capacity(found.size_hint().1.unwrap_or_default());
        names.extend(found);
        let sorted = match names.len() {
            0..=FEW => Vec::new(),
            many => sorted(many, &|one, other| (names[one], one) < (names[other], other)),
        };
        Names { names, sorted }
    }

    /// All of them.
    pub(super) fn all(&self) -> &[&'v str] {
        &self.names
    }

    /// The last place before `end` where a name stands.
    #[inline(never)]
    pub(super) fn last_before(&self, end: usize, name: &str) -> Option<usize> {
        if self.sorted.is_empty() {
            return (0..end).rev().find(|at| self.names[*at] == name);
        }
        let behind = self.sorted.partition_point(|at| (self.names[*at], *at) < (name, end));
        self.sorted[..behind].last().copied().filter(|at| self.names[*at] == name)
    }

    /// Where a name stands.
    pub(super) fn last(&self, name: &str) -> Option<usize> {
        self.last_before(self.names.len(), name)
    }

    /// Where the name at a place stood before.
    pub(super) fn earlier(&self, at: usize) -> Option<usize> {
        self.last_before(at, self.names[at])
    }
}

/// The numbers below `count` in the order that `before` gives them, which must tell any two apart: a sort by a heap, the
/// shortest of those that are quick with whatever comes.
#[cold]
#[inline(never)]
pub(super) fn sorted(count: usize, before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    let (mut top, mut end) = (count / 2, count);
    while end > 1 {
        // First every place becomes the top of a heap, from the last that has any below it; then the last of all is taken off.
        if top > 0 {
            top -= 1;
        } else {
            end -= 1;
            places.swap(0, end);
        }
        sink(&mut places[..end], top, before);
    }
    places
}

/// Lets what stands at `at` sink below all that come after it.
fn sink(heap: &mut [usize], mut at: usize, before: &dyn Fn(usize, usize) -> bool) {
    loop {
        let mut below = 2 * at + 1;
        if below + 1 < heap.len() && before(heap[below], heap[below + 1]) {
            below += 1;
        }
        if below >= heap.len() || before(heap[below], heap[at]) {
            return;
        }
        heap.swap(at, below);
        at = below;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_names_and_many_are_found_alike() {
        for count in [0, 1, 2, FEW, FEW + 1, 100, 1000] {
            let texts: Vec<String> = (0..count).map(|at| ((at * 7919) % 37).to_string()).collect();
            let names = Names::new(&mut texts.iter().map(String::as_str));
            for (at, name) in texts.iter().enumerate() {
                assert_eq!(names.earlier(at), texts[..at].iter().rposition(|other| other == name), "{count}: {at}");
                assert_eq!(names.last(name), texts.iter().rposition(|other| other == name));
            }
            assert_eq!(names.last("x"), None);
        }
    }

    #[test]
    fn equal_ones_keep_their_order() {
        for count in [0, 1, 2, 3, 500] {
            let keys: Vec<usize> = (0..count).map(|at| (at * 31) % 7).collect();
            let places = sorted(count, &|one, other| (keys[one], one) < (keys[other], other));
            assert_eq!(places.len(), count);
            assert!(places.windows(2).all(|two| (keys[two[0]], two[0]) < (keys[two[1]], two[1])));
        }
    }
}
