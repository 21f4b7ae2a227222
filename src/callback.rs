//! The callback: judged against the transaction before anything in it is believed (RFC 6749 sections 4.1.2 and 10.12).

use crate::error::{Code, Error, Judged, Result, ServerAnswer};
use crate::out::{self, Draft, Out};
use crate::pkce::CodeVerifier;
use crate::redirect::RedirectUri;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::text;
use crate::transaction::Transaction;
use alloc::string::String;
use subtle::ConstantTimeEq;

/// How long a transaction may take by default, in seconds.
pub const DEFAULT_MAX_AGE: u64 = 600;
/// How far a transaction may seem to come from the future, in milliseconds: clocks of one browser are set now and then.
const FUTURE_TOLERANCE: u64 = 60_000;
const MAX_URL: usize = 16 * 1024;
const MAX_CODE: usize = 4096;
const SEPARATOR: u8 = 0x1f;

/// What the callback is expected to be for.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'a> {
    /// The tenant the page or session works for, where it knows.
    pub tenant: Option<&'a str>,
    /// The account the page or session works for, where it knows.
    pub subdomain: Option<&'a str>,
    /// The transaction's greatest age in seconds; 600 by default.
    pub max_age: u64,
}

impl Default for Expectation<'_> {
    fn default() -> Self {
        Self { tenant: None, subdomain: None, max_age: DEFAULT_MAX_AGE }
    }
}

/// A callback that was checked: the only thing that can build a token request.
#[derive(Debug)]
pub struct Callback {
    code: Secret,
    code_verifier: CodeVerifier,
    subdomain: Subdomain,
    redirect_uri: RedirectUri,
    tenant: String,
    profile: String,
}

impl Callback {
    /// A callback whose state the browser has checked and whose exchange it hands off. Everything is parsed again; the
    /// authorization server holds code, verifier and redirect_uri together.
    ///
    /// # Errors
    /// `callback_code_missing`, `callback_malformed`, `code_verifier_invalid`, `subdomain_*`, `redirect_uri_*`.
    pub fn handed_off(
        code: &str,
        code_verifier: &str,
        subdomain: &str,
        redirect_uri: &str,
        tenant: &str,
        profile: &str,
    ) -> Result<Self> {
        check_code(code.as_bytes())?;
        Ok(Self {
            code: Secret::new(code),
            code_verifier: CodeVerifier::parse(code_verifier)?,
            subdomain: Subdomain::parse(subdomain)?,
            redirect_uri: RedirectUri::parse(redirect_uri)?,
            tenant: tenant.into(),
            profile: profile.into(),
        })
    }

    /// The authorization code: single use, 120 seconds.
    pub fn expose_code(&self) -> &str {
        self.code.expose()
    }

    /// The verifier that belongs to the code.
    pub fn code_verifier(&self) -> &CodeVerifier {
        &self.code_verifier
    }

    /// The account.
    pub fn subdomain(&self) -> &Subdomain {
        &self.subdomain
    }

    /// The `redirect_uri` of the authorization request.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// The tenant.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The profile's id, or empty.
    pub fn profile(&self) -> &str {
        &self.profile
    }
}

