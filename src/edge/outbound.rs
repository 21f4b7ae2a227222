//! The only way out: every request to Zendesk is built here, and goes to the account's own origin or nowhere.

use super::message::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use super::message::{Request, is_value};
use super::platform::{FetchError, Platform};
use super::store::Context;
use crate::callback::printable;
use crate::endpoint::AccountTemplate;
use crate::error::{Code, Error, ServerAnswer};
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::wipe::Wiped;
use base64ct::{Base64, Encoding};
use http::Method;
use serde_json::Value;
use std::borrow::Cow;
use std::format;
use std::prelude::v1::*;
use url::{Url, form_urlencoded};

/// So many characters of a secret give it away: fewer than whoever guesses needs, more than sentences share with it.
const SECRET_START: usize = 8;
/// What is shorter is no secret, and would be found in any sentence.
const SHORTEST_SECRET: usize = 4;

/// A request to an account.
pub struct Outbound<'a> {
    /// What is asked of the account.
    pub method: Method,
    /// The whole URL.
    pub url: &'a str,
    /// JSON, with POST.
    pub body: Option<Secret>,
    /// The whole `Authorization` header.
    pub authorization: Option<&'a Secret>,
}

impl<'a> Outbound<'a> {
    /// A call that only reads.
    pub fn get(url: &'a str, authorization: &'a Secret) -> Self {
        Self { method: Method::GET, url, body: None, authorization: Some(authorization) }
    }
}

/// What of a request holds secrets.
struct Carried {
    body: Option<Secret>,
    authorization: Option<Secret>,
}

impl Carried {
    /// How the secrets begin, also as JSON writes them: whoever repeats one may have cut it.
    fn secrets(&self) -> Vec<Secret> {
        let mut secrets = Vec::new();
        let mut carry = |secret: &str| {
            let shown = Secret::new(printable(secret, SECRET_START));
            let escaped = Secret::new(serde_json::to_string(shown.expose()).unwrap_or_default());
            let escaped = Secret::new(escaped.expose().trim_matches('"'));
            if secret.len() >= SHORTEST_SECRET && escaped.expose().len() >= SHORTEST_SECRET {
                secrets.extend([shown, escaped]);
            }
        };
        if let Some((_, credential)) = self.authorization.as_ref().and_then(|header| header.expose().split_once(' ')) {
            carry(credential);
            let pair = Wiped::new(Base64::decode_vec(credential).unwrap_or_default());
            if let Some((_, password)) = std::str::from_utf8(&pair).ok().and_then(|pair| pair.split_once(':')) {
                carry(password);
            }
        }
        if let Some(Ok(Value::Object(mut fields))) =
            self.body.as_ref().map(|body| serde_json::from_slice(body.expose().as_bytes()))
        {
            for name in ["client_secret", "code", "code_verifier", "refresh_token"] {
                if let Some(Value::String(secret)) = fields.get_mut(name).map(Value::take) {
                    carry(Secret::new(secret).expose());
                }
            }
        }
        secrets
    }
}

/// A whole answer; its body may hold credentials and is wiped.
pub struct Answer {
    carried: Carried,
    /// HTTP status, never a redirect.
    pub status: u16,
    /// `Retry-After` as it came.
    pub retry_after: Option<String>,
    /// At most [`MAX_BODY`](crate::token::MAX_BODY) bytes.
    pub body: Wiped<Vec<u8>>,
}

impl Answer {
    /// Judges the answer. Where a refusal repeats a secret of its request, as proxies do that are set up to debug, nothing
    /// of what it says is passed on but its code.
    ///
    /// # Errors
    /// Those of `judge`.
    pub fn judge<T>(&self, judge: impl Fn(u16, Option<&str>, &[u8]) -> Result<T, Error>) -> Result<T, Error> {
        judge(self.status, self.retry_after.as_deref(), &self.body).map_err(|error| match &error.server {
            Some(server) if self.repeats_a_secret() => {
                let told = ServerAnswer { error: String::new(), description: String::new(), ..server.clone() };
                Error::refused(error.code, told)
            }
            _ => error,
        })
    }

    fn repeats_a_secret(&self) -> bool {
        let json = serde_json::from_slice::<Value>(&self.body).unwrap_or_default();
        let secrets = self.carried.secrets();
        any_text(&json, &|text| {
            // As it is shown, where control characters no longer part a secret.
            let shown = Secret::new(printable(text, usize::MAX));
            let shown = shown.expose();
            secrets.iter().map(Secret::expose).any(|secret| {
                let is_in =
                    |(name, value): (Cow<'_, str>, Cow<'_, str>)| name.contains(secret) || value.contains(secret);
                shown.contains(secret) || form_urlencoded::parse(shown.as_bytes()).any(is_in)
            })
        })
    }
}

