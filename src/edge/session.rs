//! Connect sessions: sealed tokens that a frontend holds for some minutes, minted by backends that hold the admin key. Or,
//! in their place, the embedding product says itself who asks.

use super::answer;
use super::event::Event;
use super::fields::{Fields, is_key_part, is_subject};
use super::instant::rfc3339;
use super::json::{object, set, text, text_if_any};
use super::message::header::AUTHORIZATION;
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Record};
use crate::error::Code;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;
use subtle::ConstantTimeEq;

/// What session tokens are sealed for. No storage key and no cookie has this name, so none passes for a session.
const PLACE: &str = "session";
const DEFAULT_LIFETIME: u32 = 900;
/// Whose the connections are that all users share.
pub const INTEGRATION: &str = "integration";

/// What a session may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Configures the tenant and connects the integration itself.
    Admin,
    /// Connects and sees their own accounts only.
    User,
}

/// Who a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A backend with the admin key.
    Backend,
    /// A frontend with a connect session.
    Session(Box<Session>),
}

/// A connect session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The tenant it is confined to.
    pub tenant: String,
    /// The end user; for admins only a note of who it is.
    pub subject: Option<String>,
    /// What it may do.
    pub role: Role,
    /// Whether it may call the Zendesk API through the proxy.
    pub proxy: Option<Grant>,
}

/// Which calls of the Zendesk API a session may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grant {
    /// GET and HEAD.
    Read,
    /// All.
    Write,
}

/// Both by their names.
const GRANTS: [(&str, Grant); 2] = [("read", Grant::Read), ("write", Grant::Write)];

impl Grant {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
        }
    }

    /// Reads the field `role`, which must be there; the lesser role after noting a problem.
    fn read(fields: &mut Fields) -> Self {
        let known = fields.problems.len();
        let role = fields.choice("role", &[("admin", Self::Admin), ("user", Self::User)]);
        if role.is_none() && fields.problems.len() == known {
            fields.problem("role", Code::FieldRequired, "this is required: `admin` or `user`");
        }
        role.unwrap_or(Self::User)
    }
}

impl Session {
    /// Whose connections this session makes and sees: `integration`, or `user:` and the end user.
    pub fn owner(&self) -> String {
        match (self.role, &self.subject) {
            (Role::User, Some(subject)) => format!("user:{subject}"),
            _ => INTEGRATION.into(),
        }
    }

    /// Whether an authorization that says what it was begun for is this session's to finish. An empty subject stands for
    /// the integration itself.
    ///
    /// # Errors
    /// `callback_other_tenant`, `callback_other_subject`.
    pub fn demand_begun_for(&self, tenant: Option<&str>, subject: Option<&str>) -> Result<(), Problem> {
        if tenant.is_some_and(|tenant| tenant != self.tenant) {
            return Err(Code::CallbackOtherTenant.into());
        }
        let own = self.subject.as_deref().filter(|_| self.role == Role::User).unwrap_or_default();
        if subject.is_some_and(|subject| subject != own) {
            return Err(Code::CallbackOtherSubject.into());
        }
        Ok(())
    }

    /// Demands the role `admin`.
    ///
    /// # Errors
    /// `role_insufficient`.
    pub fn demand_admin(&self) -> Result<(), Problem> {
        if self.role == Role::Admin { Ok(()) } else { Err(Code::RoleInsufficient.into()) }
    }
}

#[derive(Serialize)]
struct Token {
    tenant: String,
    subject: Option<String>,
    role: Role,
    proxy: Option<Grant>,
    /// Milliseconds since 1970.
    exp: u64,
}

impl Record for Token {
    fn read(fields: &mut Fields) -> Self {
        Self {
            tenant: fields.required("tenant"),
            subject: fields.text("subject"),
            role: Role::read(fields),
            proxy: fields.choice("proxy", &GRANTS),
            exp: fields.number("exp"),
        }
    }
}

