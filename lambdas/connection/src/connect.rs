//! `$connect`: somebody is there, and is somebody.

use function::{Call, Context, FAREWELL, Failure, fresh_player_id};
use store::Connection;

/// Writes down the connection and its player: who its token says, where there is an authorizer, else somebody new. One
/// transaction.
pub(crate) async fn connect(context: &Context, call: &Call) -> Result<(), Failure> {
    let caller = &call.caller;
    let (player_id, permissions) = match call.identity()? {
        Some(identity) => (identity.player_id, Some(identity.permissions)),
        None => (fresh_player_id(), None),
    };
    let connection = Connection {
        connection_id: caller.connection_id.clone(),
        player_id,
        connected_at: caller.connected_at,
        expires_at: context.end_of(caller) + FAREWELL.max(context.grace),
        permissions,
    };
    Ok(context.store.connections().open(&connection).await?)
}
