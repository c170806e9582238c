//! Conditional writes, and several of them at once.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem};
use tracing::debug;

use crate::items::Item;
use crate::keys::{Condition, Key};
use crate::{Store, StoreError};

/// The most writes and checks that DynamoDB takes in one transaction.
#[cfg(feature = "in-process")]
pub(crate) const MAX_WRITES: usize = 100;

/// Writes that are all done, or none of them.
pub(crate) struct Transaction<'a> {
    store: &'a Store,
    writes: Vec<TransactWriteItem>,
}

/// What kept a transaction from being done, for each of its writes in their order.
pub(crate) struct Cancelled(Vec<Obstacle>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    None,
    Condition,
    Conflict,
}

impl Cancelled {
    /// Whether this write's condition did not hold.
    pub(crate) fn condition_failed(&self, write: usize) -> bool {
        self.0.get(write) == Some(&Obstacle::Condition)
    }

    /// Whether any condition did not hold. Otherwise, another transaction was at one of the items at the same moment.
    pub(crate) fn any_condition_failed(&self) -> bool {
        self.0.contains(&Obstacle::Condition)
    }
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self {
            store,
            writes: Vec::new(),
        }
    }

    /// How many writes there are, and so the place of the next one.
    pub(crate) fn len(&self) -> usize {
        self.writes.len()
    }

    pub(crate) fn put(&mut self, table: &str, item: Item, condition: Option<Condition>) {
        let put = Put::builder().table_name(table).set_item(Some(item));
        let put = match condition {
            None => put,
            Some(condition) => put
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(Some(condition.values)),
        };
        let put = put.build().expect("a table and an item are set");
        self.writes
            .push(TransactWriteItem::builder().put(put).build());
    }

    pub(crate) fn delete(&mut self, table: &str, key: Key, condition: Option<Condition>) {
        let delete = Delete::builder().table_name(table).set_key(Some(key));
        let delete = match condition {
            None => delete,
            Some(condition) => delete
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(Some(condition.values)),
        };
        let delete = delete.build().expect("a table and a key are set");
        self.writes
            .push(TransactWriteItem::builder().delete(delete).build());
    }

    /// Does the rest only where this holds of an item that is left as it is.
    pub(crate) fn check(&mut self, table: &str, key: Key, condition: Condition) {
        let check = ConditionCheck::builder()
            .table_name(table)
            .set_key(Some(key))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .build()
            .expect("a table, a key and an expression are set");
        self.writes
            .push(TransactWriteItem::builder().condition_check(check).build());
    }

    /// Does all of it, or says what was in the way. One operation; what the SDK retries carries the same token, and is done
    /// once.
    pub(crate) async fn commit(self) -> Result<Result<(), Cancelled>, StoreError> {
        let request = self.store.client.transact_write_items();
        let done = request.set_transact_items(Some(self.writes)).send().await;
        match done {
            Ok(_) => Ok(Ok(())),
            Err(error) => match obstacles(&error) {
                Some(cancelled) => {
                    debug!("a transaction lost its race");
                    Ok(Err(cancelled))
                }
                None => Err(StoreError::unavailable("TransactWriteItems", error)),
            },
        }
    }
}

/// What was in the way, if that was other writes and nothing else.
fn obstacles(error: &SdkError<TransactWriteItemsError>) -> Option<Cancelled> {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        return None;
    };
    let reasons = cancelled.cancellation_reasons().iter();
    let obstacles: Option<Vec<_>> = reasons.map(obstacle).collect();
    let obstacles = obstacles.filter(|all| all.iter().any(|one| *one != Obstacle::None))?;
    Some(Cancelled(obstacles))
}

fn obstacle(reason: &CancellationReason) -> Option<Obstacle> {
    match reason.code() {
        None | Some("None") => Some(Obstacle::None),
        Some("ConditionalCheckFailed") => Some(Obstacle::Condition),
        Some("TransactionConflict") => Some(Obstacle::Conflict),
        Some(_) => None,
    }
}
