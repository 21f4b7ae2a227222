//! Where a verified connection ends up: stored in place of an earlier one of the same owner and account, and told to the
//! integration.

use super::connection::{Connection, storage_key};
use super::credential::Credential;
use super::event::Event;
use super::platform::Platform;
use super::problem::Problem;
use super::store::Context;
use crate::error::Code;
use crate::integration::{Action, Authorization};

/// How often a write that met another one is repeated. Each loss means that somebody else's write went through.
pub const SAVE_ATTEMPTS: usize = 8;

/// Stores a connection. The newest grant wins. A failed write is tried once more: it may have gone through, and reading
/// shows it.
pub async fn keep<P: Platform>(cx: &Context<'_, P>, connection: Connection) -> Result<Connection, Problem> {
    let began = connection.created_at;
    let kept = store(cx, connection).await?;
    let (connection, authorization) = (kept.id.clone(), kept.authorization);
    let profile = kept.profile.clone().filter(|_| authorization == Authorization::OauthCustom);
    let is_migrated = kept.migrated_at.is_some_and(|at| at >= began);
    let happened = if is_migrated {
        Action::ConnectionMigrated { connection, authorization, profile }
    } else {
        Action::ConnectionVerified { connection, authorization, profile }
    };
    cx.tell_integration(&kept.tenant, &kept.owner, &happened).await?;
    if is_migrated {
        cx.announce(&Event::connection_migrated(&kept)).await;
    }
    Ok(kept)
}

async fn store<P: Platform>(cx: &Context<'_, P>, mut connection: Connection) -> Result<Connection, Problem> {
    let key = storage_key(&connection.tenant, &connection.id);
    let mut failures = 0;
    for _ in 0..SAVE_ATTEMPTS {
        match replace(cx, &key, &mut connection).await {
            Ok(true) => return Ok(connection),
            Ok(false) => {}
            Err(_) if failures == 0 => failures += 1,
            Err(_) => break,
        }
    }
    Err(Code::ConnectionNotStored.into())
}

async fn replace<P: Platform>(cx: &Context<'_, P>, key: &str, connection: &mut Connection) -> Result<bool, Problem> {
    let known = cx.read(key).await?;
    // A record whose key is lost is replaced, which mends it.
    if let Some(Ok(earlier)) = known.as_ref().map(|known| cx.open::<Connection>(key, &known.value)) {
        connection.created_at = earlier.created_at;
        if let Credential::Token(_) = &connection.credential {
            // The API token goes with the record that is replaced, and only now.
            let is_first = matches!(earlier.credential, Credential::ApiToken(_));
            let now = is_first.then_some(connection.updated_at);
            connection.migrated_at = now.or(connection.migrated_at).or(earlier.migrated_at);
        }
    }
    let expected = known.as_ref().map(|known| known.version.as_str());
    Ok(cx.save(key, connection, expected, None).await?.is_some())
}
