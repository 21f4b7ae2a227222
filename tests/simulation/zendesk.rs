//! A model of Zendesk: each refresh deletes the pair before it, tokens expire, accounts disappear.

use std::cell::RefCell;
use std::collections::HashMap;

/// A request on its way; it arrives whatever becomes of its sender.
pub struct Arrival {
    pub method: String,
    pub path: String,
    pub authorization: String,
    pub body: String,
    /// The call that sent it.
    pub sender: usize,
    /// Nobody will hear the answer.
    pub is_doomed: bool,
    /// The answer does not say how long a token lasts.
    pub is_silent: bool,
    pub answer: RefCell<Option<(u16, String)>>,
}

/// A grant and what became of it: one pair at a time works.
pub struct Family {
    /// Which connection it was made for.
    pub connection: usize,
    pub access: String,
    pub refresh: String,
    pub token_id: u64,
    pub is_alive: bool,
    /// Somebody took it back in Admin Center.
    pub is_taken_back: bool,
    /// A pair was granted in answer to a refresh, and a fault or a crash kept it from being stored.
    pub is_pair_lost: bool,
}

/// What is known of an access token.
pub struct Known {
    pub family: usize,
    pub is_by_refresh: bool,
    /// When the service's own refresh or revocation made it worthless.
    pub ended_at: Option<u64>,
    pub expires_at: u64,
}

/// A refresh that was carried out.
pub struct Rotation {
    pub sender: usize,
    pub access: String,
    pub is_doomed: bool,
}

pub struct Zendesk {
    pub families: Vec<Family>,
    pub tokens: HashMap<String, Known>,
    /// Refresh tokens with their family; one of them works.
    pub refresh_tokens: HashMap<String, usize>,
    pub rotations: Vec<Rotation>,
    /// From when on there is no such account.
    pub gone_from: Option<u64>,
    lifetime: u64,
    made: u64,
}

const INVALID_TOKEN: &str = r#"{"error":"invalid_token"}"#;
const INVALID_GRANT: &str = r#"{"error":"invalid_grant"}"#;
const NOBODY: &str = "<html><h1>No help desk at acme.zendesk.com</h1></html>";

impl Zendesk {
    pub fn new(lifetime: u64) -> Self {
        Self {
            families: Vec::new(),
            tokens: HashMap::new(),
            refresh_tokens: HashMap::new(),
            rotations: Vec::new(),
            gone_from: None,
            lifetime,
            made: 0,
        }
    }

    pub fn is_gone(&self, now: u64) -> bool {
        self.gone_from.is_some_and(|from| now >= from)
    }

    /// Whether an access token works.
    pub fn takes(&self, access: &str, now: u64) -> bool {
        let Some(known) = self.tokens.get(access) else { return false };
        let family = &self.families[known.family];
        family.is_alive && family.access == access && known.expires_at > now && !self.is_gone(now)
    }

    /// Whether a refresh token works.
    pub fn would_refresh(&self, refresh: &str) -> bool {
        self.refresh_tokens.get(refresh).is_some_and(|family| {
            let family = &self.families[*family];
            family.is_alive && family.refresh == refresh
        })
    }

