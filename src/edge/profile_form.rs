//! The form of an authorization profile: judged with the same code as in the page, then made a profile.

use super::fields::Fields;
use super::message::Request;
use super::platform::Platform;
use super::problem::{FieldProblem, Problem};
use super::profile::{ClientKind, MECHANISMS, Profile};
use super::store::Context;
use crate::error::Code;
use crate::form::{FormKind, FormOutcome, validate};
use crate::integration::Mechanism;
use crate::secret::Secret;
use crate::wipe::Wiped;
use std::prelude::v1::*;

fn form_of(mechanism: Mechanism) -> FormKind {
    match mechanism {
        Mechanism::Oauth2 => FormKind::OauthCustom,
        Mechanism::Basic => FormKind::BasicProfile,
    }
}

/// Says every problem of a judged form.
///
/// # Errors
/// `form_invalid`.
pub fn refuse_problems(outcome: &FormOutcome) -> Result<(), Problem> {
    let problems = outcome.problems.iter().map(|problem| FieldProblem::new(problem.field.as_str(), problem.code));
    let problems: Vec<FieldProblem> = problems.collect();
    if problems.is_empty() { Ok(()) } else { Err(Problem::listing(Code::FormInvalid, problems)) }
}

/// A profile's name, judged alone.
///
/// # Errors
/// `form_invalid`.
pub fn judge_name<P: Platform>(cx: &Context<'_, P>, name: &str) -> Result<String, Problem> {
    let outcome = validate(FormKind::BasicProfile, &[("name", name)], &cx.config.template);
    refuse_problems(&outcome)?;
    Ok(outcome.value("name").into())
}

/// The form's fields as they came, the secret among them.
pub struct Form {
    mechanism: Mechanism,
    given: Vec<(&'static str, Wiped<String>)>,
    /// The version that the caller has seen.
    pub version: Option<u32>,
}

impl Form {
    /// Reads the body. A profile's mechanism stays what it was made with.
    pub fn of(request: &Request<Vec<u8>>, known: Option<Mechanism>) -> Result<Self, Problem> {
        let mut body = Fields::of(request)?;
        let mut given = Vec::new();
        let typed = body.choice("mechanism", &MECHANISMS);
        let mechanism = known.or(typed).unwrap_or(Mechanism::Oauth2);
        if typed.is_some_and(|typed| typed != mechanism) {
            body.problem("mechanism", Code::FieldInvalid, "this cannot be changed: make another profile");
        }
        for name in form_of(mechanism).fields() {
            if let Some(text) = body.text(name) {
                given.push((name, Wiped::new(text)));
            }
        }
        let version = body.integer("version", 1..=u32::MAX);
        body.finish()?;
        Ok(Self { mechanism, given, version })
    }

    /// Judges the form with the same code as the page did, and makes the profile of it.
    pub fn judge<P: Platform>(
        &self,
        cx: &Context<'_, P>,
        known: Option<Profile>,
        id: String,
    ) -> Result<Profile, Problem> {
        let now = cx.platform.now_ms();
        // Whether a secret is known already is for this side to say.
        let mut given: Vec<(&str, &str)> = self
            .given
            .iter()
            .filter(|(name, _)| *name != "clientSecretSet")
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let is_known = known.as_ref().is_some_and(|known| known.client_secret.is_some() && self.is_same_client(known));
        if is_known {
            given.push(("clientSecretSet", "true"));
        }
        let outcome = validate(form_of(self.mechanism), &given, &cx.config.template);
        refuse_problems(&outcome)?;
        let value = |name: &str| String::from(outcome.value(name));
        let client_kind =
            if outcome.value("clientKind") == "public" { ClientKind::Public } else { ClientKind::Confidential };
        let mut profile = Profile {
            id,
            name: value("name"),
            mechanism: self.mechanism,
            subdomain: value("subdomain"),
            client_id: value("clientId"),
            client_kind,
            client_secret: None,
            authorization_url: value("authorizationUrl"),
            token_url: value("tokenUrl"),
            scope: value("scope"),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut known_secret = None;
        if let Some(known) = known {
            profile.created_at = known.created_at;
            profile.version = known.version.saturating_add(1);
            known_secret = known.client_secret;
        }
        if self.mechanism == Mechanism::Oauth2 && client_kind == ClientKind::Confidential {
            let mut values = outcome.values;
            let typed =
                values.iter_mut().find(|(name, _)| *name == "clientSecret").map(|(_, text)| std::mem::take(text));
            profile.client_secret = typed.filter(|text| !text.is_empty()).map(Secret::new).or(known_secret);
        }
        Ok(profile)
    }

    /// A stored secret stays with the client and the account that it was typed in for: whoever may edit a profile must
    /// not be able to send it elsewhere.
    fn is_same_client(&self, known: &Profile) -> bool {
        let typed =
            |field: &str| self.given.iter().find(|(name, _)| *name == field).map_or("", |(_, text)| text.trim());
        let is_same_account = crate::subdomain::Subdomain::parse(typed("subdomain"))
            .is_ok_and(|subdomain| subdomain.as_str() == known.subdomain);
        is_same_account && typed("clientId") == known.client_id
    }
}
