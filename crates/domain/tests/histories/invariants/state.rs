//! Of what is stored.

use std::collections::BTreeSet;

use domain::lobby::Lobby;

use super::ensure;
use crate::deed::Happening;
use crate::world::World;

/// A lobby has at most as many members as seats.
pub(super) fn invariant_no_lobby_is_over_capacity(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    each_lobby(world, |lobby| {
        lobby.members.len() <= lobby.settings.max_players as usize
    })
}

/// A lobby has a host, who is one of its members.
pub(super) fn invariant_every_lobby_has_one_host_and_it_is_a_member(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    each_lobby(world, |lobby| lobby.members.contains_key(&lobby.host))
}

/// No two members of a lobby have the same peer id, or the same place in the order of coming.
pub(super) fn invariant_peer_ids_are_unique(world: &World, _: &Happening) -> Result<(), String> {
    each_lobby(world, |lobby| {
        let members = || lobby.members.values();
        let numbers: BTreeSet<_> = members().map(|member| member.peer_id).collect();
        let places: BTreeSet<_> = members().map(|member| member.arrival).collect();
        numbers.len() == lobby.members.len() && places.len() == lobby.members.len()
    })
}

/// Whoever is in does not wait.
pub(super) fn invariant_nobody_is_both_member_and_waiting(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    each_lobby(world, |lobby| {
        let mut waiting = lobby.requests.keys();
        waiting.all(|player_id| !lobby.members.contains_key(player_id))
    })
}

/// Whoever is banned is neither in nor waits.
pub(super) fn invariant_nobody_banned_is_in_or_waits(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    each_lobby(world, |lobby| {
        let mut seated = lobby.seated();
        seated.all(|contact| !lobby.bans.contains(&contact.player_id))
    })
}

/// Whoever is reached is in one lobby at most, or waits for it: there are just as many seats as lobbies say there are.
pub(super) fn invariant_nobody_is_in_two_lobbies(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    let mut taken = Vec::new();
    for lobby in world.store.lobbies(world.now) {
        let seated = lobby.seated();
        let seated = seated.filter(|contact| contact.expires_at > world.now);
        taken.extend(seated.map(|contact| (&contact.player_id, &lobby.lobby_id)));
    }
    taken.sort();
    let seats: Vec<_> = world.store.seats(world.now).collect();
    ensure(seats == taken, || {
        format!("the seats are {seats:?}, the lobbies say {taken:?}")
    })
}

fn each_lobby(world: &World, holds: impl Fn(&Lobby) -> bool) -> Result<(), String> {
    let mut lobbies = world.store.lobbies(world.now);
    let broken = lobbies.find(|lobby| !holds(lobby));
    broken.map_or(Ok(()), |lobby| Err(format!("{lobby:?}")))
}
