//! Who is in a lobby, and who waits for it, as parts of its item.

use std::ops::Not;

use domain::Timestamp;
use domain::lobby::{Contact, JoinRequest, Member};
use domain::matchmaking::Team;
use ids::{ConnectionId, PeerId, PlayerId};
use serde::{Deserialize, Serialize};

use super::ticket::read_team;
use super::{read_metadata, write_metadata};
use crate::{StoreError, keys};

#[derive(Serialize, Deserialize)]
pub(super) struct MemberPart {
    connection_id: ConnectionId,
    expires_at_millis: u64,
    #[serde(default, skip_serializing_if = "Not::not")]
    away: bool,
    peer_id: PeerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team: Option<u32>,
    arrival: u64,
    metadata: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RequestPart {
    connection_id: ConnectionId,
    expires_at_millis: u64,
    #[serde(default, skip_serializing_if = "Not::not")]
    away: bool,
    arrival: u64,
    metadata: String,
}

impl From<&Member> for MemberPart {
    fn from(member: &Member) -> Self {
        Self {
            connection_id: member.contact.connection_id.clone(),
            expires_at_millis: member.contact.expires_at.as_millis(),
            away: member.contact.away,
            peer_id: member.peer_id,
            team: member.team.map(Team::get),
            arrival: member.arrival,
            metadata: write_metadata(&member.metadata),
        }
    }
}

impl MemberPart {
    pub(super) fn into_member(self, player_id: PlayerId) -> Result<Member, StoreError> {
        Ok(Member {
            contact: Contact {
                player_id,
                connection_id: self.connection_id,
                expires_at: Timestamp::from_millis(self.expires_at_millis),
                away: self.away,
            },
            peer_id: self.peer_id,
            team: read_team(self.team, keys::LOBBIES)?,
            arrival: self.arrival,
            metadata: read_metadata(&self.metadata)?,
        })
    }
}

impl From<&JoinRequest> for RequestPart {
    fn from(request: &JoinRequest) -> Self {
        Self {
            connection_id: request.contact.connection_id.clone(),
            expires_at_millis: request.contact.expires_at.as_millis(),
            away: request.contact.away,
            arrival: request.arrival,
            metadata: write_metadata(&request.metadata),
        }
    }
}

impl RequestPart {
    pub(super) fn into_request(self, player_id: PlayerId) -> Result<JoinRequest, StoreError> {
        Ok(JoinRequest {
            contact: Contact {
                player_id,
                connection_id: self.connection_id,
                expires_at: Timestamp::from_millis(self.expires_at_millis),
                away: self.away,
            },
            arrival: self.arrival,
            metadata: read_metadata(&self.metadata)?,
        })
    }
}
