//! What a ticket is, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ids::{ConnectionId, LobbyEra, LobbyId, MatchId, PlayerId, QueueName, TicketId};

use crate::Timestamp;
use crate::lobby::Contact;

/// What a ticket says of its players, by name. Rules ask for it.
pub type Attributes = BTreeMap<String, Attribute>;

/// One thing that a ticket says of its players.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    /// A number, such as a skill.
    Number(i64),
    /// A text, such as a mode.
    Text(String),
    /// Several texts, such as the players whom one does not want to meet.
    Texts(BTreeSet<String>),
    /// Milliseconds to each region.
    Latencies(BTreeMap<String, u32>),
}

/// One wish to be matched: a player's, a party's, or a lobby's for its empty seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Which.
    pub ticket_id: TicketId,
    /// In which queue it waits.
    pub queue: QueueName,
    /// Whose it is.
    pub owner: Owner,
    /// Who is to be matched, one at least. Of a backfill: who is in the lobby.
    pub players: Vec<Contact>,
    /// What it says of them.
    pub attributes: Attributes,
    /// Since when it waits. Stays the same when it is put back.
    pub created_at: Timestamp,
    /// Goes up by one with every change, from 1.
    pub version: u64,
    /// How far it is.
    pub state: State,
}

/// Whose a ticket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// One player's.
    Player,
    /// That of the members of a lobby, who stay on one team.
    Party {
        /// Which lobby.
        lobby_id: LobbyId,
        /// Which lobby of that id.
        era: LobbyEra,
    },
    /// That of a matched lobby, for its empty seats.
    Backfill {
        /// Which lobby.
        lobby_id: LobbyId,
        /// Which lobby of that id.
        era: LobbyEra,
        /// The tickets that were matched, on their teams. Of their players only those count who are among the ticket's.
        present: Vec<Placed>,
        /// Whom the lobby has banned, and so gets by no match. A ban takes the lobby's ticket out of its queue: while it waits
        /// nobody comes to these.
        banned: BTreeSet<PlayerId>,
    },
}

/// How far a ticket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits.
    Waiting,
    /// A match was found, and its players are asked whether they accept.
    Proposed(Proposal),
}

/// A match that waits to be accepted, as it stands on each of its tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Which match.
    pub match_id: MatchId,
    /// All tickets of the match, in order; a backfill's first.
    pub tickets: Vec<TicketId>,
    /// On which team this ticket would be. A backfill's says nothing.
    pub team: Team,
    /// Until when to accept.
    pub deadline: Timestamp,
    /// Who of this ticket has accepted.
    pub accepted: BTreeSet<PlayerId>,
}

/// A ticket and the team that it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which team.
    pub team: Team,
    /// Which ticket.
    pub ticket: Ticket,
}

/// A team's number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Team(u32);

/// Where to find a ticket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TicketRef {
    /// In which queue.
    pub queue: QueueName,
    /// Which.
    pub ticket_id: TicketId,
}

/// Tickets that belong together: a new lobby's, or the newcomers of one that has empty seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Who, on which team; the longest waiting first.
    pub placed: Vec<Placed>,
    /// Into whose lobby they go, where they make none of their own.
    pub backfill: Option<Ticket>,
}

impl Team {
    /// The first team.
    pub const FIRST: Self = Self(1);

    /// The team of this number, counted from 1.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }

    /// Its place, counted from 0.
    pub(super) fn place(self) -> usize {
        self.0 as usize - 1
    }

    /// The team at this place, counted from 0.
    pub(super) fn at(place: usize) -> Self {
        let place = u32::try_from(place).expect("a match has few teams");
        Self(place + 1)
    }
}

impl fmt::Display for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Ticket {
    /// Where to find it.
    #[must_use]
    pub fn reference(&self) -> TicketRef {
        TicketRef {
            queue: self.queue.clone(),
            ticket_id: self.ticket_id.clone(),
        }
    }

    /// How long it has waited, in whole seconds.
    #[must_use]
    pub fn waited_seconds(&self, now: Timestamp) -> u32 {
        let seconds = self.waited_millis(now) / 1_000;
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }

    /// Whether a player's connection has ended.
    #[must_use]
    pub fn has_lost_a_player(&self, now: Timestamp) -> bool {
        self.players.iter().any(|player| player.expires_at <= now)
    }

    /// Whether it is a lobby's that has banned somebody of the other.
    #[must_use]
    pub(super) fn has_banned(&self, other: &Self) -> bool {
        let mut players = other.players.iter();
        match &self.owner {
            Owner::Player | Owner::Party { .. } => false,
            Owner::Backfill { banned, .. } => {
                players.any(|player| banned.contains(&player.player_id))
            }
        }
    }

