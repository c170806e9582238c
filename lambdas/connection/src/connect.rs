//! `$connect`: somebody is there, and is somebody.

use domain::Timestamp;
use function::{Call, Context, FAREWELL, Failure, fresh_player_id};
use identity::Permissions;
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
        expires_at: end(context.end_of(caller), permissions.as_ref()) + FAREWELL.max(context.grace),
        permissions,
    };
    Ok(context.store.connections().open(&connection).await?)
}

/// When a connection ends at the latest: with what its token permits, or as the platform has it.
fn end(platform: Timestamp, permissions: Option<&Permissions>) -> Timestamp {
    let permitted = permissions.and_then(|permissions| permissions.expires_at);
    let permitted = permitted.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000)));
    permitted.map_or(platform, |permitted| permitted.min(platform))
}
