//! A browser that follows an authorization link: it keeps cookies, and sends forms as browsers do.

use crate::world::{PUBLIC, Reply, World};
use http::Request;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use url::form_urlencoded::Serializer;

pub const OWN: &str = "https://app.example";

pub struct Visitor<'a> {
    pub world: &'a World,
    pub url: String,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl World {
    /// Makes a link with a backend's key.
    pub fn link(&self, body: Value) -> Value {
        let reply = self.post("/links", crate::world::ADMIN_KEY, body);
        // The link is meant to be in this answer, and in no other.
        self.answers.borrow_mut().pop();
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()
    }

    pub fn link_status(&self, link: &Value) -> String {
        let path = format!("/links/{}", link["id"].as_str().unwrap());
        self.get(&path, crate::world::ADMIN_KEY).text_of("status")
    }
}

impl<'a> Visitor<'a> {
    pub fn new(world: &'a World, link: &Value) -> Self {
        Self { world, url: link["url"].as_str().unwrap().into(), cookies: RefCell::default() }
    }

    pub fn token(&self) -> &str {
        self.url.rsplit('/').next().unwrap()
    }

    pub fn forget_cookies(&self) {
        self.cookies.borrow_mut().clear();
    }

    pub fn open(&self) -> Reply {
        self.send(Request::builder().uri(&self.url), "")
    }

    pub fn open_in(&self, languages: &str) -> Reply {
        self.send(Request::builder().uri(&self.url).header("accept-language", languages), "")
    }

    pub fn submit(&self, fields: &[(&str, &str)]) -> Reply {
        self.submit_from(Some(OWN), fields)
    }

    pub fn submit_from(&self, origin: Option<&str>, fields: &[(&str, &str)]) -> Reply {
        let request = Request::builder().method("POST").uri(&self.url);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = if let Some(origin) = origin { request.header("origin", origin) } else { request };
        self.send(request, &Serializer::new(String::new()).extend_pairs(fields).finish())
    }

    /// A form as it would be sent.
    pub fn form(&self, fields: &[(&str, &str)]) -> Request<Vec<u8>> {
        let request = Request::builder().method("POST").uri(&self.url).header("origin", OWN);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.request(request, &Serializer::new(String::new()).extend_pairs(fields).finish())
    }

    /// Opens the link and says to be the one it is for.
    pub fn begin(&self) -> Reply {
        assert_eq!(self.open().status, 200);
        let bound = self.submit(&[("step", "begin")]);
        assert_eq!((bound.status, bound.header("location")), (303, self.url.as_str()), "{}", bound.text);
        self.open()
    }

    /// Where the page leads on to.
    pub fn leave(&self, fields: &[(&str, &str)]) -> url::Url {
        let page = self.submit(fields);
        assert_eq!(page.status, 200, "{}", page.text);
        let (_, rest) = page.text.split_once("content=\"0;url=").expect("it leads on");
        url::Url::parse(&rest.split_once('"').unwrap().0.replace("&amp;", "&")).unwrap()
    }

    pub fn come_back(&self, from: &url::Url, query: &str) -> Reply {
        self.receive(self.callback(from, query))
    }

    pub fn callback(&self, from: &url::Url, query: &str) -> Request<Vec<u8>> {
        let state = from.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        self.request(Request::builder().uri(format!("{PUBLIC}/oauth/callback?{query}&state={state}")), "")
    }

    fn send(&self, request: http::request::Builder, body: &str) -> Reply {
        self.receive(self.request(request, body))
    }

    fn request(&self, request: http::request::Builder, body: &str) -> Request<Vec<u8>> {
        let pairs: Vec<String> = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if pairs.is_empty() { request } else { request.header("cookie", pairs.join("; ")) };
        request.body(body.as_bytes().to_vec()).unwrap()
    }

    fn receive(&self, request: Request<Vec<u8>>) -> Reply {
        let reply = self.world.send(request);
        for cookie in reply.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.borrow_mut().insert(name.into(), value.into());
        }
        reply
    }
}
