//! The runtime under the service, as JavaScript hands it over: one host object for each request, because workerd binds
//! what a request began to that request.

use super::task::{Failed, Task};
use crate::edge::Event;
use crate::edge::message::header::RETRY_AFTER;
use crate::edge::message::{Request, Response, is_value};
use crate::edge::platform::{Failure, FetchError, Head, Platform, Stored, StoredPage};
use crate::secret::Secret;
use crate::wipe::Wiped;
use http::StatusCode;
use js_sys::Object;
use serde::Serialize;
use std::prelude::v1::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What `edge-host.ts` offers. What takes its time is begun under the numbers of a task and a call, and settled under them.
    pub type Host;
    #[wasm_bindgen(method, catch)]
    fn now(this: &Host) -> Result<f64, JsValue>;
    #[wasm_bindgen(method)]
    fn wait(this: &Host, task: u32, call: u32, milliseconds: u32);
    #[wasm_bindgen(method)]
    fn authenticate(this: &Host, task: u32, call: u32);
    #[wasm_bindgen(method, getter, js_name = isTrusted)]
    fn is_trusted(this: &Host) -> bool;
    #[wasm_bindgen(method, js_name = requestHeaders)]
    fn request_headers(this: &Host) -> String;
    #[wasm_bindgen(method)]
    fn forward(this: &Host, task: u32, call: u32, url: &str, headers: &str);
    #[wasm_bindgen(method, getter, js_name = canForwardAgain)]
    fn can_forward_again(this: &Host) -> bool;
    #[wasm_bindgen(method, js_name = passBack)]
    fn pass_back(this: &Host, status: u16, headers: &str);
    #[wasm_bindgen(method, getter, js_name = isHeard)]
    fn is_heard(this: &Host) -> bool;
    #[wasm_bindgen(method)]
    fn emit(this: &Host, event: JsValue);
    #[wasm_bindgen(method, js_name = deliverLater)]
    fn deliver_later(this: &Host, key: &str);
    #[wasm_bindgen(method)]
    fn fetch(this: &Host, task: u32, call: u32, method: &str, url: &str, headers: &str, body: Option<&str>);
    #[wasm_bindgen(method)]
    fn get(this: &Host, task: u32, call: u32, key: &str);
    #[wasm_bindgen(method)]
    fn put(this: &Host, task: u32, call: u32, key: &str, value: &str, expected: Option<&str>, expires_at: Option<f64>);
    #[wasm_bindgen(method, js_name = remove)]
    fn delete(this: &Host, task: u32, call: u32, key: &str, expected: &str);
    #[wasm_bindgen(method)]
    fn list(this: &Host, task: u32, call: u32, prefix: &str, cursor: Option<&str>, limit: u32);
    /// Headers as an object, or as a list of pairs where a name comes twice.
    #[wasm_bindgen(method)]
    pub fn headers(this: &Host, headers: &str) -> Object;
    /// The end of a task, with what it is for: a `Response`, or a text.
    #[wasm_bindgen(method)]
    pub fn finish(this: &Host, answer: JsValue);
    /// The end of a task that came to nothing.
    #[wasm_bindgen(method, js_name = giveUp)]
    pub fn give_up(this: &Host, why: JsValue);

    /// `{ key, value, version }`
    type Entry;
    #[wasm_bindgen(method, getter)]
    fn key(this: &Entry) -> String;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Entry) -> String;
    #[wasm_bindgen(method, getter)]
    fn version(this: &Entry) -> String;

    /// `{ entries, cursor? }`
    type Listing;
    #[wasm_bindgen(method, getter)]
    fn entries(this: &Listing) -> Vec<Entry>;
    #[wasm_bindgen(method, getter)]
    fn cursor(this: &Listing) -> Option<String>;
}

/// The platform of one task.
pub struct JsPlatform {
    /// The host object of its request.
    pub host: Host,
    /// What calls to the host are settled with.
    pub task: Rc<Task>,
}

/// The host has turned whatever a user's store threw into a text.
fn failure(failed: Failed) -> Failure {
    Failure(failed.message)
}

fn unanswered(failed: Failed) -> FetchError {
    match failed.trouble.as_str() {
        "timeout" => FetchError::TimedOut,
        "too-large" => FetchError::TooLarge,
        _ => FetchError::Unreachable(failed.message),
    }
}

/// Headers cross the boundary as one text: names and values in turn, a line each. No header has a line break in it.
pub fn lines<'n, 'v>(pairs: impl Iterator<Item = (&'n str, &'v str)> + Clone) -> String {
    // Room for all of it: one that grows leaves copies of secrets behind.
    let mut lines = String::with_capacity(pairs.clone().map(|(name, value)| name.len() + value.len() + 2).sum());
    for (name, value) in pairs {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(name);
        lines.push('\n');
        lines.push_str(value);
    }
    lines
}

