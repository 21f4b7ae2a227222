//! The worker-held flow: begin, and the callback. The browser holds nothing but a sealed cookie.

use super::answer;
use super::basic;
use super::connection::Connection;
use super::cookie;
use super::event::Event;
use super::exchange::{Purpose, connect_account};
use super::fields::Fields;
use super::instant::rfc3339;
use super::page::{Outcome, error_page, result_page};
use super::platform::Platform;
use super::problem::Problem;
use super::return_to;
use super::session::Role;
use super::store::{Context, Loaded, Record, sealed_text};
use super::transaction_record::{Progress, TransactionRecord, transaction_id};
use super::way::{AUTHORIZATIONS, SYSTEM, Way};
use crate::authorize::{AuthorizationOptions, begin};
use crate::callback::{Callback, Expectation, check};
use crate::error::{Code, Error};
use crate::integration::Authorization;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::transaction::{StoredTransaction, Transaction};
use http::header::{HeaderValue, LOCATION};
use http::{Request, Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use std::format;
use std::prelude::v1::*;
use zeroize::Zeroize;

/// How the browser comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Popup,
    Redirect,
}

const MODES: [(&str, Mode); 2] = [("popup", Mode::Popup), ("redirect", Mode::Redirect)];

/// What the cookie holds: the transaction, and what it was begun for.
#[derive(Serialize)]
struct Held {
    #[serde(serialize_with = "sealed_text")]
    state: Secret,
    #[serde(serialize_with = "sealed_text")]
    code_verifier: Secret,
    subdomain: String,
    tenant: String,
    owner: String,
    profile: String,
    scope: String,
    redirect_uri: String,
    created_at: u64,
    mode: Mode,
    return_to: Option<String>,
}

impl Record for Held {
    fn read(fields: &mut Fields) -> Self {
        Self {
            state: Secret::new(fields.required("state")),
            code_verifier: Secret::new(fields.required("code_verifier")),
            subdomain: fields.required("subdomain"),
            tenant: fields.required("tenant"),
            owner: fields.required("owner"),
            profile: fields.required("profile"),
            scope: fields.required("scope"),
            redirect_uri: fields.required("redirect_uri"),
            created_at: fields.number("created_at"),
            mode: fields.choice("mode", &MODES).unwrap_or(Mode::Popup),
            return_to: fields.text("return_to"),
        }
    }
}

impl Held {
    fn transaction(&self) -> Result<Transaction, Error> {
        Transaction::restore(&StoredTransaction {
            state: self.state.expose(),
            code_verifier: self.code_verifier.expose(),
            subdomain: &self.subdomain,
            tenant: &self.tenant,
            profile: &self.profile,
            redirect_uri: &self.redirect_uri,
            created_at: self.created_at,
        })
    }
}

/// What a transaction's cookie is sealed for. No storage key begins like this.
fn place(id: &str) -> String {
    format!("cookie/{id}")
}

