//! `$connect`: somebody is there, and is somebody.

use function::{Caller, Context, FAREWELL, Failure, fresh_player_id};
use store::Connection;

/// Writes down the connection and its player. One transaction.
pub(crate) async fn connect(context: &Context, caller: &Caller) -> Result<(), Failure> {
    let connection = Connection {
        connection_id: caller.connection_id.clone(),
        player_id: fresh_player_id(),
        connected_at: caller.connected_at,
        expires_at: context.end_of(caller) + FAREWELL.max(context.grace),
    };
    Ok(context.store.connections().open(&connection).await?)
}
