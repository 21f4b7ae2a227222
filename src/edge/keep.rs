//! Where a verified connection ends up: stored in place of an earlier one of the same owner and account, and told to the
//! integration.

use super::ask::ask_about_token;
use super::connection::{Connection, storage_key};
use super::credential::Credential;
use super::event::Event;
use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use crate::error::Code;
use crate::integration::{Action, Authorization};
use crate::subdomain::Subdomain;
use std::prelude::v1::*;

/// How often a write that met another one is repeated. Each loss means that somebody else's write went through.
pub const SAVE_ATTEMPTS: usize = 8;

/// Stores a connection. The newest grant wins. A failed write is tried once more, unless somebody has written meanwhile: it may
/// have gone through.
pub async fn keep<P: Platform>(cx: &Context<'_, P>, connection: Box<Connection>) -> Result<Box<Connection>, Problem> {
    let kept = store(cx, connection).await?;
    let (connection, authorization) = (kept.id.clone(), kept.authorization);
    let profile = kept.profile.clone().filter(|_| authorization == Authorization::OauthCustom);
    // Also where it was migrated before: whoever did that may have died before the integration heard of it.
    let happened = if kept.migrated_at.is_some() {
        Action::ConnectionMigrated { connection, authorization, profile }
    } else {
        Action::ConnectionVerified { connection, authorization, profile }
    };
    cx.tell_integration(&kept.tenant, &kept.owner, &happened).await?;
    if kept.migrated_at == Some(kept.updated_at) {
        cx.announce(&Event::connection_migrated(&kept)).await;
    }
    Ok(kept)
}

async fn store<P: Platform>(cx: &Context<'_, P>, mut connection: Box<Connection>) -> Result<Box<Connection>, Problem> {
    let key = storage_key(&connection.tenant, &connection.id);
    let (mut failures, mut doubtful) = (0, None);
    for _ in 0..SAVE_ATTEMPTS {
        match replace(cx, &key, &mut connection, &mut doubtful).await {
            Ok(true) => return Ok(connection),
            Ok(false) => {}
            Err(_) if failures == 0 => failures += 1,
            Err(_) => break,
        }
    }
    Err(Code::ConnectionNotStored.into())
}

/// One write in the place of what is there. `doubtful` is what a write was to replace that failed, and may have gone through.
async fn replace<P: Platform>(
    cx: &Context<'_, P>,
    key: &str,
    connection: &mut Connection,
    doubtful: &mut Option<Option<String>>,
) -> Result<bool, Problem> {
    let (earlier, expected) = match cx.read(key).await? {
        // A record whose key is lost is replaced, which mends it.
        Some(known) => (cx.open::<Connection>(key, &known.value).ok(), Some(known.version)),
        None => (None, None),
    };
    if let Some(replaced) = doubtful.as_ref() {
        let has_changed = expected != *replaced;
        let secret = connection.credential.secret();
        if let Some(earlier) = &earlier
            && has_changed
            && earlier.credential.secret().same_as(secret.expose())
        {
            return Ok(true);
        }
        // Whoever wrote or deleted since then may have built on this credential, or revoked it.
        if has_changed || (expected.is_none() && is_refused(cx, connection).await) {
            return Err(Code::ConnectionNotStored.into());
        }
        *doubtful = None;
    }
    if let Some(earlier) = earlier {
        connection.created_at = earlier.created_at;
        if let Credential::Token(_) = &connection.credential {
            // The API token goes with the record that is replaced, and only now.
            let is_first = matches!(earlier.credential, Credential::ApiToken(_));
            let now = is_first.then_some(connection.updated_at);
            connection.migrated_at = now.or(connection.migrated_at).or(earlier.migrated_at);
        }
    }
    let written = cx.save(key, connection, expected.as_deref(), None).await;
    if written.is_err() {
        *doubtful = Some(expected);
    }
    Ok(written?.is_some())
}

/// Whether Zendesk takes a token no longer; an API token is not asked about.
async fn is_refused<P: Platform>(cx: &Context<'_, P>, connection: &Connection) -> bool {
    let (Credential::Token(_), Ok(account)) = (&connection.credential, Subdomain::parse(&connection.subdomain)) else {
        return false;
    };
    let asked = ask_about_token(cx, &account, &connection.credential.authorization()).await;
    asked.is_err_and(|error| error.code == Code::AccessTokenRefused)
}
