//! Who a credential belongs to and what it may do (Zendesk API reference, "Users" and "OAuth Tokens").

use crate::callback::printable;
use crate::error::{Code, Error, Result};
use crate::scope::Scopes;
use crate::token::{MAX_BODY, server_answer};
use alloc::string::{String, ToString};
use serde_json::Value;

/// Path of the identity call.
pub const USER_PATH: &str = "/api/v2/users/me.json";
/// Path of the call that describes the presented token.
pub const CURRENT_TOKEN_PATH: &str = "/api/v2/oauth/tokens/current.json";

/// Path of a call that needs no credential and that every account answers (facts 1).
pub const ACCOUNT_PATH: &str = "/api/v2/locales/public.json";

/// The Zendesk user that a credential acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Zendesk's id: never null, never 0.
    pub id: u64,
    /// The name, at most 255 characters.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// `admin`, `agent` or `end-user`.
    pub role: Option<String>,
}

/// What Zendesk says about the presented access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentToken {
    /// The token's id: what it is revoked by.
    pub id: Option<u64>,
    /// The id of the user that it acts for.
    pub user_id: Option<u64>,
    /// The scopes granted.
    pub scopes: Option<Scopes>,
    /// RFC 3339.
    pub created_at: Option<String>,
    /// RFC 3339; `None` for a token that does not expire.
    pub expires_at: Option<String>,
    /// RFC 3339.
    pub refresh_token_expires_at: Option<String>,
}

/// Judges the answer of [`USER_PATH`]. Zendesk answers strangers with 200 and a null id, so only a real id counts.
///
/// # Errors
/// `identity_anonymous`, `identity_malformed`, `access_token_refused`, `access_token_missing_scope`, `rate_limited`,
/// `zendesk_unavailable`, `unexpected_redirect`.
pub fn judge_user(status: u16, retry_after: Option<&str>, body: &[u8]) -> Result<User> {
    let json = judge(status, retry_after, body)?;
    let user = json.get("user").filter(|user| user.is_object()).ok_or(Code::IdentityMalformed)?;
    let id = match user.get("id") {
        None | Some(Value::Null) => return Err(Code::IdentityAnonymous.into()),
        Some(id) => id.as_u64().filter(|id| *id > 0).ok_or(Code::IdentityMalformed)?,
    };
    let text = |name: &str| text(user, name);
    Ok(User { id, name: text("name").unwrap_or_default(), email: text("email"), role: text("role") })
}

/// Judges the answer of [`CURRENT_TOKEN_PATH`].
///
/// # Errors
/// As [`judge_user`], without `identity_anonymous`.
pub fn judge_current_token(status: u16, retry_after: Option<&str>, body: &[u8]) -> Result<CurrentToken> {
    let json = judge(status, retry_after, body)?;
    let token = json.get("token").filter(|token| token.is_object()).ok_or(Code::IdentityMalformed)?;
    let scopes = token
        .get("scopes")
        .and_then(Value::as_array)
        .map(|scopes| scopes.iter().filter_map(Value::as_str).collect::<alloc::vec::Vec<_>>().join(" "));
    Ok(CurrentToken {
        id: token.get("id").and_then(Value::as_u64),
        user_id: token.get("user_id").and_then(Value::as_u64),
        scopes: scopes.and_then(|scopes| Scopes::parse(&scopes).ok()),
        created_at: date(token, "created_at"),
        expires_at: date(token, "expires_at"),
        refresh_token_expires_at: date(token, "refresh_token_expires_at"),
    })
}

/// Whether there is an account at a host, by the answer of [`ACCOUNT_PATH`]; `None` where that cannot be told. A subdomain
/// that nobody has any longer, after a renaming or a closing, answers with a page and 404 (facts 1).
pub fn judge_account(status: u16, body: &[u8]) -> Option<bool> {
    match status {
        200..300 => {
            serde_json::from_slice::<Value>(body).ok().filter(|json| json.get("locales").is_some()).map(|_| true)
        }
        404 | 410 => Some(false),
        _ => None,
    }
}

fn text(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    (!text.is_empty()).then(|| printable(text, 255).to_string())
}

/// A text that begins as RFC 3339 dates do.
fn date(object: &Value, name: &str) -> Option<String> {
    text(object, name).filter(|text| {
        let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
        text.len() >= 20 && shape.take(11).eq(*b"0000-00-00T")
    })
}

fn judge(status: u16, retry_after: Option<&str>, body: &[u8]) -> Result<Value> {
    if body.len() > MAX_BODY {
        return Err(Code::IdentityMalformed.into());
    }
    let json = serde_json::from_slice::<Value>(body).ok();
    let code = match status {
        200..300 => return json.ok_or_else(|| Code::IdentityMalformed.into()),
        300..=399 => Code::UnexpectedRedirect,
        401 => Code::AccessTokenRefused,
        403 => Code::AccessTokenMissingScope,
        429 => Code::RateLimited,
        500.. => Code::ZendeskUnavailable,
        _ => Code::IdentityMalformed,
    };
    Err(Error::refused(code, server_answer(status, retry_after, json.as_ref())))
}
