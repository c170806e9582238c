//! Tickets: who waits in which queue, and what each queue has done lately.
//!
//! A player who waits by itself has a seat beside its ticket; a party's and a lobby's ticket are known to the lobby, and
//! [`Lobbies::enqueue`](crate::Lobbies::enqueue) and [`Lobbies::save`](crate::Lobbies::save) write them with it. So nobody waits
//! twice, nor in a queue and in a lobby of strangers. The tickets of a queue are spread over [`POOL_SHARDS`](crate::POOL_SHARDS).

use domain::Timestamp;
use domain::matchmaking::{Owner, Pool, Ticket, TicketRef};
use futures::future::try_join_all;
use ids::QueueName;
use tracing::error;

use crate::items::{self, PoolItem, TicketItem};
use crate::keys::{self, Condition};
use crate::write::{Subject, Transaction};
use crate::{Saved, Store, StoreError};

/// The table of tickets.
#[derive(Clone, Copy, Debug)]
pub struct Tickets<'a> {
    pub(crate) store: &'a Store,
}

/// Why a player did not get a place in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinConflict {
    /// It has a seat already, in a lobby or a queue.
    SeatTaken,
    /// Its connection has ended.
    PlayerGone,
    /// Another transaction was at the same items at the same moment. Trying again tells which of the others it is, if any.
    LostRace,
}

impl<'a> Tickets<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Puts the ticket of a player who waits by itself into its queue, and gives that player the seat. One operation
    /// (`TransactWriteItems`).
    ///
    /// Of any number of queues and lobbies that one player enters at once, it gets into one; and into none once its
    /// connection has ended. What has expired by `now` is in nobody's way.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn join(
        &self,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Result<(), JoinConflict>, StoreError> {
        let mut transaction = Transaction::new(self.store);
        transaction.open_ticket(ticket, now);
        for contact in &ticket.players {
            transaction.seat_in_queue(&ticket.reference(), contact, now);
        }
        let joined = transaction.commit().await?;
        Ok(joined.map_err(|cancelled| {
            if cancelled.failed(Subject::Seat) {
                JoinConflict::SeatTaken
            } else if cancelled.failed(Subject::Connection) {
                JoinConflict::PlayerGone
            } else {
                JoinConflict::LostRace
            }
        }))
    }

    /// A ticket, unless there is none or it has expired by `now`. One operation (`GetItem`, strongly consistent: it sees every
    /// write that has returned, but may be old a moment later, which every write that builds on it then finds).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(
        &self,
        ticket: &TicketRef,
        now: Timestamp,
    ) -> Result<Option<Ticket>, StoreError> {
        let key = keys::ticket(&ticket.queue, &ticket.ticket_id);
        let item = self.store.get(&self.store.tables.tickets, key).await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let item: TicketItem = items::read(keys::TICKETS, item)?;
        Ok(Some(item.into_ticket()?).filter(|ticket| expires_at(ticket) > now))
    }

    /// All tickets of a queue that have not expired by `now`, in no particular order. One operation (`Query`, strongly
    /// consistent) for each megabyte of each shard, and one at least for each shard; the shards are read side by side.
    ///
    /// Sees every ticket whose join had returned before; one that comes or goes meanwhile may be in it or not. A malformed
    /// ticket is left out, and logged as an error.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn of_pool(
        &self,
        queue: &QueueName,
        now: Timestamp,
    ) -> Result<Vec<Ticket>, StoreError> {
        let shards = keys::pool_shards(queue).map(|shard| self.of_shard(shard));
        let shards = try_join_all(shards).await?;
        let tickets = shards.into_iter().flatten();
        Ok(tickets.filter(|ticket| expires_at(ticket) > now).collect())
    }

    /// Writes what became of one ticket that was read as `before`. One operation (`PutItem`).
    ///
    /// Of any number who save what they made of the same `before`, one does. A ticket that has gone does not come back.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn save(&self, before: &Ticket, after: &Ticket) -> Result<Saved, StoreError> {
        let item = items::write(TicketItem::from(after));
        let as_read = Condition::of_version(before.version);
        let table = &self.store.tables.tickets;
        self.store.put(table, item, Some(as_read)).await
    }

    /// Writes that a player who waits by itself is reached otherwise now, or away, by a ticket that was read as `before`. One
    /// operation (`TransactWriteItems`): its seat goes with it, and where it is not away, it must still be connected.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn reach(
        &self,
        before: &Ticket,
        after: &Ticket,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let mut transaction = Transaction::new(self.store);
        transaction.change_ticket(before, after);
        for contact in &after.players {
            transaction.seat_still_in_queue(&after.reference(), contact, now);
        }
        transaction.save().await
    }

    /// Writes what became of several tickets that were read as the first of each pair: all of them, or none where one is
    /// not as it was read. One operation (`TransactWriteItems`); none where there are no tickets.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn propose(&self, tickets: &[(Ticket, Ticket)]) -> Result<Saved, StoreError> {
        let mut transaction = Transaction::new(self.store);
        for (before, after) in tickets {
            transaction.change_ticket(before, after);
        }
        transaction.save().await
    }

    /// Takes out of its queue a ticket that is as it was read, and gives back the seat of a player who waited by itself.
    /// One operation (`TransactWriteItems`).
    ///
    /// Of any number who remove, change or claim it, one does. A party's or a lobby's ticket goes with a
    /// [`Lobbies::save`](crate::Lobbies::save) of the lobby that has it; here only where no lobby has it any more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn remove(&self, ticket: &Ticket, now: Timestamp) -> Result<Saved, StoreError> {
        let mut transaction = Transaction::new(self.store);
        transaction.close_ticket(ticket);
        match ticket.owner {
            Owner::Player => {
                for contact in &ticket.players {
                    transaction.leave_queue(&ticket.reference(), contact, now);
                }
            }
            Owner::Party { .. } | Owner::Backfill { .. } => {}
        }
        transaction.save().await
    }

    /// What a queue has done lately. One operation (`GetItem`, strongly consistent).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pool(&self, queue: &QueueName) -> Result<Pool, StoreError> {
        let key = keys::pool(queue);
        let item = self.store.get(&self.store.tables.tickets, key).await?;
        let Some(item) = item else {
            return Ok(Pool::default());
        };
        let item: PoolItem = items::read(keys::TICKETS, item)?;
        Ok(item.into())
    }

    /// Writes down what a queue has done lately. One operation (`PutItem`).
    ///
    /// The last to write has it. A queue has one worker at a time, so that is in order; and should two meet, nothing
    /// hangs on the waits, and each has sent the timer that it says it has sent.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn save_pool(&self, queue: &QueueName, pool: &Pool) -> Result<(), StoreError> {
        let item = items::write(PoolItem::new(queue, pool));
        let table = &self.store.tables.tickets;
        let _always_done = self.store.put(table, item, None).await?;
        Ok(())
    }

    async fn of_shard(&self, shard: String) -> Result<Vec<Ticket>, StoreError> {
        let condition = Condition::pooled(&shard);
        let request = self.store.client.query();
        let mut pages = request
            .table_name(&self.store.tables.tickets)
            .consistent_read(true)
            .key_condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .into_paginator()
            .items()
            .send();
        let mut tickets = Vec::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(|error| StoreError::unavailable("Query", error))?;
            let read = items::read::<TicketItem>(keys::TICKETS, item);
            match read.and_then(TicketItem::into_ticket) {
                Ok(ticket) => tickets.push(ticket),
                // One ticket that nobody can read must not keep everybody else from being matched.
                Err(malformed) => error!(
                    shard,
                    error = %malformed,
                    "a ticket is left out of its queue; delete the item, or deploy the version that wrote it"
                ),
            }
        }
        Ok(tickets)
    }
}

