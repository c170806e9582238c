//! Of each change.

use std::collections::BTreeMap;

use domain::Timestamp;
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

/// Where the host has changed, nobody has been there longer than the new one, unless that one is away and the host is not.
pub(super) fn invariant_the_longest_present_is_the_next_host(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let heir = heir(before, happening.now, |heir| {
        after.members.contains_key(heir)
    });
    let holds = before.host == after.host || heir == Some(&after.host);
    ensure(holds, || {
        format!("the host is {:?}, and should be {heir:?}", after.host())
    })
}

/// Who of those who were members, as far as they count and their time is not over, is first in line to be host.
fn heir(before: &Lobby, now: Timestamp, counts: impl Fn(&PlayerId) -> bool) -> Option<&PlayerId> {
    let members = before.members.values();
    let members = members.filter(|member| member.contact.expires_at > now);
    let members = members.filter(|member| counts(&member.contact.player_id));
    let heir = members.min_by_key(|member| (member.contact.away, member.arrival));
    heir.map(|heir| &heir.contact.player_id)
}

/// A lobby keeps its id, its era and its bans; a member its peer id, its team, what it says of itself and, unless it is its own
/// coming or going that this is about, its connection.
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
    let place = |member: &Member| {
        let Member { peer_id, team, .. } = *member;
        (peer_id, team, member.metadata.clone())
    };
    // A party that goes into a queue is on no team any more, and a queue puts those whom it finds on one.
    let is_teamed = |is: &Member, was: &Member| {
        is.team == was.team || is.team.is_none() || !happening.deed.brings().is_empty()
    };
    let same = |is: &Member, was: &Member| {
        let team = is.team;
        let was_there = place(&Member {
            team,
            ..was.clone()
        });
        place(is) == was_there
            && is_teamed(is, was)
            && happening.told_at(&was.contact).as_ref() == Some(&is.contact)
    };
    if before == after {
        return Ok(());
    }
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
/// was not locked against walking in, and it was in no queue as a party. Or a queue has found it. In any case nobody had banned
/// it.
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
                let is_party = before.ticket.is_some() && before.origin.is_none();
                let is_open = settings.join_policy == JoinPolicy::Open
                    && !is_party
                    && !settings.locked
                    && (settings.password.is_none() || *password == PasswordProof::Right);
                *by == newcomer.contact && is_open
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
            | Action::Lose { .. }
            | Action::Return { .. }
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
    let is_there = before.host().contact.expires_at > world.now;
    let heir = heir(before, world.now, |_| true);
    let host = Some(&before.host).filter(|_| is_there).or(heir);
    let holds = !happening.deed.governs() || host == happening.deed.actor();
    ensure(holds, || format!("the host is {host:?}"))
}
