//! What a run has in store: how long tokens last, how far clocks differ, which faults and how often. Drawn from the seed.

use crate::rng::Rng;

#[derive(Clone, Debug)]
pub struct Plan {
    pub isolates: usize,
    pub connections: usize,
    /// Seconds that tokens last.
    pub lifetime: u64,
    /// Milliseconds by which each isolate's clock differs.
    pub skews: Vec<i64>,
    /// Milliseconds from the start to the last thing that the scenario does.
    pub horizon: u64,
    pub rotates_keys: bool,
    /// In a thousand awaits, how many kill the isolate, and how many only the call.
    pub crash: u64,
    pub cancel: u64,
    /// In a thousand requests to the token endpoint, how many meet with which fault.
    pub token_faults: Vec<(Fault, u64)>,
    /// The same for all other requests.
    pub api_faults: Vec<(Fault, u64)>,
    /// In a thousand operations of the store, how many fail before they took effect, and how many afterwards.
    pub store_fails: u64,
    pub store_forgets_to_say: u64,
    /// In a thousand operations of the store, how many take seconds.
    pub store_dawdles: u64,
    /// When the store is down, as milliseconds from the start.
    pub outages: Vec<(u64, u64)>,
    /// In a thousand grants, how many do not say how long they last.
    pub silent: u64,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It never reaches Zendesk.
    RequestDropped,
    /// Zendesk has acted; nobody hears of it.
    ResponseDropped,
    /// It takes its time, perhaps more than anybody waits.
    Delayed,
    /// It reaches Zendesk twice.
    Duplicated,
    /// The answer breaks off in the middle.
    Truncated,
    /// Too many requests, with or without how long to wait.
    Limited,
    /// Zendesk fails.
    Down,
    /// Zendesk has acted; a gateway says that it got no answer.
    Gateway,
    /// Somebody's page in place of an answer.
    Html,
}

const FAULTS: [Fault; 9] = [
    Fault::RequestDropped,
    Fault::ResponseDropped,
    Fault::Delayed,
    Fault::Duplicated,
    Fault::Truncated,
    Fault::Limited,
    Fault::Down,
    Fault::Gateway,
    Fault::Html,
];

impl Plan {
    pub fn draw(rng: &mut Rng) -> Self {
        let lifetime = *rng.pick(&[301, 900, 1800, 1800, 7200]);
        // The service refreshes so long before a token expires that clocks may differ by most of it.
        let margin = 300_000.min(lifetime * 1000 / 3);
        let isolates = rng.between(1, 4) as usize;
        let most = if rng.permille(500) { margin * 2 / 5 } else { 0 };
        let skews = (0..isolates).map(|_| rng.between(0, 2 * most) as i64 - most as i64).collect();
        let horizon = lifetime * 1000 * rng.between(2, 4);
        let faults = |rng: &mut Rng| -> Vec<(Fault, u64)> {
            let often = *rng.pick(&[0, 20, 100, 300]);
            let mut is_there = |_: &&Fault| often > 0 && rng.permille(400);
            FAULTS.iter().filter(|fault| is_there(fault)).map(|fault| (*fault, often / 2)).collect()
        };
        let (token_faults, api_faults) = (faults(rng), faults(rng));
        let outages = (0..*rng.pick(&[0, 0, 1, 3]))
            .map(|_| {
                let begins = rng.between(0, horizon);
                (begins, begins + rng.between(100, 30_000))
            })
            .collect();
        Self {
            isolates,
            connections: rng.between(1, 3) as usize,
            lifetime,
            skews,
            horizon,
            rotates_keys: rng.permille(300),
            crash: *rng.pick(&[0, 0, 2, 10]),
            cancel: *rng.pick(&[0, 0, 5, 20]),
            token_faults,
            api_faults,
            store_fails: *rng.pick(&[0, 0, 10, 60]),
            store_dawdles: *rng.pick(&[0, 0, 5, 30]),
            store_forgets_to_say: *rng.pick(&[0, 0, 10, 40]),
            outages,
            silent: *rng.pick(&[0, 200, 1000]),
        }
    }

    /// Draws what happens to one request.
    pub fn fault(faults: &[(Fault, u64)], rng: &mut Rng) -> Option<Fault> {
        let mut roll = rng.next() % 1000;
        for (fault, permille) in faults {
            if roll < *permille {
                return Some(*fault);
            }
            roll -= permille;
        }
        None
    }
}
