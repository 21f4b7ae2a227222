//! What backends and admins ask of a connection: a new credential, a look at it, and, for backends alone, the credential.

use super::answer;
use super::fields::{Fields, is_key_part};
use super::instant::rfc3339;
use super::json::{object, text};
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::refresh::Wanted;
use super::session::{Caller, read_tenant_and_subject};
use super::store::Context;
use crate::error::Code;
use crate::subdomain::Subdomain;
use http::StatusCode;
use serde_json::Map;
use std::prelude::v1::*;

impl<P: Platform> Context<'_, P> {
    /// The tenant whose connections a caller takes care of: the one that a backend names, or an admin's own.
    ///
    /// # Errors
    /// Those of [`Context::authenticate`], `role_insufficient`, `body_fields_invalid`.
    async fn keeper(&self, request: &Request<Vec<u8>>) -> Result<String, Problem> {
        let caller = self.authenticate(request).await?;
        match caller {
            Caller::Session(session) => {
                session.demand_admin()?;
                Ok(session.tenant)
            }
            Caller::Backend => named_tenant(request.query()),
        }
    }
}

/// `?tenant=`, `default` unless told; another parameter is an error rather than a silent nothing.
pub fn named_tenant(query: &str) -> Result<String, Problem> {
    let (mut values, mut is_twice) = (Map::new(), false);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        is_twice |= values.insert(name.into(), value.into()).is_some();
    }
    let mut query = Fields::new(values, String::new());
    if is_twice {
        // One of the two may be what a backend's own caller has added.
        query.refuse("tenant", Code::FieldInvalid);
    }
    if query.has("subject") {
        query.refuse("subject", Code::FieldUnknown);
    }
    let (tenant, _) = read_tenant_and_subject(&mut query);
    query.finish()?;
    Ok(tenant)
}

/// `POST /connections/{id}/refresh`: a new credential, whether or not one is due.
pub async fn refresh<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let tenant = cx.keeper(request).await?;
    demand_id(id)?;
    let connection = cx.connection_with(&tenant, id, Wanted::New).await?;
    Ok(answer::json(StatusCode::OK, &connection.to_json()))
}

/// `POST /connections/{id}/verify`
pub async fn verify<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let tenant = cx.keeper(request).await?;
    demand_id(id)?;
    let connection = cx.verified(&tenant, id).await?;
    Ok(answer::json(StatusCode::OK, &connection.to_json()))
}

/// `GET /connections/{id}/credentials`: the only answer besides `POST /sessions` that holds a secret.
pub async fn credentials<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    if cx.authenticate(request).await? != Caller::Backend {
        return Err(Code::AdminKeyRequired.into());
    }
    let tenant = named_tenant(request.query())?;
    demand_id(id)?;
    let connection = cx.connection_with(&tenant, id, Wanted::Good).await?;
    let account = Subdomain::parse(&connection.subdomain)?;
    let expires_at = connection.credential.token().map(|token| rfc3339(token.expires_at));
    // A backend holds the admin key, and with it whatever this worker may do.
    let authorization = connection.credential.authorization();
    let body = object([
        ("authorization", text(authorization.expose())),
        ("baseUrl", cx.config.template.origin(&account).into()),
        ("expiresAt", expires_at.into()),
    ]);
    Ok(answer::json(StatusCode::OK, &body))
}

fn demand_id(id: &str) -> Result<(), Problem> {
    if is_key_part(id) { Ok(()) } else { Err(Code::ConnectionNotFound.into()) }
}
