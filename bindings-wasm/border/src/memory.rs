//! The modules' memory: one thread, pages that can only become more, and most blocks small, asked for and given back within a
//! call.
//!
//! A small block has the size of a power of two, and goes back to a list of those of its size, the next one to be taken. A
//! large one has whole pages; what is free of them is joined again, so that requests of every size fit where others have been.
//! The standard library's own allocator weighs 2 kB more (gzip), for many threads and systems that are not here, and takes
//! longer.

use std::ptr::null_mut;

/// What memory grows by, as WebAssembly has it.
const PAGE: usize = 1 << 16;

/// The size of the smallest blocks, and what all blocks are aligned to: nothing of Rust's asks for more.
const LEAST: usize = 16;

/// How many sizes small blocks have: up to half a page.
const SIZES: usize = 12;

/// Where new pages come from.
trait Pages {
    /// This many new pages, behind all that were given before; null when there are no more.
    fn take(&mut self, pages: usize) -> *mut u8;
}

/// What is free, written into the memory that is free.
struct Free {
    next: *mut Free,
    /// In bytes; of pages only, for small blocks are told by their list.
    size: usize,
}

/// All memory of a module, of which it is told what was taken and what is given back.
struct Heap<P> {
    pages: P,
    /// Small blocks that were given back, by their size.
    small: [*mut Free; SIZES],
    /// What has not been cut into small blocks yet of the last page taken for them, and how much it is.
    fresh: *mut u8,
    left: usize,
    /// Free pages, in the order of their places; no two touch.
    large: *mut Free,
}

/// What is kept for a block of this size.
fn rounded(size: usize) -> usize {
    if size <= PAGE / 2 { size.max(LEAST).next_power_of_two() } else { size.next_multiple_of(PAGE) }
}

impl<P: Pages> Heap<P> {
    /// Memory of which nothing was taken yet.
    const fn new(pages: P) -> Heap<P> {
        Heap { pages, small: [null_mut(); SIZES], fresh: null_mut(), left: 0, large: null_mut() }
    }

