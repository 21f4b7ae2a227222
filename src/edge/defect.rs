//! Defects that the simulation has to find, so that it is known to find some. There are none in any other build.

/// A mistake that others have made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Everybody refreshes for themselves.
    NoLease,
    /// A new credential is used before it is stored.
    UseBeforeStore,
    /// A token of which Zendesk does not say how long it lasts counts as one that never expires.
    NeverExpires,
}

#[cfg(feature = "simulation")]
mod switch {
    use super::Defect;
    use std::cell::Cell;

    std::thread_local! {
        static PRESENT: Cell<Option<Defect>> = const { Cell::new(None) };
    }

    /// Puts a defect into this thread's services, or takes it out.
    pub fn set_defect(defect: Option<Defect>) {
        PRESENT.set(defect);
    }

    /// Whether this defect is there.
    pub fn has_defect(defect: Defect) -> bool {
        PRESENT.get() == Some(defect)
    }
}

#[cfg(feature = "simulation")]
pub use switch::{has_defect, set_defect};

/// Whether this defect is there: never.
#[cfg(not(feature = "simulation"))]
pub const fn has_defect(_: Defect) -> bool {
    false
}
