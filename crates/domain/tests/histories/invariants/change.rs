//! Of each change.

use std::collections::BTreeMap;

use domain::lobby::{Action, Contact, JoinPolicy, Lobby, Member, PasswordProof};
use ids::PlayerId;

use super::ensure;
use crate::deed::{Deed, Happening};
use crate::world::World;

/// Somebody's stay in a lobby, from one coming to the next going.
pub(super) type Stay<'a> = (&'a PlayerId, u64);

/// Who is in a lobby, by stay.
pub(super) fn stays(lobby: Option<&Lobby>) -> BTreeMap<Stay<'_>, &Member> {
    let members = lobby.into_iter().flat_map(|lobby| &lobby.members);
    members
        .map(|(player_id, member)| ((player_id, member.arrival), member))
        .collect()
}

/// A version goes up by one with each change, and does not without one. The first is 1.
pub(super) fn invariant_versions_count_changes(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Ok(outcome) = &happening.result else {
        return Ok(());
    };
    let (before, after) = (&happening.before, &outcome.lobby);
    let expected = match (before, after) {
        (_, None) => return Ok(()),
        (None, Some(_)) => 1,
        (Some(before), Some(after)) => {
            let mut unchanged = after.clone();
            unchanged.version = before.version;
            let heard = !outcome.notices.is_empty() && !happening.deed.looks();
            before.version + u64::from(unchanged != *before || heard)
        }
    };
    ensure(
        after.as_ref().map(|after| after.version) == Some(expected),
        || format!("it should be {expected}"),
    )
}

/// The term goes up with each change of host, and never down.
pub(super) fn invariant_terms_count_hosts(_: &World, happening: &Happening) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let holds = if before.host == after.host {
        before.term == after.term
    } else {
        before.term < after.term
    };
    ensure(holds, || format!("from {} to {}", before.term, after.term))
}

/// Where the host has changed, nobody has been there longer than the new one.
pub(super) fn invariant_the_longest_present_is_the_next_host(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let longest = after.members.values().map(|member| member.arrival).min();
    let holds = before.host == after.host || Some(after.host().arrival) == longest;
    ensure(holds, || format!("the host is {:?}", after.host()))
}

/// A lobby keeps its id, its era and its bans; a member its peer id and its connection.
pub(super) fn invariant_what_stays_of_a_lobby_stays(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let name = |lobby: &Lobby| (lobby.lobby_id.clone(), lobby.era.clone(), lobby.created_at);
    ensure(name(before) == name(after), || "its name".to_owned())?;
    ensure(before.bans.is_subset(&after.bans), || "its bans".to_owned())?;
    let stayed = stays(Some(after));
    let mut were = stays(Some(before)).into_iter();
    let same =
        |one: &Member, other: &Member| one.peer_id == other.peer_id && one.contact == other.contact;
    let changed = were.find(|(stay, was)| stayed.get(stay).is_some_and(|is| !same(is, was)));
    ensure(changed.is_none(), || format!("{changed:?}"))
}

/// After a change nobody is in or waits whose connection has ended, unless it has come with this very deed.
pub(super) fn invariant_nobody_whose_connection_has_ended_is_kept(
    world: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let comes = |contact: &Contact| {
        let mut brought = happening.deed.brings().iter();
        let is_brought = brought.any(|placed| placed.ticket.players.contains(contact));
        is_brought || happening.deed.contact() == Some(contact)
    };
    let is_over = |contact: &&Contact| contact.expires_at <= world.now && !comes(contact);
    let kept = after.seated().find(is_over);
    ensure(before == after || kept.is_none(), || format!("{kept:?}"))
}

/// Whoever comes in has walked into an open lobby or was let in by the host while waiting; it knew the password, the lobby
/// was not locked against walking in, and it was in no queue as a party. Or the battle has waited for it to come back, or a
/// queue has found it. In any case nobody had banned it.
pub(super) fn invariant_nobody_comes_in_uninvited(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, after)) = happening.change() else {
        return Ok(());
    };
    let were = stays(Some(before));
    for (stay, newcomer) in stays(after) {
        if were.contains_key(&stay) {
            continue;
        }
        let Deed::Act { action, .. } = &happening.deed else {
            return Err(format!("{newcomer:?} by no action"));
        };
        let settings = &before.settings;
        let invited = match action {
            Action::Join { by, password, .. } => {
                let battle = before.battle.as_ref();
                let awaited = battle.is_some_and(|battle| battle.away.contains_key(&by.player_id));
                let is_party = before.ticket.is_some() && before.origin.is_none();
                let is_open = settings.join_policy == JoinPolicy::Open
                    && !is_party
                    && !settings.locked
                    && (settings.password.is_none() || *password == PasswordProof::Right);
                *by == newcomer.contact && (is_open || awaited)
            }
            Action::Fill { newcomers, .. } => {
                let mut newcomers = newcomers.iter();
                newcomers.any(|placed| placed.ticket.players.contains(&newcomer.contact))
            }
            Action::Accept { connection_id, .. } => {
                newcomer.contact.connection_id == *connection_id
                    && before
                        .requests
                        .values()
                        .any(|request| request.contact == newcomer.contact)
            }
            Action::Reject { .. }
            | Action::Kick { .. }
            | Action::Update { .. }
            | Action::Close { .. }
            | Action::Leave { .. }
            | Action::Battle { .. }
            | Action::Wake
            | Action::Enqueue { .. }
            | Action::Dequeue { .. } => false,
        };
        let banned = before.bans.contains(&newcomer.contact.player_id);
        ensure(invited && !banned, || format!("{newcomer:?}"))?;
    }
    Ok(())
}

/// What only a host may do was done by the host, or by the one who is host since the host's connection has ended.
pub(super) fn invariant_only_the_host_governs(
    world: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, _)) = happening.change() else {
        return Ok(());
    };
    let mut present: Vec<_> = before.members_by_arrival();
    present.retain(|member| member.contact.expires_at > world.now);
    let host = present
        .iter()
        .find(|member| member.contact.player_id == before.host)
        .or(present.first());
    let host = host.map(|member| &member.contact.player_id);
    let holds = !happening.deed.governs() || host == happening.deed.actor();
    ensure(holds, || format!("the host is {host:?}"))
}
