//! Authorization profiles: a customer's own OAuth client. The secret goes in and never comes out again.

use super::answer;
use super::event::Event;
use super::fields::{Fields, is_key_part};
use super::instant::rfc3339;
use super::platform::Platform;
use super::problem::{FieldProblem, Problem};
use super::router::{LARGEST_PAGE, list_query};
use super::store::{Context, Loaded, Record, sealed_text_if_any};
use crate::error::Code;
use crate::form::{FormKind, validate};
use crate::pkce::base64url;
use crate::secret::Secret;
use http::{Request, Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use std::format;
use std::prelude::v1::*;
use zeroize::Zeroizing;

/// Beyond this a list of profiles comes in pages after all.
const MOST_LISTED: usize = 1000;

/// Whether Zendesk demands PKCE alone or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    /// Holds a secret.
    Confidential,
    /// Has no secret that counts; PKCE protects it.
    Public,
}

/// A profile as it is sealed.
#[derive(Debug, Serialize)]
pub struct Profile {
    /// 22 characters, random.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The account it is for.
    pub subdomain: String,
    /// The OAuth client's unique identifier.
    pub client_id: String,
    /// The OAuth client's kind.
    pub client_kind: ClientKind,
    /// The secret of a confidential client; a public one has none here.
    #[serde(serialize_with = "sealed_text_if_any")]
    pub client_secret: Option<Secret>,
    /// A template or a whole URL on the account's host.
    pub authorization_url: String,
    /// A template or a whole URL on the account's host.
    pub token_url: String,
    /// What is asked for.
    pub scope: String,
    /// Milliseconds since 1970.
    pub created_at: u64,
    /// Milliseconds since 1970.
    pub updated_at: u64,
    /// Counts the saves.
    pub version: u32,
}

impl Profile {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id, "mechanism": "oauth2", "name": self.name, "subdomain": self.subdomain,
            "clientId": self.client_id, "clientKind": self.client_kind, "clientSecretSet": self.client_secret.is_some(),
            "authorizationUrl": self.authorization_url, "tokenUrl": self.token_url, "scope": self.scope,
            "createdAt": rfc3339(self.created_at), "updatedAt": rfc3339(self.updated_at), "version": self.version,
        })
    }
}

impl Record for Profile {
    fn read(fields: &mut Fields) -> Self {
        let kinds = [("confidential", ClientKind::Confidential), ("public", ClientKind::Public)];
        Self {
            id: fields.required("id"),
            name: fields.required("name"),
            subdomain: fields.required("subdomain"),
            client_id: fields.required("client_id"),
            client_kind: fields.choice("client_kind", &kinds).unwrap_or(ClientKind::Confidential),
            client_secret: fields.secret("client_secret"),
            authorization_url: fields.required("authorization_url"),
            token_url: fields.required("token_url"),
            scope: fields.required("scope"),
            created_at: fields.number("created_at"),
            updated_at: fields.number("updated_at"),
            version: fields.integer("version", 1..=u32::MAX).unwrap_or(1),
        }
    }
}

fn storage_key(tenant: &str, id: &str) -> String {
    format!("profiles/{tenant}/{id}")
}

impl<P: Platform> Context<'_, P> {
    /// Reads a tenant's profile.
    ///
    /// # Errors
    /// `profile_not_found`, and what reading and opening can say.
    pub async fn profile(&self, tenant: &str, id: &str) -> Result<Loaded<Profile>, Problem> {
        if !is_key_part(id) {
            return Err(Code::ProfileNotFound.into());
        }
        self.load(&storage_key(tenant, id)).await?.ok_or_else(|| Code::ProfileNotFound.into())
    }
}

/// `POST /profiles`
pub async fn create<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request)?;
    let form = Form::of(request)?;
    let profile = form.judge(cx, None, base64url(&cx.random::<16>()?))?;
    let key = storage_key(&session.tenant, &profile.id);
    if cx.save(&key, &profile, None, None).await?.is_none() {
        return Err(Code::ProfileChanged.into());
    }
    cx.platform.emit(&Event::profile_saved(&session.tenant, &profile.id));
    Ok(answer::json(StatusCode::CREATED, &profile.to_json()))
}

/// `PUT /profiles/{id}`
pub async fn replace<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request)?;
    let form = Form::of(request)?;
    let Loaded { record: known, version } = cx.profile(&session.tenant, id).await?;
    if form.version.is_some_and(|expected| expected != known.version) {
        return Err(Code::ProfileChanged.into());
    }
    let profile = form.judge(cx, Some(known), id.into())?;
    if cx.save(&storage_key(&session.tenant, id), &profile, Some(&version), None).await?.is_none() {
        return Err(Code::ProfileChanged.into());
    }
    cx.platform.emit(&Event::profile_saved(&session.tenant, &profile.id));
    Ok(answer::json(StatusCode::OK, &profile.to_json()))
}

