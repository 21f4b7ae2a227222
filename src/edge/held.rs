//! A transaction that the worker holds: begun here, sealed into a cookie, and so bound to the browser.

use super::cookie;
use super::fields::Fields;
use super::message::Headers;
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Record, sealed_text, sealed_text_if_any};
use super::transaction_record::{TransactionRecord, transaction_id};
use super::way::Way;
use crate::authorize::{AuthorizationOptions, begin};
use crate::error::{Code, Error};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::transaction::{StoredTransaction, Transaction};
use serde::Serialize;
use std::format;
use std::prelude::v1::*;
use zeroize::Zeroize;

/// How the browser comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// To a window that closes itself.
    Popup,
    /// To the embedding product.
    Redirect,
}

/// Both by their names.
pub const MODES: [(&str, Mode); 2] = [("popup", Mode::Popup), ("redirect", Mode::Redirect)];

/// What the cookie holds: the transaction, and what it was begun for.
#[derive(Serialize)]
pub struct Held {
    #[serde(serialize_with = "sealed_text")]
    state: Secret,
    #[serde(serialize_with = "sealed_text")]
    code_verifier: Secret,
    subdomain: String,
    /// The tenant.
    pub tenant: String,
    /// `integration`, or `user:` and the end user.
    pub owner: String,
    /// The profile's id.
    pub profile: String,
    /// What was asked for.
    pub scope: String,
    redirect_uri: String,
    created_at: u64,
    /// How the browser comes back.
    pub mode: Mode,
    /// Where to.
    pub return_to: Option<String>,
    /// The token of the authorization link that was followed.
    #[serde(serialize_with = "sealed_text_if_any")]
    pub link: Option<Secret>,
}

impl Record for Held {
    fn read(fields: &mut Fields) -> Self {
        Self {
            state: Secret::new(fields.required("state")),
            code_verifier: Secret::new(fields.required("code_verifier")),
            subdomain: fields.required("subdomain"),
            tenant: fields.required("tenant"),
            owner: fields.required("owner"),
            profile: fields.required("profile"),
            scope: fields.required("scope"),
            redirect_uri: fields.required("redirect_uri"),
            created_at: fields.number("created_at"),
            mode: fields.choice("mode", &MODES).unwrap_or(Mode::Popup),
            return_to: fields.text("return_to"),
            link: fields.secret("link"),
        }
    }
}

impl Held {
    /// The transaction, to judge a callback with.
    ///
    /// # Errors
    /// `transaction_invalid`.
    pub fn transaction(&self) -> Result<Transaction, Error> {
        Transaction::restore(&StoredTransaction {
            state: self.state.expose(),
            code_verifier: self.code_verifier.expose(),
            subdomain: &self.subdomain,
            tenant: &self.tenant,
            profile: &self.profile,
            redirect_uri: &self.redirect_uri,
            created_at: self.created_at,
        })
    }
}

/// What a transaction's cookie is sealed for. No storage key begins like this.
pub fn place(id: &str) -> String {
    format!("cookie/{id}")
}

/// Who authorizes what, and how they come back.
pub struct Start<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// `integration`, or `user:` and the end user.
    pub owner: &'a str,
    /// A permitted way of OAuth.
    pub way: &'a Way,
    /// The account, where somebody named one.
    pub account: Option<&'a Subdomain>,
    /// How the browser comes back.
    pub mode: Mode,
    /// Where to.
    pub return_to: Option<String>,
    /// The token of the authorization link that was followed.
    pub link: Option<&'a str>,
}

/// A transaction that has begun.
pub struct Begun {
    /// Its id.
    pub id: String,
    /// Where the browser goes.
    pub authorization_url: String,
    /// When it can no longer end well, in milliseconds since 1970.
    pub expires_at: u64,
    sealed: String,
}

impl Begun {
    /// Gives the browser what binds the transaction to it.
    pub fn bind(&self, request: &Headers, response: &mut Headers, max_age: u32) {
        cookie::make_room(request, response);
        cookie::set(response, &self.id, &self.sealed, max_age);
    }
}

impl<P: Platform> Context<'_, P> {
    /// Begins a transaction: recorded as pending, and sealed for the browser.
    ///
    /// # Errors
    /// `subdomain_mismatch`, those of [`Context::oauth_profile`], and what writing can say.
    pub async fn begin_held(&self, start: Start<'_>) -> Result<Begun, Problem> {
        let profile = self.oauth_profile(start.tenant, start.way, start.account).await?;
        let subdomain = Subdomain::parse(&profile.subdomain)?;
        if start.account.is_some_and(|typed| *typed != subdomain) {
            return Err(Error::on(Code::SubdomainMismatch, "subdomain").into());
        }
        let scopes = Scopes::parse(&profile.scope)?;
        let now = self.platform.now_ms();
        let mut entropy = [[0; 32]; 2];
        self.fill(entropy.as_flattened_mut())?;
        let options = AuthorizationOptions {
            subdomain: &subdomain,
            template: &self.config.template,
            authorization_url: Some(profile.authorization_url.as_str()).filter(|url| !url.is_empty()),
            client_id: &profile.client_id,
            redirect_uri: &self.config.callback,
            scopes: &scopes,
            tenant: start.tenant,
            profile: &profile.id,
        };
        let begun = begin(&options, &entropy, now);
        entropy.zeroize();
        let (authorization_url, transaction) = begun?;

        let id = transaction_id(transaction.state.expose());
        let expires_at = now.saturating_add(u64::from(self.config.transaction_max_age) * 1000);
        let record = TransactionRecord::new(&id, start.owner, now, expires_at);
        if self.save_transaction(start.tenant, &record, None).await?.is_none() {
            return Err(Code::Internal.into());
        }
        let held = Held {
            code_verifier: Secret::new(transaction.code_verifier.expose()),
            state: transaction.state,
            subdomain: profile.subdomain,
            tenant: start.tenant.into(),
            owner: start.owner.into(),
            profile: profile.id,
            scope: scopes.joined(),
            redirect_uri: self.config.callback.as_str().into(),
            created_at: now,
            mode: start.mode,
            return_to: start.return_to,
            link: start.link.map(Secret::new),
        };
        let sealed = self.seal(&place(&id), &held)?;
        Ok(Begun { id, authorization_url, expires_at, sealed })
    }
}
