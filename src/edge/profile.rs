//! Authorization profiles: a customer's own OAuth client, or how users give their own e-mail address and API token. A
//! client's secret goes in and never comes out again.

use super::answer;
use super::connection::{self, Connection};
use super::event::Event;
use super::fields::{Fields, is_key_part};
use super::instant::rfc3339;
use super::json::{object, set, text};
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::{FieldProblem, Problem};
use super::profile_form::{Form, judge_name};
use super::router::{LARGEST_PAGE, list_query};
use super::session::{INTEGRATION, Role};
use super::store::{Context, Loaded, Record, sealed_text_if_any};
use super::way::SYSTEM;
use crate::error::Code;
use crate::integration::{Access, Action, Integration, Mechanism};
use crate::pkce::base64url;
use crate::secret::Secret;
use http::StatusCode;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::format;
use std::prelude::v1::*;

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
    /// What it is for.
    #[serde(serialize_with = "as_word")]
    pub mechanism: Mechanism,
    /// The account it is for; empty in a Basic profile whose users name their own.
    pub subdomain: String,
    /// The OAuth client's unique identifier. This and all about the client are empty in a Basic profile.
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

/// The mechanisms by their names.
pub const MECHANISMS: [(&str, Mechanism); 2] = [("oauth2", Mechanism::Oauth2), ("basic", Mechanism::Basic)];

fn as_word<S: Serializer>(mechanism: &Mechanism, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(mechanism.as_str())
}

impl Profile {
    /// Whether it stands for the operator's own client.
    pub fn is_system(&self) -> bool {
        self.id == SYSTEM
    }

    /// What tokens depend on: neither the name nor the secret.
    fn client(&self) -> [String; 6] {
        let kind = self.client_kind.as_str().into();
        let texts = [&self.subdomain, &self.client_id, &self.authorization_url, &self.token_url, &self.scope];
        let [subdomain, client_id, authorization_url, token_url, scope] = texts.map(String::clone);
        [subdomain, client_id, kind, authorization_url, token_url, scope]
    }

    fn to_json(&self) -> Value {
        let mut json = object([
            ("id", text(&self.id)),
            ("mechanism", text(self.mechanism.as_str())),
            ("name", text(&self.name)),
            ("subdomain", text(&self.subdomain)),
            ("createdAt", rfc3339(self.created_at).into()),
            ("updatedAt", rfc3339(self.updated_at).into()),
            ("version", self.version.into()),
        ]);
        if self.mechanism == Mechanism::Oauth2 {
            set(&mut json, "clientId", text(&self.client_id));
            set(&mut json, "clientKind", text(self.client_kind.as_str()));
            set(&mut json, "clientSecretSet", self.client_secret.is_some().into());
            set(&mut json, "authorizationUrl", text(&self.authorization_url));
            set(&mut json, "tokenUrl", text(&self.token_url));
            set(&mut json, "scope", text(&self.scope));
        }
        json
    }
}

impl ClientKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Confidential => "confidential",
            Self::Public => "public",
        }
    }
}

impl Record for Profile {
    fn read(fields: &mut Fields) -> Self {
        let kinds = [("confidential", ClientKind::Confidential), ("public", ClientKind::Public)];
        let mechanism = fields.choice("mechanism", &MECHANISMS).unwrap_or(Mechanism::Oauth2);
        let mut of_client = |name: &str| match mechanism {
            Mechanism::Oauth2 => fields.required(name),
            Mechanism::Basic => fields.text(name).unwrap_or_default(),
        };
        let (client_id, scope) = (of_client("client_id"), of_client("scope"));
        let (authorization_url, token_url) = (of_client("authorization_url"), of_client("token_url"));
        let subdomain = of_client("subdomain");
        Self {
            id: fields.required("id"),
            name: fields.required("name"),
            mechanism,
            subdomain,
            client_id,
            client_kind: fields.choice("client_kind", &kinds).unwrap_or(ClientKind::Confidential),
            client_secret: fields.secret("client_secret"),
            authorization_url,
            token_url,
            scope,
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
    let session = cx.admin_session(request).await?;
    let profile = Form::of(request, None)?.judge(cx, None, new_id(cx)?)?;
    add(cx, &session.tenant, profile).await
}

/// `POST /profiles/{id}/duplicate`: another profile that has everything of this one, its secret too, but a name of its
/// own. The secret goes along within the worker and is not shown.
pub async fn duplicate<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request).await?;
    let mut body = Fields::of(request)?;
    let name = body.text("name").unwrap_or_default();
    body.finish()?;
    let name = judge_name(cx, &name)?;
    let now = cx.platform.now_ms();
    let known = cx.profile(&session.tenant, id).await?.record;
    let copy = Profile { id: new_id(cx)?, name, created_at: now, updated_at: now, version: 1, ..*known };
    add(cx, &session.tenant, copy).await
}