/// `GET /profiles/{id}`
pub async fn show<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request)?;
    let profile = cx.profile(&session.tenant, id).await?.record;
    Ok(answer::json(StatusCode::OK, &profile.to_json()))
}

/// `GET /profiles`
pub async fn list<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request)?;
    let (cursor, limit) = list_query(request)?;
    let prefix = format!("profiles/{}/", session.tenant);
    let mut page = cx.page::<Profile>(&prefix, cursor.as_deref(), limit.unwrap_or(LARGEST_PAGE)).await?;
    // A tenant has a handful: unless pages are asked for, the list is whole.
    while let (None, Some(cursor), true) = (limit, &page.cursor, page.records.len() < MOST_LISTED) {
        let mut next = cx.page::<Profile>(&prefix, Some(cursor), LARGEST_PAGE).await?;
        page.records.append(&mut next.records);
        page.unreadable.append(&mut next.unreadable);
        page.cursor = next.cursor;
    }
    Ok(answer::listing("profiles", page, Profile::to_json))
}

/// The form's fields as they came, the secret among them.
struct Form {
    given: Vec<(&'static str, Zeroizing<String>)>,
    version: Option<u32>,
}

impl Form {
    fn of(request: &Request<Vec<u8>>) -> Result<Self, Problem> {
        let mut body = Fields::of(request)?;
        let mut given = Vec::new();
        for name in FormKind::OauthCustom.fields() {
            if let Some(text) = body.text(name) {
                given.push((*name, Zeroizing::new(text)));
            }
        }
        let version = body.integer("version", 1..=u32::MAX);
        body.finish()?;
        Ok(Self { given, version })
    }

    /// Judges the form with the same code as the page did, and makes the profile of it.
    fn judge<P: Platform>(&self, cx: &Context<'_, P>, known: Option<Profile>, id: String) -> Result<Profile, Problem> {
        let now = cx.platform.now_ms();
        // Whether a secret is known already is for this side to say.
        let mut given: Vec<(&str, &str)> = self
            .given
            .iter()
            .filter(|(name, _)| *name != "clientSecretSet")
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let is_known = known.as_ref().is_some_and(|known| known.client_secret.is_some() && self.is_same_client(known));
        if is_known {
            given.push(("clientSecretSet", "true"));
        }
        let outcome = validate(FormKind::OauthCustom, &given, &cx.config.template);
        if !outcome.problems.is_empty() {
            let problems =
                outcome.problems.iter().map(|problem| FieldProblem::new(problem.field.as_str(), problem.code));
            return Err(Problem::listing(Code::FormInvalid, problems.collect()));
        }
        let value = |name: &str| String::from(outcome.value(name));
        let client_kind =
            if outcome.value("clientKind") == "public" { ClientKind::Public } else { ClientKind::Confidential };
        let mut profile = Profile {
            id,
            name: value("name"),
            subdomain: value("subdomain"),
            client_id: value("clientId"),
            client_kind,
            client_secret: None,
            authorization_url: value("authorizationUrl"),
            token_url: value("tokenUrl"),
            scope: value("scope"),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut known_secret = None;
        if let Some(known) = known {
            profile.created_at = known.created_at;
            profile.version = known.version.saturating_add(1);
            known_secret = known.client_secret;
        }
        if client_kind == ClientKind::Confidential {
            let mut values = outcome.values;
            let typed =
                values.iter_mut().find(|(name, _)| *name == "clientSecret").map(|(_, text)| std::mem::take(text));
            profile.client_secret = typed.filter(|text| !text.is_empty()).map(Secret::new).or(known_secret);
        }
        Ok(profile)
    }

    /// A stored secret stays with the client and the account that it was typed in for: whoever may edit a profile must
    /// not be able to send it elsewhere.
    fn is_same_client(&self, known: &Profile) -> bool {
        let typed =
            |field: &str| self.given.iter().find(|(name, _)| *name == field).map_or("", |(_, text)| text.trim());
        let is_same_account = crate::subdomain::Subdomain::parse(typed("subdomain"))
            .is_ok_and(|subdomain| subdomain.as_str() == known.subdomain);
        is_same_account && typed("clientId") == known.client_id
    }
}
