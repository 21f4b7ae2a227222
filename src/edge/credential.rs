//! What a connection authenticates with, as it is sealed.

use super::fields::Fields;
use super::outbound::bearer;
use super::store::{sealed_text, sealed_text_if_any};
use crate::basic;
use crate::integration::Authorization;
use crate::renewal::{Lease, State, Trouble};
use crate::secret::Secret;
use crate::{Code, renewal};
use serde::{Serialize, Serializer};
use std::prelude::v1::*;

/// What a connection authenticates with. Sealed, and wiped when dropped.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Credential {
    /// OAuth.
    Token(Token),
    /// Basic.
    ApiToken(ApiToken),
}

/// What Zendesk gave for a code, a refresh token, or the client's own secret.
#[derive(Debug, Serialize)]
pub struct Token {
    /// Opaque.
    #[serde(serialize_with = "sealed_text")]
    pub access_token: Secret,
    /// Works once.
    #[serde(serialize_with = "sealed_text_if_any")]
    pub refresh_token: Option<Secret>,
    /// Whether the client asks for itself (RFC 6749 section 4.4), so that nothing but asking again is needed.
    pub is_of_client: bool,
    /// What the access token is revoked by, where Zendesk told.
    pub token_id: Option<u64>,
    /// Milliseconds since 1970.
    pub expires_at: u64,
    /// Seconds: what to assume where a later answer does not say.
    pub lifetime: u64,
    /// From when on a new one is due, in milliseconds since 1970.
    pub refresh_at: u64,
    /// Milliseconds since 1970, where known.
    pub refresh_token_expires_at: Option<u64>,
}

impl Token {
    /// How long ago it was asked for, in milliseconds.
    pub fn age(&self, now: u64) -> u64 {
        now.saturating_sub(self.expires_at.saturating_sub(self.lifetime.saturating_mul(1000)))
    }

    /// `authorization-code` or `client-credentials`.
    pub fn grant(&self) -> &'static str {
        if self.is_of_client { "client-credentials" } else { "authorization-code" }
    }

    /// Whether a new one can be had without a person.
    pub fn is_renewable(&self) -> bool {
        self.is_of_client || self.refresh_token.is_some()
    }
}

/// What a person typed in.
#[derive(Debug, Serialize)]
pub struct ApiToken {
    /// Without the suffix that the header needs.
    pub email: String,
    /// It belongs to the whole account: with it and any address, anybody is that user.
    #[serde(serialize_with = "sealed_text")]
    pub api_token: Secret,
}

impl Credential {
    /// Reads what was sealed.
    pub fn read(fields: &mut Fields, authorization: Authorization) -> Self {
        if authorization == Authorization::Basic {
            return Self::ApiToken(ApiToken {
                email: fields.required("email"),
                api_token: Secret::new(fields.required("api_token")),
            });
        }
        let (expires_at, lifetime) = (fields.number("expires_at"), fields.number("lifetime"));
        // Tokens had no such field before they were refreshed.
        let refresh_at = fields.optional_number("refresh_at").unwrap_or_else(|| {
            let asked_at = expires_at.saturating_sub(lifetime.saturating_mul(1000));
            renewal::refresh_at(asked_at, expires_at, DEFAULT_MARGIN, 0)
        });
        Self::Token(Token {
            access_token: Secret::new(fields.required("access_token")),
            refresh_token: fields.secret("refresh_token"),
            is_of_client: fields.flag("is_of_client"),
            token_id: fields.optional_number("token_id"),
            expires_at,
            lifetime,
            refresh_at,
            refresh_token_expires_at: fields.optional_number("refresh_token_expires_at"),
        })
    }

    /// The whole `Authorization` header.
    pub fn authorization(&self) -> Secret {
        match self {
            Self::Token(token) => bearer(&token.access_token),
            Self::ApiToken(typed) => basic::authorization(&typed.email, &typed.api_token),
        }
    }

    /// What tells one credential from the next.
    pub fn secret(&self) -> &Secret {
        match self {
            Self::Token(token) => &token.access_token,
            Self::ApiToken(typed) => &typed.api_token,
        }
    }

    /// The token, of OAuth.
    pub fn token(&self) -> Option<&Token> {
        match self {
            Self::Token(token) => Some(token),
            Self::ApiToken(_) => None,
        }
    }
}

/// How long before a token expires a new one is due, unless the configuration says otherwise. Milliseconds.
pub const DEFAULT_MARGIN: u64 = 300_000;

#[derive(Serialize)]
struct SealedState {
    word: &'static str,
    lease: Option<u64>,
    taken_at: Option<u64>,
}

/// Writes a state into a record.
pub fn seal_state<S: Serializer>(state: &State, serializer: S) -> Result<S::Ok, S::Error> {
    let lease = if let State::Refreshing(lease) = state { Some(lease) } else { None };
    let (lease, taken_at) = (lease.map(|lease| lease.id), lease.map(|lease| lease.taken_at));
    SealedState { word: state.as_str(), lease, taken_at }.serialize(serializer)
}

/// Reads a state; connections had none before they were refreshed.
pub fn read_state(fields: &mut Fields) -> State {
    if !fields.has("state") {
        return State::Active;
    }
    let mut sealed = fields.object("state");
    let lease = sealed.optional_number("lease").zip(sealed.optional_number("taken_at"));
    let lease = lease.map(|(id, taken_at)| State::Refreshing(Lease { id, taken_at }));
    let states = [State::ReauthorizationRequired, State::Revoked, State::AccountNotFound];
    let words = states.map(|state| (state.as_str(), state));
    let word = sealed.text("word").unwrap_or_default();
    let known = words.iter().find(|(known, _)| *known == word).map(|(_, state)| *state);
    lease.or(known).unwrap_or(State::Active)
}

#[derive(Serialize)]
struct SealedTrouble {
    code: &'static str,
    failures: u32,
    until: u64,
    pause: u64,
    is_unclear: bool,
}

/// Writes what went wrong into a record.
pub fn seal_trouble<S: Serializer>(trouble: &Option<Trouble>, serializer: S) -> Result<S::Ok, S::Error> {
    let sealed = trouble.map(|Trouble { code, failures, until, pause, is_unclear }| SealedTrouble {
        code: code.as_str(),
        failures,
        until,
        pause,
        is_unclear,
    });
    sealed.serialize(serializer)
}

/// Reads what went wrong.
pub fn read_trouble(fields: &mut Fields) -> Option<Trouble> {
    if !fields.has("trouble") {
        return None;
    }
    let mut sealed = fields.object("trouble");
    let word = sealed.text("code").unwrap_or_default();
    Some(Trouble {
        // A code of a later version is an outage to this one.
        code: Code::ALL.iter().find(|code| code.as_str() == word).copied().unwrap_or(Code::ZendeskUnavailable),
        failures: sealed.integer("failures", 0..=u32::MAX).unwrap_or_default(),
        until: sealed.optional_number("until").unwrap_or_default(),
        pause: sealed.optional_number("pause").unwrap_or_default(),
        is_unclear: sealed.flag("is_unclear"),
    })
}
