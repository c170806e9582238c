//! What a client hears.

use ids::{LobbyId, PeerAddress, PeerId, PlayerId};
use serde::{Deserialize, Serialize};

use crate::action::{Message, message};
use crate::lobby::{Visibility, example_metadata};
use crate::signalling::{FrameId, example_address};
use crate::{ErrorCode, Metadata};

pub use battle::{
    Attacked, BattlePlayer, BattleResult, BattleSettled, BattleStarted, BattleState, Contestant,
    Effect, EndReason, Fallen, Mark, MarkPlaced, Outcome, PlayerDied, PlayerResult,
    RematchRequested, ResultList, ScoreSynced, Settlement, State,
};
pub use connection::{ConnectionReplaced, GoAway, Pong, Welcome};
pub use matchmaking::{
    BackfillStarted, CancelReason, MatchFound, MatchPlayer, MatchProposed, MatchReturned,
    MatchmakingCancelled, MatchmakingStarted, MatchmakingStatus, ReturnReason,
};
pub use parts::{IceServer, LeaveReason, LobbySummary, Member, ReceivedCandidate};
pub use presence::{LobbyResumed, MatchmakingResumed, PeerMoved, PlayerAway, PlayerBack};
pub use signalling::{
    IceServers, ReceivedIceCandidate, ReceivedIceCandidates, ReceivedSessionDescription,
};

/// Defines the enum of events: each variant has a content of the same name.
macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident;)*) => {
        /// Anything Switchboard says. A client must be able to ignore one that it does not know.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "event", content = "content", rename_all = "snake_case")]
        pub enum Event {
            $($(#[$doc])* $variant($variant),)*
        }

        impl Event {
            /// Every event's name on the wire.
            pub const NAMES: &'static [&'static str] = &[$(<$variant as Message>::NAME,)*];

            /// Its name on the wire.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => <$variant as Message>::NAME,)* }
            }

            /// One of each.
            #[must_use]
            pub fn examples() -> Vec<Self> {
                vec![$(Self::$variant(<$variant as Message>::example()),)*]
            }
        }

        $(impl From<$variant> for Event {
            fn from(content: $variant) -> Self {
                Self::$variant(content)
            }
        })*
    };
}

