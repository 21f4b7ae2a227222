//! Delivers events to webhooks at least once: written to the store before anything is answered, sent after the answer,
//! and again with growing pauses until the receiver takes them.

use super::event::Event;
use super::fields::Fields;
use super::json::{self, object};
use super::message::Request;
use super::message::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Loaded, Page, Record};
use super::webhook::Webhook;
use crate::pkce::base64url;
use crate::secret::Secret;
use http::Method;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;

const PREFIX: &str = "outbox/";
/// Seconds to wait before each attempt, as Standard Webhooks recommends: three days and three hours in all.
const PAUSES: [u64; 10] = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// While one isolate sends, no other does. Milliseconds: more than a request's time-out.
const LEASE: u64 = 60_000;
/// A receiver that asks for more time gets at most this. Seconds.
const LONGEST_PAUSE: u64 = 86_400;
/// What has waited longer for a receiver that is still down is given up. Milliseconds: four days, more than all pauses.
const LONGEST_WAIT: u64 = 345_600_000;
/// The store may forget what nobody could send for so long after it was due: what no key opens, and what was for receivers
/// that are configured no more. Milliseconds: a week.
const AFTERLIFE: u64 = 604_800_000;
/// Runtimes let work go on for 30 seconds after an answer; the last request may take ten of them. Milliseconds.
const AFTER_ANSWER: u64 = 15_000;
const PAGE_SIZE: u32 = 50;
const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";

/// One event on its way to one receiver.
#[derive(Serialize)]
struct Parcel {
    id: String,
    kind: String,
    url: String,
    body: String,
    attempts: u32,
    due_at: u64,
    created_at: u64,
}

impl Record for Parcel {
    fn read(fields: &mut Fields) -> Self {
        Self {
            id: fields.required("id"),
            kind: fields.required("kind"),
            url: fields.required("url"),
            body: fields.required("body"),
            attempts: fields.integer("attempts", 0..=u32::MAX).unwrap_or_default(),
            due_at: fields.number("due_at"),
            created_at: fields.number("created_at"),
        }
    }
}

/// One run through what is due: it comes to an end, and a receiver that is down costs it one wait.
pub struct Round {
    ends_at: u64,
    down: Vec<String>,
}

impl Round {
    /// Begins now.
    pub fn new(now: u64, milliseconds: u64) -> Self {
        Self { ends_at: now.saturating_add(milliseconds), down: Vec::new() }
    }

    /// Whether the rest is for the next one.
    pub fn is_over(&self, now: u64) -> bool {
        now >= self.ends_at
    }
}

/// How a receiver answered.
enum Sent {
    Taken,
    /// It wants no more: 410, as Standard Webhooks says.
    Unwanted,
    Refused {
        /// Seconds that it asks to wait.
        pause: Option<u64>,
        why: String,
        /// It would take no other event either.
        is_down: bool,
    },
}

/// An event for one receiver lies under its own id, so that telling it twice makes one.
fn storage_key(id: &str, url: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(url.as_bytes()).into();
    format!("{PREFIX}{id}-{}", base64url(digest.split_at(6).0))
}

