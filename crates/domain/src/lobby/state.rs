//! What a lobby is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ids::{ConnectionId, LobbyEra, LobbyId, MatchId, PeerId, PlayerId, QueueName};
use serde_json::{Map, Value};

use crate::Timestamp;
use crate::battle::Battle;
use crate::matchmaking::{Placed, Team, TicketRef};

/// What the game says of a lobby or a player. Never interpreted, except by listing filters.
pub type Metadata = Map<String, Value>;

/// A player and where it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub player_id: PlayerId,
    /// Where.
    pub connection_id: ConnectionId,
    /// When that connection ends at the latest, or how long the player may stay away; from then on it counts as gone.
    pub expires_at: Timestamp,
    /// Whether that connection has ended, and the player may still come back by another.
    pub away: bool,
}

impl Contact {
    /// The contact once its connection has ended: its player may stay away until then.
    #[must_use]
    pub fn lost(self, until: Timestamp) -> Self {
        Self {
            expires_at: self.expires_at.min(until),
            away: true,
            ..self
        }
    }
}

/// A lobby.
///
/// Always: 1 to `max_players` members, those who are away included, and the host one of them; peer ids unique; nobody both
/// member and waiting; nobody banned in it; nobody away from, or waiting for, one that is in a queue as a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lobby {
    /// What players join by.
    pub lobby_id: LobbyId,
    /// Which lobby of that id; ids are used again, eras are not.
    pub era: LobbyEra,
    /// Goes up by one with every change.
    pub version: u64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// What the host decides.
    pub settings: Settings,
    /// Who the host is.
    pub host: PlayerId,
    /// Counts the hosts, from 1.
    pub term: u64,
    /// Counts those who came in or asked to, so that "longest present" does not hang on clocks.
    pub arrivals: u64,
    /// Who is in.
    pub members: BTreeMap<PlayerId, Member>,
    /// Who waits to be let in.
    pub requests: BTreeMap<PlayerId, JoinRequest>,
    /// Who may not come back.
    pub bans: BTreeSet<PlayerId>,
    /// Its ticket in a queue: a match's for more players, any other's for its members as a party.
    pub ticket: Option<TicketRef>,
    /// The match that made it, if one did.
    pub origin: Option<Origin>,
    /// Its battle, or its last one.
    pub battle: Option<Battle>,
}

/// The match that a lobby was made by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Which match.
    pub match_id: MatchId,
    /// Of which queue.
    pub queue: QueueName,
    /// The tickets that it was made of, as they were, and those that have filled its empty seats since.
    pub tickets: Vec<Placed>,
}

/// Somebody who is in a lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who, and where reached.
    pub contact: Contact,
    /// Its number in this lobby.
    pub peer_id: PeerId,
    /// Its team, where a match gave it one.
    pub team: Option<Team>,
    /// Its place in the order of coming.
    pub arrival: u64,
    /// What it says of itself.
    pub metadata: Metadata,
}

/// Somebody who waits to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    /// Who, and where reached.
    pub contact: Contact,
    /// Its place in the order of asking.
    pub arrival: u64,
    /// What it says of itself.
    pub metadata: Metadata,
}

/// What a host decides about its lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// A name for people.
    pub name: Option<String>,
    /// Seats, the host's included.
    pub max_players: u32,
    /// Whether it is listed.
    pub visibility: Visibility,
    /// Who decides on those who want in.
    pub join_policy: JoinPolicy,
    /// Whether it lets nobody in.
    pub locked: bool,
    /// What whoever joins must know.
    pub password: Option<PasswordHash>,
    /// What the game says of it.
    pub metadata: Metadata,
}

/// Changes to [`Settings`]; `None` leaves a setting as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// A new name.
    pub name: Option<String>,
    /// Seats; not fewer than there are members.
    pub max_players: Option<u32>,
    /// Whether it is listed.
    pub visibility: Option<Visibility>,
    /// Who decides on those who want in.
    pub join_policy: Option<JoinPolicy>,
    /// Whether it lets nobody in.
    pub locked: Option<bool>,
    /// A new password, or none.
    pub password: Option<Option<PasswordHash>>,
    /// New metadata, as a whole.
    pub metadata: Option<Metadata>,
}

/// Who sees a lobby in the listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Nobody.
    Private,
    /// Everybody.
    Public,
}

/// Who decides whether a player comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinPolicy {
    /// The host.
    Ask,
    /// Nobody.
    Open,
}

/// A password, hashed (PHC string). `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a hash in PHC string format.
    #[must_use]
    pub fn from_phc(phc: String) -> Self {
        Self(phc)
    }

    /// The hash in PHC string format.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl Lobby {
    /// A lobby with nobody but its host in it.
    pub(super) fn new(
        lobby_id: LobbyId,
        era: LobbyEra,
        settings: Settings,
        host: Contact,
        now: Timestamp,
    ) -> Self {
        let player_id = host.player_id.clone();
        let host = Member {
            contact: host,
            peer_id: PeerId::FIRST,
            team: None,
            arrival: 0,
            metadata: Metadata::new(),
        };
        Self {
            lobby_id,
            era,
            version: 1,
            created_at: now,
            settings,
            host: player_id.clone(),
            term: 1,
            arrivals: 1,
            members: BTreeMap::from([(player_id, host)]),
            requests: BTreeMap::new(),
            bans: BTreeSet::new(),
            ticket: None,
            origin: None,
            battle: None,
        }
    }

    /// Everybody whom this lobby keeps from being in another: its members and those who wait.
    pub fn seated(&self) -> impl Iterator<Item = &Contact> {
        let members = self.members.values().map(|member| &member.contact);
        members.chain(self.requests.values().map(|request| &request.contact))
    }

    /// When the last of them is gone at the latest, and the lobby with them. What is left to be done then is an alarm's, which
    /// [wakes](super::Action::Wake) it even so.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.seated()
            .map(|contact| contact.expires_at)
            .max()
            .unwrap_or_default()
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &Member {
        self.members
            .get(&self.host)
            .expect("the host is a member of its lobby")
    }

    /// The members, the longest present first.
    #[must_use]
    pub fn members_by_arrival(&self) -> Vec<&Member> {
        let mut members: Vec<_> = self.members.values().collect();
        members.sort_by_key(|member| member.arrival);
        members
    }

    /// Those who wait, the longest waiting first.
    #[must_use]
    pub fn requests_by_arrival(&self) -> Vec<&JoinRequest> {
        let mut requests: Vec<_> = self.requests.values().collect();
        requests.sort_by_key(|request| request.arrival);
        requests
    }

    /// Whether every seat is taken.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.free_seats() == 0
    }

    /// The lowest peer id that no member has.
    #[must_use]
    pub fn free_peer_id(&self) -> PeerId {
        let taken = self.taken_peer_ids();
        let mut free = PeerId::FIRST;
        while taken.contains(&free) {
            free = free
                .next()
                .expect("a lobby has fewer members than there are peer ids");
        }
        free
    }

    /// Counts one more arrival and tells its place.
    pub(super) fn next_arrival(&mut self) -> u64 {
        let place = self.arrivals;
        self.arrivals += 1;
        place
    }
}
