//! Migration: a Basic connection becomes an OAuth one under the same id, without a moment in which it does not work. What
//! begins here ends as any authorization does; only then, and only if it is for the same account, the API token goes.

use super::connect::{Choice, begin};
use super::connection_api::visible;
use super::fields::Fields;
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use crate::error::Code;
use crate::integration::Authorization;
use crate::subdomain::Subdomain;
use std::prelude::v1::*;

/// `POST /connections/{id}/migrate`
pub async fn start<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let mut body = Fields::of(request)?;
    let choice = Choice::read(&session, &mut body);
    body.finish()?;
    let connection = visible(cx, &session, id).await?.record;
    if connection.owner != session.owner() {
        return Err(Code::MigrationOtherOwner.into());
    }
    if connection.authorization != Authorization::Basic {
        return Err(Code::ConnectionNotBasic.into());
    }
    begin(cx, request, &session, choice, Some(Subdomain::parse(&connection.subdomain)?)).await
}
