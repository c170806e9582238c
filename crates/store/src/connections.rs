//! Connections: who is on which WebSocket, and at which one a player is reached.

use std::time::Duration;

use domain::Timestamp;
use identity::Permissions;
use ids::{ConnectionId, PlayerId};
use tokio::time::sleep;

use crate::items::{self, ConnectionItem, PresenceItem};
use crate::keys::{self, Condition};
use crate::write::{Cancelled, Subject, Transaction};
use crate::{Store, StoreError};

/// How long to wait after each attempt at a transaction that met another at the same items. Those last milliseconds.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(10),
    Duration::from_millis(40),
    Duration::from_millis(160),
    Duration::ZERO,
];

/// An open WebSocket and its player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The platform's name of it.
    pub connection_id: ConnectionId,
    /// Who is on it.
    pub player_id: PlayerId,
    /// Since when.
    pub connected_at: Timestamp,
    /// Until when at the latest.
    pub expires_at: Timestamp,
    /// What the player's token permits. `None` where there was none: the player is somebody new, who may do everything.
    pub permissions: Option<Permissions>,
}

impl Connection {
    /// Whether a token says who the player is.
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.permissions.is_some()
    }
}

/// Whether a connection could be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Closed {
    /// It is.
    Done,
    /// Nothing is: its player has a seat, and must be taken out of that lobby or queue first.
    StillSeated,
}

/// The table of connections.
#[derive(Clone, Copy, Debug)]
pub struct Connections<'a> {
    store: &'a Store,
}

impl<'a> Connections<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Writes down a connection, and that its player is reached there. One operation (`TransactWriteItems`); one more for
    /// each time that another transaction was at the same items at the same moment, three at most.
    ///
    /// The first to open a connection has it: a repeated delivery of the same `$connect` changes nothing, whichever player it
    /// brings, and is no error. A player that is reached elsewhere is from now on reached here.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn open(&self, connection: &Connection) -> Result<(), StoreError> {
        let tables = &self.store.tables;
        let opened = self.commit(|transaction| {
            let item = items::write(ConnectionItem::from(connection));
            let unknown = Condition::free(connection.connected_at);
            transaction.put(&tables.connections, item, Subject::Record, Some(unknown));
            let presence = items::write(PresenceItem::from(connection));
            transaction.put(&tables.players, presence, Subject::Record, None);
        });
        opened.await.map(drop)
    }

    /// A connection, unless it is unknown or has expired by `now`. One operation (`GetItem`, strongly consistent: it sees
    /// every [`open`](Self::open) and [`close`](Self::close) that has returned).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(
        &self,
        connection_id: &ConnectionId,
        now: Timestamp,
    ) -> Result<Option<Connection>, StoreError> {
        let key = keys::connection(connection_id);
        let item = self.store.get(&self.store.tables.connections, key).await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let item: ConnectionItem = items::read(keys::CONNECTIONS, item)?;
        Ok(Some(Connection::from(item)).filter(|connection| connection.expires_at > now))
    }

    /// Forgets a connection, and that its player is reached there, unless that player is reached elsewhere by now. One
    /// operation (`TransactWriteItems`), and a `DeleteItem` where the player is elsewhere; one more for each time that
    /// another transaction was at the same items at the same moment, three at most.
    ///
    /// Whether either is gone already makes no difference, so any number may close the same connection at once. While the
    /// player has a seat, nothing is forgotten: a join that comes at the same moment either finds the connection gone, or is
    /// found here, and so nobody stays in a lobby or a queue whom no farewell will take out.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn close(
        &self,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<Closed, StoreError> {
        let tables = &self.store.tables;
        let key = keys::connection(&connection.connection_id);
        let closed = self.commit(|transaction| {
            transaction.delete(&tables.connections, key.clone(), Subject::Connection, None);
            let presence = keys::player(&connection.player_id, keys::PRESENCE);
            let here = Condition::presence_at(&connection.connection_id);
            transaction.delete(&tables.players, presence, Subject::Record, Some(here));
            let seat = keys::player(&connection.player_id, keys::SEAT);
            transaction.check(&tables.players, seat, Subject::Seat, Condition::free(now));
        });
        match closed.await? {
            Ok(()) => Ok(Closed::Done),
            Err(cancelled) if !cancelled.failed(Subject::Record) => Ok(Closed::StillSeated),
            Err(_elsewhere) => {
                let request = self.store.client.delete_item();
                let request = request.table_name(&tables.connections).set_key(Some(key));
                let deleted = request.send().await;
                deleted.map_err(|error| StoreError::unavailable("DeleteItem", error))?;
                Ok(Closed::Done)
            }
        }
    }

    /// Commits what `fill` puts into a transaction; again, after a pause, where another was in its way. `Err` where a
    /// condition did not hold.
    async fn commit(
        &self,
        fill: impl Fn(&mut Transaction<'a>),
    ) -> Result<Result<(), Cancelled>, StoreError> {
        for pause in PAUSES {
            let mut transaction = Transaction::new(self.store);
            fill(&mut transaction);
            match transaction.commit().await? {
                Err(conflict) if !conflict.any_condition_failed() => sleep(pause).await,
                done_or_refused => return Ok(done_or_refused),
            }
        }
        let source = "other transactions were at the same items every time";
        Err(StoreError::unavailable("TransactWriteItems", source))
    }
}
