//! The token endpoint: requests, and the judgement of its answers (RFC 6749 sections 4.1.3, 4.4, 5 and 6; Zendesk API
//! reference, "OAuth Tokens for Grant Types").

use crate::callback::{Callback, printable};
use crate::endpoint::{AccountTemplate, TOKEN_PATH, resolve};
use crate::error::{Code, Error, Result, ServerAnswer};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use alloc::string::{String, ToString};
use serde::Serialize;
use serde_json::Value;

/// The largest answer that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;
/// Lifetimes above this are taken for nonsense, in seconds: ten years.
pub(crate) const MAX_LIFETIME: u64 = 315_360_000;

/// The OAuth client of a profile.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// The client's unique identifier.
    pub id: &'a str,
    /// The secret of a confidential client; `None` for a public one, which PKCE protects.
    pub secret: Option<&'a Secret>,
}

/// With what a token is asked for, besides the code or the refresh token.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeOptions<'a> {
    /// The OAuth client.
    pub client: Client<'a>,
    /// A profile's own token URL, on the account's host.
    pub token_url: Option<&'a str>,
    /// How the account's origin is built.
    pub template: &'a AccountTemplate,
    /// The access token's lifetime to ask for, in seconds. Always sent: Zendesk echoes `expires_in` only when asked.
    pub expires_in: u32,
    /// The scopes to ask for; a refresh leaves them out and so keeps what was granted (RFC 6749 section 6).
    pub scopes: Option<&'a Scopes>,
}

/// A token request: POST `body` as `application/json` to `url`, following no redirect.
#[derive(Debug)]
pub struct TokenRequest {
    /// The account's token endpoint.
    pub url: String,
    /// The JSON body.
    pub body: Secret,
}

#[derive(Default, Serialize)]
struct Body<'a> {
    grant_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_verifier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    expires_in: u32,
}

impl Body<'_> {
    /// The whole request: what is presented, and by which client.
    fn request(self, account: &Subdomain, options: &ExchangeOptions<'_>) -> Result<TokenRequest> {
        let url = resolve(options.token_url, TOKEN_PATH, options.template, account)?;
        let body = Body {
            client_id: options.client.id,
            client_secret: options.client.secret.map(Secret::expose),
            scope: options.scopes.map(Scopes::joined),
            expires_in: options.expires_in,
            ..self
        };
        let body = serde_json::to_string(&body).map_err(|_| Code::EndpointInvalid)?;
        Ok(TokenRequest { url, body: Secret::new(body) })
    }
}

/// Builds the exchange of a code; the callback is used up.
///
/// # Errors
/// `endpoint_invalid`, `endpoint_not_https`, `endpoint_other_host`.
pub fn exchange_request(callback: Callback, options: &ExchangeOptions<'_>) -> Result<TokenRequest> {
    let body = Body {
        grant_type: "authorization_code",
        code: Some(callback.expose_code()),
        redirect_uri: Some(callback.redirect_uri().as_str()),
        code_verifier: Some(callback.code_verifier().expose()),
        ..Body::default()
    };
    body.request(callback.subdomain(), options)
}

/// Builds a refresh (RFC 6749 section 6). The refresh token works once: whoever sends this must be alone in doing so, and
/// store what comes back before using it.
///
/// # Errors
/// `endpoint_invalid`, `endpoint_not_https`, `endpoint_other_host`.
pub fn refresh_request(
    refresh_token: &Secret,
    account: &Subdomain,
    options: &ExchangeOptions<'_>,
) -> Result<TokenRequest> {
    let refresh_token = Some(refresh_token.expose());
    Body { grant_type: "refresh_token", refresh_token, ..Body::default() }.request(account, options)
}

/// Builds a request for a token of the client's own (RFC 6749 section 4.4). There is no refresh token: ask again. Only
/// confidential clients may.
///
/// # Errors
/// `endpoint_invalid`, `endpoint_not_https`, `endpoint_other_host`.
pub fn client_credentials_request(account: &Subdomain, options: &ExchangeOptions<'_>) -> Result<TokenRequest> {
    Body { grant_type: "client_credentials", ..Body::default() }.request(account, options)
}

