//! Credentials that work: used, tried, refreshed, waited for or refused, as [`crate::renewal`] decides. Whoever is refused
//! is told the truth, and the integration and the product hear of it once.

use super::ask::{ask_about_token, ask_user, is_account_there};
use super::connection::{Connection, storage_key};
use super::credential::Credential;
use super::event::Event;
use super::keep::SAVE_ATTEMPTS;
use super::patience::Patience;
use super::platform::Platform;
use super::problem::Problem;
use super::renew::Attempt;
use super::store::{Context, Loaded};
use crate::basic;
use crate::error::{Code, Error};
use crate::integration::Action;
use crate::renewal::{Demand, State, Step};
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use std::prelude::v1::*;

/// What somebody wants of a connection.
pub enum Wanted {
    /// A credential that works, as far as can be known.
    Good,
    /// Another one than this, which Zendesk has refused.
    OtherThan(Secret),
    /// A new one.
    New,
}

/// What Zendesk says of a credential that was tried.
enum Tried {
    /// It takes it.
    Works,
    /// It does not.
    Refused(Error),
    /// It is not there any more.
    NoAccount,
}

impl<P: Platform> Context<'_, P> {
    /// A connection whose credential is as wanted. At most one caller refreshes it; the others wait for the store to show
    /// what came of it.
    ///
    /// # Errors
    /// `connection_not_found`, `reauthorization_required`, `connection_revoked`, `account_not_found`,
    /// `refresh_unavailable`, `refresh_in_progress`; what kept Zendesk from giving a new token (with `retryAfter`); and what
    /// reading, opening and writing can say.
    pub async fn connection_with(&self, tenant: &str, id: &str, wanted: Wanted) -> Result<Box<Connection>, Problem> {
        let key = storage_key(tenant, id);
        let mut patience = Patience::new(self);
        let mut unwanted = match wanted {
            Wanted::OtherThan(refused) => Some((Demand::Another, Some(refused))),
            Wanted::New => Some((Demand::New, None)),
            Wanted::Good => None,
        };
        let mut watch = None;
        loop {
            if self.flights.is_under_way(&key, self.platform.now_ms()) {
                patience.pause(self).await?;
                continue;
            }
            let loaded = self.load::<Connection>(&key).await?.ok_or(Code::ConnectionNotFound)?;
            let Loaded { record: connection, version } = loaded;
            let present = connection.credential.secret();
            let demand = match &mut unwanted {
                // Somebody else has brought another one meanwhile.
                Some((_, Some(unwanted))) if !unwanted.same_as(present.expose()) => Demand::Good,
                Some((demand, unwanted)) => {
                    unwanted.get_or_insert_with(|| present.duplicate());
                    *demand
                }
                None => Demand::Good,
            };
            let now = self.platform.now_ms();
            watch = match connection.state {
                State::Refreshing(lease) => Some(lease.watch(watch, now)),
                _ => None,
            };
            match connection.life().next(demand, now, watch) {
                Step::Use => return Ok(connection),
                Step::Wait => {}
                Step::Refuse(code, after) => return Err(self.refuse(&connection, code, after).await),
                Step::Try => match self.try_credential(&connection).await? {
                    Tried::Works => return self.outlive(&key, connection, version).await,
                    Tried::Refused(_) if connection.life().is_renewable => {
                        unwanted = Some((Demand::Another, Some(present.duplicate())));
                    }
                    Tried::Refused(error) => {
                        self.end(&key, &connection, State::ReauthorizationRequired, Some(error)).await?;
                    }
                    Tried::NoAccount => self.end(&key, &connection, State::AccountNotFound, None).await?,
                },
                Step::Renew => {
                    let can_do_without = demand == Demand::Good && connection.life().lasts(now);
                    match self.renew(&key, connection, version).await {
                        Attempt::Renewed(connection) => return Ok(connection),
                        Attempt::Ended(problem) => return Err(problem),
                        // The old one is still good, and what stands in the way may pass.
                        Attempt::NotBegun(_, Some(connection)) if can_do_without => return Ok(connection),
                        Attempt::NotBegun(problem, _) => return Err(problem),
                        Attempt::Again => {}
                    }
                }
            }
            patience.pause(self).await?;
        }
    }

    /// Asks Zendesk about a token without spending anything.
    async fn try_credential(&self, connection: &Connection) -> Result<Tried, Problem> {
        let account = Subdomain::parse(&connection.subdomain)?;
        let authorization = connection.credential.authorization();
        let answer = match &connection.credential {
            Credential::Token(_) => ask_about_token(self, &account, &authorization).await.map(|_| ()),
            Credential::ApiToken(_) => ask_user(self, &account, &authorization, basic::judge_user).await.map(|_| ()),
        };
        let Err(error) = answer else { return Ok(Tried::Works) };
        if matches!(error.code, Code::AccessTokenRefused | Code::BasicRefused) {
            return Ok(Tried::Refused(error));
        }
        match error.server.as_ref().map(|answer| answer.status) {
            Some(404 | 410) => match is_account_there(self, &account, &error).await {
                // The token may not see itself.
                Some(true) => Ok(Tried::Works),
                Some(false) => Ok(Tried::NoAccount),
                None => Err(Code::ZendeskUnavailable.into()),
            },
            _ => Err(error.into()),
        }
    }

    /// A token that nothing renews works longer than was assumed. A write that is lost is made up for by the next call.
    async fn outlive(
        &self,
        key: &str,
        mut connection: Box<Connection>,
        version: String,
    ) -> Result<Box<Connection>, Problem> {
        let now = self.platform.now_ms();
        let Credential::Token(token) = &mut connection.credential else { return Ok(connection) };
        if token.is_renewable() || token.expires_at > now {
            return Ok(connection);
        }
        token.expires_at = now.saturating_add(token.lifetime.saturating_mul(1000));
        let _written_or_not = self.save(key, &*connection, Some(&version), None).await;
        Ok(connection)
    }

    /// Why there is no credential. The integration may not have heard of it: whoever found out may have died.
    async fn refuse(&self, connection: &Connection, code: Code, after: Option<u64>) -> Problem {
        if matches!(connection.state, State::ReauthorizationRequired | State::AccountNotFound) {
            let happened = Action::ReauthorizationRequired(connection.id.clone());
            let _heard_or_not = self.tell_integration(&connection.tenant, &connection.owner, &happened).await;
        }
        match after {
            Some(milliseconds) => {
                Problem::passing(code, u32::try_from(milliseconds.div_ceil(1000)).unwrap_or(u32::MAX))
            }
            None => code.into(),
        }
    }

    /// Writes down that a connection is of no use any longer, tells the integration and the product, once, and fails with
    /// the reason. Where the record is no longer what it was seen as, by another credential or somebody's lease, or where
    /// somebody is refreshing it, nothing is believed and it has to be looked at again.
    ///
    /// # Errors
    /// `reauthorization_required`, `account_not_found`, `connection_not_found`, and what reading and writing can say.
    pub async fn end(&self, key: &str, seen: &Connection, state: State, error: Option<Error>) -> Result<(), Problem> {
        match seen.state {
            // Whoever refreshes finds out, and must not lose the lease to somebody who has only looked.
            State::Refreshing(_) => Ok(()),
            _ => self.end_leased(key, seen, state, error).await,
        }
    }

    /// The same by whoever has the lease, if there is one.
    ///
    /// # Errors
    /// As [`Self::end`].
    pub async fn end_leased(
        &self,
        key: &str,
        seen: &Connection,
        state: State,
        error: Option<Error>,
    ) -> Result<(), Problem> {
        let code = state.refusal().unwrap_or(Code::Internal);
        match seen.state.refusal() {
            // Known already, or about to be forgotten.
            Some(known) if seen.state == state || seen.state == State::Revoked => return Err(known.into()),
            _ => {}
        }
        // When a write was made that failed, and may have gone through.
        let mut tried_at = None;
        for _ in 0..SAVE_ATTEMPTS {
            let loaded = self.load::<Connection>(key).await?.ok_or(Code::ConnectionNotFound)?;
            let Loaded { record: mut connection, version } = loaded;
            let is_same = connection.credential.secret().same_as(seen.credential.secret().expose());
            let is_written = connection.state == state && tried_at == Some(connection.updated_at);
            if !is_same || (connection.state != seen.state && !is_written) {
                return Ok(());
            }
            if !is_written {
                connection.state = state;
                connection.trouble = None;
                connection.updated_at = self.platform.now_ms();
                match self.save(key, &*connection, Some(&version), None).await {
                    Ok(Some(_)) => {}
                    Ok(None) => continue,
                    Err(problem) if tried_at.is_some() => return Err(problem),
                    Err(_) => {
                        tried_at = Some(connection.updated_at);
                        continue;
                    }
                }
            }
            let happened = Action::ReauthorizationRequired(connection.id.clone());
            let _heard_or_not = self.tell_integration(&connection.tenant, &connection.owner, &happened).await;
            self.announce(&Event::connection_ended(&connection, error.as_ref().map_or(code, |error| error.code))).await;
            return Err(Problem::answered(code, error.and_then(|error| error.server.clone())));
        }
        Ok(())
    }
}
