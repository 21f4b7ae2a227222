//! What the checks remember.

use crate::scenario::Ask;
use std::collections::{HashMap, HashSet};
use zendesk_auth::edge::seal::{KeyRing, SealingKey};

/// The longest that one request takes.
pub const ONE_REQUEST: u64 = 11_000;

/// A refresh token on its way to Zendesk.
pub struct Sent {
    pub refresh: String,
    pub call: usize,
    pub state: SentState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentState {
    InFlight,
    /// A new pair has arrived: its access token.
    Granted(String),
    /// Anything else has.
    Failed,
}

/// A connection as it was last stored.
#[derive(Clone, Debug, Default)]
pub struct StoredConnection {
    pub state: String,
    pub access: String,
    pub refresh: String,
    pub has_trouble: bool,
    /// Why it is of no use; while somebody tries all the same, why it was.
    pub end: String,
    /// The call that found out that it is of no use, and has not told it yet.
    pub ended_by: Option<usize>,
}

/// What the product was promised.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    pub id: String,
    /// A call to disconnect has begun, and no later one to authorize it again was answered with 201.
    pub is_leaving: bool,
    /// It was disconnected, and nobody has begun to authorize it since.
    pub is_gone: bool,
    /// When the last call to disconnect ended, and the last one to authorize.
    pub left_at: u64,
    pub authorized_at: u64,
}

pub struct Books {
    /// Both keys, to read what is sealed.
    pub ring: KeyRing,
    /// Access tokens that were in the store.
    pub durable: HashSet<String>,
    pub sent: Vec<Sent>,
    /// Calls that are going on.
    pub alive: HashSet<usize>,
    pub stored: HashMap<String, StoredConnection>,
    /// What connections had when they were deleted, and by which call.
    pub left: HashMap<usize, StoredConnection>,
    pub promises: Vec<Promise>,
    /// The access token that a call has given up.
    pub given_up: HashMap<usize, String>,
    /// Access tokens of which the product was told that they are of no use.
    pub told: HashSet<String>,
    store_failures: HashSet<usize>,
    dawdling: HashMap<usize, u64>,
}

pub const KEYS: [(&str, &str, [u8; 32]); 2] = [
    ("k1", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc", [7; 32]),
    ("k2", "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg", [8; 32]),
];

impl Default for Books {
    fn default() -> Self {
        let keys = KEYS.iter().map(|(kid, _, key)| SealingKey::new((*kid).into(), key)).collect();
        Self {
            ring: KeyRing::new(keys).expect("keys"),
            durable: HashSet::new(),
            sent: Vec::new(),
            alive: HashSet::new(),
            stored: HashMap::new(),
            left: HashMap::new(),
            promises: Vec::new(),
            given_up: HashMap::new(),
            told: HashSet::new(),
            store_failures: HashSet::new(),
            dawdling: HashMap::new(),
        }
    }
}

impl Books {
    /// What the beginning of a call makes of a promise.
    pub fn begins(&mut self, ask: &Ask) {
        match ask {
            Ask::Disconnect(connection) => self.promises[*connection].is_leaving = true,
            Ask::Authorize(connection) => self.promises[*connection].is_gone = false,
            _ => {}
        }
    }

    /// Notes when a call ends, by itself or by force, after which others can be judged.
    pub fn ends(&mut self, ask: &Ask, now: u64) {
        match ask {
            Ask::Disconnect(connection) => self.promises[*connection].left_at = now,
            Ask::Authorize(connection) => self.promises[*connection].authorized_at = now,
            _ => {}
        }
    }

    pub fn note_store_failure(&mut self, call: usize) {
        self.store_failures.insert(call);
    }

    pub fn note_dawdling(&mut self, call: usize, milliseconds: u64) {
        *self.dawdling.entry(call).or_default() += milliseconds;
    }

    /// Milliseconds for which the store has kept a call waiting beyond all measure.
    pub fn dawdled(&self, call: usize) -> u64 {
        self.dawdling.get(&call).copied().unwrap_or_default()
    }

    /// Whether the store has failed a call.
    pub fn was_failed(&self, call: usize) -> bool {
        self.store_failures.contains(&call)
    }
}
