//! Links as their senders handle them: make one, look at it, take it back.

use super::answer;
use super::event::Event;
use super::fields::{Fields, is_line};
use super::json::set;
use super::link::{Link, Progress, link_id};
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::session::{Caller, read_tenant_and_subject};
use super::store::Context;
use crate::catalogue::Language;
use crate::error::Code;
use crate::pkce::base64url;
use http::StatusCode;
use std::format;
use std::prelude::v1::*;

/// Seconds.
const DEFAULT_LIFETIME: u32 = 900;
const LONGEST_NAME: usize = 80;

impl<P: Platform> Context<'_, P> {
    /// Who may send links: a backend for every tenant (`None`), an admin for their own.
    async fn sender(&self, request: &Request<Vec<u8>>) -> Result<Option<String>, Problem> {
        match self.authenticate(request).await? {
            Caller::Backend => Ok(None),
            Caller::Session(session) => {
                session.demand_admin()?;
                Ok(Some(session.tenant))
            }
        }
    }

    /// A link that this sender may see.
    async fn own_link(&self, request: &Request<Vec<u8>>, id: &str) -> Result<Box<Link>, Problem> {
        let sender = self.sender(request).await?;
        let link = self.link(id).await?.record;
        match sender {
            Some(tenant) if tenant != link.tenant => Err(Code::LinkNotFound.into()),
            _ => Ok(link),
        }
    }
}

/// `POST /links`
pub async fn create<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Problem> {
    let sender = cx.sender(request).await?;
    let mut body = Fields::of(request)?;
    if sender.is_some() && body.has("tenant") {
        body.problem("tenant", Code::FieldInvalid, "leave this out: the session is for one tenant");
    }
    let (tenant, subject) = read_tenant_and_subject(&mut body);
    let tenant = sender.unwrap_or(tenant);
    if subject.is_none() && !body.has_problem("subject") {
        body.problem("subject", Code::FieldRequired, "this is required: the end user's id");
    }
    let name = line(&mut body, "name");
    let tenant_name = line(&mut body, "tenantName");
    let email = line(&mut body, "email");
    let language = body.text("language");
    let known = language.as_deref().map(Language::parse);
    if known == Some(None) {
        let message = "this must be `en`, `de`, `es`, `ja` or `pt`, with or without a region";
        body.problem("language", Code::FieldInvalid, message);
    }
    let lifetime = body.integer("expiresIn", 60..=86_400).unwrap_or(DEFAULT_LIFETIME);
    body.finish()?;
    let integration = cx.integration(&tenant).await?.record.integration;
    let (authorization, _) = integration.choice.ok_or(Code::IntegrationNotEnabled)?;
    integration.permits_user(authorization, integration.profile.as_deref(), &cx.offer())?;

    let subject = subject.unwrap_or_default();
    let token = base64url(&cx.random::<32>()?);
    let now = cx.platform.now_ms();
    let link = Link {
        id: link_id(&token),
        tenant,
        tenant_name,
        name: name.unwrap_or_else(|| subject.clone()),
        subject,
        email,
        language: known.flatten().map(|language| language.as_str().into()),
        progress: Progress::Open,
        browser: None,
        claimed_at: None,
        connection: None,
        created_at: now,
        expires_at: now.saturating_add(u64::from(lifetime) * 1000),
    };
    // Before the link is there, so that no link can expire unnoticed.
    cx.watch_link(&link).await?;
    if cx.save_link(&link, None).await?.is_none() {
        return Err(Code::Internal.into());
    }
    cx.announce(&Event::of_link("link.created", &link)).await;
    let mut json = link.to_json(now);
    set(&mut json, "url", format!("{}/authorize/{token}", cx.config.base()).into());
    Ok(answer::json(StatusCode::CREATED, &json))
}

/// A text on a page: 1 to 80 characters, all on one line.
fn line(body: &mut Fields, name: &str) -> Option<String> {
    let text = body.text(name)?;
    let text = text.trim();
    if !is_line(text, LONGEST_NAME) {
        body.problem(name, Code::FieldInvalid, "this must have 1 to 80 characters, all on one line");
    }
    Some(text.into())
}

/// `GET /links/{id}`
pub async fn show<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let link = cx.own_link(request, id).await?;
    cx.tell_if_expired(&link).await;
    Ok(answer::json(StatusCode::OK, &link.to_json(cx.platform.now_ms())))
}

/// `DELETE /links/{id}`: nobody can follow it from now on. What was connected with it stays connected.
pub async fn revoke<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    cx.own_link(request, id).await?;
    cx.revoke_link(id, "sender", |_| Ok(())).await?;
    Ok(answer::no_content())
}

impl<P: Platform> Context<'_, P> {
    /// Takes a link back, if it `may` be.
    pub async fn revoke_link(
        &self,
        id: &str,
        by: &'static str,
        may: impl Fn(&Link) -> Result<(), Code>,
    ) -> Result<(), Problem> {
        let revoked = |link: &Link| {
            may(link)?;
            let is_over = matches!(link.progress, Progress::Used | Progress::Revoked);
            Ok(if is_over { link.clone() } else { Link { progress: Progress::Revoked, ..link.clone() } })
        };
        let link = self.move_link(id, revoked).await?;
        // It is watched until its end was told of: who asks again after a failure makes good what that left out.
        if link.progress == Progress::Revoked
            && self.is_watched(id).await?
            && self.announce(&Event::of_link("link.revoked", &link).with("by", by)).await
        {
            self.unwatch_link(id).await;
        }
        Ok(())
    }
}
