//! A record: fields separated by U+001F, groups of fields by U+001E. No field that is accepted can hold either, because
//! both are control characters; the JavaScript side replaces them on the way in.

use crate::error::{Code, Error, Result};
use crate::text;
use alloc::string::String;

const FIELD: u8 = 0x1f;
const GROUP: u8 = 0x1e;

/// Reads the fields of a record in order.
pub struct Reader<'a>(Option<&'a str>);

impl<'a> Reader<'a> {
    pub fn new(record: &'a str) -> Self {
        Self(Some(record))
    }

    /// The next field; empty where the record ends early.
    pub fn text(&mut self) -> &'a str {
        self.next().unwrap_or_default()
    }

    /// The next field as a whole number; 0 where it is none.
    pub fn number(&mut self) -> u64 {
        self.text().parse().unwrap_or_default()
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (field, rest) = text::split_before_any(self.0?, &[FIELD]);
        self.0 = rest.get(1..);
        Some(field)
    }
}

/// Writes an answer: `0` and its fields, or `1` and an error.
pub struct Writer(String);

impl Writer {
    pub fn new() -> Self {
        Self(String::from("0"))
    }

    pub fn text(mut self, field: &str) -> Self {
        self.0.push(char::from(FIELD));
        self.0.push_str(field);
        self
    }

    pub fn code(self, code: Code) -> Self {
        self.text(code.as_str()).text(code.message())
    }

    pub fn group(mut self) -> Self {
        self.0.push(char::from(GROUP));
        self
    }
}

/// The answer as one text.
pub fn finish(answer: Result<Writer>) -> String {
    super::runtime::end_call(match answer {
        Ok(writer) => writer.0,
        Err(error) => refusal(&error),
    })
}

fn refusal(error: &Error) -> String {
    let writer = Writer(String::from("1")).code(error.code).text(error.field.unwrap_or_default());
    match &error.server {
        Some(answer) => writer.text(&answer.error).text(&answer.description).0,
        None => writer.0,
    }
}
