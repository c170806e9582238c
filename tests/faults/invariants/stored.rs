//! What must hold of the tables after every write: each is a transaction, so there is no moment in between.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::lobby::{Contact, Lobby};
use domain::matchmaking::{Owner, Ticket, TicketRef};
use ids::{PlayerId, TicketId};
use store::{Contents, Place, Seat};

type Held = Result<(), String>;

/// What has not expired.
struct Live<'a> {
    lobbies: Vec<&'a Lobby>,
    tickets: BTreeMap<&'a TicketId, &'a Ticket>,
    seats: BTreeMap<&'a PlayerId, &'a Seat>,
    contents: &'a Contents,
    now: Timestamp,
}

/// Every invariant of the tables, by its name, and whether it holds.
pub(super) fn all(contents: &Contents, now: Timestamp) -> [(&'static str, Held); 8] {
    let live = Live::of(contents, now);
    [
        (
            "no_lobby_is_over_capacity",
            live.no_lobby_is_over_capacity(),
        ),
        ("a_lobby_has_one_host", live.a_lobby_has_one_host()),
        ("nobody_is_in_two_places", live.nobody_is_in_two_places()),
        ("seats_say_where_players_are", live.seats_agree()),
        (
            "lobbies_and_tickets_agree",
            live.lobbies_and_tickets_agree(),
        ),
        ("a_ticket_is_in_one_match", live.a_ticket_is_in_one_match()),
        ("who_plays_is_a_member", live.who_plays_is_a_member()),
        (
            "a_battle_has_one_result_for_each",
            live.one_result_for_each(),
        ),
    ]
}

fn ensure(holds: bool, how: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { Err(how()) }
}

impl<'a> Live<'a> {
    fn of(contents: &'a Contents, now: Timestamp) -> Self {
        let lobbies = contents.lobbies.iter();
        let tickets = contents.tickets.iter();
        let tickets = tickets.filter(|ticket| {
            let mut players = ticket.players.iter();
            players.any(|player| player.expires_at > now)
        });
        let seats = contents.seats.iter();
        Self {
            lobbies: lobbies.filter(|lobby| lobby.expires_at() > now).collect(),
            tickets: tickets.map(|ticket| (&ticket.ticket_id, ticket)).collect(),
            seats: seats
                .filter(|(_, seat)| seat.expires_at > now)
                .map(|(player, seat)| (player, seat))
                .collect(),
            contents,
            now,
        }
    }

    fn no_lobby_is_over_capacity(&self) -> Held {
        for lobby in &self.lobbies {
            let seats = lobby.members.len();
            let most = usize::try_from(lobby.settings.max_players).unwrap_or(usize::MAX);
            ensure(seats <= most, || format!("{seats} of {most} in {lobby:?}"))?;
        }
        Ok(())
    }

    fn a_lobby_has_one_host(&self) -> Held {
        for lobby in &self.lobbies {
            let is_member = lobby.members.contains_key(&lobby.host);
            ensure(is_member, || format!("nobody is host of {lobby:?}"))?;
            let peers = lobby.members.values().map(|member| member.peer_id);
            let peers: BTreeSet<_> = peers.collect();
            let is_each = peers.len() == lobby.members.len();
            ensure(is_each, || format!("two have one number in {lobby:?}"))?;
        }
        Ok(())
    }

    fn nobody_is_in_two_places(&self) -> Held {
        let mut placed = BTreeSet::new();
        let seated = self.lobbies.iter().flat_map(|lobby| lobby.seated());
        for contact in seated.chain(self.waiting_alone()) {
            let is_new = placed.insert(&contact.player_id);
            ensure(is_new, || format!("{} is in two places", contact.player_id))?;
        }
        Ok(())
    }

    fn waiting_alone(&self) -> impl Iterator<Item = &'a domain::lobby::Contact> {
        let own = self
            .tickets
            .values()
            .filter(|own| own.owner == Owner::Player);
        own.flat_map(|ticket| &ticket.players)
    }

    fn seats_agree(&self) -> Held {
        // Whoever has been away for too long is out with whatever is done to its lobby next.
        let is_in = |contact: &&Contact| contact.expires_at > self.now;
        let mut expected = BTreeMap::new();
        for lobby in &self.lobbies {
            for contact in lobby.seated().filter(is_in) {
                let place = Place::Lobby {
                    lobby_id: lobby.lobby_id.clone(),
                    era: lobby.era.clone(),
                };
                expected.insert(&contact.player_id, place);
            }
        }
        for ticket in self
            .tickets
            .values()
            .filter(|own| own.owner == Owner::Player)
        {
            for contact in ticket.players.iter().filter(is_in) {
                expected.insert(&contact.player_id, Place::Ticket(ticket.reference()));
            }
        }
        for (player, place) in &expected {
            let seat = self.seats.get(player).map(|seat| &seat.place);
            ensure(seat == Some(place), || {
                format!("{player} is at {place:?}, and its seat at {seat:?}")
            })?;
        }
        for (player, seat) in &self.seats {
            let is_there = expected.contains_key(player);
            ensure(is_there, || {
                format!("{player} is nowhere, and sits at {seat:?}")
            })?;
        }
        Ok(())
    }

    fn lobbies_and_tickets_agree(&self) -> Held {
        // A lobby whose members have all been away for too long takes its ticket out when its alarm rings.
        let expired_too = self.contents.lobbies.iter();
        let in_queue: BTreeMap<TicketRef, _> = expired_too
            .filter_map(|lobby| Some((lobby.ticket.clone()?, &lobby.era)))
            .collect();
        for ticket in self.tickets.values() {
            let (Owner::Party { era, .. } | Owner::Backfill { era, .. }) = &ticket.owner else {
                continue;
            };
            let lobby = in_queue.get(&ticket.reference());
            ensure(lobby == Some(&era), || format!("no lobby has {ticket:?}"))?;
        }
        for reference in self
            .lobbies
            .iter()
            .filter_map(|lobby| lobby.ticket.as_ref())
        {
            let is_there = self.tickets.contains_key(&reference.ticket_id);
            ensure(is_there, || format!("a lobby has no ticket {reference:?}"))?;
        }
        Ok(())
    }

    fn a_ticket_is_in_one_match(&self) -> Held {
        let mut matched = BTreeSet::new();
        for lobby in &self.lobbies {
            let tickets = lobby.origin.iter().flat_map(|origin| &origin.tickets);
            for placed in tickets {
                let ticket_id = &placed.ticket.ticket_id;
                let is_new = matched.insert(ticket_id);
                ensure(is_new, || format!("{ticket_id:?} is in two matches"))?;
                let waits = self.tickets.contains_key(ticket_id);
                ensure(!waits, || format!("{ticket_id:?} waits and is matched"))?;
            }
        }
        Ok(())
    }

    fn who_plays_is_a_member(&self) -> Held {
        for lobby in &self.lobbies {
            let Some(battle) = lobby.battle.as_ref().filter(|one| one.is_running()) else {
                continue;
            };
            for player in [&battle.players.first, &battle.players.second] {
                let player = &player.player_id;
                let is_there = lobby.members.contains_key(player);
                ensure(is_there, || {
                    format!("{player} plays, and is not in {lobby:?}")
                })?;
            }
        }
        Ok(())
    }

    fn one_result_for_each(&self) -> Held {
        let mut results = BTreeMap::new();
        let mut told = BTreeMap::new();
        for (player, settlement) in &self.contents.results {
            let of = (player, &settlement.battle_id);
            let is_new = results.insert(of, settlement).is_none();
            ensure(is_new, || {
                format!("{player} has two results of {settlement:?}")
            })?;
            let first = told.entry(&settlement.battle_id).or_insert(settlement);
            ensure(*first == settlement, || {
                format!("{first:?} is settled otherwise for {player}: {settlement:?}")
            })?;
        }
        for settlement in told.values() {
            for player in &settlement.players {
                let has = results.contains_key(&(&player.player_id, &settlement.battle_id));
                ensure(has, || {
                    format!("{} has no result of {settlement:?}", player.player_id)
                })?;
            }
        }
        Ok(())
    }
}
