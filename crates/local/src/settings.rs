//! What can be set about the local server's front. The defaults are API Gateway's quotas.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// How the front behaves. [`Settings::default`] is what API Gateway does; tests shorten the times.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen. Port 0 takes a free port.
    pub listen: SocketAddr,
    /// How long a connection may go without a message in either direction.
    pub idle_timeout: Duration,
    /// How old a connection may become, however busy it is.
    pub connection_lifetime: Duration,
    /// How long an integration may take; then its invocation is given up.
    pub integration_timeout: Duration,
    /// The most bytes of one frame of a client.
    pub max_frame: usize,
    /// The most bytes of one message, a client's or one that is posted to it.
    pub max_message: usize,
    /// The most connections at a time; whoever comes next is told 429.
    pub max_connections: usize,
    /// The most messages of one client that are handled at a time. The next one stays unread until one is done.
    pub max_in_flight: u16,
    /// The most bytes that may wait for one client to read them. Past it the connection is ended.
    pub max_unread: usize,
    /// What becomes of a `$disconnect`: the platform promises none.
    pub farewells: Farewells,
    /// How long a stop waits for the `$disconnect`s and for the invocations in flight.
    pub stop_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)),
            idle_timeout: Duration::from_mins(10),
            connection_lifetime: Duration::from_hours(2),
            integration_timeout: Duration::from_secs(29),
            max_frame: 32 * 1024,
            max_message: 128 * 1024,
            max_connections: 10_000,
            max_in_flight: 64,
            max_unread: 1024 * 1024,
            farewells: Farewells::Told,
            stop_timeout: Duration::from_secs(10),
        }
    }
}

/// What becomes of a `$disconnect`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Farewells {
    /// It is told, once.
    #[default]
    Told,
    /// It is lost: nobody but whoever posts to the connection finds out that it has ended.
    Lost,
}
