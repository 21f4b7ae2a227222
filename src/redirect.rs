//! The `redirect_uri` (RFC 6749 section 3.1.2; Zendesk help 4408845965210).

use crate::endpoint::{is_host, is_url_text, split_port};
use crate::error::{Code, Error, Result};
use crate::text;
use alloc::string::String;

/// A validated `redirect_uri`, kept letter by letter, because Zendesk compares it as a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Checks a `redirect_uri`: absolute, https (plain http for `localhost` and `127.0.0.1` only), no fragment.
    ///
    /// # Errors
    /// `redirect_uri_empty`, `redirect_uri_relative`, `redirect_uri_not_https`, `redirect_uri_fragment`,
    /// `redirect_uri_invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        judge(text).map_err(|code| Error::on(code, "redirectUri"))?;
        Ok(Self(text.into()))
    }

    /// The URL as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn judge(uri: &str) -> core::result::Result<(), Code> {
    if text::trim(uri).is_empty() {
        return Err(Code::RedirectUriEmpty);
    }
    let (scheme, _) = text::split_before_any(uri, b":/?#");
    if !uri.get(scheme.len()..).is_some_and(|rest| rest.starts_with(":")) {
        return Err(Code::RedirectUriRelative);
    }
    if !is_url_text(uri) {
        return Err(Code::RedirectUriInvalid);
    }
    let (is_plain, rest) = match (uri.strip_prefix("https://"), uri.strip_prefix("http://")) {
        (Some(rest), _) => (false, rest),
        (_, Some(rest)) => (true, rest),
        _ => return Err(Code::RedirectUriNotHttps),
    };
    let (authority, _) = text::split_before_any(rest, b"/?#");
    if is_plain && !matches!(text::split_before_any(authority, b":").0, "localhost" | "127.0.0.1") {
        return Err(Code::RedirectUriNotHttps);
    }
    if !split_port(authority).is_some_and(is_host) {
        return Err(Code::RedirectUriInvalid);
    }
    if text::has(uri, b'#') {
        return Err(Code::RedirectUriFragment);
    }
    Ok(())
}
