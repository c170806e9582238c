//! A connection, and what is known of where its player is reached.

use domain::Timestamp;
use identity::Permissions;
use ids::{ConnectionId, PlayerId};
use serde::{Deserialize, Serialize};

use crate::{Connection, Kept, Presence, Trace, keys};

/// Who is on a connection, or was. Only a token brings permissions.
#[derive(Serialize, Deserialize)]
pub(crate) struct ConnectionItem {
    connection_id: ConnectionId,
    player_id: PlayerId,
    connected_at_millis: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    away_until_millis: Option<u64>,
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
            away_until_millis: None,
            expires_at: connection.expires_at.as_secs_ceil(),
            expires_at_millis: connection.expires_at.as_millis(),
            permissions: connection.permissions.clone(),
        }
    }
}

impl ConnectionItem {
    /// A connection that has ended, and whose player may come back until then.
    pub(crate) fn ended(connection: &Connection, away_until: Timestamp) -> Self {
        Self {
            away_until_millis: Some(away_until.as_millis()),
            ..Self::from(connection)
        }
    }
}

impl From<ConnectionItem> for Trace {
    fn from(item: ConnectionItem) -> Self {
        Self {
            connection: Connection {
                connection_id: item.connection_id,
                player_id: item.player_id,
                connected_at: Timestamp::from_millis(item.connected_at_millis),
                expires_at: Timestamp::from_millis(item.expires_at_millis),
                permissions: item.permissions,
            },
            away_until: item.away_until_millis.map(Timestamp::from_millis),
        }
    }
}

/// At which connection a player is, and what is kept for it.
#[derive(Serialize, Deserialize)]
pub(crate) struct PresenceItem {
    player_id: PlayerId,
    kind: String,
    connection_id: ConnectionId,
    version: u64,
    last_sequence: u64,
    kept: Vec<KeptPart>,
    expires_at: u64,
    expires_at_millis: u64,
}

#[derive(Serialize, Deserialize)]
struct KeptPart {
    sequence: u64,
    frame: String,
    addressed_to: ConnectionId,
    until_millis: u64,
}

impl From<&Presence> for PresenceItem {
    fn from(presence: &Presence) -> Self {
        Self {
            player_id: presence.player_id.clone(),
            kind: keys::PRESENCE.to_owned(),
            connection_id: presence.connection_id.clone(),
            version: presence.version,
            last_sequence: presence.last_sequence,
            kept: presence.kept.iter().map(KeptPart::from).collect(),
            expires_at: presence.expires_at.as_secs_ceil(),
            expires_at_millis: presence.expires_at.as_millis(),
        }
    }
}

impl From<PresenceItem> for Presence {
    fn from(item: PresenceItem) -> Self {
        Self {
            player_id: item.player_id,
            connection_id: item.connection_id,
            version: item.version,
            last_sequence: item.last_sequence,
            kept: item.kept.into_iter().map(Kept::from).collect(),
            expires_at: Timestamp::from_millis(item.expires_at_millis),
        }
    }
}

impl From<&Kept> for KeptPart {
    fn from(kept: &Kept) -> Self {
        Self {
            sequence: kept.sequence,
            frame: kept.frame.clone(),
            addressed_to: kept.addressed_to.clone(),
            until_millis: kept.until.as_millis(),
        }
    }
}

impl From<KeptPart> for Kept {
    fn from(part: KeptPart) -> Self {
        Self {
            sequence: part.sequence,
            frame: part.frame,
            addressed_to: part.addressed_to,
            until: Timestamp::from_millis(part.until_millis),
        }
    }
}
