//! What Zendesk is asked about credentials: for a token, whose it is, what it may do, and whether the account is there.

use super::outbound::Outbound;
use super::platform::Platform;
use super::profile::Profile;
use super::store::Context;
use crate::error::{Code, Error, Fault};
use crate::identity::{
    ACCOUNT_PATH, CURRENT_TOKEN_PATH, CurrentToken, USER_PATH, User, judge_account, judge_current_token,
};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::token::{Client, ExchangeOptions, TokenGrant, TokenRequest, judge};
use http::Method;
use std::prelude::v1::*;

/// [`judge_user`](crate::identity::judge_user), or what Basic has in its place.
pub type JudgeUser = fn(u16, Option<&str>, &[u8]) -> Result<User, Error>;

/// With what a token is asked for by a profile's client.
pub fn exchange_options<'a, P: Platform>(
    cx: &'a Context<'_, P>,
    profile: &'a Profile,
    scopes: Option<&'a Scopes>,
) -> ExchangeOptions<'a> {
    ExchangeOptions {
        client: Client { id: &profile.client_id, secret: profile.client_secret.as_ref() },
        token_url: Some(profile.token_url.as_str()).filter(|url| !url.is_empty()),
        template: &cx.config.template,
        expires_in: cx.config.access_token_lifetime,
        scopes,
    }
}

/// Asks for a token, once: what is presented may be spent by it.
pub async fn ask_token<P: Platform>(
    cx: &Context<'_, P>,
    account: &Subdomain,
    request: TokenRequest,
) -> Result<TokenGrant, Error> {
    let TokenRequest { url, body } = request;
    let outbound = Outbound { method: Method::POST, url: &url, body: Some(body), authorization: None };
    cx.send(account, outbound).await?.judge(judge)
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

/// What Zendesk says of a token; `None` where the token may not see itself.
pub async fn ask_about_token<P: Platform>(
    cx: &Context<'_, P>,
    account: &Subdomain,
    authorization: &Secret,
) -> Result<Option<CurrentToken>, Error> {
    let url = cx.config.template.origin(account) + CURRENT_TOKEN_PATH;
    let answer = cx.send(account, Outbound::get(&url, authorization)).await?;
    if answer.status == 403 {
        return Ok(None);
    }
    answer.judge(judge_current_token).map(Some)
}

/// What a new token may do. Narrow scopes may not read it, and it is not worth a second consent: only a token that is
/// refused, or an answer that makes no sense, counts against the connection.
pub async fn ask_current_token<P: Platform>(
    cx: &Context<'_, P>,
    account: &Subdomain,
    authorization: &Secret,
) -> Result<Option<CurrentToken>, Error> {
    match ask_about_token(cx, account, authorization).await {
        Err(error) if error.code.fault() == Fault::Transport || status(&error) == 404 => Ok(None),
        answer => answer,
    }
}

fn status(error: &Error) -> u16 {
    error.server.as_ref().map_or(0, |answer| answer.status)
}

/// Whether there is an account, where an answer looks like that of a host without one; `None` where that cannot be told.
/// Asked of a call that needs no credential, so that none is shown to whoever has the name now.
pub async fn is_account_there<P: Platform>(cx: &Context<'_, P>, account: &Subdomain, error: &Error) -> Option<bool> {
    if !matches!(status(error), 404 | 410) {
        return Some(true);
    }
    let url = cx.config.template.origin(account) + ACCOUNT_PATH;
    let outbound = Outbound { method: Method::GET, url: &url, body: None, authorization: None };
    let answer = cx.send(account, outbound).await.ok()?;
    judge_account(answer.status, &answer.body)
}
