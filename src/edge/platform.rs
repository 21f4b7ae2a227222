//! What the service needs from where it runs. WebAssembly implements it with the runtime's own means, tests with a
//! virtual clock and scripted faults; nothing else in the service touches time, chance, network or storage.

use super::event::Event;
use super::message::{Request, Response};
use crate::secret::Secret;
use std::prelude::v1::*;

/// A stored value and the version that a later write names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The sealed text.
    pub value: String,
    /// Opaque; differs after every write.
    pub version: String,
}

/// One page of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredPage {
    /// Keys with what lies under them, in the store's order.
    pub entries: Vec<(String, Stored)>,
    /// Where the next page begins; `None` after the last.
    pub cursor: Option<String>,
}

/// The store, or the source of random numbers, failed. The text is for the operator's log, never for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

/// Why a request had no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No whole answer within the platform's limit. The request may have been carried out.
    TimedOut,
    /// The answer was longer than [`MAX_BODY`](crate::token::MAX_BODY); the platform stopped reading there.
    TooLarge,
    /// Anything else; the text is for the operator's log.
    Unreachable(String),
}

impl FetchError {
    /// What happened, in a word or two that hold nothing of the request.
    pub fn word(&self) -> &'static str {
        match self {
            Self::TimedOut => "no answer in time",
            Self::TooLarge => "too large an answer",
            Self::Unreachable(_) => "unreachable",
        }
    }
}

/// The head of an answer whose body the platform keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// HTTP status.
    pub status: u16,
    /// Names and values; a name may come more than once.
    pub headers: Vec<(String, String)>,
}

/// The runtime under the service. Futures need not be `Send`: an isolate is single-threaded, and what one request began
/// must not be awaited by another (workerd forbids it).
#[allow(async_fn_in_trait, reason = "the service is generic over the platform and never asks for Send")]
pub trait Platform {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;

    /// Comes back after so many milliseconds, or a little later.
    async fn wait(&self, milliseconds: u32);

    /// What the embedding product says of who is asking, as JSON; `None` if it lets nobody in. Asked only where the
    /// configuration says so.
    ///
    /// # Errors
    /// When the product's hook failed.
    async fn authenticate(&self) -> Result<Option<String>, Failure>;

    /// Fills the bytes from a cryptographic source.
    ///
    /// # Errors
    /// When there is none.
    fn random(&self, bytes: &mut [u8]) -> Result<(), Failure>;

    /// Sends one request to Zendesk, follows no redirect, reads at most [`MAX_BODY`](crate::token::MAX_BODY) bytes and
    /// gives up after some seconds.
    ///
    /// # Errors
    /// When there is no whole answer.
    async fn fetch(&self, request: Request<Secret>) -> Result<Response<Vec<u8>>, FetchError>;

    /// Whether the present request comes from the product's own code and not over the network.
    fn is_trusted(&self) -> bool;

    /// The headers that the present request came with.
    fn request_headers(&self) -> Vec<(String, String)>;

    /// Sends the present request on, with its own method and body, to this URL and with these headers only; follows no
    /// redirect. Neither body is read here: both stream through the platform.
    ///
    /// # Errors
    /// When no answer has begun.
    async fn forward(&self, url: &str, headers: &[(String, String)]) -> Result<Head, FetchError>;

    /// Whether the present request can be sent on once more: its body is short enough to be at hand still.
    fn can_forward_again(&self) -> bool;

    /// Answers the present request with this head and the body of the last answer to [`Platform::forward`].
    fn pass_back(&self, head: Head);

    /// Reads a value.
    ///
    /// # Errors
    /// When the store failed.
    async fn get(&self, key: &str) -> Result<Option<Stored>, Failure>;

    /// Writes if the key still has the expected version (`None`: if there is no such key) and returns the new version,
    /// or `None` without having written anything. `expires_at` is in milliseconds since 1970.
    ///
    /// # Errors
    /// When the store failed; the value may or may not have been written.
    async fn put(
        &self,
        key: &str,
        value: &str,
        expected: Option<&str>,
        expires_at: Option<u64>,
    ) -> Result<Option<String>, Failure>;

    /// Deletes if the key still has the expected version, and says whether it did.
    ///
    /// # Errors
    /// When the store failed.
    async fn delete(&self, key: &str, expected: &str) -> Result<bool, Failure>;

    /// Lists keys that begin with the prefix.
    ///
    /// # Errors
    /// When the store failed.
    async fn list(&self, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<StoredPage, Failure>;

    /// Hands an event to the embedding product; must not block or fail.
    fn emit(&self, event: &Event);

    /// Asks for [`Edge::deliver`](super::Edge::deliver) with this key once the answer is out; must not block or fail.
    fn deliver_later(&self, key: &str);
}
