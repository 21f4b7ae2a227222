//! What the embedding product learns of: ids and codes only, never a credential.

use super::connection::Connection;
use super::instant::rfc3339;
use super::json::{self, object, text};
use super::link::Link;
use super::problem::Problem;
use super::way::Way;
use crate::error::Code;
use crate::pkce::base64url;
use crate::renewal::State;
use crate::text::concat;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::prelude::v1::*;

/// Something that happened, with the ids of what it happened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    kind: &'static str,
    details: Vec<(&'static str, String)>,
    /// Where one was told of before, it is known again by this.
    id: String,
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
        through: Through<'_>,
        ended: &Result<Box<Connection>, Problem>,
    ) -> Self {
        let (kind, last) = match ended {
            Ok(connection) => ("connection.created", ("connection", Some(connection.id.as_str()))),
            Err(problem) => ("connection.failed", ("code", Some(problem.code.as_str()))),
        };
        let (subject, profile) = (("subject", Some(owner)), ("profile", way.profile.as_deref()));
        let authorization = ("authorization", Some(way.authorization.as_str()));
        let (transaction, link) = (("transaction", through.transaction), ("link", through.link));
        Self::new(kind, &[("tenant", Some(tenant)), subject, authorization, profile, transaction, link, last])
    }

    /// `connection.removed`, and what is known of its token.
    pub(crate) fn connection_removed(connection: &Connection, revoked: &'static str) -> Self {
        Self::about_connection("connection.removed", connection).with("revoked", revoked)
    }

    /// `connection.refreshed`: it has a new credential.
    pub(crate) fn connection_refreshed(connection: &Connection) -> Self {
        Self::about_connection("connection.refreshed", connection)
    }

    /// `connection.reauthorization-required` or `connection.account-not-found`, with what Zendesk said. It happens to a
    /// credential once.
    pub(crate) fn connection_ended(connection: &Connection, code: Code) -> Self {
        let kind = match connection.state {
            State::AccountNotFound => "connection.account-not-found",
            _ => "connection.reauthorization-required",
        };
        Self::about_connection(kind, connection).with("code", code.as_str())
    }

    /// `connection.recovered`: it was thought to be of no use, and Zendesk takes it after all.
    pub(crate) fn connection_recovered(connection: &Connection) -> Self {
        Self::about_connection("connection.recovered", connection)
    }

    /// `connection.migrated`: an OAuth token has taken the place of its API token, which somebody should delete now.
    pub(crate) fn connection_migrated(connection: &Connection) -> Self {
        Self::about_connection("connection.migrated", connection)
    }

    fn about_connection(kind: &'static str, connection: &Connection) -> Self {
        let (tenant, subject) = (connection.tenant.as_str(), connection.owner.as_str());
        let id = ("connection", Some(connection.id.as_str()));
        Self::new(kind, &[("tenant", Some(tenant)), ("subject", Some(subject)), id])
    }

    /// `platform.failed`: the store, the network or the source of random numbers; the message is for the operator.
    pub fn platform_failed(operation: &'static str, message: &str) -> Self {
        Self::new("platform.failed", &[("operation", Some(operation)), ("message", Some(message))])
    }

    /// `link.created`, `link.opened`, `link.revoked` or `link.expired`. Each happens to a link once.
    pub(crate) fn of_link(kind: &'static str, link: &Link) -> Self {
        let subject = link.owner();
        let details = [("tenant", Some(link.tenant.as_str())), ("subject", Some(&*subject)), ("link", Some(&*link.id))];
        Self { id: event_id(&concat(&[kind, &link.id])), ..Self::new(kind, &details) }
    }

    /// `webhook.failed`: a receiver took an event in none of its attempts, and gets it no more.
    pub(crate) fn webhook_failed(event: &str, told: &str, url: &str, message: &str) -> Self {
        let details = [("event", event), ("eventType", told), ("url", url), ("message", message)];
        Self::new("webhook.failed", &details.map(|(name, value)| (name, Some(value))))
    }

    /// The event with one detail more.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.details.push((name, value.into()));
        self
    }

    fn new(kind: &'static str, details: &[(&'static str, Option<&str>)]) -> Self {
        let details = details.iter().filter_map(|(name, value)| Some((*name, String::from((*value)?))));
        Self { kind, details: details.collect(), id: String::new() }
    }

    /// The event with an id. It follows from what happened and when, so that telling it again is seen to be that.
    pub(crate) fn identified(&self, now: u64) -> Self {
        let mut event = self.clone();
        if event.id.is_empty() {
            event.id = event_id(&json::write(&self.to_json(now)));
        }
        event
    }

    /// The id; empty before it has one.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The event's type.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The event as the `onEvent` hook receives it.
    pub fn to_json(&self, now: u64) -> Value {
        let mut json = self.details();
        json.insert("type".into(), self.kind.into());
        json.insert("at".into(), rfc3339(now).into());
        if !self.id.is_empty() {
            json.insert("id".into(), self.id.as_str().into());
        }
        Value::Object(json)
    }

    /// The event as webhooks receive it: the body that Standard Webhooks describes.
    pub(crate) fn payload(&self, now: u64) -> Value {
        object([("type", text(self.kind)), ("timestamp", rfc3339(now).into()), ("data", self.details().into())])
    }

    fn details(&self) -> Map<String, Value> {
        let mut details = Map::new();
        for (name, value) in &self.details {
            details.insert((*name).into(), value.as_str().into());
        }
        details
    }
}

/// What led to an authorization.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Through<'a> {
    /// The transaction, where the worker held one.
    pub transaction: Option<&'a str>,
    /// The id of the link that was followed.
    pub link: Option<&'a str>,
}

fn event_id(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    concat(&["evt_", &base64url(digest.split_at(16).0)])
}
