//! The one place that a player is in.

use domain::Timestamp;
use domain::lobby::{Contact, Lobby};
use domain::matchmaking::TicketRef;
use ids::{ConnectionId, LobbyEra, LobbyId, PlayerId, QueueName, TicketId};
use serde::{Deserialize, Serialize};

use crate::{Place, Seat, StoreError, keys};

/// In which lobby a player is or waits to be, or in which queue, and how it is reached there.
#[derive(Serialize, Deserialize)]
pub(crate) struct SeatItem {
    player_id: PlayerId,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lobby_id: Option<LobbyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    era: Option<LobbyEra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<QueueName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_id: Option<TicketId>,
    // For conditions only; a seat of an earlier version says neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_id: Option<ConnectionId>,
    #[serde(default)]
    away: bool,
    expires_at: u64,
    expires_at_millis: u64,
}

impl SeatItem {
    /// A player's place in a lobby.
    pub(crate) fn in_lobby(lobby: &Lobby, contact: &Contact) -> Self {
        Self {
            lobby_id: Some(lobby.lobby_id.clone()),
            era: Some(lobby.era.clone()),
            ..Self::nowhere(contact)
        }
    }

    /// A player's place in a queue.
    pub(crate) fn by_ticket(ticket: &TicketRef, contact: &Contact) -> Self {
        Self {
            queue: Some(ticket.queue.clone()),
            ticket_id: Some(ticket.ticket_id.clone()),
            ..Self::nowhere(contact)
        }
    }

    fn nowhere(contact: &Contact) -> Self {
        Self {
            player_id: contact.player_id.clone(),
            kind: keys::SEAT.to_owned(),
            lobby_id: None,
            era: None,
            queue: None,
            ticket_id: None,
            connection_id: Some(contact.connection_id.clone()),
            away: contact.away,
            expires_at: contact.expires_at.as_secs_ceil(),
            expires_at_millis: contact.expires_at.as_millis(),
        }
    }

    /// The seat, if the item is one.
    pub(crate) fn into_seat(self) -> Result<Seat, StoreError> {
        let place = match (self.lobby_id, self.era, self.queue, self.ticket_id) {
            (Some(lobby_id), Some(era), None, None) => Place::Lobby { lobby_id, era },
            (None, None, Some(queue), Some(ticket_id)) => {
                Place::Ticket(TicketRef { queue, ticket_id })
            }
            _neither => {
                let problem = "a seat is either in a lobby or in a queue";
                return Err(StoreError::malformed(keys::PLAYERS, &problem));
            }
        };
        Ok(Seat {
            place,
            expires_at: Timestamp::from_millis(self.expires_at_millis),
        })
    }
}
