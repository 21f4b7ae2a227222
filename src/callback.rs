//! The callback: judged against the transaction before anything in it is believed (RFC 6749 sections 4.1.2 and 10.12).

use crate::error::{Code, Error, Result, ServerAnswer};
use crate::pkce::CodeVerifier;
use crate::redirect::RedirectUri;
use crate::secret::Secret;
use crate::subdomain::Subdomain;
use crate::text;
use crate::transaction::Transaction;
use alloc::string::String;

/// How long a transaction may take by default, in seconds.
pub const DEFAULT_MAX_AGE: u64 = 600;
/// How far a transaction may seem to come from the future, in milliseconds: clocks of one browser are set now and then.
const FUTURE_TOLERANCE: u64 = 60_000;
const MAX_URL: usize = 16 * 1024;
const MAX_CODE: usize = 4096;

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
        Ok(Self {
            code: check_code(code)?,
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
    if url.len() > MAX_URL {
        return Err(Code::CallbackMalformed.into());
    }
    let (target, query) = split_url(url);
    let (expected_target, _) = split_url(transaction.redirect_uri.as_str());
    if normalised(target) != normalised(expected_target) {
        return Err(Code::CallbackOtherRedirectUri.into());
    }
    let parameters = Parameters::parse(query)?;

    let state = parameters.state.filter(|state| !state.is_empty()).ok_or(Code::CallbackStateMissing)?;
    if !transaction.state.same_as(&state) {
        return Err(Code::CallbackStateMismatch.into());
    }
    let too_old = now.saturating_sub(transaction.created_at) > expect.max_age.saturating_mul(1000);
    if too_old || transaction.created_at.saturating_sub(now) > FUTURE_TOLERANCE {
        return Err(Code::CallbackExpired.into());
    }
    if expect.tenant.is_some_and(|tenant| tenant != transaction.tenant) {
        return Err(Code::CallbackOtherTenant.into());
    }
    if expect.subdomain.is_some_and(|subdomain| subdomain != transaction.subdomain.as_str()) {
        return Err(Code::CallbackOtherSubdomain.into());
    }
    let code = parameters.code.filter(|code| !code.is_empty());
    let error = parameters.error.filter(|error| !error.is_empty());
    match (code, error) {
        (Some(_), Some(_)) => Err(Code::CallbackAmbiguous.into()),
        (None, Some(error)) => Err(refusal(error, parameters.error_description.unwrap_or_default())),
        (code, None) => Ok(Callback {
            code: check_code(&code.unwrap_or_default())?,
            code_verifier: transaction.code_verifier,
            subdomain: transaction.subdomain,
            redirect_uri: transaction.redirect_uri,
            tenant: transaction.tenant,
            profile: transaction.profile,
        }),
    }
}

fn check_code(code: &str) -> Result<Secret> {
    if code.is_empty() {
        return Err(Code::CallbackCodeMissing.into());
    }
    if code.len() > MAX_CODE || !code.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(Code::CallbackMalformed.into());
    }
    Ok(Secret::new(code))
}

fn refusal(error: String, description: String) -> Error {
    let code = if error == "access_denied" { Code::AccessDenied } else { Code::AuthorizationRefused };
    Error::refused(
        code,
        ServerAnswer { error: printable(&error, 200), description: printable(&description, 500), ..Default::default() },
    )
}

/// At most `limit` characters of a text from outside, without control characters.
pub(crate) fn printable(text: &str, limit: usize) -> String {
    text.chars().filter(|character| !text::is_control(*character)).take(limit).collect()
}

/// A URL up to its query, and the query; the fragment is dropped.
fn split_url(url: &str) -> (&str, &str) {
    let (url, _) = text::split_before_any(url, b"#");
    text::split_once(url, "?").unwrap_or((url, ""))
}

/// Scheme and host in lower case, the scheme's own port dropped, an empty path as `/`: as browsers write an address.
fn normalised(target: &str) -> String {
    let Some((scheme, rest)) = text::split_once(target, "://") else { return target.into() };
    let (authority, path) = text::split_before_any(rest, b"/");
    let scheme = scheme.to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let host = authority.strip_suffix(default_port).unwrap_or(authority).to_ascii_lowercase();
    text::concat(&[&scheme, "://", &host, if path.is_empty() { "/" } else { path }])
}

/// The parameters of an authorization response (RFC 6749 sections 4.1.2 and 4.1.2.1); others are ignored.
#[derive(Default)]
struct Parameters {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Parameters {
    fn parse(query: &str) -> Result<Self> {
        let mut parameters = Self::default();
        for pair in text::split(query, b'&') {
            let (name, value) = text::split_once(pair, "=").unwrap_or((pair, ""));
            let name = decode(name);
            let slot = match name.as_str() {
                "code" => &mut parameters.code,
                "state" => &mut parameters.state,
                "error" => &mut parameters.error,
                "error_description" => &mut parameters.error_description,
                _ => continue,
            };
            if slot.replace(decode(value)).is_some() {
                return Err(Code::CallbackDuplicateParameter.into());
            }
        }
        Ok(parameters)
    }
}

/// Decodes `application/x-www-form-urlencoded` text; a `%` without two digits stands for itself, as in browsers. What is
/// not ASCII becomes U+FFFD: none of the parameters may hold it (RFC 6749 appendix A).
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let byte = match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after_digits @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    rest = after_digits;
                    high << 4 | low
                }
                _ => first,
            },
            _ => first,
        };
        decoded.push(if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER });
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
