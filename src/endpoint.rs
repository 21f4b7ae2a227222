//! An account's endpoints: always on the account's own host.

use crate::error::{Code, Error, Judged, Result};
use crate::out::{Draft, Out};
use crate::subdomain::Subdomain;
use crate::text;
use alloc::string::String;

/// Path of the authorization endpoint (Zendesk help 4408845965210).
pub const AUTHORIZATION_PATH: &str = "/oauth/authorizations/new";
/// Path of the token endpoint (Zendesk API reference, "OAuth Tokens for Grant Types").
pub const TOKEN_PATH: &str = "/oauth/tokens";

pub(crate) const PLACEHOLDER: &[u8] = b"{subdomain}";
const ZENDESK: &str = "https://{subdomain}.zendesk.com";

/// How an account's origin is built from its subdomain: `https://{subdomain}.zendesk.com` unless the operator names another.
///
/// ```
/// use zendesk_auth::{endpoint::AccountTemplate, subdomain::Subdomain};
/// let local = AccountTemplate::parse("http://{subdomain}.localhost:8788")?;
/// assert_eq!(local.origin(&Subdomain::parse("acme")?), "http://acme.localhost:8788");
/// assert!(AccountTemplate::parse("http://{subdomain}.zendesk.com").is_err());
/// # Ok::<(), zendesk_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTemplate(String);

impl AccountTemplate {
    /// `https://{subdomain}.zendesk.com`.
    pub fn zendesk() -> Self {
        Self(ZENDESK.into())
    }

    /// Parses an operator's template: scheme, `{subdomain}` as the whole first label, a host, an optional port, nothing
    /// more. Empty means [`AccountTemplate::zendesk`]. Plain http only under `localhost`.
    ///
    /// # Errors
    /// `account_template_invalid`.
    pub fn parse(template: &str) -> Result<Self> {
        match Template::parse(template.as_bytes()) {
            Some(_) if template.is_empty() => Ok(Self::zendesk()),
            Some(_) => Ok(Self(template.into())),
            None => Err(Error::on(Code::AccountTemplateInvalid, "accountTemplate")),
        }
    }

    /// The template's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account's origin: scheme, host and port, without a trailing slash.
    pub fn origin(&self, subdomain: &Subdomain) -> String {
        let mut out = Draft::new();
        self.parts().put_origin(subdomain.as_str().as_bytes(), &mut out);
        out.text()
    }

    pub(crate) fn parts(&self) -> Template<'_> {
        Template(self.0.as_bytes())
    }
}

/// Resolves a profile's URL, or the default path, for one account.
///
/// `custom` may hold `{subdomain}` or the real subdomain; `None` or empty stands for the account's origin and `path`. The
/// result begins with the account's origin and a slash, letter by letter, so that no URL parser can see another host.
///
/// ```
/// use zendesk_auth::endpoint::{AccountTemplate, TOKEN_PATH, resolve};
/// use zendesk_auth::subdomain::Subdomain;
/// let (template, acme) = (AccountTemplate::zendesk(), Subdomain::parse("acme")?);
/// assert_eq!(resolve(None, TOKEN_PATH, &template, &acme)?, "https://acme.zendesk.com/oauth/tokens");
/// assert!(resolve(Some("https://evil.example/oauth/tokens"), TOKEN_PATH, &template, &acme).is_err());
/// # Ok::<(), zendesk_auth::Error>(())
/// ```
///
/// # Errors
/// `endpoint_invalid`, `endpoint_not_https`, `endpoint_other_host`.
pub fn resolve(custom: Option<&str>, path: &str, template: &AccountTemplate, subdomain: &Subdomain) -> Result<String> {
    let mut out = Draft::new();
    let custom = custom.unwrap_or_default().as_bytes();
    template.parts().put_endpoint(custom, path.as_bytes(), subdomain.as_str().as_bytes(), &mut out)?;
    Ok(out.text())
}

/// A template's text, parsed.
#[derive(Clone, Copy)]
pub(crate) struct Template<'a>(&'a [u8]);

