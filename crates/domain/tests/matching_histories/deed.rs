//! What reaches the service from players, and what the functions make of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::lobby::Contact;
use domain::matchmaking::{Attribute, Ending, Owner, State, Ticket};
use ids::{LobbyEra, MatchId, TicketId};

use crate::store::{Place, Room};
use crate::wishes::Says;
use crate::world::{Fate, Step, World};

/// Something that reaches the service.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// A player asks to be matched.
    Join { by: Contact, says: Says },
    /// A host does for its lobby: as a party, or for its empty seats.
    Enqueue { by: Contact, says: Says },
    /// A player takes its ticket out, or leaves its lobby.
    Leave { by: Contact },
    /// A player accepts a match.
    Accept { by: Contact, match_id: MatchId },
    /// A player declines one.
    Decline { by: Contact, match_id: MatchId },
    /// The platform says that a connection is gone.
    Farewell { gone: Contact },
    /// Somebody says hello from a new connection, as the one it was before.
    Return { by: Contact },
}

impl World {
    /// Does it, and sends a tick where a ticket was written.
    pub(crate) fn serve(&mut self, deed: &Deed) {
        match deed {
            Deed::Join { by, says } => self.join(by, *says),
            Deed::Enqueue { by, says } => self.enqueue(by, *says),
            Deed::Leave { by } => self.leave(by, Ending::Left),
            Deed::Accept { by, match_id } => self.accept(by, match_id),
            Deed::Decline { by, match_id } => {
                let ticket = self.store.ticket_of(&by.player_id);
                let proposal = ticket.and_then(Ticket::proposal);
                if proposal.is_some_and(|proposal| proposal.match_id == *match_id) {
                    self.withdraw(by, Ending::Declined);
                }
            }
            Deed::Farewell { gone } => {
                self.lose(gone);
                self.forgotten.insert(gone.connection_id.clone());
            }
            // Nobody says hello from a connection that it has no more.
            Deed::Return { by } if self.cast.is_reached(by, self.now) => self.come_back(by),
            Deed::Return { .. } => {}
        }
    }

    /// Some who are nowhere open a lobby together.
    pub(crate) fn gather(&mut self, first: usize, size: usize) {
        let contacts = (first..first + size).map(|number| self.cast.connected(number, self.now));
        let members: BTreeMap<_, _> = contacts.map(|by| (by.player_id.clone(), by)).collect();
        let members: Vec<_> = members
            .into_values()
            .filter(|by| !self.store.seats.contains_key(&by.player_id))
            .collect();
        if members.is_empty() {
            return;
        }
        let room = Room {
            lobby_id: self.fresh_lobby(),
            version: 1,
            members,
            ticket: None,
            origin: None,
        };
        self.note(&format!("{room:?}"));
        let opened = self.store.save_room(None, &room, None);
        opened.expect("nobody of them is anywhere");
    }

    fn join(&mut self, by: &Contact, says: Says) {
        if self.forgotten.contains(&by.connection_id) || by.expires_at <= self.now {
            return;
        }
        let ticket = self.ticket(Owner::Player, vec![by.clone()], says);
        match self.store.join(&ticket) {
            Ok(()) => self.begins(ticket),
            // Whoever asks again may have heard nothing of its ticket, and no tick may have been sent for it.
            Err(_) => self.tick(),
        }
    }

    fn enqueue(&mut self, by: &Contact, says: Says) {
        let Some(room) = self.store.room_of(&by.player_id).cloned() else {
            return;
        };
        let players = room.members.clone();
        let (lobby_id, era) = (room.lobby_id.clone(), era());
        let owner = match &room.origin {
            None if players.iter().any(|player| player.away) => return,
            None if self.queue.fits(players.len()) => Owner::Party { lobby_id, era },
            Some((_, present)) if players.len() < self.queue.most_players() as usize => {
                let present = present.clone();
                Owner::Backfill {
                    lobby_id,
                    era,
                    present,
                    banned: BTreeSet::new(),
                }
            }
            None | Some(_) => return,
        };
        if players[0].player_id != by.player_id || room.ticket.is_some() {
            self.tick();
            return;
        }
        let ticket = self.ticket(owner, players, says);
        let after = Room {
            version: room.version + 1,
            ticket: Some(ticket.ticket_id.clone()),
            ..room.clone()
        };
        let saved = self.store.save_room(Some(&room), &after, Some(&ticket));
        saved.expect("nothing happens in between");
        self.begins(ticket);
    }

