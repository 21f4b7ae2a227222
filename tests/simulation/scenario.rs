//! What is done in a run, and when: bursts of calls, deployments, disconnections. Drawn from the seed.

use crate::plan::Plan;
use crate::rng::Rng;
use crate::service::Keys;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Someone calls the service.
    Call { ask: Ask, isolate: usize },
    /// An isolate gets the new configuration.
    Deploy { isolate: usize, keys: Keys },
    /// The sweep of the keys goes on where it stopped, if it is not done.
    Sweep(usize),
    /// Someone takes a connection's grant back in Admin Center.
    TakeBack(usize),
    /// The account is renamed.
    Rename,
    /// Nothing goes wrong from here on.
    Heal,
}

/// What a call asks for, of which connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    Authorize(usize),
    Credentials(usize),
    Refresh(usize),
    Verify(usize),
    Proxy(usize),
    Disconnect(usize),
    /// From this cursor on.
    Rotate(String),
    /// The last look at a connection.
    Final(usize),
}

/// Milliseconds after the last fault until the last look: more than any pause, lease and difference of clocks.
pub const AFTERWARDS: u64 = 15 * 60_000;

/// Milliseconds that a call may take: somebody else's lease, and then its own attempts.
pub const LONGEST_CALL: u64 = 180_000;

/// All acts with their times, as milliseconds from the start.
pub fn draw(plan: &Plan, rng: &mut Rng) -> Vec<(u64, Act)> {
    let mut acts = Vec::new();
    let isolate = |rng: &mut Rng| rng.between(0, plan.isolates as u64 - 1) as usize;
    for connection in 0..plan.connections {
        for _ in 0..rng.between(4, 10) {
            let begins = rng.between(0, plan.horizon);
            let spread = *rng.pick(&[0, 50, 3_000, 40_000]);
            for _ in 0..*rng.pick(&[1, 1, 2, 4, 8]) {
                let ask = match rng.between(0, 99) {
                    0..70 => Ask::Credentials(connection),
                    70..80 => Ask::Proxy(connection),
                    80..88 => Ask::Refresh(connection),
                    88..96 => Ask::Verify(connection),
                    96..98 => Ask::Authorize(connection),
                    _ if rng.permille(400) => Ask::Disconnect(connection),
                    _ => Ask::Credentials(connection),
                };
                let at = begins + rng.between(0, spread);
                acts.push((at, Act::Call { ask, isolate: isolate(rng) }));
            }
        }
        if rng.permille(40) {
            acts.push((rng.between(0, plan.horizon), Act::TakeBack(connection)));
        }
        acts.push((plan.horizon + AFTERWARDS, Act::Call { ask: Ask::Final(connection), isolate: isolate(rng) }));
    }
    if plan.rotates_keys {
        let begins = rng.between(0, plan.horizon);
        for (keys, after) in [(Keys::Both, 0), (Keys::Turned, 60_000)] {
            for isolate in 0..plan.isolates {
                acts.push((begins + after + rng.between(0, 60_000), Act::Deploy { isolate, keys }));
            }
        }
        // What is under way in a replaced isolate may still seal with the old key.
        let turned = begins + 120_000 + LONGEST_CALL;
        for at in [turned, turned + 60_000, plan.horizon.max(turned) + 120_000] {
            acts.push((at, Act::Sweep(isolate(rng))));
            // What is sealed anew is also being refreshed.
            for connection in 0..plan.connections {
                let call = Act::Call { ask: Ask::Refresh(connection), isolate: isolate(rng) };
                acts.push((at + rng.between(0, 300) - 150, call));
            }
        }
    }
    if rng.permille(30) {
        acts.push((rng.between(0, plan.horizon), Act::Rename));
    }
    acts.push((plan.horizon, Act::Heal));
    acts
}
