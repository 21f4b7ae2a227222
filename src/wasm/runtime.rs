//! What `std` would bring, small: the allocator, the end of a panic, the host's random source.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wasm_bindgen::prelude::*;

/// Memory of one call: allocations follow each other and are given back all at once, wiped, when the next call begins.
/// Every export is synchronous and answers with one text, so nothing outlives a call.
struct CallMemory {
    start: AtomicUsize,
    end: AtomicUsize,
    is_over: AtomicUsize,
}

#[global_allocator]
static MEMORY: CallMemory =
    CallMemory { start: AtomicUsize::new(0), end: AtomicUsize::new(0), is_over: AtomicUsize::new(0) };

const PAGE: usize = 65536;

impl CallMemory {
    /// The return type, in a function of its own, tells the optimizer that no allocation fails (it traps), which spares
    /// the artifact the message of a failed allocation and all of its formatting.
    #[inline(never)]
    fn take(&self, layout: Layout) -> NonNull<u8> {
        let start = self.start.load(Relaxed);
        let mut end = self.end.load(Relaxed);
        if self.is_over.swap(0, Relaxed) != 0 {
            // SAFETY: the call is over, so nothing borrows what it allocated between `start` and `end`.
            unsafe { core::ptr::write_bytes(start as *mut u8, 0, end - start) };
            end = start;
        }
        let limit = memory_size(0) * PAGE;
        if start == 0 {
            end = limit;
            self.start.store(end, Relaxed);
        }
        let block = (end + layout.align() - 1) & !(layout.align() - 1);
        end = block + layout.size();
        if end > limit && memory_grow(0, (end - limit).div_ceil(PAGE)) == usize::MAX {
            unreachable();
        }
        self.end.store(end, Relaxed);
        // SAFETY: the first page belongs to the stack and the statics, so no block begins at 0.
        unsafe { NonNull::new_unchecked(block as *mut u8) }
    }
}

// SAFETY: the module is built without the atomics feature, so one thread runs it. A block is handed out once between two
// resets, within pages that `memory_grow` gave, at an address rounded up to the layout's alignment.
unsafe impl GlobalAlloc for CallMemory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).as_ptr()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// Ends a call: what it allocated lives until the next allocation, long enough for JavaScript to copy the answer.
pub fn end_call(answer: alloc::string::String) -> alloc::string::String {
    let answer = answer.into_boxed_str().into_string();
    MEMORY.is_over.store(1, Relaxed);
    answer
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unreachable()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["globalThis", "crypto"], js_name = getRandomValues)]
    fn fill_random(buffer: &mut [u8]);
}

/// Values of 32 bytes from the host's cryptographic source, in one call however many.
pub fn random<const COUNT: usize>() -> [[u8; 32]; COUNT] {
    let mut values = [[0; 32]; COUNT];
    fill_random(values.as_flattened_mut());
    values
}