    fn ticket(&mut self, owner: Owner, players: Vec<Contact>, says: Says) -> Ticket {
        let blocked = says.blocked.map(|number| format!("p{}", number % 24));
        let blocked: BTreeSet<_> = blocked.into_iter().collect();
        let number = self.fresh();
        Ticket {
            ticket_id: TicketId::parse(format!("t{number:0>5}")).expect("a ticket id"),
            queue: self.queue.name.clone(),
            owner,
            players,
            attributes: BTreeMap::from([
                ("skill".to_owned(), Attribute::Number(says.skill.into())),
                ("blocked".to_owned(), Attribute::Texts(blocked)),
            ]),
            created_at: self.now,
            version: 1,
            state: State::Waiting,
        }
    }

    fn begins(&mut self, ticket: Ticket) {
        let fate = Fate {
            first: ticket.clone(),
            steps: Vec::new(),
        };
        self.fates.insert(ticket.ticket_id, fate);
        self.tick();
    }

    fn accept(&mut self, by: &Contact, match_id: &MatchId) {
        let ticket = self.store.ticket_of(&by.player_id).cloned();
        let accepted = ticket
            .as_ref()
            .and_then(|ticket| ticket.accepted(match_id, &by.player_id));
        let Some((before, after)) = ticket.zip(accepted) else {
            return;
        };
        if before != after {
            let saved = self.store.save(&before, &after);
            saved.expect("nothing happens in between");
        }
        self.tick();
    }

    /// Takes a player's ticket out, or its lobby's.
    fn withdraw(&mut self, by: &Contact, why: Ending) {
        match self.store.seats.get(&by.player_id).cloned() {
            None => {}
            Some(Place::Ticket(ticket_id)) => {
                let ticket = self.store.tickets.get(&ticket_id).cloned();
                let ticket = ticket.expect("a seat is beside a ticket");
                self.store
                    .remove(&ticket)
                    .expect("nothing happens in between");
                self.ended(&ticket_id, why);
                self.tick();
            }
            Some(Place::Room(lobby_id)) => {
                let room = self.store.rooms[&lobby_id].clone();
                let members = room.members.clone();
                self.change_room(&room, members, None, why);
            }
        }
    }

    /// Leaves whatever it is in.
    pub(crate) fn leave(&mut self, by: &Contact, why: Ending) {
        let room = self.store.room_of(&by.player_id).cloned();
        let Some(room) = room else {
            self.withdraw(by, why);
            return;
        };
        let mut members = room.members.clone();
        members.retain(|member| member.player_id != by.player_id);
        let is_host_same = members.first() == room.members.first();
        // A match goes on looking for others while its host is there; a party is another one.
        let ticket = room.ticket.clone();
        let ticket = ticket.filter(|_| room.origin.is_some() && is_host_same);
        self.change_room(&room, members, ticket, Ending::PartyChanged);
    }

    /// A lobby is another now. A ticket that it has no longer is out.
    pub(crate) fn change_room(
        &mut self,
        room: &Room,
        members: Vec<Contact>,
        ticket: Option<TicketId>,
        why: Ending,
    ) {
        let after = Room {
            version: room.version + 1,
            members,
            ticket,
            ..room.clone()
        };
        let saved = self.store.save_room(Some(room), &after, None);
        saved.expect("nothing happens in between");
        if let Some(gone) = &room.ticket
            && after.ticket.is_none()
        {
            self.ended(gone, why);
            self.tick();
        }
    }

    /// A ticket is out.
    pub(crate) fn ended(&mut self, ticket_id: &TicketId, why: Ending) {
        self.met.insert(format!("{why:?}"));
        self.happened_to(ticket_id, Step::Ended(why));
    }

    /// Something has happened to a ticket.
    pub(crate) fn happened_to(&mut self, ticket_id: &TicketId, step: Step) {
        let fate = self.fates.get_mut(ticket_id);
        fate.expect("every ticket has begun").steps.push(step);
    }
}

fn era() -> LobbyEra {
    LobbyEra::parse("era").expect("an era")
}
