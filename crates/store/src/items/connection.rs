//! A connection, and what is known of where its player is reached.

use domain::Timestamp;
use identity::Permissions;
use ids::{ConnectionId, PlayerId};
use serde::{Deserialize, Serialize};

use crate::{Connection, Presence, keys};

/// Who is on a connection. Only a token brings permissions.
#[derive(Serialize, Deserialize)]
pub(crate) struct ConnectionItem {
    connection_id: ConnectionId,
    player_id: PlayerId,
    connected_at_millis: u64,
    expires_at: u64,
    expires_at_millis: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    permissions: Option<Permissions>,
}

impl From<&Connection> for ConnectionItem {
    fn from(connection: &Connection) -> Self {
        Self {
            connection_id: connection.connection_id.clone(),
            player_id: connection.player_id.clone(),
            connected_at_millis: connection.connected_at.as_millis(),
            expires_at: connection.expires_at.as_secs_ceil(),
            expires_at_millis: connection.expires_at.as_millis(),
            permissions: connection.permissions.clone(),
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
            permissions: item.permissions,
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
