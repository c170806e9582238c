//! What is heard of those who are away, and of coming back.

use ids::{PeerAddress, PeerId, PlayerId, QueueName, TicketId};
use serde::{Deserialize, Serialize};

use super::{LobbySummary, Member, ReceivedJoinRequest, example_player};
use crate::action::message;
use crate::lobby::Visibility;
use crate::signalling::example_address;
use crate::{Metadata, event::example_other};

event! {
    /// A member's connection has ended. Its seat is kept for it.
    PlayerAway, "player_away" {
        /// Its peer id.
        pub peer_id: PeerId,
        /// Who it is.
        pub player_id: PlayerId,
        /// How long it has to come back, in seconds, before it is out, and has lost its battle.
        pub seconds: u32,
    } = PlayerAway {
        peer_id: PeerId::try_from(2).expect("within range"),
        player_id: example_player(),
        seconds: 30,
    }
}

event! {
    /// A member has a new connection, whether or not it was said to be away. What was sent to its old address reaches it too.
    PlayerBack, "player_back" {
        /// Its address from now on.
        pub connection_id: PeerAddress,
        /// Its peer id, the same as before.
        pub peer_id: PeerId,
        /// Who it is.
        pub player_id: PlayerId,
    } = PlayerBack {
        connection_id: example_address(),
        peer_id: PeerId::try_from(2).expect("within range"),
        player_id: example_player(),
    }
}

event! {
    /// The lobby as it is, for somebody who has come back to it. The addresses in it replace all earlier ones.
    LobbyResumed, "lobby_resumed" {
        /// The player's own peer id; null while it waits to be let in.
        pub peer_id: Option<PeerId>,
        /// Its team, where a match gave it one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub team: Option<u32>,
        /// Whether it is listed.
        pub visibility: Visibility,
        /// What it is like.
        #[serde(flatten)]
        pub lobby: LobbySummary,
        /// The host's peer id.
        pub host_peer_id: PeerId,
        /// Counts the lobby's hosts.
        pub term: u64,
        /// Everyone else who is in it, the longest present first; nobody for one who waits to be let in.
        pub members: Vec<Member>,
        /// The peer ids of those of them who are away.
        pub away: Vec<PeerId>,
        /// Those who wait to be let in, the longest waiting first; for the host only.
        pub requests: Vec<ReceivedJoinRequest>,
    } = LobbyResumed {
        peer_id: Some(PeerId::try_from(2).expect("within range")),
        team: None,
        visibility: Visibility::Public,
        lobby: LobbySummary::example(),
        host_peer_id: PeerId::FIRST,
        term: 1,
        members: vec![Member {
            connection_id: example_address(),
            peer_id: PeerId::FIRST,
            player_id: example_other(),
            metadata: Metadata::default(),
        }],
        away: Vec::new(),
        requests: Vec::new(),
    }
}

event! {
    /// The player who has come back is still searched a match for.
    MatchmakingResumed, "matchmaking_resumed" {
        /// By which ticket.
        pub ticket_id: TicketId,
        /// In which queue.
        pub queue: QueueName,
        /// How long already, in seconds.
        pub waited_seconds: u32,
    } = MatchmakingResumed {
        ticket_id: TicketId::parse("6d1f0c9e-2b47-4a8d-9f35-c0e2a7b41d68").expect("a valid id"),
        queue: QueueName::parse("ranked").expect("a valid name"),
        waited_seconds: 12,
    }
}

event! {
    /// Answers a frame to a peer that has a new address: the frame was passed on, and this is the address from now on.
    PeerMoved, "peer_moved" {
        /// The address that the frame was sent to.
        pub connection_id: PeerAddress,
        /// The peer's address from now on.
        pub new_connection_id: PeerAddress,
    } = PeerMoved { connection_id: example_address(), new_connection_id: example_address() }
}