    /// Answers what has arrived.
    pub fn receive(&mut self, arrival: &Arrival, now: u64) -> (u16, String) {
        if self.is_gone(now) {
            return (404, NOBODY.into());
        }
        if arrival.path == "/oauth/tokens" {
            return self.grant(arrival, now);
        }
        if arrival.path == "/api/v2/locales/public.json" {
            return (200, r#"{"locales":[]}"#.into());
        }
        let access = arrival.authorization.trim_start_matches("Bearer ");
        if !self.takes(access, now) {
            return (401, INVALID_TOKEN.into());
        }
        let known = &self.tokens[access];
        let family = &mut self.families[known.family];
        match arrival.path.as_str() {
            "/api/v2/users/me.json" => {
                (200, format!(r#"{{"user":{{"id":{},"name":"Ada"}}}}"#, 1000 + family.connection))
            }
            "/api/v2/oauth/tokens/current.json" => (
                200,
                format!(
                    r#"{{"token":{{"id":{},"user_id":{},"scopes":["read","write"],"created_at":"{}","expires_at":"{}"}}}}"#,
                    family.token_id,
                    1000 + family.connection,
                    rfc3339(known.expires_at - self.lifetime * 1000),
                    rfc3339(known.expires_at)
                ),
            ),
            path if arrival.method == "DELETE" && path.starts_with("/api/v2/oauth/tokens/") => {
                if path != format!("/api/v2/oauth/tokens/{}.json", family.token_id) {
                    return (404, r#"{"error":"RecordNotFound"}"#.into());
                }
                family.is_alive = false;
                let access = family.access.clone();
                self.end(&access, now);
                (204, String::new())
            }
            _ => (200, r#"{"tickets":[]}"#.into()),
        }
    }

    fn grant(&mut self, arrival: &Arrival, now: u64) -> (u16, String) {
        let body: serde_json::Value = serde_json::from_str(&arrival.body).expect("a JSON body");
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_string();
        match text("grant_type").as_str() {
            "authorization_code" => {
                let connection = text("code").split('-').nth(1).expect("a connection").parse().expect("a number");
                self.families.push(Family {
                    connection,
                    access: String::new(),
                    refresh: String::new(),
                    token_id: 0,
                    is_alive: true,
                    is_taken_back: false,
                    is_pair_lost: false,
                });
                self.issue(self.families.len() - 1, false, arrival.is_silent, now)
            }
            _ => {
                let refresh = text("refresh_token");
                if !self.would_refresh(&refresh) {
                    return (400, INVALID_GRANT.into());
                }
                let family = self.refresh_tokens[&refresh];
                let old = self.families[family].access.clone();
                self.end(&old, now);
                let answer = self.issue(family, true, arrival.is_silent, now);
                let access = self.families[family].access.clone();
                let (sender, is_doomed) = (arrival.sender, arrival.is_doomed);
                self.rotations.push(Rotation { sender, access, is_doomed });
                if is_doomed {
                    self.families[family].is_pair_lost = true;
                }
                answer
            }
        }
    }

    fn issue(&mut self, index: usize, is_by_refresh: bool, is_silent: bool, now: u64) -> (u16, String) {
        self.made += 1;
        let (access, refresh) = (format!("access-secret-{}", self.made), format!("refresh-secret-{}", self.made));
        let expires_at = now + self.lifetime * 1000;
        self.tokens.insert(access.clone(), Known { family: index, is_by_refresh, ended_at: None, expires_at });
        self.refresh_tokens.insert(refresh.clone(), index);
        let expiry = if is_silent { String::new() } else { format!(r#","expires_in":{}"#, self.lifetime) };
        let body = format!(
            r#"{{"access_token":"{access}","refresh_token":"{refresh}","token_type":"bearer","scope":"read write"{expiry}}}"#
        );
        let family = &mut self.families[index];
        family.access = access;
        family.refresh = refresh;
        family.token_id = 70_000 + self.made;
        (200, body)
    }

    fn end(&mut self, access: &str, now: u64) {
        if let Some(known) = self.tokens.get_mut(access) {
            known.ended_at.get_or_insert(now);
        }
    }

    /// Somebody takes a grant back in Admin Center.
    pub fn take_back(&mut self, connection: usize) {
        for family in self.families.iter_mut().filter(|family| family.connection == connection) {
            family.is_alive = false;
            family.is_taken_back = true;
        }
    }
}

fn rfc3339(ms: u64) -> String {
    let seconds = (ms - crate::world::START) / 1000;
    // The runs last less than twelve hours from noon.
    format!("2026-11-23T{:02}:{:02}:{:02}Z", 12 + seconds / 3600, seconds / 60 % 60, seconds % 60)
}
