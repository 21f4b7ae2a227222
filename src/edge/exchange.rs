//! From a checked callback to a stored connection, for both flows.

use super::answer;
use super::connection::{Connection, Credential, Identity, Status, Token, connection_id};
use super::disconnect::revoke;
use super::event::{Event, Through};
use super::fields::Fields;
use super::instant::parse_rfc3339;
use super::keep::keep;
use super::outbound::{Outbound, bearer};
use super::platform::Platform;
use super::problem::Problem;
use super::profile::Profile;
use super::store::Context;
use super::way::Way;
use crate::callback::Callback;
use crate::error::{Code, Error, Fault};
use crate::identity::{CURRENT_TOKEN_PATH, CurrentToken, USER_PATH, User, judge_current_token, judge_user};
use crate::integration::Authorization;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::token::{Client, ExchangeOptions, TokenGrant, exchange_request, judge};
use http::{Method, Request, Response, StatusCode};
use std::prelude::v1::*;
use zeroize::Zeroizing;

/// Seconds to assume where Zendesk does not say: its default where expiry is enforced. Neither "never" nor "now".
const ASSUMED_LIFETIME: u64 = 1800;

/// [`judge_user`], or what Basic has in its place.
pub type JudgeUser = fn(u16, Option<&str>, &[u8]) -> Result<User, Error>;

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
    let code = Zeroizing::new(body.required("code"));
    let code_verifier = Zeroizing::new(body.required("codeVerifier"));
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
    let ended = result.as_ref().map_err(|problem| problem.code);
    cx.announce(&Event::of_connection(&session.tenant, &owner, &way, Through::default(), ended)).await;
    Ok(answer::json(StatusCode::CREATED, &result?.to_json()))
}

/// Exchanges the code, asks Zendesk who and what was granted, and stores the connection.
pub async fn connect_account<P: Platform>(
    cx: &Context<'_, P>,
    callback: Callback,
    purpose: &Purpose<'_>,
) -> Result<Connection, Problem> {
    let profile = purpose.profile;
    if callback.subdomain().as_str() != profile.subdomain {
        return Err(Error::on(Code::SubdomainMismatch, "subdomain").into());
    }
    let account = callback.subdomain().clone();
    let scopes = Scopes::parse(purpose.scope)?;
    let asked_at = cx.platform.now_ms();
    let grant = exchange_code(cx, callback, profile, &scopes).await?;
    let authorization = bearer(&grant.access_token);
    let (user, current) = futures::future::join(
        ask_user(cx, &account, &authorization, judge_user),
        ask_current_token(cx, &account, &authorization),
    )
    .await;
    let (user, current) = (user?, current?);
    let now = cx.platform.now_ms();
    let connection = Connection {
        id: connection_id(purpose.tenant, purpose.owner, account.as_str()),
        tenant: purpose.tenant.into(),
        owner: purpose.owner.into(),
        subdomain: account.as_str().into(),
        authorization: if profile.is_system() { Authorization::OauthSystem } else { Authorization::OauthCustom },
        profile: (!profile.is_system()).then(|| profile.id.clone()),
        status: Status::Active,
        user: Identity::from(user),
        granted: granted(&scopes, &grant, current.as_ref()).joined(),
        requested: scopes.joined(),
        credential: Credential::Token(token(grant, current, asked_at, now)),
        created_at: now,
        updated_at: now,
    };
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
    let options = ExchangeOptions {
        client: Client { id: &profile.client_id, secret: profile.client_secret.as_ref() },
        token_url: Some(profile.token_url.as_str()).filter(|url| !url.is_empty()),
        template: &cx.config.template,
        expires_in: cx.config.access_token_lifetime,
        scopes: Some(scopes),
    };
    let request = exchange_request(callback, &options)?;
    let outbound = Outbound { method: Method::POST, url: &request.url, body: Some(request.body), authorization: None };
    let answer = cx.send(&account, outbound).await?;
    answer.judge(judge)
}

/// Asks Zendesk who a credential acts for: the whole `Authorization` header, and how to judge the answer.
pub async fn ask_user<P: Platform>(
    cx: &Context<'_, P>,
    account: &Subdomain,
    authorization: &Secret,
    judge: JudgeUser,
) -> Result<User, Error> {
    let url = cx.config.template.origin(account) + USER_PATH;
    let ask = async || {
        let answer = cx.send(account, Outbound::get(&url, authorization)).await?;
        answer.judge(judge)
    };
    match ask().await {
        // A code is spent by now, so a passing fault would cost the user a second consent. This call is safe to repeat.
        Err(error) if is_passing(&error) => ask().await,
        answer => answer,
    }
}

