//! Client credentials (RFC 6749 section 4.4): a confidential client asks for itself, and nobody has to consent. Such a token
//! acts for whoever made the client, usually an admin (facts 4), so this is for a tenant's admins alone.

use super::answer;
use super::ask::{ask_token, exchange_options};
use super::connection::Connection;
use super::event::{Event, Through};
use super::exchange::{Purpose, admit};
use super::fields::Fields;
use super::grant::Terms;
use super::message::Response;
use super::platform::Platform;
use super::problem::Problem;
use super::profile::ClientKind;
use super::session::Session;
use super::store::Context;
use super::way::Way;
use crate::error::{Code, Error};
use crate::scope::Scopes;
use crate::subdomain::Subdomain;
use crate::token::client_credentials_request;
use http::StatusCode;
use std::prelude::v1::*;

/// `POST /connections` with `grant`.
pub async fn connect<P: Platform>(
    cx: &Context<'_, P>,
    session: &Session,
    mut body: Fields,
) -> Result<Response<Vec<u8>>, Problem> {
    session.demand_admin()?;
    let profile = body.required("profile");
    body.finish()?;
    let owner = session.owner();
    let way = cx.permit(&session.tenant, &owner, Way::of_oauth(&profile)).await?;
    let result = ask(cx, session, &owner, &way).await;
    cx.announce(&Event::of_connection(&session.tenant, &owner, &way, Through::default(), &result)).await;
    Ok(answer::json(StatusCode::CREATED, &result?.to_json()))
}

async fn ask<P: Platform>(
    cx: &Context<'_, P>,
    session: &Session,
    owner: &str,
    way: &Way,
) -> Result<Box<Connection>, Problem> {
    let not_confidential = || Error::on(Code::ClientCredentialsConfidential, "profile");
    // The operator's own client was made on another account, by nobody of this one.
    let id = way.profile.as_deref().ok_or_else(not_confidential)?;
    let profile = cx.oauth_profile(&session.tenant, &Way::of_oauth(id), None).await?;
    if profile.client_kind != ClientKind::Confidential || profile.client_secret.is_none() {
        return Err(not_confidential().into());
    }
    let account = Subdomain::parse(&profile.subdomain)?;
    let scopes = Scopes::parse(&profile.scope)?;
    let terms = Terms::of(cx)?;
    let request = client_credentials_request(&account, &exchange_options(cx, &profile, Some(&scopes)))?;
    let grant = ask_token(cx, &account, request).await?;
    let purpose = Purpose { tenant: &session.tenant, owner, profile: &profile, scope: &profile.scope, email: None };
    admit(cx, &purpose, &account, &scopes, grant, &terms, true).await
}
