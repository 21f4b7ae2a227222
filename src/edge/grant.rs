//! From what Zendesk granted to what is kept: how long it lasts, and when a new one is due.

use super::connection::Connection;
use super::credential::{Credential, Token};
use super::defect::{Defect, has_defect};
use super::instant::parse_rfc3339;
use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use crate::identity::CurrentToken;
use crate::renewal::{State, refresh_at};
use crate::scope::Scopes;
use crate::token::{MAX_LIFETIME, TokenGrant};
use std::prelude::v1::*;

/// Seconds to assume where Zendesk does not say: its default where expiry is enforced, unless less was asked for. Neither
/// "never" nor "now".
const ASSUMED_LIFETIME: u64 = 1800;

/// Seconds: what a defect makes of silence.
const NEVER: u64 = 315_360_000;

/// What a token's times are counted from.
pub struct Terms {
    /// From before the request: an answer that took long must not make the token look younger.
    asked_at: u64,
    /// Seconds that were asked for.
    wanted: u64,
    /// How long before its end a new one is due, in milliseconds.
    margin: u64,
    /// Random.
    jitter: u8,
}

impl Terms {
    /// Of a token that is about to be asked for.
    pub fn of<P: Platform>(cx: &Context<'_, P>) -> Result<Self, Problem> {
        let [jitter] = cx.random()?;
        let (wanted, margin) = (cx.config.access_token_lifetime, cx.config.refresh_before);
        Ok(Self { asked_at: cx.platform.now_ms(), wanted: wanted.into(), margin: u64::from(margin) * 1000, jitter })
    }

    fn after(&self, seconds: u64) -> u64 {
        self.asked_at.saturating_add(seconds.saturating_mul(1000))
    }

    /// When a token ends of which Zendesk has just said so. Its clock may differ: where it says as well when the token was
    /// made, which was just now, only the difference counts.
    fn told(&self, current: &CurrentToken, now: u64) -> Option<u64> {
        let instant = |text: &Option<String>| text.as_deref().and_then(parse_rfc3339);
        let expires_at = instant(&current.expires_at)?;
        let lifetime = instant(&current.created_at).map(|made| expires_at.saturating_sub(made));
        let expires_at = lifetime.map_or(expires_at, |lifetime| self.asked_at.saturating_add(lifetime));
        Some(expires_at).filter(|at| *at > now && *at <= self.after(MAX_LIFETIME))
    }

    fn refresh_at(&self, expires_at: u64) -> u64 {
        refresh_at(self.asked_at, expires_at, self.margin, self.jitter)
    }
}

/// Zendesk's own record of the token, else the answer's `scope`, else what was asked for (RFC 6749 section 5.1).
pub fn granted(requested: &Scopes, grant: &TokenGrant, current: Option<&CurrentToken>) -> Scopes {
    current.and_then(|current| current.scopes.as_ref()).or(grant.scopes.as_ref()).unwrap_or(requested).clone()
}

/// What was granted for a code, as it is kept.
pub fn token(grant: TokenGrant, current: Option<CurrentToken>, terms: &Terms, now: u64, is_of_client: bool) -> Token {
    let instant = |text: Option<&String>| text.and_then(|text| parse_rfc3339(text)).filter(|at| *at > now);
    let current = current.as_ref();
    let from = |seconds: u64| terms.after(seconds);
    let expires_at = grant
        .expires_in
        .map(from)
        .or_else(|| current.and_then(|current| terms.told(current, now)))
        .unwrap_or_else(|| from(ASSUMED_LIFETIME.min(terms.wanted)));
    Token {
        access_token: grant.access_token,
        // A client that asks for itself asks again (RFC 6749 section 4.4.3).
        refresh_token: grant.refresh_token.filter(|_| !is_of_client),
        is_of_client,
        token_id: current.and_then(|current| current.id),
        expires_at,
        lifetime: expires_at.saturating_sub(terms.asked_at).div_ceil(1000),
        refresh_at: terms.refresh_at(expires_at),
        refresh_token_expires_at: grant
            .refresh_token_expires_in
            .map(from)
            .or_else(|| instant(current.and_then(|current| current.refresh_token_expires_at.as_ref()))),
    }
}

