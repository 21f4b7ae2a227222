//! The account's subdomain: one DNS label, parsed from what people paste.

use crate::error::{Code, Error, Judged, Result};
use crate::{out, text};
use alloc::string::String;
use core::fmt;

/// Zendesk's own names under `zendesk.com`: no customer's account.
pub(crate) const RESERVED: &[u8] =
    b"www support developer developers apps help status oauth-bridge api static assets zendesk";

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
        match label(input.as_bytes()) {
            Ok(label) => Ok(Self(out::text(label).to_ascii_lowercase())),
            Err(code) => Err(Error::on(code, "subdomain")),
        }
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

/// The part of the input that is the subdomain, in whatever case.
#[inline(always)]
pub(crate) fn label(input: &[u8]) -> Judged<&[u8]> {
    let mut label = b"".as_slice();
    judge(input, &mut label)?;
    Ok(label)
}

/// The same, with room for the label: a code alone is returned in a register.
#[inline(never)]
fn judge<'a>(input: &'a [u8], label: &mut &'a [u8]) -> Judged<()> {
    let input = text::trimmed(input);
    if input.is_empty() {
        return Err(Code::SubdomainEmpty);
    }
    if !input.iter().all(u8::is_ascii) {
        return Err(Code::SubdomainNotAscii);
    }
    if input.iter().any(|byte| matches!(byte, b'\0'..=b' ' | 0x7f | b'\\')) {
        return Err(Code::SubdomainCharacter);
    }
    let (scheme, rest) = text::cut(input, text::span(input, text::DELIMITER, false));
    let (mut address, mut is_url) = (input, false);
    // A dot before `://` is a host's: the rest belongs to a path, and is judged with the host before it.
    if let Some(rest) = text::after(rest, b"//")
        && (scheme.is_empty() || (scheme.ends_with(b":") && !text::has(scheme, b'.')))
    {
        if !scheme.is_empty() && !text::same(scheme, b"https:") && !text::same(scheme, b"http:") {
            return Err(Code::SubdomainScheme);
        }
        (address, is_url) = (rest, true);
    }
    let (authority, tail) = text::cut(address, text::span(address, text::DELIMITER, false));
    let host = host_of(authority, is_url)?;
    if host.is_empty() {
        return Err(Code::SubdomainEmpty);
    }
    *label = if let Some(name) = text::before(host, b".zendesk.com") {
        name
    } else if is_url || text::has(host, b'.') {
        return Err(judge_other_host(host, input));
    } else if !tail.is_empty() {
        return Err(Code::SubdomainCharacter);
    } else {
        host
    };
    check_label(label)
}

/// The host of an authority, without the usual port and a trailing dot. Behind a scheme, a colon begins a port.
fn host_of(authority: &[u8], is_url: bool) -> Judged<&[u8]> {
    if text::has(authority, b'%') {
        return Err(Code::SubdomainEncoded);
    }
    if text::has(authority, b'@') {
        return Err(Code::SubdomainUserInfo);
    }
    if authority.starts_with(b"[") {
        return Err(Code::SubdomainOtherHost);
    }
    let (host, port) = text::split(authority, b':');
    let bare = text::before(host, b".").unwrap_or(host);
    match port {
        None => Ok(bare),
        Some(port) if text::eq(port, b"443") => Ok(bare),
        Some(port) if is_url || text::all(port, text::DIGIT) => Err(Code::SubdomainPort),
        Some(_) => Err(Code::SubdomainScheme),
    }
}

fn judge_other_host(host: &[u8], input: &[u8]) -> Code {
    let is_address = host.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.'));
    if is_address || !text::has(host, b'.') || text::contains(input, b"zendesk") || text::contains(input, b"zopim") {
        Code::SubdomainOtherHost
    } else {
        Code::SubdomainCustomDomain
    }
}

fn check_label(label: &[u8]) -> Judged<()> {
    Err(if label.is_empty() {
        Code::SubdomainEmpty
    } else if text::has(label, b'.') {
        Code::SubdomainNested
    } else if label.len() > 63 {
        Code::SubdomainTooLong
    } else if !text::all(label, text::LABEL) {
        Code::SubdomainCharacter
    } else if label.starts_with(b"-") || label.ends_with(b"-") {
        Code::SubdomainDash
    } else if text::same(text::cut(label, 4).0, b"xn--") {
        Code::SubdomainNotAscii
    } else if text::parts(RESERVED, b' ').any(|name| text::same(name, label)) {
        Code::SubdomainReserved
    } else {
        return Ok(());
    })
}
