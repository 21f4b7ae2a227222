//! What passes through the proxy: the present request's headers and body, and the answer that goes back.

use http::{Request, Response};
use std::cell::{Cell, RefCell};
use zendesk_auth::edge::platform::Head;
use zendesk_auth::secret::Secret;

#[derive(Default)]
pub struct Passing {
    pub method: RefCell<String>,
    pub headers: RefCell<Vec<(String, String)>>,
    pub body: RefCell<String>,
    /// The body cannot be sent twice.
    pub is_long: Cell<bool>,
    /// The request is the product's own.
    pub is_trusted: Cell<bool>,
    answer: RefCell<String>,
    head: RefCell<Option<Head>>,
}

impl Passing {
    pub fn request(&self, url: &str, headers: &[(String, String)]) -> Request<Secret> {
        let method = self.method.borrow();
        let mut request = Request::builder().method(if method.is_empty() { "GET" } else { method.as_str() }).uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body(Secret::new(self.body.borrow().as_str())).unwrap()
    }

    pub fn keep(&self, answer: Response<Vec<u8>>) -> Head {
        let (parts, body) = answer.into_parts();
        *self.answer.borrow_mut() = String::from_utf8(body).unwrap();
        let pairs = parts.headers.iter().map(|(name, value)| (name.as_str().into(), value.to_str().unwrap().into()));
        Head { status: parts.status.as_u16(), headers: pairs.collect() }
    }

    pub fn pass_back(&self, head: Head) {
        *self.head.borrow_mut() = Some(head);
    }

    pub fn take_answer(&self) -> Option<(Head, String)> {
        Some((self.head.take()?, self.answer.take()))
    }
}
