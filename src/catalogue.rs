//! What the hosted pages say, in five languages. The texts are data (`messages/pages`); only these are part of the edge
//! artifact, the other messages travel in the npm package alone.

use crate::embed::embed;
use crate::error::Code;
use crate::text::concat;
use alloc::string::{String, ToString};

/// A language that there is a catalogue of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English: what is taken where nothing else fits.
    #[default]
    English,
    /// German.
    German,
    /// Spanish.
    Spanish,
    /// Japanese.
    Japanese,
    /// Portuguese, as it is written in Brazil.
    Portuguese,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 5] = [Self::English, Self::German, Self::Spanish, Self::Japanese, Self::Portuguese];

    /// The language's tag: `en`, `de`, `es`, `ja` or `pt`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
            Self::Japanese => "ja",
            Self::Portuguese => "pt",
        }
    }

    /// The language of a tag such as `de`, `de-CH` or `pt_BR` (RFC 5646), whatever its region.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.as_str()))
    }

    /// The best language for an `Accept-Language` header (RFC 9110 section 12.5.4): the one with the greatest weight, the
    /// first among equals.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best = (0, Self::English);
        for range in accept_language.split(',') {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = weight(parameters);
            if let Some(language) = Self::parse(tag).filter(|_| weight > best.0) {
                best = (weight, language);
            }
        }
        best.1
    }

    fn texts(self) -> &'static str {
        match self {
            Self::English => embed!("../messages/pages/en.json", Texts),
            Self::German => embed!("../messages/pages/de.json", Texts),
            Self::Spanish => embed!("../messages/pages/es.json", Texts),
            Self::Japanese => embed!("../messages/pages/ja.json", Texts),
            Self::Portuguese => embed!("../messages/pages/pt.json", Texts),
        }
    }
}

/// `q=0.8` in thousandths; 1000 where there is none, 0 where it cannot be read.
fn weight(parameters: &str) -> u32 {
    let Some(value) = parameters.trim().strip_prefix("q=") else { return if parameters.is_empty() { 1000 } else { 0 } };
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut digits = fraction.to_string();
    while digits.len() < 3 {
        digits.push('0');
    }
    match (whole, digits.parse::<u16>()) {
        ("0", Ok(thousandths)) if thousandths < 1000 => thousandths.into(),
        ("1", Ok(0)) => 1000,
        _ => 0,
    }
}

/// The keys of all languages' texts, in their order.
const KEYS: &str = embed!("../messages/pages/en.json", Names);

/// The texts of the hosted pages in one language.
#[derive(Debug)]
pub struct Catalogue {
    language: Language,
}

impl Catalogue {
    /// Reads the texts of a language.
    pub fn of(language: Language) -> Self {
        Self { language }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key; the key itself where there is none.
    pub fn text<'a>(&self, key: &'a str) -> &'a str {
        self.get(key).unwrap_or(key)
    }

    fn get(&self, key: &str) -> Option<&'static str> {
        let at = KEYS.split('\n').position(|known| known == key).filter(|_| !key.is_empty())?;
        self.language.texts().split('\n').nth(at)
    }

    /// The text of a key with its placeholders filled in: `{product}` with the value of `product`. What is filled in is
    /// not read again.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.text(key);
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let value = after.split_once('}').and_then(|(name, after)| {
                values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
            });
            let (text, after) = value.unwrap_or(("{", after));
            filled.push_str(text);
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// What an error means, as a sentence without backticks. In English it is the code's message; in other languages the
    /// artifact holds what a person on a page is likely to meet, and more general words stand for the rest.
    pub fn error(&self, code: Code) -> String {
        let own = concat(&["error.", code.as_str()]);
        let text = match self.get(&own) {
            Some(text) => text.to_string(),
            None if self.language == Language::English => sentence(code.message()),
            None if code.as_str().starts_with("subdomain_") => self.text("error.subdomain_empty").to_string(),
            None => self.text("page.failed.text").to_string(),
        };
        text.replace('`', "")
    }
}

/// A code's message as a sentence: with a capital and a full stop.
pub fn sentence(message: &str) -> String {
    capitalised(message) + "."
}

