//! One attempt at a new credential: the lease, the request, and what came of it written down before anyone uses it.

use super::ask::{ask_current_token, ask_token, exchange_options, is_account_there};
use super::connection::Connection;
use super::defect::{Defect, has_defect};
use super::disconnect::revoke;
use super::event::Event;
use super::grant::{Terms, learn, renew};
use super::platform::Platform;
use super::problem::Problem;
use super::profile::Profile;
use super::store::{Context, Loaded};
use crate::error::{Code, Error};
use crate::integration::{Action, Authorization};
use crate::renewal::{Failed, Lease, SEND_BEFORE, State};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::token::{TokenGrant, client_credentials_request, refresh_request};
use std::prelude::v1::*;

/// How often a new credential is tried to be stored, and a lease to be given back.
const STORE_ATTEMPTS: u32 = 6;

/// What came of an attempt.
pub enum Attempt {
    /// A new credential, stored.
    Renewed(Box<Connection>),
    /// There will be none: the connection is of no use.
    Ended(Problem),
    /// Nothing was sent, for this reason. The connection as it was, where it is known.
    NotBegun(Problem, Option<Box<Connection>>),
    /// Look again: somebody else was faster, or it is written down why there is none yet.
    Again,
}

impl<P: Platform> Context<'_, P> {
    /// Takes the lease and asks for a new credential.
    pub async fn renew(&self, key: &str, connection: Box<Connection>, version: String) -> Attempt {
        let began = self.platform.now_ms();
        let Some(flight) = self.flights.begin(key, began) else { return Attempt::Again };
        let prepared = self.client_of(&connection).await.and_then(|client| Ok((client, self.random::<8>()?)));
        let (client, id) = match prepared {
            Ok((client, id)) => (client, u64::from_be_bytes(id)),
            Err(problem) => return Attempt::NotBegun(problem, Some(connection)),
        };
        let was = connection.state;
        let lease = Lease { id, taken_at: began };
        let taken = if has_defect(Defect::NoLease) {
            Ok((connection, version))
        } else {
            self.take(key, connection, version, lease).await
        };
        let (mut connection, mut version) = match taken {
            Ok(taken) => taken,
            Err(attempt) => return attempt,
        };
        // Whoever waits for this lease counts from a later moment than this one.
        let is_late = self.platform.now_ms().saturating_sub(began) > SEND_BEFORE;
        let asked = if is_late { Err(Code::StoreUnavailable.into()) } else { self.ask(&client, &connection).await };
        let (grant, terms) = match asked {
            Ok(granted) => granted,
            Err(error) => return self.settle(key, connection, (lease, was), error).await,
        };
        let spent = connection.credential.secret().duplicate();
        let is_silent = grant.expires_in.is_none();
        renew(&mut connection, grant, &terms, self.platform.now_ms());
        if has_defect(Defect::UseBeforeStore) {
            self.learn_of(key, &mut connection, &terms, &version).await;
        }
        match self.store_new(key, &mut connection, &spent, version).await {
            Ok(stored) => version = stored,
            Err(attempt) => return attempt,
        }
        drop(flight);
        if is_silent {
            self.learn_of(key, &mut connection, &terms, &version).await;
        }
        if was.refusal().is_some() {
            self.tell_works(&connection).await;
        }
        self.announce(&Event::connection_refreshed(&connection)).await;
        Attempt::Renewed(connection)
    }

    /// The client that a connection was authorized with.
    async fn client_of(&self, connection: &Connection) -> Result<Box<Profile>, Problem> {
        let account = Subdomain::parse(&connection.subdomain)?;
        let profile = self.oauth_profile(&connection.tenant, &connection.way(), Some(&account)).await?;
        if profile.subdomain != connection.subdomain {
            // Its secret is for another account now.
            return Err(Error::on(Code::SubdomainMismatch, "subdomain").into());
        }
        Ok(profile)
    }

    /// Writes the lease. A write that failed may have gone through, which reading shows.
    async fn take(
        &self,
        key: &str,
        mut connection: Box<Connection>,
        version: String,
        lease: Lease,
    ) -> Result<(Box<Connection>, String), Attempt> {
        let before = connection.state;
        if let State::Refreshing(_) = before {
            // Whoever had the lease may have spent the refresh token.
            connection.trouble = Some(connection.life().doubt(self.platform.now_ms()));
        }
        connection.state = State::Refreshing(lease);
        let problem = match self.save(key, &*connection, Some(&version), None).await {
            Ok(Some(version)) => return Ok((connection, version)),
            Ok(None) => return Err(Attempt::Again),
            Err(problem) => problem,
        };
        match self.load::<Connection>(key).await {
            Ok(Some(Loaded { record, version })) if record.state == State::Refreshing(lease) => Ok((record, version)),
            Ok(Some(Loaded { version: found, .. })) if found == version => {
                connection.state = before;
                Err(Attempt::NotBegun(problem, Some(connection)))
            }
            // What was read before the write is old by now.
            Ok(_) => Err(Attempt::Again),
            // Perhaps the lease stands: then it is waited for.
            Err(problem) => Err(Attempt::NotBegun(problem, None)),
        }
    }

    async fn ask(&self, client: &Profile, connection: &Connection) -> Result<(TokenGrant, Terms), Error> {
        let account = Subdomain::parse(&connection.subdomain)?;
        let terms = Terms::of(self).map_err(|problem| Error::new(problem.code))?;
        let token = connection.credential.token().ok_or(Code::RefreshUnavailable)?;
        let scopes = if token.is_of_client { Some(Scopes::parse(&connection.requested)?) } else { None };
        let options = exchange_options(self, client, scopes.as_ref());
        let request = match &token.refresh_token {
            Some(refresh_token) if !token.is_of_client => refresh_request(refresh_token, &account, &options)?,
            _ => client_credentials_request(&account, &options)?,
        };
        Ok((ask_token(self, &account, request).await?, terms))
    }

    /// Stores a new credential in the place of the one that was spent, whatever else has happened to the record. Until that
    /// is done, nobody gets to see it.
    async fn store_new(
        &self,
        key: &str,
        connection: &mut Connection,
        spent: &Secret,
        mut version: String,
    ) -> Result<String, Attempt> {
        let mut last = Problem::from(Code::StoreUnavailable);
        for attempt in 0..STORE_ATTEMPTS {
            if attempt > 0 {
                self.platform.wait(50 << attempt).await;
            }
            match self.save(key, connection, Some(&version), None).await {
                Ok(Some(stored)) => return Ok(stored),
                Ok(None) => {}
                Err(problem) => last = problem,
            }
            let loaded = match self.load::<Connection>(key).await {
                Ok(loaded) => loaded,
                Err(problem) => {
                    last = problem;
                    continue;
                }
            };
            let Some(Loaded { record, version: found }) = loaded else {
                // Disconnected meanwhile, without this token.
                let _known_or_not = revoke(self, connection).await;
                return Err(Attempt::Ended(Code::ConnectionNotFound.into()));
            };
            let present = record.credential.secret();
            if present.same_as(connection.credential.secret().expose()) {
                // The write that failed went through.
                return Ok(found);
            }
            if !present.same_as(spent.expose()) || record.state == State::Revoked {
                // Authorized again, or about to be disconnected: what is here belongs to nobody.
                let _known_or_not = revoke(self, connection).await;
                return Err(Attempt::Again);
            }
            version = found;
        }
        Err(Attempt::Ended(last))
    }

    /// Asks Zendesk what its answer left out. The credential is stored by now; this only makes it better known.
    async fn learn_of(&self, key: &str, connection: &mut Connection, terms: &Terms, version: &str) {
        let Ok(account) = Subdomain::parse(&connection.subdomain) else { return };
        let authorization = connection.credential.authorization();
        if let Ok(Some(current)) = ask_current_token(self, &account, &authorization).await
            && learn(connection, &current, terms, true, self.platform.now_ms())
        {
            let _written_or_not = self.save(key, connection, Some(version), None).await;
        }
    }

    /// Tells the integration that a connection works, which was thought not to.
    pub async fn tell_works(&self, connection: &Connection) {
        let happened = Action::ConnectionVerified {
            connection: connection.id.clone(),
            authorization: connection.authorization,
            profile: connection.profile.clone().filter(|_| connection.authorization == Authorization::OauthCustom),
        };
        let _heard_or_not = self.tell_integration(&connection.tenant, &connection.owner, &happened).await;
    }

    /// Writes down what a failure means. `was` is what the connection was before the lease.
    async fn settle(
        &self,
        key: &str,
        connection: Box<Connection>,
        (lease, was): (Lease, State),
        error: Error,
    ) -> Attempt {
        if let Ok(account) = Subdomain::parse(&connection.subdomain)
            && is_account_there(self, &account, &error).await == Some(false)
        {
            return self.end_with(key, &connection, State::AccountNotFound, None).await;
        }
        let jitter = self.random::<1>().map_or(0, |[jitter]| jitter);
        let now = self.platform.now_ms();
        let trouble = match connection.life().failed(error.code, error.server.as_ref(), now, jitter) {
            // To be believed only where the record has no newer one.
            Failed::Refused => {
                return self.end_with(key, &connection, State::ReauthorizationRequired, Some(error)).await;
            }
            Failed::Paused(trouble) => trouble,
        };
        for attempt in 0..STORE_ATTEMPTS {
            if attempt > 0 {
                self.platform.wait(50 << attempt).await;
            }
            match self.load::<Connection>(key).await {
                Ok(Some(Loaded { record: mut present, version })) if present.state == State::Refreshing(lease) => {
                    // What was thought to be of no use still is, as far as can be known.
                    present.state = if was.refusal().is_some() { was } else { State::Active };
                    present.trouble = Some(trouble);
                    if let Ok(Some(_)) = self.save(key, &*present, Some(&version), None).await {
                        return Attempt::Again;
                    }
                }
                // Somebody else's by now.
                Ok(_) => return Attempt::Again,
                Err(_) => {}
            }
        }
        // It stays as it is until the lease has run out.
        Attempt::Ended(error.into())
    }

    async fn end_with(&self, key: &str, connection: &Connection, state: State, error: Option<Error>) -> Attempt {
        match self.end_leased(key, connection, state, error).await {
            Ok(()) => Attempt::Again,
            Err(problem) => Attempt::Ended(problem),
        }
    }
}
