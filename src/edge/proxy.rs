//! The Zendesk API with credentials added: the platform streams both bodies, this says where to, with which headers, and
//! whether once more.

use super::connection_api::visible;
use super::fields::is_key_part;
use super::message::header::CONTENT_SECURITY_POLICY;
use super::message::{Request, Response};
use super::outbound::is_on_account;
use super::platform::{Head, Platform};
use super::problem::Problem;
use super::refresh::Wanted;
use super::session::{Caller, Grant};
use super::store::Context;
use super::upkeep_api::named_tenant;
use crate::api_path;
use crate::error::Code;
use crate::subdomain::Subdomain;
use http::{Method, StatusCode};
use std::format;
use std::prelude::v1::*;

/// A token younger than this is not renewed for a 401: it is not what Zendesk refuses. Milliseconds.
const YOUNG: u64 = 60_000;

/// `/connections/{id}/proxy/{path}`
pub async fn forward<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
    path: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let caller = cx.authenticate(request).await?;
    if !is_key_part(id) {
        return Err(Code::ConnectionNotFound.into());
    }
    let query = request.query();
    let is_frontend = caller != Caller::Backend;
    let (tenant, query) = match caller {
        Caller::Backend => take_tenant(query)?,
        Caller::Session(session) => {
            let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
            if session.proxy != Some(Grant::Write) && !(is_read && session.proxy == Some(Grant::Read)) {
                return Err(Code::ProxyNotGranted.into());
            }
            visible(cx, &session, id).await?;
            (session.tenant, query.into())
        }
    };
    api_path::judge(path, is_frontend)?;

    let mut connection = cx.connection_with(&tenant, id, Wanted::Good).await?;
    let account = Subdomain::parse(&connection.subdomain)?;
    let mut url = format!("{}/{path}", cx.config.template.origin(&account));
    if !query.is_empty() {
        url = format!("{url}?{query}");
    }
    if !is_on_account(&cx.config.template, &account, &url) {
        return Err(Code::HostRefused.into());
    }
    let mut headers = cx.platform.request_headers();
    let named = value_of(&headers, "connection");
    headers.retain(|(name, _)| api_path::is_passed_on(name, named.as_deref(), is_frontend));
    let mut is_second = false;
    let head = loop {
        // To the origin checked above, and the platform follows no redirect away from it.
        let authorization = connection.credential.authorization();
        headers.push(("authorization".into(), authorization.expose().into()));
        let answered = cx.platform.forward(&url, &headers).await;
        headers.pop();
        let head = answered.map_err(|error| cx.unanswered(error))?;
        if head.status != 401 || is_second {
            break head;
        }
        match connection.credential.token().map(|token| token.age(cx.platform.now_ms())) {
            // Whether an API token is refused, or only this call, is the user's answer to give.
            None => {
                let _works_or_not = cx.verified(&tenant, id).await;
                break head;
            }
            Some(age) if age < YOUNG => break head,
            Some(_) => {}
        }
        let wanted = Wanted::OtherThan(connection.credential.secret().duplicate());
        connection = cx.connection_with(&tenant, id, wanted).await?;
        if !cx.platform.can_forward_again() {
            break head;
        }
        is_second = true;
    };
    pass_back(cx, head)
}

/// What a backend's `tenant` parameter says, and the rest of the query as it came.
fn take_tenant(query: &str) -> Result<(String, String), Problem> {
    let is_tenant = |pair: &&str| *pair == "tenant" || pair.starts_with("tenant=");
    let (own, others): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_tenant);
    Ok((named_tenant(&own.join("&"))?, others.join("&")))
}

fn value_of(headers: &[(String, String)], wanted: &str) -> Option<String> {
    headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.clone())
}

fn pass_back<P: Platform>(cx: &Context<'_, P>, mut head: Head) -> Result<Response<Vec<u8>>, Problem> {
    if matches!(head.status, 300..=303 | 305..=399) {
        return Err(Code::UnexpectedRedirect.into());
    }
    let named = value_of(&head.headers, "connection");
    head.headers.retain(|(name, _)| api_path::is_passed_back(name, named.as_deref()));
    cx.platform.pass_back(head);
    // The platform puts the head and the body into its place. An account's page is none of this worker's origin.
    let mut response = Response::new(StatusCode::OK, Vec::new());
    response.headers_mut().set(CONTENT_SECURITY_POLICY, "sandbox");
    Ok(response)
}
