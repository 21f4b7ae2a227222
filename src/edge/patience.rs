//! Waiting for what somebody else is doing: with growing pauses, and not for ever.

use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use crate::error::Code;
use crate::renewal::LEASE;
use std::prelude::v1::*;

/// Milliseconds: a whole lease whose holder died, and then somebody else's refresh.
const LONGEST: u64 = LEASE + LEASE / 2;
/// Also where the clock stands still.
const MOST_PAUSES: u32 = 120;
const FIRST_PAUSE: u32 = 40;
const LONGEST_PAUSE: u32 = 800;
/// Seconds.
const COME_BACK_AFTER: u32 = 5;

/// For how long one call waits.
pub struct Patience {
    since: u64,
    pauses: u32,
}

impl Patience {
    /// Begins now.
    pub fn new<P: Platform>(cx: &Context<'_, P>) -> Self {
        Self { since: cx.platform.now_ms(), pauses: 0 }
    }

    /// Waits a moment.
    ///
    /// # Errors
    /// `refresh_in_progress`, when all of it is used up.
    pub async fn pause<P: Platform>(&mut self, cx: &Context<'_, P>) -> Result<(), Problem> {
        let waited = cx.platform.now_ms().saturating_sub(self.since);
        if waited >= LONGEST || self.pauses >= MOST_PAUSES {
            return Err(Problem::passing(Code::RefreshInProgress, COME_BACK_AFTER));
        }
        let pause = (FIRST_PAUSE << self.pauses.min(5)).min(LONGEST_PAUSE);
        self.pauses += 1;
        let [jitter] = cx.random()?;
        // Between half and the whole of it, so that those who began to wait together do not all ask together.
        cx.platform.wait(pause / 2 + pause / 2 * u32::from(jitter) / 255).await;
        Ok(())
    }
}
