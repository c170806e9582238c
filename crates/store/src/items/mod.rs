//! How things look in the tables, and back.
//!
//! `expires_at` is for DynamoDB alone, which deletes by it: whole seconds, rounded up. Everything else goes by
//! `expires_at_millis`.

mod lobby;
mod summary;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::lobby::{Contact, Lobby, Metadata};
use ids::{ConnectionId, LobbyEra, LobbyId, PlayerId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Connection, Presence, Seat, StoreError, keys};

pub(crate) use lobby::LobbyItem;
pub(crate) use summary::SummaryItem;

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Makes an item of something.
pub(crate) fn write(item: impl Serialize) -> Item {
    serde_dynamo::to_item(item).expect("structs with named fields are items")
}

/// Reads an item of a table.
pub(crate) fn read<T: DeserializeOwned>(table: &'static str, item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::malformed(table, &error))
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ConnectionItem {
    connection_id: ConnectionId,
    player_id: PlayerId,
    connected_at_millis: u64,
    expires_at: u64,
    expires_at_millis: u64,
}

impl From<&Connection> for ConnectionItem {
    fn from(connection: &Connection) -> Self {
        Self {
            connection_id: connection.connection_id.clone(),
            player_id: connection.player_id.clone(),
            connected_at_millis: connection.connected_at.as_millis(),
            expires_at: connection.expires_at.as_secs_ceil(),
            expires_at_millis: connection.expires_at.as_millis(),
        }
    }
}

impl From<ConnectionItem> for Connection {
    fn from(item: ConnectionItem) -> Self {
        Self {
            connection_id: item.connection_id,
            player_id: item.player_id,
            connected_at: Timestamp::from_millis(item.connected_at_millis),
            expires_at: Timestamp::from_millis(item.expires_at_millis),
        }
    }
}

/// At which connection a player is.
#[derive(Serialize, Deserialize)]
pub(crate) struct PresenceItem {
    player_id: PlayerId,
    kind: String,
    connection_id: ConnectionId,
    expires_at: u64,
    expires_at_millis: u64,
}

impl From<&Connection> for PresenceItem {
    fn from(connection: &Connection) -> Self {
        Self {
            player_id: connection.player_id.clone(),
            kind: keys::PRESENCE.to_owned(),
            connection_id: connection.connection_id.clone(),
            expires_at: connection.expires_at.as_secs_ceil(),
            expires_at_millis: connection.expires_at.as_millis(),
        }
    }
}

impl From<PresenceItem> for Presence {
    fn from(item: PresenceItem) -> Self {
        Self {
            connection_id: item.connection_id,
            expires_at: Timestamp::from_millis(item.expires_at_millis),
        }
    }
}

/// In which lobby a player is, or waits to be.
#[derive(Serialize, Deserialize)]
pub(crate) struct SeatItem {
    player_id: PlayerId,
    kind: String,
    lobby_id: LobbyId,
    era: LobbyEra,
    expires_at: u64,
    expires_at_millis: u64,
}

impl SeatItem {
    pub(crate) fn new(lobby: &Lobby, contact: &Contact) -> Self {
        Self {
            player_id: contact.player_id.clone(),
            kind: keys::SEAT.to_owned(),
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
            expires_at: contact.expires_at.as_secs_ceil(),
            expires_at_millis: contact.expires_at.as_millis(),
        }
    }
}

impl From<SeatItem> for Seat {
    fn from(item: SeatItem) -> Self {
        Self {
            lobby_id: item.lobby_id,
            expires_at: Timestamp::from_millis(item.expires_at_millis),
        }
    }
}

/// Metadata is kept as text: as a map it would be measured, and nested, by DynamoDB's rules instead of the game's.
fn write_metadata(metadata: &Metadata) -> String {
    serde_json::to_string(metadata).expect("an object is always JSON")
}

fn read_metadata(json: &str) -> Result<Metadata, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::malformed(keys::LOBBIES, &error))
}
