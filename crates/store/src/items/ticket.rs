//! A ticket as its item, and as a part of others.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Not;

use domain::Timestamp;
use domain::lobby::Contact;
use domain::matchmaking::{Attribute, Owner, Placed, Proposal, State, Team, Ticket};
use ids::{ConnectionId, LobbyEra, LobbyId, MatchId, PlayerId, QueueName, TicketId};
use serde::{Deserialize, Serialize};

use crate::tickets::expires_at;
use crate::{StoreError, keys};

/// A ticket in its queue.
#[derive(Serialize, Deserialize)]
pub(crate) struct TicketItem {
    pool_shard: String,
    #[serde(flatten)]
    ticket: TicketPart,
    expires_at: u64,
    expires_at_millis: u64,
}

/// A ticket without what its table needs of it: so it is in a lobby that it led to, too.
#[derive(Serialize, Deserialize)]
struct TicketPart {
    ticket_id: TicketId,
    queue: QueueName,
    owner: OwnerPart,
    players: Vec<PlayerPart>,
    attributes: BTreeMap<String, AttributePart>,
    created_at_millis: u64,
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<ProposalPart>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OwnerPart {
    Player {},
    Party {
        lobby_id: LobbyId,
        era: LobbyEra,
    },
    Backfill {
        lobby_id: LobbyId,
        era: LobbyEra,
        present: Vec<PlacedPart>,
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        banned: BTreeSet<PlayerId>,
    },
}

#[derive(Serialize, Deserialize)]
struct PlayerPart {
    player_id: PlayerId,
    connection_id: ConnectionId,
    expires_at_millis: u64,
    #[serde(default, skip_serializing_if = "Not::not")]
    away: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AttributePart {
    Number(i64),
    Text(String),
    Texts(BTreeSet<String>),
    Latencies(BTreeMap<String, u32>),
}

#[derive(Serialize, Deserialize)]
struct ProposalPart {
    match_id: MatchId,
    tickets: Vec<TicketId>,
    team: u32,
    deadline_millis: u64,
    accepted: BTreeSet<PlayerId>,
}

/// A ticket and its team.
#[derive(Serialize, Deserialize)]
pub(super) struct PlacedPart {
    team: u32,
    ticket: TicketPart,
}

impl From<&Ticket> for TicketItem {
    fn from(ticket: &Ticket) -> Self {
        let ends = expires_at(ticket);
        Self {
            pool_shard: keys::pool_shard(&ticket.queue, &ticket.ticket_id),
            ticket: ticket.into(),
            expires_at: ends.as_secs_ceil(),
            expires_at_millis: ends.as_millis(),
        }
    }
}

impl TicketItem {
    /// The ticket, if the item is one.
    pub(crate) fn into_ticket(self) -> Result<Ticket, StoreError> {
        self.ticket.into_ticket(keys::TICKETS)
    }
}

impl From<&Ticket> for TicketPart {
    fn from(ticket: &Ticket) -> Self {
        let attributes = ticket.attributes.iter();
        Self {
            ticket_id: ticket.ticket_id.clone(),
            queue: ticket.queue.clone(),
            owner: (&ticket.owner).into(),
            players: ticket.players.iter().map(PlayerPart::from).collect(),
            attributes: attributes
                .map(|(name, attribute)| (name.clone(), attribute.into()))
                .collect(),
            created_at_millis: ticket.created_at.as_millis(),
            version: ticket.version,
            proposal: match &ticket.state {
                State::Waiting => None,
                State::Proposed(proposal) => Some(proposal.into()),
            },
        }
    }
}

impl TicketPart {
    fn into_ticket(self, table: &'static str) -> Result<Ticket, StoreError> {
        let attributes = self.attributes.into_iter();
        if self.players.is_empty() {
            return Err(StoreError::malformed(table, &"a ticket of nobody"));
        }
        Ok(Ticket {
            ticket_id: self.ticket_id,
            queue: self.queue,
            owner: self.owner.into_owner(table)?,
            players: self
                .players
                .into_iter()
                .map(PlayerPart::into_contact)
                .collect(),
            attributes: attributes
                .map(|(name, attribute)| (name, attribute.into()))
                .collect(),
            created_at: Timestamp::from_millis(self.created_at_millis),
            version: self.version,
            state: match self.proposal {
                None => State::Waiting,
                Some(proposal) => State::Proposed(proposal.into_proposal(table)?),
            },
        })
    }
}

impl From<&Owner> for OwnerPart {
    fn from(owner: &Owner) -> Self {
        match owner {
            Owner::Player => Self::Player {},
            Owner::Party { lobby_id, era } => Self::Party {
                lobby_id: lobby_id.clone(),
                era: era.clone(),
            },
            Owner::Backfill {
                lobby_id,
                era,
                present,
                banned,
            } => Self::Backfill {
                lobby_id: lobby_id.clone(),
                era: era.clone(),
                present: present.iter().map(PlacedPart::from).collect(),
                banned: banned.clone(),
            },
        }
    }
}

impl OwnerPart {
    fn into_owner(self, table: &'static str) -> Result<Owner, StoreError> {
        Ok(match self {
            Self::Player {} => Owner::Player,
            Self::Party { lobby_id, era } => Owner::Party { lobby_id, era },
            Self::Backfill {
                lobby_id,
                era,
                present,
                banned,
            } => {
                let present = present.into_iter();
                Owner::Backfill {
                    lobby_id,
                    era,
                    present: present
                        .map(|placed| placed.into_placed(table))
                        .collect::<Result<_, _>>()?,
                    banned,
                }
            }
        })
    }
}

impl From<&Contact> for PlayerPart {
    fn from(contact: &Contact) -> Self {
        Self {
            player_id: contact.player_id.clone(),
            connection_id: contact.connection_id.clone(),
            expires_at_millis: contact.expires_at.as_millis(),
            away: contact.away,
        }
    }
}

impl PlayerPart {
    fn into_contact(self) -> Contact {
        Contact {
            player_id: self.player_id,
            connection_id: self.connection_id,
            expires_at: Timestamp::from_millis(self.expires_at_millis),
            away: self.away,
        }
    }
}

impl From<&Attribute> for AttributePart {
    fn from(attribute: &Attribute) -> Self {
        match attribute {
            Attribute::Number(number) => Self::Number(*number),
            Attribute::Text(text) => Self::Text(text.clone()),
            Attribute::Texts(texts) => Self::Texts(texts.clone()),
            Attribute::Latencies(latencies) => Self::Latencies(latencies.clone()),
        }
    }
}

impl From<AttributePart> for Attribute {
    fn from(part: AttributePart) -> Self {
        match part {
            AttributePart::Number(number) => Self::Number(number),
            AttributePart::Text(text) => Self::Text(text),
            AttributePart::Texts(texts) => Self::Texts(texts),
            AttributePart::Latencies(latencies) => Self::Latencies(latencies),
        }
    }
}

impl From<&Proposal> for ProposalPart {
    fn from(proposal: &Proposal) -> Self {
        Self {
            match_id: proposal.match_id.clone(),
            tickets: proposal.tickets.clone(),
            team: proposal.team.get(),
            deadline_millis: proposal.deadline.as_millis(),
            accepted: proposal.accepted.clone(),
        }
    }
}

impl ProposalPart {
    fn into_proposal(self, table: &'static str) -> Result<Proposal, StoreError> {
        Ok(Proposal {
            match_id: self.match_id,
            tickets: self.tickets,
            team: team(self.team, table)?,
            deadline: Timestamp::from_millis(self.deadline_millis),
            accepted: self.accepted,
        })
    }
}

impl From<&Placed> for PlacedPart {
    fn from(placed: &Placed) -> Self {
        Self {
            team: placed.team.get(),
            ticket: (&placed.ticket).into(),
        }
    }
}

impl PlacedPart {
    pub(super) fn into_placed(self, table: &'static str) -> Result<Placed, StoreError> {
        Ok(Placed {
            team: team(self.team, table)?,
            ticket: self.ticket.into_ticket(table)?,
        })
    }
}

fn team(number: u32, table: &'static str) -> Result<Team, StoreError> {
    Team::new(number).ok_or_else(|| StoreError::malformed(table, &"a team without a number"))
}

pub(super) fn read_team(
    number: Option<u32>,
    table: &'static str,
) -> Result<Option<Team>, StoreError> {
    number.map(|number| team(number, table)).transpose()
}
