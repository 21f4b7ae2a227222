//! Basic: an e-mail address and an API token (facts 2), in the header of RFC 7617.

use crate::error::{Code, Error, Result};
use crate::identity::{self, User};
use crate::secret::Secret;
use crate::text;
use base64ct::{Base64, Encoding};
use serde_json::Value;

/// What an API token's user name ends on.
const SUFFIX: &str = "/token";

/// The value of the `Authorization` header for an API token: `Basic base64(email/token:api_token)`. People type the
/// address with the suffix and without: it is there once.
pub fn authorization(email: &str, api_token: &Secret) -> Secret {
    header(&text::concat(&[address(email), SUFFIX]), api_token)
}

/// The value of the `Authorization` header for any user name and password
/// ([RFC 7617 section 2](https://www.rfc-editor.org/rfc/rfc7617#section-2), in UTF-8). A user name has no colon: the
/// form refuses it.
pub fn header(user_name: &str, password: &Secret) -> Secret {
    // Exposed into a text that is wiped in turn.
    let pair = Secret::new(text::concat(&[user_name, ":", password.expose()]));
    let encoded = Secret::new(Base64::encode_string(pair.expose().as_bytes()));
    Secret::new(text::concat(&["Basic ", encoded.expose()]))
}

/// The e-mail address alone, however often the suffix was typed.
pub fn address(email: &str) -> &str {
    let mut address = text::trim(email);
    while let Some(shorter) = address.strip_suffix(SUFFIX) {
        address = shorter;
    }
    address
}

/// Judges the answer of [`identity::USER_PATH`] to an e-mail address and API token. Zendesk answers strangers with 200
/// and a null id, and a token works with any address of the account, so the user must be real, verified and allowed in.
///
/// # Errors
/// `basic_refused`, `identity_anonymous`, `user_suspended`, `user_unverified`, `identity_malformed`, `rate_limited`,
/// `zendesk_unavailable`, `unexpected_redirect`.
pub fn judge_user(status: u16, retry_after: Option<&str>, body: &[u8]) -> Result<User> {
    let user = identity::judge_user(status, retry_after, body).map_err(about_basic)?;
    let json = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let flag = |path: &str| json.pointer(path).and_then(Value::as_bool);
    if flag("/user/suspended") == Some(true) || flag("/user/active") == Some(false) {
        return Err(Code::UserSuspended.into());
    }
    if flag("/user/verified") == Some(false) {
        return Err(Code::UserUnverified.into());
    }
    Ok(user)
}

/// What is told of an access token, told of an API token, which has neither scopes nor another authorization to ask for.
fn about_basic(error: Error) -> Error {
    match (error.code, &error.server) {
        (Code::AccessTokenRefused | Code::AccessTokenMissingScope, Some(answer)) => {
            Error::refused(Code::BasicRefused, answer.clone())
        }
        _ => error,
    }
}
