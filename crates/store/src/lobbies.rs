//! Lobbies: each is one item, its players' seats are items beside it, and the two never disagree.
//!
//! Every write of a lobby and of the seats that it changes is one transaction under the condition that the lobby is still as
//! it was read. So whatever the rules decide on a lobby as read (capacity, password, bans, who the host is) holds for the
//! lobby as written, and nobody ever has a seat in two.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use domain::Timestamp;
use domain::lobby::{Contact, Lobby};
use ids::{LobbyId, PlayerId};

use crate::items::{self, LobbyItem, SeatItem};
use crate::keys::{self, Condition};
use crate::seats::SeatChanges;
use crate::write::Transaction;
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
    /// The host has a seat already, in this lobby or another.
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
    /// A player who was to come in has a seat in another lobby: nothing is written. Deciding again helps only once that
    /// player has left there; [`Players::seat`](crate::Players::seat) tells where.
    SeatTaken,
    /// A player who was to come in has no connection any more: nothing is written.
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
        let key = keys::lobby(lobby_id);
        let item = self.store.get(&self.store.tables.lobbies, key).await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let item: LobbyItem = items::read(keys::LOBBIES, item)?;
        Ok(Some(item.into_lobby()?).filter(|lobby| lobby.expires_at() > now))
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
        let tables = &self.store.tables;
        let mut transaction = Transaction::new(self.store);
        let item = items::write(LobbyItem::from(lobby));
        transaction.put(&tables.lobbies, item, Some(Condition::free(now)));
        for contact in lobby.seated() {
            let seat = items::write(SeatItem::new(lobby, contact));
            transaction.put(&tables.players, seat, Some(Condition::free(now)));
        }
        let checked_from = transaction.len();
        self.check_connected(&mut transaction, lobby.seated(), now);
        let created = transaction.commit().await?;
        Ok(created.map_err(|cancelled| {
            if cancelled.condition_failed(0) {
                CreateConflict::LobbyExists
            } else if (1..checked_from).any(|write| cancelled.condition_failed(write)) {
                CreateConflict::SeatTaken
            } else if cancelled.any_condition_failed() {
                CreateConflict::HostGone
            } else {
                CreateConflict::LostRace
            }
        }))
    }

    /// Writes what became of a lobby that was read as `before`: `after`, whose version must be another, or nothing where it
    /// is no more. With it go the seats: who comes in gets one, who is out loses it.
    ///
    /// Of any number who save what they made of the same `before`, one does. Nothing to write where nothing has changed. One
    /// operation: `PutItem` where the seats stay as they are, otherwise `TransactWriteItems`. Whoever comes in must still be
    /// connected.
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
        let Some(after) = after else {
            return self.close(before, now).await;
        };
        if after == before {
            return Ok(Saved::Done);
        }
        let seats = SeatChanges::between(before, Some(after), now);
        if seats.is_empty() {
            self.put(before, after).await
        } else {
            self.replace(before, after, &seats, now).await
        }
    }

    /// Writes a lobby alone.
    async fn put(&self, before: &Lobby, after: &Lobby) -> Result<Saved, StoreError> {
        let condition = Condition::as_read(&before.era, before.version);
        let request = self.store.client.put_item();
        let written = request
            .table_name(&self.store.tables.lobbies)
            .set_item(Some(items::write(LobbyItem::from(after))))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(Some(condition.names))
            .set_expression_attribute_values(Some(condition.values))
            .send()
            .await;
        match written {
            Ok(_) => Ok(Saved::Done),
            Err(error) if is_lost_race(&error) => Ok(Saved::LostRace),
            Err(error) => Err(StoreError::unavailable("PutItem", error)),
        }
    }

    /// Writes a lobby and its players' seats.
    async fn replace(
        &self,
        before: &Lobby,
        after: &Lobby,
        seats: &SeatChanges<'_>,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let tables = &self.store.tables;
        let mut transaction = Transaction::new(self.store);
        let as_read = Condition::as_read(&before.era, before.version);
        let item = items::write(LobbyItem::from(after));
        transaction.put(&tables.lobbies, item, Some(as_read));
        let mut seat = |contact: &Contact, condition| {
            let seat = items::write(SeatItem::new(after, contact));
            transaction.put(&tables.players, seat, Some(condition));
        };
        for contact in &seats.taken {
            seat(contact, Condition::free(now));
        }
        for contact in &seats.renewed {
            seat(contact, Condition::seat_of_or_free(&after.era, now));
        }
        let freed_from = transaction.len();
        self.free(&mut transaction, before, &seats.freed);
        let checked_from = transaction.len();
        self.check_connected(&mut transaction, seats.taken.iter().copied(), now);
        Ok(match transaction.commit().await? {
            Ok(()) => Saved::Done,
            Err(cancelled) => {
                let failed = |write| cancelled.condition_failed(write);
                if (freed_from..checked_from).any(failed) || failed(0) {
                    Saved::LostRace
                } else if (1..freed_from).any(failed) {
                    Saved::SeatTaken
                } else if cancelled.any_condition_failed() {
                    Saved::PlayerGone
                } else {
                    Saved::LostRace
                }
            }
        })
    }

    /// Deletes a lobby and everybody's seats. A transaction has room for all of them.
    async fn close(&self, before: &Lobby, now: Timestamp) -> Result<Saved, StoreError> {
        let as_read = Condition::as_read(&before.era, before.version);
        let mut transaction = Transaction::new(self.store);
        let key = keys::lobby(&before.lobby_id);
        transaction.delete(&self.store.tables.lobbies, key, Some(as_read));
        let seats = SeatChanges::between(before, None, now);
        self.free(&mut transaction, before, &seats.freed);
        let closed = transaction.commit().await?;
        Ok(closed.map_or(Saved::LostRace, |()| Saved::Done))
    }

    /// Demands that those who come in are still connected.
    fn check_connected<'c>(
        self,
        transaction: &mut Transaction<'_>,
        contacts: impl Iterator<Item = &'c Contact>,
        now: Timestamp,
    ) {
        for contact in contacts {
            let key = keys::connection(&contact.connection_id);
            transaction.check(&self.store.tables.connections, key, Condition::there(now));
        }
    }

    fn free(self, transaction: &mut Transaction<'_>, lobby: &Lobby, players: &[&PlayerId]) {
        for player_id in players {
            let key = keys::player(player_id, keys::SEAT);
            let here = Condition::seat_of(&lobby.era);
            transaction.delete(&self.store.tables.players, key, Some(here));
        }
    }
}

fn is_lost_race(error: &SdkError<PutItemError>) -> bool {
    error.as_service_error().is_some_and(|error| {
        error.is_conditional_check_failed_exception() || error.is_transaction_conflict_exception()
    })
}
