//! What a client and Switchboard say to each other over the WebSocket.
//!
//! The types here are the wire contract's one source: the JSON Schema, the `AsyncAPI` document and the protocol page are
//! generated from them. A client sends an [`Action`] in an envelope and hears [`Event`]s; [`envelope`] reads and
//! writes both. Nothing here knows a rule of the game or the platform.

mod action;
pub mod battle;
pub mod connection;
pub mod envelope;
mod error;
pub mod event;
pub mod lobby;
pub mod matchmaking;
mod number;
#[cfg(feature = "schema")]
pub mod schema;
pub mod signalling;
mod text;

pub use action::{Action, Actions, Message};
pub use envelope::{MAX_FRAME_BYTES, MAX_MESSAGE_BYTES, ParseError, Request};
pub use error::ErrorCode;
pub use event::Event;
pub use number::{Large, Signed, Whole};
pub use text::{Metadata, Text};

/// The WebSocket subprotocol that Switchboard answers with where a client offers it. No client has to.
pub const SUBPROTOCOL: &str = "switchboard";

/// How the subprotocol begins that a client offers besides, to bring its token along: `token.<the token>`. Never answered with.
pub const TOKEN_SUBPROTOCOL: &str = "token.";

/// The version of the protocol that this crate speaks; `welcome` tells it.
pub const PROTOCOL_VERSION: u32 = 3;
