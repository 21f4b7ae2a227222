//! What must be kept between the start of an authorization and its callback.

use crate::error::{Code, Error, Result};
use crate::pkce::CodeVerifier;
use crate::redirect::RedirectUri;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use alloc::string::String;

/// One authorization under way. The host of the exchange comes from here, never from the callback.
#[derive(Debug)]
pub struct Transaction {
    /// `state` (RFC 6749 section 10.12): 43 characters.
    pub state: Secret,
    /// `code_verifier` (RFC 7636).
    pub code_verifier: CodeVerifier,
    /// The account.
    pub subdomain: Subdomain,
    /// The tenant the connection will belong to.
    pub tenant: String,
    /// The authorization profile's id; empty where there is none.
    pub profile: String,
    /// The `redirect_uri` of the authorization request.
    pub redirect_uri: RedirectUri,
    /// When the authorization was started, in milliseconds since 1970.
    pub created_at: u64,
}

/// A stored transaction as plain texts, before it is parsed again.
#[derive(Clone, Copy)]
pub struct StoredTransaction<'a> {
    /// `state`.
    pub state: &'a str,
    /// `code_verifier`.
    pub code_verifier: &'a str,
    /// The account.
    pub subdomain: &'a str,
    /// The tenant.
    pub tenant: &'a str,
    /// The profile's id, or empty.
    pub profile: &'a str,
    /// The `redirect_uri`.
    pub redirect_uri: &'a str,
    /// Milliseconds since 1970.
    pub created_at: u64,
}

impl Transaction {
    /// Parses every part of a stored transaction again, because storage can be edited.
    ///
    /// # Errors
    /// `transaction_invalid`.
    pub fn restore(stored: &StoredTransaction<'_>) -> Result<Self> {
        let parts = (
            CodeVerifier::parse(stored.code_verifier),
            Subdomain::parse(stored.subdomain),
            RedirectUri::parse(stored.redirect_uri),
        );
        match parts {
            (Ok(code_verifier), Ok(subdomain), Ok(redirect_uri)) if stored.state.len() == 43 => Ok(Self {
                state: Secret::new(stored.state),
                code_verifier,
                subdomain,
                tenant: stored.tenant.into(),
                profile: stored.profile.into(),
                redirect_uri,
                created_at: stored.created_at,
            }),
            _ => Err(Error::new(Code::TransactionInvalid)),
        }
    }
}
