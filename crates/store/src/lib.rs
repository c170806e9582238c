//! One repository per aggregate over DynamoDB; the only place that names DynamoDB, and `keys` the only one that spells a key.
//!
//! Every write carries the condition that makes it right, what spans aggregates is one transaction, and nothing is ever
//! scanned. DynamoDB deletes what has expired hours late, so an expired item reads as absent everywhere, and is written
//! over like one. Each method says what it promises where others do the same at the same time, and how many operations
//! (requests to DynamoDB) it takes.

mod changes;
#[cfg(test)]
mod conflicts;
mod connect;
mod connections;
mod counts;
pub mod cursor;
mod error;
#[cfg(feature = "in-process")]
mod in_process;
mod items;
mod keys;
mod listing;
mod lobbies;
mod matches;
mod players;
mod presence;
mod results;
mod steps;
mod tables;
mod tickets;
mod write;

use std::fmt;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;

pub use connect::{AwsSettings, connect};
pub use connections::{Closed, Connection, Connections, Reached, Resumed, Trace};
pub use counts::OperationCounts;
pub use error::StoreError;
#[cfg(feature = "in-process")]
pub use in_process::{
    Contents, Fate, Inspector, Layer, Outcome, in_process, in_process_behind, in_process_inspected,
};
pub use keys::{LISTING_SHARDS, POOL_SHARDS};
pub use lobbies::{CreateConflict, Lobbies, Saved};
pub use players::{Place, Players, Seat};
pub use presence::{Full, Kept, MAX_KEPT_BYTES, MAX_KEPT_FRAMES, Presence};
pub use results::{ResultPage, ResultPosition, Results};
pub use tables::{IndexDefinition, TableDefinition, TableNames, create_tables, definitions};
pub use tickets::{JoinConflict, Tickets};

use counts::Counter;
use items::Item;
use keys::{Condition, Key};

/// The tables. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    client: Client,
    tables: TableNames,
    counter: Counter,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("tables", &self.tables)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The tables of these names, through a copy of this client that counts its requests.
    #[must_use]
    pub fn new(client: Client, tables: TableNames) -> Self {
        let counter = Counter::default();
        let config = client.config().to_builder().interceptor(counter.clone());
        drop(client);
        Self {
            client: Client::from_conf(config.build()),
            tables,
            counter,
        }
    }

    /// Who is on which WebSocket.
    #[must_use]
    pub fn connections(&self) -> Connections<'_> {
        Connections::new(self)
    }

    /// Where each player is.
    #[must_use]
    pub fn players(&self) -> Players<'_> {
        Players::new(self)
    }

    /// Lobbies, and the listing of those that are public.
    #[must_use]
    pub fn lobbies(&self) -> Lobbies<'_> {
        Lobbies::new(self)
    }

    /// Who waits in which queue, and the matches that are made of them.
    #[must_use]
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets::new(self)
    }

    /// How each player's battles have ended.
    #[must_use]
    pub fn results(&self) -> Results<'_> {
        Results::new(self)
    }

    /// How many requests this store and its clones have made until now.
    #[must_use]
    pub fn operations(&self) -> OperationCounts {
        self.counter.snapshot()
    }

    /// An item as every write that has returned left it.
    pub(crate) async fn get(&self, table: &str, key: Key) -> Result<Option<Item>, StoreError> {
        let request = self.client.get_item().table_name(table);
        let request = request.set_key(Some(key)).consistent_read(true);
        let answer = request.send().await;
        let answer = answer.map_err(|error| StoreError::unavailable("GetItem", error))?;
        Ok(answer.item)
    }

    /// Writes one item.
    pub(crate) async fn put(
        &self,
        table: &str,
        item: Item,
        condition: Option<Condition>,
    ) -> Result<Saved, StoreError> {
        let request = self
            .client
            .put_item()
            .table_name(table)
            .set_item(Some(item));
        let request = match condition {
            None => request,
            Some(condition) => request
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(Some(condition.values)),
        };
        match request.send().await {
            Ok(_) => Ok(Saved::Done),
            Err(error) if is_lost_race(&error) => Ok(Saved::LostRace),
            Err(error) => Err(StoreError::unavailable("PutItem", error)),
        }
    }
}

fn is_lost_race(error: &SdkError<PutItemError>) -> bool {
    error.as_service_error().is_some_and(|error| {
        error.is_conditional_check_failed_exception() || error.is_transaction_conflict_exception()
    })
}
