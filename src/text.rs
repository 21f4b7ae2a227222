//! Small searches over bytes. The standard library's text patterns bring a general search algorithm and panics with
//! formatted messages, which together would be half of the browser artifact.

/// `0` to `9`.
pub const DIGIT: u8 = 1;
/// Hexadecimal digits.
pub const HEX: u8 = 2;
/// A DNS label: letters, digits, dashes.
pub const LABEL: u8 = 4;
/// Unreserved in URLs (RFC 3986 section 2.3).
pub const UNRESERVED: u8 = 8;
/// A scope-token (RFC 6749 section 3.3) without the comma, which people use as a separator by mistake.
pub const SCOPE: u8 = 16;
/// What stands in a URL as it is (RFC 3986), so that parsers cannot differ.
pub const URL: u8 = 32;
/// White space within ASCII, as HTML has it.
pub const WHITE: u8 = 64;
/// What ends an authority: `/`, `?`, `#`.
pub const DELIMITER: u8 = 128;

static CLASSES: [u8; 256] = classes();

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        let letter_or_digit = byte.is_ascii_alphanumeric();
        let printed = byte.is_ascii_graphic();
        classes[at] = (if byte.is_ascii_digit() { DIGIT } else { 0 })
            | (if byte.is_ascii_hexdigit() { HEX } else { 0 })
            | (if letter_or_digit || byte == b'-' { LABEL } else { 0 })
            | (if letter_or_digit || matches!(byte, b'-' | b'.' | b'_' | b'~') { UNRESERVED } else { 0 })
            | (if printed && !matches!(byte, b'"' | b'\\' | b',') { SCOPE } else { 0 })
            | (if printed && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}') {
                URL
            } else {
                0
            })
            | (if byte.is_ascii_whitespace() { WHITE } else { 0 })
            | (if matches!(byte, b'/' | b'?' | b'#') { DELIMITER } else { 0 });
        at += 1;
    }
    classes
}

#[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
#[inline(always)]
pub fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// How many bytes at the start are of the class (`inside`), or are not.
#[inline(never)]
pub fn span(text: &[u8], class: u8, inside: bool) -> usize {
    text.iter().position(|byte| is(*byte, class) != inside).unwrap_or(text.len())
}

#[inline(never)]
pub fn all(text: &[u8], class: u8) -> bool {
    span(text, class, true) == text.len()
}

/// The first bytes, or all where there are fewer. Slices alone are returned in registers, pairs of them are not.
#[inline(never)]
fn head(text: &[u8], len: usize) -> &[u8] {
    text.get(..len).unwrap_or(text)
}

/// What follows the first bytes.
#[inline(never)]
fn tail(text: &[u8], len: usize) -> &[u8] {
    text.get(len..).unwrap_or_default()
}

/// The parts before and from `at`.
#[inline(always)]
pub fn cut(text: &[u8], at: usize) -> (&[u8], &[u8]) {
    (head(text, at), tail(text, at))
}

#[inline(never)]
fn place(text: &[u8], delimiter: u8) -> usize {
    text.iter().position(|byte| *byte == delimiter).unwrap_or(text.len())
}

#[inline(never)]
fn until(text: &[u8], delimiter: u8) -> &[u8] {
    head(text, place(text, delimiter))
}

#[inline(never)]
fn beyond(text: &[u8], delimiter: u8) -> Option<&[u8]> {
    tail(text, place(text, delimiter)).get(1..)
}

/// The part before the first `delimiter`, and the part after it, where there is one.
#[inline(always)]
pub fn split(text: &[u8], delimiter: u8) -> (&[u8], Option<&[u8]>) {
    (until(text, delimiter), beyond(text, delimiter))
}

#[inline(never)]
pub fn has(text: &[u8], byte: u8) -> bool {
    split(text, byte).1.is_some()
}

/// The parts between one-byte delimiters; an empty text has one empty part.
#[derive(Clone)]
pub struct Parts<'a>(Option<&'a [u8]>, u32);

pub fn parts(text: &[u8], delimiter: u8) -> Parts<'_> {
    Parts(Some(text), delimiter.into())
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.0?;
        let at = place(text, self.1 as u8);
        self.0 = tail(text, at).get(1..);
        Some(head(text, at))
    }
}

/// The words between ASCII white space.
pub struct Words<'a>(&'a [u8]);