impl<'a> Template<'a> {
    #[inline(never)]
    pub fn parse(template: &'a [u8]) -> Option<Self> {
        if template.is_empty() {
            return Some(Self(ZENDESK.as_bytes()));
        }
        let (host, port) = text::split(Self(template).parent()?, b':');
        let is_plain = scheme_len(template) == 7;
        // Parsers leave the usual port out, so an origin with it would be equal to none of theirs.
        let usual_port = if is_plain { 80 } else { 443 };
        let has_good_port = port.is_none_or(|port| is_port(port) && text::number(port) != usual_port);
        let is_good = scheme_len(template) != 0
            && has_good_port
            && (!is_plain || text::before(host, b".localhost").is_some())
            && !host.iter().any(u8::is_ascii_uppercase)
            && text::after(host, b".").is_some_and(|host| is_host(host, false));
        is_good.then_some(Self(template))
    }

    /// What follows the subdomain.
    #[inline(never)]
    fn parent(self) -> Option<&'a [u8]> {
        text::after(text::cut(self.0, scheme_len(self.0)).1, PLACEHOLDER)
    }

    #[inline(never)]
    pub fn put_origin(self, label: &[u8], out: &mut impl Out) {
        out.put(text::cut(self.0, scheme_len(self.0)).0);
        out.put_lower(label);
        out.put(self.parent().unwrap_or_default());
    }

    /// See [`resolve`].
    #[inline(never)]
    pub fn put_endpoint(self, custom: &[u8], path: &[u8], label: &[u8], out: &mut impl Out) -> Judged<()> {
        let mut rest = text::trimmed(custom);
        if rest.is_empty() {
            self.put_origin(label, out);
            out.put(path);
            return Ok(());
        }
        let start = out.len();
        while let Some((first, after)) = rest.split_first() {
            rest = match text::after(rest, PLACEHOLDER) {
                Some(after) => {
                    out.put_lower(label);
                    after
                }
                None => {
                    out.push(*first);
                    after
                }
            };
        }
        let end = out.len();
        self.put_origin(label, out);
        let (url, origin) = text::cut(out.since(start), end - start);
        let is_plain = scheme_len(url) == 7;
        let judged = if scheme_len(url) == 0 || !text::all(url, text::URL) || text::has(url, b'#') {
            Err(Code::EndpointInvalid)
        } else if is_plain && scheme_len(self.0) == 8 {
            Err(Code::EndpointNotHttps)
        } else if !text::after(url, origin).is_some_and(|rest| rest.starts_with(b"/")) {
            Err(Code::EndpointOtherHost)
        } else {
            Ok(())
        };
        out.rewind(end);
        judged
    }
}

/// The length of `https://` or `http://` at the start of a URL; 0 where there is neither.
#[inline(never)]
pub(crate) fn scheme_len(url: &[u8]) -> usize {
    if text::after(url, b"https://").is_some() {
        8
    } else if text::after(url, b"http://").is_some() {
        7
    } else {
        0
    }
}

/// Whether a text is a port, written as URL parsers write it.
#[inline(never)]
pub(crate) fn is_port(port: &[u8]) -> bool {
    (1..=65535).contains(&text::number(port))
}

/// Whether a text is a host of one or more non-empty labels of letters, digits and dashes, or, where that is allowed, an
/// IPv4 address as URL parsers write it.
#[inline(never)]
pub(crate) fn is_host(host: &[u8], may_be_address: bool) -> bool {
    let (mut labels, mut octets, mut ends_in_number) = (0, 0, false);
    for label in text::parts(host, b'.') {
        if label.is_empty() || label.len() > 63 || !text::all(label, text::LABEL) {
            return false;
        }
        labels += 1;
        octets += u32::from(text::number(label) < 256);
        // URL parsers then read the host as an IPv4 address, or refuse it as none (WHATWG URL, "ends in a number").
        ends_in_number = match label {
            [b'0', b'x' | b'X', digits @ ..] => text::all(digits, text::HEX),
            digits => text::all(digits, text::DIGIT),
        };
    }
    !ends_in_number || (may_be_address && labels == 4 && octets == 4)
}
