//! The `redirect_uri` (RFC 6749 section 3.1.2; Zendesk help 4408845965210).

use crate::endpoint::{is_host, is_port, scheme_len};
use crate::error::{Code, Error, Judged, Result};
use crate::text;
use alloc::string::String;

/// A validated `redirect_uri`, kept letter by letter, because Zendesk compares it as a string.
///
/// ```
/// use zendesk_auth::redirect::RedirectUri;
/// assert!(RedirectUri::parse("https://app.example/callback").is_ok());
/// assert!(RedirectUri::parse("http://localhost:5173/callback").is_ok());
/// let refused = RedirectUri::parse("http://app.example/callback").unwrap_err();
/// assert_eq!(refused.code.as_str(), "redirect_uri_not_https");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Checks a `redirect_uri`: absolute, https (plain http for `localhost` and `127.0.0.1` only), no fragment.
    ///
    /// # Errors
    /// `redirect_uri_empty`, `redirect_uri_relative`, `redirect_uri_not_https`, `redirect_uri_fragment`,
    /// `redirect_uri_invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        judge(text.as_bytes()).map_err(|code| Error::on(code, "redirectUri"))?;
        Ok(Self(text.into()))
    }

    /// The URL as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(crate) fn judge(uri: &[u8]) -> Judged<()> {
    if text::trimmed(uri).is_empty() {
        return Err(Code::RedirectUriEmpty);
    }
    let (before, _) = text::cut(uri, text::span(uri, text::DELIMITER, false));
    if !text::has(before, b':') {
        return Err(Code::RedirectUriRelative);
    }
    if !text::all(uri, text::URL) {
        return Err(Code::RedirectUriInvalid);
    }
    let scheme = scheme_len(uri);
    let rest = text::cut(uri, scheme).1;
    let (host, port) = text::split(text::cut(rest, text::span(rest, text::DELIMITER, false)).0, b':');
    let is_loopback = text::eq(host, b"localhost") || text::eq(host, b"127.0.0.1");
    if scheme == 0 || (scheme == 7 && !is_loopback) {
        return Err(Code::RedirectUriNotHttps);
    }
    if !is_host(host, true) || !port.is_none_or(is_port) {
        return Err(Code::RedirectUriInvalid);
    }
    if text::has(uri, b'#') {
        return Err(Code::RedirectUriFragment);
    }
    Ok(())
}