    /// Whether a player is away who is to be matched by it: until that one is back, the ticket keeps its place and gets no match.
    /// The empty seats of a lobby are filled whoever is away from it.
    #[must_use]
    pub fn is_away(&self) -> bool {
        !self.is_backfill() && self.players.iter().any(|player| player.away)
    }

    /// The ticket once the connection of one of its players has ended; that player may stay away until then. `None` where
    /// nobody waits here by this connection.
    #[must_use]
    pub fn lost(&self, connection_id: &ConnectionId, until: Timestamp) -> Option<Self> {
        self.reached(
            |contact| contact.connection_id == *connection_id && !contact.away,
            |contact| contact.lost(until),
        )
    }

    /// The ticket with one of its players back by another connection. `None` where it is not that player's.
    #[must_use]
    pub fn resumed(&self, by: &Contact) -> Option<Self> {
        self.reached(|contact| contact.player_id == by.player_id, |_| by.clone())
    }

    fn reached(
        &self,
        is_meant: impl Fn(&Contact) -> bool,
        change: impl FnOnce(Contact) -> Contact,
    ) -> Option<Self> {
        let mut ticket = self.moved_to(self.state.clone());
        let contact = ticket
            .players
            .iter_mut()
            .find(|contact| is_meant(contact))?;
        *contact = change(contact.clone());
        Some(ticket)
    }

    /// The proposal that it waits for, if it does.
    #[must_use]
    pub fn proposal(&self) -> Option<&Proposal> {
        match &self.state {
            State::Waiting => None,
            State::Proposed(proposal) => Some(proposal),
        }
    }

    /// Whether it asks for others to come into its lobby.
    #[must_use]
    pub fn is_backfill(&self) -> bool {
        match self.owner {
            Owner::Player | Owner::Party { .. } => false,
            Owner::Backfill { .. } => true,
        }
    }

    /// The ticket with the match of this id accepted by one of its players, or as it is, where that player has accepted before.
    /// `None` where this match is not proposed to that player.
    #[must_use]
    pub fn accepted(&self, match_id: &MatchId, by: &PlayerId) -> Option<Self> {
        let mut players = self.players.iter();
        let is_asked = !self.is_backfill() && players.any(|player| player.player_id == *by);
        let proposal = self.proposal()?;
        if !is_asked || proposal.match_id != *match_id {
            return None;
        }
        let mut proposal = proposal.clone();
        if !proposal.accepted.insert(by.clone()) {
            return Some(self.clone());
        }
        Some(self.moved_to(State::Proposed(proposal)))
    }

    /// The ticket waiting again, in its old place.
    #[must_use]
    pub fn returned(&self) -> Self {
        self.moved_to(State::Waiting)
    }

    fn moved_to(&self, state: State) -> Self {
        Self {
            version: self.version + 1,
            state,
            ..self.clone()
        }
    }

    /// Who is served first: the longest waiting, and of those the one of the lowest id.
    pub(super) fn turn(&self) -> (Timestamp, &TicketId) {
        (self.created_at, &self.ticket_id)
    }

    pub(super) fn waited_millis(&self, now: Timestamp) -> u64 {
        now.as_millis().saturating_sub(self.created_at.as_millis())
    }

    /// Whether everybody of whom it is asked has accepted. Those in a lobby with empty seats are not asked.
    pub(super) fn is_accepted(&self, proposal: &Proposal) -> bool {
        let mut players = self.players.iter();
        self.is_backfill() || players.all(|player| proposal.accepted.contains(&player.player_id))
    }
}

impl Match {
    /// All its tickets, a backfill's first and then the longest waiting first.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        let placed = self.placed.iter().map(|placed| &placed.ticket);
        self.backfill.iter().chain(placed)
    }

    /// How many players it brings together, those in a lobby with empty seats included.
    #[must_use]
    pub fn players(&self) -> usize {
        self.tickets().map(|ticket| ticket.players.len()).sum()
    }

    /// Each ticket as it is, and with the match proposed to its players.
    #[must_use]
    pub fn proposed(&self, match_id: &MatchId, deadline: Timestamp) -> Vec<(Ticket, Ticket)> {
        let tickets: Vec<_> = self
            .tickets()
            .map(|ticket| ticket.ticket_id.clone())
            .collect();
        let propose = |ticket: &Ticket, team: Team| {
            let proposal = Proposal {
                match_id: match_id.clone(),
                tickets: tickets.clone(),
                team,
                deadline,
                accepted: BTreeSet::new(),
            };
            (ticket.clone(), ticket.moved_to(State::Proposed(proposal)))
        };
        let backfill = self.backfill.iter();
        let backfill = backfill.map(|ticket| propose(ticket, Team::FIRST));
        let placed = self.placed.iter();
        let placed = placed.map(|placed| propose(&placed.ticket, placed.team));
        backfill.chain(placed).collect()
    }
}
