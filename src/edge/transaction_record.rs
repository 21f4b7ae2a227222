//! What the store knows of a worker-held transaction: enough to make it single use across isolates and to answer the
//! poll. State and verifier are not here but in the browser's cookie.

use super::answer;
use super::fields::is_key_part;
use super::instant::rfc3339;
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Loaded};
use crate::error::Code;
use crate::pkce::base64url;
use http::{Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;

/// How long a record outlives its transaction, so that late callbacks and polls hear what became of it. Milliseconds.
const AFTERLIFE: u64 = 3_600_000;
/// After this an exchange has ended or its isolate has: more than all its calls with all their time-outs. Milliseconds.
const EXCHANGE_LIMIT: u64 = 120_000;

/// Where a transaction stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// The browser is on Zendesk's page.
    Pending,
    /// A callback has claimed it. No second one can.
    Exchanging,
    /// Ended well, with this connection.
    Connected(String),
    /// Ended otherwise, with this code and what to say.
    Failed { code: String, detail: String },
}

/// A transaction as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionRecord {
    /// Follows from the state.
    pub id: String,
    /// `integration`, or `user:` and the end user.
    pub owner: String,
    /// Where it stands.
    pub progress: Progress,
    /// When it can no longer end well, in milliseconds since 1970.
    pub expires_at: u64,
    /// The last change, in milliseconds since 1970.
    pub updated_at: u64,
}

impl Progress {
    /// Ended with an error.
    pub fn failed(code: Code) -> Self {
        Self::Failed { code: code.as_str().into(), detail: code.message().into() }
    }
}

/// The id of the transaction of a state: 22 characters that tell nothing about the state.
pub fn transaction_id(state: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(state.as_bytes()).into();
    base64url(digest.split_at(16).0)
}

/// Where a transaction is stored.
fn storage_key(tenant: &str, id: &str) -> String {
    format!("transactions/{tenant}/{id}")
}

impl TransactionRecord {
    /// What is true of it at this moment, whether or not somebody lived to write it down.
    fn progress_at(&self, now: u64) -> Progress {
        match &self.progress {
            Progress::Pending if now > self.expires_at => Progress::failed(Code::TransactionExpired),
            Progress::Exchanging if now > self.updated_at.saturating_add(EXCHANGE_LIMIT) => {
                Progress::failed(Code::TransactionInterrupted)
            }
            progress => progress.clone(),
        }
    }
}

impl<P: Platform> Context<'_, P> {
    /// Reads a transaction's record.
    pub async fn transaction(&self, tenant: &str, id: &str) -> Result<Option<Loaded<TransactionRecord>>, Problem> {
        self.load(&storage_key(tenant, id)).await
    }

    /// Writes a record in place of the version it was read at; `None` if another isolate was faster.
    pub async fn save_transaction(
        &self,
        tenant: &str,
        record: &TransactionRecord,
        expected: Option<&str>,
    ) -> Result<Option<String>, Problem> {
        let expires_at = record.expires_at.saturating_add(AFTERLIFE);
        self.save(&storage_key(tenant, &record.id), record, expected, Some(expires_at)).await
    }
}

/// `GET /transactions/{id}`: the poll behind the popup.
pub async fn show<P: Platform>(
    cx: &Context<'_, P>,
    request: &Request<Vec<u8>>,
    id: &str,
) -> Result<Response<Vec<u8>>, Problem> {
    let session = cx.session(request)?;
    let loaded = if is_key_part(id) { cx.transaction(&session.tenant, id).await? } else { None };
    let Some(Loaded { record, .. }) = loaded.filter(|loaded| loaded.record.owner == session.owner()) else {
        return Err(Code::TransactionNotFound.into());
    };
    let (id, expires_at) = (&record.id, rfc3339(record.expires_at));
    let body = match record.progress_at(cx.platform.now_ms()) {
        Progress::Pending | Progress::Exchanging => json!({ "id": id, "status": "pending", "expiresAt": expires_at }),
        Progress::Connected(connection) => {
            json!({ "id": id, "status": "connected", "connection": connection, "expiresAt": expires_at })
        }
        Progress::Failed { code, detail } => {
            json!({ "id": id, "status": "failed", "code": code, "detail": detail, "expiresAt": expires_at })
        }
    };
    Ok(answer::json(StatusCode::OK, &body))
}
