//! Of what is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::Timestamp;
use domain::matchmaking::{Placed, Ticket};
use ids::PlayerId;

use super::ensure;
use crate::store::{Place, Room};
use crate::world::{Fate, Step, World};

/// Nobody is a member of two lobbies, and no ticket in two matches that were not taken back.
pub(super) fn invariant_nobody_is_in_two_matches(world: &World) -> Result<(), String> {
    let mut members = BTreeSet::new();
    for room in world.store.rooms.values() {
        for member in &room.members {
            let is_new = members.insert(&member.player_id);
            ensure(is_new, || {
                format!("{:?} is in {room:?} and another", member.player_id)
            })?;
        }
    }
    for (ticket_id, fate) in &world.fates {
        ensure(matches(fate) <= 1, || {
            format!("{ticket_id:?}: {:?}", fate.steps)
        })?;
    }
    Ok(())
}

/// In how many matches a ticket is.
fn matches(fate: &Fate) -> usize {
    let count = |which: fn(&Step) -> bool| fate.steps.iter().filter(|step| which(step)).count();
    let made = count(|step| matches!(step, Step::Matched(_)));
    made - count(|step| *step == Step::TakenBack).min(made)
}

/// Every seat is in a lobby that has its player, or by a ticket of its own; everybody has one.
pub(super) fn invariant_everybody_is_where_its_seat_says(world: &World) -> Result<(), String> {
    let mut places: BTreeMap<PlayerId, Place> = BTreeMap::new();
    for room in world.store.rooms.values() {
        let members = room.members.iter();
        places.extend(
            members.map(|member| (member.player_id.clone(), Place::Room(room.lobby_id.clone()))),
        );
        if let Some(ticket_id) = &room.ticket {
            let is_there = world.store.tickets.contains_key(ticket_id);
            ensure(is_there, || format!("the ticket of {room:?} is gone"))?;
        }
    }
    for ticket in world.store.tickets.values() {
        if ticket.owner == domain::matchmaking::Owner::Player {
            let place = Place::Ticket(ticket.ticket_id.clone());
            let player_id = ticket.players[0].player_id.clone();
            let other = places.insert(player_id, place);
            ensure(other.is_none(), || format!("{ticket:?} and {other:?}"))?;
        }
    }
    ensure(places == world.store.seats, || {
        format!(
            "the seats are {:?}, and should be {places:?}",
            world.store.seats
        )
    })
}

/// Whatever was put into the queue is there, or its end is known; and not both.
pub(super) fn invariant_no_ticket_is_lost(world: &World) -> Result<(), String> {
    for (ticket_id, fate) in &world.fates {
        let is_over = match fate.steps.last() {
            None | Some(Step::TakenBack) => false,
            Some(Step::Matched(_) | Step::Ended(_)) => true,
        };
        let is_there = world.store.tickets.contains_key(ticket_id);
        ensure(is_there != is_over, || {
            format!("{ticket_id:?} is there: {is_there}, and {:?}", fate.steps)
        })?;
    }
    let unknown = world
        .store
        .tickets
        .keys()
        .find(|ticket_id| !world.fates.contains_key(*ticket_id));
    ensure(unknown.is_none(), || {
        format!("{unknown:?} came from nowhere")
    })
}

/// A ticket waits since it came and for the same players, whatever happens to it and wherever they are reached.
pub(super) fn invariant_nobody_loses_its_place(world: &World) -> Result<(), String> {
    for ticket in world.store.tickets.values() {
        let first = &world.fates[&ticket.ticket_id].first;
        let is_same = ticket.created_at == first.created_at && players(ticket).eq(players(first));
        ensure(is_same, || format!("{ticket:?} was {first:?}"))?;
    }
    Ok(())
}

fn players(ticket: &Ticket) -> impl Iterator<Item = &PlayerId> {
    ticket.players.iter().map(|player| &player.player_id)
}