pub fn words(text: &[u8]) -> Words<'_> {
    Words(text)
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        let (_, rest) = cut(self.0, span(self.0, WHITE, true));
        let (word, rest) = cut(rest, span(rest, WHITE, false));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}

/// Whether `word` is one of the words between single spaces.
#[inline(never)]
pub fn has_word(text: &[u8], word: &[u8]) -> bool {
    parts(text, b' ').any(|each| eq(each, word))
}

/// Whether two texts are equal. Compared through this function, constants stay data and do not become code.
#[inline(never)]
pub fn eq(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one == other)
}

/// What follows a prefix.
#[inline(never)]
pub fn after<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = cut(text, prefix.len());
    eq(start, prefix).then_some(rest)
}

/// What precedes a suffix.
#[inline(never)]
pub fn before<'a>(text: &'a [u8], suffix: &[u8]) -> Option<&'a [u8]> {
    let (rest, end) = cut(text, text.len().saturating_sub(suffix.len()));
    same(end, suffix).then_some(rest)
}

/// Whether two texts differ in the case of ASCII letters at most.
#[inline(never)]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// Whether `needle` stands somewhere, in whatever case.
#[inline(never)]
pub fn contains(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len().max(1)).any(|window| same(window, needle))
}

/// A decimal number without leading zeros, up to 99999; `u32::MAX` for anything else.
#[inline(never)]
pub fn number(text: &[u8]) -> u32 {
    let odd = text.is_empty() || text.len() > 5 || (text.len() > 1 && text.starts_with(b"0")) || !all(text, DIGIT);
    if odd { u32::MAX } else { text.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')) }
}

/// Without white space at both ends, Unicode's no-break and zero-width kinds included, which come along when people copy.
#[inline(never)]
pub fn trimmed(mut text: &[u8]) -> &[u8] {
    while let width @ 1.. = leads(text, SPACES) {
        text = tail(text, width);
    }
    let mut width = 1;
    while width <= text.len().min(3) {
        let (rest, last) = cut(text, text.len() - width);
        if leads(last, SPACES) == width {
            (text, width) = (rest, 0);
        }
        width += 1;
    }
    text
}

type Ranges = [[u16; 2]];

const SPACES: &Ranges = &[
    [0x09, 0x0d],
    [0x20, 0x20],
    [0x85, 0x85],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200b],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x2060],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
];

const CONTROLS: &Ranges = &[[0, 0x1f], [0x7f, 0x9f], [0x2028, 0x2029]];

/// The width of a text's first character where that is in one of the ranges, otherwise 0.
#[inline(never)]
fn leads(text: &[u8], ranges: &Ranges) -> usize {
    let (first, width) = match *text {
        [first @ ..0x80, ..] => (u16::from(first), 1),
        [first @ 0xc2..0xe0, second, ..] => (u16::from(first & 31) << 6 | u16::from(second & 63), 2),
        [first @ 0xe0..0xf0, second, third, ..] => {
            (u16::from(first) << 12 | u16::from(second & 63) << 6 | u16::from(third & 63), 3)
        }
        _ => return 0,
    };
    if ranges.iter().any(|[from, to]| (*from..=*to).contains(&first)) { width } else { 0 }
}

#[inline(never)]
fn somewhere(text: &[u8], ranges: &Ranges) -> bool {
    (0..text.len()).any(|at| leads(tail(text, at), ranges) != 0)
}

pub fn has_space(text: &[u8]) -> bool {
    somewhere(text, SPACES)
}

#[inline(never)]
pub fn has_control(text: &[u8]) -> bool {
    somewhere(text, CONTROLS)
}

/// How many characters a text has.
#[inline(never)]
pub fn length(text: &[u8]) -> usize {
    text.iter().filter(|byte| *byte & 0xc0 != 0x80).count()
}

/// [`trimmed`] for a text.
#[cfg(feature = "edge")]
pub fn trim(text: &str) -> &str {
    core::str::from_utf8(trimmed(text.as_bytes())).unwrap_or_default()
}

/// The texts one after the other.
#[cfg(feature = "edge")]
pub fn concat(texts: &[&str]) -> alloc::string::String {
    // Room for all of it: one that grows leaves copies of secrets behind.
    let mut whole = alloc::string::String::with_capacity(texts.iter().map(|text| text.len()).sum());
    for text in texts {
        whole.push_str(text);
    }
    whole
}
