//! Connections: who is on which WebSocket, and at which one a player is reached.

use std::time::Duration;

use domain::Timestamp;
use identity::Permissions;
use ids::{ConnectionId, PlayerId};
use tokio::time::sleep;

use crate::items::{self, ConnectionItem, PresenceItem};
use crate::keys::{self, Condition};
use crate::write::{Cancelled, Subject, Transaction};
use crate::{Presence, Store, StoreError};

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

/// What is known of a connection, whether it is open or has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The connection.
    pub connection: Connection,
    /// Where it has ended: until when its player may come back by another. `None` while it is open.
    pub away_until: Option<Timestamp>,
}

/// Whether a connection could be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Closed {
    /// It is.
    Done,
    /// It had been closed before, or another player has been taken up on it. Read again.
    NotItsPlayers,
    /// It is not: its player has a seat and is not away from it, or is reached otherwise than was said. That lobby or queue
    /// must be told first.
    NotTold,
}

/// How a player is reached whose connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// By no other: it is away from now on, wherever it is.
    ByNone,
    /// By another connection: this one was never its own, and the end of it changes nothing.
    ByAnother,
}

/// Whether a player could be taken up on another connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Resumed {
    /// It is.
    Done,
    /// It has been taken up on a third connection in between, or something was kept for it. Read and decide again.
    LostRace,
    /// Whoever was on that connection before has a seat, and so is somebody already.
    Seated,
    /// That connection has ended.
    Gone,
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

    /// Writes down a connection, and that its player is reached there, unless it was reached elsewhere before: then that is as it
    /// was, until [`resume`](Self::resume) says otherwise. One operation (`TransactWriteItems`), two in the second case; one more
    /// for each time that another transaction was at the same items at the same moment, three at most.
    ///
    /// The first to open a connection has it: a repeated delivery of the same `$connect` changes nothing, whichever player it
    /// brings, and is no error.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn open(&self, connection: &Connection) -> Result<(), StoreError> {
        let tables = &self.store.tables;
        let free = || Some(Condition::free(connection.connected_at));
        let open = |transaction: &mut Transaction<'a>| {
            let item = items::write(ConnectionItem::from(connection));
            transaction.put(&tables.connections, item, Subject::Record, free());
        };
        let opened = self.commit(|transaction| {
            open(transaction);
            let presence = items::write(PresenceItem::from(&Presence::new(connection)));
            transaction.put(&tables.players, presence, Subject::Presence, free());
        });
        match opened.await? {
            Err(cancelled) if !cancelled.failed(Subject::Record) => {
                self.commit(open).await.map(drop)
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// A connection, unless it is unknown, has ended, or has expired by `now`. One operation (`GetItem`, strongly consistent: it
    /// sees every [`open`](Self::open) and [`close`](Self::close) that has returned).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(
        &self,
        connection_id: &ConnectionId,
        now: Timestamp,
    ) -> Result<Option<Connection>, StoreError> {
        let trace = self.trace(connection_id, now).await?;
        let open = trace.filter(|trace| trace.away_until.is_none());
        Ok(open.map(|trace| trace.connection))
    }

    /// What is known of a connection, unless nothing is or it has expired by `now`. One operation (`GetItem`, strongly
    /// consistent).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn trace(
        &self,
        connection_id: &ConnectionId,
        now: Timestamp,
    ) -> Result<Option<Trace>, StoreError> {
        let key = keys::connection(connection_id);
        let item = self.store.get(&self.store.tables.connections, key).await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let item: ConnectionItem = items::read(keys::CONNECTIONS, item)?;
        let trace = Trace::from(item);
        Ok(Some(trace).filter(|trace| trace.connection.expires_at > now))
    }

    /// Writes down that a connection has ended, and how long its player may stay away. Where that is written down already, or the
    /// connection is another player's by now, nothing changes. One operation (`TransactWriteItems`); one more for each time that
    /// another transaction was at the same items at the same moment, three at most.
    ///
    /// The caller has told whatever lobby or queue the player is in, or the player is `reached` by another connection. Whoever
    /// comes in or comes back at the same moment either finds the connection ended, or is found here, and so nobody stays in a
    /// lobby or a queue that has not heard.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn close(
        &self,
        connection: &Connection,
        reached: Reached,
        away_until: Timestamp,
        now: Timestamp,
    ) -> Result<Closed, StoreError> {
        let tables = &self.store.tables;
        let closed = self.commit(|transaction| {
            let item = items::write(ConnectionItem::ended(connection, away_until));
            let open = Some(Condition::open_by(&connection.player_id, now));
            transaction.put(&tables.connections, item, Subject::Connection, open);
            let of_player = |kind| keys::player(&connection.player_id, kind);
            let elsewhere = || Condition::elsewhere_or_none(&connection.connection_id);
            let seated = match reached {
                Reached::ByNone => Condition::away_or_free(now),
                Reached::ByAnother => {
                    let presence = of_player(keys::PRESENCE);
                    transaction.check(&tables.players, presence, Subject::Presence, elsewhere());
                    elsewhere()
                }
            };
            transaction.check(
                &tables.players,
                of_player(keys::SEAT),
                Subject::Seat,
                seated,
            );
        });
        Ok(match closed.await? {
            Ok(()) => Closed::Done,
            Err(cancelled) if cancelled.failed(Subject::Connection) => Closed::NotItsPlayers,
            Err(_) => Closed::NotTold,
        })
    }

    /// Takes a player up on a connection that is open already, with what is kept for it but not what it has `heard`. Whoever
    /// was on it before is forgotten. One operation (`TransactWriteItems`); one more for each time that another transaction
    /// was at the same items at the same moment, three at most.
    ///
    /// `presence` is the player's as it was read. `last` is the connection that it says, where that is still open: it is over
    /// with this. So of any number of connections that want to be one player's, one is.
    ///
    /// Returns the presence as it is now.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn resume(
        &self,
        on: &Connection,
        presence: &Presence,
        last: Option<&Connection>,
        heard: Option<u64>,
        now: Timestamp,
    ) -> Result<(Resumed, Presence), StoreError> {
        let tables = &self.store.tables;
        let player = Connection {
            player_id: presence.player_id.clone(),
            ..on.clone()
        };
        let moved = presence.moved(on, heard, now);
        let resumed = self.commit(|transaction| {
            let item = items::write(ConnectionItem::from(&player));
            let own = Some(Condition::open_by(&on.player_id, now));
            transaction.put(&tables.connections, item, Subject::Connection, own);
            let item = items::write(PresenceItem::from(&moved));
            let as_read = Some(Condition::of_version(presence.version));
            transaction.put(&tables.players, item, Subject::Record, as_read);
            if on.player_id != player.player_id {
                let key = keys::player(&on.player_id, keys::PRESENCE);
                transaction.delete(&tables.players, key, Subject::Presence, None);
                let key = keys::player(&on.player_id, keys::SEAT);
                let free = Condition::free(now);
                transaction.check(&tables.players, key, Subject::Seat, free);
            }
            if let Some(last) = last {
                let item = items::write(ConnectionItem::ended(last, now));
                transaction.put(&tables.connections, item, Subject::Presence, None);
            }
        });
        let resumed = match resumed.await? {
            Ok(()) => Resumed::Done,
            Err(cancelled) if cancelled.failed(Subject::Connection) => Resumed::Gone,
            Err(cancelled) if cancelled.failed(Subject::Seat) => Resumed::Seated,
            Err(_) => Resumed::LostRace,
        };
        Ok((resumed, moved))
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
