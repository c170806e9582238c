//! What is heard of a ticket.

use ids::{BattleId, LobbyId, MatchId, PeerId, QueueName, TicketId};

use super::{Team, TicketRef};
use crate::Timestamp;
use crate::lobby::Member;

/// Something that happened to the hearer's ticket. How it looks on the wire is decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It waits.
    Started {
        /// Which ticket.
        ticket: TicketRef,
        /// How many seconds a match takes as a rule, if anybody was matched lately.
        estimate: Option<u32>,
    },
    /// It waits still, and its player has come back to it.
    Resumed {
        /// Which ticket.
        ticket: TicketRef,
        /// For how many seconds it has waited.
        waited_seconds: u32,
    },
    /// It is out of the queue.
    Cancelled {
        /// Which ticket.
        ticket_id: TicketId,
        /// Why.
        why: Ending,
    },
    /// A match was found, and the hearer is asked whether it accepts.
    Proposed {
        /// Which match.
        match_id: MatchId,
        /// In which queue.
        queue: QueueName,
        /// How many players it brings together.
        players: u32,
        /// Until when to accept.
        deadline: Timestamp,
    },
    /// A match came to nothing, and the ticket waits again in its old place.
    Returned {
        /// Which match.
        match_id: MatchId,
        /// Which ticket.
        ticket_id: TicketId,
        /// Why.
        why: ReturnReason,
    },
    /// The hearer is in a match.
    Found(Found),
    /// The hearer's lobby waits for others to take its empty seats.
    BackfillStarted {
        /// Which ticket.
        ticket: TicketRef,
        /// How many seats are empty.
        seats: u32,
    },
}

/// A match, as one of its players hears of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which match.
    pub match_id: MatchId,
    /// Its lobby, in which everybody is a member already.
    pub lobby_id: LobbyId,
    /// The battle that has started in it, if the queue starts one.
    pub battle_id: Option<BattleId>,
    /// The hearer's team.
    pub team: Team,
    /// The host's number.
    pub host_peer_id: PeerId,
    /// Everybody in the lobby, the hearer included, each with its team.
    pub players: Vec<Member>,
}

/// Why a ticket is out of its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Its player took it out.
    Left,
    /// A player's connection ended.
    Disconnected,
    /// It has waited as long as the queue lets anybody wait.
    GaveUp,
    /// A match was proposed, and a player did not accept in time.
    NotAccepted,
    /// A match was proposed, and a player declined.
    Declined,
    /// The party is not the same any more.
    PartyChanged,
    /// The lobby with the empty seats has another host.
    HostChanged,
    /// The lobby closed.
    Closed,
    /// Its players were matched, or its seats are taken.
    Matched,
}

/// Why a match came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReturnReason {
    /// Another ticket was taken out of the match: somebody declined, or left.
    Declined,
    /// Somebody did not accept in time.
    NotAccepted,
    /// Somebody's connection ended.
    PlayerGone,
}