fn flat(pairs: &[(String, String)]) -> String {
    lines(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Reads what [`lines`] writes.
pub fn pairs(lines: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut lines = lines.split('\n');
    core::iter::from_fn(move || lines.next().zip(lines.next()))
}

fn owned(lines: &str) -> Vec<(String, String)> {
    pairs(lines).map(|(name, value)| (name.into(), value.into())).collect()
}

impl Platform for JsPlatform {
    fn now_ms(&self) -> u64 {
        match self.host.now() {
            Ok(now) if now.is_finite() && now > 0.0 => now as u64,
            // With a clock that does not work, everything has expired rather than nothing.
            _ => u64::MAX,
        }
    }

    async fn wait(&self, milliseconds: u32) {
        let _over = self.task.ask(|task, call| self.host.wait(task, call, milliseconds)).await;
    }

    async fn authenticate(&self) -> Result<Option<String>, Failure> {
        let said = self.task.ask(|task, call| self.host.authenticate(task, call)).await;
        Ok(said.map_err(failure)?.text)
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        getrandom::fill(bytes).map_err(|_| Failure("the runtime has no source of random numbers".into()))
    }

    async fn fetch(&self, request: Request<Secret>) -> Result<Response<Vec<u8>>, FetchError> {
        let headers = Wiped::new(lines(request.headers().iter()));
        // Only for the account's own origin, which `outbound` has checked.
        let body = Some(request.body().expose()).filter(|body| !body.is_empty());
        let (method, url) = (request.method().as_str(), request.url());
        let begun = self.task.ask(|task, call| self.host.fetch(task, call, method, url, &headers, body));
        drop((request, headers));
        let answer = begun.await.map_err(unanswered)?;
        let status = StatusCode::from_u16(answer.number)
            .map_err(|_| FetchError::Unreachable("the answer has no HTTP status".into()))?;
        let mut response = Response::new(status, answer.body);
        if let Some(value) = answer.text.filter(|value| is_value(value)) {
            response.headers_mut().set(RETRY_AFTER, &value);
        }
        Ok(response)
    }

    fn is_trusted(&self) -> bool {
        self.host.is_trusted()
    }

    fn request_headers(&self) -> Vec<(String, String)> {
        owned(&self.host.request_headers())
    }

    async fn forward(&self, url: &str, headers: &[(String, String)]) -> Result<Head, FetchError> {
        let begun = self.task.ask(|task, call| self.host.forward(task, call, url, &flat(headers)));
        let answer = begun.await.map_err(unanswered)?;
        Ok(Head { status: answer.number, headers: owned(&answer.text.unwrap_or_default()) })
    }

    fn can_forward_again(&self) -> bool {
        self.host.can_forward_again()
    }

    fn pass_back(&self, head: Head) {
        self.host.pass_back(head.status, &flat(&head.headers));
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Failure> {
        let stored = self.task.ask(|task, call| self.host.get(task, call, key)).await.map_err(failure)?;
        Ok(stored.text.zip(stored.version).map(|(value, version)| Stored { value, version }))
    }

    async fn put(
        &self,
        key: &str,
        value: &str,
        expected: Option<&str>,
        expires_at: Option<u64>,
    ) -> Result<Option<String>, Failure> {
        let expires_at = expires_at.map(|at| at as f64);
        let begun = self.task.ask(|task, call| self.host.put(task, call, key, value, expected, expires_at));
        Ok(begun.await.map_err(failure)?.version)
    }

    async fn delete(&self, key: &str, expected: &str) -> Result<bool, Failure> {
        let begun = self.task.ask(|task, call| self.host.delete(task, call, key, expected));
        Ok(begun.await.map_err(failure)?.number == 1)
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<StoredPage, Failure> {
        let begun = self.task.ask(|task, call| self.host.list(task, call, prefix, cursor, limit));
        let listing: Listing = begun.await.map_err(failure)?.listing.unchecked_into();
        let entries = listing
            .entries()
            .into_iter()
            .map(|entry| (entry.key(), Stored { value: entry.value(), version: entry.version() }));
        Ok(StoredPage { entries: entries.collect(), cursor: listing.cursor() })
    }

    fn emit(&self, event: &Event) {
        if !self.host.is_heard() {
            return;
        }
        let as_object = serde_wasm_bindgen::Serializer::json_compatible();
        if let Ok(event) = event.to_json(self.now_ms()).serialize(&as_object) {
            self.host.emit(event);
        }
    }

    fn deliver_later(&self, key: &str) {
        self.host.deliver_later(key);
    }
}
