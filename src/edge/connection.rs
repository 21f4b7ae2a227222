//! Connections: one authorized account each.

use super::answer;
use super::fields::{Fields, is_key_part};
use super::instant::rfc3339;
use super::platform::Platform;
use super::problem::Problem;
use super::router::list_query;
use super::session::{Role, Session};
use super::store::{Context, Loaded, Record, sealed_text, sealed_text_if_any};
use super::way::AUTHORIZATIONS;
use crate::error::Code;
use crate::identity::User;
use crate::integration::{Authorization, Mechanism};
use crate::pkce::base64url;
use crate::scope::Scopes;
use crate::secret::Secret;
use http::{Request, Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;

const PAGE_SIZE: u32 = 50;

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its credential was good when it was last used.
    Active,
}

/// What a connection authenticates with. Sealed, and wiped when dropped.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Credential {
    /// OAuth.
    Token(Token),
    /// Basic.
    ApiToken(ApiToken),
}

/// What Zendesk gave for a code.
#[derive(Debug, Serialize)]
pub struct Token {
    /// Opaque.
    #[serde(serialize_with = "sealed_text")]
    pub access_token: Secret,
    /// Works once.
    #[serde(serialize_with = "sealed_text_if_any")]
    pub refresh_token: Option<Secret>,
    /// What the access token is revoked by, where Zendesk told.
    pub token_id: Option<u64>,
    /// Milliseconds since 1970.
    pub expires_at: u64,
    /// Seconds: what to assume where a later answer does not say.
    pub lifetime: u64,
    /// Milliseconds since 1970, where known.
    pub refresh_token_expires_at: Option<u64>,
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
    pub status: Status,
    /// Who it acts for.
    pub user: Identity,
    /// The scopes asked for.
    pub requested: String,
    /// The scopes granted.
    pub granted: String,
    /// What Zendesk gave.
    pub credential: Credential,
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
            status: fields.choice("status", &[("active", Status::Active)]).unwrap_or(Status::Active),
            user: Identity {
                id: user.number("id"),
                name: user.text("name").unwrap_or_default(),
                email: user.text("email"),
                role: user.text("role"),
            },
            requested: fields.text("requested").unwrap_or_default(),
            granted: fields.text("granted").unwrap_or_default(),
            credential: Credential::read(&mut credential, authorization),
            created_at: fields.number("created_at"),
            updated_at: fields.number("updated_at"),
        };
        fields.problems.append(&mut user.problems);
        fields.problems.append(&mut credential.problems);
        connection
    }
}

impl Credential {
    fn read(fields: &mut Fields, authorization: Authorization) -> Self {
        if authorization == Authorization::Basic {
            return Self::ApiToken(ApiToken {
                email: fields.required("email"),
                api_token: Secret::new(fields.required("api_token")),
            });
        }
        Self::Token(Token {
            access_token: Secret::new(fields.required("access_token")),
            refresh_token: fields.secret("refresh_token"),
            token_id: fields.optional_number("token_id"),
            expires_at: fields.number("expires_at"),
            lifetime: fields.number("lifetime"),
            refresh_token_expires_at: fields.optional_number("refresh_token_expires_at"),
        })
    }
}

impl Connection {
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
        json!({
            "id": self.id, "tenant": self.tenant, "subject": self.owner, "subdomain": self.subdomain,
            "authorization": self.authorization.as_str(), "profile": self.profile, "mechanism": mechanism.as_str(),
            "status": self.status,
            "user": { "id": self.user.id, "name": self.user.name, "email": self.user.email, "role": self.user.role },
            "scopes": { "requested": split(&self.requested), "granted": split(&self.granted), "missing": missing },
            "expiresAt": expires_at.map(rfc3339), "refreshTokenExpiresAt": refresh_token_expires_at.map(rfc3339),
            "createdAt": rfc3339(self.created_at), "updatedAt": rfc3339(self.updated_at),
        })
    }
}

/// The part of an id that all connections of one owner share, so that they can be listed without reading any other's.
fn owner_part(tenant: &str, owner: &str) -> String {
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

/// `GET /connections/{id}`
pub async fn show<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let connection = visible(cx, &session, id).await?.record;
    Ok(answer::json(StatusCode::OK, &connection.to_json()))
}

/// A connection that the session may see: an admin its tenant's, an end user their own.
pub async fn visible<P: Platform>(
    cx: &Context<'_, P>,
    session: &Session,
    id: &str,
) -> Result<Loaded<Connection>, Problem> {
    if !is_key_part(id) {
        return Err(Code::ConnectionNotFound.into());
    }
    let loaded = cx.load::<Connection>(&storage_key(&session.tenant, id)).await?;
    match loaded {
        Some(loaded) if session.role == Role::Admin || loaded.record.owner == session.owner() => Ok(loaded),
        _ => Err(Code::ConnectionNotFound.into()),
    }
}

/// `GET /connections`
pub async fn list<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let (cursor, limit) = list_query(request)?;
    let own = match session.role {
        Role::Admin => String::new(),
        Role::User => owner_part(&session.tenant, &session.owner()),
    };
    let mut page = cx
        .page::<Connection>(&storage_key(&session.tenant, &own), cursor.as_deref(), limit.unwrap_or(PAGE_SIZE))
        .await?;
    page.records.retain(|connection| session.role == Role::Admin || connection.owner == session.owner());
    Ok(answer::listing("connections", page, Connection::to_json))
}
