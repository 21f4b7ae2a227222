//! The edge service's way in and out.

use super::platform::{Host, JsPlatform};
use crate::edge::message::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN, SEC_FETCH_SITE};
use crate::edge::message::{self, Request};
use crate::edge::{Edge, FieldProblem};
use js_sys::Promise;
use std::prelude::v1::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Headers, Response, ResponseInit};

/// What the service reads of a request's headers (`readHeaders` in `edge.ts`).
const READ: [&str; 6] = [ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN, SEC_FETCH_SITE];

/// A configured service; lives as long as the worker.
#[wasm_bindgen]
pub struct Service(Rc<Edge>);

#[wasm_bindgen]
impl Service {
    /// Judges a configuration given as JSON; throws the list of problems as JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Service, JsValue> {
        Edge::new(options).map(|edge| Self(Rc::new(edge))).map_err(|problems| {
            let problems: serde_json::Value = problems.iter().map(FieldProblem::to_json).collect();
            JsValue::from_str(&serde_json::to_string(&problems).unwrap_or_default())
        })
    }

    /// Sends events to webhooks: those under these keys, then whatever else is due.
    pub fn deliver(&self, host: Host, keys: Vec<String>) -> Promise {
        let edge = Rc::clone(&self.0);
        future_to_promise(async move {
            edge.deliver(&JsPlatform(host), &keys).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Does what is due, and says what that was, as JSON; throws an error's code.
    pub fn sweep(&self, host: Host) -> Promise {
        let edge = Rc::clone(&self.0);
        future_to_promise(async move {
            let swept = edge.sweep(&JsPlatform(host)).await.map_err(|code| JsValue::from_str(code.as_str()))?;
            Ok(JsValue::from_str(&serde_json::to_string(&swept.to_json()).unwrap_or_default()))
        })
    }

    /// Answers a request with a `Response`.
    pub fn handle(&self, host: Host, method: &str, url: &str, headers: Vec<String>, body: Vec<u8>) -> Promise {
        let edge = Rc::clone(&self.0);
        let mut read = message::Headers::default();
        for pair in headers.chunks_exact(2) {
            if let [name, value] = pair
                && let Some(known) = READ.iter().find(|known| *known == name)
            {
                read.add(known, value);
            }
        }
        let request = Request::received(method, url, read, body);
        future_to_promise(async move {
            let response = match request {
                Some(request) => edge.handle(&JsPlatform(host), request).await,
                None => edge.refuse(),
            };
            to_response(response).map(JsValue::from)
        })
    }
}

fn to_response(response: message::Response<Vec<u8>>) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in response.headers().iter() {
        // Not `set`: `set-cookie` may come more than once.
        headers.append(name, value)?;
    }
    let init = ResponseInit::new();
    init.set_status(response.status().as_u16());
    init.set_headers(&headers);
    let body = String::from_utf8(response.into_body()).unwrap_or_default();
    // A status such as 204 takes no body, not even an empty one.
    Response::new_with_opt_str_and_init(Some(body.as_str()).filter(|body| !body.is_empty()), &init)
}
