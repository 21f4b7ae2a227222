//! Answers: JSON, and the headers that every answer carries.

use super::config::Config;
use super::json::{self, object, set, text};
use super::message::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL,
    CONTENT_TYPE, ORIGIN, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use super::message::{Headers, Response};
use super::store::Page;
use http::StatusCode;
use serde_json::Value;
use std::prelude::v1::*;

const ALWAYS: [(&str, &str); 3] =
    [(CACHE_CONTROL, "no-store"), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer")];

/// What pages on other origins may read of an answer: how long to wait, and how near Zendesk's limits are.
const EXPOSED: &str =
    "retry-after, x-rate-limit, x-rate-limit-remaining, ratelimit-limit, ratelimit-remaining, ratelimit-reset";

/// A JSON answer.
pub fn json(status: StatusCode, body: &Value) -> Response<Vec<u8>> {
    let mut response = Response::new(status, json::write(body).into_bytes());
    response.headers_mut().set(CONTENT_TYPE, "application/json");
    response
}

/// What is JSON already.
pub fn json_text(text: &'static str) -> Response<Vec<u8>> {
    let mut response = Response::new(StatusCode::OK, text.into());
    response.headers_mut().set(CONTENT_TYPE, "application/json");
    response
}

/// One page of records under a name. Records that do not open are named apart, so that they hide no others.
pub fn listing<T>(name: &str, page: Page<T>, view: impl Fn(&T) -> Value) -> Response<Vec<u8>> {
    let mut body = object([(name, page.records.iter().map(view).collect())]);
    if !page.unreadable.is_empty() {
        let unreadable =
            page.unreadable.iter().map(|(id, code)| object([("id", text(id)), ("code", text(code.as_str()))]));
        set(&mut body, "unreadable", unreadable.collect());
    }
    if let Some(cursor) = page.cursor {
        set(&mut body, "cursor", cursor.into());
    }
    self::json(StatusCode::OK, &body)
}

/// An answer without anything to say.
pub fn no_content() -> Response<Vec<u8>> {
    Response::new(StatusCode::NO_CONTENT, Vec::new())
}

/// The answer to `OPTIONS`.
pub fn options(methods: &'static str) -> Response<Vec<u8>> {
    let mut response = no_content();
    response.headers_mut().set(ALLOW, methods);
    response
}

/// Adds what every answer carries, and CORS for the frontends that the configuration names.
pub fn finish(response: &mut Response<Vec<u8>>, config: &Config, request_headers: &Headers) {
    let methods = response.headers().get(ALLOW).map(String::from);
    let is_preflight_answer = response.status() == StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.set_if_missing(name, value);
    }
    if config.allowed_origins.is_empty() {
        return;
    }
    headers.add(VARY, "Origin");
    let origin = request_headers.get(ORIGIN);
    let Some(origin) = origin.filter(|origin| config.allowed_origins.iter().any(|known| known == origin)) else {
        return;
    };
    headers.set(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    // The cookie of a transaction is set by an answer to a frontend's own call.
    headers.set(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    headers.set(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    if let (true, Some(methods)) = (is_preflight_answer, methods) {
        headers.set(ACCESS_CONTROL_ALLOW_METHODS, &methods);
        headers.set(ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type");
        headers.set(ACCESS_CONTROL_MAX_AGE, "600");
    }
}
