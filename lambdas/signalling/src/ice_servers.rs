//! `get_ice_servers`: which STUN and TURN servers to use.

use function::{Caller, Context, Failure, Reply, lobby};
use protocol::event;

/// Tells the configured servers, and credentials of the player's own for TURN servers that share a secret with us. No
/// operation; one where there are such TURN servers, to learn who asks.
pub(crate) async fn ice_servers(context: &Context, caller: &Caller) -> Result<Reply, Failure> {
    let mut ice_servers = context.ice_servers.to_vec();
    let mut expires_at = None;
    if let Some(turn) = &context.turn {
        let player_id = lobby::caller(context, caller).await?.player_id;
        let issued = turn.issue(&player_id, caller.now);
        ice_servers.push(issued.server);
        expires_at = Some(issued.expires_at);
    }
    let event = event::IceServers {
        ice_servers,
        expires_at,
    };
    Ok(Reply::Event(event.into()))
}
