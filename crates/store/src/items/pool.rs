//! What a queue has done lately, as an item among its tickets.

use domain::Timestamp;
use domain::matchmaking::Pool;
use ids::QueueName;
use serde::{Deserialize, Serialize};

use crate::keys;

/// One for each queue, for ever: it has no time to live.
#[derive(Serialize, Deserialize)]
pub(crate) struct PoolItem {
    pool_shard: String,
    ticket_id: String,
    recent_waits: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_tick_at_millis: Option<u64>,
}

impl PoolItem {
    pub(crate) fn new(queue: &QueueName, pool: &Pool) -> Self {
        Self {
            pool_shard: keys::beside_shards(queue),
            ticket_id: keys::POOL.to_owned(),
            recent_waits: pool.recent_waits.clone(),
            next_tick_at_millis: pool.next_tick_at.map(Timestamp::as_millis),
        }
    }
}

impl From<PoolItem> for Pool {
    fn from(item: PoolItem) -> Self {
        Self {
            recent_waits: item.recent_waits,
            next_tick_at: item.next_tick_at_millis.map(Timestamp::from_millis),
        }
    }
}
