//! A model of the store: each write is done as a whole, if everything is as it was read, or not at all.

use std::collections::BTreeMap;

use domain::lobby::Contact;
use domain::matchmaking::{Match, Owner, Placed, Pool, Ticket};
use ids::{LobbyId, MatchId, PlayerId, TicketId};

/// What is stored.
#[derive(Default)]
pub(crate) struct Store {
    /// Who waits.
    pub(crate) tickets: BTreeMap<TicketId, Ticket>,
    /// Where each player is.
    pub(crate) seats: BTreeMap<PlayerId, Place>,
    /// The lobbies.
    pub(crate) rooms: BTreeMap<LobbyId, Room>,
    /// What the queue has done lately.
    pub(crate) pool: Pool,
}

/// Where a player is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a queue, by a ticket of its own.
    Ticket(TicketId),
    /// In a lobby.
    Room(LobbyId),
}

/// As much of a lobby as matters here. The first member is the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Its id, which never comes back.
    pub(crate) lobby_id: LobbyId,
    /// Goes up with each change.
    pub(crate) version: u64,
    /// Who is in.
    pub(crate) members: Vec<Contact>,
    /// The ticket that it has in the queue.
    pub(crate) ticket: Option<TicketId>,
    /// The match that it is, and the tickets that it was made of.
    pub(crate) origin: Option<(MatchId, Vec<Placed>)>,
}

/// A write whose condition did not hold.
#[derive(Debug)]
pub(crate) struct Overtaken;

type Written = Result<(), Overtaken>;

impl Store {
    /// A player takes its place in the queue, if it has none anywhere.
    pub(crate) fn join(&mut self, ticket: &Ticket) -> Written {
        let player_id = &ticket.players[0].player_id;
        hold(!self.seats.contains_key(player_id))?;
        self.seat_at_ticket(ticket);
        Ok(())
    }

    /// A ticket is changed.
    pub(crate) fn save(&mut self, before: &Ticket, after: &Ticket) -> Written {
        self.change(&[(before.clone(), after.clone())])
    }

    /// Several are, all or none.
    pub(crate) fn change(&mut self, tickets: &[(Ticket, Ticket)]) -> Written {
        hold(tickets.iter().all(|(before, _)| self.is_as_read(before)))?;
        for (_, after) in tickets {
            self.tickets.insert(after.ticket_id.clone(), after.clone());
        }
        Ok(())
    }

    /// A player's own ticket is taken out.
    pub(crate) fn remove(&mut self, ticket: &Ticket) -> Written {
        hold(self.is_as_read(ticket))?;
        self.tickets.remove(&ticket.ticket_id);
        self.free(&Place::Ticket(ticket.ticket_id.clone()));
        Ok(())
    }

    /// A lobby opens, or is changed, if it is as it was read; `ticket` is one that it has now and had not. A ticket that it
    /// had and has not goes.
    pub(crate) fn save_room(
        &mut self,
        before: Option<&Room>,
        after: &Room,
        ticket: Option<&Ticket>,
    ) -> Written {
        self.is_room_as_read(before, after)?;
        let place = Place::Room(after.lobby_id.clone());
        let members = || after.members.iter().map(|member| &member.player_id);
        hold(
            members().all(|player_id| self.seats.get(player_id).is_none_or(|seat| *seat == place)),
        )?;
        if let Some(gone) = before.and_then(|before| before.ticket.as_ref())
            && after.ticket.as_ref() != Some(gone)
        {
            self.tickets.remove(gone);
        }
        self.put_room(after);
        let ticket = ticket.into_iter();
        self.tickets
            .extend(ticket.map(|ticket| (ticket.ticket_id.clone(), ticket.clone())));
        Ok(())
    }

