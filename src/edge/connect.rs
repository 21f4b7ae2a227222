//! The worker-held flow: begin, and the callback. The browser holds nothing but a sealed cookie.

use super::answer;
use super::basic;
use super::client_credentials;
use super::connection::Connection;
use super::cookie;
use super::end_page::{Outcome, Way as Onward, error_page, result_page};
use super::event::{Event, Through};
use super::exchange::{Purpose, connect_account};
use super::fields::Fields;
use super::held::{Begun, Held, MODES, Mode, Start, place};
use super::instant::rfc3339;
use super::json::{object, text};
use super::link::{cookie_name, link_id};
use super::message::header::LOCATION;
use super::message::{Headers, Request, Response, is_value};
use super::page::language_of;
use super::platform::Platform;
use super::problem::Problem;
use super::return_to;
use super::session::{Role, Session};
use super::store::{Context, Loaded};
use super::transaction_record::{Progress, TransactionRecord, transaction_id};
use super::way::{AUTHORIZATIONS, SYSTEM, Way};
use crate::callback::{Callback, Expectation, check};
use crate::catalogue::Catalogue;
use crate::error::{Code, Error};
use crate::integration::Authorization;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use http::StatusCode;
use std::format;
use std::prelude::v1::*;

/// `POST /connections`
pub async fn start<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let mut body = Fields::of(request)?;
    let wanted = body.choice("authorization", &AUTHORIZATIONS);
    if wanted == Some(Authorization::Basic) || (wanted.is_none() && (body.has("email") || body.has("apiToken"))) {
        return basic::connect(cx, &session, body).await;
    }
    if body.choice("grant", &[("client-credentials", ())]).is_some() {
        return client_credentials::connect(cx, &session, body).await;
    }
    let choice = Choice::of(&session, wanted, &mut body);
    let typed_subdomain = body.text("subdomain");
    body.finish()?;
    let typed_subdomain = typed_subdomain.as_deref().map(Subdomain::parse).transpose();
    let typed_subdomain = typed_subdomain.map_err(|error| Error::on(error.code, "subdomain"))?;
    begin(cx, request, &session, choice, typed_subdomain).await
}

/// The way that somebody chose, and how they come back.
pub struct Choice {
    way: Way,
    mode: Mode,
    return_to: Option<String>,
}

impl Choice {
    /// Reads a way of OAuth.
    pub fn read(session: &Session, body: &mut Fields) -> Self {
        let ways = AUTHORIZATIONS.map(|(word, way)| (word, Some(way).filter(|way| *way != Authorization::Basic)));
        let wanted = body.choice("authorization", &ways);
        if wanted == Some(None) {
            body.refuse("authorization", Code::FieldInvalid);
        }
        Self::of(session, wanted.flatten(), body)
    }

    fn of(session: &Session, wanted: Option<Authorization>, body: &mut Fields) -> Self {
        let way = match (wanted, session.role) {
            (Some(Authorization::OauthSystem), _) => Way::of_oauth(SYSTEM),
            (_, Role::User) => body.text("profile").map_or_else(Way::custom_of_integration, |id| Way::of_oauth(&id)),
            (_, Role::Admin) => Way::of_oauth(&body.required("profile")),
        };
        let mode = body.choice("mode", &MODES).unwrap_or(Mode::Popup);
        Self { way, mode, return_to: body.text("returnTo") }
    }
}

/// Begins a transaction that the worker holds, and binds it to the browser.
pub async fn begin<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    session: &Session,
    choice: Choice,
    account: Option<Subdomain>,
) -> Result<Response<Vec<u8>>, Problem> {
    let Choice { way, mode, return_to } = choice;
    let return_to = match return_to {
        Some(url) => Some(return_to::allowed(&cx.config.return_to, &url)?),
        None if mode == Mode::Redirect => return Err(Error::on(Code::ReturnToMissing, "returnTo").into()),
        None => None,
    };
    let owner = session.owner();
    let way = cx.permit(&session.tenant, &owner, way).await?;
    let begun = cx
        .begin_held(Start {
            tenant: &session.tenant,
            owner: &owner,
            way: &way,
            account: account.as_ref(),
            mode,
            return_to,
            link: None,
        })
        .await?;
    let Begun { id, authorization_url, expires_at, .. } = &begun;
    let body = object([
        ("transaction", text(id)),
        ("authorizationUrl", text(authorization_url)),
        ("expiresAt", rfc3339(*expires_at).into()),
    ]);
    let mut response = answer::json(StatusCode::OK, &body);
    begun.bind(request.headers(), response.headers_mut(), cx.config.transaction_max_age);
    Ok(response)
}

