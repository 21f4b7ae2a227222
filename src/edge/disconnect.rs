//! Disconnecting: lets nobody refresh any more, asks Zendesk to revoke, says truthfully whether that can be known, and forgets either way.

use super::answer;
use super::connection::{Connection, storage_key};
use super::connection_api::visible;
use super::credential::{Credential, DEFAULT_MARGIN};
use super::event::Event;
use super::json::{object, text};
use super::keep::SAVE_ATTEMPTS;
use super::message::{Request, Response};
use super::outbound::{Answer, Outbound, bearer};
use super::patience::Patience;
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Loaded};
use crate::error::{Code, Error};
use crate::identity::{CURRENT_TOKEN_PATH, judge_current_token};
use crate::integration::Action;
use crate::renewal::State;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use http::{Method, StatusCode};
use std::format;
use std::prelude::v1::*;

/// What is known of the credential after a connection was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// Zendesk no longer takes the token.
    Confirmed,
    /// It may still work: someone has to look in Zendesk's Admin Center.
    Unconfirmed,
    /// An API token belongs to the whole account and is not this product's to revoke.
    NotApplicable,
}

impl Revoked {
    fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unconfirmed => "unconfirmed",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// `DELETE /connections/{id}`
pub async fn disconnect<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let mut patience = Patience::new(cx);
    let mut watch = None;
    for _ in 0..SAVE_ATTEMPTS {
        let (mut record, mut version) = loop {
            let Loaded { record, version } = visible(cx, &session, id).await?;
            let State::Refreshing(lease) = record.state else { break (record, version) };
            let now = cx.platform.now_ms();
            let seen = lease.watch(watch, now);
            if lease.has_run_out(seen, now) {
                break (record, version);
            }
            // A token that is just being granted would outlive the connection.
            watch = Some(seen);
            patience.pause(cx).await?;
        };
        let key = storage_key(&record.tenant, &record.id);
        let known = record.state;
        if known != State::Revoked {
            // A token that is refused already may have a successor that never arrived.
            if known != State::Active {
                record.trouble = Some(record.life().doubt(cx.platform.now_ms()));
            }
            // From now on nobody refreshes it. A store that fails from here on leaves something to disconnect again.
            record.state = State::Revoked;
            record.updated_at = cx.platform.now_ms();
            match cx.save(&key, &*record, Some(&version), None).await? {
                Some(saved) => version = saved,
                None => continue,
            }
        }
        let is_unclear = record.trouble.is_some_and(|trouble| trouble.is_unclear);
        let revoked = match revoke(cx, &record).await? {
            Revoked::Confirmed if is_unclear => Revoked::Unconfirmed,
            revoked => revoked,
        };
        let happened = Action::ConnectionRemoved(record.id.clone());
        cx.tell_integration(&record.tenant, &record.owner, &happened).await?;
        let is_gone = match cx.delete(&key, &version).await {
            // It may have gone all the same.
            Err(problem) if cx.read(&key).await?.is_some() => return Err(problem),
            gone => gone.unwrap_or(true),
        };
        if is_gone {
            cx.announce(&Event::connection_removed(&record, revoked.as_str())).await;
            return Ok(answer::json(StatusCode::OK, &object([("revoked", text(revoked.as_str()))])));
        }
        // Somebody has authorized it again meanwhile: that credential has to go as well.
    }
    Err(Code::StoreUnavailable.into())
}

/// Revokes by the token's id, because revoking the current one was seen to leave it working, and believes nothing but a
/// 401 (facts 7).
pub async fn revoke<P: Platform>(cx: &Context<'_, P>, connection: &Connection) -> Result<Revoked, Problem> {
    let Credential::Token(token) = &connection.credential else { return Ok(Revoked::NotApplicable) };
    let account = Subdomain::parse(&connection.subdomain)?;
    let authorization = bearer(&token.access_token);
    // An expired token is refused whether it was revoked or not, and its refresh token may live on. Whether it has expired
    // is for Zendesk's clock to say, not for this one.
    let may_have_expired = token.expires_at <= cx.platform.now_ms().saturating_add(DEFAULT_MARGIN);
    let refused = if may_have_expired { Revoked::Unconfirmed } else { Revoked::Confirmed };
    let current = async || ask(cx, &account, &authorization, Method::GET, CURRENT_TOKEN_PATH).await;
    let id = match token.token_id {
        Some(id) => id,
        None => match current().await {
            Ok(answer) if answer.status == 401 => return Ok(refused),
            Ok(answer) => {
                let judged = answer.judge(judge_current_token);
                let Some(id) = judged.ok().and_then(|current| current.id) else { return Ok(Revoked::Unconfirmed) };
                id
            }
            Err(_) => return Ok(Revoked::Unconfirmed),
        },
    };
    let path = format!("/api/v2/oauth/tokens/{id}.json");
    let refused = match ask(cx, &account, &authorization, Method::DELETE, &path).await.map(|answer| answer.status) {
        Ok(401) => return Ok(refused),
        // It was good just now, so that a refusal is no expiry. Any other success is not Zendesk's.
        Ok(204) => Revoked::Confirmed,
        // Another call has revoked it already, or the token may not see itself. The next answer tells.
        Ok(404) => refused,
        _ => return Ok(Revoked::Unconfirmed),
    };
    let is_refused = current().await.is_ok_and(|answer| answer.status == 401);
    Ok(if is_refused { refused } else { Revoked::Unconfirmed })
}

async fn ask<P: Platform>(
    cx: &Context<'_, P>,
    account: &Subdomain,
    authorization: &Secret,
    method: Method,
    path: &str,
) -> Result<Answer, Error> {
    let url = cx.config.template.origin(account) + path;
    cx.send(account, Outbound { method, ..Outbound::get(&url, authorization) }).await
}
