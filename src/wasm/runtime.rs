//! What `std` would bring, small: memory for one call and the end of a panic.

use super::record::Room;
use crate::out::Out;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::unreachable;
use core::ptr::without_provenance_mut;
use core::slice::from_raw_parts_mut;

/// Where the memory of calls begins: behind the page of the stack and the statics. As `START` in `host.ts`.
const START: usize = 65536;

/// The memory of one call.
pub struct Memory<'a> {
    pub input: &'a [u8],
    pub answer: Room<'a>,
    pub scratch: Room<'a>,
}

/// Does one call with `size` bytes of input, which JavaScript has written to [`START`], and wipes what it wrote but for the
/// answer, which follows the input; both are JavaScript's to wipe. Returns the answer's length and the job's status.
///
/// JavaScript makes the memory large enough (`host.ts`) and refuses inputs of more than a mebibyte, so that no size
/// computed from them comes near 4 GiB; a call without that traps.
pub fn in_wiped_memory(size: usize, job: impl FnOnce(&mut Memory<'_>) -> usize) -> (usize, usize) {
    // Nothing is written that is longer than eight times the input and some constants: a placeholder of 11 bytes becomes 63
    // at most.
    let room = size * 8 + 2048;
    // SAFETY: nothing else uses what lies behind the first page: there is no allocator, the linker puts the stack and the
    // statics into the first page (the build checks it), the module has one thread, and no two calls overlap. These parts
    // do not overlap.
    let part = |from, length| unsafe { from_raw_parts_mut(without_provenance_mut(START + from), length) };
    let mut memory = Memory {
        input: part(0, size),
        answer: Room::new(part(size, room)),
        scratch: Room::new(part(size + room, room)),
    };
    let status = job(&mut memory);
    memory.scratch.rewind(0);
    (memory.answer.len(), status)
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
