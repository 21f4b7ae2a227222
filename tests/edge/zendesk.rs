//! A scripted Zendesk: an answer for each of the three calls, and a note of everything that was sent.

use http::{HeaderMap, Method};
use std::cell::RefCell;
use std::collections::VecDeque;
use zendesk_auth::edge::platform::FetchError;

pub const ACCESS_TOKEN: &str = "access-token-of-the-test";
pub const REFRESH_TOKEN: &str = "refresh-token-of-the-test";

/// A request as it left the service.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: String,
    /// What a log would show of it.
    pub shown: String,
}

impl Sent {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub type Answer = Result<(u16, Vec<(&'static str, &'static str)>, String), FetchError>;

pub fn ok(body: impl Into<String>) -> Answer {
    status(200, body)
}

pub fn status(status: u16, body: impl Into<String>) -> Answer {
    Ok((status, Vec::new(), body.into()))
}

/// The next answers of one call; the last one stays.
pub struct Script(RefCell<VecDeque<Answer>>);

impl Script {
    fn new(answer: Answer) -> Self {
        Self(RefCell::new(VecDeque::from([answer])))
    }

    pub fn set(&self, answers: impl IntoIterator<Item = Answer>) {
        *self.0.borrow_mut() = answers.into_iter().collect();
    }

    fn next(&self) -> Answer {
        let mut answers = self.0.borrow_mut();
        if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() }
    }
}

pub struct Zendesk {
    pub token: Script,
    pub user: Script,
    pub current: Script,
    pub revocation: Script,
    /// Whether there is an account at all.
    pub account: Script,
    /// Everything else under `/api/`.
    pub api: Script,
    /// What a receiver of webhooks answers.
    pub receiver: Script,
    pub sent: RefCell<Vec<Sent>>,
}

impl Zendesk {
    pub fn new() -> Self {
        Self {
            token: Script::new(status(201, grant().to_string())),
            user: Script::new(ok(user())),
            current: Script::new(ok(current())),
            revocation: Script::new(status(204, "")),
            account: Script::new(ok(r#"{"locales":[]}"#)),
            api: Script::new(ok(r#"{"tickets":[]}"#)),
            receiver: Script::new(status(204, "")),
            sent: RefCell::default(),
        }
    }

    pub fn answer(&self, sent: Sent) -> Answer {
        if sent.url.starts_with("https://bot.example/") {
            self.sent.borrow_mut().push(sent);
            return self.receiver.next();
        }
        let script = match sent.url.split('?').next().unwrap().split_once(".zendesk.com").map(|(_, path)| path) {
            Some("/oauth/tokens") => &self.token,
            Some("/api/v2/users/me.json") => &self.user,
            Some("/api/v2/oauth/tokens/current.json") => &self.current,
            Some("/api/v2/oauth/tokens/5.json") => &self.revocation,
            Some("/api/v2/locales/public.json") => &self.account,
            Some(path) if path.starts_with("/api/") => &self.api,
            _ => panic!("nothing is expected at {}", sent.url),
        };
        self.sent.borrow_mut().push(sent);
        script.next()
    }

    pub fn sent_to(&self, path: &str) -> Vec<Sent> {
        self.sent.borrow().iter().filter(|sent| sent.url.ends_with(path)).cloned().collect()
    }
}

pub fn grant() -> serde_json::Value {
    serde_json::json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "token_type": "bearer", "scope": "read write",
        "expires_in": 1800, "refresh_token_expires_in": 2_592_000,
    })
}

pub fn user() -> String {
    r#"{"user":{"id":77,"name":"Jane <b>Doe</b>","email":"jane@acme.example","role":"admin"}}"#.into()
}

pub fn current() -> String {
    r#"{"token":{"id":5,"scopes":["read"],"expires_at":"2026-11-23T12:30:00Z","refresh_token_expires_at":null}}"#.into()
}