/// Checks a callback against its transaction: the whole URL, `now` in milliseconds since 1970.
///
/// The state is compared, in constant time, before `error` is looked at: an answer that belongs to another authorization
/// says nothing about this one.
///
/// # Errors
/// `callback_malformed`, `callback_other_redirect_uri`, `callback_duplicate_parameter`, `callback_state_missing`,
/// `callback_state_mismatch`, `callback_expired`, `callback_other_tenant`, `callback_other_subdomain`,
/// `callback_ambiguous`, `callback_code_missing`, `access_denied`, `authorization_refused`.
pub fn check(url: &str, transaction: Transaction, expect: &Expectation<'_>, now: u64) -> Result<Callback> {
    let question = Question {
        url: url.as_bytes(),
        state: transaction.state.expose().as_bytes(),
        redirect_uri: transaction.redirect_uri.as_str().as_bytes(),
        subdomain: transaction.subdomain.as_str().as_bytes(),
        tenant: transaction.tenant.as_bytes(),
        created_at: transaction.created_at,
        expected_subdomain: expect.subdomain.map(str::as_bytes),
        expected_tenant: expect.tenant.map(str::as_bytes),
        max_age: expect.max_age,
        now,
    };
    let mut answer = Draft::new();
    match question.judge(&mut answer, &mut Draft::new()) {
        Ok(()) => Ok(Callback {
            code: Secret::new(answer.text()),
            code_verifier: transaction.code_verifier,
            subdomain: transaction.subdomain,
            redirect_uri: transaction.redirect_uri,
            tenant: transaction.tenant,
            profile: transaction.profile,
        }),
        Err(code @ (Code::AccessDenied | Code::AuthorizationRefused)) => {
            let (error, description) = text::split(answer.since(0), SEPARATOR);
            let (error, description) = (out::text(error), out::text(description.unwrap_or_default()));
            Err(Error::refused(code, ServerAnswer { error, description, ..Default::default() }))
        }
        Err(code) => Err(code.into()),
    }
}

fn check_code(code: &[u8]) -> Judged<()> {
    if code.is_empty() {
        return Err(Code::CallbackCodeMissing);
    }
    if code.len() > MAX_CODE || !code.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Code::CallbackMalformed);
    }
    Ok(())
}

/// A callback, the transaction it should belong to, and what it is expected to be for.
pub(crate) struct Question<'a> {
    pub url: &'a [u8],
    pub state: &'a [u8],
    pub redirect_uri: &'a [u8],
    pub subdomain: &'a [u8],
    pub tenant: &'a [u8],
    pub created_at: u64,
    pub expected_subdomain: Option<&'a [u8]>,
    pub expected_tenant: Option<&'a [u8]>,
    pub max_age: u64,
    pub now: u64,
}

impl Question<'_> {
    /// Writes the code; or, with `access_denied` and `authorization_refused`, what Zendesk said: `error`, U+001F,
    /// `error_description`.
    pub fn judge(&self, answer: &mut impl Out, scratch: &mut impl Out) -> Judged<()> {
        if self.url.len() > MAX_URL {
            return Err(Code::CallbackMalformed);
        }
        let (target, query) = split_url(self.url);
        let (expected, _) = split_url(self.redirect_uri);
        if !text::eq(target, expected) {
            put_normalised(target, scratch);
            let end = scratch.len();
            put_normalised(expected, scratch);
            let (target, expected) = text::cut(scratch.since(0), end);
            if !text::eq(target, expected) {
                return Err(Code::CallbackOtherRedirectUri);
            }
            scratch.rewind(0);
        }

        let places = read_parameters(query, scratch)?;
        let [state, code, error, description] = &places;
        let part = |place: &Place| text::cut(text::cut(scratch.since(0), place.end).0, place.start).1;
        let (state, code, error) = (part(state), part(code), part(error));
        if state.is_empty() {
            return Err(Code::CallbackStateMissing);
        }
        if !bool::from(state.ct_eq(self.state)) {
            return Err(Code::CallbackStateMismatch);
        }
        let too_old = self.now.saturating_sub(self.created_at).div_ceil(1000) > self.max_age;
        if too_old || self.created_at.saturating_sub(self.now) > FUTURE_TOLERANCE {
            return Err(Code::CallbackExpired);
        }
        if self.expected_tenant.is_some_and(|tenant| !text::eq(tenant, self.tenant)) {
            return Err(Code::CallbackOtherTenant);
        }
        if self.expected_subdomain.is_some_and(|subdomain| !text::same(subdomain, self.subdomain)) {
            return Err(Code::CallbackOtherSubdomain);
        }
        if error.is_empty() {
            check_code(code)?;
            answer.put(code);
            return Ok(());
        }
        if !code.is_empty() {
            return Err(Code::CallbackAmbiguous);
        }
        put_printable(error, 200, answer);
        answer.push(SEPARATOR);
        put_printable(part(description), 500, answer);
        Err(if text::eq(error, b"access_denied") { Code::AccessDenied } else { Code::AuthorizationRefused })
    }
}

