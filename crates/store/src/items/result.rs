//! How a battle has ended, as an item of each of its players.

use std::time::Duration;

use domain::Timestamp;
use domain::battle::Settlement;
use ids::PlayerId;
use serde::{Deserialize, Serialize};

use super::settlement::SettlementPart;
use crate::{ResultPosition, StoreError, keys};

/// How long results are kept.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// One player's.
#[derive(Serialize, Deserialize)]
pub(crate) struct ResultItem {
    player_id: PlayerId,
    settled_at: String,
    #[serde(flatten)]
    settlement: SettlementPart,
    expires_at: u64,
    expires_at_millis: u64,
}

impl ResultItem {
    pub(crate) fn new(settlement: &Settlement, player_id: &PlayerId) -> Self {
        let ends = settlement.settled_at + KEPT;
        Self {
            player_id: player_id.clone(),
            settled_at: keys::settled_at(&ResultPosition::from(settlement)),
            settlement: settlement.into(),
            expires_at: ends.as_secs_ceil(),
            expires_at_millis: ends.as_millis(),
        }
    }

    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.expires_at_millis)
    }

    /// What it says, if it is one.
    pub(crate) fn into_settlement(self) -> Result<Settlement, StoreError> {
        self.settlement.into_settlement(keys::RESULTS)
    }
}
