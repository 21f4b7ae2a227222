//! A tenant's integration: which way of authorizing was chosen, and how far it has come. A pure state machine: what
//! admins ask for may be refused, what has happened never is.

use crate::error::{Code, Result};
use alloc::string::String;

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// E-mail address and API token.
    Basic,
    /// The operator's preconfigured OAuth client.
    OauthSystem,
    /// The customer's own OAuth client, in an authorization profile.
    OauthCustom,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// An admin authorizes once, and all users share the connection.
    PreAuthorize,
    /// Each user authorizes an account of their own.
    AllowUsers,
}

/// What an authorization profile is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// E-mail address and API token.
    Basic,
    /// An OAuth client.
    Oauth2,
}

/// Whether the integration's own connection is known to work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verification {
    /// There is no connection.
    #[default]
    None,
    /// The connection of this id was verified.
    Verified(String),
    /// The connection of this id was verified once and works no longer.
    NeedsReauthorization(String),
}

/// How far an integration has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was chosen.
    Unset,
    /// An authorization profile has to be selected.
    ProfileMissing,
    /// A connection has to be authorized.
    Unverified,
    /// It can be enabled.
    Ready,
    /// It is in use.
    Enabled,
    /// Its connection works no longer: enabled or not, it is of no use until it is authorized again.
    ReauthorizationRequired,
}

/// What this worker can offer just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Whether API tokens still work ([`crate::retirement::basic_available`]).
    pub basic: bool,
    /// Whether the operator has configured an OAuth client.
    pub system: bool,
}

/// What somebody asks for, or what has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// An admin chooses one of the six ways.
    Choose(Authorization, Access),
    /// An admin selects an authorization profile.
    SelectProfile {
        /// The profile's id.
        profile: String,
        /// What it is for.
        mechanism: Mechanism,
    },
    /// An admin lets go of the selected profile.
    ClearProfile,
    /// A profile was saved with another client, subdomain, URL or scope. A new name or a replaced secret is no such
    /// change: tokens go on working.
    ProfileChanged(String),
    /// A connection of the integration itself was authorized and verified.
    ConnectionVerified {
        /// The connection's id.
        connection: String,
        /// How it was authorized.
        authorization: Authorization,
        /// The profile it was authorized with, for OAuth - Custom.
        profile: Option<String>,
    },
    /// A connection of the integration itself has got an OAuth token in the place of its API token: verified, and under the
    /// same id. An integration that rests on it goes over to OAuth with it, and stays in use.
    ConnectionMigrated {
        /// The connection's id.
        connection: String,
        /// How it is authorized now.
        authorization: Authorization,
        /// The profile it was authorized with, for OAuth - Custom.
        profile: Option<String>,
    },
    /// Zendesk no longer accepts a connection's credentials.
    ReauthorizationRequired(String),
    /// A connection was disconnected.
    ConnectionRemoved(String),
    /// An admin puts the integration into use.
    Enable,
    /// An admin takes the integration out of use.
    Disable,
}

/// A tenant's integration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Integration {
    /// Which of the six ways; `None` until an admin has chosen.
    pub choice: Option<(Authorization, Access)>,
    /// The id of the selected authorization profile.
    pub profile: Option<String>,
    /// Whether its own connection works; for pre-authorized integrations only.
    pub verification: Verification,
    /// Whether an admin has put it into use.
    pub enabled: bool,
}

impl Offer {
    /// Whether this way can be offered at all.
    ///
    /// # Errors
    /// `integration_system_unavailable`, `api_tokens_retired`.
    pub fn check(&self, authorization: Authorization) -> Result<()> {
        match authorization {
            Authorization::Basic if !self.basic => Err(Code::ApiTokensRetired.into()),
            Authorization::OauthSystem if !self.system => Err(Code::IntegrationSystemUnavailable.into()),
            _ => Ok(()),
        }
    }
}

impl Authorization {
    /// All three, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::OauthSystem, Self::OauthCustom, Self::Basic];

