//! From a checked callback to a stored connection, for both flows.

use super::answer;
use super::ask::{ask_current_token, ask_token, ask_user, exchange_options};
use super::connection::{Connection, Identity, connection_id};
use super::credential::Credential;
use super::disconnect::revoke;
use super::event::{Event, Through};
use super::fields::Fields;
use super::grant::{Terms, granted, token};
use super::keep::keep;
use super::message::{Request, Response};
use super::outbound::bearer;
use super::platform::Platform;
use super::problem::Problem;
use super::profile::Profile;
use super::store::Context;
use super::way::Way;
use crate::callback::Callback;
use crate::error::{Code, Error};
use crate::identity::judge_user;
use crate::integration::Authorization;
use crate::renewal::State;
use crate::scope::Scopes;
use crate::subdomain::Subdomain;
use crate::token::{TokenGrant, exchange_request};
use crate::wipe::Wiped;
use http::StatusCode;
use std::prelude::v1::*;

/// Who a new connection is for, and with what it was asked for.
pub struct Purpose<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// `integration`, or `user:` and the end user.
    pub owner: &'a str,
    /// The profile.
    pub profile: &'a Profile,
    /// The scopes of the authorization request.
    pub scope: &'a str,
    /// The address of the only Zendesk user that may be connected, where that is known.
    pub email: Option<&'a str>,
}

/// `POST /oauth/exchange`: the hand-off. The browser has checked the state; everything else is judged here again.
pub async fn hand_off<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let mut body = Fields::of(request)?;
    let profile_id = body.required("profile");
    let code = Wiped::new(body.required("code"));
    let code_verifier = Wiped::new(body.required("codeVerifier"));
    let subdomain = body.required("subdomain");
    let redirect_uri = body.required("redirectUri");
    let (tenant, subject) = (body.text("tenant"), body.text("subject"));
    body.finish()?;
    session.demand_begun_for(tenant.as_deref(), subject.as_deref())?;
    let is_listed = cx.config.redirect_uris.iter().any(|known| known.as_str() == redirect_uri);
    if !is_listed {
        return Err(Error::on(Code::RedirectUriNotAllowed, "redirectUri").into());
    }
    let callback =
        Callback::handed_off(&code, &code_verifier, &subdomain, &redirect_uri, &session.tenant, &profile_id)?;
    let owner = session.owner();
    let way = cx.permit(&session.tenant, &owner, Way::of_oauth(&profile_id)).await?;
    let profile = cx.oauth_profile(&session.tenant, &way, Some(callback.subdomain())).await?;
    let purpose =
        Purpose { tenant: &session.tenant, owner: &owner, profile: &profile, scope: &profile.scope, email: None };
    let result = connect_account(cx, callback, &purpose).await;
    cx.announce(&Event::of_connection(&session.tenant, &owner, &way, Through::default(), &result)).await;
    Ok(answer::json(StatusCode::CREATED, &result?.to_json()))
}

/// Exchanges the code, asks Zendesk who and what was granted, and stores the connection.
pub async fn connect_account<P: Platform>(
    cx: &Context<'_, P>,
    callback: Callback,
    purpose: &Purpose<'_>,
) -> Result<Box<Connection>, Problem> {
    let profile = purpose.profile;
    if callback.subdomain().as_str() != profile.subdomain {
        return Err(Error::on(Code::SubdomainMismatch, "subdomain").into());
    }
    let account = callback.subdomain().clone();
    let scopes = Scopes::parse(purpose.scope)?;
    let terms = Terms::of(cx)?;
    let grant = exchange_code(cx, callback, profile, &scopes).await?;
    admit(cx, purpose, &account, &scopes, grant, &terms, false).await
}

/// Asks Zendesk who and what was granted, and stores the connection. `is_of_client`: the client has asked for itself.
pub async fn admit<P: Platform>(
    cx: &Context<'_, P>,
    purpose: &Purpose<'_>,
    account: &Subdomain,
    scopes: &Scopes,
    grant: TokenGrant,
    terms: &Terms,
    is_of_client: bool,
) -> Result<Box<Connection>, Problem> {
    let profile = purpose.profile;
    let authorization = bearer(&grant.access_token);
    let (user, current) = futures::future::join(
        ask_user(cx, account, &authorization, judge_user),
        ask_current_token(cx, account, &authorization),
    )
    .await;
    let (user, current) = (user?, current?);
    let now = cx.platform.now_ms();
    let connection = Box::new(Connection {
        id: connection_id(purpose.tenant, purpose.owner, account.as_str()),
        tenant: purpose.tenant.into(),
        owner: purpose.owner.into(),
        subdomain: account.as_str().into(),
        authorization: if profile.is_system() { Authorization::OauthSystem } else { Authorization::OauthCustom },
        profile: (!profile.is_system()).then(|| profile.id.clone()),
        state: State::Active,
        trouble: None,
        user: Identity::from(user),
        granted: granted(scopes, &grant, current.as_ref()).joined(),
        requested: scopes.joined(),
        credential: Credential::Token(token(grant, current, terms, now, is_of_client)),
        migrated_at: None,
        created_at: now,
        updated_at: now,
    });
    if let Err(code) = demand_user(&connection, purpose.email) {
        // Nobody meant to grant this, so it should not live on until it expires.
        let _known_or_not = revoke(cx, &connection).await;
        return Err(code.into());
    }
    keep(cx, connection).await
}

/// Whether a connection is for the only user it may be for, where one was named.
///
/// # Errors
/// `link_other_user`.
pub fn demand_user(connection: &Connection, email: Option<&str>) -> Result<(), Code> {
    let found = connection.user.email.as_deref().unwrap_or_default();
    match email {
        Some(wanted) if !found.eq_ignore_ascii_case(wanted) => Err(Code::LinkOtherUser),
        _ => Ok(()),
    }
}

async fn exchange_code<P: Platform>(
    cx: &Context<'_, P>,
    callback: Callback,
    profile: &Profile,
    scopes: &Scopes,
) -> Result<TokenGrant, Error> {
    let account = callback.subdomain().clone();
    let options = exchange_options(cx, profile, Some(scopes));
    ask_token(cx, &account, exchange_request(callback, &options)?).await
}