/// A token answer that was judged good.
#[derive(Debug)]
pub struct TokenGrant {
    /// The access token: no assumption about form or length, it may be a JWT or opaque.
    pub access_token: Secret,
    /// The single-use refresh token, where one came.
    pub refresh_token: Option<Secret>,
    /// The scopes granted, where they were named.
    pub scopes: Option<Scopes>,
    /// Seconds until the access token expires; `None` where the answer does not say: neither "never" nor "now".
    pub expires_in: Option<u64>,
    /// Seconds until the refresh token expires.
    pub refresh_token_expires_in: Option<u64>,
}

/// Judges an answer of the token endpoint: any 2xx with a string `access_token` is a grant.
///
/// # Errors
/// `token_response_malformed`, `token_response_too_large`, `unexpected_redirect`, `rate_limited`, `zendesk_unavailable`,
/// `invalid_grant`, `invalid_client`, `invalid_scope`, `unauthorized_client`, `invalid_request`,
/// `unsupported_grant_type`, `token_refused` (with Zendesk's own `error`).
pub fn judge(status: u16, retry_after: Option<&str>, body: &[u8]) -> Result<TokenGrant> {
    if body.len() > MAX_BODY {
        return Err(Code::TokenResponseTooLarge.into());
    }
    let json = serde_json::from_slice::<Value>(body).ok();
    if !(200..300).contains(&status) {
        return Err(refusal(status, retry_after, json.as_ref()));
    }
    let malformed = || Error::new(Code::TokenResponseMalformed);
    let json = json.ok_or_else(malformed)?;
    let text = |name: &str| json.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let access_token = text("access_token").filter(|token| is_token(token)).ok_or_else(malformed)?;
    if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(malformed());
    }
    Ok(TokenGrant {
        access_token: Secret::new(access_token),
        refresh_token: text("refresh_token").map(Secret::new),
        scopes: text("scope").and_then(|scope| Scopes::parse(scope).ok()),
        expires_in: lifetime(json.get("expires_in")),
        refresh_token_expires_in: lifetime(json.get("refresh_token_expires_in")),
    })
}

/// Whether a token can stand in an `Authorization` header.
fn is_token(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn lifetime(value: Option<&Value>) -> Option<u64> {
    let seconds = match value? {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (1..=MAX_LIFETIME).contains(&seconds).then_some(seconds)
}

fn refusal(status: u16, retry_after: Option<&str>, json: Option<&Value>) -> Error {
    let answer = server_answer(status, retry_after, json);
    let code = match (status, answer.error.as_str()) {
        (300..400, _) => Code::UnexpectedRedirect,
        (429, _) => Code::RateLimited,
        (500.., _) => Code::ZendeskUnavailable,
        (_, "invalid_grant") => Code::InvalidGrant,
        (_, "invalid_client") => Code::InvalidClient,
        (_, "invalid_scope") => Code::InvalidScope,
        (_, "unauthorized_client") => Code::UnauthorizedClient,
        (_, "invalid_request") => Code::InvalidRequest,
        (_, "unsupported_grant_type") => Code::UnsupportedGrantType,
        _ => Code::TokenRefused,
    };
    Error::refused(code, answer)
}

/// Reads the several shapes of Zendesk's errors: `{"error":"text"}`, `{"error":"Code","description"}`,
/// `{"error":{"title","message"}}`, `{"errors":[…]}`, or no JSON at all.
pub(crate) fn server_answer(status: u16, retry_after: Option<&str>, json: Option<&Value>) -> ServerAnswer {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(ToString::to_string);
    let at = |path: &str| json.and_then(|json| json.pointer(path));
    let error = text(at("/error"))
        .or_else(|| text(at("/error/title")))
        .or_else(|| text(at("/errors/0")))
        .or_else(|| text(at("/errors/0/code")))
        .or_else(|| text(at("/errors/0/title")));
    let description = text(at("/error_description"))
        .or_else(|| text(at("/description")))
        .or_else(|| text(at("/error/message")))
        .or_else(|| text(at("/errors/0/detail")));
    ServerAnswer {
        status,
        error: printable(&error.unwrap_or_default(), 200),
        description: printable(&description.unwrap_or_default(), 500),
        retry_after: retry_after.and_then(|seconds| seconds.trim().parse().ok()),
    }
}