    /// A match is made: a lobby opens or is filled, the tickets go, the lobbies of parties with them.
    pub(crate) fn claim(&mut self, of: &Match, before: Option<&Room>, after: &Room) -> Written {
        self.is_room_as_read(before, after)?;
        hold(of.tickets().all(|ticket| self.is_as_read(ticket)))?;
        for ticket in of.placed.iter().map(|placed| &placed.ticket) {
            let place = self.place_of(ticket);
            let mut players = ticket.players.iter();
            hold(players.all(|player| self.seats.get(&player.player_id) == place.as_ref()))?;
        }
        for ticket in of.tickets() {
            let place = self.place_of(ticket).filter(|_| !ticket.is_backfill());
            if let Some(place) = place {
                self.free(&place);
            }
            match &ticket.owner {
                Owner::Party { lobby_id, .. } => drop(self.rooms.remove(lobby_id)),
                Owner::Player | Owner::Backfill { .. } => {}
            }
            self.tickets.remove(&ticket.ticket_id);
        }
        self.put_room(after);
        Ok(())
    }

    /// A match is taken back, if its lobby is as it was created; these tickets wait again.
    pub(crate) fn undo(&mut self, room: &Room, back: &[Ticket]) -> Written {
        hold(self.rooms.get(&room.lobby_id) == Some(room))?;
        self.rooms.remove(&room.lobby_id);
        self.free(&Place::Room(room.lobby_id.clone()));
        for ticket in back {
            self.seat_at_ticket(ticket);
        }
        Ok(())
    }

    /// The ticket of a player or of its lobby.
    pub(crate) fn ticket_of(&self, player_id: &PlayerId) -> Option<&Ticket> {
        let ticket_id = match self.seats.get(player_id)? {
            Place::Ticket(ticket_id) => ticket_id,
            Place::Room(lobby_id) => self.rooms.get(lobby_id)?.ticket.as_ref()?,
        };
        self.tickets.get(ticket_id)
    }

    /// The lobby of a player.
    pub(crate) fn room_of(&self, player_id: &PlayerId) -> Option<&Room> {
        match self.seats.get(player_id)? {
            Place::Ticket(_) => None,
            Place::Room(lobby_id) => self.rooms.get(lobby_id),
        }
    }

    /// Everybody who is away, from its queue or its lobby.
    pub(crate) fn away(&self) -> Vec<Contact> {
        let waiting = self.tickets.values().flat_map(|ticket| &ticket.players);
        let members = self.rooms.values().flat_map(|room| &room.members);
        let away = waiting.chain(members).filter(|contact| contact.away);
        away.cloned().collect()
    }

    /// All tickets.
    pub(crate) fn read(&self) -> Vec<Ticket> {
        self.tickets.values().cloned().collect()
    }

    fn is_as_read(&self, ticket: &Ticket) -> bool {
        let stored = self.tickets.get(&ticket.ticket_id);
        stored.is_some_and(|stored| stored.version == ticket.version)
    }

    fn is_room_as_read(&self, before: Option<&Room>, after: &Room) -> Written {
        let stored = self.rooms.get(&after.lobby_id).map(|room| room.version);
        hold(stored == before.map(|before| before.version))
    }

    fn place_of(&self, ticket: &Ticket) -> Option<Place> {
        match &ticket.owner {
            Owner::Player => Some(Place::Ticket(ticket.ticket_id.clone())),
            Owner::Party { lobby_id, .. } | Owner::Backfill { lobby_id, .. } => {
                let room = self.rooms.get(lobby_id)?;
                let is_its = room.ticket.as_ref() == Some(&ticket.ticket_id);
                is_its.then(|| Place::Room(lobby_id.clone()))
            }
        }
    }

    fn seat_at_ticket(&mut self, ticket: &Ticket) {
        let ticket_id = ticket.ticket_id.clone();
        for player in &ticket.players {
            let place = Place::Ticket(ticket_id.clone());
            self.seats.insert(player.player_id.clone(), place);
        }
        self.tickets.insert(ticket_id, ticket.clone());
    }

    fn put_room(&mut self, room: &Room) {
        let place = Place::Room(room.lobby_id.clone());
        self.free(&place);
        if room.members.is_empty() {
            self.rooms.remove(&room.lobby_id);
            return;
        }
        for member in &room.members {
            self.seats.insert(member.player_id.clone(), place.clone());
        }
        self.rooms.insert(room.lobby_id.clone(), room.clone());
    }

    fn free(&mut self, place: &Place) {
        self.seats.retain(|_, seat| seat != place);
    }
}

fn hold(condition: bool) -> Written {
    if condition { Ok(()) } else { Err(Overtaken) }
}
