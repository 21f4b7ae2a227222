//! Tells of links that expired unused. A link that may still expire has a small record beside it, so that looking for
//! what is due reads these few and not every link there was.

use super::event::Event;
use super::fields::Fields;
use super::link::Link;
use super::outbox::Round;
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Record};
use crate::error::Code;
use serde::Serialize;
use std::format;
use std::prelude::v1::*;

const PREFIX: &str = "expiring/";
/// A sweep that comes later than this finds nothing more to tell of. Milliseconds: a week.
const PATIENCE: u64 = 604_800_000;
const PAGE_SIZE: u32 = 100;

#[derive(Serialize)]
struct Expiring {
    link: String,
    expires_at: u64,
}

impl Record for Expiring {
    fn read(fields: &mut Fields) -> Self {
        Self { link: fields.required("link"), expires_at: fields.number("expires_at") }
    }
}

impl<P: Platform> Context<'_, P> {
    /// Remembers that a link will expire.
    pub async fn watch_link(&self, link: &Link) -> Result<(), Problem> {
        let record = Expiring { link: link.id.clone(), expires_at: link.expires_at };
        let forgotten_at = link.expires_at.saturating_add(PATIENCE);
        match self.save(&format!("{PREFIX}{}", link.id), &record, None, Some(forgotten_at)).await? {
            Some(_) => Ok(()),
            None => Err(Code::Internal.into()),
        }
    }

    /// Whether a link's end is still to be told of.
    pub async fn is_watched(&self, id: &str) -> Result<bool, Problem> {
        Ok(self.read(&format!("{PREFIX}{id}")).await?.is_some())
    }

    /// Forgets that a link would expire.
    pub async fn unwatch_link(&self, id: &str) {
        let key = format!("{PREFIX}{id}");
        if let Ok(Some(stored)) = self.read(&key).await {
            let _gone = self.delete(&key, &stored.version).await;
        }
    }

    /// Tells of a link that has expired, if nobody did. What fails is tried again by the next sweep.
    pub async fn tell_if_expired(&self, link: &Link) {
        if link.status(self.platform.now_ms()) != "expired" {
            return;
        }
        if matches!(self.is_watched(&link.id).await, Ok(true)) {
            // First told, then forgotten: twice rather than never, under one id.
            if self.announce(&Event::of_link("link.expired", link)).await {
                self.unwatch_link(&link.id).await;
            }
        }
    }

    /// Tells of links that have expired, as far as one round goes.
    ///
    /// # Errors
    /// What listing can say.
    pub async fn sweep_links(&self, round: &Round) -> Result<u32, Problem> {
        let (mut told, mut cursor) = (0, None);
        loop {
            let page = self.page::<Expiring>(PREFIX, cursor.as_deref(), PAGE_SIZE).await?;
            for due in page.records.iter().filter(|record| record.expires_at <= self.platform.now_ms()) {
                if round.is_over(self.platform.now_ms()) {
                    return Ok(told);
                }
                match self.link(&due.link).await {
                    Ok(loaded) => {
                        self.tell_if_expired(&loaded.record).await;
                        if loaded.record.status(self.platform.now_ms()) == "expired" {
                            told += 1;
                        } else {
                            self.unwatch_link(&due.link).await;
                        }
                    }
                    Err(problem) if problem.code == Code::LinkNotFound => self.unwatch_link(&due.link).await,
                    Err(_) => {}
                }
            }
            cursor = page.cursor;
            if cursor.is_none() {
                return Ok(told);
            }
        }
    }
}
