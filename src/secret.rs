//! Values that must not be shown.

use crate::wipe::Wipe;
use alloc::string::String;
use core::fmt;
use subtle::ConstantTimeEq;

/// A secret text: wiped when dropped, redacted by `Debug`, without `Display`, `Clone` or derived equality.
pub struct Secret(String);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Every call is a place to justify: a request to the account's own host, or sealing.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in constant time for texts of equal length; the length itself is not hidden.
    pub fn same_as(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// A second copy, named loudly because each copy has to be wiped.
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
