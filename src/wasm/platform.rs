//! The runtime under the service, as JavaScript hands it over: one host object for each request, because workerd binds
//! what a request began to that request.

use crate::edge::Event;
use crate::edge::message::header::RETRY_AFTER;
use crate::edge::message::{Request, Response, is_value};
use crate::edge::platform::{Failure, FetchError, Head, Platform, Stored, StoredPage};
use crate::secret::Secret;
use http::StatusCode;
use std::prelude::v1::*;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What `edge-host.ts` offers.
    pub type Host;
    #[wasm_bindgen(method, catch)]
    fn now(this: &Host) -> Result<f64, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn wait(this: &Host, milliseconds: u32) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn authenticate(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, js_name = isTrusted)]
    fn is_trusted(this: &Host) -> bool;
    /// Names and values in turn.
    #[wasm_bindgen(method, js_name = requestHeaders)]
    fn request_headers(this: &Host) -> Vec<String>;
    #[wasm_bindgen(method, catch)]
    async fn forward(this: &Host, url: &str, headers: Vec<String>) -> Result<FetchAnswer, JsValue>;
    #[wasm_bindgen(method, getter, js_name = canForwardAgain)]
    fn can_forward_again(this: &Host) -> bool;
    #[wasm_bindgen(method, js_name = passBack)]
    fn pass_back(this: &Host, status: u16, headers: Vec<String>);
    #[wasm_bindgen(method)]
    fn emit(this: &Host, event: &str);
    #[wasm_bindgen(method, js_name = deliverLater)]
    fn deliver_later(this: &Host, key: &str);
    #[wasm_bindgen(method, catch)]
    async fn fetch(
        this: &Host,
        method: &str,
        url: &str,
        headers: Vec<String>,
        body: Option<String>,
    ) -> Result<FetchAnswer, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn get(this: &Host, key: &str) -> Result<Entry, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn put(
        this: &Host,
        key: &str,
        value: &str,
        expected: Option<String>,
        expires_at: Option<f64>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = remove)]
    async fn delete(this: &Host, key: &str, expected: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn list(this: &Host, prefix: &str, cursor: Option<String>, limit: u32) -> Result<Listing, JsValue>;

    /// `{ status, retryAfter?, body }`, or `{ status, headers }` of what is forwarded, or `{ trouble, message }`.
    type FetchAnswer;
    #[wasm_bindgen(method, getter)]
    fn status(this: &FetchAnswer) -> u16;
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &FetchAnswer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn body(this: &FetchAnswer) -> Vec<u8>;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &FetchAnswer) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn trouble(this: &FetchAnswer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn message(this: &FetchAnswer) -> String;

    /// `{ key, value, version }`; without a value where there is none.
    type Entry;
    #[wasm_bindgen(method, getter)]
    fn key(this: &Entry) -> String;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Entry) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn version(this: &Entry) -> String;

    /// `{ entries, cursor? }`
    type Listing;
    #[wasm_bindgen(method, getter)]
    fn entries(this: &Listing) -> Vec<Entry>;
    #[wasm_bindgen(method, getter)]
    fn cursor(this: &Listing) -> Option<String>;
}

/// The platform of one request.
pub struct JsPlatform(pub Host);

/// The host has turned whatever a user's store threw into a text.
fn failure(thrown: JsValue) -> Failure {
    Failure(thrown.as_string().unwrap_or_default())
}

fn answered(answer: Result<FetchAnswer, JsValue>) -> Result<FetchAnswer, FetchError> {
    let answer = answer.map_err(|thrown| FetchError::Unreachable(thrown.as_string().unwrap_or_default()))?;
    match answer.trouble().as_deref() {
        None => Ok(answer),
        Some("timeout") => Err(FetchError::TimedOut),
        Some("too-large") => Err(FetchError::TooLarge),
        Some(_) => Err(FetchError::Unreachable(answer.message())),
    }
}

