//! Makes JSON files smaller while the crate is compiled.
#![allow(clippy::indexing_slicing, reason = "it all happens at compile time")]

/// What is kept of a JSON document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All but the white space between its parts.
    All,
    /// Of one flat object of texts without escapes: the names, each on a line.
    Names,
    /// Of one flat object of texts without escapes: the texts, each on a line.
    Texts,
}

/// How many bytes are kept.
pub const fn size(json: &str, part: Part) -> usize {
    extract::<0>(json, part).1
}

/// What is kept, and how many bytes that are: more than are wanted are only counted.
pub const fn extract<const SIZE: usize>(json: &str, part: Part) -> ([u8; SIZE], usize) {
    let json = json.as_bytes();
    let (mut kept, mut size) = ([0; SIZE], 0);
    let (mut at, mut texts, mut is_text) = (0, 0, false);
    while at < json.len() {
        let is_quote = json[at] == b'"' && !(is_text && json[at - 1] == b'\\');
        if is_quote {
            is_text = !is_text;
            texts += is_text as usize;
        }
        let byte = match part {
            Part::All if is_text || !json[at].is_ascii_whitespace() => Some(json[at]),
            Part::Names | Part::Texts if (texts % 2 == 0) == matches!(part, Part::Texts) && texts > 0 => {
                match (is_quote, is_text) {
                    (false, true) => Some(json[at]),
                    (true, false) => Some(b'\n'),
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(byte) = byte {
            if size < SIZE {
                kept[size] = byte;
            }
            size += 1;
        }
        at += 1;
    }
    (kept, size)
}

/// A part of a JSON file, as a text.
macro_rules! embed {
    ($file:literal, $part:ident) => {{
        const JSON: &str = include_str!($file);
        const PART: $crate::embed::Part = $crate::embed::Part::$part;
        const KEPT: [u8; $crate::embed::size(JSON, PART)] = $crate::embed::extract(JSON, PART).0;
        const TEXT: &str = match core::str::from_utf8(&KEPT) {
            Ok(text) => text,
            Err(_) => "",
        };
        TEXT
    }};
}
pub(crate) use embed;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_keeps_its_meaning() {
        const JSON: &str = "{\n  \"a b\": [1, \"c \\\" : d\"],\n  \"e\": \"\"\n}\n";
        let compact = extract::<{ size(JSON, Part::All) }>(JSON, Part::All).0;
        assert_eq!(core::str::from_utf8(&compact), Ok("{\"a b\":[1,\"c \\\" : d\"],\"e\":\"\"}"));
    }

    #[test]
    fn names_and_texts_are_told_apart() {
        const JSON: &str = "{\n  \"one\": \"an, \u{e9}\",\n  \"two\": \"{b}: c\"\n}\n";
        let names = extract::<{ size(JSON, Part::Names) }>(JSON, Part::Names).0;
        let texts = extract::<{ size(JSON, Part::Texts) }>(JSON, Part::Texts).0;
        assert_eq!(core::str::from_utf8(&names), Ok("one\ntwo\n"));
        assert_eq!(core::str::from_utf8(&texts), Ok("an, \u{e9}\n{b}: c\n"));
    }
}
