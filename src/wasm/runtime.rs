//! What `std` would bring, small: memory for one call, the end of a panic, and what the host gives and takes.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::slice::from_raw_parts_mut;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "#browser-host")]
extern "C" {
    /// Fills the buffer with what the caller of this call has given, random bytes first.
    pub fn read(buffer: &mut [u8]);
    /// Takes the answer of this call over.
    pub fn write(answer: &[u8]);
}

const PAGE: usize = 65536;

/// Does one call in `size` bytes of memory of its own, which are wiped when it ends. Neither function of the host calls
/// back, so no two calls are under way at once.
pub fn in_wiped_memory(size: usize, job: impl FnOnce(&mut [u8]) -> u32) -> u32 {
    unsafe extern "C" {
        static mut __heap_base: u8;
    }
    let start = &raw mut __heap_base;
    let missing = (start as usize + size).saturating_sub(memory_size(0) * PAGE);
    if missing > 0 && memory_grow(0, missing.div_ceil(PAGE)) == usize::MAX {
        unreachable();
    }
    // SAFETY: nothing else uses what lies behind the stack and the statics, where the linker puts this symbol: there is no
    // allocator, the module has one thread, and no two calls overlap. The pages up to `size` were there or grown.
    let memory = unsafe { from_raw_parts_mut(start, size) };
    let outcome = job(memory);
    memory.fill(0);
    outcome
}

/// The crate names `alloc` for its native users. Nothing that the artifact exports allocates.
struct NoAllocator;

#[global_allocator]
static ALLOCATOR: NoAllocator = NoAllocator;

// SAFETY: no block is ever handed out.
unsafe impl GlobalAlloc for NoAllocator {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        give_up()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    give_up()
}

/// Ends the call as a trap, which JavaScript sees as a `WebAssembly.RuntimeError`.
pub fn give_up() -> ! {
    unreachable()
}
