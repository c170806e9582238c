//! What is heard of the connection itself.

use ids::PlayerId;
use serde::{Deserialize, Serialize};

use super::example_player;
use crate::PROTOCOL_VERSION;
use crate::action::message;

event! {
    /// Who one is, and how to stay connected.
    Welcome, "welcome" {
        /// The player on this connection.
        pub player_id: PlayerId,
        /// What to say in a later `hello` to be the same player again. It is a secret: whoever has it is that player.
        pub resume_token: String,
        /// Whether this is a player who was here before. Then everything that it missed came ahead of this event: what was
        /// said to it, in order, and `lobby_resumed` or `matchmaking_resumed` if it has a place.
        pub resumed: bool,
        /// How often to send `ping` while nothing else is sent, in seconds.
        pub heartbeat_seconds: u32,
        /// How long the player's places are kept once its connection has ended, in seconds.
        pub grace_seconds: u32,
        /// When the platform ends this connection, in seconds since 1970.
        pub expires_at: u64,
        /// The version of the protocol.
        pub protocol: u32,
    } = Welcome {
        player_id: example_player(),
        resume_token: "AWlOtKAc4bXr2c0m1o0yQpE3c1kSNWYwYzJmNmU5ZDBiNGI3YzhhNTFlM2ExZDJjNGI2Zjg".to_owned(),
        resumed: false,
        heartbeat_seconds: 540,
        grace_seconds: 30,
        expires_at: 1_800_007_200,
        protocol: PROTOCOL_VERSION,
    }
}

event! {
    /// The connection is open.
    Pong, "pong" {} = Pong {}
}

event! {
    /// The platform ends this connection soon. Open another, say `hello` with the resume token there, then close this one.
    GoAway, "go_away" {
        /// How soon, in seconds.
        pub seconds: u32,
    } = GoAway { seconds: 120 }
}

event! {
    /// The player is on another connection now, and this one is closed.
    ConnectionReplaced, "connection_replaced" {
        /// A sentence for people.
        pub reason: String,
    } = ConnectionReplaced { reason: "The player has come by another connection.".to_owned() }
}
