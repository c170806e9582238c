//! What is heard of matchmaking.

use ids::{BattleId, LobbyId, MatchId, PeerAddress, PeerId, PlayerId, QueueName, TicketId};
use serde::{Deserialize, Serialize};

use super::{example_lobby, example_other, example_player};
use crate::action::message;
use crate::matchmaking::example_match;
use crate::signalling::example_address;

event! {
    /// The search has begun.
    MatchmakingStarted, "matchmaking_started" {
        /// What it goes by.
        pub ticket_id: TicketId,
        /// In which queue.
        pub queue: QueueName,
        /// What those who were matched lately have waited; null while there are none.
        pub estimated_wait_seconds: Option<u32>,
    } = MatchmakingStarted {
        ticket_id: example_ticket(),
        queue: example_queue(),
        estimated_wait_seconds: Some(7),
    }
}

event! {
    /// The search is over, without a match.
    MatchmakingCancelled, "matchmaking_cancelled" {
        /// Which search.
        pub ticket_id: TicketId,
        /// Why.
        pub reason: CancelReason,
    } = MatchmakingCancelled { ticket_id: example_ticket(), reason: CancelReason::Left }
}

event! {
    /// There are enough for a match, in a queue that asks everybody first: `accept_match` or `decline_match`.
    MatchProposed, "match_proposed" {
        /// Which match.
        pub match_id: MatchId,
        /// In which queue.
        pub queue: QueueName,
        /// How many would play.
        pub players: u32,
        /// How long there is to agree; whoever does not is no longer searched for.
        pub accept_within_seconds: u32,
    } = MatchProposed {
        match_id: example_match(),
        queue: example_queue(),
        players: 2,
        accept_within_seconds: 20,
    }
}

event! {
    /// The match did not come about, and not by this player's doing: it is back in its place in the queue.
    MatchReturned, "match_returned" {
        /// Which match.
        pub match_id: MatchId,
        /// The search that goes on.
        pub ticket_id: TicketId,
        /// Why.
        pub reason: ReturnReason,
    } = MatchReturned {
        match_id: example_match(),
        ticket_id: example_ticket(),
        reason: ReturnReason::Declined,
    }
}

event! {
    /// A match: a lobby whose members are all in already, so that signalling may start with the next message.
    MatchFound, "match_found" {
        /// Which match.
        pub match_id: MatchId,
        /// The lobby that everyone in it is now in.
        pub lobby_id: LobbyId,
        /// The battle, where the queue starts one by itself; `battle_started` follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub battle_id: Option<BattleId>,
        /// The receiver's team, counted from 1.
        pub team: u32,
        /// Who is host.
        pub host_peer_id: PeerId,
        /// Everyone in it, the receiver included.
        pub players: Vec<MatchPlayer>,
    } = MatchFound {
        match_id: example_match(),
        lobby_id: example_lobby(),
        battle_id: None,
        team: 2,
        host_peer_id: PeerId::FIRST,
        players: vec![
            MatchPlayer {
                player_id: example_player(),
                peer_id: PeerId::FIRST,
                team: 1,
                connection_id: Some(example_address()),
            },
            MatchPlayer {
                player_id: example_other(),
                peer_id: PeerId::try_from(2).expect("within range"),
                team: 2,
                connection_id: None,
            },
        ],
    }
}

event! {
    /// Players are searched for, for the empty seats of a match.
    BackfillStarted, "backfill_started" {
        /// What the search goes by.
        pub ticket_id: TicketId,
        /// In which queue.
        pub queue: QueueName,
        /// How many seats are empty.
        pub seats: u32,
    } = BackfillStarted { ticket_id: example_ticket(), queue: example_queue(), seats: 1 }
}

event! {
    /// How the search goes.
    MatchmakingStatus, "matchmaking_status" {
        /// Which search.
        pub ticket_id: TicketId,
        /// In which queue.
        pub queue: QueueName,
        /// How long it has gone on.
        pub waited_seconds: u32,
        /// What those who were matched lately have waited; null while there are none.
        pub estimated_wait_seconds: Option<u32>,
        /// How many other searches in the queue would go with this one at present.
        pub compatible_now: u32,
        /// The rule that keeps most of the rest out, as the queue's configuration names it; null where none does.
        pub limiting_rule: Option<String>,
    } = MatchmakingStatus {
        ticket_id: example_ticket(),
        queue: example_queue(),
        waited_seconds: 4,
        estimated_wait_seconds: Some(7),
        compatible_now: 0,
        limiting_rule: Some("distance on skill".to_owned()),
    }
}

/// Somebody in a match, as another in it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MatchPlayer {
    /// Who it is.
    pub player_id: PlayerId,
    /// Its peer id in the match's lobby.
    pub peer_id: PeerId,
    /// Its team, counted from 1.
    pub team: u32,
    /// Its address; absent for the receiver itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<PeerAddress>,
}

/// Why a search ended without a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// By `leave_matchmaking`.
    Left,
    /// A connection ended.
    Disconnected,
    /// Nobody was found for as long as the queue searches.
    GaveUp,
    /// A match was proposed, and not agreed to in time.
    NotAccepted,
    /// By `decline_match`.
    Declined,
    /// Somebody left the party, or came into it.
    PartyChanged,
    /// The host that asked for players for its match is host no longer.
    HostChanged,
    /// The lobby or its battle ended.
    Closed,
}

/// Why a match did not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// Somebody declined.
    Declined,
    /// Somebody did not agree in time.
    NotAccepted,
    /// Somebody was gone.
    PlayerGone,
}

fn example_ticket() -> TicketId {
    TicketId::parse("0b9e4f62-3c1d-4b8a-a7f5-2d6c8e9013ab").expect("a valid id")
}

fn example_queue() -> QueueName {
    QueueName::parse("ranked").expect("a valid name")
}
