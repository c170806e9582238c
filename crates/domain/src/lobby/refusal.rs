//! Why something is not done.

use ids::LobbyId;
use thiserror::Error;

use crate::battle;

/// A rule says no. Each has a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Of that id there is none.
    #[error("Lobby '{lobby_id}' not found.")]
    NotFound {
        /// Which.
        lobby_id: LobbyId,
    },
    /// Of that id there is one already.
    #[error("Lobby {lobby_id} already exists.")]
    Exists {
        /// Which.
        lobby_id: LobbyId,
    },
    /// The player has a seat, or waits for one.
    #[error("You are in lobby '{lobby_id}' or waiting to be let in; leave it first.")]
    AlreadyInLobby {
        /// Where.
        lobby_id: LobbyId,
    },
    /// The player has no seat.
    #[error("You are in no lobby.")]
    NotInLobby,
    /// Only the host may.
    #[error("Only the lobby's host may do this.")]
    NotHost,
    /// Every seat is taken.
    #[error("Lobby '{lobby_id}' is full.")]
    Full {
        /// Which.
        lobby_id: LobbyId,
    },
    /// It lets nobody in.
    #[error("Lobby '{lobby_id}' is locked.")]
    Locked {
        /// Which.
        lobby_id: LobbyId,
    },
    /// It asks for a password, and this was not it.
    #[error("Wrong password for lobby '{lobby_id}'.")]
    WrongPassword {
        /// Which.
        lobby_id: LobbyId,
    },
    /// The host does not want this player back.
    #[error("You are banned from lobby '{lobby_id}'.")]
    Banned {
        /// Which.
        lobby_id: LobbyId,
    },
    /// Nobody there waits to be let in.
    #[error("That player is not waiting to be let in.")]
    RequestNotFound,
    /// Too many wait already.
    #[error("Too many players are waiting to be let into lobby '{lobby_id}'; try again later.")]
    TooManyRequests {
        /// Which.
        lobby_id: LobbyId,
    },
    /// The list of bans is full.
    #[error("The lobby has banned as many players as it can.")]
    TooManyBans,
    /// Another member has that peer id.
    #[error("Another member has that peer id.")]
    PeerIdTaken,
    /// Not a member other than the host itself.
    #[error("That player is not a member whom you could remove.")]
    NotAMember,
    /// More members than seats would remain.
    #[error("The lobby has {members} members; `max_players` cannot be lower.")]
    BelowMembers {
        /// How many.
        members: usize,
    },
    /// The lobby is in a queue.
    #[error("The lobby is in matchmaking; leave the queue first.")]
    InMatchmaking,
    /// The lobby is in no queue, or not by that ticket.
    #[error("The lobby is not in matchmaking.")]
    NotInMatchmaking,
    /// A team of the queue is smaller than the party.
    #[error("The lobby has more members than a team of that queue.")]
    TooManyPlayers,
    /// The queue takes a party's members as they are, and one of them is away.
    #[error("A member of the lobby is away; try again when it is back, or out.")]
    MemberAway,
    /// The match needs nobody.
    #[error("The match has no free seat to fill.")]
    NoFreeSeats,
    /// Nobody was matched in it.
    #[error("The lobby was not made by matchmaking.")]
    NotAMatch,
    /// A rule of battles says no.
    #[error(transparent)]
    Battle(#[from] battle::Refusal),
}