impl<P: Platform> Context<'_, P> {
    /// Tells the hook, and puts down what webhooks are to be told. A store that fails does not undo what has happened;
    /// the operator hears of it, and the caller: `false`.
    pub async fn announce(&self, event: &Event) -> bool {
        let mut is_put_down = true;
        let now = self.platform.now_ms();
        let event = event.identified(now);
        self.platform.emit(&event);
        for webhook in self.config.webhooks.iter().filter(|webhook| webhook.wants(event.kind())) {
            let url = String::from(webhook.url.as_str());
            let key = storage_key(event.id(), &url);
            let (id, kind, body) = (event.id().into(), event.kind().into(), json::write(&event.payload(now)));
            let parcel = Parcel { id, kind, url, body, attempts: 0, due_at: now, created_at: now };
            // Once more after a failure: it may have passed, or the first try may have gone through.
            let mut written = self.put_down(&key, &parcel, None).await;
            if written.is_err() {
                written = self.put_down(&key, &parcel, None).await;
            }
            is_put_down &= written.is_ok();
            if written.is_ok() {
                self.platform.deliver_later(&key);
            }
        }
        is_put_down
    }

    async fn put_down(&self, key: &str, parcel: &Parcel, expected: Option<&str>) -> Result<Option<String>, Problem> {
        self.save(key, parcel, expected, Some(parcel.due_at.saturating_add(AFTERLIFE))).await
    }

    /// Sends one parcel, if it is due and nobody else is sending it; says whether it was taken.
    async fn deliver(&self, key: &str, round: &mut Round) -> Result<bool, Problem> {
        let Some(Loaded { record: mut parcel, version }) = self.load::<Parcel>(key).await? else { return Ok(false) };
        let now = self.platform.now_ms();
        let is_down = round.down.contains(&parcel.url);
        let may_wait = now <= parcel.created_at.saturating_add(LONGEST_WAIT);
        if parcel.due_at > now || round.is_over(now) || is_down && may_wait {
            return Ok(false);
        }
        parcel.attempts = parcel.attempts.saturating_add(1);
        parcel.due_at = now.saturating_add(LEASE);
        let Some(version) = self.put_down(key, &parcel, Some(&version)).await? else { return Ok(false) };
        let receiver = self.config.webhooks.iter().find(|webhook| webhook.url.as_str() == parcel.url);
        let sent = match receiver {
            Some(_) if is_down => Sent::Refused { pause: None, why: "down for days".into(), is_down },
            Some(webhook) => self.send_parcel(webhook, &parcel).await,
            // No longer configured.
            None => Sent::Unwanted,
        };
        if matches!(sent, Sent::Refused { is_down: true, .. }) {
            round.down.push(parcel.url.clone());
        }
        let pause = PAUSES.get(parcel.attempts as usize).copied().filter(|_| !is_down);
        match (sent, pause) {
            (Sent::Taken, _) => {
                self.delete(key, &version).await?;
                Ok(true)
            }
            (Sent::Refused { pause: asked, .. }, Some(pause)) => {
                let pause = pause.max(asked.unwrap_or_default()).min(LONGEST_PAUSE) * 1000;
                // Up to a tenth more, so that what failed together does not come back together.
                let jitter = pause / 10 * u64::from(self.random::<1>()?[0]) / 256;
                parcel.due_at = self.platform.now_ms().saturating_add(pause + jitter);
                self.put_down(key, &parcel, Some(&version)).await?;
                Ok(false)
            }
            (sent, _) => {
                self.delete(key, &version).await?;
                let why = match sent {
                    Sent::Refused { why, .. } => why,
                    _ => "410".into(),
                };
                if receiver.is_some() {
                    self.platform.emit(&Event::webhook_failed(&parcel.id, &parcel.kind, &parcel.url, &why));
                }
                Ok(false)
            }
        }
    }

    async fn send_parcel(&self, webhook: &Webhook, parcel: &Parcel) -> Sent {
        let timestamp = self.platform.now_ms() / 1000;
        let mut request = Request::new(Method::POST, &parcel.url, Secret::new(parcel.body.as_str()));
        let headers = request.headers_mut();
        headers.set(CONTENT_TYPE, "application/json");
        headers.set(USER_AGENT, concat!("zendesk-auth/", env!("CARGO_PKG_VERSION")));
        let signature = webhook.signature(&parcel.id, timestamp, &parcel.body);
        let own = [(ID, parcel.id.clone()), (TIMESTAMP, format!("{timestamp}")), (SIGNATURE, signature)];
        for (name, value) in own {
            headers.set(name, &value);
        }
        match self.platform.fetch(request).await {
            Ok(answer) if answer.status().is_success() => Sent::Taken,
            Ok(answer) if answer.status().as_u16() == 410 => Sent::Unwanted,
            Ok(answer) => {
                let pause = answer.headers().get(RETRY_AFTER).and_then(|value| value.parse().ok());
                let status = answer.status().as_u16();
                Sent::Refused { pause, why: format!("status {status}"), is_down: status == 429 || status >= 500 }
            }
            Err(error) => Sent::Refused { pause: None, why: error.word().into(), is_down: true },
        }
    }

    /// Sends what was put down just now, then some of what else is due: reading all that waits after every answer would
    /// make a long outage ever more expensive.
    pub async fn deliver_all(&self, keys: &[String]) {
        let mut round = Round::new(self.platform.now_ms(), AFTER_ANSWER);
        for key in keys {
            let _later = self.deliver(key, &mut round).await;
        }
        let _later = self.sweep_page(None, &mut round).await;
    }

    /// Sends what is due, as far as one round goes; says how many were taken.
    ///
    /// # Errors
    /// What listing can say.
    pub async fn sweep_outbox(&self, round: &mut Round) -> Result<u32, Problem> {
        let (mut taken, mut unreadable, mut cursor) = (0, 0, None);
        loop {
            let (some_taken, page) = self.sweep_page(cursor.as_deref(), round).await?;
            taken += some_taken;
            unreadable += page.unreadable.len();
            cursor = page.cursor;
            if cursor.is_none() || round.is_over(self.platform.now_ms()) {
                break;
            }
        }
        if unreadable > 0 {
            self.failed("store", &format!("events that do not open: {unreadable}"));
        }
        Ok(taken)
    }

    async fn sweep_page(&self, cursor: Option<&str>, round: &mut Round) -> Result<(u32, Page<Parcel>), Problem> {
        let page = self.page::<Parcel>(PREFIX, cursor, PAGE_SIZE).await?;
        let (mut taken, now) = (0, self.platform.now_ms());
        for parcel in page.records.iter().filter(|parcel| parcel.due_at <= now) {
            if matches!(self.deliver(&storage_key(&parcel.id, &parcel.url), round).await, Ok(true)) {
                taken += 1;
            }
        }
        Ok((taken, page))
    }
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// Events that receivers took.
    pub delivered: u32,
    /// Links that were told of as expired.
    pub expired: u32,
}

impl Sweep {
    /// As JSON.
    pub fn to_json(self) -> serde_json::Value {
        object([("delivered", self.delivered.into()), ("expired", self.expired.into())])
    }
}
