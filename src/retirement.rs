//! The end of Zendesk's API tokens, and of OAuth without refresh (facts 2 and 4). The dates are data; the clock is the
//! caller's. Days are those of UTC. Zendesk names days without hours, so the day named as the last counts to its end.

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// One announced change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// New accounts cannot create API tokens; everywhere, those that were unused for 30 days are deactivated.
    NewAccountsWithoutApiTokens,
    /// No account can create API tokens; existing ones go on working.
    NoNewApiTokens,
    /// Refreshing is required of every OAuth client.
    RefreshRequired,
    /// No API token works any longer.
    ApiTokensRemoved,
}

impl Change {
    /// All changes in the order of their dates.
    pub const ALL: [Self; 4] =
        [Self::NewAccountsWithoutApiTokens, Self::NoNewApiTokens, Self::RefreshRequired, Self::ApiTokensRemoved];

    /// The date that Zendesk announced.
    pub fn date(self) -> &'static str {
        match self {
            Self::NewAccountsWithoutApiTokens => "2026-07-28",
            Self::NoNewApiTokens => "2026-10-27",
            Self::RefreshRequired => "2027-04-01",
            Self::ApiTokensRemoved => BASIC_UNTIL,
        }
    }

    /// The first day on which the change holds, in days since 1970. For [`Change::ApiTokensRemoved`] that is the day
    /// after the announced one, on whose last hour a token may still work.
    fn first_day(self) -> u64 {
        match self {
            Self::NewAccountsWithoutApiTokens => 20_662,
            Self::NoNewApiTokens => 20_753,
            Self::RefreshRequired => 20_909,
            Self::ApiTokensRemoved => BASIC_LAST_DAY + 1,
        }
    }

    /// Whether the change holds at `now`, in milliseconds since 1970.
    pub fn holds(self, now: u64) -> bool {
        now / DAY >= self.first_day()
    }
}

/// The last day on which API tokens work.
pub const BASIC_UNTIL: &str = "2027-04-30";
/// [`BASIC_UNTIL`] in days since 1970.
const BASIC_LAST_DAY: u64 = 20_938;

/// Whether Basic works at `now`, in milliseconds since 1970: until the end of [`BASIC_UNTIL`] in UTC.
pub fn basic_available(now: u64) -> bool {
    !Change::ApiTokensRemoved.holds(now)
}

/// The first moment at which Basic works no longer, in milliseconds since 1970.
pub fn basic_ends_at() -> u64 {
    (BASIC_LAST_DAY + 1) * DAY
}

/// For how many days Basic still works, today included: 1 on the last day, 0 afterwards.
pub fn basic_days_left(now: u64) -> u64 {
    (BASIC_LAST_DAY + 1).saturating_sub(now / DAY)
}
