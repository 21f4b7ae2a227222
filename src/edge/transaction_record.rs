//! What the store knows of a worker-held transaction: enough to make it single use across isolates and to answer the
//! poll. State and verifier are not here but in the browser's cookie.

use super::answer;
use super::fields::{Fields, is_key_part};
use super::instant::rfc3339;
use super::json::{object, set, text};
use super::message::{Request, Response};
use super::platform::Platform;
use super::problem::Problem;
use super::store::{Context, Loaded, Record};
use crate::error::Code;
use crate::pkce::base64url;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::format;
use std::prelude::v1::*;

/// How long a record outlives its transaction, so that late callbacks and polls hear what became of it. Milliseconds.
const AFTERLIFE: u64 = 3_600_000;
/// After this an exchange has ended or its isolate has: more than all its calls with all their time-outs. Milliseconds.
const EXCHANGE_LIMIT: u64 = 120_000;

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// The browser is on Zendesk's page.
    Pending,
    /// A callback has claimed it. No second one can.
    Exchanging,
    /// Ended well.
    Connected,
    /// Ended otherwise.
    Failed,
}

/// A transaction as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransactionRecord {
    /// Follows from the state.
    pub id: String,
    /// `integration`, or `user:` and the end user.
    pub owner: String,
    /// Where it stands.
    pub progress: Progress,
    /// The connection, where it ended well.
    pub connection: Option<String>,
    /// The code, where it ended otherwise.
    pub code: Option<String>,
    /// When it can no longer end well, in milliseconds since 1970.
    pub expires_at: u64,
    /// The last change, in milliseconds since 1970.
    pub updated_at: u64,
}

impl Record for TransactionRecord {
    fn read(fields: &mut Fields) -> Self {
        let all = [
            ("pending", Progress::Pending),
            ("exchanging", Progress::Exchanging),
            ("connected", Progress::Connected),
            ("failed", Progress::Failed),
        ];
        Self {
            id: fields.required("id"),
            owner: fields.required("owner"),
            // One that cannot be told counts as claimed.
            progress: fields.choice("progress", &all).unwrap_or(Progress::Failed),
            connection: fields.text("connection"),
            code: fields.text("code"),
            expires_at: fields.number("expires_at"),
            updated_at: fields.number("updated_at"),
        }
    }
}

impl TransactionRecord {
    /// A transaction that begins.
    pub fn new(id: &str, owner: &str, now: u64, expires_at: u64) -> Self {
        let (id, owner) = (id.into(), owner.into());
        Self { id, owner, progress: Progress::Pending, connection: None, code: None, expires_at, updated_at: now }
    }

    /// Ends it, with a connection or a code.
    pub fn end(&mut self, ended: Result<&str, Code>, now: u64) {
        match ended {
            Ok(connection) => {
                self.progress = Progress::Connected;
                self.connection = Some(connection.into());
            }
            Err(code) => {
                self.progress = Progress::Failed;
                self.code = Some(code.as_str().into());
            }
        }
        self.updated_at = now;
    }

    /// Ends it where nobody lived to do so.
    fn end_if_overdue(&mut self, now: u64) {
        match self.progress {
            Progress::Pending if now > self.expires_at => self.end(Err(Code::TransactionExpired), now),
            Progress::Exchanging if now > self.updated_at.saturating_add(EXCHANGE_LIMIT) => {
                self.end(Err(Code::TransactionInterrupted), now);
            }
            _ => {}
        }
    }

    fn to_json(&self) -> Value {
        let status = match self.progress {
            Progress::Pending | Progress::Exchanging => "pending",
            Progress::Connected => "connected",
            Progress::Failed => "failed",
        };
        let mut json =
            object([("id", text(&self.id)), ("status", text(status)), ("expiresAt", rfc3339(self.expires_at).into())]);
        let known = Code::ALL.iter().find(|code| Some(code.as_str()) == self.code.as_deref());
        let detail = known.map(|code| code.message());
        for (name, value) in
            [("connection", self.connection.as_deref()), ("code", self.code.as_deref()), ("detail", detail)]
        {
            if let Some(value) = value {
                set(&mut json, name, text(value));
            }
        }
        json
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
    let session = cx.session(request).await?;
    let loaded = if is_key_part(id) { cx.transaction(&session.tenant, id).await? } else { None };
    let Some(Loaded { mut record, .. }) = loaded.filter(|loaded| loaded.record.owner == session.owner()) else {
        return Err(Code::TransactionNotFound.into());
    };
    record.end_if_overdue(cx.platform.now_ms());
    Ok(answer::json(StatusCode::OK, &record.to_json()))
}
