//! A tenant's integration: stored sealed, moved only by the state machine of [`crate::integration`].

use super::answer;
use super::event::Event;
use super::fields::Fields;
use super::json::{object, text, text_if_any};
use super::keep::SAVE_ATTEMPTS;
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::session::{INTEGRATION, Role};
use super::store::{Context, Loaded, Record};
use super::way::AUTHORIZATIONS;
use crate::error::{Code, Error};
use crate::integration::{Access, Action, Integration, Offer, Verification};
use crate::retirement::{BASIC_UNTIL, basic_days_left};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use std::format;
use std::pin::Pin;
use std::prelude::v1::*;

const ACCESSES: [(&str, Access); 2] = [("pre-authorize", Access::PreAuthorize), ("allow-users", Access::AllowUsers)];

/// An integration as it is sealed.
#[derive(Default)]
pub struct IntegrationRecord {
    /// Where it stands.
    pub integration: Integration,
    /// Counts the changes; 0 where there never was one.
    pub version: u32,
}

#[derive(Serialize)]
struct Sealed<'a> {
    authorization: Option<&'static str>,
    access: Option<&'static str>,
    profile: Option<&'a str>,
    connection: Option<&'a str>,
    is_verified: bool,
    enabled: bool,
    version: u32,
}

impl Serialize for IntegrationRecord {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Integration { choice, profile, verification, enabled } = &self.integration;
        Sealed {
            authorization: choice.map(|(authorization, _)| authorization.as_str()),
            access: choice.map(|(_, access)| access.as_str()),
            profile: profile.as_deref(),
            connection: verification.connection(),
            is_verified: matches!(verification, Verification::Verified(_)),
            enabled: *enabled,
            version: self.version,
        }
        .serialize(serializer)
    }
}

impl Record for IntegrationRecord {
    fn read(fields: &mut Fields) -> Self {
        let choice = fields.choice("authorization", &AUTHORIZATIONS).zip(fields.choice("access", &ACCESSES));
        let is_verified = fields.flag("is_verified");
        let verification = match fields.text("connection") {
            None => Verification::None,
            Some(connection) if is_verified => Verification::Verified(connection),
            Some(connection) => Verification::NeedsReauthorization(connection),
        };
        let (profile, enabled) = (fields.text("profile"), fields.flag("enabled"));
        let version = fields.integer("version", 1..=u32::MAX).unwrap_or(1);
        Self { integration: Integration { choice, profile, verification, enabled }, version }
    }
}

fn storage_key(tenant: &str) -> String {
    format!("integrations/{tenant}")
}

