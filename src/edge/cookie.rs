//! The cookie that binds a transaction to the browser it was started in: one for each transaction, so that several tabs
//! work side by side. `__Host-` keeps other hosts from planting one; `Lax` lets it come back from Zendesk's page.

use super::message::Headers;
use super::message::header::{COOKIE, SET_COOKIE};
use std::format;
use std::prelude::v1::*;

const PREFIX: &str = "__Host-zendesk-auth-";
/// What stands in the cookie of a transaction that is over.
pub const USED: &str = "used";
/// More than this many begun and abandoned transactions would outgrow what servers take as request headers.
const MOST: usize = 8;

/// The cookie of a transaction.
pub fn read<'a>(headers: &'a Headers, id: &str) -> Option<&'a str> {
    ours(headers).find(|(name, _)| *name == id).map(|(_, value)| value)
}

/// Sets a transaction's cookie.
pub fn set(headers: &mut Headers, id: &str, value: &str, max_age: u32) {
    let cookie = format!("{PREFIX}{id}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={max_age}");
    // Ids and sealed values are base64url and dots, so this always is a header value.
    headers.add(SET_COOKIE, &cookie);
}

/// Removes the oldest cookies where one more would be too many. Browsers send the oldest first (RFC 6265 section 5.4).
pub fn make_room(request: &Headers, response: &mut Headers) {
    let names: Vec<&str> = ours(request).map(|(name, _)| name).filter(|name| is_id(name)).collect();
    for name in names.iter().take((names.len() + 1).saturating_sub(MOST)) {
        set(response, name, "", 0);
    }
}

fn ours(headers: &Headers) -> impl Iterator<Item = (&str, &str)> {
    headers
        .all(COOKIE)
        // Each alone: cookies of others on this host may hold any character.
        .flat_map(|header| header.split(';'))
        // No other white space than these two: browsers keep `__Host-` to themselves only where it begins the name.
        .filter_map(|pair| pair.trim_matches([' ', '\t']).strip_prefix(PREFIX)?.split_once('='))
}

fn is_id(name: &str) -> bool {
    name.len() == 22 && super::fields::is_key_part(name)
}