    /// A block of this size; null when there is no more memory.
    ///
    /// # Safety
    /// All pages that were ever taken are this heap's alone, and no block that was given out is used beyond its size.
    unsafe fn take(&mut self, size: usize) -> *mut u8 {
        let size = rounded(size);
        let Some(list) = self.small.get_mut(list(size)) else {
            // SAFETY: as here.
            return unsafe { self.take_pages(size) };
        };
        let block = *list;
        if block.is_null() {
            // SAFETY: as here.
            return unsafe { self.cut(size) };
        }
        // SAFETY: a block in the list is free, and begins with what `give` wrote.
        *list = unsafe { (*block).next };
        block.cast()
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// The block is one that [`take`](Heap::take) gave for this size, and is not used any more.
    unsafe fn give(&mut self, block: *mut u8, size: usize) {
        let size = rounded(size);
        let block: *mut Free = block.cast();
        let Some(list) = self.small.get_mut(list(size)) else {
            // SAFETY: as here.
            return unsafe { self.give_pages(block, size) };
        };
        // SAFETY: nobody else uses the block, and the smallest is large enough.
        unsafe { (*block).next = *list };
        *list = block;
    }

    /// Whether a block of one size is also one of another: it can stay where it is.
    fn fits(one: usize, other: usize) -> bool {
        rounded(one) == rounded(other)
    }

    /// Cuts a small block off from what is fresh.
    #[cold]
    #[inline(never)]
    unsafe fn cut(&mut self, size: usize) -> *mut u8 {
        if self.left < size {
            // What is left over is lost: less than half a page, and blocks of other sizes will have used most of it.
            // SAFETY: as in `take`.
            let page = unsafe { self.take_pages(PAGE) };
            if page.is_null() {
                return page;
            }
            (self.fresh, self.left) = (page, PAGE);
        }
        let block = self.fresh;
        // SAFETY: there is as much left.
        self.fresh = unsafe { block.add(size) };
        self.left -= size;
        block
    }

    /// The first free pages that are enough. What is left of them stays free.
    #[cold]
    #[inline(never)]
    unsafe fn take_pages(&mut self, size: usize) -> *mut u8 {
        let mut link = &raw mut self.large;
        // SAFETY: a link leads to pages that are free and begin with what `give_pages` wrote, or nowhere.
        unsafe {
            while !(*link).is_null() {
                let free = *link;
                if (*free).size >= size {
                    *link = (*free).next;
                    if (*free).size > size {
                        let rest = free.byte_add(size);
                        *rest = Free { next: *link, size: (*free).size - size };
                        *link = rest;
                    }
                    return free.cast();
                }
                link = &raw mut (*free).next;
            }
        }
        self.pages.take(size / PAGE)
    }

    /// Puts pages among those that are free, and joins them with their neighbours.
    #[cold]
    #[inline(never)]
    unsafe fn give_pages(&mut self, pages: *mut Free, size: usize) {
        let mut link = &raw mut self.large;
        let mut before: *mut Free = null_mut();
        // SAFETY: as in `take_pages`; the pages that are given are free from now on.
        unsafe {
            while !(*link).is_null() && *link < pages {
                before = *link;
                link = &raw mut (*before).next;
            }
            *pages = Free { next: *link, size };
            *link = pages;
            join(pages);
            if !before.is_null() {
                join(before);
            }
        }
    }
}

/// The list of small blocks of this size; there is none for pages.
fn list(size: usize) -> usize {
    (size / LEAST).trailing_zeros() as usize
}

/// Makes one of free pages and those behind them, where they touch.
unsafe fn join(pages: *mut Free) {
    // SAFETY: what is free begins with what `give_pages` wrote.
    unsafe {
        let next = (*pages).next;
        if !next.is_null() && pages.byte_add((*pages).size) == next {
            *pages = Free { next: (*next).next, size: (*pages).size + (*next).size };
        }
    }
}

#[cfg(target_family = "wasm")]
mod module {
    use std::alloc::{GlobalAlloc, Layout};
    use std::cell::UnsafeCell;
    use std::ptr::null_mut;

    use super::{Heap, LEAST, PAGE, Pages};

    /// The memory that the module runs in.
    struct Own;

    impl Pages for Own {
        fn take(&mut self, pages: usize) -> *mut u8 {
            match core::arch::wasm32::memory_grow::<0>(pages) {
                usize::MAX => null_mut(),
                before => (before * PAGE) as *mut u8,
            }
        }
    }

    struct Memory(UnsafeCell<Heap<Own>>);

    // SAFETY: a module has one thread.
    unsafe impl Sync for Memory {}

    #[global_allocator]
    static MEMORY: Memory = Memory(UnsafeCell::new(Heap::new(Own)));

