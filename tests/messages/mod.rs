//! Tests speak with the types of `http`, which check what they are given; the service has its own.

use http::{Request, Response};
use zendesk_auth::edge::message::{self, Headers};
use zendesk_auth::edge::{Edge, Platform};

/// A service that takes and gives the types of `http`.
pub trait Serve {
    async fn serve<P: Platform>(&self, platform: &P, request: Request<Vec<u8>>) -> Response<Vec<u8>>;
}

impl Serve for Edge {
    async fn serve<P: Platform>(&self, platform: &P, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let (parts, body) = request.into_parts();
        let mut headers = Headers::default();
        for (name, value) in &parts.headers {
            headers.add(String::from(name.as_str()).leak(), &String::from_utf8_lossy(value.as_bytes()));
        }
        let url = parts.uri.to_string();
        let answer = match message::Request::received(parts.method.as_str(), &url, headers, body) {
            Some(request) => self.handle(platform, request).await,
            None => self.refuse(),
        };
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers().iter() {
            response = response.header(name, value);
        }
        response.body(answer.into_body()).expect("the service's headers are headers")
    }
}

/// A request as the service sends it.
pub fn sent<B>(request: message::Request<B>) -> Request<B> {
    let mut sent = Request::builder().method(request.method().clone()).uri(request.url());
    for (name, value) in request.headers().iter() {
        sent = sent.header(name, value);
    }
    sent.body(request.into_body()).expect("what the service sends is a request")
}

/// An answer as the service reads it.
pub fn read<B>(response: Response<B>) -> message::Response<B> {
    let (parts, body) = response.into_parts();
    let mut read = message::Response::new(parts.status, body);
    for (name, value) in &parts.headers {
        read.headers_mut().add(String::from(name.as_str()).leak(), value.to_str().unwrap_or_default());
    }
    read
}
