//! Small searches over ASCII delimiters. The standard library's text patterns bring a general search algorithm and
//! panics with formatted messages, which together would be half of the browser artifact.

use alloc::string::String;

/// Where `needle` first stands.
fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len().max(1)).position(|window| window == needle.as_bytes())
}

pub fn contains(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

#[expect(clippy::manual_contains, reason = "`contains` makes the browser artifact 344 bytes larger")]
pub fn is_one_of(byte: u8, set: &[u8]) -> bool {
    set.iter().any(|each| *each == byte)
}

pub fn has(text: &str, byte: u8) -> bool {
    text.bytes().any(|each| each == byte)
}

/// The parts before and after the first `needle`.
pub fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let start = find(text, needle)?;
    Some((text.get(..start)?, text.get(start + needle.len()..)?))
}

/// The part before the first of `delimiters`, and the rest with it.
pub fn split_before_any<'a>(text: &'a str, delimiters: &[u8]) -> (&'a str, &'a str) {
    let end = text.bytes().position(|byte| is_one_of(byte, delimiters)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The parts between one-byte delimiters; an empty text has one empty part.
pub fn split(text: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let (part, after) = split_before_any(rest?, &[delimiter]);
        rest = after.get(1..);
        Some(part)
    })
}

/// The words between ASCII white space.
pub fn split_white(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let start = rest.bytes().position(|byte| !byte.is_ascii_whitespace())?;
        let (word, after) = split_before_any(rest.get(start..)?, b" \t\n\r\x0c");
        rest = after;
        Some(word)
    })
}

pub fn concat(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Without white space at both ends, Unicode's no-break and zero-width kinds included, which come along when people copy.
pub fn trim(text: &str) -> &str {
    let mut text = text;
    while let Some(first) = text.chars().next().filter(|first| is_space(*first)) {
        text = text.get(first.len_utf8()..).unwrap_or_default();
    }
    while let Some(last) = text.chars().next_back().filter(|last| is_space(*last)) {
        text = text.get(..text.len() - last.len_utf8()).unwrap_or_default();
    }
    text
}

pub fn is_space(character: char) -> bool {
    matches!(character, '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{3000}' | '\u{feff}')
}

/// How many characters a text has.
pub fn length(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

pub fn is_control(character: char) -> bool {
    matches!(character, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}')
}