/// Worth one more try at once; a rate limit is not.
fn is_passing(error: &Error) -> bool {
    error.code.fault() == Fault::Transport && error.code != Code::RateLimited
}

/// What the token may do. Narrow scopes may not read it, and it is not worth a second consent: only a token that is
/// refused, or an answer that makes no sense, counts against the connection.
async fn ask_current_token<P: Platform>(
    cx: &Context<'_, P>,
    account: &Subdomain,
    authorization: &Secret,
) -> Result<Option<CurrentToken>, Error> {
    let url = cx.config.template.origin(account) + CURRENT_TOKEN_PATH;
    let answer = match cx.send(account, Outbound::get(&url, authorization)).await {
        Ok(answer) if matches!(answer.status, 403 | 404) => return Ok(None),
        Ok(answer) => answer.judge(judge_current_token),
        Err(error) => Err(error),
    };
    match answer {
        Ok(current) => Ok(Some(current)),
        Err(error) if error.code.fault() == Fault::Transport => Ok(None),
        Err(error) => Err(error),
    }
}

/// Zendesk's own record of the token, else the answer's `scope`, else what was asked for (RFC 6749 section 5.1).
fn granted(requested: &Scopes, grant: &TokenGrant, current: Option<&CurrentToken>) -> Scopes {
    current.and_then(|current| current.scopes.as_ref()).or(grant.scopes.as_ref()).unwrap_or(requested).clone()
}

fn token(grant: TokenGrant, current: Option<CurrentToken>, asked_at: u64, now: u64) -> Token {
    let instant = |text: Option<&String>| text.and_then(|text| parse_rfc3339(text)).filter(|at| *at > now);
    let current = current.as_ref();
    // Counted from before the request: an answer that took long must not make the token look younger.
    let from = |seconds: u64| asked_at.saturating_add(seconds.saturating_mul(1000));
    let expires_at = grant
        .expires_in
        .map(from)
        .or_else(|| instant(current.and_then(|current| current.expires_at.as_ref())))
        .unwrap_or_else(|| from(ASSUMED_LIFETIME));
    Token {
        access_token: grant.access_token,
        refresh_token: grant.refresh_token,
        token_id: current.and_then(|current| current.id),
        expires_at,
        lifetime: expires_at.saturating_sub(asked_at).div_ceil(1000),
        refresh_token_expires_at: grant
            .refresh_token_expires_in
            .map(from)
            .or_else(|| instant(current.and_then(|current| current.refresh_token_expires_at.as_ref()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    fn grant(expires_in: Option<u64>) -> TokenGrant {
        TokenGrant {
            access_token: Secret::new("t"),
            refresh_token: None,
            scopes: None,
            expires_in,
            refresh_token_expires_in: Some(60),
        }
    }

    fn current(expires_at: Option<&str>) -> CurrentToken {
        CurrentToken {
            id: Some(7),
            user_id: None,
            scopes: None,
            expires_at: expires_at.map(String::from),
            refresh_token_expires_at: None,
        }
    }

    #[test]
    fn expiry_comes_from_the_answer_then_from_zendesk_then_from_the_default() {
        let (asked, now) = (1_000_000, 1_009_000);
        assert_eq!(token(grant(Some(300)), Some(current(None)), asked, now).expires_at, 1_300_000);
        let told = current(Some("1970-01-01T01:00:00Z"));
        let from_zendesk = token(grant(None), Some(told), asked, now);
        assert_eq!((from_zendesk.expires_at, from_zendesk.lifetime), (3_600_000, 2600));
        assert_eq!(token(grant(None), Some(current(None)), asked, now).expires_at, 2_800_000);
        assert_eq!(token(grant(None), None, asked, now).expires_at, 2_800_000);
        for odd in ["1970-01-01T00:00:01Z", "soon", ""] {
            assert_eq!(token(grant(None), Some(current(Some(odd))), asked, now).expires_at, 2_800_000, "{odd}");
        }
        assert_eq!(token(grant(Some(300)), None, asked, now).refresh_token_expires_at, Some(1_060_000));
    }

    #[test]
    fn debug_of_a_credential_shows_no_token() {
        let mut grant = grant(None);
        grant.access_token = Secret::new("access-token-text");
        grant.refresh_token = Some(Secret::new("refresh-token-text"));
        let shown = format!("{:?}", Credential::Token(token(grant, None, 0, 0)));
        assert!(!shown.contains("token-text"), "{shown}");
    }
}
