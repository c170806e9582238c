//! A Switchboard in this process.

use std::net::SocketAddr;

use anyhow::Context as _;
use local::{Server, ServerSettings, Settings};

/// A server as it is by default, listening here.
pub(crate) fn settings(listen: SocketAddr) -> ServerSettings {
    let front = Settings {
        listen,
        ..Settings::default()
    };
    ServerSettings {
        front,
        ..ServerSettings::default()
    }
}

/// Starts one.
///
/// # Errors
/// Where it cannot listen there.
pub(crate) async fn start(settings: ServerSettings) -> anyhow::Result<Server> {
    local::serve(settings)
        .await
        .context("No Switchboard could be started here.")
}