/// `POST /connections`
pub async fn start<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let mut body = Fields::of(request)?;
    let wanted = body.choice("authorization", &AUTHORIZATIONS);
    if wanted == Some(Authorization::Basic) || (wanted.is_none() && (body.has("email") || body.has("apiToken"))) {
        return basic::connect(cx, &session, body).await;
    }
    let way = match (wanted, session.role) {
        (Some(Authorization::OauthSystem), _) => Way::of_oauth(SYSTEM),
        (_, Role::User) => body.text("profile").map_or_else(Way::custom_of_integration, |id| Way::of_oauth(&id)),
        (_, Role::Admin) => Way::of_oauth(&body.required("profile")),
    };
    let mode = body.choice("mode", &MODES).unwrap_or(Mode::Popup);
    let return_to = body.text("returnTo");
    let typed_subdomain = body.text("subdomain");
    body.finish()?;
    let return_to = match return_to {
        Some(url) => Some(return_to::allowed(&cx.config.return_to, &url)?),
        None if mode == Mode::Redirect => return Err(Error::on(Code::ReturnToMissing, "returnTo").into()),
        None => None,
    };
    let owner = session.owner();
    let way = cx.permit(&session.tenant, &owner, way).await?;
    let typed_subdomain = typed_subdomain.as_deref().map(Subdomain::parse).transpose();
    let typed_subdomain = typed_subdomain.map_err(|error| Error::on(error.code, "subdomain"))?;
    let profile = cx.oauth_profile(&session.tenant, &way, typed_subdomain.as_ref()).await?;
    let subdomain = Subdomain::parse(&profile.subdomain)?;
    if typed_subdomain.is_some_and(|typed| typed != subdomain) {
        return Err(Error::on(Code::SubdomainMismatch, "subdomain").into());
    }
    let scopes = Scopes::parse(&profile.scope)?;
    let now = cx.platform.now_ms();
    let mut entropy = [[0; 32]; 2];
    cx.fill(entropy.as_flattened_mut())?;
    let options = AuthorizationOptions {
        subdomain: &subdomain,
        template: &cx.config.template,
        authorization_url: Some(profile.authorization_url.as_str()).filter(|url| !url.is_empty()),
        client_id: &profile.client_id,
        redirect_uri: &cx.config.callback,
        scopes: &scopes,
        tenant: &session.tenant,
        profile: &profile.id,
    };
    let begun = begin(&options, &entropy, now);
    entropy.zeroize();
    let (authorization_url, transaction) = begun?;

    let id = transaction_id(transaction.state.expose());
    let max_age = cx.config.transaction_max_age;
    let expires_at = now.saturating_add(u64::from(max_age) * 1000);
    let record = TransactionRecord::new(&id, &owner, now, expires_at);
    if cx.save_transaction(&session.tenant, &record, None).await?.is_none() {
        return Err(Code::Internal.into());
    }
    let held = Held {
        code_verifier: Secret::new(transaction.code_verifier.expose()),
        state: transaction.state,
        subdomain: profile.subdomain,
        tenant: session.tenant,
        owner,
        profile: profile.id,
        scope: scopes.joined(),
        redirect_uri: cx.config.callback.as_str().into(),
        created_at: now,
        mode,
        return_to,
    };
    let sealed = cx.seal(&place(&id), &held)?;
    let body = json!({ "transaction": id, "authorizationUrl": authorization_url, "expiresAt": rfc3339(expires_at) });
    let mut response = answer::json(StatusCode::OK, &body);
    cookie::make_room(request.headers(), response.headers_mut());
    cookie::set(response.headers_mut(), &id, &sealed, max_age);
    Ok(response)
}

/// `GET /oauth/callback`: always a page or a redirect, because a person is looking.
pub async fn callback<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    match settle(cx, request).await {
        Ok((found, result)) => {
            let mut response = answer_browser(cx, &found, result);
            let id = &found.loaded.record.id;
            cookie::set(response.headers_mut(), id, cookie::USED, cx.config.transaction_max_age);
            response
        }
        // Not this browser's, or claimed by another callback: neither cookie nor record are touched.
        Err(problem) => error_page(&problem, &cx.config.product),
    }
}

/// How the transaction ended, or an error that left it as it was.
async fn settle<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<(Found, Result<Connection, Problem>), Problem> {
    let query = request.uri().query().unwrap_or_default();
    let found = find(cx, request, query).await?;
    let result = finish(cx, query, &found).await?;
    let Held { tenant, owner, profile, .. } = &found.held;
    let ended = result.as_ref().map_err(|problem| problem.code);
    cx.platform.emit(&Event::of_connection(
        tenant,
        owner,
        &Way::of_oauth(profile),
        Some(&found.loaded.record.id),
        ended,
    ));
    Ok((found, result))
}

/// A transaction that belongs to this browser and that no callback has claimed.
struct Found {
    held: Held,
    loaded: Loaded<TransactionRecord>,
}

fn states(query: &str) -> impl Iterator<Item = String> {
    url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "state")
        .map(|(_, value)| value.into_owned())
}

