//! Players: at which connection each is reached, and which lobby or queue it is in.
//!
//! Seats are written with lobbies and tickets, and read here.

use domain::Timestamp;
use domain::matchmaking::TicketRef;
use ids::{LobbyEra, LobbyId, PlayerId};
use serde::de::DeserializeOwned;

use crate::items::{self, PresenceItem, SeatItem};
use crate::keys::{self, Condition};
use crate::write::{Subject, Transaction};
use crate::{Presence, Saved, Store, StoreError};

/// The one place that a player is in. Nobody has two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Which.
    pub place: Place,
    /// When the player's connection ends at the latest, and the seat with it.
    pub expires_at: Timestamp,
}

/// A lobby or a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A lobby that the player is in, or waits to be let into; also while that lobby's party waits in a queue.
    Lobby {
        /// Which.
        lobby_id: LobbyId,
        /// Which lobby of that id.
        era: LobbyEra,
    },
    /// A queue that the player waits in by itself.
    Ticket(TicketRef),
}

impl Seat {
    /// The lobby that it is in, if it is in one.
    #[must_use]
    pub fn lobby_id(&self) -> Option<&LobbyId> {
        match &self.place {
            Place::Lobby { lobby_id, .. } => Some(lobby_id),
            Place::Ticket(_) => None,
        }
    }
}

/// The table of players.
#[derive(Clone, Copy, Debug)]
pub struct Players<'a> {
    store: &'a Store,
}

impl<'a> Players<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// A player's seat, unless it has none or it has expired by `now`. One operation (`GetItem`, strongly consistent: it
    /// agrees with the lobbies and tickets as the last write left them, but may be different a moment later).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn seat(
        &self,
        player_id: &PlayerId,
        now: Timestamp,
    ) -> Result<Option<Seat>, StoreError> {
        let item: Option<SeatItem> = self.item(player_id, keys::SEAT).await?;
        let seat = item.map(SeatItem::into_seat).transpose()?;
        Ok(seat.filter(|seat| seat.expires_at > now))
    }

    /// Where a player is reached, unless nowhere or that has expired by `now`. One operation (`GetItem`, strongly
    /// consistent).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn presence(
        &self,
        player_id: &PlayerId,
        now: Timestamp,
    ) -> Result<Option<Presence>, StoreError> {
        let item: Option<PresenceItem> = self.item(player_id, keys::PRESENCE).await?;
        let presence = item.map(Presence::from);
        Ok(presence.filter(|presence| presence.expires_at > now))
    }

    /// Writes what became of a presence that was read as `before`. One operation (`TransactWriteItems`: of a lost answer it knows,
    /// when it is asked again, that it was done, and so no frame is kept and then delivered, too).
    ///
    /// Of any number who save what they made of the same `before`, one does.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn save_presence(
        &self,
        before: &Presence,
        after: &Presence,
    ) -> Result<Saved, StoreError> {
        let item = items::write(PresenceItem::from(after));
        let as_read = Condition::of_version(before.version);
        let mut transaction = Transaction::new(self.store);
        let table = &self.store.tables.players;
        transaction.put(table, item, Subject::Record, Some(as_read));
        transaction.save().await
    }

    async fn item<T: DeserializeOwned>(
        &self,
        player_id: &PlayerId,
        kind: &str,
    ) -> Result<Option<T>, StoreError> {
        let key = keys::player(player_id, kind);
        let item = self.store.get(&self.store.tables.players, key).await?;
        item.map(|item| items::read(keys::PLAYERS, item))
            .transpose()
    }
}
