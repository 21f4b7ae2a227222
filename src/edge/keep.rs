//! Where a verified connection ends up: stored in place of an earlier one of the same owner and account, and told to the
//! integration.

use super::connection::{Connection, storage_key};
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
    let connection = store(cx, connection).await?;
    let happened = Action::ConnectionVerified {
        connection: connection.id.clone(),
        authorization: connection.authorization,
        profile: connection.profile.clone().filter(|_| connection.authorization == Authorization::OauthCustom),
    };
    cx.tell_integration(&connection.tenant, &connection.owner, &happened).await?;
    Ok(connection)
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
    }
    let expected = known.as_ref().map(|known| known.version.as_str());
    Ok(cx.save(key, connection, expected, None).await?.is_some())
}
