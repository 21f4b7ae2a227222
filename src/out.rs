//! Where the judgements of this crate write what they make. They are generic over it, so that the browser artifact can give
//! them one block of memory, and needs neither strings nor an allocator.

use crate::wipe::Wipe;
use alloc::string::String;
use alloc::vec::Vec;

/// A text that is being written.
pub trait Out {
    /// Appends zeros, to be written over.
    fn grow(&mut self, by: usize) -> &mut [u8];

    fn push(&mut self, byte: u8) {
        self.put(&[byte]);
    }

    fn len(&self) -> usize;

    /// What was written from a place on.
    fn since(&self, start: usize) -> &[u8];

    /// Forgets what was written from a place on.
    fn rewind(&mut self, start: usize);

    fn put(&mut self, text: &[u8]) {
        self.grow(text.len()).iter_mut().zip(text).for_each(|(place, byte)| *place = *byte);
    }

    /// Appends a text in lower case.
    fn put_lower(&mut self, text: &[u8]) {
        self.grow(text.len()).iter_mut().zip(text).for_each(|(place, byte)| *place = byte.to_ascii_lowercase());
    }
}

/// A text in memory of its own, wiped when dropped.
pub struct Draft(Vec<u8>);

impl Draft {
    pub fn new() -> Self {
        // Larger than nearly all results: a vector that grows leaves copies behind.
        Self(Vec::with_capacity(2048))
    }

    pub fn text(&self) -> String {
        text(&self.0)
    }
}

/// Bytes that were cut from texts at ASCII characters, as a text again.
pub fn text(bytes: &[u8]) -> String {
    core::str::from_utf8(bytes).unwrap_or_default().into()
}

impl Out for Draft {
    fn grow(&mut self, by: usize) -> &mut [u8] {
        let start = self.0.len();
        self.0.resize(start + by, 0);
        self.0.get_mut(start..).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn put(&mut self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn since(&self, start: usize) -> &[u8] {
        self.0.get(start..).unwrap_or_default()
    }

    fn rewind(&mut self, start: usize) {
        self.0.truncate(start);
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.0.wipe();
    }
}
