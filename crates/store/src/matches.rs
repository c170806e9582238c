//! Matches: what a queue's tickets become, all at once or not at all.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::lobby::{Contact, Lobby};
use domain::matchmaking::{Match, Owner, Ticket};
use ids::PlayerId;

use crate::changes::Changes;
use crate::keys::{self, Condition};
use crate::write::{Subject, Transaction};
use crate::{Saved, StoreError, Tickets};

impl Tickets<'_> {
    /// Makes a match of tickets that are as they were read: opens its lobby, takes the tickets out of the queue, closes the
    /// lobbies of parties, and gives every player its seat in the new lobby for the one that it had. One operation
    /// (`TransactWriteItems`), for 32 players of as many parties too.
    ///
    /// Of any number who claim, change or remove one of the tickets, one does; so a ticket is in one match at most. A
    /// party's lobby must still be the one that has the ticket; it is not read, as whoever changes its members takes the
    /// ticket out.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn claim(
        &self,
        of: &Match,
        lobby: &Lobby,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let mut transaction = Transaction::new(self.store);
        transaction.open_lobby(lobby, now);
        transaction.use_up(of);
        transaction.seat_matched(of, lobby, lobby.seated(), now);
        transaction.save().await
    }

    /// Fills the empty seats of a lobby that was read as `before` with the players of a match, like [`claim`](Self::claim).
    /// One operation (`TransactWriteItems`).
    ///
    /// Of any number who save what they made of the same `before`, one does; of any number who claim, change or remove one
    /// of the tickets, one does.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn fill(
        &self,
        before: &Lobby,
        after: &Lobby,
        of: &Match,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let mut changes = Changes::between(before, Some(after), now);
        let newcomers = std::mem::take(&mut changes.taken);
        let used = of.backfill.as_ref().map(Ticket::reference);
        // Taken out as it was read, with the others.
        changes.withdrawn = changes
            .withdrawn
            .filter(|gone| Some(*gone) != used.as_ref());
        let mut transaction = Transaction::new(self.store);
        transaction.change_lobby(before, Some(after), &changes, now);
        transaction.use_up(of);
        transaction.seat_matched(of, after, newcomers.into_iter(), now);
        transaction.save().await
    }

    /// Takes back a match whose lobby is as it was created: deletes the lobby, and puts tickets of players who had waited
    /// by themselves back into their queue, as they are given here, with the seats for them. Every other player of the
    /// lobby loses its seat. One operation (`TransactWriteItems`).
    ///
    /// Of this and any change of the lobby, one is done. The tickets' versions must be higher than they ever were. A
    /// party's ticket cannot come back, as its lobby is gone.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; it may have been written or not, but never in part.
    pub async fn undo(
        &self,
        lobby: &Lobby,
        back: &[Ticket],
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let tickets = by_player(back);
        let mut changes = Changes::between(lobby, None, now);
        // A battle of a match that never was has not ended either.
        changes.settled = None;
        changes
            .freed
            .retain(|player| !tickets.contains_key(*player));
        let mut transaction = Transaction::new(self.store);
        transaction.change_lobby(lobby, None, &changes, now);
        for ticket in back {
            transaction.open_ticket(ticket, now);
            for contact in &ticket.players {
                transaction.seat_back(lobby, contact, &ticket.reference(), now);
            }
        }
        transaction.save().await
    }
}

impl Transaction<'_> {
    /// Takes a match's tickets out of their queue, and with a party's its lobby.
    fn use_up(&mut self, of: &Match) {
        for ticket in of.tickets() {
            self.close_ticket(ticket);
            match &ticket.owner {
                Owner::Party { lobby_id, era } => {
                    let own = Some(Condition::lobby_with(era, &ticket.ticket_id));
                    let key = keys::lobby(lobby_id);
                    self.delete(&self.tables().lobbies, key, Subject::Record, own);
                }
                Owner::Player | Owner::Backfill { .. } => {}
            }
        }
    }

    /// Gives players their seats in a match's lobby.
    fn seat_matched<'c>(
        &mut self,
        of: &Match,
        lobby: &Lobby,
        players: impl Iterator<Item = &'c Contact>,
        now: Timestamp,
    ) {
        let tickets = by_player(of.placed.iter().map(|placed| &placed.ticket));
        for contact in players {
            match tickets.get(&contact.player_id) {
                Some(ticket) => self.seat_instead(lobby, contact, ticket),
                None => self.seat(lobby, contact, now),
            }
        }
    }
}

/// The ticket that each player came by.
fn by_player<'t>(
    tickets: impl IntoIterator<Item = &'t Ticket>,
) -> BTreeMap<&'t PlayerId, &'t Ticket> {
    let players = |ticket: &'t Ticket| {
        let players = ticket.players.iter();
        players.map(move |contact| (&contact.player_id, ticket))
    };
    tickets.into_iter().flat_map(players).collect()
}
