//! Authorization links: what a bot sends in a conversation so that one end user can authorize. Short-lived, single use,
//! bound to the browser that opened it. The store knows no token, only what follows from it.

use super::fields::Fields;
use super::instant::rfc3339;
use super::json::{object, text, text_if_any};
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Loaded, Record};
use crate::catalogue::Language;
use crate::error::Code;
use crate::pkce::base64url;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;
use subtle::ConstantTimeEq;

/// How long a link is remembered after its end, so that whoever comes late hears why. Milliseconds: a week.
const AFTERLIFE: u64 = 604_800_000;
/// After this a claim's exchange has ended or its isolate has. Milliseconds.
const CLAIM_LIMIT: u64 = 120_000;
/// How often a write that met another one is repeated.
const ATTEMPTS: usize = 8;

/// Where a link stands, apart from time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// Nobody has followed it.
    Open,
    /// It belongs to one browser.
    Opened,
    /// An account was connected with it.
    Used,
    /// Its sender took it back, or whoever opened it was somebody else.
    Revoked,
}

/// A link as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Follows from the token.
    pub id: String,
    /// The tenant.
    pub tenant: String,
    /// How pages call the tenant.
    pub tenant_name: Option<String>,
    /// The end user's id.
    pub subject: String,
    /// How pages call the end user.
    pub name: String,
    /// The address of the only Zendesk user that may be connected.
    pub email: Option<String>,
    /// The conversation's language.
    pub language: Option<String>,
    /// Where it stands.
    pub progress: Progress,
    /// The digest of the cookie of the browser it belongs to.
    pub browser: Option<String>,
    /// Since when a callback is exchanging with it, in milliseconds since 1970.
    pub claimed_at: Option<u64>,
    /// What was connected.
    pub connection: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: u64,
    /// Milliseconds since 1970.
    pub expires_at: u64,
}

impl Record for Link {
    fn read(fields: &mut Fields) -> Self {
        let all = [
            ("open", Progress::Open),
            ("opened", Progress::Opened),
            ("used", Progress::Used),
            ("revoked", Progress::Revoked),
        ];
        Self {
            id: fields.required("id"),
            tenant: fields.required("tenant"),
            tenant_name: fields.text("tenant_name"),
            subject: fields.required("subject"),
            name: fields.required("name"),
            email: fields.text("email"),
            language: fields.text("language"),
            // One that cannot be told is of no use.
            progress: fields.choice("progress", &all).unwrap_or(Progress::Revoked),
            browser: fields.text("browser"),
            claimed_at: fields.optional_number("claimed_at"),
            connection: fields.text("connection"),
            created_at: fields.number("created_at"),
            expires_at: fields.number("expires_at"),
        }
    }
}

impl Link {
    /// Whose connection it makes.
    pub fn owner(&self) -> String {
        format!("user:{}", self.subject)
    }

    /// The language of its pages, where the conversation's is known.
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref().and_then(Language::parse)
    }

    /// `open`, `opened`, `used`, `revoked` or `expired`.
    pub fn status(&self, now: u64) -> &'static str {
        match self.progress {
            Progress::Used => "used",
            Progress::Revoked => "revoked",
            _ if now >= self.expires_at => "expired",
            Progress::Open => "open",
            Progress::Opened => "opened",
        }
    }

    /// Whether it may still be followed.
    ///
    /// # Errors
    /// `link_used`, `link_revoked`, `link_expired`.
    pub fn demand_usable(&self, now: u64) -> Result<(), Code> {
        match self.status(now) {
            "used" => Err(Code::LinkUsed),
            "revoked" => Err(Code::LinkRevoked),
            "expired" => Err(Code::LinkExpired),
            _ => Ok(()),
        }
    }

    /// Whether it belongs to the browser with this cookie.
    pub fn is_bound_to(&self, cookie: Option<&str>) -> bool {
        match (&self.browser, cookie) {
            (Some(known), Some(cookie)) => known.as_bytes().ct_eq(browser_digest(cookie).as_bytes()).into(),
            _ => false,
        }
    }

    fn is_claimed(&self, now: u64) -> bool {
        self.claimed_at.is_some_and(|at| now < at.saturating_add(CLAIM_LIMIT))
    }

    /// As its sender sees it.
    pub fn to_json(&self, now: u64) -> Value {
        object([
            ("id", text(&self.id)),
            ("tenant", text(&self.tenant)),
            ("tenantName", text_if_any(self.tenant_name.as_deref())),
            ("subject", text(&self.subject)),
            ("name", text(&self.name)),
            ("email", text_if_any(self.email.as_deref())),
            ("language", text_if_any(self.language.as_deref())),
            ("status", text(self.status(now))),
            ("connection", text_if_any(self.connection.as_deref())),
            ("createdAt", rfc3339(self.created_at).into()),
            ("expiresAt", rfc3339(self.expires_at).into()),
        ])
    }
}

