//! How much memory one input takes. libFuzzer's own limits see either the whole process or,
//! without a sanitizer, nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

static HELD: AtomicUsize = AtomicUsize::new(0);
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, with a count of what is held.
pub(crate) struct Counting;

/// Runs `work`, and ends the process if more than `bytes_max` bytes are held at once beside
/// those held before. Tells of each new greatest amount.
pub fn bounded(bytes_max: usize, work: impl FnOnce()) {
    static TOLD: AtomicUsize = AtomicUsize::new(1 << 20);
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    LIMIT.store(before + bytes_max, Ordering::Relaxed);
    work();
    LIMIT.store(usize::MAX, Ordering::Relaxed);
    let peak = PEAK.load(Ordering::Relaxed) - before;
    if TOLD.fetch_max(peak, Ordering::Relaxed) < peak {
        eprintln!("MEMORY: {peak} bytes held at once");
    }
}

fn take(size: usize) {
    let held = HELD.fetch_add(size, Ordering::Relaxed) + size;
    PEAK.fetch_max(held, Ordering::Relaxed);
    if held > LIMIT.load(Ordering::Relaxed) {
        // Saying so takes memory, too.
        LIMIT.store(usize::MAX, Ordering::Relaxed);
        eprintln!("{size} bytes more would be beyond the limit of one input");
        std::process::abort();
    }
}

// SAFETY: all is left to the system's allocator; only sizes are counted beside it.
#[expect(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.realloc(place, layout, size) }
    }
}
