//! A lobby as its item.

use std::collections::{BTreeMap, BTreeSet};

use domain::listing::Position;
use domain::lobby::{Lobby, Origin, PasswordHash, Settings, Visibility};
use domain::matchmaking::TicketRef;
use ids::{LobbyEra, MatchId, PlayerId, QueueName, TicketId};
use serde::{Deserialize, Serialize};

use super::SummaryItem;
use super::battle::BattlePart;
use super::member::{MemberPart, RequestPart};
use super::ticket::PlacedPart;
use crate::{StoreError, keys};

/// A whole lobby. The listing's index carries the part of it that is a [`SummaryItem`].
#[derive(Serialize, Deserialize)]
pub(crate) struct LobbyItem {
    #[serde(flatten)]
    summary: SummaryItem,
    era: LobbyEra,
    version: u64,
    host: PlayerId,
    term: u64,
    arrivals: u64,
    visibility: VisibilityText,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    members: BTreeMap<PlayerId, MemberPart>,
    requests: BTreeMap<PlayerId, RequestPart>,
    bans: BTreeSet<PlayerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket_id: Option<TicketId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket_queue: Option<QueueName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<OriginPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    battle: Option<BattlePart>,
    expires_at: u64,
    /// Only public lobbies have the index's keys, and so only they are in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    listing_shard: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listed_at: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VisibilityText {
    Private,
    Public,
}

/// The match that made a lobby.
#[derive(Serialize, Deserialize)]
struct OriginPart {
    match_id: MatchId,
    queue: QueueName,
    tickets: Vec<PlacedPart>,
}

impl From<&Lobby> for LobbyItem {
    fn from(lobby: &Lobby) -> Self {
        let settings = &lobby.settings;
        let position = match settings.visibility {
            Visibility::Public => Some(Position {
                created_at: lobby.created_at,
                lobby_id: lobby.lobby_id.clone(),
            }),
            Visibility::Private => None,
        };
        let members = lobby.members.iter();
        let requests = lobby.requests.iter();
        let ticket = lobby.ticket.as_ref();
        Self {
            summary: lobby.into(),
            era: lobby.era.clone(),
            version: lobby.version,
            host: lobby.host.clone(),
            term: lobby.term,
            arrivals: lobby.arrivals,
            visibility: match settings.visibility {
                Visibility::Private => VisibilityText::Private,
                Visibility::Public => VisibilityText::Public,
            },
            password_hash: settings
                .password
                .as_ref()
                .map(|hash| hash.as_phc().to_owned()),
            members: members
                .map(|(id, member)| (id.clone(), member.into()))
                .collect(),
            requests: requests
                .map(|(id, request)| (id.clone(), request.into()))
                .collect(),
            bans: lobby.bans.clone(),
            ticket_id: ticket.map(|ticket| ticket.ticket_id.clone()),
            ticket_queue: ticket.map(|ticket| ticket.queue.clone()),
            origin: lobby.origin.as_ref().map(OriginPart::from),
            battle: lobby.battle.as_ref().map(BattlePart::from),
            expires_at: lobby.expires_at().as_secs_ceil(),
            listing_shard: position
                .as_ref()
                .map(|position| keys::listing_shard(&position.lobby_id)),
            listed_at: position.as_ref().map(keys::listed_at),
        }
    }
}

impl LobbyItem {
    /// The lobby, if the item is one.
    pub(crate) fn into_lobby(self) -> Result<Lobby, StoreError> {
        if !self.members.contains_key(&self.host) {
            let problem = "the host is not a member";
            return Err(StoreError::malformed(keys::LOBBIES, &problem));
        }
        let summary = self.summary.into_summary()?;
        let members = self
            .members
            .into_iter()
            .map(|(id, item)| Ok((id.clone(), item.into_member(id)?)));
        let requests = self
            .requests
            .into_iter()
            .map(|(id, item)| Ok((id.clone(), item.into_request(id)?)));
        Ok(Lobby {
            lobby_id: summary.lobby_id,
            era: self.era,
            version: self.version,
            created_at: summary.created_at,
            settings: Settings {
                name: summary.name,
                max_players: summary.max_players,
                visibility: match self.visibility {
                    VisibilityText::Private => Visibility::Private,
                    VisibilityText::Public => Visibility::Public,
                },
                join_policy: summary.join_policy,
                locked: summary.locked,
                password: self.password_hash.map(PasswordHash::from_phc),
                metadata: summary.metadata,
            },
            host: self.host,
            term: self.term,
            arrivals: self.arrivals,
            members: members.collect::<Result<_, StoreError>>()?,
            requests: requests.collect::<Result<_, StoreError>>()?,
            bans: self.bans,
            ticket: read_ticket(self.ticket_queue, self.ticket_id)?,
            origin: self.origin.map(OriginPart::into_origin).transpose()?,
            battle: self.battle.map(BattlePart::into_battle).transpose()?,
        })
    }
}

impl From<&Origin> for OriginPart {
    fn from(origin: &Origin) -> Self {
        Self {
            match_id: origin.match_id.clone(),
            queue: origin.queue.clone(),
            tickets: origin.tickets.iter().map(PlacedPart::from).collect(),
        }
    }
}

impl OriginPart {
    fn into_origin(self) -> Result<Origin, StoreError> {
        let tickets = self.tickets.into_iter();
        Ok(Origin {
            match_id: self.match_id,
            queue: self.queue,
            tickets: tickets
                .map(|placed| placed.into_placed(keys::LOBBIES))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn read_ticket(
    queue: Option<QueueName>,
    ticket_id: Option<TicketId>,
) -> Result<Option<TicketRef>, StoreError> {
    match (queue, ticket_id) {
        (None, None) => Ok(None),
        (Some(queue), Some(ticket_id)) => Ok(Some(TicketRef { queue, ticket_id })),
        (Some(_), None) | (None, Some(_)) => {
            let problem = "half of a ticket's place";
            Err(StoreError::malformed(keys::LOBBIES, &problem))
        }
    }
}

#[cfg(test)]
mod tests;
