//! The catalogues are whole: the same keys and the same placeholders in every language, a text for every code.
#![cfg(feature = "edge")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use zendesk_auth::Code;
use zendesk_auth::catalogue::{Language, sentence};
use zendesk_auth::retirement::BASIC_UNTIL;

type Texts = BTreeMap<String, String>;

/// Codes that the npm package makes itself.
const OF_THE_PACKAGE: [&str; 4] =
    ["option_unknown", "callback_unchecked", "worker_unreachable", "worker_response_malformed"];

fn read(folder: &str, language: Language) -> Texts {
    let path = format!("{}/{folder}/{}.json", env!("CARGO_MANIFEST_DIR"), language.as_str());
    serde_json::from_str(&std::fs::read_to_string(&path).expect("the catalogue is there")).expect("one flat object")
}

/// Both folders of one language: what the package ships.
fn whole(language: Language) -> Texts {
    let (mut texts, pages) = (read("messages", language), read("messages/pages", language));
    for (key, text) in pages {
        assert!(texts.insert(key.clone(), text).is_none(), "{key} is in both folders of {language:?}");
    }
    texts
}

/// The keys of the pages' texts in their order, one in each line of the file.
fn lines(language: Language) -> Vec<String> {
    let path = format!("{}/messages/pages/{}.json", env!("CARGO_MANIFEST_DIR"), language.as_str());
    let json = std::fs::read_to_string(&path).expect("the catalogue is there");
    assert!(!json.contains('\\'), "a text with an escape: {language:?}");
    json.lines().filter_map(|line| line.split('"').nth(1).map(String::from)).collect()
}

fn keys(texts: &Texts) -> BTreeSet<&str> {
    texts.keys().map(String::as_str).collect()
}

/// The names of the placeholders, sorted.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        text.split('{').skip(1).map(|rest| rest.split_once('}').expect("a closed placeholder").0).collect();
    names.sort_unstable();
    names
}

/// What stands in backticks, sorted.
fn literals(text: &str) -> Vec<&str> {
    assert!(text.matches('`').count().is_multiple_of(2), "an open backtick in {text:?}");
    let mut literals: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    literals.sort_unstable();
    literals
}

#[test]
fn every_language_has_every_text() {
    let english = whole(Language::English);
    for language in Language::ALL {
        assert_eq!(lines(language), lines(Language::English), "the pages' texts stand in one order: {language:?}");
        let texts = whole(language);
        assert_eq!(keys(&texts), keys(&english), "{language:?}");
        assert_eq!(keys(&read("messages/pages", language)), keys(&read("messages/pages", Language::English)));
        for (key, text) in &texts {
            let original = &english[key];
            assert!(!text.is_empty() && text.trim() == text && !text.contains('\n'), "{language:?} {key}: {text:?}");
            assert_eq!(placeholders(text), placeholders(original), "placeholders of {language:?} {key}");
            assert_eq!(literals(text), literals(original), "literal text of {language:?} {key}");
            let is_copy = language != Language::English && text == original && text.len() > 30;
            assert!(!is_copy, "{language:?} {key} is not translated");
        }
    }
}

#[test]
fn every_code_has_its_text_and_nothing_else_has() {
    let english = whole(Language::English);
    for code in Code::ALL {
        let text = english.get(&format!("error.{}", code.as_str())).map(String::as_str);
        assert_eq!(text, Some(sentence(code.message()).as_str()), "{}", code.as_str());
    }
    let known = |code: &str| Code::ALL.iter().any(|known| known.as_str() == code) || OF_THE_PACKAGE.contains(&code);
    let unused: Vec<&str> =
        keys(&english).into_iter().filter(|key| key.strip_prefix("error.").is_some_and(|code| !known(code))).collect();
    assert!(unused.is_empty(), "no code is called {unused:?}");
}

#[test]
fn the_end_of_api_tokens_is_the_same_day_everywhere() {
    let mut date = BASIC_UNTIL.split('-');
    let (year, _, day) = (date.next().unwrap(), date.next(), date.next().unwrap());
    for language in Language::ALL {
        let texts = whole(language);
        let words = &texts["date.basic_until"];
        assert!(words.contains(year) && words.contains(day), "{language:?} {words}");
        for key in ["error.api_tokens_retired", "choice.basic.when"] {
            assert!(texts[key].contains(words.as_str()), "{language:?} {key}");
        }
    }
}
