//! Typed, sealed access to the platform's store. Nothing is written unsealed, and every write names what it replaces.

use super::config::Config;
use super::event::Event;
use super::fields::Fields;
use super::flight::Flights;
use super::platform::{Failure, Platform, Stored, StoredPage};
use super::problem::Problem;
use super::seal::IV_LENGTH;
use crate::callback::printable;
use crate::error::Code;
use crate::secret::Secret;
use crate::wipe::Wiped;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::prelude::v1::*;

/// What one request works with.
pub struct Context<'a, P> {
    /// The judged configuration.
    pub config: &'a Config,
    /// The refreshes that this isolate has under way.
    pub flights: &'a Flights,
    /// The runtime.
    pub platform: &'a P,
}

/// A record and the version that a later write names.
pub struct Loaded<T> {
    /// The opened record; in a box, because it is handed on several times.
    pub record: Box<T>,
    /// The version it was read at.
    pub version: String,
}

/// One page of records.
pub struct Page<T> {
    /// The records that opened.
    pub records: Vec<T>,
    /// The last part of the keys of those that did not, and why.
    pub unreadable: Vec<(String, Code)>,
    /// Where the next page begins.
    pub cursor: Option<String>,
}

/// What lies sealed in the store, in a cookie or in a session token. Written by serde; read field by field, which
/// makes the artifact a seventh smaller than derived deserializers and moves secrets instead of copying them.
pub trait Record: Serialize {
    /// Reads a record; what is missing or wrong is noted as a problem. Fields of later versions are passed over.
    fn read(fields: &mut Fields) -> Self;
}

impl<P: Platform> Context<'_, P> {
    /// Reads a sealed value.
    pub async fn read(&self, key: &str) -> Result<Option<Stored>, Problem> {
        self.platform.get(key).await.map_err(|failure| self.store_failed(failure))
    }

    /// Reads and opens a record.
    pub async fn load<T: Record>(&self, key: &str) -> Result<Option<Loaded<T>>, Problem> {
        let Some(stored) = self.read(key).await? else { return Ok(None) };
        Ok(Some(Loaded { record: Box::new(self.open(key, &stored.value)?), version: stored.version }))
    }

    /// Seals and writes a record if the key is still at `expected`; `None` says that it was not.
    pub fn save<T: Record>(
        &self,
        key: &str,
        record: &T,
        expected: Option<&str>,
        expires_at: Option<u64>,
    ) -> impl Future<Output = Result<Option<String>, Problem>> {
        // Sealed before anything is awaited, so that one future serves all kinds of records.
        self.write(key, self.seal(key, record), expected, expires_at)
    }

    /// Writes what is sealed already.
    pub async fn write(
        &self,
        key: &str,
        sealed: Result<String, Problem>,
        expected: Option<&str>,
        expires_at: Option<u64>,
    ) -> Result<Option<String>, Problem> {
        self.platform.put(key, &sealed?, expected, expires_at).await.map_err(|failure| self.store_failed(failure))
    }

    /// Deletes what still is at the version it was read at, and says whether it was.
    pub async fn delete(&self, key: &str, version: &str) -> Result<bool, Problem> {
        self.platform.delete(key, version).await.map_err(|failure| self.store_failed(failure))
    }

    /// Reads one page of what lies under a prefix, sealed.
    pub async fn list(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<StoredPage, Problem> {
        self.platform.list(prefix, cursor, limit).await.map_err(|failure| self.store_failed(failure))
    }

    /// Reads one page of the records under a prefix.
    pub async fn page<T: Record>(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<Page<T>, Problem> {
        let stored = self.list(prefix, cursor, limit).await?;
        let mut page = Page { records: Vec::new(), unreadable: Vec::new(), cursor: stored.cursor };
        // Every record is sealed for its own key, so what the store lists too much would open as well as what was asked.
        for (key, stored) in stored.entries.into_iter().filter(|(key, _)| key.starts_with(prefix)) {
            match self.open(&key, &stored.value) {
                Ok(record) => page.records.push(record),
                Err(code) => page.unreadable.push((key.rsplit('/').next().unwrap_or_default().into(), code)),
            }
        }
        Ok(page)
    }

    /// Seals a record for a place: a storage key, a cookie or a purpose.
    pub fn seal<T: Record>(&self, place: &str, record: &T) -> Result<String, Problem> {
        // Room enough that no half-written secret is left behind by a growing buffer.
        let mut plaintext = Wiped::new(Vec::with_capacity(8 * 1024));
        serde_json::to_writer(&mut *plaintext, record).map_err(|_| Code::Internal)?;
        self.seal_text(place, plaintext)
    }

    fn seal_text(&self, place: &str, plaintext: Wiped<Vec<u8>>) -> Result<String, Problem> {
        Ok(self.config.keys.seal(place, plaintext, self.random::<IV_LENGTH>()?)?)
    }

    /// Opens what was sealed for this place.
    pub fn open<T: Record>(&self, place: &str, sealed: &str) -> Result<T, Code> {
        let mut fields = self.open_fields(place, sealed)?;
        let record = T::read(&mut fields);
        if fields.problems.is_empty() { Ok(record) } else { Err(Code::SealBroken) }
    }

    fn open_fields(&self, place: &str, sealed: &str) -> Result<Fields, Code> {
        let plaintext = self.config.keys.open(place, sealed)?;
        match serde_json::from_slice(&plaintext) {
            Ok(Value::Object(values)) => Ok(Fields::new(values, String::new())),
            _ => Err(Code::SealBroken),
        }
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Problem> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Fills a buffer with random bytes.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), Problem> {
        self.platform.random(bytes).map_err(|failure| {
            self.failed("random", &failure.0);
            Code::Internal.into()
        })
    }

    /// Tells the operator what failed; the answer carries no more than a code.
    pub fn failed(&self, operation: &'static str, message: &str) {
        self.platform.emit(&Event::platform_failed(operation, &printable(message, 200)));
    }

    fn store_failed(&self, failure: Failure) -> Problem {
        self.failed("store", &failure.0);
        Code::StoreUnavailable.into()
    }
}

/// Writes a secret into a record that is about to be sealed. Nothing else serializes a [`Secret`].
pub fn sealed_text<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// The same for a secret that may be missing.
pub fn sealed_text_if_any<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    match secret {
        Some(secret) => serializer.serialize_some(secret.expose()),
        None => serializer.serialize_none(),
    }
}
