//! A lobby as the listing's index carries it.

use domain::Timestamp;
use domain::listing::Summary;
use domain::lobby::{JoinPolicy, Lobby};
use ids::LobbyId;
use serde::{Deserialize, Serialize};

use super::{read_metadata, write_metadata};
use crate::StoreError;

/// A lobby as the listing's index carries it.
#[derive(Serialize, Deserialize)]
pub(crate) struct SummaryItem {
    lobby_id: LobbyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    players: u32,
    max_players: u32,
    join_policy: JoinPolicyText,
    locked: bool,
    has_password: bool,
    metadata: String,
    created_at_millis: u64,
    expires_at_millis: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum JoinPolicyText {
    Ask,
    Open,
}

impl From<&Lobby> for SummaryItem {
    fn from(lobby: &Lobby) -> Self {
        let summary = Summary::from(lobby);
        Self {
            lobby_id: summary.lobby_id,
            name: summary.name,
            players: summary.players,
            max_players: summary.max_players,
            join_policy: match summary.join_policy {
                JoinPolicy::Ask => JoinPolicyText::Ask,
                JoinPolicy::Open => JoinPolicyText::Open,
            },
            locked: summary.locked,
            has_password: summary.has_password,
            metadata: write_metadata(&summary.metadata),
            created_at_millis: summary.created_at.as_millis(),
            expires_at_millis: lobby.expires_at().as_millis(),
        }
    }
}

impl SummaryItem {
    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.expires_at_millis)
    }

    /// What the listing shows.
    pub(crate) fn into_summary(self) -> Result<Summary, StoreError> {
        Ok(Summary {
            metadata: read_metadata(&self.metadata)?,
            lobby_id: self.lobby_id,
            name: self.name,
            players: self.players,
            max_players: self.max_players,
            join_policy: self.join_policy.into(),
            locked: self.locked,
            has_password: self.has_password,
            created_at: Timestamp::from_millis(self.created_at_millis),
        })
    }
}

impl From<JoinPolicyText> for JoinPolicy {
    fn from(text: JoinPolicyText) -> Self {
        match text {
            JoinPolicyText::Ask => Self::Ask,
            JoinPolicyText::Open => Self::Open,
        }
    }
}
