//! The authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3; Zendesk help 4408845965210).

use crate::endpoint::{AUTHORIZATION_PATH, AccountTemplate, resolve};
use crate::error::{Code, Error, Result};
use crate::pkce::{CodeVerifier, base64url};
use crate::redirect::RedirectUri;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::transaction::Transaction;
use alloc::string::String;

/// What an authorization is started with.
#[derive(Clone, Copy, Debug)]
pub struct AuthorizationOptions<'a> {
    /// REQUIRED. The account.
    pub subdomain: &'a Subdomain,
    /// REQUIRED. How the account's origin is built.
    pub template: &'a AccountTemplate,
    /// OPTIONAL. A profile's own authorization URL, on the account's host.
    pub authorization_url: Option<&'a str>,
    /// REQUIRED. The OAuth client's unique identifier, 1 to 255 characters.
    pub client_id: &'a str,
    /// REQUIRED. One of the client's registered redirect URLs, letter by letter.
    pub redirect_uri: &'a RedirectUri,
    /// REQUIRED. What is asked for.
    pub scopes: &'a Scopes,
    /// REQUIRED. The tenant that the connection will belong to.
    pub tenant: &'a str,
    /// The authorization profile's id, or empty.
    pub profile: &'a str,
}

/// Starts an authorization: the URL to send the browser to, and the transaction to keep until the callback.
///
/// `entropy` is 32 random bytes for `state` and 32 for the `code_verifier`. `now` is in milliseconds since 1970.
///
/// # Errors
/// `field_required` or `field_too_long` (on `clientId`), `endpoint_invalid`, `endpoint_not_https`, `endpoint_other_host`.
pub fn begin(options: &AuthorizationOptions<'_>, entropy: &[[u8; 32]; 2], now: u64) -> Result<(String, Transaction)> {
    if options.client_id.is_empty() {
        return Err(Error::on(Code::FieldRequired, "clientId"));
    }
    if options.client_id.len() > 255 {
        return Err(Error::on(Code::FieldTooLong, "clientId"));
    }
    let endpoint = resolve(options.authorization_url, AUTHORIZATION_PATH, options.template, options.subdomain)?;
    let [for_state, for_verifier] = entropy;
    let state = base64url(for_state);
    let code_verifier = CodeVerifier::from_random(for_verifier);

    let mut url = endpoint;
    url.reserve(512);
    url.push(if crate::text::has(&url, b'?') { '&' } else { '?' });
    url.push_str("response_type=code&code_challenge_method=S256");
    for (name, value) in [
        ("&client_id=", options.client_id),
        ("&redirect_uri=", options.redirect_uri.as_str()),
        ("&scope=", options.scopes.joined().as_str()),
        ("&state=", state.as_str()),
        ("&code_challenge=", code_verifier.challenge().as_str()),
    ] {
        url.push_str(name);
        push_encoded(&mut url, value);
    }
    let transaction = Transaction {
        state: Secret::new(state),
        code_verifier,
        subdomain: options.subdomain.clone(),
        tenant: options.tenant.into(),
        profile: options.profile.into(),
        redirect_uri: options.redirect_uri.clone(),
        created_at: now,
    };
    Ok((url, transaction))
}

/// Percent-encodes all but the unreserved characters of RFC 3986; a space becomes `%20`.
pub(crate) fn push_encoded(url: &mut String, value: &str) {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).map_or('0', |&hex| char::from(hex));
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || crate::text::is_one_of(byte, b"-._~") {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(digit(byte >> 4));
            url.push(digit(byte & 15));
        }
    }
}
