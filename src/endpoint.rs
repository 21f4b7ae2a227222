//! An account's endpoints: always on the account's own host.

use crate::error::{Code, Error, Result};
use crate::subdomain::Subdomain;
use crate::text;
use alloc::string::String;

/// Path of the authorization endpoint (Zendesk help 4408845965210).
pub const AUTHORIZATION_PATH: &str = "/oauth/authorizations/new";
/// Path of the token endpoint (Zendesk API reference, "OAuth Tokens for Grant Types").
pub const TOKEN_PATH: &str = "/oauth/tokens";

const PLACEHOLDER: &str = "{subdomain}";

/// How an account's origin is built from its subdomain: `https://{subdomain}.zendesk.com` unless the operator names another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTemplate {
    text: String,
    scheme_len: usize,
}

impl AccountTemplate {
    /// `https://{subdomain}.zendesk.com`.
    pub fn zendesk() -> Self {
        Self { text: "https://{subdomain}.zendesk.com".into(), scheme_len: 8 }
    }

    /// Parses an operator's template: scheme, `{subdomain}` as the whole first label, a host, an optional port, nothing
    /// more. Empty means [`AccountTemplate::zendesk`]. Plain http only under `localhost`.
    ///
    /// # Errors
    /// `account_template_invalid`.
    pub fn parse(template: &str) -> Result<Self> {
        if template.is_empty() {
            return Ok(Self::zendesk());
        }
        let invalid = || Error::on(Code::AccountTemplateInvalid, "accountTemplate");
        let (is_plain, rest) = match (template.strip_prefix("https://"), template.strip_prefix("http://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(invalid()),
        };
        let parent = rest.strip_prefix(PLACEHOLDER).and_then(|rest| rest.strip_prefix(".")).ok_or_else(invalid)?;
        let host = split_port(parent).ok_or_else(invalid)?;
        // Parsers leave the usual port out, so an origin with it would be equal to none of theirs.
        let has_usual_port = parent.strip_prefix(host) == Some(if is_plain { ":80" } else { ":443" });
        let is_loopback = host == "localhost" || host.ends_with(".localhost");
        let is_lower_case = !host.bytes().any(|byte| byte.is_ascii_uppercase());
        if !is_host(host) || !is_lower_case || ends_in_number(host) || has_usual_port || (is_plain && !is_loopback) {
            return Err(invalid());
        }
        Ok(Self { text: template.into(), scheme_len: template.len() - rest.len() })
    }

    /// The template's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account's origin: scheme, host and port, without a trailing slash.
    pub fn origin(&self, subdomain: &Subdomain) -> String {
        let scheme = self.text.get(..self.scheme_len).unwrap_or_default();
        let parent = self.text.get(self.scheme_len + PLACEHOLDER.len()..).unwrap_or_default();
        text::concat(&[scheme, subdomain.as_str(), parent])
    }
}

/// Resolves a profile's URL, or the default path, for one account.
///
/// `custom` may hold `{subdomain}` or the real subdomain; `None` or empty stands for the account's origin and `path`. The
/// result begins with the account's origin and a slash, letter by letter, so that no URL parser can see another host.
///
/// # Errors
/// `endpoint_invalid`, `endpoint_not_https`, `endpoint_other_host`.
pub fn resolve(custom: Option<&str>, path: &str, template: &AccountTemplate, subdomain: &Subdomain) -> Result<String> {
    let origin = template.origin(subdomain);
    let custom = text::trim(custom.unwrap_or_default());
    if custom.is_empty() {
        return Ok(text::concat(&[&origin, path]));
    }
    let mut url = String::new();
    let mut rest = custom;
    while let Some((before, after)) = text::split_once(rest, PLACEHOLDER) {
        url.push_str(before);
        url.push_str(subdomain.as_str());
        rest = after;
    }
    url.push_str(rest);
    if !is_url_text(&url) || text::has(&url, b'#') {
        return Err(Code::EndpointInvalid.into());
    }
    let is_plain = url.starts_with("http://");
    if !is_plain && !url.starts_with("https://") {
        return Err(Code::EndpointInvalid.into());
    }
    if is_plain && origin.starts_with("https:") {
        return Err(Code::EndpointNotHttps.into());
    }
    match url.strip_prefix(origin.as_str()) {
        Some(rest) if rest.starts_with("/") => Ok(url),
        _ => Err(Code::EndpointOtherHost.into()),
    }
}

/// Whether a text has only characters that stand in a URL as they are (RFC 3986), so that parsers cannot differ.
pub(crate) fn is_url_text(url: &str) -> bool {
    url.bytes().all(|byte| byte.is_ascii_graphic() && !text::is_one_of(byte, b"\\\"<>^`{|}"))
}

/// The host before an optional port of 1 to 65535; `None` where the port is wrong, or not written as parsers write it.
pub(crate) fn split_port(authority: &str) -> Option<&str> {
    let Some((host, port)) = text::split_once(authority, ":") else { return Some(authority) };
    (port != "0" && is_number(port, 65535)).then_some(host)
}

/// Whether a text is a host of one or more non-empty labels of letters, digits and dashes, or an IPv4 address as URL
/// parsers write it.
pub(crate) fn is_host(host: &str) -> bool {
    if ends_in_number(host) {
        return text::split(host, b'.').count() == 4 && text::split(host, b'.').all(|octet| is_number(octet, 255));
    }
    text::split(host, b'.').all(|label| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Whether URL parsers read the host as an IPv4 address, or refuse it as none (WHATWG URL, "ends in a number checker").
fn ends_in_number(host: &str) -> bool {
    let last = text::split(host, b'.').last().unwrap_or_default();
    match last.strip_prefix("0x").or_else(|| last.strip_prefix("0X")) {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Whether a text is a decimal number of at most `greatest`, without leading zeros.
fn is_number(text: &str, greatest: u32) -> bool {
    let is_plain = text == "0" || (!text.starts_with("0") && text.bytes().all(|byte| byte.is_ascii_digit()));
    is_plain && text.len() <= 5 && matches!(text.parse::<u32>(), Ok(number) if number <= greatest)
}