/// Puts a new token in the place of the old one. What Zendesk leaves out stays as it was (RFC 6749 section 6): the refresh
/// token, the scopes, and for how long a token lasts.
pub fn renew(connection: &mut Connection, grant: TokenGrant, terms: &Terms, now: u64) {
    let Credential::Token(token) = &mut connection.credential else { return };
    token.access_token = grant.access_token;
    if let Some(refresh_token) = grant.refresh_token.filter(|_| !token.is_of_client) {
        token.refresh_token = Some(refresh_token);
        token.refresh_token_expires_at = grant.refresh_token_expires_in.map(|seconds| terms.after(seconds));
    }
    token.token_id = None;
    let otherwise = if has_defect(Defect::NeverExpires) { NEVER } else { token.lifetime };
    token.lifetime = grant.expires_in.unwrap_or(otherwise).max(1);
    token.expires_at = terms.after(token.lifetime);
    token.refresh_at = terms.refresh_at(token.expires_at);
    if let Some(scopes) = grant.scopes {
        connection.granted = scopes.joined();
    }
    connection.state = State::Active;
    connection.trouble = None;
    connection.updated_at = now;
}

/// Adds what Zendesk says of a token to what is known of it; only where the answer to the request was silent (`is_silent`)
/// is its word about the end taken. Says whether that is worth writing down.
pub fn learn(connection: &mut Connection, current: &CurrentToken, terms: &Terms, is_silent: bool, now: u64) -> bool {
    let Credential::Token(token) = &mut connection.credential else { return false };
    let before = (token.token_id, token.expires_at, connection.granted.clone());
    token.token_id = current.id.or(token.token_id);
    if let Some(expires_at) = terms.told(current, now).filter(|_| is_silent) {
        token.expires_at = expires_at;
        token.lifetime = expires_at.saturating_sub(terms.asked_at).div_ceil(1000);
        token.refresh_at = terms.refresh_at(expires_at);
    }
    if let Some(scopes) = &current.scopes {
        connection.granted = scopes.joined();
    }
    before != (token.token_id, token.expires_at, connection.granted.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::credential::Credential;
    use crate::secret::Secret;
    use std::format;

    fn grant(expires_in: Option<u64>) -> TokenGrant {
        TokenGrant {
            access_token: Secret::new("t"),
            refresh_token: None,
            scopes: None,
            expires_in,
            refresh_token_expires_in: Some(60),
        }
    }

    fn terms(asked_at: u64) -> Terms {
        Terms { asked_at, wanted: 3600, margin: 300_000, jitter: 0 }
    }

    fn current(expires_at: Option<&str>) -> CurrentToken {
        CurrentToken {
            id: Some(7),
            user_id: None,
            scopes: None,
            created_at: None,
            expires_at: expires_at.map(String::from),
            refresh_token_expires_at: None,
        }
    }

    #[test]
    fn expiry_comes_from_the_answer_then_from_zendesk_then_from_the_default() {
        let (asked, now) = (1_000_000, 1_009_000);
        assert_eq!(token(grant(Some(300)), Some(current(None)), &terms(asked), now, false).expires_at, 1_300_000);
        let told = current(Some("1970-01-01T01:00:00Z"));
        let from_zendesk = token(grant(None), Some(told), &terms(asked), now, false);
        assert_eq!((from_zendesk.expires_at, from_zendesk.lifetime), (3_600_000, 2600));
        let elsewhere =
            CurrentToken { created_at: Some("1970-01-02T00:00:00Z".into()), ..current(Some("1970-01-02T00:10:00Z")) };
        assert_eq!(
            token(grant(None), Some(elsewhere), &terms(asked), now, false).expires_at,
            1_600_000,
            "another clock"
        );
        assert_eq!(token(grant(None), Some(current(None)), &terms(asked), now, false).expires_at, 2_800_000);
        assert_eq!(token(grant(None), None, &terms(asked), now, false).expires_at, 2_800_000);
        for odd in ["1970-01-01T00:00:01Z", "9999-12-31T23:59:59Z", "soon", ""] {
            assert_eq!(
                token(grant(None), Some(current(Some(odd))), &terms(asked), now, false).expires_at,
                2_800_000,
                "{odd}"
            );
        }
        assert_eq!(token(grant(Some(300)), None, &terms(asked), now, false).refresh_token_expires_at, Some(1_060_000));
        let short = Terms { wanted: 400, ..terms(asked) };
        assert_eq!(token(grant(None), None, &short, now, false).expires_at, 1_400_000, "no more than was asked for");
    }

    #[test]
    fn debug_of_a_credential_shows_no_token() {
        let mut grant = grant(None);
        grant.access_token = Secret::new("access-token-text");
        grant.refresh_token = Some(Secret::new("refresh-token-text"));
        let shown = format!("{:?}", Credential::Token(token(grant, None, &terms(0), 0, false)));
        assert!(!shown.contains("token-text"), "{shown}");
    }
}