/// When the last of its players is gone at the latest.
pub(crate) fn expires_at(ticket: &Ticket) -> Timestamp {
    let players = ticket.players.iter();
    players
        .map(|contact| contact.expires_at)
        .max()
        .unwrap_or_default()
}

#[cfg(all(test, feature = "in-process"))]
mod tests {
    use std::time::Duration;

    use domain::lobby::Contact;
    use domain::matchmaking::{Attributes, State};
    use ids::{ConnectionId, PlayerId, TicketId};

    use super::*;

    fn ticket(name: &str, now: Timestamp) -> Ticket {
        let contact = Contact {
            player_id: PlayerId::parse(name).expect("a player id"),
            connection_id: ConnectionId::parse(format!("{name}=")).expect("a connection id"),
            expires_at: now + Duration::from_hours(2),
            away: false,
        };
        Ticket {
            ticket_id: TicketId::parse(name).expect("a ticket id"),
            queue: QueueName::parse("1v1").expect("a queue"),
            owner: Owner::Player,
            players: vec![contact],
            attributes: Attributes::new(),
            created_at: now,
            version: 1,
            state: State::Waiting,
        }
    }

    #[tokio::test]
    async fn a_ticket_that_nobody_can_read_keeps_nobody_else_from_being_matched() {
        let store = crate::in_process().await.expect("tables in this process");
        let now = Timestamp::from_millis(1);
        let tickets = ["ann", "bob", "cat"].map(|name| ticket(name, now));
        for ticket in &tickets {
            let mut item = items::write(TicketItem::from(ticket));
            if ticket.ticket_id.as_str() == "bob" {
                // Its key is left, and little else.
                item.retain(|_, value| value.is_s());
            }
            let put = store.put(&store.tables.tickets, item, None).await;
            assert_eq!(put.expect("the tables answer"), Saved::Done);
        }
        let [ann, _, cat] = tickets;
        let mut read = store
            .tickets()
            .of_pool(&ann.queue, now)
            .await
            .expect("only bob's ticket is left out");
        read.sort_by_key(|ticket| ticket.ticket_id.clone());
        assert_eq!(read, [ann, cat]);
    }
}
