//! A Switchboard in this process.

use std::net::SocketAddr;

use anyhow::Context as _;
use local::{Server, ServerSettings, Settings};
use protocol::event::IceServer;

/// Starts one.
///
/// # Errors
/// Where it cannot listen there.
pub(crate) async fn start(
    listen: SocketAddr,
    ice_servers: Vec<IceServer>,
) -> anyhow::Result<Server> {
    let front = Settings {
        listen,
        ..Settings::default()
    };
    let settings = ServerSettings {
        front,
        ice_servers,
        ..ServerSettings::default()
    };
    local::serve(settings)
        .await
        .context("No Switchboard could be started here.")
}