    /// `basic`, `oauth-system` or `oauth-custom`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::OauthSystem => "oauth-system",
            Self::OauthCustom => "oauth-custom",
        }
    }

    /// The inverse of [`Authorization::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}

impl Access {
    /// Both.
    pub const ALL: [Self; 2] = [Self::PreAuthorize, Self::AllowUsers];

    /// `pre-authorize` or `allow-users`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreAuthorize => "pre-authorize",
            Self::AllowUsers => "allow-users",
        }
    }

    /// The inverse of [`Access::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}

impl Mechanism {
    /// `basic` or `oauth2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Oauth2 => "oauth2",
        }
    }

    /// The inverse of [`Mechanism::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Basic, Self::Oauth2].into_iter().find(|each| each.as_str() == text)
    }
}

impl Verification {
    /// The id of the connection, working or not.
    pub fn connection(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Verified(connection) | Self::NeedsReauthorization(connection) => Some(connection),
        }
    }
}

impl State {
    /// `unset`, `profile-missing`, `unverified`, `ready`, `enabled` or `reauthorization-required`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unset => "unset",
            Self::ProfileMissing => "profile-missing",
            Self::Unverified => "unverified",
            Self::Ready => "ready",
            Self::Enabled => "enabled",
            Self::ReauthorizationRequired => "reauthorization-required",
        }
    }
}

/// Which mechanism a profile for this way must have; `None` where it takes no profile.
pub fn profile_mechanism(authorization: Authorization, access: Access) -> Option<Mechanism> {
    match (authorization, access) {
        (Authorization::OauthCustom, _) => Some(Mechanism::Oauth2),
        (Authorization::Basic, Access::AllowUsers) => Some(Mechanism::Basic),
        (Authorization::Basic, Access::PreAuthorize) | (Authorization::OauthSystem, _) => None,
    }
}

impl Integration {
    /// How far it has come.
    pub fn state(&self) -> State {
        let Some((authorization, access)) = self.choice else { return State::Unset };
        if profile_mechanism(authorization, access).is_some() && self.profile.is_none() {
            return State::ProfileMissing;
        }
        match (access, &self.verification) {
            (Access::PreAuthorize, Verification::None) => State::Unverified,
            (Access::PreAuthorize, Verification::NeedsReauthorization(_)) => State::ReauthorizationRequired,
            _ if self.enabled => State::Enabled,
            _ => State::Ready,
        }
    }

    /// What becomes of the integration. The same integration comes back where the action changes nothing.
    ///
    /// # Errors
    /// `integration_not_chosen`, `integration_profile_missing`, `integration_profile_unused`,
    /// `integration_profile_mechanism`, `integration_unverified`, `integration_reauthorization_required`,
    /// `integration_system_unavailable`, `api_tokens_retired`; only for what an admin asks for.
    pub fn apply(&self, action: &Action, offer: &Offer) -> Result<Self> {
        match action {
            Action::Choose(authorization, access) => self.choose(*authorization, *access, offer),
            Action::SelectProfile { profile, mechanism } => self.select(profile, *mechanism),
            Action::ClearProfile if self.profile.is_some() => Ok(self.with_profile(None)),
            Action::ProfileChanged(profile) if self.profile.as_ref() == Some(profile) => {
                Ok(self.with_profile(self.profile.clone()))
            }
            Action::ConnectionVerified { connection, authorization, profile } => {
                Ok(self.verified(connection, *authorization, profile.as_ref()))
            }
            Action::ConnectionMigrated { connection, authorization, profile } => {
                Ok(self.migrated(connection, *authorization, profile.as_ref()))
            }
            Action::ReauthorizationRequired(connection) if self.rests_on(connection) => {
                Ok(Self { verification: Verification::NeedsReauthorization(connection.clone()), ..self.clone() })
            }
            Action::ConnectionRemoved(connection) if self.rests_on(connection) => {
                Ok(Self { verification: Verification::None, enabled: false, ..self.clone() })
            }
            Action::Enable => self.enable(offer),
            Action::Disable => Ok(Self { enabled: false, ..self.clone() }),
            _ => Ok(self.clone()),
        }
    }

