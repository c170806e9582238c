//! What is heard of a lobby, and by whom.

use ids::{LobbyId, PeerId, PlayerId};

use super::{Contact, Lobby, Member, Metadata};
use crate::{battle, matchmaking};

/// One event for one hearer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who hears it.
    pub to: Contact,
    /// What.
    pub event: Event,
}

/// Something that happened in a lobby. How it looks on the wire is decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The hearer's lobby is open.
    Started(Lobby),
    /// The hearer's lobby is no more.
    Closed {
        /// Which.
        lobby_id: LobbyId,
    },
    /// Somebody wants in; the hearer is the host.
    JoinRequested {
        /// Who.
        by: Contact,
        /// What it says of itself.
        metadata: Metadata,
    },
    /// The hearer is not let in.
    JoinRejected {
        /// Into which lobby.
        lobby_id: LobbyId,
        /// Why.
        why: Ending,
    },
    /// The hearer is in.
    Accepted(Admitted),
    /// Somebody else is in.
    PlayerJoined(Member),
    /// The hearer is out, as it wished.
    Left {
        /// Of which lobby.
        lobby_id: LobbyId,
    },
    /// Somebody else is out.
    PlayerLeft {
        /// Who.
        player_id: PlayerId,
        /// Its number, free now.
        peer_id: PeerId,
        /// How.
        how: Departure,
    },
    /// Somebody else's connection has ended.
    PlayerAway {
        /// Who.
        player_id: PlayerId,
        /// Its number.
        peer_id: PeerId,
        /// How long it may stay away, in seconds.
        seconds: u32,
    },
    /// Somebody else has another connection.
    PlayerBack(Member),
    /// The hearer has come back; this is its lobby now.
    Resumed(Lobby),
    /// The hearer was removed.
    Kicked {
        /// From which lobby.
        lobby_id: LobbyId,
        /// What the host says.
        reason: Option<String>,
        /// Whether coming back is refused.
        banned: bool,
    },
    /// The settings are different now.
    Updated(Lobby),
    /// The host is another.
    HostChanged {
        /// The new one.
        host: Member,
        /// The how-manieth host it is.
        term: u64,
    },
    /// Something about the lobby's battle.
    Battle(battle::Event),
    /// Something about the hearer's ticket, or the match that it is in.
    Matchmaking(matchmaking::Event),
}

/// What somebody who has come in needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Into which lobby.
    pub lobby_id: LobbyId,
    /// Its number there.
    pub peer_id: PeerId,
    /// The host.
    pub host: Contact,
    /// Everybody else in it, the host included, the longest present first.
    pub others: Vec<Member>,
}

/// Why a request ended without being let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The host declined, and may have said why.
    Declined(Option<String>),
    /// The lobby closed.
    LobbyClosed,
    /// The lobby is in a queue now, and its members stay as they are.
    InMatchmaking,
}

/// How somebody came to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// It left.
    Left,
    /// The host removed it.
    Kicked,
    /// The host removed it for good.
    Banned,
    /// Its connection ended.
    Disconnected,
}

/// The same event for each of several members.
pub(super) fn tell<'a>(
    members: impl IntoIterator<Item = &'a Member>,
    event: &Event,
) -> impl Iterator<Item = Notice> {
    members.into_iter().map(|member| Notice {
        to: member.contact.clone(),
        event: event.clone(),
    })
}
