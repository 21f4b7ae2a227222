//! Leaves every answer of these tests behind, for tests/edge/native-answers.test.mjs to hold against openapi.json.

use crate::world::PUBLIC;
use http::response::Parts;
use serde_json::json;
use std::fs::File;
use std::io::Write;
use std::sync::{LazyLock, Mutex};

static ANSWERS: LazyLock<Mutex<File>> = LazyLock::new(|| {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("edge-answers.jsonl");
    Mutex::new(File::create(path).unwrap())
});

/// Answers below another address than that of [`PUBLIC`] are about that address, and left out.
pub fn keep(method: &http::Method, uri: &http::Uri, parts: &Parts, text: &str) {
    let mount = PUBLIC.strip_prefix("https://app.example").unwrap();
    let Some(path) = uri.path().strip_prefix(mount) else { return };
    let content_type = parts.headers.get("content-type").map_or("", |value| value.to_str().unwrap());
    let answer = json!({
        "method": method.as_str(), "path": path, "status": parts.status.as_u16(), "contentType": content_type,
        "text": text,
    });
    writeln!(ANSWERS.lock().unwrap(), "{answer}").unwrap();
}