/// At most `limit` characters of a text from outside, without control characters.
#[cfg(feature = "edge")]
pub(crate) fn printable(text: &str, limit: usize) -> String {
    text.chars().filter(|each| !each.is_control() && !matches!(each, '\u{2028}' | '\u{2029}')).take(limit).collect()
}

/// Writes at most `limit` characters of a decoded parameter, without its control characters, which are all within ASCII.
#[inline(never)]
fn put_printable(text: &[u8], limit: usize, out: &mut impl Out) {
    let shown = text.iter().filter(|byte| !byte.is_ascii_control());
    let mut characters = 0;
    for byte in shown {
        characters += usize::from(byte & 0xc0 != 0x80);
        if characters <= limit {
            out.push(*byte);
        }
    }
}

/// A URL up to its query, and the query; the fragment is dropped.
fn split_url(url: &[u8]) -> (&[u8], &[u8]) {
    let (target, query) = text::split(text::split(url, b'#').0, b'?');
    (target, query.unwrap_or_default())
}

/// Scheme and host in lower case, the scheme's own port dropped, an empty path as `/`: as browsers write an address.
#[inline(never)]
fn put_normalised(target: &[u8], out: &mut impl Out) {
    let (scheme, rest) = text::split(target, b':');
    let rest = rest.unwrap_or_default();
    let (slashes, rest) = text::cut(rest, if text::after(rest, b"//").is_some() { 2 } else { 0 });
    let (authority, path) = text::cut(rest, text::span(rest, text::DELIMITER, false));
    let usual_port: &[u8] = if text::same(scheme, b"https") { b":443" } else { b":80" };
    out.put_lower(scheme);
    out.push(b':');
    out.put(slashes);
    out.put_lower(text::before(authority, usual_port).unwrap_or(authority));
    out.put(if path.is_empty() { b"/" } else { path });
}

/// Where a decoded parameter was written; both 0 where there is none.
type Place = core::ops::Range<usize>;

const PARAMETERS: &[u8] = b"state code error error_description";

/// Decodes the parameters of an authorization response (RFC 6749 sections 4.1.2 and 4.1.2.1) and tells where they are, in
/// the order of [`PARAMETERS`]; others are ignored.
fn read_parameters(query: &[u8], out: &mut impl Out) -> Judged<[Place; 4]> {
    let mut places = [0..0, 0..0, 0..0, 0..0];
    for pair in text::parts(query, b'&') {
        let (name, value) = text::split(pair, b'=');
        // Each begins behind one byte, so that a place is never at 0.
        out.push(b' ');
        let start = out.len();
        put_decoded(name, out);
        let index = text::words(PARAMETERS).position(|known| text::eq(known, out.since(start)));
        out.rewind(start);
        let Some(place) = index.and_then(|index| places.get_mut(index)) else { continue };
        if place.start != 0 {
            return Err(Code::CallbackDuplicateParameter);
        }
        put_decoded(value.unwrap_or_default(), out);
        *place = start..out.len();
    }
    Ok(places)
}

/// Decodes `application/x-www-form-urlencoded` text; a `%` without two digits stands for itself, as in browsers. What is
/// not ASCII becomes U+FFFD: none of the parameters may hold it (RFC 6749 appendix A).
#[inline(never)]
fn put_decoded(text: &[u8], out: &mut impl Out) {
    let mut rest = text;
    loop {
        let (plain, others) = text::cut(rest, text::span(rest, text::UNRESERVED, true));
        out.put(plain);
        let Some((first, after)) = others.split_first() else { break };
        rest = after;
        let mut byte = *first;
        if byte == b'+' {
            byte = b' ';
        }
        if let (b'%', [high, low, after @ ..]) = (byte, after)
            && text::is(*high, text::HEX)
            && text::is(*low, text::HEX)
        {
            byte = hex(*high) << 4 | hex(*low);
            rest = after;
        }
        if byte.is_ascii() { out.push(byte) } else { out.put("\u{fffd}".as_bytes()) }
    }
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> u8 {
    (digit & 15) + if digit > b'9' { 9 } else { 0 }
}
