//! Requests and answers, with what the service reads and writes of them. (Methods and statuses are those of `http`; its maps,
//! buffers and URIs would be 7 kB of the artifact, compressed.)

use http::{Method, StatusCode};
use std::fmt;
use std::prelude::v1::*;

/// The names of headers, as they are written here: in lower case.
pub mod header {
    #![allow(missing_docs, reason = "each is named after what it holds")]

    pub const ACCEPT: &str = "accept";
    pub const ACCEPT_LANGUAGE: &str = "accept-language";
    pub const ACCESS_CONTROL_ALLOW_CREDENTIALS: &str = "access-control-allow-credentials";
    pub const ACCESS_CONTROL_ALLOW_HEADERS: &str = "access-control-allow-headers";
    pub const ACCESS_CONTROL_ALLOW_METHODS: &str = "access-control-allow-methods";
    pub const ACCESS_CONTROL_ALLOW_ORIGIN: &str = "access-control-allow-origin";
    pub const ACCESS_CONTROL_EXPOSE_HEADERS: &str = "access-control-expose-headers";
    pub const ACCESS_CONTROL_MAX_AGE: &str = "access-control-max-age";
    pub const ALLOW: &str = "allow";
    pub const AUTHORIZATION: &str = "authorization";
    pub const CACHE_CONTROL: &str = "cache-control";
    pub const CONTENT_SECURITY_POLICY: &str = "content-security-policy";
    pub const CONTENT_TYPE: &str = "content-type";
    pub const COOKIE: &str = "cookie";
    pub const LOCATION: &str = "location";
    pub const ORIGIN: &str = "origin";
    pub const REFERRER_POLICY: &str = "referrer-policy";
    pub const RETRY_AFTER: &str = "retry-after";
    pub const SEC_FETCH_SITE: &str = "sec-fetch-site";
    pub const SET_COOKIE: &str = "set-cookie";
    pub const USER_AGENT: &str = "user-agent";
    pub const VARY: &str = "vary";
    pub const WWW_AUTHENTICATE: &str = "www-authenticate";
    pub const X_CONTENT_TYPE_OPTIONS: &str = "x-content-type-options";
}

/// The headers of a message, in their order. `Debug` names them and shows no value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(&'static str, String)>);

impl Headers {
    /// The first value of a name; `None` as well where it is not plain ASCII.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next().filter(|value| is_value(value))
    }

    /// All values of a name, whatever is in them.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Every name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Sets the only value of a name.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.0.retain(|(known, _)| *known != name);
        self.add(name, value);
    }

    /// Sets the value of a name that has none yet.
    pub fn set_if_missing(&mut self, name: &'static str, value: &str) {
        if self.all(name).next().is_none() {
            self.add(name, value);
        }
    }

    /// Adds a value to those of a name.
    pub fn add(&mut self, name: &'static str, value: &str) {
        self.0.push((name, value.into()));
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Whether a text can be the value of a header: printable ASCII, spaces and tabs.
pub fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}

/// The longest URL of a request that is looked at, in bytes.
const LONGEST_URL: usize = 65_534;

fn behind_scheme(url: &str) -> Option<&str> {
    url.split_once(':')?.1.strip_prefix("//")
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request<B> {
    method: Method,
    url: String,
    headers: Headers,
    body: B,
}

impl<B> Request<B> {
    /// A request without headers to an absolute URL.
    pub fn new(method: Method, url: &str, body: B) -> Self {
        Self { method, url: url.into(), headers: Headers::default(), body }
    }

    /// A request that somebody sent; `None` where its method or address cannot be read.
    pub fn received(method: &str, url: &str, headers: Headers, body: B) -> Option<Self> {
        let method = Method::from_bytes(method.as_bytes()).ok()?;
        let is_absolute = behind_scheme(url).is_some_and(|rest| !rest.is_empty());
        (is_absolute && url.len() <= LONGEST_URL).then(|| Self { method, url: url.into(), headers, body })
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The whole URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL's path, as it came.
    pub fn path(&self) -> &str {
        match self.target().0 {
            "" => "/",
            path => path,
        }
    }

    /// The URL's query, as it came; empty where there is none.
    pub fn query(&self) -> &str {
        self.target().1
    }

    fn target(&self) -> (&str, &str) {
        let url = self.url.split_once('#').map_or(self.url.as_str(), |(url, _)| url);
        let rest = behind_scheme(url).unwrap_or(url);
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        (place.find('/').and_then(|at| place.get(at..)).unwrap_or_default(), query)
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, to be written.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// The body.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The body, to be written.
    pub fn body_mut(&mut self) -> &mut B {
        &mut self.body
    }

    /// The body alone.
    pub fn into_body(self) -> B {
        self.body
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response<B> {
    status: StatusCode,
    headers: Headers,
    body: B,
}

impl<B> Response<B> {
    /// An answer without headers.
    pub fn new(status: StatusCode, body: B) -> Self {
        Self { status, headers: Headers::default(), body }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, to be written.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// The body, to be written.
    pub fn body_mut(&mut self) -> &mut B {
        &mut self.body
    }

    /// The body alone.
    pub fn into_body(self) -> B {
        self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart_where_every_parser_does_it() {
        for (url, path, query) in [
            ("https://app.example/zendesk/profiles?limit=1&cursor=a/b?c", "/zendesk/profiles", "limit=1&cursor=a/b?c"),
            ("https://app.example/oauth/callback?code=1#_=_", "/oauth/callback", "code=1"),
            ("https://app.example/a#b?c", "/a", ""),
            ("https://app.example", "/", ""),
            ("https://app.example?a=/b", "/", "a=/b"),
            ("http://localhost:8787/healthz", "/healthz", ""),
        ] {
            let request = Request::received("GET", url, Headers::default(), ()).unwrap();
            assert_eq!((request.path(), request.query()), (path, query), "{url}");
        }
        let long = ["https://app.example/", &"a".repeat(LONGEST_URL)].concat();
        for (method, url) in [("GET", "/healthz"), ("GET", ""), ("G T", "https://app.example/"), ("GET", &long)] {
            assert!(Request::received(method, url, Headers::default(), ()).is_none(), "{method}");
        }
    }

    #[test]
    fn headers_are_set_once_or_added() {
        let mut headers = Headers::default();
        headers.add(header::VARY, "Origin");
        headers.add(header::VARY, "Accept");
        assert_eq!(headers.all(header::VARY).collect::<Vec<_>>(), ["Origin", "Accept"]);
        headers.set(header::VARY, "Cookie");
        headers.set_if_missing(header::VARY, "Origin");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [(header::VARY, "Cookie")]);
        headers.set(header::COOKIE, "naïve=1");
        assert_eq!((headers.get(header::COOKIE), headers.all(header::COOKIE).count()), (None, 1));
        assert!(!format!("{headers:?}").contains("naïve"));
    }
}
