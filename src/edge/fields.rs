//! Reads JSON objects field by field: every problem is noted, unknown names are problems, values are never repeated.
//! (A derived deserializer stops at the first problem and quotes the value that it did not like.)

use super::message::Request;
use super::message::header::CONTENT_TYPE;
use super::problem::{FieldProblem, Problem};
use crate::error::Code;
use crate::secret::Secret;
use serde_json::{Map, Value};
use std::format;
use std::ops::RangeInclusive;
use std::prelude::v1::*;

/// The largest body that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// How many unknown fields are named: more would make the answer a multiple of the body.
const MOST_UNKNOWN: usize = 50;

/// A JSON object under examination.
pub struct Fields {
    /// What stands before the names in problems: `sealingKeys[0].`.
    place: String,
    /// In a list: taking out of a map brings in all of its balancing.
    values: Vec<(String, Value)>,
    /// What was found so far.
    pub problems: Vec<FieldProblem>,
}

impl Fields {
    /// Takes an object over.
    pub fn new(values: Map<String, Value>, place: String) -> Self {
        Self { place, values: values.into_iter().collect(), problems: Vec::new() }
    }

    /// The body of a request.
    ///
    /// # Errors
    /// `content_type_unsupported`, `body_too_large`, `body_invalid`.
    pub fn of(request: &Request<Vec<u8>>) -> Result<Self, Problem> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
        if !essence.trim().eq_ignore_ascii_case("application/json") {
            return Err(Code::ContentTypeUnsupported.into());
        }
        if request.body().len() > MAX_BODY {
            return Err(Code::BodyTooLarge.into());
        }
        match serde_json::from_slice(request.body()) {
            Ok(Value::Object(values)) => Ok(Self::new(values, String::new())),
            _ => Err(Code::BodyInvalid.into()),
        }
    }

    /// Notes a problem.
    pub fn problem(&mut self, name: &str, code: Code, message: impl Into<String>) {
        self.problems.push(FieldProblem::saying(format!("{}{name}", self.place), code, message));
    }

    /// Whether a problem was noted about a field.
    pub fn has_problem(&self, name: &str) -> bool {
        self.problems.iter().any(|problem| problem.field.strip_prefix(&self.place) == Some(name))
    }

    /// Notes a problem in the code's own words.
    pub fn refuse(&mut self, name: &str, code: Code) {
        self.problem(name, code, code.message());
    }

    /// A value; `null` counts as left out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.values.iter().position(|(known, _)| known == name)?;
        Some(self.values.remove(at).1).filter(|value| !value.is_null())
    }

    /// Puts back what was taken.
    pub fn put(&mut self, name: &str, value: Value) {
        self.values.push((name.into(), value));
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether `null` was given.
    pub fn is_null(&self, name: &str) -> bool {
        self.get(name).is_some_and(Value::is_null)
    }

    /// Whether something is said to be so; what is left out is not.
    pub fn flag(&mut self, name: &str) -> bool {
        matches!(self.take(name), Some(Value::Bool(true)))
    }

    /// Whether a value was given.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.is_null())
    }

    /// A text that may be left out.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => {
                self.problem(name, Code::FieldInvalid, "this must be a string");
                None
            }
        }
    }

    /// A text that must be there; empty after noting that it is not.
    pub fn required(&mut self, name: &str) -> String {
        let known = self.problems.len();
        match self.text(name) {
            Some(text) if !text.is_empty() => return text,
            _ if self.problems.len() > known => {}
            _ => self.problem(name, Code::FieldRequired, "this is required"),
        }
        String::new()
    }

    /// A whole number in a range that may be left out.
    pub fn integer(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.take(name)?;
        let number =
            value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!("this must be a whole number from {} to {}", range.start(), range.end());
            self.problem(name, Code::FieldInvalid, message);
        }
        number
    }

    /// Any whole number that must be there.
    pub fn number(&mut self, name: &str) -> u64 {
        let number = self.optional_number(name);
        if number.is_none() {
            self.refuse(name, Code::FieldInvalid);
        }
        number.unwrap_or_default()
    }

    /// Any whole number.
    pub fn optional_number(&mut self, name: &str) -> Option<u64> {
        self.take(name)?.as_u64()
    }

    /// A secret; its text is moved, not copied.
    pub fn secret(&mut self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// One of a few words that may be left out.
    pub fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let chosen = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
        if chosen.is_none() {
            self.refuse_word(name, &mut choices.iter().map(|(word, _)| *word));
        }
        chosen
    }

    fn refuse_word(&mut self, name: &str, words: &mut dyn Iterator<Item = &str>) {
        let mut message = String::from("this must be ");
        for (index, word) in words.enumerate() {
            message.push_str(if index == 0 { "`" } else { " or `" });
            message.push_str(word);
            message.push('`');
        }
        self.problem(name, Code::FieldInvalid, message);
    }

    /// One of a few words that must be there.
    pub fn required_choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let known = self.problems.len();
        let chosen = self.choice(name, choices);
        if chosen.is_none() && self.problems.len() == known {
            self.problem(name, Code::FieldRequired, "this is required");
        }
        chosen
    }

    /// An object within; empty after noting that there is none.
    pub fn object(&mut self, name: &str) -> Self {
        let place = format!("{}{name}.", self.place);
        match self.take(name) {
            Some(Value::Object(values)) => Self::new(values, place),
            _ => {
                self.refuse(name, Code::FieldInvalid);
                Self::new(Map::new(), place)
            }
        }
    }

    /// A list that may be left out; every item is judged, `judge` says what is wrong with it.
    pub fn list<T>(&mut self, name: &str, mut judge: impl FnMut(Value) -> Result<T, Vec<FieldProblem>>) -> Vec<T> {
        let mut judged = Vec::new();
        for (index, item) in self.items(name).into_iter().enumerate() {
            match judge(item) {
                Ok(item) => judged.push(item),
                Err(problems) => self.refuse_item(name, index, problems),
            }
        }
        judged
    }

    fn items(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.problem(name, Code::FieldInvalid, "this must be a list");
                Vec::new()
            }
        }
    }

    fn refuse_item(&mut self, name: &str, index: usize, problems: Vec<FieldProblem>) {
        for FieldProblem { field, code, message } in problems {
            self.problem(&format!("{name}[{index}]{field}"), code, message);
        }
    }

    /// Notes the first fields that nobody took, and gives all problems back.
    pub fn into_problems(mut self) -> Vec<FieldProblem> {
        for (name, _) in self.values.iter().take(MOST_UNKNOWN) {
            let field = format!("{}{}", self.place, printable_name(name));
            self.problems.push(FieldProblem::saying(field, Code::FieldUnknown, "there is no field of this name"));
        }
        self.problems
    }

    /// Ends the examination of a body.
    ///
    /// # Errors
    /// `body_fields_invalid` with every problem.
    pub fn finish(self) -> Result<(), Problem> {
        match self.into_problems() {
            problems if problems.is_empty() => Ok(()),
            problems => Err(Problem::listing(Code::BodyFieldsInvalid, problems)),
        }
    }
}

/// A name as it can be repeated: letters, as in `redirect_uri`. One with digits or dashes may be a token that was put in
/// a name's place.
fn printable_name(name: &str) -> &str {
    let is_name = (1..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if is_name { name } else { "(unreadable name)" }
}

/// Whether a text can stand within a sentence on a page: on one line, and without characters that turn the direction of
/// what follows them.
pub fn is_line(text: &str, longest: usize) -> bool {
    let is_odd = |each: char| each.is_control() || matches!(each, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (1..=longest).contains(&text.chars().count()) && !text.chars().any(is_odd)
}

/// Whether a text may be part of a storage key: no separator, nothing that a store could fold or trim.
pub fn is_key_part(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether a text may name an end user: what user ids and addresses are made of, without white space or separators.
pub fn is_subject(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.@:+=|~".contains(&byte))
}
