//! Verification: whether Zendesk still takes a credential, and for the same user.

use super::ask::{ask_about_token, ask_user, is_account_there};
use super::connection::{Connection, Identity, storage_key};
use super::credential::Credential;
use super::event::Event;
use super::grant::{Terms, learn};
use super::keep::SAVE_ATTEMPTS;
use super::platform::Platform;
use super::problem::Problem;
use super::refresh::Wanted;
use super::store::{Context, Loaded};
use crate::basic;
use crate::error::{Code, Error};
use crate::identity::{CurrentToken, User, judge_user};
use crate::renewal::State;
use crate::subdomain::Subdomain;
use std::prelude::v1::*;

/// What Zendesk says of a credential.
enum Seen {
    /// Whose it is, where it may see that, and what it may do.
    As(Option<User>, Option<CurrentToken>),
    /// It is not taken, or is another user's.
    Refused(Error),
    /// There is no account.
    NoAccount,
}

impl<P: Platform> Context<'_, P> {
    /// A connection that Zendesk has just been asked about. One that was thought to be of no use is looked at again.
    ///
    /// # Errors
    /// `reauthorization_required`, `account_not_found`, `access_token_missing_scope`, those of
    /// [`Context::connection_with`], and what kept Zendesk from answering.
    pub async fn verified(&self, tenant: &str, id: &str) -> Result<Box<Connection>, Problem> {
        let key = storage_key(tenant, id);
        let mut connection = match self.connection_with(tenant, id, Wanted::Good).await {
            Err(problem) if matches!(problem.code, Code::ReauthorizationRequired | Code::AccountNotFound) => {
                self.load::<Connection>(&key).await?.ok_or(Code::ConnectionNotFound)?.record
            }
            known => known?,
        };
        for is_last in [false, true] {
            match self.look_at(&connection).await? {
                Seen::As(user, current) => return self.note(&key, connection, user, current).await,
                Seen::NoAccount => self.end(&key, &connection, State::AccountNotFound, None).await?,
                Seen::Refused(error) => {
                    let wanted = match connection.state {
                        _ if is_last || !connection.life().is_renewable => None,
                        State::AccountNotFound => Some(Wanted::New),
                        state if state.refusal().is_some() => None,
                        _ => Some(Wanted::OtherThan(connection.credential.secret().duplicate())),
                    };
                    match wanted {
                        Some(wanted) => {
                            connection = self.connection_with(tenant, id, wanted).await?;
                            continue;
                        }
                        None => self.end(&key, &connection, State::ReauthorizationRequired, Some(error)).await?,
                    }
                }
            }
            break;
        }
        // Changed while it was looked at.
        Err(Code::RefreshInProgress.into())
    }

    async fn look_at(&self, connection: &Connection) -> Result<Seen, Problem> {
        let account = Subdomain::parse(&connection.subdomain)?;
        let authorization = connection.credential.authorization();
        let (user, current) = match &connection.credential {
            Credential::ApiToken(_) => (ask_user(self, &account, &authorization, basic::judge_user).await, None),
            Credential::Token(_) => {
                let user = ask_user(self, &account, &authorization, judge_user);
                let (user, current) =
                    futures::future::join(user, ask_about_token(self, &account, &authorization)).await;
                (user, current.ok().flatten())
            }
        };
        let named = match &user {
            Ok(user) => Some(user.id),
            Err(_) => current.as_ref().and_then(|current| current.user_id),
        };
        match user {
            _ if named.is_some_and(|id| id != connection.user.id) => Ok(Seen::Refused(Code::IdentityOtherUser.into())),
            Ok(user) => Ok(Seen::As(Some(user), current)),
            Err(error) => match error.code {
                // Narrow scopes may not see the user, but the token says whose it is.
                Code::AccessTokenMissingScope if named.is_some() => Ok(Seen::As(None, current)),
                Code::AccessTokenRefused
                | Code::BasicRefused
                | Code::IdentityAnonymous
                | Code::UserSuspended
                | Code::UserUnverified => Ok(Seen::Refused(error)),
                _ if is_account_there(self, &account, &error).await == Some(false) => Ok(Seen::NoAccount),
                _ => Err(error.into()),
            },
        }
    }

    /// Writes down what was seen, unless there is another credential by now.
    async fn note(
        &self,
        key: &str,
        seen: Box<Connection>,
        user: Option<User>,
        current: Option<CurrentToken>,
    ) -> Result<Box<Connection>, Problem> {
        let terms = Terms::of(self)?;
        let user = user.map(Identity::from);
        for _ in 0..SAVE_ATTEMPTS {
            let loaded = self.load::<Connection>(key).await?.ok_or(Code::ConnectionNotFound)?;
            let Loaded { record: mut connection, version } = loaded;
            let was = connection.state;
            let is_same = connection.credential.secret().same_as(seen.credential.secret().expose());
            match was.refusal() {
                // What was seen is older than what has happened since.
                Some(code) if was != seen.state || was == State::Revoked => return Err(code.into()),
                None if !is_same => return Ok(connection),
                _ => {}
            }
            let now = self.platform.now_ms();
            if let Some(user) = &user {
                connection.user = user.clone();
            }
            if let Some(current) = &current {
                learn(&mut connection, current, &terms, false, now);
            }
            if was.refusal().is_some() {
                connection.state = State::Active;
            }
            if let State::Refreshing(_) = was {
                // Whoever refreshes writes it next, and should not be kept from that.
                return Ok(connection);
            }
            connection.updated_at = now;
            if self.save(key, &*connection, Some(&version), None).await?.is_some() {
                if was.refusal().is_some() {
                    self.tell_works(&connection).await;
                    self.announce(&Event::connection_recovered(&connection)).await;
                }
                return Ok(connection);
            }
        }
        Err(Code::RefreshInProgress.into())
    }
}
