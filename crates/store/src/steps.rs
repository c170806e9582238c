//! What transactions are made of: each item with the condition that makes writing it right.

use domain::Timestamp;
use domain::battle::Settlement;
use domain::lobby::{Contact, Lobby};
use domain::matchmaking::{Owner, Ticket, TicketRef};

use crate::changes::Changes;
use crate::items::{self, LobbyItem, ResultItem, SeatItem, TicketItem};
use crate::keys::{self, Condition};
use crate::write::{Subject, Transaction};

impl Transaction<'_> {
    /// Writes a lobby where there is none of its id.
    pub(crate) fn open_lobby(&mut self, lobby: &Lobby, now: Timestamp) {
        let item = items::write(LobbyItem::from(lobby));
        let free = Condition::free(now);
        self.put(&self.tables().lobbies, item, Subject::Record, Some(free));
    }

    /// Writes what became of a lobby, and of what hangs on it.
    pub(crate) fn change_lobby(
        &mut self,
        before: &Lobby,
        after: Option<&Lobby>,
        changes: &Changes<'_>,
        now: Timestamp,
    ) {
        let tables = self.tables();
        let as_read = Some(Condition::as_read(&before.era, before.version));
        if let Some(after) = after {
            let item = items::write(LobbyItem::from(after));
            self.put(&tables.lobbies, item, Subject::Record, as_read);
            self.give_seats(after, changes, now);
        } else {
            let key = keys::lobby(&before.lobby_id);
            self.delete(&tables.lobbies, key, Subject::Record, as_read);
        }
        for player_id in &changes.freed {
            let key = keys::player(player_id, keys::SEAT);
            let own = Some(Condition::seat_of(&before.era));
            self.delete(&tables.players, key, Subject::Record, own);
        }
        if let Some(ticket) = changes.withdrawn {
            // Whatever a tick has made of it in the meantime: it is the lobby's, and the lobby is as it was read.
            let key = keys::ticket(&ticket.queue, &ticket.ticket_id);
            self.delete(&tables.tickets, key, Subject::Record, None);
        }
        if let Some(settlement) = &changes.settled {
            self.write_results(settlement);
        }
    }

    /// Gives a seat in a lobby to a player who has none, and must still be connected.
    pub(crate) fn seat(&mut self, lobby: &Lobby, contact: &Contact, now: Timestamp) {
        self.put_seat(SeatItem::in_lobby(lobby, contact), Condition::free(now));
        self.check_connected(contact, now);
    }

    /// Gives a seat in a lobby to a player for the place that its ticket stands for: connected or away, as the
    /// ticket says, for what becomes of a connection changes the ticket.
    pub(crate) fn seat_instead(&mut self, lobby: &Lobby, contact: &Contact, ticket: &Ticket) {
        let own = match &ticket.owner {
            Owner::Player => Condition::seat_by(&ticket.ticket_id),
            Owner::Party { era, .. } | Owner::Backfill { era, .. } => Condition::seat_in(era),
        };
        self.put_seat(SeatItem::in_lobby(lobby, contact), own);
    }

    /// Gives a player's seat in a lobby for one in a queue.
    pub(crate) fn seat_back(
        &mut self,
        lobby: &Lobby,
        contact: &Contact,
        ticket: &TicketRef,
        now: Timestamp,
    ) {
        let own = Condition::seat_of_or_free(&lobby.era, now);
        self.put_seat(SeatItem::by_ticket(ticket, contact), own);
    }

    /// Gives a seat in a queue to a player who has none, and must still be connected.
    pub(crate) fn seat_in_queue(&mut self, ticket: &TicketRef, contact: &Contact, now: Timestamp) {
        self.put_seat(SeatItem::by_ticket(ticket, contact), Condition::free(now));
        self.check_connected(contact, now);
    }

    /// Gives a player who waits by a ticket its seat anew, as it is reached otherwise now: away, or where it must still be
    /// connected.
    pub(crate) fn seat_still_in_queue(
        &mut self,
        ticket: &TicketRef,
        contact: &Contact,
        now: Timestamp,
    ) {
        let own = Condition::seat_by(&ticket.ticket_id);
        self.put_seat(SeatItem::by_ticket(ticket, contact), own);
        self.check_here(contact, now);
    }

    /// Takes a player's seat in a queue from it, if it has it still. One that has expired counts as free already.
    pub(crate) fn leave_queue(&mut self, ticket: &TicketRef, contact: &Contact, now: Timestamp) {
        if contact.expires_at > now {
            let key = keys::player(&contact.player_id, keys::SEAT);
            let own = Some(Condition::seat_by_or_none(&ticket.ticket_id));
            self.delete(&self.tables().players, key, Subject::Record, own);
        }
    }

    /// Puts a new ticket into its queue.
    pub(crate) fn open_ticket(&mut self, ticket: &Ticket, now: Timestamp) {
        let item = items::write(TicketItem::from(ticket));
        let free = Condition::free(now);
        self.put(&self.tables().tickets, item, Subject::Record, Some(free));
    }

    /// Changes a ticket that is as it was read.
    pub(crate) fn change_ticket(&mut self, before: &Ticket, after: &Ticket) {
        let item = items::write(TicketItem::from(after));
        let as_read = Condition::of_version(before.version);
        self.put(&self.tables().tickets, item, Subject::Record, Some(as_read));
    }

    /// Takes a ticket that is as it was read out of its queue.
    pub(crate) fn close_ticket(&mut self, ticket: &Ticket) {
        let key = keys::ticket(&ticket.queue, &ticket.ticket_id);
        let as_read = Condition::of_version(ticket.version);
        self.delete(&self.tables().tickets, key, Subject::Record, Some(as_read));
    }

    /// Gives seats to those who come in, and those who are reached otherwise now a seat that ends when their connection does.
    fn give_seats(&mut self, lobby: &Lobby, changes: &Changes<'_>, now: Timestamp) {
        for contact in &changes.taken {
            self.seat(lobby, contact, now);
        }
        for contact in &changes.renewed {
            let own = Condition::seat_of_or_free(&lobby.era, now);
            self.put_seat(SeatItem::in_lobby(lobby, contact), own);
            self.check_here(contact, now);
        }
    }

    /// Writes down how a battle has ended, for each of its players.
    fn write_results(&mut self, settlement: &Settlement) {
        for player in &settlement.players {
            let item = items::write(ResultItem::new(settlement, &player.player_id));
            // The same whoever writes it: it is decided by the lobby, which is written once.
            self.put(&self.tables().results, item, Subject::Record, None);
        }
    }

    fn put_seat(&mut self, seat: SeatItem, condition: Condition) {
        let table = &self.tables().players;
        self.put(table, items::write(seat), Subject::Seat, Some(condition));
    }

    /// Demands that a player who is said to be here is: whoever comes back as the connection ends would be here for ever.
    fn check_here(&mut self, contact: &Contact, now: Timestamp) {
        if !contact.away {
            self.check_connected(contact, now);
        }
    }

    /// Demands that a player is still connected: its connection may by now be another's, who was taken up on it.
    fn check_connected(&mut self, contact: &Contact, now: Timestamp) {
        let key = keys::connection(&contact.connection_id);
        let open = Condition::open_by(&contact.player_id, now);
        self.check(&self.tables().connections, key, Subject::Connection, open);
    }
}
