//! Which way an account is authorized in, and whether the caller may use it.

use super::config::SystemClient;
use super::platform::Platform;
use super::problem::Problem;
use super::profile::Profile;
use super::session::INTEGRATION;
use super::store::Context;
use crate::error::{Code, Error};
use crate::integration::{Authorization, Mechanism, Offer};
use crate::retirement::basic_available;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use serde::Serializer;
use std::prelude::v1::*;

/// What stands where a profile's id stands, for the operator's own client. No profile has such a short id.
pub const SYSTEM: &str = "system";

/// The three ways by their names.
pub const AUTHORIZATIONS: [(&str, Authorization); 3] = [
    ("basic", Authorization::Basic),
    ("oauth-system", Authorization::OauthSystem),
    ("oauth-custom", Authorization::OauthCustom),
];

/// Which of the three, with which profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Which of the three.
    pub authorization: Authorization,
    /// The profile's id, where there is one.
    pub profile: Option<String>,
}

impl Way {
    /// The way of an OAuth flow, by its profile.
    pub fn of_oauth(profile: &str) -> Self {
        match profile {
            SYSTEM => Self { authorization: Authorization::OauthSystem, profile: None },
            id => Self { authorization: Authorization::OauthCustom, profile: Some(id.into()) },
        }
    }

    /// With the profile that an end user's integration has.
    pub fn custom_of_integration() -> Self {
        Self { authorization: Authorization::OauthCustom, profile: None }
    }

    /// With a Basic profile or without.
    pub fn basic(profile: Option<String>) -> Self {
        Self { authorization: Authorization::Basic, profile }
    }
}

/// Writes the name of a way into a record.
pub fn as_word<S: Serializer>(authorization: &Authorization, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(authorization.as_str())
}

impl<P: Platform> Context<'_, P> {
    /// What this worker can offer just now.
    pub fn offer(&self) -> Offer {
        Offer { basic: basic_available(self.platform.now_ms()), system: self.config.system_client.is_some() }
    }

    /// Whether somebody may authorize in this way: an admin in every way that there is, an end user in the integration's
    /// only. Where a user names no profile, the integration's is meant.
    ///
    /// # Errors
    /// `integration_system_unavailable`, `api_tokens_retired`, those of [`Integration::permits_user`], and what reading
    /// can say.
    ///
    /// [`Integration::permits_user`]: crate::integration::Integration::permits_user
    pub async fn permit(&self, tenant: &str, owner: &str, mut way: Way) -> Result<Way, Problem> {
        let offer = self.offer();
        if owner == INTEGRATION {
            offer.check(way.authorization)?;
            return Ok(way);
        }
        let integration = self.integration(tenant).await?.record.integration;
        if way.profile.is_none() && way.authorization != Authorization::OauthSystem {
            way.profile.clone_from(&integration.profile);
        }
        integration.permits_user(way.authorization, way.profile.as_deref(), &offer)?;
        Ok(way)
    }

    /// The client of an OAuth flow: a profile of the tenant's, or the operator's own for the account.
    ///
    /// # Errors
    /// `profile_not_found`, `integration_profile_mechanism`, `integration_system_unavailable`, `field_required` on
    /// `subdomain`, and what reading and opening can say.
    pub async fn oauth_profile(
        &self,
        tenant: &str,
        way: &Way,
        account: Option<&Subdomain>,
    ) -> Result<Box<Profile>, Problem> {
        if way.authorization == Authorization::OauthSystem {
            let client = self.config.system_client.as_ref().ok_or(Code::IntegrationSystemUnavailable)?;
            let account = account.ok_or_else(|| Error::on(Code::FieldRequired, "subdomain"))?;
            return Ok(Box::new(of_system(client, account)));
        }
        let profile = self.profile(tenant, way.profile.as_deref().unwrap_or_default()).await?.record;
        match profile.mechanism {
            Mechanism::Oauth2 => Ok(profile),
            Mechanism::Basic => Err(Error::on(Code::IntegrationProfileMechanism, "profile").into()),
        }
    }
}

/// The operator's client as if it were a profile for the account.
fn of_system(client: &SystemClient, account: &Subdomain) -> Profile {
    Profile {
        id: SYSTEM.into(),
        name: String::new(),
        mechanism: Mechanism::Oauth2,
        subdomain: account.as_str().into(),
        client_id: client.id.clone(),
        client_kind: client.kind,
        client_secret: client.secret.as_ref().map(Secret::duplicate),
        authorization_url: String::new(),
        token_url: String::new(),
        scope: client.scope.clone(),
        created_at: 0,
        updated_at: 0,
        version: 0,
    }
}
