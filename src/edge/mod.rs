//! The edge service: async Rust over one small trait, [`Platform`]. It holds the secrets; browsers never see one.

pub mod event;
pub mod message;
pub mod platform;
pub mod seal;

mod answer;
mod ask;
mod basic;
mod client_credentials;
mod config;
mod connect;
mod connection;
mod connection_api;
mod cookie;
mod credential;
mod defect;
mod disconnect;
mod end_page;
mod exchange;
mod expiry;
mod fields;
mod flight;
mod grant;
mod held;
mod instant;
mod integration;
pub(crate) mod json;
mod keep;
mod link;
mod link_api;
mod link_form;
mod link_page;
mod migrate;
mod outbound;
mod outbox;
mod page;
mod patience;
mod problem;
mod profile;
mod profile_form;
mod proxy;
mod refresh;
mod renew;
mod return_to;
mod rotate;
mod router;
mod session;
mod store;
mod transaction_record;
mod upkeep_api;
mod verify;
mod way;
mod webhook;

#[cfg(feature = "simulation")]
pub use defect::{Defect, set_defect};
pub use event::Event;
pub use fields::MAX_BODY;
pub use outbox::Sweep;
pub use platform::Platform;
pub use problem::FieldProblem;

use crate::error::Code;
use crate::wipe::Wipe;
use config::Config;
use flight::Flights;
use http::Method;
use message::{Headers, Request, Response};
use outbox::Round;
use problem::Problem;
use std::prelude::v1::*;
use store::Context;

/// A sweep ends before the next one, a minute later, and leaves to it what it could not do. Milliseconds.
const HALF_A_SWEEP: u64 = 20_000;

/// A configured service. Between requests it keeps no more than which refreshes it has under way, so that any number of
/// isolates may run it side by side.
#[derive(Debug)]
pub struct Edge {
    config: Config,
    flights: Flights,
}

impl Edge {
    /// Judges a configuration, given as JSON. Neither time, chance nor network is touched.
    ///
    /// # Errors
    /// Every problem of the configuration.
    pub fn new(options: &str) -> Result<Self, Vec<FieldProblem>> {
        Config::parse(options).map(|config| Self { config, flights: Flights::default() })
    }

    fn context<'a, P: Platform>(&'a self, platform: &'a P) -> Context<'a, P> {
        Context { config: &self.config, flights: &self.flights, platform }
    }

    /// The answer to what is no request of this service: an address that cannot be read.
    pub fn refuse(&self) -> Response<Vec<u8>> {
        let mut response = Problem::from(Code::NotFound).into_response();
        answer::finish(&mut response, &self.config, &Headers::default());
        response
    }

    /// Answers one request. Whatever goes wrong becomes an answer.
    pub async fn handle<P: Platform>(&self, platform: &P, mut request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let cx = self.context(platform);
        let mut response = router::dispatch(&cx, &request).await.unwrap_or_else(Problem::into_response);
        request.body_mut().wipe();
        answer::finish(&mut response, &self.config, request.headers());
        if request.method() == Method::HEAD {
            response.body_mut().clear();
        }
        response
    }

    /// Sends events to webhooks: those under these keys, then whatever else is due.
    pub async fn deliver<P: Platform>(&self, platform: &P, keys: &[String]) {
        self.context(platform).deliver_all(keys).await;
    }

    /// Does what is due with nobody asking for it: sends events again, and tells of links that have expired. To be called
    /// every minute or so; ends within that minute.
    ///
    /// # Errors
    /// `store_unavailable`: the next call does what is left.
    pub async fn sweep<P: Platform>(&self, platform: &P) -> Result<Sweep, Code> {
        let cx = self.context(platform);
        let round = || Round::new(platform.now_ms(), HALF_A_SWEEP);
        let expired = cx.sweep_links(&round()).await.map_err(|problem| problem.code)?;
        let delivered = cx.sweep_outbox(&mut round()).await.map_err(|problem| problem.code)?;
        Ok(Sweep { delivered, expired })
    }
}
