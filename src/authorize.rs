//! The authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3; Zendesk help 4408845965210).

use crate::endpoint::{AUTHORIZATION_PATH, AccountTemplate, Template};
use crate::error::{Code, Error, Judged, Result};
use crate::out::{Draft, Out};
use crate::pkce::{CodeVerifier, base64url};
use crate::redirect::RedirectUri;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::text;
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
    let [for_state, for_verifier] = entropy;
    let (state, code_verifier) = (Secret::new(base64url(for_state)), CodeVerifier::from_random(for_verifier));
    let code_challenge = code_verifier.challenge();
    let request = Request {
        template: options.template.parts(),
        label: options.subdomain.as_str().as_bytes(),
        authorization_url: options.authorization_url.unwrap_or_default().as_bytes(),
        client_id: options.client_id.as_bytes(),
        redirect_uri: options.redirect_uri.as_str().as_bytes(),
        scope: options.scopes.as_bytes(),
        state: state.expose().as_bytes(),
        code_challenge: code_challenge.as_bytes(),
    };
    let mut url = Draft::new();
    request.put_url(&mut url).map_err(|code| match code {
        Code::FieldRequired | Code::FieldTooLong => Error::on(code, "clientId"),
        code => code.into(),
    })?;
    let transaction = Transaction {
        state,
        code_verifier,
        subdomain: options.subdomain.clone(),
        tenant: options.tenant.into(),
        profile: options.profile.into(),
        redirect_uri: options.redirect_uri.clone(),
        created_at: now,
    };
    Ok((url.text(), transaction))
}

/// The parts of an authorization request, parsed already but for the URL and the client id.
pub(crate) struct Request<'a> {
    pub template: Template<'a>,
    pub label: &'a [u8],
    pub authorization_url: &'a [u8],
    pub client_id: &'a [u8],
    pub redirect_uri: &'a [u8],
    pub scope: &'a [u8],
    pub state: &'a [u8],
    pub code_challenge: &'a [u8],
}

impl Request<'_> {
    pub fn put_url(&self, url: &mut impl Out) -> Judged<()> {
        if self.client_id.is_empty() {
            return Err(Code::FieldRequired);
        }
        if self.client_id.len() > 255 {
            return Err(Code::FieldTooLong);
        }
        self.template.put_endpoint(self.authorization_url, AUTHORIZATION_PATH.as_bytes(), self.label, url)?;
        let has_query = text::has(self.authorization_url, b'?');
        url.push(if has_query { b'&' } else { b'?' });
        url.put(b"response_type=code&code_challenge_method=S256");
        put_parameter(b"&client_id=", self.client_id, url);
        put_parameter(b"&redirect_uri=", self.redirect_uri, url);
        put_parameter(b"&scope=", self.scope, url);
        // base64url, which is unreserved.
        url.put(b"&state=");
        url.put(self.state);
        url.put(b"&code_challenge=");
        url.put(self.code_challenge);
        Ok(())
    }
}

/// Writes a parameter, percent-encoded but for the unreserved characters of RFC 3986; a space becomes `%20`.
#[inline(never)]
fn put_parameter(name: &[u8], value: &[u8], url: &mut impl Out) {
    url.put(name);
    let mut rest = value;
    loop {
        let (plain, others) = text::cut(rest, text::span(rest, text::UNRESERVED, true));
        url.put(plain);
        let Some((byte, after)) = others.split_first() else { break };
        url.put(&[b'%', digit(byte >> 4), digit(byte & 15)]);
        rest = after;
    }
}

fn digit(nibble: u8) -> u8 {
    nibble + if nibble < 10 { b'0' } else { b'A' - 10 }
}