async fn find<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>, query: &str) -> Result<Found, Problem> {
    let mut states = states(query);
    let state = states.next().filter(|state| !state.is_empty()).ok_or(Code::CallbackStateMissing)?;
    if states.next().is_some() {
        return Err(Code::CallbackDuplicateParameter.into());
    }
    let id = transaction_id(&state);
    let held: Held = match cookie::read(request.headers(), &id) {
        None => return Err(Code::TransactionOtherBrowser.into()),
        Some(cookie::USED) => return Err(Code::TransactionUsed.into()),
        Some(sealed) => cx.open(&place(&id), sealed).map_err(|_| Code::TransactionInvalid)?,
    };
    let loaded = cx.transaction(&held.tenant, &id).await?.ok_or(Code::CallbackExpired)?;
    match loaded.record.progress {
        Progress::Pending => Ok(Found { held, loaded }),
        _ => Err(Code::TransactionUsed.into()),
    }
}

/// Judges the callback, claims the transaction, exchanges, and writes down how it ended.
async fn finish<P: Platform>(
    cx: &Context<'_, P>,
    query: &str,
    found: &Found,
) -> Result<Result<Connection, Problem>, Problem> {
    let Found { held, loaded } = found;
    let checked = check_callback(cx, query, held);
    let mut record = loaded.record.clone();
    let callback = match checked {
        Ok(callback) => callback,
        Err(problem) => {
            record.end(Err(problem.code), cx.platform.now_ms());
            claim(cx, held, &record, &loaded.version).await?;
            return Ok(Err(problem));
        }
    };
    record.progress = Progress::Exchanging;
    record.updated_at = cx.platform.now_ms();
    let version = claim(cx, held, &record, &loaded.version).await?;
    let result = exchange(cx, held, callback).await;
    let ended = result.as_ref().map(|connection| connection.id.as_str()).map_err(|problem| problem.code);
    record.end(ended, cx.platform.now_ms());
    // What happened has happened: if it cannot be written down, the poll says so later, and this browser hears it now.
    let _written = cx.save_transaction(&held.tenant, &record, Some(&version)).await;
    Ok(result)
}

fn check_callback<P: Platform>(cx: &Context<'_, P>, query: &str, held: &Held) -> Result<Callback, Problem> {
    // The address as Zendesk was given it: a proxy in front of this worker may have rewritten the request's own.
    let url = format!("{}?{query}", cx.config.callback.as_str());
    let expect = Expectation { max_age: cx.config.transaction_max_age.into(), ..Expectation::default() };
    Ok(check(&url, held.transaction()?, &expect, cx.platform.now_ms())?)
}

/// Moves the record on from `pending`. Of all callbacks in all isolates one gets through.
async fn claim<P: Platform>(
    cx: &Context<'_, P>,
    held: &Held,
    record: &TransactionRecord,
    version: &str,
) -> Result<String, Problem> {
    cx.save_transaction(&held.tenant, record, Some(version)).await?.ok_or_else(|| Code::TransactionUsed.into())
}

async fn exchange<P: Platform>(cx: &Context<'_, P>, held: &Held, callback: Callback) -> Result<Connection, Problem> {
    // What was allowed when it began may be no longer.
    let way = cx.permit(&held.tenant, &held.owner, Way::of_oauth(&held.profile)).await?;
    let profile = cx.oauth_profile(&held.tenant, &way, Some(callback.subdomain())).await?;
    let purpose = Purpose { tenant: &held.tenant, owner: &held.owner, profile: &profile, scope: &held.scope };
    connect_account(cx, callback, &purpose).await
}

fn answer_browser<P: Platform>(
    cx: &Context<'_, P>,
    found: &Found,
    result: Result<Connection, Problem>,
) -> Response<Vec<u8>> {
    let Found { held, loaded } = found;
    if let (Mode::Redirect, Some(return_to)) = (held.mode, &held.return_to) {
        let target = return_to::with_transaction(return_to, &loaded.record.id);
        if let Some(location) = target.and_then(|target| HeaderValue::try_from(target).ok()) {
            let mut response = Response::new(Vec::new());
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(LOCATION, location);
            return response;
        }
    }
    let outcome = match &result {
        Ok(connection) => Outcome::Connected(connection),
        Err(problem) => Outcome::Failed(problem),
    };
    result_page(&loaded.record.id, &outcome, held.return_to.as_deref(), &cx.config.product)
}
