//! Connections: one authorized account each.

use super::credential::{Credential, Token, read_state, read_trouble, seal_state, seal_trouble};
use super::fields::Fields;
use super::instant::rfc3339;
use super::json::{object, text, text_if_any};
use super::store::Record;
use super::way::{AUTHORIZATIONS, Way};
use crate::identity::User;
use crate::integration::{Authorization, Mechanism};
use crate::pkce::base64url;
use crate::renewal::{Life, State, Trouble};
use crate::retirement::{Change, basic_ends_at};
use crate::scope::Scopes;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;

/// The Zendesk user that a connection acts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Zendesk's id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// `admin`, `agent` or `end-user`.
    pub role: Option<String>,
}

impl From<User> for Identity {
    fn from(user: User) -> Self {
        Self { id: user.id, name: user.name, email: user.email, role: user.role }
    }
}

/// A connection as it is sealed.
#[derive(Debug, Serialize)]
pub struct Connection {
    /// Follows from tenant, owner and account.
    pub id: String,
    /// The tenant.
    pub tenant: String,
    /// `integration`, or `user:` and the end user.
    pub owner: String,
    /// The account.
    pub subdomain: String,
    /// Which of the three ways it was authorized in.
    #[serde(serialize_with = "super::way::as_word")]
    pub authorization: Authorization,
    /// The profile it was authorized with, where there is one.
    pub profile: Option<String>,
    /// Where it stands.
    #[serde(serialize_with = "seal_state")]
    pub state: State,
    /// What went wrong at the last attempts at a new credential.
    #[serde(serialize_with = "seal_trouble")]
    pub trouble: Option<Trouble>,
    /// Who it acts for.
    pub user: Identity,
    /// The scopes asked for.
    pub requested: String,
    /// The scopes granted.
    pub granted: String,
    /// What Zendesk gave.
    pub credential: Credential,
    /// When an OAuth token took the place of an API token, in milliseconds since 1970.
    pub migrated_at: Option<u64>,
    /// Milliseconds since 1970.
    pub created_at: u64,
    /// Milliseconds since 1970.
    pub updated_at: u64,
}

impl Record for Connection {
    fn read(fields: &mut Fields) -> Self {
        let mut user = fields.object("user");
        let mut credential = fields.object("credential");
        // Connections had no such field while there was one way only.
        let authorization = fields.choice("authorization", &AUTHORIZATIONS).unwrap_or(Authorization::OauthCustom);
        let connection = Self {
            id: fields.required("id"),
            tenant: fields.required("tenant"),
            owner: fields.required("owner"),
            subdomain: fields.required("subdomain"),
            authorization,
            profile: fields.text("profile"),
            state: read_state(fields),
            trouble: read_trouble(fields),
            user: Identity {
                id: user.number("id"),
                name: user.text("name").unwrap_or_default(),
                email: user.text("email"),
                role: user.text("role"),
            },
            requested: fields.text("requested").unwrap_or_default(),
            granted: fields.text("granted").unwrap_or_default(),
            credential: Credential::read(&mut credential, authorization),
            migrated_at: fields.optional_number("migrated_at"),
            created_at: fields.number("created_at"),
            updated_at: fields.number("updated_at"),
        };
        fields.problems.append(&mut user.problems);
        fields.problems.append(&mut credential.problems);
        connection
    }
}

impl Connection {
    /// What can be told of the credential without knowing it.
    pub fn life(&self) -> Life {
        let token = self.credential.token();
        Life {
            state: self.state,
            trouble: self.trouble,
            // Zendesk has moved such dates before: from then on an API token is tried before it is used.
            expires_at: token.map_or_else(basic_ends_at, |token| token.expires_at),
            refresh_at: token.map_or(0, |token| token.refresh_at),
            is_renewable: token.is_some_and(Token::is_renewable),
        }
    }

    /// The announced day from which on it works no longer by itself; `None` where it goes on.
    pub fn stops_on(&self) -> Option<&'static str> {
        match &self.credential {
            Credential::ApiToken(_) => Some(Change::ApiTokensRemoved.date()),
            Credential::Token(token) => (!token.is_renewable()).then(|| Change::RefreshRequired.date()),
        }
    }

    /// How it was authorized.
    pub fn way(&self) -> Way {
        Way { authorization: self.authorization, profile: self.profile.clone() }
    }

    /// The connection as anybody may see it who may see it at all.
    pub fn to_json(&self) -> Value {
        let split = |scopes: &str| scopes.split_ascii_whitespace().map(String::from).collect::<Vec<_>>();
        let missing = match (Scopes::parse(&self.requested), Scopes::parse(&self.granted)) {
            (Ok(requested), Ok(granted)) => requested.missing_from(&granted),
            _ => split(&self.requested),
        };
        let (mechanism, expires_at, refresh_token_expires_at) = match &self.credential {
            Credential::Token(token) => (Mechanism::Oauth2, Some(token.expires_at), token.refresh_token_expires_at),
            Credential::ApiToken(_) => (Mechanism::Basic, None, None),
        };
        let grant = self.credential.token().map(Token::grant);
        let trouble = self.trouble.map(|trouble| {
            object([
                ("code", text(trouble.code.as_str())),
                ("failures", trouble.failures.into()),
                ("retryAt", rfc3339(trouble.until).into()),
            ])
        });
        let user = object([
            ("id", self.user.id.into()),
            ("name", text(&self.user.name)),
            ("email", text_if_any(self.user.email.as_deref())),
            ("role", text_if_any(self.user.role.as_deref())),
        ]);
        let scopes = object([
            ("requested", split(&self.requested).into()),
            ("granted", split(&self.granted).into()),
            ("missing", missing.into()),
        ]);
        object([
            ("id", text(&self.id)),
            ("tenant", text(&self.tenant)),
            ("subject", text(&self.owner)),
            ("subdomain", text(&self.subdomain)),
            ("authorization", text(self.authorization.as_str())),
            ("profile", text_if_any(self.profile.as_deref())),
            ("mechanism", text(mechanism.as_str())),
            ("grant", text_if_any(grant)),
            ("status", text(self.state.as_str())),
            ("trouble", trouble.unwrap_or_default()),
            ("user", user),
            ("scopes", scopes),
            ("expiresAt", expires_at.map(rfc3339).into()),
            ("refreshTokenExpiresAt", refresh_token_expires_at.map(rfc3339).into()),
            ("stopsOn", text_if_any(self.stops_on())),
            ("migratedAt", self.migrated_at.map(rfc3339).into()),
            ("createdAt", rfc3339(self.created_at).into()),
            ("updatedAt", rfc3339(self.updated_at).into()),
        ])
    }
}

/// The part of an id that all connections of one owner share, so that they can be listed without reading any other's.
pub fn owner_part(tenant: &str, owner: &str) -> String {
    digest_part(&[tenant, owner], 12)
}

/// The id of an owner's connection to an account: 28 characters. Connecting again replaces the credential under it.
pub fn connection_id(tenant: &str, owner: &str, subdomain: &str) -> String {
    owner_part(tenant, owner) + &digest_part(&[tenant, owner, subdomain], 9)
}

fn digest_part(parts: &[&str], length: usize) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        // The length first, so that no two lists of parts look alike.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    base64url(digest.finalize().get(..length).unwrap_or_default())
}

/// Where a connection is stored.
pub fn storage_key(tenant: &str, id: &str) -> String {
    format!("connections/{tenant}/{id}")
}
