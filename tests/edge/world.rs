//! What the isolates of one test share, and the ways in.

use crate::messages::{self, Serve};
use crate::passing::Passing;
pub use crate::reply::Reply;
use crate::waiting::{Waiting, turn};
use crate::zendesk::{Sent, Zendesk};
use futures::executor::block_on;
use http::{Request, Response};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use zendesk_auth::edge::platform::{Failure, FetchError, Head, Platform, Stored, StoredPage};
use zendesk_auth::edge::{Edge, Event, message};
use zendesk_auth::secret::Secret;

pub const ADMIN_KEY: &str = "admin-key-of-the-test-0123456789abcdef";
pub const SEALING_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
pub const CLIENT_SECRET: &str = "client-secret-of-the-test";
pub const SYSTEM_SECRET: &str = "system-client-secret-of-the-test";
pub const API_TOKEN: &str = "api-token-of-the-test";
pub const PUBLIC: &str = "https://app.example/zendesk";
pub const CALLBACK: &str = "https://app.example/zendesk/oauth/callback";
pub const START: u64 = 1_795_435_200_000; // 2026-11-23T12:00:00Z

pub fn options() -> Value {
    json!({
        "publicUrl": PUBLIC,
        "adminKey": ADMIN_KEY,
        "sealingKeys": [{ "kid": "k1", "key": SEALING_KEY }],
        "redirectUris": ["https://app.example/callback"],
        "returnTo": ["https://app.example/settings"],
        "product": "Acme Desk",
    })
}

#[derive(Clone)]
pub struct Entry {
    pub value: String,
    pub version: String,
    pub expires_at: Option<u64>,
}

type StoreFault = Box<dyn Fn(&str, &str) -> bool>;

pub struct World {
    pub edge: Edge,
    pub now: Cell<u64>,
    pub entries: RefCell<BTreeMap<String, Entry>>,
    pub zendesk: Zendesk,
    pub events: RefCell<Vec<Value>>,
    /// Keys of events that are to be sent after an answer.
    pub parcels: RefCell<Vec<String>>,
    /// Every answer as text, headers included.
    pub answers: RefCell<Vec<String>>,
    /// Says which store operations fail: operation and key.
    pub store_fault: RefCell<StoreFault>,
    /// What the product says of who is asking, where the configuration asks it.
    pub caller: RefCell<Result<Option<String>, Failure>>,
    pub has_random: Cell<bool>,
    /// Milliseconds that an answer from elsewhere takes.
    pub patience: Cell<u64>,
    /// Milliseconds that the store takes for a read.
    pub store_takes: Cell<u64>,
    /// Writes go through, and are said to have failed.
    pub fails_after_writing: Cell<bool>,
    /// The store lists whatever it holds, whichever prefix is asked for.
    pub lists_everything: Cell<bool>,
    pub waiting: Waiting,
    /// The present request's headers and body, where it may pass through the proxy.
    pub passing: Passing,
    random: Cell<u64>,
    writes: Cell<u64>,
}

impl World {
    fn operation(&self, operation: &str, key: &str) -> Result<(), Failure> {
        self.waiting.note();
        let fails = (self.store_fault.borrow())(operation, key);
        if fails { Err(Failure(format!("the store is down ({operation})"))) } else { Ok(()) }
    }

    fn live(&self, key: &str) -> Option<Entry> {
        let entry = self.entries.borrow().get(key).cloned()?;
        entry.expires_at.is_none_or(|at| at > self.now.get()).then_some(entry)
    }
}

impl Platform for World {
    fn now_ms(&self) -> u64 {
        self.now.get()
    }

    async fn wait(&self, milliseconds: u32) {
        self.waiting.wait(&self.now, milliseconds).await;
    }

