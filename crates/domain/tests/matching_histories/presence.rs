//! What becomes of those who lose their connection, and of those who come back.

use domain::lobby::Contact;
use domain::matchmaking::{Ending, Owner, Ticket};

use crate::store::Room;
use crate::world::{GRACE, World};

impl World {
    /// A connection is gone. Whoever waits or is in a lobby by it is away from then on.
    pub(crate) fn lose(&mut self, gone: &Contact) {
        let until = self.now + GRACE;
        let Some(room) = self.store.room_of(&gone.player_id).cloned() else {
            let ticket = self.store.ticket_of(&gone.player_id).cloned();
            let lost = ticket
                .as_ref()
                .and_then(|ticket| ticket.lost(&gone.connection_id, until));
            self.save_if_changed(ticket.as_ref(), lost.as_ref());
            return;
        };
        let is_lost = |by: &Contact| by.connection_id == gone.connection_id && !by.away;
        let mut members = room.members.clone();
        let Some(member) = members.iter_mut().find(|by| is_lost(by)) else {
            return;
        };
        *member = member.clone().lost(until);
        self.met.insert("AwayFromALobby".to_owned());
        // A match goes on looking for others meanwhile; a party is not complete.
        let ticket = room.ticket.clone().filter(|_| room.origin.is_some());
        self.change_room(&room, members, ticket, Ending::PartyChanged);
    }

    /// Somebody is back, where it waited or was.
    pub(crate) fn come_back(&mut self, by: &Contact) {
        let ticket = self.store.ticket_of(&by.player_id).cloned();
        let resumed = ticket.as_ref().and_then(|ticket| ticket.resumed(by));
        if ticket.as_ref().is_some_and(Ticket::is_away) {
            self.met.insert("BackInAQueue".to_owned());
        }
        self.save_if_changed(ticket.as_ref(), resumed.as_ref());
        let Some(room) = self.store.room_of(&by.player_id).cloned() else {
            return;
        };
        let mut members = room.members.clone();
        let own = members
            .iter_mut()
            .filter(|member| member.player_id == by.player_id);
        own.for_each(|member| member.clone_from(by));
        let ticket = room.ticket.clone();
        self.change_room(&room, members, ticket, Ending::PartyChanged);
    }

    /// Whoever has been away from its lobby for too long is out: a timer of the lobby's says so.
    pub(crate) fn end_absences(&mut self) {
        let members = self
            .store
            .rooms
            .values()
            .flat_map(|room: &Room| &room.members);
        let over = members.filter(|by| by.away && by.expires_at <= self.now);
        let over: Vec<_> = over.cloned().collect();
        for by in over {
            self.leave(&by, Ending::Disconnected);
        }
    }

    fn save_if_changed(&mut self, before: Option<&Ticket>, after: Option<&Ticket>) {
        let (Some(before), Some(after)) = (before, after) else {
            return;
        };
        if after.is_away() && after.owner == Owner::Player {
            self.met.insert("AwayFromAQueue".to_owned());
        }
        let saved = self.store.save(before, after);
        saved.expect("nothing happens in between");
        self.tick();
    }
}
