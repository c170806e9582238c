//! Conditional writes, and several of them at once.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem};
use tracing::debug;

use crate::items::Item;
use crate::keys::{Condition, Key};
use crate::{Saved, Store, StoreError, TableNames};

/// The most writes and checks that DynamoDB takes in one transaction.
#[cfg(feature = "in-process")]
pub(crate) const MAX_WRITES: usize = 100;

/// Writes that are all done, or none of them.
pub(crate) struct Transaction<'a> {
    store: &'a Store,
    writes: Vec<TransactWriteItem>,
    subjects: Vec<Subject>,
}

/// What a write or a check is about, and so what it means that its condition did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// What was read before, or must be new.
    Record,
    /// A place that a player is to have and nobody else.
    Seat,
    /// A connection that must still be open.
    Connection,
    /// Where a player is reached.
    Presence,
}

/// What kept a transaction from being done, for each of its writes in their order.
pub(crate) struct Cancelled(Vec<(Subject, Obstacle)>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    None,
    Condition,
    Conflict,
}

impl Cancelled {
    /// Whether a condition about this did not hold.
    pub(crate) fn failed(&self, subject: Subject) -> bool {
        self.0.contains(&(subject, Obstacle::Condition))
    }

    /// Whether any condition did not hold. Otherwise, another transaction was at one of the items at the same moment.
    pub(crate) fn any_condition_failed(&self) -> bool {
        let mut obstacles = self.0.iter();
        obstacles.any(|(_, obstacle)| *obstacle == Obstacle::Condition)
    }
}

impl From<Cancelled> for Saved {
    fn from(cancelled: Cancelled) -> Self {
        if cancelled.failed(Subject::Record) {
            Self::LostRace
        } else if cancelled.failed(Subject::Seat) {
            Self::SeatTaken
        } else if cancelled.failed(Subject::Connection) {
            Self::PlayerGone
        } else {
            Self::LostRace
        }
    }
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self {
            store,
            writes: Vec::new(),
            subjects: Vec::new(),
        }
    }

    /// The tables that it writes to.
    pub(crate) fn tables(&self) -> &'a TableNames {
        &self.store.tables
    }

    pub(crate) fn put(
        &mut self,
        table: &str,
        item: Item,
        subject: Subject,
        condition: Option<Condition>,
    ) {
        let put = Put::builder().table_name(table).set_item(Some(item));
        let put = match condition {
            None => put,
            Some(condition) => put
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(Some(condition.values)),
        };
        let put = put.build().expect("a table and an item are set");
        self.write(TransactWriteItem::builder().put(put).build(), subject);
    }

    pub(crate) fn delete(
        &mut self,
        table: &str,
        key: Key,
        subject: Subject,
        condition: Option<Condition>,
    ) {
        let delete = Delete::builder().table_name(table).set_key(Some(key));
        let delete = match condition {
            None => delete,
            Some(condition) => delete
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(Some(condition.values)),
        };
        let delete = delete.build().expect("a table and a key are set");
        self.write(TransactWriteItem::builder().delete(delete).build(), subject);
    }

    /// Does the rest only where this holds of an item that is left as it is.
    pub(crate) fn check(&mut self, table: &str, key: Key, subject: Subject, condition: Condition) {
        let check = ConditionCheck::builder()
            .table_name(table)
            .set_key(Some(key))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .build()
            .expect("a table, a key and an expression are set");
        let write = TransactWriteItem::builder().condition_check(check).build();
        self.write(write, subject);
    }

    fn write(&mut self, write: TransactWriteItem, subject: Subject) {
        self.writes.push(write);
        self.subjects.push(subject);
    }

    /// Does all of it, or says what became of it. Nothing is done at no cost.
    pub(crate) async fn save(self) -> Result<Saved, StoreError> {
        if self.writes.is_empty() {
            return Ok(Saved::Done);
        }
        let done = self.commit().await?;
        Ok(done.map_or_else(Saved::from, |()| Saved::Done))
    }

    /// Does all of it, or says what was in the way. One operation; what the SDK retries carries the same token, and is done
    /// once.
    pub(crate) async fn commit(self) -> Result<Result<(), Cancelled>, StoreError> {
        let request = self.store.client.transact_write_items();
        let done = request.set_transact_items(Some(self.writes)).send().await;
        match done {
            Ok(_) => Ok(Ok(())),
            Err(error) => match obstacles(&error) {
                Some(obstacles) => {
                    debug!("a transaction lost its race");
                    let subjects = self.subjects.into_iter();
                    Ok(Err(Cancelled(subjects.zip(obstacles).collect())))
                }
                None => Err(StoreError::unavailable("TransactWriteItems", error)),
            },
        }
    }
}

/// What was in the way, if that was other writes and nothing else.
fn obstacles(error: &SdkError<TransactWriteItemsError>) -> Option<Vec<Obstacle>> {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        return None;
    };
    let reasons = cancelled.cancellation_reasons().iter();
    let obstacles: Option<Vec<_>> = reasons.map(obstacle).collect();
    obstacles.filter(|all| all.iter().any(|one| *one != Obstacle::None))
}

fn obstacle(reason: &CancellationReason) -> Option<Obstacle> {
    match reason.code() {
        None | Some("None") => Some(Obstacle::None),
        Some("ConditionalCheckFailed") => Some(Obstacle::Condition),
        Some("TransactionConflict") => Some(Obstacle::Conflict),
        Some(_) => None,
    }
}