    /// Whether an end user may authorize in this way just now.
    ///
    /// # Errors
    /// `integration_not_for_users`, `integration_other_choice`, `integration_not_enabled`,
    /// `integration_system_unavailable`, `api_tokens_retired`.
    pub fn permits_user(&self, authorization: Authorization, profile: Option<&str>, offer: &Offer) -> Result<()> {
        let Some((chosen, access)) = self.choice else { return Err(Code::IntegrationNotEnabled.into()) };
        if access != Access::AllowUsers {
            return Err(Code::IntegrationNotForUsers.into());
        }
        if chosen != authorization || self.profile.as_deref() != profile {
            return Err(Code::IntegrationOtherChoice.into());
        }
        if !self.enabled {
            return Err(Code::IntegrationNotEnabled.into());
        }
        offer.check(authorization)
    }

    fn choose(&self, authorization: Authorization, access: Access, offer: &Offer) -> Result<Self> {
        offer.check(authorization)?;
        if self.choice == Some((authorization, access)) {
            return Ok(self.clone());
        }
        let fits = |chosen: (Authorization, Access)| {
            profile_mechanism(chosen.0, chosen.1) == profile_mechanism(authorization, access)
        };
        let profile = self.profile.clone().filter(|_| self.choice.is_some_and(fits));
        Ok(Self { choice: Some((authorization, access)), ..self.with_profile(profile) })
    }

    fn select(&self, profile: &str, mechanism: Mechanism) -> Result<Self> {
        let (authorization, access) = self.choice.ok_or(Code::IntegrationNotChosen)?;
        match profile_mechanism(authorization, access) {
            None => Err(Code::IntegrationProfileUnused.into()),
            Some(needed) if needed != mechanism => Err(Code::IntegrationProfileMechanism.into()),
            Some(_) if self.profile.as_deref() == Some(profile) => Ok(self.clone()),
            Some(_) => Ok(self.with_profile(Some(profile.into()))),
        }
    }

    /// Begins anew with this profile: not in use, and nothing verified.
    fn with_profile(&self, profile: Option<String>) -> Self {
        Self { choice: self.choice, profile, verification: Verification::None, enabled: false }
    }

    /// A connection that was authorized in another way, or with another profile, says nothing about this integration.
    fn verified(&self, connection: &str, authorization: Authorization, profile: Option<&String>) -> Self {
        if self.choice != Some((authorization, Access::PreAuthorize))
            || self.state() == State::ProfileMissing
            || self.profile.as_ref() != profile
        {
            return self.clone();
        }
        Self { verification: Verification::Verified(connection.into()), ..self.clone() }
    }

    fn migrated(&self, connection: &str, authorization: Authorization, profile: Option<&String>) -> Self {
        if !self.rests_on(connection) || self.choice != Some((Authorization::Basic, Access::PreAuthorize)) {
            return self.verified(connection, authorization, profile);
        }
        Self {
            choice: Some((authorization, Access::PreAuthorize)),
            profile: profile.cloned(),
            verification: Verification::Verified(connection.into()),
            enabled: self.enabled,
        }
    }

    fn rests_on(&self, connection: &str) -> bool {
        self.verification.connection() == Some(connection)
    }

    fn enable(&self, offer: &Offer) -> Result<Self> {
        if let Some((authorization, _)) = self.choice {
            offer.check(authorization)?;
        }
        match self.state() {
            State::Unset => Err(Code::IntegrationNotChosen.into()),
            State::ProfileMissing => Err(Code::IntegrationProfileMissing.into()),
            State::Unverified => Err(Code::IntegrationUnverified.into()),
            State::ReauthorizationRequired => Err(Code::IntegrationReauthorizationRequired.into()),
            State::Ready | State::Enabled => Ok(Self { enabled: true, ..self.clone() }),
        }
    }
}