/// A text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let mut capitalised: String = characters.next().map(capital).into_iter().collect();
    capitalised.push_str(characters.as_str());
    capitalised
}

/// The capital of a letter in the alphabets that have a rule for it: Latin, as Western Europe writes it, Greek and Cyrillic.
/// The tables of all others would be 4 kB of the edge artifact, compressed.
fn capital(letter: char) -> char {
    let distance = match letter {
        '÷' | 'ς' => 0,
        'a'..='z' | 'à'..='þ' | 'α'..='ϋ' | 'а'..='я' => 32,
        'ѐ'..='џ' => 80,
        _ => 0,
    };
    char::from_u32(letter as u32 - distance).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_weighed() {
        for (tag, language) in [("de", "de"), ("de-CH", "de"), ("pt_BR", "pt"), ("JA", "ja"), (" es-419 ", "es")] {
            assert_eq!(Language::parse(tag).map(Language::as_str), Some(language), "{tag}");
        }
        for tag in ["", "fr", "deutsch", "d", "*", "-de"] {
            assert_eq!(Language::parse(tag), None, "{tag}");
        }
        for (header, language) in [
            ("", "en"),
            ("de-DE,de;q=0.9,en;q=0.8", "de"),
            ("fr-FR,fr;q=0.9,pt;q=0.8,en;q=0.7", "pt"),
            ("en;q=0.8,ja;q=0.9", "ja"),
            ("en;q=0.5, es;q=0.50, de;q=0.500", "en"),
            ("de;q=0,es;q=0.001", "es"),
            ("de;q=x,es;q=2,ja;q=0.1234", "en"),
            ("fr,*", "en"),
            ("ja;q=1.000", "ja"),
            ("de;level=1, pt;q=0.3", "pt"),
        ] {
            assert_eq!(Language::negotiate(header).as_str(), language, "{header}");
        }
    }

    #[test]
    fn placeholders_are_filled_in_once() {
        let catalogue = Catalogue::of(Language::English);
        let values = [("product", "{user}"), ("user", "Jane"), ("account", "a{b")];
        assert_eq!(
            catalogue.with("page.done.text", &values),
            "{user} is connected to the Zendesk account a{b as Jane."
        );
        assert_eq!(catalogue.with("page.back", &[]), "Back to {product}");
        assert_eq!(catalogue.with("no such key {", &values), "no such key {");
    }

    #[test]
    fn names_get_the_capitals_that_unicode_gives_them() {
        for (name, capitalised_name) in [
            ("acme", "Acme"),
            ("éclair", "Éclair"),
            ("ωmega", "Ωmega"),
            ("яндекс", "Яндекс"),
            ("їжа", "Їжа"),
            ("日本", "日本"),
            ("7", "7"),
            ("", ""),
        ] {
            assert_eq!(capitalised(name), capitalised_name);
        }
        for letter in ('\0'..'ÿ').chain('Α'..='Ϊ').chain('α'..='ϋ').chain('Ѐ'..='џ') {
            let is_apart = matches!(letter, 'µ' | 'ß' | 'ς' | '\u{3a2}');
            let expected: String = letter.to_uppercase().collect();
            assert!(is_apart || capital(letter).to_string() == expected, "{letter}");
        }
    }

    #[test]
    fn errors_are_sentences() {
        let german = Catalogue::of(Language::German);
        assert_eq!(german.error(Code::FieldRequired), "Füllen Sie dieses Feld aus.");
        assert!(german.error(Code::SubdomainNested).starts_with("Geben Sie die Subdomäne ein: das acme in"));
        assert!(german.error(Code::BodyInvalid).starts_with("Das hat nicht geklappt"));
        assert_eq!(Catalogue::of(Language::English).error(Code::BodyInvalid), "The body must be one JSON object.");
        for language in Language::ALL {
            let catalogue = Catalogue::of(language);
            assert_eq!(language.texts().matches('\n').count(), KEYS.matches('\n').count(), "{language:?}");
            assert!(!catalogue.error(Code::Internal).is_empty());
        }
    }
}
