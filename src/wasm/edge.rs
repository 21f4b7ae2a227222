//! The edge service's way in and out.

use super::platform::{Host, JsPlatform, lines, pairs};
use super::task;
use crate::edge::message::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN, SEC_FETCH_SITE};
use crate::edge::message::{self, Request};
use crate::edge::{Edge, FieldProblem, json};
use std::prelude::v1::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Response, ResponseInit};

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
            JsValue::from_str(&json::write(&problems))
        })
    }

    /// Sends events to webhooks: those under these keys, then whatever else is due.
    pub fn deliver(&self, host: Host, keys: Vec<String>) {
        let edge = Rc::clone(&self.0);
        task::start(|task| async move {
            let platform = JsPlatform { host, task };
            edge.deliver(&platform, &keys).await;
            platform.host.finish(JsValue::UNDEFINED);
        });
    }

    /// Does what is due, and says what that was, as JSON; gives up with an error's code.
    pub fn sweep(&self, host: Host) {
        let edge = Rc::clone(&self.0);
        task::start(|task| async move {
            let platform = JsPlatform { host, task };
            match edge.sweep(&platform).await {
                Ok(swept) => {
                    let swept = json::write(&swept.to_json());
                    platform.host.finish(JsValue::from_str(&swept));
                }
                Err(code) => platform.host.give_up(JsValue::from_str(code.as_str())),
            }
        });
    }

    /// Answers a request with a `Response`.
    pub fn handle(&self, host: Host, method: &str, url: &str, headers: &str, body: Vec<u8>) {
        let edge = Rc::clone(&self.0);
        let mut read = message::Headers::default();
        for (name, value) in pairs(headers) {
            if let Some(known) = READ.iter().find(|known| **known == name) {
                read.add(known, value);
            }
        }
        let request = Request::received(method, url, read, body);
        task::start(|task| async move {
            let platform = JsPlatform { host, task };
            let response = match request {
                Some(request) => edge.handle(&platform, request).await,
                None => edge.refuse(),
            };
            match to_response(&platform.host, response) {
                Ok(response) => platform.host.finish(response.into()),
                Err(thrown) => platform.host.give_up(thrown),
            }
        });
    }
}

fn to_response(host: &Host, response: message::Response<Vec<u8>>) -> Result<Response, JsValue> {
    let init = ResponseInit::new();
    init.set_status(response.status().as_u16());
    init.set_headers(&host.headers(&lines(response.headers().iter())));
    let body = String::from_utf8(response.into_body()).unwrap_or_default();
    // A status such as 204 takes no body, not even an empty one.
    Response::new_with_opt_str_and_init(Some(body.as_str()).filter(|body| !body.is_empty()), &init)
}
