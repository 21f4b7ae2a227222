//! Which of an account's addresses may be called through the proxy, and what travels along.

use crate::error::Code;
use alloc::vec::Vec;

/// What gives out tokens and secrets. A frontend that could call it would hold what it must never see.
const GIVES_TOKENS: [&str; 3] = ["oauth", "api_tokens", "signing_secret"];

/// Judges the path of a call, without the slash at its beginning and without a query: `api/v2/tickets.json`. It must stay
/// what it looks like, however often it is decoded on its way. `is_frontend`: the caller must not see tokens.
///
/// # Errors
/// `proxy_path_refused`.
pub fn judge(path: &str, is_frontend: bool) -> Result<(), Code> {
    let decoded = decode(path).ok_or(Code::ProxyPathRefused)?;
    let Some(rest) = path.strip_prefix("api/") else { return Err(Code::ProxyPathRefused) };
    let mut segments = decoded.split(|byte| *byte == b'/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        // Some servers take what follows a semicolon for no part of the name.
        let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        let is_odd = matches!(name, b"." | b"..") || (segment.is_empty() && !is_last);
        let begins =
            |name: &&str| segment.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
        if is_odd || (is_frontend && GIVES_TOKENS.iter().any(begins)) {
            return Err(Code::ProxyPathRefused);
        }
    }
    if rest.is_empty() { Err(Code::ProxyPathRefused) } else { Ok(()) }
}

/// Resolves `%` encodings; `None` where there is anything that a server or another parser could read in another way: a
/// separator, a control character or another `%` behind an encoding, or what cannot stand in a path.
fn decode(path: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            if !byte.is_ascii_graphic()
                || matches!(byte, b'\\' | b'?' | b'#' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')
            {
                return None;
            }
            decoded.push(byte);
            continue;
        }
        let mut digit = || Some(char::from(bytes.next()?).to_digit(16)? as u8);
        let value = digit()? * 16 + digit()?;
        if matches!(value, b'/' | b'\\' | b'%' | b'.') || value.is_ascii_control() {
            return None;
        }
        decoded.push(value);
    }
    // Nor the long forms of short characters.
    core::str::from_utf8(&decoded).is_ok().then_some(decoded)
}

/// Headers that belong to one connection between two machines (RFC 9110 section 7.6.1), or that say who the caller is to
/// this worker or to others on the way, and so are nobody else's business; and what makes one method another.
const REQUEST_STOPS: [&str; 22] = [
    "authorization",
    "cookie",
    "host",
    "accept-encoding",
    "content-length",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
    "forwarded",
    "origin",
    "referer",
    "via",
    "x-real-ip",
    "true-client-ip",
    "cdn-loop",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];
const REQUEST_STOP_PREFIXES: [&str; 4] = ["proxy-", "x-forwarded-", "cf-", "sec-"];

/// The same for answers, with what speaks for the account's host rather than for the worker's. Bodies arrive decoded, so
/// their encoding and length are no longer true.
const ANSWER_STOPS: [&str; 19] = [
    "set-cookie",
    "set-cookie2",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-encoding",
    "content-length",
    "www-authenticate",
    "strict-transport-security",
    "alt-svc",
    "nel",
    "report-to",
    "clear-site-data",
    "location",
    "refresh",
    "service-worker-allowed",
];
const ANSWER_STOP_PREFIXES: [&str; 3] = ["proxy-", "access-control-", "cf-"];

/// What would let a frontend act as somebody else than the connection's user.
const IMPERSONATES: &str = "x-on-behalf-of";

/// Whether a request's header goes on to Zendesk. `connection`: that header's value, which may name more that stay.
pub fn is_passed_on(name: &str, connection: Option<&str>, is_frontend: bool) -> bool {
    passes(name, &REQUEST_STOPS, &REQUEST_STOP_PREFIXES)
        && !is_named(name, connection)
        && !(is_frontend && name.eq_ignore_ascii_case(IMPERSONATES))
}

/// Whether an answer's header goes back to the caller.
pub fn is_passed_back(name: &str, connection: Option<&str>) -> bool {
    passes(name, &ANSWER_STOPS, &ANSWER_STOP_PREFIXES) && !is_named(name, connection)
}

fn passes(name: &str, stops: &[&str], prefixes: &[&str]) -> bool {
    let begins = |prefix: &&str| {
        name.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    !stops.iter().any(|stop| name.eq_ignore_ascii_case(stop)) && !prefixes.iter().any(begins)
}

fn is_named(name: &str, connection: Option<&str>) -> bool {
    connection.is_some_and(|names| names.split(',').any(|each| each.trim().eq_ignore_ascii_case(name)))
}
