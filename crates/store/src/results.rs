//! Results: how each player's battles of the last thirty days have ended.
//!
//! [`Lobbies::save`](crate::Lobbies::save) writes them, with the lobby in which a battle is settled; here they are only read.

use domain::Timestamp;
use domain::battle::Settlement;
use ids::{BattleId, PlayerId};

use crate::items::{self, Item, ResultItem};
use crate::keys::{self, Condition};
use crate::{Store, StoreError};

/// The table of results.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    store: &'a Store,
}

/// A place among the results of a player.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResultPosition {
    /// When the battle was settled.
    pub settled_at: Timestamp,
    /// Which battle.
    pub battle_id: BattleId,
}

impl From<&Settlement> for ResultPosition {
    fn from(settlement: &Settlement) -> Self {
        Self {
            settled_at: settlement.settled_at,
            battle_id: settlement.battle_id.clone(),
        }
    }
}

/// Some of a player's results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultPage {
    /// The latest first.
    pub results: Vec<Settlement>,
    /// The last of them, where there are more behind it.
    pub next: Option<ResultPosition>,
}

impl<'a> Results<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// At most `limit` results of a player behind a position, or the latest ones. One operation (`Query`, strongly
    /// consistent: it sees every battle whose settlement has been saved). What has expired by `now` is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(
        &self,
        player_id: &PlayerId,
        after: Option<&ResultPosition>,
        limit: u32,
        now: Timestamp,
    ) -> Result<ResultPage, StoreError> {
        // One more tells whether there is more.
        let items = self.query(player_id, after, limit.saturating_add(1));
        let mut results = Vec::new();
        for item in items.await? {
            let item: ResultItem = items::read(keys::RESULTS, item)?;
            if item.expires_at() > now {
                results.push(item.into_settlement()?);
            }
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_last = results.len() <= limit;
        results.truncate(limit);
        let last = results.last().filter(|_| !is_last);
        Ok(ResultPage {
            next: last.map(ResultPosition::from),
            results,
        })
    }

    async fn query(
        &self,
        player_id: &PlayerId,
        after: Option<&ResultPosition>,
        limit: u32,
    ) -> Result<Vec<Item>, StoreError> {
        let after = after.map(keys::settled_at);
        let condition = Condition::results_of(player_id, after.as_deref());
        let request = self.store.client.query();
        let answer = request
            .table_name(&self.store.tables.results)
            .consistent_read(true)
            .key_condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await;
        let answer = answer.map_err(|error| StoreError::unavailable("Query", error))?;
        Ok(answer.items.unwrap_or_default())
    }
}
