//! Refreshes that this isolate has under way, so that its other requests wait without asking the store again and again.
//! Only the time is shared: in workerd no request may await what another one began.

use crate::renewal::LEASE;
use core::cell::RefCell;
use std::prelude::v1::*;

/// The storage keys of connections, with when their refresh began by this isolate's clock.
#[derive(Debug, Default)]
pub struct Flights(RefCell<Vec<(String, u64)>>);

/// One refresh under way; it ends when this is dropped.
pub struct Flight<'a> {
    flights: &'a Flights,
    key: String,
}

impl Flights {
    /// Whether a refresh of this connection is under way. One whose request the runtime has given up ends with its lease.
    pub fn is_under_way(&self, key: &str, now: u64) -> bool {
        self.0.borrow().iter().any(|(known, began)| known == key && now.saturating_sub(*began) < LEASE)
    }

    /// Begins one, unless one is under way.
    pub fn begin(&self, key: &str, now: u64) -> Option<Flight<'_>> {
        if self.is_under_way(key, now) {
            return None;
        }
        self.0.borrow_mut().push((key.into(), now));
        Some(Flight { flights: self, key: key.into() })
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.flights.0.borrow_mut().retain(|(key, _)| *key != self.key);
    }
}
