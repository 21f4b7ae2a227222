//! Connections as their owners see them: one, or all.

use super::answer;
use super::connection::{Connection, owner_part, storage_key};
use super::fields::is_key_part;
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::router::list_query;
use super::session::{Role, Session};
use super::store::{Context, Loaded};
use crate::error::Code;
use http::StatusCode;
use std::prelude::v1::*;

const PAGE_SIZE: u32 = 50;

/// `GET /connections/{id}`
pub async fn show<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let connection = visible(cx, &session, id).await?.record;
    Ok(answer::json(StatusCode::OK, &connection.to_json()))
}

/// A connection that the session may see: an admin its tenant's, an end user their own.
pub async fn visible<P: Platform>(
    cx: &Context<'_, P>,
    session: &Session,
    id: &str,
) -> Result<Loaded<Connection>, Problem> {
    if !is_key_part(id) {
        return Err(Code::ConnectionNotFound.into());
    }
    let loaded = cx.load::<Connection>(&storage_key(&session.tenant, id)).await?;
    match loaded {
        Some(loaded) if session.role == Role::Admin || loaded.record.owner == session.owner() => Ok(loaded),
        _ => Err(Code::ConnectionNotFound.into()),
    }
}

/// `GET /connections`; with `stopping=true` those alone that will stop on an announced day, for admins.
pub async fn list<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let mut is_about_stopping = false;
    let (cursor, limit) = list_query(request, |query| {
        is_about_stopping = query.choice("stopping", &[("true", ())]).is_some();
    })?;
    if is_about_stopping {
        session.demand_admin()?;
    }
    let own = match session.role {
        Role::Admin => String::new(),
        Role::User => owner_part(&session.tenant, &session.owner()),
    };
    let mut page = cx
        .page::<Connection>(&storage_key(&session.tenant, &own), cursor.as_deref(), limit.unwrap_or(PAGE_SIZE))
        .await?;
    page.records.retain(|connection| session.role == Role::Admin || connection.owner == session.owner());
    page.records.retain(|connection| !is_about_stopping || connection.stops_on().is_some());
    Ok(answer::listing("connections", page, Connection::to_json))
}
