//! Lobbies: each is one item, its players' seats and its ticket are items beside it, and they never disagree.
//!
//! Every write of a lobby and of what it changes beside it is one transaction under the condition that the lobby is still as
//! it was read. So whatever the rules decide on a lobby as read (capacity, password, bans, who the host is) holds for the
//! lobby as written, and nobody ever has a seat in two.

use domain::Timestamp;
use domain::lobby::Lobby;
use domain::matchmaking::Ticket;
use ids::LobbyId;

use crate::changes::Changes;
use crate::items::{self, LobbyItem};
use crate::keys::{self, Condition};
use crate::write::{Subject, Transaction};
use crate::{Store, StoreError};

/// The table of lobbies.
#[derive(Clone, Copy, Debug)]
pub struct Lobbies<'a> {
    pub(crate) store: &'a Store,
}

/// Why a lobby was not created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateConflict {
    /// There is one of that id.
    LobbyExists,
    /// The host has a seat already, in this lobby, another, or a queue.
    SeatTaken,
    /// The host's connection has ended.
    HostGone,
    /// Another transaction was at the same items at the same moment. Trying again tells which of the others it is, if any.
    LostRace,
}

/// What became of a lobby that was to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    /// It is as it was to be.
    Done,
    /// Somebody has changed it since it was read, or is changing it: nothing is written. Read and decide again.
    LostRace,
    /// A player who was to come in has a seat in another lobby or in a queue: nothing is written. Deciding again helps only
    /// once that player has left there; [`Players::seat`](crate::Players::seat) tells where.
    SeatTaken,
    /// A player who was to come in, or back, has no connection any more: nothing is written.
    PlayerGone,
}

impl<'a> Lobbies<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// A lobby, unless there is none or it has expired by `now`. One operation (`GetItem`, strongly consistent: it sees every
    /// write that has returned, but may be old a moment later, which [`save`](Self::save) then finds).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(
        &self,
        lobby_id: &LobbyId,
        now: Timestamp,
    ) -> Result<Option<Lobby>, StoreError> {
        let lobby = self.find_expired_too(lobby_id).await?;
        Ok(lobby.filter(|lobby| lobby.expires_at() > now))
    }

    /// A lobby as [`find`](Self::find) has it, or what is left of one that has expired: so its battle can still be settled. One
    /// operation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_expired_too(&self, lobby_id: &LobbyId) -> Result<Option<Lobby>, StoreError> {
        let key = keys::lobby(lobby_id);
        let item = self.store.get(&self.store.tables.lobbies, key).await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let item: LobbyItem = items::read(keys::LOBBIES, item)?;
        Ok(Some(item.into_lobby()?))
    }

    /// Opens a lobby and gives its host the seat. One operation (`TransactWriteItems`).
    ///
    /// Of any number who create a lobby of one id at once, one does; of any number of lobbies that one player opens at once,
    /// one is. What has expired by `now` is in nobody's way.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn create(
        &self,
        lobby: &Lobby,
        now: Timestamp,
    ) -> Result<Result<(), CreateConflict>, StoreError> {
        let mut transaction = Transaction::new(self.store);
        transaction.open_lobby(lobby, now);
        for contact in lobby.seated() {
            transaction.seat(lobby, contact, now);
        }
        let created = transaction.commit().await?;
        Ok(created.map_err(|cancelled| {
            if cancelled.failed(Subject::Record) {
                CreateConflict::LobbyExists
            } else if cancelled.failed(Subject::Seat) {
                CreateConflict::SeatTaken
            } else if cancelled.failed(Subject::Connection) {
                CreateConflict::HostGone
            } else {
                CreateConflict::LostRace
            }
        }))
    }

    /// Writes what became of a lobby that was read as `before`: `after`, whose version must be another, or nothing where it
    /// is no more. With it goes what hangs on it: who comes in gets a seat, who is out loses it; a ticket that the lobby
    /// has no more is taken out of its queue; and the result of a battle that has been settled is written down for each of
    /// its players.
    ///
    /// Of any number who save what they made of the same `before`, one does: so a battle is settled once. Nothing to write
    /// where nothing has changed. One operation: `PutItem` where nothing but the lobby changes, otherwise
    /// `TransactWriteItems`. Whoever comes in, or back, must still be connected.
    ///
    /// An answer of DynamoDB's that is lost on its way, where it was to a `PutItem`, may show as a lost race against oneself:
    /// deciding again then finds that it is done.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn save(
        &self,
        before: &Lobby,
        after: Option<&Lobby>,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        if after == Some(before) {
            return Ok(Saved::Done);
        }
        let changes = Changes::between(before, after, now);
        match after {
            Some(after) if changes.is_empty() => {
                let item = items::write(LobbyItem::from(after));
                let as_read = Condition::as_read(&before.era, before.version);
                let table = &self.store.tables.lobbies;
                self.store.put(table, item, Some(as_read)).await
            }
            Some(_) | None => {
                let mut transaction = Transaction::new(self.store);
                transaction.change_lobby(before, after, &changes, now);
                transaction.save().await
            }
        }
    }

    /// Writes what became of a lobby that was read as `before`, like [`save`](Self::save), and puts the new ticket of
    /// `after` into its queue. One operation (`TransactWriteItems`).
    ///
    /// Of any number who save what they made of the same `before`, one does, so a lobby has one ticket at most.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn enqueue(
        &self,
        before: &Lobby,
        after: &Lobby,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let changes = Changes::between(before, Some(after), now);
        let mut transaction = Transaction::new(self.store);
        transaction.change_lobby(before, Some(after), &changes, now);
        transaction.open_ticket(ticket, now);
        transaction.save().await
    }
}