fn flat(pairs: &[(String, String)]) -> Vec<String> {
    pairs.iter().flat_map(|(name, value)| [name.clone(), value.clone()]).collect()
}

fn pairs(flat: Vec<String>) -> Vec<(String, String)> {
    let mut flat = flat.into_iter();
    std::iter::from_fn(|| flat.next().zip(flat.next())).collect()
}

impl Platform for JsPlatform {
    fn now_ms(&self) -> u64 {
        match self.0.now() {
            Ok(now) if now.is_finite() && now > 0.0 => now as u64,
            // With a clock that does not work, everything has expired rather than nothing.
            _ => u64::MAX,
        }
    }

    async fn wait(&self, milliseconds: u32) {
        let _over = self.0.wait(milliseconds).await;
    }

    async fn authenticate(&self) -> Result<Option<String>, Failure> {
        Ok(self.0.authenticate().await.map_err(failure)?.as_string())
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        getrandom::fill(bytes).map_err(|_| Failure("the runtime has no source of random numbers".into()))
    }

    async fn fetch(&self, request: Request<Secret>) -> Result<Response<Vec<u8>>, FetchError> {
        let mut headers = Vec::new();
        for (name, value) in request.headers().iter() {
            headers.push(name.into());
            headers.push(value.into());
        }
        let url = String::from(request.url());
        let method = String::from(request.method().as_str());
        // Only for the account's own origin, which `outbound` has checked.
        let body = Some(request.into_body()).filter(|body| !body.expose().is_empty()).map(|body| body.expose().into());
        let answer = self.0.fetch(&method, &url, headers, body).await;
        let answer = answered(answer)?;
        let status = StatusCode::from_u16(answer.status())
            .map_err(|_| FetchError::Unreachable("the answer has no HTTP status".into()))?;
        let mut response = Response::new(status, answer.body());
        if let Some(value) = answer.retry_after().filter(|value| is_value(value)) {
            response.headers_mut().set(RETRY_AFTER, &value);
        }
        Ok(response)
    }

    fn is_trusted(&self) -> bool {
        self.0.is_trusted()
    }

    fn request_headers(&self) -> Vec<(String, String)> {
        pairs(self.0.request_headers())
    }

    async fn forward(&self, url: &str, headers: &[(String, String)]) -> Result<Head, FetchError> {
        let answer = answered(self.0.forward(url, flat(headers)).await)?;
        Ok(Head { status: answer.status(), headers: pairs(answer.headers()) })
    }

    fn can_forward_again(&self) -> bool {
        self.0.can_forward_again()
    }

    fn pass_back(&self, head: Head) {
        self.0.pass_back(head.status, flat(&head.headers));
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Failure> {
        let entry = self.0.get(key).await.map_err(failure)?;
        Ok(entry.value().map(|value| Stored { value, version: entry.version() }))
    }

    async fn put(
        &self,
        key: &str,
        value: &str,
        expected: Option<&str>,
        expires_at: Option<u64>,
    ) -> Result<Option<String>, Failure> {
        let expires_at = expires_at.map(|at| at as f64);
        let version = self.0.put(key, value, expected.map(String::from), expires_at).await.map_err(failure)?;
        Ok(version.as_string())
    }

    async fn delete(&self, key: &str, expected: &str) -> Result<bool, Failure> {
        Ok(self.0.delete(key, expected).await.map_err(failure)?.is_truthy())
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<StoredPage, Failure> {
        let listing = self.0.list(prefix, cursor.map(String::from), limit).await.map_err(failure)?;
        let entries = listing
            .entries()
            .into_iter()
            .filter_map(|entry| Some((entry.key(), Stored { value: entry.value()?, version: entry.version() })));
        Ok(StoredPage { entries: entries.collect(), cursor: listing.cursor() })
    }

    fn emit(&self, event: &Event) {
        self.0.emit(&serde_json::to_string(&event.to_json(self.now_ms())).unwrap_or_default());
    }

    fn deliver_later(&self, key: &str) {
        self.0.deliver_later(key);
    }
}