/// The id of a token: 22 characters that tell nothing about it.
pub fn link_id(token: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    base64url(digest.split_at(16).0)
}

/// The name of the cookie that binds a link to a browser, after the prefix of all our cookies.
pub fn cookie_name(id: &str) -> String {
    format!("link-{id}")
}

/// What the store knows of a browser's cookie.
pub fn browser_digest(cookie: &str) -> String {
    base64url(&<[u8; 32]>::from(Sha256::digest(cookie.as_bytes())))
}

fn storage_key(id: &str) -> String {
    format!("links/{id}")
}

impl<P: Platform> Context<'_, P> {
    /// Reads a link by its id.
    ///
    /// # Errors
    /// `link_not_found`, and what reading and opening can say.
    pub async fn link(&self, id: &str) -> Result<Loaded<Link>, Problem> {
        if !super::fields::is_key_part(id) {
            return Err(Code::LinkNotFound.into());
        }
        self.load(&storage_key(id)).await?.ok_or_else(|| Code::LinkNotFound.into())
    }

    /// Writes a link in place of the version it was read at; `None` if another isolate was faster.
    pub async fn save_link(&self, link: &Link, expected: Option<&str>) -> Result<Option<String>, Problem> {
        let forgotten_at = link.expires_at.saturating_add(AFTERLIFE);
        self.save(&storage_key(&link.id), link, expected, Some(forgotten_at)).await
    }

    /// Moves a link on, by compare-and-set, and again where another isolate was faster.
    ///
    /// # Errors
    /// What `decide` says, `link_not_found`, and what reading and writing can say.
    pub async fn move_link(
        &self,
        id: &str,
        decide: impl Fn(&Link) -> Result<Link, Code>,
    ) -> Result<Box<Link>, Problem> {
        for _ in 0..ATTEMPTS {
            let Loaded { record, version } = self.link(id).await?;
            let moved = Box::new(decide(&record)?);
            if moved == record || self.save_link(&moved, Some(&version)).await?.is_some() {
                return Ok(moved);
            }
        }
        Err(Code::StoreUnavailable.into())
    }

    /// Claims a link for one exchange: of two callbacks in two tabs one gets through. What was begun in time may end
    /// after the link has expired.
    ///
    /// # Errors
    /// `link_used`, `link_revoked`, `link_other_browser`, `link_not_found`, and what reading and writing can say.
    pub async fn claim_link(&self, token: &str, cookie: Option<&str>) -> Result<Box<Link>, Problem> {
        let now = self.platform.now_ms();
        self.move_link(&link_id(token), |link| {
            match link.demand_usable(now) {
                Ok(()) | Err(Code::LinkExpired) => {}
                Err(code) => return Err(code),
            }
            if !link.is_bound_to(cookie) {
                return Err(Code::LinkOtherBrowser);
            }
            if link.is_claimed(now) {
                return Err(Code::LinkUsed);
            }
            Ok(Link { claimed_at: Some(now), ..link.clone() })
        })
        .await
    }

    /// Ends a claim: with a connection the link is used, otherwise it may be tried again.
    pub async fn settle_link(&self, id: &str, connection: Option<&str>) {
        let settled = |link: &Link| {
            let claim_ended = Link { claimed_at: None, ..link.clone() };
            Ok(match connection {
                Some(connection) => {
                    Link { progress: Progress::Used, connection: Some(connection.into()), ..claim_ended }
                }
                None => claim_ended,
            })
        };
        // If it cannot be written down, the claim runs out by itself, and a second connection replaces the first.
        let _written = self.move_link(id, settled).await;
    }
}
