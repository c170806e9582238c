//! The listing of public lobbies: a sparse index, spread over shards.

use domain::Timestamp;
use domain::listing::{Position, ShardPage};
use futures::future::try_join_all;

use crate::items::{self, SummaryItem};
use crate::keys::{self, Condition};
use crate::{Lobbies, StoreError};

/// The most lobbies that one shard gives for a page.
const SHARD_PAGE: i32 = 50;

impl Lobbies<'_> {
    /// The public lobbies behind a position, or the newest ones: a page of at most fifty from each shard, newest first. One
    /// `Query` for each shard, all at the same time.
    ///
    /// Eventually consistent: a lobby that was opened, changed or closed a moment ago may be missing, as it was, or still
    /// there. What has expired by `now` is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(
        &self,
        after: Option<&Position>,
        now: Timestamp,
    ) -> Result<Vec<ShardPage>, StoreError> {
        let shards = keys::listing_shards();
        try_join_all(shards.map(|shard| self.list_shard(shard, after, now))).await
    }

    async fn list_shard(
        &self,
        shard: String,
        after: Option<&Position>,
        now: Timestamp,
    ) -> Result<ShardPage, StoreError> {
        let condition = Condition::listed(&shard, after);
        let request = self.store.client.query();
        let answer = request
            .table_name(&self.store.tables.lobbies)
            .index_name(keys::LISTING)
            .key_condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .scan_index_forward(false)
            .limit(SHARD_PAGE)
            .send()
            .await;
        let answer = answer.map_err(|error| StoreError::unavailable("Query", error))?;
        let read_to = match &answer.last_evaluated_key {
            None => None,
            Some(key) => {
                let unreadable = || StoreError::malformed(keys::LOBBIES, &"the index's key");
                Some(keys::position_in(key).ok_or_else(unreadable)?)
            }
        };
        let mut lobbies = Vec::new();
        for item in answer.items.unwrap_or_default() {
            let item: SummaryItem = items::read(keys::LOBBIES, item)?;
            if item.expires_at() > now {
                lobbies.push(item.into_summary()?);
            }
        }
        Ok(ShardPage { lobbies, read_to })
    }
}