impl<P: Platform> Context<'_, P> {
    /// Reads a tenant's integration; one that was never touched is unset.
    ///
    /// # Errors
    /// What reading and opening can say.
    pub async fn integration(&self, tenant: &str) -> Result<Loaded<IntegrationRecord>, Problem> {
        let loaded = self.load(&storage_key(tenant)).await?;
        Ok(loaded.unwrap_or_else(|| Loaded { record: Box::default(), version: String::new() }))
    }

    /// Moves an integration, by compare-and-set, and again where another isolate was faster. What changes nothing is not
    /// written. `seen` is the version that the caller decided on, where it matters to them.
    ///
    /// # Errors
    /// `integration_changed`, what `decide` says, and what reading and writing can say.
    pub async fn move_integration(
        &self,
        tenant: &str,
        seen: Option<u32>,
        decide: impl Fn(&Integration, &Offer) -> Result<Integration, Error>,
    ) -> Result<IntegrationRecord, Problem> {
        self.move_from(tenant, seen, None, decide).await
    }

    /// As [`Context::move_integration`]; where the record does not open, from `instead`.
    async fn move_from(
        &self,
        tenant: &str,
        seen: Option<u32>,
        instead: Option<Integration>,
        decide: impl Fn(&Integration, &Offer) -> Result<Integration, Error>,
    ) -> Result<IntegrationRecord, Problem> {
        let key = storage_key(tenant);
        for _ in 0..SAVE_ATTEMPTS {
            let stored = self.read(&key).await?;
            let known = stored.as_ref().map(|stored| self.open::<IntegrationRecord>(&key, &stored.value));
            let record = match (known, &instead) {
                (Some(Err(_)), Some(instead)) => IntegrationRecord { integration: instead.clone(), version: 0 },
                (Some(known), _) => known?,
                (None, _) => IntegrationRecord::default(),
            };
            if seen.is_some_and(|seen| seen != record.version) {
                return Err(Code::IntegrationChanged.into());
            }
            let integration = decide(&record.integration, &self.offer())?;
            if integration == record.integration {
                return Ok(record);
            }
            let was_enabled = record.integration.enabled;
            let expected = stored.as_ref().map(|stored| stored.version.as_str());
            let moved = IntegrationRecord { integration, version: record.version.saturating_add(1) };
            if self.save(&key, &moved, expected, None).await?.is_some() {
                let Integration { enabled, .. } = moved.integration;
                let state = moved.integration.state().as_str();
                self.announce(&Event::integration_moved(tenant, was_enabled, enabled, state)).await;
                return Ok(moved);
            }
        }
        Err(Code::IntegrationChanged.into())
    }

    /// Tells an integration what has happened. Only its own connections concern it.
    ///
    /// # Errors
    /// What reading and writing can say.
    pub async fn tell_integration(&self, tenant: &str, owner: &str, happened: &Action) -> Result<(), Problem> {
        if owner != INTEGRATION {
            return Ok(());
        }
        // Most connections are users' own, and need nothing of it: see the router's handlers.
        let telling: Pin<Box<dyn Future<Output = Result<(), Problem>> + '_>> =
            Box::pin(self.tell_own_integration(tenant, happened));
        telling.await
    }

    async fn tell_own_integration(&self, tenant: &str, happened: &Action) -> Result<(), Problem> {
        match self.move_integration(tenant, None, |integration, offer| integration.apply(happened, offer)).await {
            // One that does not open is in nobody's use until it is chosen anew.
            Ok(_) => Ok(()),
            Err(problem) if matches!(problem.code, Code::SealBroken | Code::SealingKeyUnknown) => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    /// Tells an integration that a profile is gone.
    ///
    /// # Errors
    /// What reading and writing can say.
    pub async fn let_go_of_profile(&self, tenant: &str, id: &str) -> Result<(), Problem> {
        let let_go = |integration: &Integration, offer: &Offer| match &integration.profile {
            Some(selected) if selected == id => integration.apply(&Action::ClearProfile, offer),
            _ => Ok(integration.clone()),
        };
        self.move_integration(tenant, None, let_go).await?;
        Ok(())
    }

    /// The integration as it is shown. Its connection is for admins to see.
    fn integration_json(&self, record: &IntegrationRecord, role: Role) -> Value {
        let IntegrationRecord { integration, version } = record;
        let offer = self.offer();
        let client = self.config.system_client.as_ref();
        let connection = integration.verification.connection().filter(|_| role == Role::Admin);
        let client = client.map(|client| object([("clientId", text(&client.id)), ("scope", text(&client.scope))]));
        let basic = object([
            ("availableUntil", text(BASIC_UNTIL)),
            ("daysLeft", basic_days_left(self.platform.now_ms()).into()),
            ("available", offer.basic.into()),
        ]);
        object([
            ("authorization", text_if_any(integration.choice.map(|(authorization, _)| authorization.as_str()))),
            ("access", text_if_any(integration.choice.map(|(_, access)| access.as_str()))),
            ("profile", text_if_any(integration.profile.as_deref())),
            ("enabled", integration.enabled.into()),
            ("state", text(integration.state().as_str())),
            ("connection", text_if_any(connection)),
            ("version", (*version).into()),
            ("systemClient", client.unwrap_or_default()),
            ("basic", basic),
        ])
    }
}

/// `GET /integration`
pub async fn show<P: Platform>(cx: &Context<'_, P>, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request).await?;
    let record = cx.integration(&session.tenant).await?.record;
    Ok(answer::json(StatusCode::OK, &cx.integration_json(&record, session.role)))
}

/// `PUT /integration`: one of the six ways, and its profile. A profile that is left out stays where it fits. A record whose
/// key is lost is replaced, which mends it.
pub async fn choose<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request).await?;
    let mut body = Fields::of(request)?;
    let chosen = body.required_choice("authorization", &AUTHORIZATIONS).zip(body.required_choice("access", &ACCESSES));
    let is_cleared = body.is_null("profile");
    let profile = body.text("profile");
    let version = body.integer("version", 0..=u32::MAX);
    body.finish()?;
    let (authorization, access) = chosen.ok_or(Code::BodyFieldsInvalid)?;
    let mut steps = Vec::from([Action::Choose(authorization, access)]);
    if is_cleared {
        steps.push(Action::ClearProfile);
    }
    if let Some(id) = &profile {
        let mechanism = cx.profile(&session.tenant, id).await?.record.mechanism;
        steps.push(Action::SelectProfile { profile: id.clone(), mechanism });
    }
    let apply_all = |integration: &Integration, offer: &Offer| {
        steps.iter().try_fold(integration.clone(), |integration, step| integration.apply(step, offer))
    };
    let moved = cx.move_from(&session.tenant, version, Some(Integration::default()), apply_all).await?;
    if let Some(id) = &profile
        && let Err(problem) = cx.profile(&session.tenant, id).await
        && problem.code == Code::ProfileNotFound
    {
        // Removed meanwhile. Whoever removes one looks here after it, so one of the two notices.
        cx.let_go_of_profile(&session.tenant, id).await?;
        return Err(problem);
    }
    Ok(answer::json(StatusCode::OK, &cx.integration_json(&moved, session.role)))
}

/// `POST /integration/enable`, `POST /integration/disable`: `{version?}`, or no body at all where callers are known by
/// a header.
pub async fn switch<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    is_on: bool,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.admin_session(request).await?;
    let mut version = None;
    // Without a content type another site's form could ask; a hook that goes by a cookie would let it.
    let is_by_header = cx.config.admin_key_digest.is_some();
    if !request.body().is_empty() || !is_by_header {
        let mut body = Fields::of(request)?;
        version = body.integer("version", 0..=u32::MAX);
        body.finish()?;
    }
    let asked = if is_on { Action::Enable } else { Action::Disable };
    let decide = |integration: &Integration, offer: &Offer| integration.apply(&asked, offer);
    let moved = cx.move_integration(&session.tenant, version, decide).await?;
    Ok(answer::json(StatusCode::OK, &cx.integration_json(&moved, session.role)))
}
