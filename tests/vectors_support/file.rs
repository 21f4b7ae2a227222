//! Files of vectors, and the collection of what went wrong in one.

use serde_json::Value;
use std::collections::BTreeSet;
use zendesk_auth::{Code, Error};

/// One file on its way through the crate.
pub struct Run {
    file: &'static str,
    header: Value,
    vectors: Vec<Value>,
    failures: Vec<String>,
    /// The codes that came out.
    pub produced: BTreeSet<&'static str>,
}

impl Run {
    /// Reads a file and checks that it is whole.
    pub fn of(file: &'static str) -> Self {
        let path = format!("{}/tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect("the file of vectors is there");
        let mut vectors: Vec<Value> = serde_json::from_str(&text).expect("the file of vectors is JSON");
        let header = vectors.remove(0);
        let minimum = header["minimum"].as_u64().expect("the file states its minimum");
        assert!(vectors.len() as u64 >= minimum, "{file} holds {} vectors, fewer than {minimum}", vectors.len());
        let names: BTreeSet<&str> = vectors.iter().map(|vector| vector["name"].as_str().expect("a name")).collect();
        assert_eq!(names.len(), vectors.len(), "{file} uses a name twice");
        for code in vectors.iter().flat_map(expected_codes) {
            assert!(Code::ALL.iter().any(|known| known.as_str() == code), "{file} expects {code}, which is no code");
        }
        Self { file, header, vectors, failures: Vec::new(), produced: BTreeSet::new() }
    }

    pub fn header(&self) -> &Value {
        &self.header
    }

    #[cfg(feature = "edge")]
    pub fn vectors(&self) -> &[Value] {
        &self.vectors
    }

    /// Judges each vector; what `judge` returns as `Err` is what went wrong.
    pub fn each(mut self, judge: impl Fn(&Value, &mut BTreeSet<&'static str>) -> Result<(), String>) -> Self {
        for vector in &self.vectors {
            if let Err(reason) = judge(vector, &mut self.produced) {
                self.failures.push(format!("{}: {reason}", vector["name"].as_str().unwrap_or_default()));
            }
        }
        self
    }

    pub fn finish(self) {
        assert!(
            self.failures.is_empty(),
            "{}: {} of {} vectors failed:\n{}",
            self.file,
            self.failures.len(),
            self.vectors.len(),
            self.failures.join("\n")
        );
    }
}

/// Every code that a vector names, so that a misspelt one in a list of several is seen.
fn expected_codes(vector: &Value) -> Vec<&str> {
    let told = ["problems", "warnings", "mayAlso"].into_iter().filter_map(|member| vector[member].as_array()).flatten();
    let codes = told.map(|entry| &entry["code"]).chain([&vector["code"]]);
    codes
        .flat_map(|code| code.as_array().map_or(vec![code], |several| several.iter().collect()))
        .filter_map(Value::as_str)
        .collect()
}

/// Whether `code` is the expected one, or one of the expected ones.
pub fn is_expected(expected: &Value, code: &str) -> bool {
    match expected {
        Value::Array(codes) => codes.iter().any(|one| one == code),
        one => one == code,
    }
}

/// Splits success from failure, and judges the failure: a vector with `code` must fail so, one without must not fail.
pub fn outcome<T>(
    vector: &Value,
    result: Result<T, Error>,
    produced: &mut BTreeSet<&'static str>,
) -> Result<Result<T, Error>, String> {
    let expected = &vector["code"];
    match &result {
        Err(error) => {
            produced.insert(error.code.as_str());
            if expected.is_null() {
                return Err(format!("refused with {}", error.code.as_str()));
            }
            if !is_expected(expected, error.code.as_str()) {
                return Err(format!("refused with {} in place of {expected}", error.code.as_str()));
            }
            carries(vector, error)?;
        }
        Ok(_) if !expected.is_null() => return Err(format!("accepted in place of {expected}")),
        Ok(_) => {}
    }
    Ok(result)
}

/// What the server said must come along, where the vector says so.
fn carries(vector: &Value, error: &Error) -> Result<(), String> {
    let server = error.server.as_ref();
    if let Some(expected) = vector["error"].as_str() {
        same("error", server.map_or("", |answer| &answer.error), expected)?;
    }
    if let Some(expected) = vector["errorDescription"].as_str() {
        same("errorDescription", server.map_or("", |answer| &answer.description), expected)?;
    }
    if let Some(expected) = vector.get("retryAfterSeconds") {
        let seconds = server.and_then(|answer| answer.retry_after).map(u64::from);
        same("retryAfter", seconds, expected.as_u64())?;
    }
    Ok(())
}

pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("{what} is {got:?} in place of {expected:?}")) }
}

/// A member that must be a text.
pub fn text<'a>(vector: &'a Value, member: &str) -> &'a str {
    vector[member].as_str().unwrap_or_else(|| panic!("{} has no {member}", vector["name"]))
}

/// Bytes written as hexadecimal digits.
pub fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal")).collect();
    bytes.try_into().expect("the right number of bytes")
}
