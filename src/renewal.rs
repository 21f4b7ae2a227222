//! The life of a credential: when a new one is due, who asks for it, and what becomes of the connection. A pure state
//! machine: clock, chance and lease ids are the caller's. Times are milliseconds since 1970.
//!
//! A refresh token works once, so whoever spends it holds a lease in the stored record. Clocks of isolates differ by
//! minutes: a lease has run out when somebody has *watched* it for its whole length, not when a clock says so.

use crate::error::{Code, ServerAnswer};

/// For how long the holder of a lease is alone. The holder sends nothing after a third of it, an answer takes at most
/// another third, and the last third is for storing it.
pub const LEASE: u64 = 30_000;
/// The latest moment of a lease at which its holder may still send.
pub const SEND_BEFORE: u64 = LEASE / 3;
/// By how much clocks may differ. A lease older than that and its length has run out, watched or not.
const CLOCK_SKEW: u64 = 600_000;
/// Where nobody tells how long to wait after a failure, doubled with each one.
const FIRST_PAUSE: u64 = 2_000;
/// The longest wait after a failure, whatever Zendesk asks for: shorter than the time that the old token still works.
const LONGEST_PAUSE: u64 = 120_000;

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its credential was good when it was last used.
    Active,
    /// Somebody is asking for a new credential.
    Refreshing(Lease),
    /// Zendesk no longer accepts the credential, and nothing but a person's consent brings another one.
    ReauthorizationRequired,
    /// It is being disconnected.
    Revoked,
    /// There is no account at its subdomain: renamed or closed.
    AccountNotFound,
}

impl State {
    /// `active`, `refreshing`, `reauthorization-required`, `revoked` or `account-not-found`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Refreshing(_) => "refreshing",
            Self::ReauthorizationRequired => "reauthorization-required",
            Self::Revoked => "revoked",
            Self::AccountNotFound => "account-not-found",
        }
    }

    /// Why a connection in this state is of no use; `None` where it is.
    pub fn refusal(self) -> Option<Code> {
        match self {
            Self::Active | Self::Refreshing(_) => None,
            Self::ReauthorizationRequired => Some(Code::ReauthorizationRequired),
            Self::Revoked => Some(Code::ConnectionRevoked),
            Self::AccountNotFound => Some(Code::AccountNotFound),
        }
    }
}

/// The right to spend the refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Random: whose it is.
    pub id: u64,
    /// When it was taken, by its holder's clock.
    pub taken_at: u64,
}

/// A lease of somebody else's that one has seen, and when first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The lease's id.
    pub id: u64,
    /// By the watcher's clock.
    pub since: u64,
}

impl Lease {
    /// Goes on watching this lease, or begins to.
    pub fn watch(&self, earlier: Option<Watch>, now: u64) -> Watch {
        earlier.filter(|watch| watch.id == self.id).unwrap_or(Watch { id: self.id, since: now })
    }

    /// Whether its holder has had its time.
    pub fn has_run_out(&self, watch: Watch, now: u64) -> bool {
        let is_old = now >= self.taken_at.saturating_add(LEASE + CLOCK_SKEW);
        is_old || now.saturating_sub(watch.since) >= LEASE
    }
}

/// Attempts that brought no new credential and settled nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What went wrong the last time.
    pub code: Code,
    /// How often in a row.
    pub failures: u32,
    /// Not to be tried again before this.
    pub until: u64,
    /// How long the wait was when it began.
    pub pause: u64,
    /// Nobody knows whether Zendesk has taken the refresh token: then the old access token is worth nothing before it has
    /// been tried.
    pub is_unclear: bool,
}

impl Trouble {
    /// Milliseconds left to wait; 0 where it may be tried again. A wait that is longer than it was when it began is that of
    /// a clock that differs, and over.
    pub fn left(&self, now: u64) -> u64 {
        let left = self.until.saturating_sub(now);
        if left > self.pause { 0 } else { left }
    }
}

/// What can be told of a credential without knowing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Where the connection stands.
    pub state: State,
    /// What went wrong lately.
    pub trouble: Option<Trouble>,
    /// When the credential works no longer.
    pub expires_at: u64,
    /// From when on a new one is due.
    pub refresh_at: u64,
    /// Whether a new one can be had without a person: there is a refresh token, or the client asks for itself.
    pub is_renewable: bool,
}

/// What somebody wants of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A credential that works.
    Good,
    /// Another credential, because Zendesk has refused the present one.
    Another,
    /// A new credential, whether or not it is due, and even where there was no account.
    New,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Use the credential.
    Use,
    /// Ask Zendesk whether it still takes the credential.
    Try,
    /// Take the lease and ask for a new one.
    Renew,
    /// Somebody else has the lease: look again in a moment.
    Wait,
    /// There is no good credential, for this reason; it may be worth trying again after so many milliseconds.
    Refuse(Code, Option<u64>),
}

impl Life {
    /// Whether the present credential can be used while a new one is not to be had.
    pub fn lasts(&self, now: u64) -> bool {
        let is_unclear = self.trouble.is_some_and(|trouble| trouble.is_unclear);
        self.state == State::Active && !is_unclear && self.expires_at > now
    }

