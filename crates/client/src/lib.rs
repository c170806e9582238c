//! The Rust client: typed actions and events over one WebSocket.
//!
//! [`Client::connect`] gives two halves. The [`Client`] talks: [`Client::request`] waits for the answer,
//! [`Client::send`] does not ask for one, and a method per action saves spelling either. The [`Events`] listen: whatever
//! Switchboard says unasked comes out there, in order.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use client::protocol::lobby::StartLobby;
//! use client::{Client, Incoming, Options};
//!
//! let (client, mut events) = Client::connect("ws://127.0.0.1:8787", Options::default()).await?;
//! client.hello().await?;
//! let lobby = client.start_lobby(StartLobby::default()).await?;
//! println!("join me in {}", lobby.lobby.lobby_id);
//! while let Some(incoming) = events.next().await {
//!     if let Incoming::Event(client::protocol::Event::ReceivedJoinRequest(request)) = incoming {
//!         client.accept(request.connection_id, None).await?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A connection that ends stays ended: [`Client::ended`] says why, and every later call says so too. A [`Session`] is what most
//! games want instead: the same methods, over as many connections as it takes.

mod actions;
mod ambient;
mod connect;
mod end;
mod error;
mod events;
mod frame;
mod handle;
mod heartbeat;
mod options;
mod pending;
mod reader;
mod session;
mod shared;
mod stats;
#[cfg(test)]
mod tests;
mod tls;
mod token;
mod writer;

pub use actions::{Joining, Rematch};
pub use end::End;
pub use error::{ConnectError, Refused, RequestError, SendError};
pub use events::{Events, Incoming, NotAnEvent, UnknownEvent};
pub use frame::{FrameKind, RawFrame};
pub use handle::Client;
/// Signing players' tokens, for a game's own backend; docs/identity.md is the recipe.
#[cfg(feature = "tokens")]
pub use identity as tokens;
pub use options::{Heartbeat, Options};
pub use session::{
    Backoff, Patience, ResumeToken, Resumed, Session, SessionError, SessionEvent, SessionEvents,
    SessionOptions, WhenForgotten,
};
pub use stats::Stats;
pub use token::{Token, TokenError};
pub use {ids, protocol};