    async fn authenticate(&self) -> Result<Option<String>, Failure> {
        turn().await;
        self.caller.borrow().clone()
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Failure> {
        for byte in bytes {
            let mut state = self.random.get();
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            self.random.set(state);
            *byte = (state >> 32) as u8;
        }
        if self.has_random.get() { Ok(()) } else { Err(Failure("no random numbers".into())) }
    }

    async fn fetch(&self, request: message::Request<Secret>) -> Result<message::Response<Vec<u8>>, FetchError> {
        let shown = format!("{request:?}");
        Ok(messages::read(self.exchange(messages::sent(request), shown).await?))
    }

    fn is_trusted(&self) -> bool {
        self.passing.is_trusted.get()
    }

    fn request_headers(&self) -> Vec<(String, String)> {
        self.passing.headers.borrow().clone()
    }

    async fn forward(&self, url: &str, headers: &[(String, String)]) -> Result<Head, FetchError> {
        let answer = self.exchange(self.passing.request(url, headers), String::new()).await?;
        Ok(self.passing.keep(answer))
    }

    fn can_forward_again(&self) -> bool {
        !self.passing.is_long.get()
    }

    fn pass_back(&self, head: Head) {
        self.passing.pass_back(head);
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Failure> {
        self.operation("get", key)?;
        let found = self.live(key).map(|entry| Stored { value: entry.value, version: entry.version });
        self.now.set(self.now.get() + self.store_takes.get());
        turn().await;
        Ok(found)
    }

    async fn put(
        &self,
        key: &str,
        value: &str,
        expected: Option<&str>,
        expires_at: Option<u64>,
    ) -> Result<Option<String>, Failure> {
        turn().await;
        self.operation("put", key)?;
        if self.live(key).map(|entry| entry.version).as_deref() != expected {
            return Ok(None);
        }
        self.writes.set(self.writes.get() + 1);
        let version = self.writes.get().to_string();
        let entry = Entry { value: value.into(), version: version.clone(), expires_at };
        self.entries.borrow_mut().insert(key.into(), entry);
        if self.fails_after_writing.get() { Err(Failure("too late".into())) } else { Ok(Some(version)) }
    }

    async fn delete(&self, key: &str, expected: &str) -> Result<bool, Failure> {
        self.operation("delete", key)?;
        let is_there = self.live(key).is_some_and(|entry| entry.version == expected);
        if is_there {
            self.entries.borrow_mut().remove(key);
        }
        if self.fails_after_writing.get() { Err(Failure("too late".into())) } else { Ok(is_there) }
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<StoredPage, Failure> {
        self.operation("list", prefix)?;
        let keys: Vec<String> = self.entries.borrow().keys().cloned().collect();
        let mut page = StoredPage::default();
        let is_under = |key: &str| self.lists_everything.get() || key.starts_with(prefix);
        for key in keys.into_iter().filter(|key| is_under(key) && cursor.is_none_or(|from| key.as_str() > from)) {
            if page.entries.len() == limit as usize {
                page.cursor = page.entries.last().map(|(key, _)| key.clone());
                break;
            }
            if let Some(entry) = self.live(&key) {
                page.entries.push((key, Stored { value: entry.value, version: entry.version }));
            }
        }
        Ok(page)
    }

    fn emit(&self, event: &Event) {
        self.events.borrow_mut().push(event.to_json(self.now.get()));
    }

    fn deliver_later(&self, key: &str) {
        self.parcels.borrow_mut().push(key.into());
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(&options())
    }

    pub fn with(options: &Value) -> Self {
        Self {
            edge: edge(options),
            now: Cell::new(START),
            entries: RefCell::default(),
            zendesk: Zendesk::new(),
            events: RefCell::default(),
            parcels: RefCell::default(),
            answers: RefCell::default(),
            store_fault: RefCell::new(Box::new(|_, _| false)),
            caller: RefCell::new(Ok(None)),
            has_random: Cell::new(true),
            patience: Cell::new(0),
            store_takes: Cell::new(0),
            fails_after_writing: Cell::new(false),
            lists_everything: Cell::new(false),
            waiting: Waiting::default(),
            passing: Passing::default(),
            random: Cell::new(0x9E37_79B9_7F4A_7C15),
            writes: Cell::new(0),
        }
    }

    pub fn pass(&self, seconds: u64) {
        self.now.set(self.now.get() + seconds * 1000);
    }

    async fn exchange(&self, request: Request<Secret>, shown: String) -> Result<Response<Vec<u8>>, FetchError> {
        let (parts, body) = request.into_parts();
        let sent = Sent {
            method: parts.method,
            url: parts.uri.to_string(),
            headers: parts.headers,
            body: body.expose().into(),
            shown,
        };
        turn().await;
        self.waiting.note();
        self.now.set(self.now.get() + self.patience.get());
        let (status, headers, body) = self.zendesk.answer(sent)?;
        turn().await;
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        Ok(response.body(body.into_bytes()).unwrap())
    }

    /// Sends a whole request.
    pub fn send(&self, request: Request<Vec<u8>>) -> Reply {
        block_on(self.send_later(request))
    }

    pub async fn send_later(&self, request: Request<Vec<u8>>) -> Reply {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let (mut parts, body) = self.edge.serve(self, request).await.into_parts();
        let mut text = String::from_utf8(body).unwrap();
        match self.passing.take_answer() {
            Some((head, body)) => {
                text = body;
                parts.status = head.status.try_into().unwrap();
                for (name, value) in head.headers {
                    let name: http::HeaderName = name.parse().unwrap();
                    parts.headers.entry(name).or_insert(value.parse().unwrap());
                }
            }
            None => crate::answers::keep(&method, &uri, &parts, &text),
        }
        self.answers.borrow_mut().push(format!("{:?}\n{text}", parts.headers));
        Reply { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    pub fn get(&self, path: &str, bearer: &str) -> Reply {
        self.send(request("GET", path, bearer, None))
    }

    pub fn post(&self, path: &str, bearer: &str, body: Value) -> Reply {
        self.send(request("POST", path, bearer, Some(body)))
    }

    pub fn put(&self, path: &str, bearer: &str, body: Value) -> Reply {
        self.send(request("PUT", path, bearer, Some(body)))
    }

    pub fn delete(&self, path: &str, bearer: &str) -> Reply {
        self.send(request("DELETE", path, bearer, None))
    }

    pub fn put_profile(&self, id: &str, bearer: &str, body: Value) -> Reply {
        self.put(&format!("/profiles/{id}"), bearer, body)
    }

    pub fn admin(&self) -> String {
        self.session(json!({ "role": "admin" }))
    }

    pub fn user(&self, subject: &str) -> String {
        self.session(json!({ "role": "user", "subject": subject }))
    }

    pub fn session(&self, body: Value) -> String {
        let reply = self.post("/sessions", ADMIN_KEY, body);
        // A session is meant to be in this answer, and in no other.
        self.answers.borrow_mut().pop();
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.text_of("session")
    }

    /// What an admin does before users can authorize.
    pub fn allow_users(&self, authorization: &str, profile: Option<&str>) {
        let admin = self.admin();
        let choice = json!({ "authorization": authorization, "access": "allow-users", "profile": profile });
        let chosen = self.put("/integration", &admin, choice);
        assert_eq!(chosen.status, 200, "{}", chosen.text);
        let enabled = self.send(request("POST", "/integration/enable", &admin, None));
        assert_eq!((enabled.status, enabled.text_of("state")), (200, "enabled".into()));
    }

    pub fn profile(&self, bearer: &str) -> String {
        let reply = self.post("/profiles", bearer, form());
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.text_of("id")
    }

    pub fn events_of(&self, kind: &str) -> Vec<Value> {
        self.events.borrow().iter().filter(|event| event["type"] == kind).cloned().collect()
    }

    pub fn keys(&self) -> Vec<String> {
        self.entries.borrow().keys().cloned().collect()
    }
}

pub fn edge(options: &Value) -> Edge {
    Edge::new(&options.to_string()).unwrap()
}

/// The test's options with an OAuth client of the operator's own.
pub fn system_options() -> Value {
    let mut options = options();
    options["systemClient"] =
        json!({ "clientId": "zdg-desk", "clientSecret": SYSTEM_SECRET, "scope": "read tickets:write" });
    options
}

pub fn basic_body() -> Value {
    json!({ "subdomain": "acme", "email": "jane@acme.example", "apiToken": API_TOKEN })
}

pub fn form() -> Value {
    json!({
        "name": "Support", "subdomain": "acme", "clientId": "acme_client", "clientSecret": CLIENT_SECRET,
        "scope": "read write",
    })
}

pub fn request(method: &str, path: &str, bearer: &str, body: Option<Value>) -> Request<Vec<u8>> {
    let mut request = Request::builder().method(method).uri(format!("{PUBLIC}{path}"));
    if !bearer.is_empty() {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    match body {
        Some(body) => request.header("content-type", "application/json").body(body.to_string().into_bytes()).unwrap(),
        None => request.body(Vec::new()).unwrap(),
    }
}

/// What a browser holds between the start of an authorization and its callback.
#[derive(Clone)]
pub struct Begun {
    pub id: String,
    pub state: String,
    pub cookie: String,
    pub url: url::Url,
}

impl World {
    pub fn begin(&self, session: &str, body: Value) -> Begun {
        self.begin_at("/connections", session, body)
    }

    pub fn begin_at(&self, path: &str, session: &str, body: Value) -> Begun {
        let reply = self.post(path, session, body);
        assert_eq!(reply.status, 200, "{}", reply.text);
        let url = url::Url::parse(&reply.text_of("authorizationUrl")).unwrap();
        let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let cookie = reply.cookies().pop().unwrap().split(';').next().unwrap().to_string();
        Begun { id: reply.text_of("transaction"), state, cookie, url }
    }

    pub fn come_back(&self, begun: &Begun, query: &str) -> Reply {
        self.send(callback_request(&begun.cookie, &format!("{query}&state={}", begun.state)))
    }

    /// Admin session, profile, and a popup begun.
    pub fn popup(&self) -> (String, Begun) {
        let session = self.admin();
        let profile = self.profile(&session);
        let begun = self.begin(&session, json!({ "profile": profile }));
        (session, begun)
    }
}

pub fn callback_request(cookie: &str, query: &str) -> Request<Vec<u8>> {
    let request = Request::builder().uri(format!("{CALLBACK}?{query}"));
    let request = if cookie.is_empty() { request } else { request.header("cookie", cookie) };
    request.body(Vec::new()).unwrap()
}