fn new_id<P: Platform>(cx: &Context<'_, P>) -> Result<String, Problem> {
    Ok(base64url(&cx.random::<16>()?))
}

async fn add<P: Platform>(cx: &Context<'_, P>, tenant: &str, profile: Profile) -> Result<Response<Vec<u8>>, Problem> {
    if cx.save(&storage_key(tenant, &profile.id), &profile, None, None).await?.is_none() {
        return Err(Code::ProfileChanged.into());
    }
    cx.platform.emit(&Event::profile_saved(tenant, &profile.id));
    Ok(answer::json(StatusCode::CREATED, &profile.to_json()))
}

/// `PUT /profiles/{id}`
pub async fn replace<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request).await?;
    let Loaded { record: known, version } = cx.profile(&session.tenant, id).await?;
    let form = Form::of(request, Some(known.mechanism))?;
    if form.version.is_some_and(|expected| expected != known.version) {
        return Err(Code::ProfileChanged.into());
    }
    let client = known.client();
    let profile = form.judge(cx, Some(*known), id.into())?;
    if profile.client() != client {
        // First, so that a failure in between leaves an integration disabled rather than enabled unverified.
        let happened = Action::ProfileChanged(id.into());
        cx.tell_integration(&session.tenant, INTEGRATION, &happened).await?;
    }
    if cx.save(&storage_key(&session.tenant, id), &profile, Some(&version), None).await?.is_none() {
        return Err(Code::ProfileChanged.into());
    }
    cx.platform.emit(&Event::profile_saved(&session.tenant, &profile.id));
    Ok(answer::json(StatusCode::OK, &profile.to_json()))
}

/// `DELETE /profiles/{id}`
pub async fn remove<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request).await?;
    let tenant = session.tenant.as_str();
    let version = cx.profile(tenant, id).await?.version;
    let mut uses = Vec::new();
    if cx.integration(tenant).await?.record.integration.profile.as_deref() == Some(id) {
        uses.push(FieldProblem::saying("integration", Code::ProfileInUse, "the integration uses it"));
    }
    match connections_with(cx, tenant, id).await? {
        0 => {}
        1 => uses.push(FieldProblem::saying("connections", Code::ProfileInUse, "1 connection uses it")),
        many => {
            let message = format!("{many} connections use it");
            uses.push(FieldProblem::saying("connections", Code::ProfileInUse, message));
        }
    }
    if !uses.is_empty() {
        return Err(Problem::listing(Code::ProfileInUse, uses));
    }
    if !cx.delete(&storage_key(tenant, id), &version).await? {
        return Err(Code::ProfileChanged.into());
    }
    // It may have been selected since.
    cx.let_go_of_profile(tenant, id).await?;
    cx.platform.emit(&Event::profile_removed(tenant, id));
    Ok(answer::no_content())
}

async fn connections_with<P: Platform>(cx: &Context<'_, P>, tenant: &str, profile: &str) -> Result<usize, Problem> {
    let (mut count, mut cursor) = (0, None);
    loop {
        let prefix = connection::storage_key(tenant, "");
        let page = cx.page::<Connection>(&prefix, cursor.as_deref(), LARGEST_PAGE).await?;
        count += page.records.iter().filter(|connection| connection.profile.as_deref() == Some(profile)).count();
        cursor = page.cursor;
        if cursor.is_none() {
            return Ok(count);
        }
    }
}

/// Whether end users authorize with this profile, and so must know what its form and its consent page will ask.
async fn is_for_users<P: Platform>(cx: &Context<'_, P>, tenant: &str, id: &str) -> Result<bool, Problem> {
    let Integration { choice, profile, .. } = cx.integration(tenant).await?.record.integration;
    Ok(profile.as_deref() == Some(id) && choice.is_some_and(|(_, access)| access == Access::AllowUsers))
}

/// `GET /profiles/{id}`: admins any of their tenant's; end users the one they authorize with.
pub async fn show<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    if session.role == Role::User && !is_for_users(cx, &session.tenant, id).await? {
        return Err(Code::RoleInsufficient.into());
    }
    let profile = cx.profile(&session.tenant, id).await?.record;
    Ok(answer::json(StatusCode::OK, &profile.to_json()))
}

/// `GET /profiles`
pub async fn list<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request).await?;
    let (cursor, limit) = list_query(request, |_| {})?;
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
