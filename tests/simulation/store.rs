//! The store of a run: one for all isolates, and what survives all crashes.

use std::collections::BTreeMap;

#[derive(Default)]
pub struct Store {
    pub entries: BTreeMap<String, Entry>,
    writes: u64,
}

pub struct Entry {
    pub value: String,
    pub version: String,
    pub expires_at: Option<u64>,
}

impl Store {
    pub fn live(&self, key: &str, now: u64) -> Option<&Entry> {
        self.entries.get(key).filter(|entry| entry.expires_at.is_none_or(|at| at > now))
    }

    /// Writes if the key is still at the version; the new version.
    pub fn put(
        &mut self,
        key: &str,
        value: &str,
        expected: Option<&str>,
        expires_at: Option<u64>,
        now: u64,
    ) -> Option<String> {
        if self.live(key, now).map(|entry| entry.version.as_str()) != expected {
            return None;
        }
        self.writes += 1;
        let version = self.writes.to_string();
        self.entries.insert(key.into(), Entry { value: value.into(), version: version.clone(), expires_at });
        Some(version)
    }

    pub fn delete(&mut self, key: &str, expected: &str, now: u64) -> bool {
        let is_there = self.live(key, now).is_some_and(|entry| entry.version == expected);
        if is_there {
            self.entries.remove(key);
        }
        is_there
    }
}