    // SAFETY: blocks are as large as was asked for, aligned to `LEAST`, and never given out twice; nothing here panics.
    unsafe impl GlobalAlloc for Memory {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            if layout.align() > LEAST {
                return null_mut();
            }
            // SAFETY: nobody else grows the module's memory, or what grew it does not give the pages to us.
            unsafe { (*self.0.get()).take(layout.size()) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: the caller's promise is the same.
            unsafe { (*self.0.get()).give(block, layout.size()) }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            // SAFETY: the caller's promise is the same; the two blocks are not one, and each is as large as what is copied.
            unsafe {
                let heap = &mut *self.0.get();
                if Heap::<Own>::fits(layout.size(), size) {
                    return block;
                }
                let other = heap.take(size);
                if !other.is_null() {
                    other.copy_from_nonoverlapping(block, layout.size().min(size));
                    heap.give(block, layout.size());
                }
                other
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A memory of as many pages as there are.
    struct Room<const PAGES: usize> {
        /// Aligned as pages need not be, but blocks must.
        bytes: Vec<u128>,
        taken: usize,
    }

    impl<const PAGES: usize> Room<PAGES> {
        fn heap() -> Heap<Room<PAGES>> {
            Heap::new(Room { bytes: vec![0; PAGES * PAGE / 16], taken: 0 })
        }
    }

    impl<const PAGES: usize> Pages for Room<PAGES> {
        fn take(&mut self, pages: usize) -> *mut u8 {
            if self.taken + pages > PAGES {
                return null_mut();
            }
            self.taken += pages;
            self.bytes.as_mut_ptr().cast::<u8>().wrapping_add((self.taken - pages) * PAGE)
        }
    }

    fn take<const PAGES: usize>(heap: &mut Heap<Room<PAGES>>, size: usize) -> *mut u8 {
        // SAFETY: the room is this heap's alone, and the tests write no more than they asked for.
        unsafe { heap.take(size) }
    }

    fn give<const PAGES: usize>(heap: &mut Heap<Room<PAGES>>, block: *mut u8, size: usize) {
        // SAFETY: the tests give back once what they took.
        unsafe { heap.give(block, size) }
    }

    #[test]
    fn no_block_lies_in_another() {
        let mut heap = Room::<400>::heap();
        let mut held: VecDeque<(*mut u8, usize, u8)> = VecDeque::new();
        let mut seed = 1_u32;
        for round in 0..20_000_u32 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let size = 1 + (seed >> 8) as usize % [40, 300, 5_000, 200_000][(seed >> 4) as usize % 4];
            let block = take(&mut heap, size);
            assert!(!block.is_null() && block.addr().is_multiple_of(LEAST), "{size}");
            // SAFETY: the block is as large.
            unsafe { block.write_bytes(round as u8, size) };
            held.push_back((block, size, round as u8));
            // Gives back the oldest or the newest of some dozen, and looks whether somebody else wrote there.
            if held.len() < 60 {
                continue;
            }
            if let Some((block, size, mark)) = if seed >> 31 == 0 { held.pop_front() } else { held.pop_back() } {
                // SAFETY: the block is as large, and was written to.
                let bytes = unsafe { std::slice::from_raw_parts(block, size) };
                assert!(bytes.iter().all(|byte| *byte == mark), "{size}");
                give(&mut heap, block, size);
            }
        }
    }

    #[test]
    fn what_was_given_back_is_taken_again() {
        let mut heap = Room::<40>::heap();
        for _ in 0..1000 {
            let blocks = [1, 16, 17, 100, PAGE / 2, PAGE / 2 + 1, PAGE, 5 * PAGE + 1].map(|size| (take(&mut heap, size), size));
            assert!(blocks.iter().all(|(block, _)| !block.is_null()));
            blocks.into_iter().for_each(|(block, size)| give(&mut heap, block, size));
        }
        assert_eq!(heap.pages.taken, 9);
    }

    #[test]
    fn free_pages_are_joined_in_whichever_order_they_come() {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut heap = Room::<6>::heap();
            let blocks = [1, 2, 3].map(|pages| (take(&mut heap, pages * PAGE), pages * PAGE));
            for at in order {
                give(&mut heap, blocks[at].0, blocks[at].1);
            }
            assert_eq!(take(&mut heap, 6 * PAGE), blocks[0].0, "{order:?}");
        }
    }

    #[test]
    fn without_memory_there_is_no_block() {
        let mut heap = Room::<2>::heap();
        let small = take(&mut heap, 20);
        assert!(take(&mut heap, 2 * PAGE).is_null());
        assert!(!take(&mut heap, PAGE).is_null());
        // Half a page is left, and then nothing.
        assert!(!take(&mut heap, PAGE / 4).is_null() && !take(&mut heap, PAGE / 2).is_null());
        assert!(take(&mut heap, PAGE / 2).is_null());
        give(&mut heap, small, 20);
        assert_eq!(take(&mut heap, 32), small);
    }

    #[test]
    fn a_block_stays_where_it_is_while_it_fits() {
        let fits = Heap::<Room<1>>::fits;
        assert!(fits(1, 16) && fits(17, 32) && fits(PAGE / 2 + 1, PAGE) && fits(PAGE + 1, 2 * PAGE));
        assert!(!fits(16, 17) && !fits(PAGE / 2, PAGE / 2 + 1) && !fits(PAGE, PAGE + 1));
    }
}
