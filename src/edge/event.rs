//! What the embedding product learns of: ids and codes only, never a credential.

use super::connection::Connection;
use super::instant::rfc3339;
use super::way::Way;
use crate::error::Code;
use serde_json::{Map, Value};
use std::prelude::v1::*;

/// Something that happened, with the ids of what it happened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    kind: &'static str,
    details: Vec<(&'static str, String)>,
}

impl Event {
    /// `session.created`
    pub fn session_created(tenant: &str, subject: Option<&str>, role: &'static str) -> Self {
        Self::new("session.created", &[("tenant", Some(tenant)), ("subject", subject), ("role", Some(role))])
    }

    /// `profile.saved`
    pub fn profile_saved(tenant: &str, profile: &str) -> Self {
        Self::new("profile.saved", &[("tenant", Some(tenant)), ("profile", Some(profile))])
    }

    /// `profile.removed`
    pub fn profile_removed(tenant: &str, profile: &str) -> Self {
        Self::new("profile.removed", &[("tenant", Some(tenant)), ("profile", Some(profile))])
    }

    /// `integration.enabled`, `integration.disabled`, or `integration.changed` where that stayed as it was.
    pub fn integration_moved(tenant: &str, was_enabled: bool, is_enabled: bool, state: &'static str) -> Self {
        let kind = match (was_enabled, is_enabled) {
            (false, true) => "integration.enabled",
            (true, false) => "integration.disabled",
            _ => "integration.changed",
        };
        Self::new(kind, &[("tenant", Some(tenant)), ("state", Some(state))])
    }

    /// `connection.created` or `connection.failed`: how an authorization ended.
    pub(crate) fn of_connection(
        tenant: &str,
        owner: &str,
        way: &Way,
        transaction: Option<&str>,
        ended: Result<&Connection, Code>,
    ) -> Self {
        let (kind, last) = match ended {
            Ok(connection) => ("connection.created", ("connection", Some(connection.id.as_str()))),
            Err(code) => ("connection.failed", ("code", Some(code.as_str()))),
        };
        let (subject, profile) = (("subject", Some(owner)), ("profile", way.profile.as_deref()));
        let authorization = ("authorization", Some(way.authorization.as_str()));
        Self::new(
            kind,
            &[("tenant", Some(tenant)), subject, authorization, profile, ("transaction", transaction), last],
        )
    }

    /// `connection.removed`, and what is known of its token.
    pub(crate) fn connection_removed(connection: &Connection, revoked: &'static str) -> Self {
        let (tenant, subject) = (connection.tenant.as_str(), connection.owner.as_str());
        let (id, revoked) = (("connection", Some(connection.id.as_str())), ("revoked", Some(revoked)));
        Self::new("connection.removed", &[("tenant", Some(tenant)), ("subject", Some(subject)), id, revoked])
    }

    /// `platform.failed`: the store, the network or the source of random numbers; the message is for the operator.
    pub fn platform_failed(operation: &'static str, message: &str) -> Self {
        Self::new("platform.failed", &[("operation", Some(operation)), ("message", Some(message))])
    }

    fn new(kind: &'static str, details: &[(&'static str, Option<&str>)]) -> Self {
        let details = details.iter().filter_map(|(name, value)| Some((*name, String::from((*value)?))));
        Self { kind, details: details.collect() }
    }

    /// The event's type.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The event as the `onEvent` hook receives it.
    pub fn to_json(&self, now: u64) -> Value {
        let mut json = Map::new();
        json.insert("type".into(), self.kind.into());
        json.insert("at".into(), rfc3339(now).into());
        for (name, value) in &self.details {
            json.insert((*name).into(), value.as_str().into());
        }
        Value::Object(json)
    }
}
