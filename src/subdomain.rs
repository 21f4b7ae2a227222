//! The account's subdomain: one DNS label, parsed from what people paste.

use crate::error::{Code, Error, Result};
use crate::text;
use alloc::string::String;
use core::fmt;

/// Zendesk's own names under `zendesk.com`: no customer's account.
const RESERVED: [&str; 12] = [
    "www",
    "support",
    "developer",
    "developers",
    "apps",
    "help",
    "status",
    "oauth-bridge",
    "api",
    "static",
    "assets",
    "zendesk",
];

/// A validated subdomain: 1 to 63 of `a-z`, `0-9` and `-`, alphanumeric at both ends, lower case.
///
/// ```
/// use zendesk_auth::subdomain::Subdomain;
/// let pasted = Subdomain::parse(" https://Acme.zendesk.com/agent/dashboard?x#y ")?;
/// assert_eq!(pasted.as_str(), "acme");
/// assert_eq!(Subdomain::parse("help.acme.com").unwrap_err().code.as_str(), "subdomain_custom_domain");
/// # Ok::<(), zendesk_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subdomain(String);

impl Subdomain {
    /// Parses a subdomain, a host `acme.zendesk.com` or a URL on that host. Outer white space, capitals, a trailing dot
    /// and port 443 are normalised away.
    ///
    /// # Errors
    /// `subdomain_empty`, `subdomain_not_ascii`, `subdomain_character`, `subdomain_encoded`, `subdomain_scheme`,
    /// `subdomain_user_info`, `subdomain_port`, `subdomain_other_host`, `subdomain_custom_domain`, `subdomain_nested`,
    /// `subdomain_too_long`, `subdomain_dash`, `subdomain_reserved`.
    pub fn parse(input: &str) -> Result<Self> {
        find_label(input).map_err(|code| Error::on(code, "subdomain"))
    }

    /// The label, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subdomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn find_label(input: &str) -> core::result::Result<Subdomain, Code> {
    let text = text::trim(input);
    if text.is_empty() {
        return Err(Code::SubdomainEmpty);
    }
    if !text.is_ascii() {
        return Err(Code::SubdomainNotAscii);
    }
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
        return Err(Code::SubdomainCharacter);
    }
    let text = text.to_ascii_lowercase();
    let (after_scheme, is_url) = match text::split_once(&text, "://") {
        Some(("http" | "https", rest)) => (rest, true),
        // A `://` further back belongs to a path or query, and is judged with the host before it.
        Some((before, _)) if !before.bytes().any(|byte| text::is_one_of(byte, b"/?#.")) => {
            return Err(Code::SubdomainScheme);
        }
        _ => match text.strip_prefix("//") {
            Some(rest) => (rest, true),
            None => (text.as_str(), false),
        },
    };
    let (authority, tail) = text::split_before_any(after_scheme, b"/?#");
    let host = host_of(authority, is_url)?;
    if host.is_empty() {
        return Err(Code::SubdomainEmpty);
    }
    let label = match host.strip_suffix(".zendesk.com") {
        Some("") => return Err(Code::SubdomainEmpty),
        Some(label) if text::has(label, b'.') => return Err(Code::SubdomainNested),
        Some(label) => label,
        None if text::has(host, b'.') || is_url => return Err(judge_other_host(host, &text)),
        None if !tail.is_empty() => return Err(Code::SubdomainCharacter),
        None => host,
    };
    check_label(label)?;
    Ok(Subdomain(label.into()))
}

/// The host of an authority, without the usual port and a trailing dot. Behind a scheme, a colon begins a port.
fn host_of(authority: &str, is_url: bool) -> core::result::Result<&str, Code> {
    if text::has(authority, b'%') {
        return Err(Code::SubdomainEncoded);
    }
    if text::has(authority, b'@') {
        return Err(Code::SubdomainUserInfo);
    }
    if authority.starts_with("[") {
        return Err(Code::SubdomainOtherHost);
    }
    let host = match text::split_once(authority, ":") {
        None => authority,
        Some((host, "443")) => host,
        Some((_, port)) if is_url || port.bytes().all(|byte| byte.is_ascii_digit()) => return Err(Code::SubdomainPort),
        Some(_) => return Err(Code::SubdomainScheme),
    };
    Ok(host.strip_suffix(".").unwrap_or(host))
}

fn judge_other_host(host: &str, text: &str) -> Code {
    let is_address = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_address || !text::has(host, b'.') || text::contains(text, "zendesk") || text::contains(text, "zopim") {
        Code::SubdomainOtherHost
    } else {
        Code::SubdomainCustomDomain
    }
}

fn check_label(label: &str) -> core::result::Result<(), Code> {
    if label.len() > 63 {
        return Err(Code::SubdomainTooLong);
    }
    if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Code::SubdomainCharacter);
    }
    if label.starts_with("-") || label.ends_with("-") {
        return Err(Code::SubdomainDash);
    }
    if label.starts_with("xn--") {
        return Err(Code::SubdomainNotAscii);
    }
    if RESERVED.contains(&label) {
        return Err(Code::SubdomainReserved);
    }
    Ok(())
}