fn any_text(json: &Value, is_wanted: &impl Fn(&str) -> bool) -> bool {
    match json {
        Value::String(text) => is_wanted(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, is_wanted)),
        Value::Object(values) => values.values().any(|value| any_text(value, is_wanted)),
        _ => false,
    }
}

impl<P: Platform> Context<'_, P> {
    /// Sends a request to an account.
    ///
    /// # Errors
    /// `host_refused`, `unexpected_redirect`, `token_response_too_large`, `zendesk_timeout`, `zendesk_unreachable`.
    pub async fn send(&self, account: &Subdomain, outbound: Outbound<'_>) -> Result<Answer, Error> {
        if !is_on_account(&self.config.template, account, outbound.url) {
            return Err(Code::HostRefused.into());
        }
        let copy = |secret: &Secret| Secret::new(secret.expose());
        let carried =
            Carried { body: outbound.body.as_ref().map(copy), authorization: outbound.authorization.map(copy) };
        let is_post = outbound.method == Method::POST;
        let body = outbound.body.unwrap_or_else(|| Secret::new(""));
        let mut request = Request::new(outbound.method, outbound.url, body);
        let headers = request.headers_mut();
        headers.set(ACCEPT, "application/json");
        headers.set(USER_AGENT, concat!("zendesk-auth/", env!("CARGO_PKG_VERSION")));
        if is_post {
            headers.set(CONTENT_TYPE, "application/json");
        }
        if let Some(authorization) = outbound.authorization {
            // It goes to the origin checked above, and the platform follows no redirect away from it.
            if !is_value(authorization.expose()) {
                return Err(Code::TokenResponseMalformed.into());
            }
            headers.set(AUTHORIZATION, authorization.expose());
        }

        let response = self.platform.fetch(request).await.map_err(|error| self.unanswered(error))?;
        let status = response.status().as_u16();
        if (300..400).contains(&status) {
            return Err(Code::UnexpectedRedirect.into());
        }
        let retry_after = response.headers().get(RETRY_AFTER).map(String::from);
        Ok(Answer { carried, status, retry_after, body: Wiped::new(response.into_body()) })
    }

    /// Why there is no answer.
    pub fn unanswered(&self, error: FetchError) -> Error {
        match error {
            FetchError::TimedOut => Code::ZendeskTimeout.into(),
            FetchError::TooLarge => Code::TokenResponseTooLarge.into(),
            FetchError::Unreachable(message) => {
                self.failed("fetch", &message);
                Code::ZendeskUnreachable.into()
            }
        }
    }
}

/// The `Authorization` header of an access token.
pub fn bearer(access_token: &Secret) -> Secret {
    Secret::new(format!("Bearer {}", access_token.expose()))
}

/// Parses the finished URL once more, with the parser that the runtimes share (WHATWG), and compares origins: what built
/// it may have been fooled, this cannot be.
pub fn is_on_account(template: &AccountTemplate, account: &Subdomain, url: &str) -> bool {
    match (Url::parse(url), Url::parse(&template.origin(account))) {
        (Ok(url), Ok(expected)) => {
            url.origin() == expected.origin()
                && url.origin().is_tuple()
                && url.username().is_empty()
                && url.password().is_none()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_accounts_own_origin_is_reached() {
        let account = Subdomain::parse("acme").unwrap();
        let zendesk = AccountTemplate::zendesk();
        for (url, is_own) in [
            ("https://acme.zendesk.com/oauth/tokens", true),
            ("https://ACME.zendesk.com:443/x?y#z", true),
            ("https://acme.zendesk.com", true),
            ("http://acme.zendesk.com/oauth/tokens", false),
            ("https://acme.zendesk.com:8443/oauth/tokens", false),
            ("https://globex.zendesk.com/oauth/tokens", false),
            ("https://acme.zendesk.com.evil.example/", false),
            ("https://acme.zendesk.com@evil.example/", false),
            ("https://evil.example#acme.zendesk.com", false),
            ("https://evil.example\\@acme.zendesk.com/", false),
            ("https://user:password@acme.zendesk.com/", false),
            ("https:/\\evil.example/", false),
            ("//acme.zendesk.com/", false),
            ("/oauth/tokens", false),
            ("file:///oauth/tokens", false),
            ("", false),
        ] {
            assert_eq!(is_on_account(&zendesk, &account, url), is_own, "{url}");
        }
        let local = AccountTemplate::parse("http://{subdomain}.localhost:8788").unwrap();
        assert!(is_on_account(&local, &account, "http://acme.localhost:8788/oauth/tokens"));
        assert!(!is_on_account(&local, &account, "http://acme.localhost:8789/oauth/tokens"));
        assert!(!is_on_account(&local, &account, "http://globex.localhost:8788/oauth/tokens"));
    }
}
