//! What several events are made of.

use ids::{LobbyId, PeerAddress, PeerId, PlayerId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::lobby::{JoinPolicy, example_metadata};
use crate::signalling::IceCandidate;
use crate::{Metadata, Text};

/// A lobby as the listing shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LobbySummary {
    /// The id that players join by.
    pub lobby_id: LobbyId,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Members at present, the host included.
    pub players: u32,
    /// Seats, the host's included.
    pub max_players: u32,
    /// Who decides on those who want in.
    pub join_policy: JoinPolicy,
    /// Whether it lets nobody in at present.
    pub locked: bool,
    /// Whether it asks for a password.
    pub has_password: bool,
    /// What the game says of it.
    pub metadata: Map<String, Value>,
    /// When it was opened, in seconds since 1970.
    pub created_at: u64,
}

impl LobbySummary {
    pub(super) fn example() -> Self {
        Self {
            lobby_id: super::example_lobby(),
            name: Some("Friday night".to_owned()),
            players: 1,
            max_players: 4,
            join_policy: JoinPolicy::Ask,
            locked: false,
            has_password: false,
            metadata: example_metadata().into_object(),
            created_at: 1_800_000_000,
        }
    }
}

/// A member of a lobby, as another member sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    /// Its address.
    pub connection_id: PeerAddress,
    /// Its peer id.
    pub peer_id: PeerId,
    /// Who it is.
    pub player_id: PlayerId,
    /// What it says of itself.
    pub metadata: Metadata,
}

/// One of a peer's ICE candidates, byte for byte as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceivedCandidate {
    /// The media stream's identification.
    pub media: Text<0, 256>,
    /// The media line's index.
    pub index: i32,
    /// The candidate line.
    pub name: Text<0, 1_024>,
}

impl From<IceCandidate> for ReceivedCandidate {
    fn from(sent: IceCandidate) -> Self {
        let IceCandidate { media, index, name } = sent;
        Self { media, index, name }
    }
}

/// How a player came to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// It said `leave_lobby`.
    Left,
    /// The host removed it.
    Kicked,
    /// The host removed it for good.
    Banned,
    /// Its connection ended.
    Disconnected,
}

/// A STUN or TURN server, in the shape of the browser's `RTCIceServer`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IceServer {
    /// Its addresses: `stun:`, `turn:` or `turns:`.
    pub urls: Vec<String>,
    /// Who to be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// How to prove it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

impl std::fmt::Debug for IceServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The credential is a secret.
        f.debug_struct("IceServer")
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}