impl<P: Platform> Context<'_, P> {
    /// Says who a request comes from.
    ///
    /// # Errors
    /// `authentication_missing`, `session_invalid`, `session_expired`; with the product's own hook
    /// `authentication_refused` and `internal`.
    pub async fn authenticate(&self, request: &Request<Vec<u8>>) -> Result<Caller, Problem> {
        if self.platform.is_trusted() {
            return Ok(Caller::Backend);
        }
        let Some(admin_key_digest) = self.config.admin_key_digest else { return self.ask_product().await };
        let header = request.headers().get(AUTHORIZATION).unwrap_or_default();
        let (scheme, credential) = header.split_once(' ').unwrap_or_default();
        let credential = credential.trim();
        if !scheme.eq_ignore_ascii_case("bearer") || credential.is_empty() {
            return Err(Code::AuthenticationMissing.into());
        }
        // Digests have one length and no structure, so comparing them tells nothing about the key.
        let digest: [u8; 32] = Sha256::digest(credential.as_bytes()).into();
        if digest.ct_eq(&admin_key_digest).into() {
            return Ok(Caller::Backend);
        }
        let token: Token = self.open(PLACE, credential).map_err(|_| Code::SessionInvalid)?;
        if token.exp <= self.platform.now_ms() {
            return Err(Code::SessionExpired.into());
        }
        let Token { tenant, subject, role, proxy, .. } = token;
        Ok(Caller::Session(Box::new(Session { tenant, subject, role, proxy })))
    }

    /// Asks the product's own hook, and believes only what makes sense.
    async fn ask_product(&self) -> Result<Caller, Problem> {
        let said = match self.platform.authenticate().await {
            Ok(Some(said)) => said,
            Ok(None) => return Err(Code::AuthenticationRefused.into()),
            Err(failure) => {
                self.failed("authenticate", &failure.0);
                return Err(Code::Internal.into());
            }
        };
        let mut caller = match serde_json::from_slice(said.as_bytes()) {
            Ok(Value::Object(values)) => Fields::new(values, String::new()),
            _ => Fields::new(Map::new(), String::new()),
        };
        let is_of_tenant = caller.has("tenant") || caller.is_null("tenant");
        let (tenant, subject) = read_tenant_and_subject(&mut caller);
        let roles = [("admin", Some(Role::Admin)), ("user", Some(Role::User)), ("backend", None)];
        let role = caller.required_choice("role", &roles);
        let proxy = caller.choice("proxy", &GRANTS);
        if role == Some(Some(Role::User)) && subject.is_none() {
            caller.refuse("subject", Code::FieldRequired);
        }
        if role == Some(None) && is_of_tenant {
            // It would be every tenant's all the same.
            caller.refuse("tenant", Code::FieldUnknown);
        }
        match (role, caller.into_problems().first()) {
            (Some(None), None) => Ok(Caller::Backend),
            (Some(Some(role)), None) => Ok(Caller::Session(Box::new(Session { tenant, subject, role, proxy }))),
            (_, problem) => {
                let field = problem.map_or("", |problem| problem.field.as_str());
                self.failed("authenticate", &format!("the hook's answer is not valid: {field}"));
                Err(Code::Internal.into())
            }
        }
    }

    /// The session that a request comes with.
    ///
    /// # Errors
    /// Those of [`Context::authenticate`], `session_required`.
    pub async fn session(&self, request: &Request<Vec<u8>>) -> Result<Box<Session>, Problem> {
        match self.authenticate(request).await? {
            Caller::Session(session) => Ok(session),
            Caller::Backend => Err(Code::SessionRequired.into()),
        }
    }

    /// The session of an admin.
    ///
    /// # Errors
    /// Those of [`Context::session`], `role_insufficient`.
    pub async fn admin_session(&self, request: &Request<Vec<u8>>) -> Result<Box<Session>, Problem> {
        let session = self.session(request).await?;
        session.demand_admin()?;
        Ok(session)
    }
}

/// Reads `tenant`, `default` unless told, and `subject`.
pub fn read_tenant_and_subject(fields: &mut Fields) -> (String, Option<String>) {
    // Somebody meant to name one: an id that was not there must not become everybody's tenant.
    let is_forgotten = fields.is_null("tenant");
    let tenant = fields.text("tenant").unwrap_or_else(|| "default".into());
    if is_forgotten || !is_key_part(&tenant) {
        let message = "a tenant has 1 to 64 of the characters A-Z, a-z, 0-9, `-` and `_`";
        fields.problem("tenant", Code::FieldInvalid, message);
    }
    let subject = fields.text("subject");
    if subject.as_deref().is_some_and(|subject| !is_subject(subject)) {
        let message = "a subject has 1 to 128 of the characters A-Z, a-z, 0-9 and `-_.@:+=|~`";
        fields.problem("subject", Code::FieldInvalid, message);
    }
    (tenant, subject)
}

/// `GET /session`: what a page needs to know before it can show anything.
pub async fn show<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let Session { tenant, subject, role, proxy } = *cx.session(request).await?;
    let body = object([
        ("tenant", tenant.into()),
        ("subject", subject.into()),
        ("role", text(role.as_str())),
        ("proxy", text_if_any(proxy.map(Grant::as_str))),
        ("product", text(&cx.config.product)),
        ("accountTemplate", text(cx.config.template.as_str())),
        ("callbackUrl", text(cx.config.callback.as_str())),
    ]);
    Ok(answer::json(StatusCode::OK, &body))
}

/// `POST /sessions`
pub async fn create<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Problem> {
    if cx.config.admin_key_digest.is_none() {
        // The product says itself who asks; sessions would be taken from nobody.
        return Err(Code::NotFound.into());
    }
    if cx.authenticate(request).await? != Caller::Backend {
        return Err(Code::AdminKeyRequired.into());
    }
    let mut body = Fields::of(request)?;
    let (tenant, subject) = read_tenant_and_subject(&mut body);
    let known = body.problems.len();
    let role = Role::read(&mut body);
    if role == Role::User && subject.is_none() && body.problems.len() == known {
        body.problem("subject", Code::FieldRequired, "a session of the role `user` needs the end user's id");
    }
    let proxy = body.choice("proxy", &GRANTS);
    let lifetime = body.integer("expiresIn", 60..=86_400).unwrap_or(DEFAULT_LIFETIME);
    body.finish()?;

    let exp = cx.platform.now_ms().saturating_add(u64::from(lifetime) * 1000);
    let token = Token { tenant, subject, role, proxy, exp };
    let session = cx.seal(PLACE, &token)?;
    let Token { tenant, subject, .. } = token;
    let mut answer = object([
        ("session", session.into()),
        ("tenant", text(&tenant)),
        ("role", text(role.as_str())),
        ("expiresAt", rfc3339(exp).into()),
    ]);
    if let Some(subject) = &subject {
        set(&mut answer, "subject", text(subject));
    }
    if let Some(proxy) = proxy {
        set(&mut answer, "proxy", text(proxy.as_str()));
    }
    cx.platform.emit(&Event::session_created(&tenant, subject.as_deref(), role.as_str()));
    Ok(answer::json(StatusCode::CREATED, &answer))
}
