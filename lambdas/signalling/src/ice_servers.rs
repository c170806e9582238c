//! `get_ice_servers`: which STUN and TURN servers to use.

use function::{Context, Reply};
use protocol::event;

/// Tells the configured servers. No operation.
pub(crate) fn ice_servers(context: &Context) -> Reply {
    let ice_servers = context.ice_servers.to_vec();
    Reply::Event(
        event::IceServers {
            ice_servers,
            expires_at: None,
        }
        .into(),
    )
}
