//! The edge service's way in and out.

use super::platform::{Host, JsPlatform, lines, pairs};
use super::task;
use crate::edge::{Edge, FieldProblem};
use http::Request;
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderName, ORIGIN};
use std::prelude::v1::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Response, ResponseInit};

/// What the service reads of a request's headers (`readHeaders` in `edge.ts`). A reader of all names that there are would
/// be 3 kB.
const READ: [HeaderName; 6] =
    [ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN, HeaderName::from_static("sec-fetch-site")];

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
                    let swept = serde_json::to_string(&swept.to_json()).unwrap_or_default();
                    platform.host.finish(JsValue::from_str(&swept));
                }
                Err(code) => platform.host.give_up(JsValue::from_str(code.as_str())),
            }
        });
    }

    /// Answers a request with a `Response`.
    pub fn handle(&self, host: Host, method: &str, url: &str, headers: &str, body: Vec<u8>) {
        let edge = Rc::clone(&self.0);
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in pairs(headers) {
            if let Some(known) = READ.iter().find(|known| known.as_str() == name) {
                request = request.header(known, value);
            }
        }
        let request = request.body(body);
        task::start(|task| async move {
            let platform = JsPlatform { host, task };
            let response = match request {
                Ok(request) => edge.handle(&platform, request).await,
                Err(_) => edge.refuse(),
            };
            match to_response(&platform.host, response) {
                Ok(response) => platform.host.finish(response.into()),
                Err(thrown) => platform.host.give_up(thrown),
            }
        });
    }
}

fn to_response(host: &Host, response: http::Response<Vec<u8>>) -> Result<Response, JsValue> {
    let (parts, body) = response.into_parts();
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
    let init = ResponseInit::new();
    init.set_status(parts.status.as_u16());
    // A list, not an object: `set-cookie` may come more than once.
    init.set_headers(&host.headers(&lines(headers)));
    let body = String::from_utf8(body).unwrap_or_default();
    // A status such as 204 takes no body, not even an empty one.
    Response::new_with_opt_str_and_init(Some(body.as_str()).filter(|body| !body.is_empty()), &init)
}