/// Defines an event's content, with its name and an example.
macro_rules! event {
    ($(#[$doc:meta])* $type:ident, $name:literal { $($body:tt)* } = $example:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $type { $($body)* }

        message!($type, $name, $example);
    };
}

// Below the macros, which they use.
mod battle;
mod connection;
mod matchmaking;
mod parts;
mod presence;
mod signalling;

events! {
    /// Answers `hello`.
    Welcome;
    /// Answers `ping`.
    Pong;
    /// Tells that the platform will end this connection.
    GoAway;
    /// Tells that the player has another connection now.
    ConnectionReplaced;
    /// Answers an action that has no other answer, where it carried an `id`.
    Ok;
    /// Answers whatever was refused.
    Error;
    /// Answers `start_lobby`.
    LobbyStarted;
    /// Answers `start_lobby` where no lobby was opened.
    LobbyCreationFailed;
    /// Tells everyone in a lobby that it is no more.
    LobbyClosed;
    /// Tells the host that somebody wants in.
    ReceivedJoinRequest;
    /// Tells a player that it is not let in.
    JoinRequestRejected;
    /// Tells a player that it is in.
    JoinRequestAccepted;
    /// Tells the members that somebody came in.
    PlayerJoined;
    /// Answers `leave_lobby`.
    LobbyLeft;
    /// Tells the members that somebody is gone.
    PlayerLeft;
    /// Tells the members that somebody's connection has ended, and how long it has to come back.
    PlayerAway;
    /// Tells the members that somebody has a new connection.
    PlayerBack;
    /// Tells who has come back what its lobby is like.
    LobbyResumed;
    /// Tells a player that it was removed.
    Kicked;
    /// Tells everyone in a lobby what it is like now.
    LobbyUpdated;
    /// Answers `list_lobbies`.
    LobbyList;
    /// Tells everyone in a lobby who its host is now.
    HostChanged;
    /// A peer's session description.
    ReceivedSessionDescription;
    /// A peer's ICE candidate.
    ReceivedIceCandidate;
    /// A batch of a peer's ICE candidates.
    ReceivedIceCandidates;
    /// Answers what was sent to a peer that has a new address.
    PeerMoved;
    /// Answers `get_ice_servers`.
    IceServers;
    /// Answers `join_matchmaking`.
    MatchmakingStarted;
    /// Tells whoever asked to be matched that the search is over, without a match.
    MatchmakingCancelled;
    /// Asks whether one agrees to a match.
    MatchProposed;
    /// Tells whoever agreed to a match that another did not.
    MatchReturned;
    /// Tells everyone in a match who plays, and how to reach them.
    MatchFound;
    /// Answers `request_backfill`.
    BackfillStarted;
    /// Answers `explain_matchmaking`.
    MatchmakingStatus;
    /// Tells who has come back that the search goes on.
    MatchmakingResumed;
    /// Tells everyone in a lobby that a battle has begun.
    BattleStarted;
    /// Tells of an attack.
    Attacked;
    /// Tells of a score.
    ScoreSynced;
    /// Tells of a death.
    PlayerDied;
    /// Tells of a mark on the board.
    MarkPlaced;
    /// Tells how a battle ended.
    BattleSettled;
    /// Tells that a player wants another battle.
    RematchRequested;
    /// Answers `get_battle`.
    BattleState;
    /// Answers `list_results`.
    ResultList;
}

event! {
    /// It is done.
    Ok, "ok" {} = Ok {}
}

event! {
    /// What was refused, and why. The socket stays open.
    Error, "error" {
        /// Why.
        pub code: ErrorCode,
        /// A sentence for the developer.
        pub message: String,
        /// Which action; absent where the message did not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub action: Option<String>,
        /// Which field of its content, where one is to blame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// Whether the same message, sent again, may succeed.
        pub retryable: bool,
        /// After how many seconds it may; absent where nobody can tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub retry_after_seconds: Option<u32>,
        /// What the sender calls the signalling frame that was not passed on, where it calls it anything: so it can be sent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub frame_id: Option<FrameId>,
    } = Error {
        code: ErrorCode::NotHost,
        message: ErrorCode::NotHost.sentence().to_owned(),
        action: Some("close_lobby".to_owned()),
        field: None,
        retryable: false,
        retry_after_seconds: None,
        frame_id: None,
    }
}

event! {
    /// The lobby is open, and the sender is its host.
    LobbyStarted, "lobby_started" {
        /// The sender's peer id: always 1.
        pub peer_id: PeerId,
        /// Whether it is listed.
        pub visibility: Visibility,
        /// What it is like.
        #[serde(flatten)]
        pub lobby: LobbySummary,
    } = LobbyStarted { peer_id: PeerId::FIRST, visibility: Visibility::Public, lobby: LobbySummary::example() }
}

event! {
    /// No lobby was opened.
    LobbyCreationFailed, "lobby_creation_failed" {
        /// A sentence for people.
        pub reason: String,
        /// Why.
        pub code: ErrorCode,
    } = LobbyCreationFailed {
        reason: "Lobby friday already exists.".to_owned(),
        code: ErrorCode::LobbyExists,
    }
}

event! {
    /// The lobby is no more.
    LobbyClosed, "lobby_closed" {
        /// Which lobby.
        pub lobby_id: LobbyId,
        /// A sentence for people.
        pub reason: String,
    } = LobbyClosed { lobby_id: example_lobby(), reason: "The lobby was closed.".to_owned() }
}

event! {
    /// Somebody wants in. Accept or reject it by this address.
    ReceivedJoinRequest, "received_join_request" {
        /// The player's address.
        pub connection_id: PeerAddress,
        /// Who it is.
        pub player_id: PlayerId,
        /// What it says of itself.
        pub metadata: Metadata,
    } = ReceivedJoinRequest {
        connection_id: example_address(),
        player_id: example_player(),
        metadata: example_metadata(),
    }
}

event! {
    /// The player is not let in, and is not a member.
    JoinRequestRejected, "join_request_rejected" {
        /// A sentence for people.
        pub reason: String,
        /// Why.
        pub code: ErrorCode,
        /// Which lobby.
        pub lobby_id: LobbyId,
    } = JoinRequestRejected {
        reason: "Lobby 'friday' not found.".to_owned(),
        code: ErrorCode::LobbyNotFound,
        lobby_id: LobbyId::parse("friday").expect("a valid id"),
    }
}

event! {
    /// The player is in, and may signal to everyone listed.
    JoinRequestAccepted, "join_request_accepted" {
        /// The host's address.
        pub host_connection_id: PeerAddress,
        /// The player's own peer id.
        pub peer_id: PeerId,
        /// Which lobby.
        pub lobby_id: LobbyId,
        /// Everyone else who is in it, the host included, the longest present first.
        pub members: Vec<Member>,
    } = JoinRequestAccepted {
        host_connection_id: example_address(),
        peer_id: PeerId::try_from(2).expect("within range"),
        lobby_id: example_lobby(),
        members: vec![Member {
            connection_id: example_address(),
            peer_id: PeerId::FIRST,
            player_id: example_player(),
            metadata: Metadata::default(),
        }],
    }
}

event! {
    /// Somebody came in, and may be signalled to.
    PlayerJoined, "player_joined" {
        /// Its address.
        pub connection_id: PeerAddress,
        /// Its peer id.
        pub peer_id: PeerId,
        /// Who it is.
        pub player_id: PlayerId,
        /// What it says of itself.
        pub metadata: Metadata,
        /// Its team, where it comes to fill a seat of a match.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub team: Option<u32>,
    } = PlayerJoined {
        connection_id: example_address(),
        peer_id: PeerId::try_from(3).expect("within range"),
        player_id: example_player(),
        metadata: Metadata::default(),
        team: None,
    }
}

event! {
    /// The sender is in no lobby any more.
    LobbyLeft, "lobby_left" {
        /// The lobby that it was in, or had asked to join.
        pub lobby_id: LobbyId,
    } = LobbyLeft { lobby_id: example_lobby() }
}

event! {
    /// Somebody is gone from the lobby.
    PlayerLeft, "player_left" {
        /// Its peer id; free for the next.
        pub peer_id: PeerId,
        /// Who it was.
        pub player_id: PlayerId,
        /// `left`, `kicked`, `banned` or `disconnected`.
        pub reason: LeaveReason,
    } = PlayerLeft {
        peer_id: PeerId::try_from(2).expect("within range"),
        player_id: example_player(),
        reason: LeaveReason::Disconnected,
    }
}

event! {
    /// The host removed this player.
    Kicked, "kicked" {
        /// Which lobby.
        pub lobby_id: LobbyId,
        /// What the host says.
        pub reason: String,
        /// Whether coming back is refused.
        pub banned: bool,
    } = Kicked { lobby_id: example_lobby(), reason: "Away for ten minutes.".to_owned(), banned: true }
}

event! {
    /// What the lobby is like now.
    LobbyUpdated, "lobby_updated" {
        /// Whether it is listed.
        pub visibility: Visibility,
        /// What it is like.
        #[serde(flatten)]
        pub lobby: LobbySummary,
    } = LobbyUpdated { visibility: Visibility::Public, lobby: LobbySummary::example() }
}

event! {
    /// A page of public lobbies, the newest first.
    LobbyList, "lobby_list" {
        /// Those that match, as far as this page looked.
        pub lobbies: Vec<LobbySummary>,
        /// Send it back for what follows; absent where this was all. A page may be short, even empty, and yet have one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub cursor: Option<String>,
    } = LobbyList { lobbies: vec![LobbySummary::example()], cursor: Some("MDAwMDAxODAwMDAwMDAwMEs3UVgyTQ".to_owned()) }
}

event! {
    /// The lobby has another host.
    HostChanged, "host_changed" {
        /// The new host's peer id.
        pub peer_id: PeerId,
        /// The new host's address; absent for the new host itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub connection_id: Option<PeerAddress>,
        /// Counts the lobby's hosts: 1 is the one who opened it.
        pub term: u64,
    } = HostChanged {
        peer_id: PeerId::try_from(2).expect("within range"),
        connection_id: Some(example_address()),
        term: 2,
    }
}

fn example_player() -> PlayerId {
    PlayerId::parse("5f0c2f6e9d0b4b7c8a51e3a1d2c4b6f8").expect("a valid id")
}

fn example_lobby() -> LobbyId {
    LobbyId::parse("K7QX2M").expect("a valid id")
}

fn example_other() -> PlayerId {
    PlayerId::parse("c1b2a3948576475f9e8d7c6b5a493827").expect("a valid id")
}