/// `GET /oauth/callback`: always a page or a redirect, because a person is looking.
pub async fn callback<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    match settle(cx, request).await {
        Ok((found, result)) => {
            let mut response = answer_browser(cx, request.headers(), &found, result).await;
            let id = &found.loaded.record.id;
            cookie::set(response.headers_mut(), id, cookie::USED, cx.config.transaction_max_age);
            response
        }
        // Not this browser's, or claimed by another callback: neither cookie nor record are touched.
        Err(problem) => error_page(&Catalogue::of(language_of(request.headers())), &cx.config.product, &problem),
    }
}

/// How the transaction ended, or an error that left it as it was.
async fn settle<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<(Found, Result<Box<Connection>, Problem>), Problem> {
    let query = request.query();
    let found = find(cx, request, query).await?;
    let result = finish(cx, query, &found, request.headers()).await?;
    let Held { tenant, owner, profile, link, .. } = &found.held;
    let link = link.as_ref().map(|token| link_id(token.expose()));
    let through = Through { transaction: Some(&found.loaded.record.id), link: link.as_deref() };
    cx.announce(&Event::of_connection(tenant, owner, &Way::of_oauth(profile), through, &result)).await;
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
    headers: &Headers,
) -> Result<Result<Box<Connection>, Problem>, Problem> {
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
    let result = exchange(cx, held, callback, headers).await;
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

/// With a link, once.
async fn exchange<P: Platform>(
    cx: &Context<'_, P>,
    held: &Held,
    callback: Callback,
    headers: &Headers,
) -> Result<Box<Connection>, Problem> {
    let Some(token) = held.link.as_ref().map(Secret::expose) else {
        return exchange_code(cx, held, callback, None).await;
    };
    let id = link_id(token);
    let link = cx.claim_link(token, cookie::read(headers, &cookie_name(&id))).await?;
    let result = exchange_code(cx, held, callback, link.email.as_deref()).await;
    cx.settle_link(&id, result.as_ref().ok().map(|connection| connection.id.as_str())).await;
    result
}

async fn exchange_code<P: Platform>(
    cx: &Context<'_, P>,
    held: &Held,
    callback: Callback,
    email: Option<&str>,
) -> Result<Box<Connection>, Problem> {
    // What was allowed when it began may be no longer.
    let way = cx.permit(&held.tenant, &held.owner, Way::of_oauth(&held.profile)).await?;
    let profile = cx.oauth_profile(&held.tenant, &way, Some(callback.subdomain())).await?;
    let purpose = Purpose { tenant: &held.tenant, owner: &held.owner, profile: &profile, scope: &held.scope, email };
    connect_account(cx, callback, &purpose).await
}

async fn answer_browser<P: Platform>(
    cx: &Context<'_, P>,
    headers: &Headers,
    found: &Found,
    result: Result<Box<Connection>, Problem>,
) -> Response<Vec<u8>> {
    let Found { held, loaded } = found;
    if let (Mode::Redirect, Some(return_to)) = (held.mode, &held.return_to) {
        let target = return_to::with_transaction(return_to, &loaded.record.id);
        if let Some(location) = target.filter(|target| is_value(target)) {
            let mut response = Response::new(StatusCode::SEE_OTHER, Vec::new());
            response.headers_mut().set(LOCATION, &location);
            return response;
        }
    }
    let outcome = match &result {
        Ok(connection) => Outcome::Connected(connection),
        Err(problem) => Outcome::Failed(problem),
    };
    let mut language = language_of(headers);
    let mut link_url = None;
    if let Some(token) = held.link.as_ref().map(Secret::expose) {
        let link = cx.link(&link_id(token)).await.ok();
        language = link.and_then(|loaded| loaded.record.language()).unwrap_or(language);
        link_url = Some(format!("{}/authorize/{token}", cx.config.base()));
    }
    let onward = match (&link_url, &held.return_to) {
        (Some(url), _) => Onward::Conversation(url),
        (None, Some(url)) => Onward::Returns(url),
        (None, None) => Onward::Closes,
    };
    result_page(&Catalogue::of(language), &cx.config.product, &loaded.record.id, &outcome, onward)
}
