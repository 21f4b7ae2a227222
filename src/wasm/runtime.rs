//! What `std` would bring, small: memory for one call, the end of a panic, and what the host gives and takes.

use super::record::Room;
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
/// JavaScript refuses longer inputs with a code of its own. Sizes computed from this one stay far from 4 GiB.
const MAX_INPUT: usize = 1 << 20;

/// The memory of one call.
pub struct Memory<'a> {
    pub input: &'a mut [u8],
    pub answer: Room<'a>,
    /// 128 bytes.
    pub tokens: Room<'a>,
    pub scratch: Room<'a>,
}

/// Does one call with `size` bytes of input, and wipes its memory when it ends. Neither function of the host calls back, so
/// no two calls are under way at once.
pub fn in_wiped_memory(size: usize, job: impl FnOnce(Memory<'_>) -> u32) -> u32 {
    unsafe extern "C" {
        static mut __heap_base: u8;
    }
    if size > MAX_INPUT {
        give_up();
    }
    // Nothing is written that is longer than eight times the input and some constants: a placeholder of 11 bytes becomes 63
    // at most.
    let room = size * 8 + 2048;
    let whole = size + room * 2 + 128;
    let start = &raw mut __heap_base;
    let missing = (start as usize + whole).saturating_sub(memory_size(0) * PAGE);
    if missing > 0 && memory_grow(0, missing.div_ceil(PAGE)) == usize::MAX {
        give_up();
    }
    // SAFETY: nothing else uses what lies behind the stack and the statics, where the linker puts this symbol: there is no
    // allocator, the module has one thread, and no two calls overlap. `whole` bytes were there or grown, and these parts of
    // them do not overlap; none is used after `job`.
    let part = |from, length| unsafe { from_raw_parts_mut(start.add(from), length) };
    let outcome = job(Memory {
        input: part(0, size),
        answer: Room::new(part(size, room)),
        scratch: Room::new(part(size + room, room)),
        tokens: Room::new(part(size + room * 2, 128)),
    });
    part(0, whole).fill(0);
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