/// Nobody is in a queue as a member of a party of which somebody is away, and whoever waits by itself is where it came from last.
pub(super) fn invariant_a_party_in_the_queue_is_all_there(world: &World) -> Result<(), String> {
    for room in world.store.rooms.values() {
        let is_party = room.ticket.is_some() && room.origin.is_none();
        let is_away = room.members.iter().any(|member| member.away);
        ensure(!is_party || !is_away, || format!("{room:?}"))?;
        let ticket = room.ticket.as_ref();
        let ticket = ticket.and_then(|ticket_id| world.store.tickets.get(ticket_id));
        let mut of_ticket = ticket.iter().flat_map(|ticket| &ticket.players);
        let is_same = of_ticket.all(|player| room.members.contains(player));
        ensure(!is_party || is_same, || format!("{ticket:?} of {room:?}"))?;
    }
    Ok(())
}

/// No team has more players than it may, and each had its least when the match was made.
pub(super) fn invariant_teams_are_of_the_right_size(world: &World) -> Result<(), String> {
    for room in world.store.rooms.values() {
        let Some((_, placed)) = &room.origin else {
            continue;
        };
        let all = loads(world, placed, |_| true);
        ensure(
            all.iter().all(|load| *load >= world.queue.team_size.min),
            || format!("too few: {room:?}"),
        )?;
        let there = loads(world, placed, |player| has(room, player));
        ensure(
            there.iter().all(|load| *load <= world.queue.team_size.max),
            || format!("too many: {room:?}"),
        )?;
    }
    Ok(())
}

fn loads(world: &World, placed: &[Placed], counts: impl Fn(&PlayerId) -> bool) -> Vec<u32> {
    let mut loads = vec![0; world.queue.teams as usize];
    // Who has left and come back is on the team that it came back to.
    let teams: BTreeMap<_, _> = placed
        .iter()
        .flat_map(|placed| {
            let players = placed.ticket.players.iter();
            players.map(|player| (&player.player_id, placed.team))
        })
        .collect();
    for (_, team) in teams.into_iter().filter(|(player, _)| counts(player)) {
        loads[team.get() as usize - 1] += 1;
    }
    loads
}

fn has(room: &Room, player_id: &PlayerId) -> bool {
    let mut members = room.members.iter();
    members.any(|member| member.player_id == *player_id)
}

/// A match that has just been made has all players of each of its tickets in it.
pub(super) fn invariant_parties_are_whole(world: &World) -> Result<(), String> {
    let made = world.store.rooms.values().filter(|room| room.version == 1);
    for room in made {
        let placed = room.origin.iter().flat_map(|(_, placed)| placed);
        for placed in placed {
            let first = &world.fates[&placed.ticket.ticket_id].first;
            let mut players = first.players.iter();
            ensure(players.all(|player| has(room, &player.player_id)), || {
                format!("{first:?} is not whole in {room:?}")
            })?;
        }
    }
    Ok(())
}

/// Nobody waits who has waited long enough, whose connection has ended or who has been away for too long, and no match waits for
/// answers past its deadline.
pub(super) fn invariant_nobody_is_kept_past_its_time(
    world: &World,
    now: Timestamp,
) -> Result<(), String> {
    let patience = Duration::from_secs(world.queue.give_up_seconds.into());
    // What was put back, or was undone, is looked at again at once: that tick is on its way.
    let is_looked_at = world.ticks > 0;
    for ticket in world.store.tickets.values() {
        let is_over = match ticket.proposal() {
            None => ticket.created_at + patience <= now,
            Some(proposal) => proposal.deadline <= now,
        };
        let is_over = is_over || ticket.has_lost_a_player(now);
        ensure(is_looked_at || !is_over, || format!("{ticket:?}"))?;
    }
    Ok(())
}

/// In the end nobody waits: everybody was matched, or gave up, or left.
pub(super) fn invariant_nobody_is_stuck(world: &World) -> Result<(), String> {
    ensure(world.store.tickets.is_empty(), || {
        format!("{:?}", world.store.tickets.values())
    })
}