    /// What to do for somebody who wants a credential. `watch` is for the lease that stands in the record.
    pub fn next(&self, demand: Demand, now: u64, watch: Option<Watch>) -> Step {
        match (self.state, watch) {
            (State::Refreshing(lease), Some(watch)) if lease.has_run_out(watch, now) => return Step::Renew,
            (State::Refreshing(_), _) => return Step::Wait,
            (State::AccountNotFound, _) if demand == Demand::New && self.is_renewable => {}
            (state, _) => {
                if let Some(code) = state.refusal() {
                    return Step::Refuse(code, None);
                }
            }
        }
        let has_expired = self.expires_at <= now;
        if !self.is_renewable {
            return match demand {
                Demand::New => Step::Refuse(Code::RefreshUnavailable, None),
                Demand::Good if !has_expired => Step::Use,
                // Where Zendesk did not say how long it lasts, it may have outlived what was assumed.
                Demand::Good | Demand::Another => Step::Try,
            };
        }
        let is_unclear = self.trouble.is_some_and(|trouble| trouble.is_unclear);
        if demand == Demand::Good && !is_unclear && now < self.refresh_at {
            return Step::Use;
        }
        match self.trouble.map(|trouble| (trouble, trouble.left(now))) {
            Some((trouble, left)) if left > 0 => match demand {
                Demand::Good if !has_expired && is_unclear => Step::Try,
                Demand::Good if !has_expired => Step::Use,
                _ => Step::Refuse(trouble.code, Some(left)),
            },
            _ => Step::Renew,
        }
    }

    /// What is written down where somebody may have spent the refresh token and told nobody. It is to be tried again at once.
    pub fn doubt(&self, now: u64) -> Trouble {
        let (code, failures) =
            self.trouble.map_or((Code::ZendeskTimeout, 0), |trouble| (trouble.code, trouble.failures));
        Trouble { code, failures, until: now, pause: 0, is_unclear: true }
    }

    /// What a failed attempt means. `jitter` is random.
    pub fn failed(&self, code: Code, answer: Option<&ServerAnswer>, now: u64, jitter: u8) -> Failed {
        if code == Code::InvalidGrant {
            return Failed::Refused;
        }
        let failures = self.trouble.map_or(0, |trouble| trouble.failures).saturating_add(1);
        let asked = answer.and_then(|answer| answer.retry_after).map_or(0, |seconds| u64::from(seconds) * 1000);
        let doubled = FIRST_PAUSE << failures.saturating_sub(1).min(10);
        let pause = doubled.max(asked).min(LONGEST_PAUSE);
        // Up to a quarter more, so that what failed together does not come back together.
        let pause = pause + pause / 4 * u64::from(jitter) / 255;
        let until = now.saturating_add(pause);
        // A clear answer to this attempt says nothing about the one before it.
        let is_unclear = is_unclear(code, answer) || self.trouble.is_some_and(|trouble| trouble.is_unclear);
        Failed::Paused(Trouble { code, failures, until, pause, is_unclear })
    }
}

/// What a failed attempt means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The refresh token is used up. To be believed only where the record has no newer one.
    Refused,
    /// Nothing is settled: to be tried again.
    Paused(Trouble),
}

/// Whether the refresh token may have been spent all the same: every failure but the clear words of a server that did not
/// grant, and those before anything was sent. A gateway has no such words: it says that it got no answer (RFC 9110 sections
/// 15.6.3 and 15.6.5).
fn is_unclear(code: Code, answer: Option<&ServerAnswer>) -> bool {
    let is_of_gateway = matches!(answer.map(|answer| answer.status), Some(502 | 504));
    is_of_gateway
        || matches!(
            code,
            Code::TokenResponseMalformed
                | Code::TokenResponseTooLarge
                | Code::UnexpectedRedirect
                | Code::ZendeskTimeout
                | Code::ZendeskUnreachable
        )
}

/// From when on a new token is due: `margin` before the old one expires, but not in the first two thirds of its life; and
/// up to a fifth of that earlier, so that what was granted together is not refreshed together.
pub fn refresh_at(asked_at: u64, expires_at: u64, margin: u64, jitter: u8) -> u64 {
    let margin = margin.min(expires_at.saturating_sub(asked_at) / 3);
    expires_at.saturating_sub(margin + margin / 1275 * u64::from(jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_token_is_due_five_minutes_before_the_old_one_expires_or_a_little_earlier() {
        let minutes = |count: u64| count * 60_000;
        assert_eq!(refresh_at(minutes(1), minutes(31), minutes(5), 0), minutes(26));
        assert_eq!(refresh_at(minutes(1), minutes(31), minutes(5), 255), minutes(25) + 75);
        // A short life is not all refreshing.
        assert_eq!(refresh_at(minutes(1), minutes(7), minutes(5), 0), minutes(5));
        assert_eq!(refresh_at(minutes(1), minutes(7), minutes(60), 255), minutes(5) - 23_970);
        for jitter in 0..=255 {
            let at = refresh_at(minutes(1), minutes(31), minutes(5), jitter);
            assert!((minutes(25)..=minutes(26)).contains(&at), "{jitter}");
        }
        assert_eq!(refresh_at(5, 5, minutes(5), 255), 5);
        assert_eq!(refresh_at(9, 5, minutes(5), 255), 5, "granted with a lifetime that was over on arrival");
        assert!((u64::MAX / 2..u64::MAX / 3 * 2).contains(&refresh_at(0, u64::MAX, u64::MAX, 255)));
    }

    #[test]
    fn a_lease_is_watched_from_when_it_was_first_seen() {
        let lease = Lease { id: 1, taken_at: 0 };
        let watch = lease.watch(None, 100);
        assert_eq!(lease.watch(Some(watch), 900), watch);
        let next = Lease { id: 2, taken_at: 0 };
        assert_eq!(next.watch(Some(watch), 900), Watch { id: 2, since: 900 });
    }
}
