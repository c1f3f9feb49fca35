//! How often a large request is copied on its way from text to the bytes that are sent, counted by the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use tramontane::check::Policy;
use tramontane::json;
use tramontane::wire::prepare;

/// The bytes that were asked for so far, and what is held now and was held at the most.
static ASKED: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

struct Counting;

fn grown(bytes: usize) {
    ASKED.fetch_add(bytes, Ordering::Relaxed);
    let held = HELD.fetch_add(bytes, Ordering::Relaxed) + bytes;
    MOST.fetch_max(held, Ordering::Relaxed);
}

// SAFETY: everything is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        grown(size);
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a piece of work asked for, and the most that it held at once.
fn cost<T>(work: impl FnOnce() -> T) -> (usize, usize) {
    let (asked, held) = (ASKED.load(Ordering::Relaxed), HELD.load(Ordering::Relaxed));
    MOST.store(held, Ordering::Relaxed);
    drop(work());
    (ASKED.load(Ordering::Relaxed) - asked, MOST.load(Ordering::Relaxed) - held)
}

const MEGABYTE: usize = 1 << 20;

// One test: the counts are the process's.
#[test]
fn large_things_are_copied_no_more_than_they_must_be() {
    // One picture of 1 MB in a message.
    let picture = "iVBORw0KGgoA".repeat(MEGABYTE / 12);
    let text = format!(
        r#"{{"model": "mistral-small-2603", "messages": [{{"role": "user", "content": [{{"type": "image_url", "image_url": "data:image/png;base64,{picture}"}}]}}]}}"#
    );
    let (asked, most) = cost(|| {
        let request = json::parse(text.as_bytes()).unwrap();
        prepare(request, None, &Policy::default()).unwrap().body_bytes()
    });
    println!("a picture of {} bytes: {asked} bytes asked for, {most} held at the most", picture.len());
    assert!(asked <= 2 * MEGABYTE + (100 << 10), "{asked} bytes for a picture of {}", picture.len());

    // 128 vectors of 1024 floats, as numbers and in base64.
    let vectors = 128 * 1024 * 4;
    let entry = |embedding: String| format!(r#"{{"object": "embedding", "embedding": {embedding}, "index": 0}}"#);
    let numbers = entry(format!("[{}]", vec!["-0.012345678901234567"; 1024].join(", ")));
    let base64 = entry(format!("\"{}\"", json::Vector::from(vec![0.1; 1024]).to_base64()));
    for (name, entry) in [("numbers", numbers), ("base64", base64)] {
        let body = format!(r#"{{"object": "list", "data": [{}]}}"#, vec![entry; 128].join(", "));
        let (asked, most) = cost(|| json::parse_with_vectors(body.as_bytes(), "embedding", None).unwrap());
        println!("vectors of {vectors} bytes as {name}: {asked} bytes asked for, {most} held at the most");
        assert!(most <= 2 * vectors, "{most} bytes held for vectors of {vectors}");
    }
}
