//! Memory that held a secret, wiped. As `zeroize` does it, but the whole block at once: byte by byte, with a barrier for each,
//! as that crate wipes vectors, was a tenth of the worker's time.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Deref, DerefMut};
use zeroize::optimization_barrier;

/// What can be wiped.
pub trait Wipe {
    /// Overwrites it with zeros, its unused capacity included, and leaves it empty.
    fn wipe(&mut self);
}

impl Wipe for Vec<u8> {
    fn wipe(&mut self) {
        self.fill(0);
        self.clear();
        let spare = self.spare_capacity_mut();
        // SAFETY: zeros are written to what the slice covers, and bytes need not be dropped.
        unsafe { spare.as_mut_ptr().write_bytes(0, spare.len()) };
        optimization_barrier(spare);
    }
}

impl Wipe for String {
    fn wipe(&mut self) {
        let mut bytes = core::mem::take(self).into_bytes();
        bytes.wipe();
    }
}

/// A value that is wiped when it is dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Wiped<T: Wipe>(T);

impl<T: Wipe> Wiped<T> {
    /// Takes the value over.
    pub fn new(value: T) -> Self {
        Self(value)
    }
}

impl<T: Wipe> Deref for Wiped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Wipe> DerefMut for Wiped<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Wipe> Drop for Wiped<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe> fmt::Debug for Wiped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_a_block_also_of_what_was_cut_off() {
        let mut block = Vec::with_capacity(64);
        block.extend_from_slice(&[7; 40]);
        block.truncate(3);
        block.wipe();
        assert!(block.is_empty());
        assert!(block.capacity() >= 64);
        // SAFETY: the block was written from its first byte to its last.
        let left = unsafe { core::slice::from_raw_parts(block.as_ptr(), block.capacity()) };
        assert!(left.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_wiped_value_is_used_as_what_it_is_and_shows_nothing() {
        let mut text = Wiped::new(String::from("secret"));
        text.push('s');
        assert_eq!(text.as_str(), "secrets");
        assert_eq!(std::format!("{text:?}"), "[redacted]");
        text.wipe();
        assert!(text.is_empty());
    }
}
