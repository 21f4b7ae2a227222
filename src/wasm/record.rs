//! A record: fields separated by U+001F. No field that is accepted can hold it, because it is a control character; the
//! JavaScript side replaces it on the way in.

use super::runtime::give_up;
use crate::error::Code;
use crate::form::Notes;
use crate::out::Out;
use crate::text::{self, Parts, parts};
use core::ptr::copy_nonoverlapping;

const SEPARATOR: u8 = 0x1f;

/// Reads the fields of a record in order.
#[derive(Clone)]
pub struct Reader<'a>(Parts<'a>);

impl<'a> Reader<'a> {
    pub fn new(record: &'a [u8]) -> Self {
        Self(parts(record, SEPARATOR))
    }

    /// The next field; empty where the record ends early.
    #[inline(never)]
    pub fn text(&mut self) -> &'a [u8] {
        self.0.next().unwrap_or_default()
    }
}

/// The rest as pairs.
impl<'a> Iterator for Reader<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.text()))
    }
}

/// A part of the call's memory that is written from its start on, and wiped where it is rewound.
pub struct Room<'a> {
    memory: &'a mut [u8],
    len: usize,
}

impl<'a> Room<'a> {
    pub fn new(memory: &'a mut [u8]) -> Self {
        Self { memory, len: 0 }
    }

    /// Ends a field.
    pub fn end(&mut self) {
        self.push(SEPARATOR);
    }

    pub fn field(&mut self, text: &[u8]) {
        self.put(text);
        self.end();
    }

    /// A code as one character, from U+0021 on.
    #[inline(never)]
    pub fn code(&mut self, code: Code) {
        self.push(b'!' + code as u8);
        self.end();
    }

    fn note(&mut self, kind: u8, field: &[u8]) {
        self.push(kind);
        self.field(field);
    }
}

impl Out for Room<'_> {
    fn grow(&mut self, by: usize) -> &mut [u8] {
        let start = self.len;
        self.len += by;
        match self.memory.get_mut(start..self.len) {
            Some(room) => room,
            None => give_up(),
        }
    }

    #[inline(never)]
    fn push(&mut self, byte: u8) {
        self.grow(1).fill(byte);
    }

    fn len(&self) -> usize {
        self.len
    }

    #[inline(never)]
    fn since(&self, start: usize) -> &[u8] {
        text::cut(text::cut(self.memory, self.len).0, start).1
    }

    #[inline(never)]
    fn rewind(&mut self, start: usize) {
        self.memory.get_mut(start..self.len).unwrap_or_default().fill(0);
        self.len = start;
    }

    #[inline(never)]
    fn put(&mut self, text: &[u8]) {
        let room = self.grow(text.len());
        // SAFETY: `grow` makes exactly that much room, and a room is no part of the text. `copy_from_slice` would bring a panic
        // of half a kilobyte for lengths that differ.
        unsafe { copy_nonoverlapping(text.as_ptr(), room.as_mut_ptr(), text.len()) };
    }

    #[inline(never)]
    fn put_lower(&mut self, text: &[u8]) {
        text.iter().for_each(|byte| self.push(byte.to_ascii_lowercase()));
    }
}

/// A form's judgement as pairs: `=field, value`, `!field, code` for a problem, `?field, code` for a warning.
impl Notes for Room<'_> {
    #[inline(never)]
    fn value(&mut self, field: &'static str, value: &[u8]) {
        self.note(b'=', field.as_bytes());
        self.field(value);
    }

    fn problem(&mut self, field: &[u8], code: Code) {
        self.note(b'!', field);
        self.code(code);
    }

    #[inline(never)]
    fn warning(&mut self, field: &'static str, code: Code) {
        self.note(b'?', field.as_bytes());
        self.code(code);
    }
}
