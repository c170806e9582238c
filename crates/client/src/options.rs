//! What can be set about a client.

use std::time::Duration;

use crate::Token;

/// How a client behaves. [`Options::default`] suits a game.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long to wait for a connection, for the answer to a request, and for the goodbye.
    pub deadline: Duration,
    /// How many unread events are kept before the client stops reading; see [`Events`](crate::Events).
    pub unread_events: usize,
    /// Whether to keep an idle connection open.
    pub heartbeat: Heartbeat,
    /// Who the player is, where Switchboard wants to know.
    pub token: Option<Token>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            unread_events: 1024,
            heartbeat: Heartbeat::AsWelcomed,
            token: None,
        }
    }
}

/// Whether a client says `ping` by itself while it has nothing else to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heartbeat {
    /// As often as `welcome` asks for. Before a `hello` has been answered, never.
    AsWelcomed,
    /// Never: the platform ends the connection after ten minutes of silence.
    Never,
}
