//! Of being away and coming back.

use std::collections::BTreeSet;

use domain::lobby::{Contact, Event, Lobby};

use super::ensure;
use super::hearing::heard;
use crate::deed::{Deed, Happening, is_lost};
use crate::world::World;

/// Everybody in a lobby, or waiting for it, is there once and by a connection of its own.
pub(super) fn invariant_everybody_is_reached_at_one_connection(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    for lobby in world.store.lobbies(world.now) {
        let members = lobby.members.iter();
        let members = members.map(|(player_id, member)| (player_id, &member.contact));
        let requests = lobby.requests.iter();
        let requests = requests.map(|(player_id, request)| (player_id, &request.contact));
        let mut connections = BTreeSet::new();
        for (player_id, contact) in members.chain(requests) {
            let is_own = *player_id == contact.player_id;
            let is_new = connections.insert(&contact.connection_id);
            ensure(is_own && is_new, || format!("{contact:?} in {lobby:?}"))?;
        }
    }
    Ok(())
}

/// After a change nobody is away whose time is over.
pub(super) fn invariant_nobody_is_away_past_its_time(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let mut away = after.seated().filter(|contact| contact.away);
    let late = away.find(|contact| contact.expires_at <= happening.now);
    ensure(before == after || late.is_none(), || format!("{late:?}"))
}

/// Nobody is here any more by a connection of which it is known that it has ended; and whoever comes back in time is here by
/// its new one.
pub(super) fn invariant_a_farewell_and_a_return_take_effect(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    if let Deed::Farewell { gone, .. } = &happening.deed {
        let kept = after.seated().find(|contact| is_lost(contact, gone));
        return ensure(kept.is_none(), || format!("{kept:?}"));
    }
    let Deed::Return { by } = &happening.deed else {
        return Ok(());
    };
    let was = contact_of(before, by).filter(|was| was.expires_at > happening.now);
    ensure(was.is_none() || contact_of(after, by) == Some(by), || {
        format!("{was:?} is not at {by:?}")
    })
}

/// An alarm is on its way for the end of each absence, and finds the lobby though it has ended with that.
pub(super) fn invariant_the_lobby_is_woken_when_an_absence_ends(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    for lobby in world.store.items() {
        for contact in lobby.seated().filter(|contact| contact.away) {
            let (at, name) = (contact.expires_at, lobby.lobby_id.clone());
            let is_set = world.record.alarms.contains(&(at, name, lobby.era.clone()));
            ensure(is_set, || {
                format!("none of {:?} is for {contact:?}", world.record.alarms)
            })?;
        }
    }
    Ok(())
}

/// Whoever is away now and was not has lost the connection that it was here by, and may stay away as long as that says and no
/// longer than the connection would have lasted; or it comes in with this, away already.
pub(super) fn invariant_nobody_is_away_but_by_losing_its_connection(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    for contact in after.seated().filter(|contact| contact.away) {
        let was = contact_of(before, contact);
        let is_same = was == Some(contact);
        let is_lost = was.is_some_and(|was| happening.told_at(was).as_ref() == Some(contact));
        let mut brought = happening.deed.brings().iter();
        let is_brought = brought.any(|placed| placed.ticket.players.contains(contact));
        ensure(is_same || is_lost || is_brought, || {
            format!("{was:?} became {contact:?}")
        })?;
    }
    Ok(())
}

fn contact_of<'a>(lobby: &'a Lobby, of: &Contact) -> Option<&'a Contact> {
    let mut seated = lobby.seated();
    seated.find(|contact| contact.player_id == of.player_id)
}

/// Where a member is away from now on, every other one hears so once, and for how long; otherwise nobody hears that anybody is.
pub(super) fn invariant_the_other_members_hear_of_an_absence(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let lost = match &happening.deed {
        Deed::Farewell { gone, .. } => {
            let was = before.members.get(&gone.player_id);
            let was = was.is_some_and(|was| is_lost(&was.contact, gone));
            let is = after.members.get(&gone.player_id);
            is.filter(|is| was && is.contact.away)
        }
        Deed::Start { .. } | Deed::Act { .. } | Deed::Match { .. } | Deed::Return { .. } => None,
    };
    let expected = lost.map(|lost| {
        let millis = lost.contact.expires_at.as_millis() - happening.now.as_millis();
        Event::PlayerAway {
            player_id: lost.contact.player_id.clone(),
            peer_id: lost.peer_id,
            seconds: u32::try_from(millis.div_ceil(1_000)).expect("nobody stays away for years"),
        }
    });
    each_other_hears(happening, after, expected.as_ref(), |event| {
        matches!(event, Event::PlayerAway { .. })
    })
}

/// Where a member comes back by another connection, every other one hears so once, and where it is reached; otherwise nobody hears
/// that anybody does.
pub(super) fn invariant_the_other_members_hear_of_a_return(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let is_new = |by: &&Contact| !before.seated().any(|contact| contact == *by);
    let back = comes_back(happening).filter(is_new);
    let back = back.and_then(|by| after.members.get(&by.player_id));
    let expected = back.map(|member| Event::PlayerBack(member.clone()));
    each_other_hears(happening, after, expected.as_ref(), |event| {
        matches!(event, Event::PlayerBack(_))
    })
}

/// Each member hears this once if it is about another one, and nothing else of its kind.
fn each_other_hears(
    happening: &Happening,
    after: &Lobby,
    expected: Option<&Event>,
    is_of_its_kind: impl Fn(&Event) -> bool,
) -> Result<(), String> {
    for member in after.members.values() {
        let acts = happening.is_by(&member.contact.player_id);
        let expected: Vec<_> = expected.into_iter().filter(|_| !acts).collect();
        let heard = heard(happening, &member.contact);
        let heard: Vec<_> = heard.filter(|event| is_of_its_kind(event)).collect();
        ensure(heard == expected, || {
            format!("{:?} heard {heard:?}", member.contact)
        })?;
    }
    Ok(())
}

/// Who comes back with this and finds itself in or waiting, if anybody does.
fn comes_back(happening: &Happening) -> Option<&Contact> {
    let Deed::Return { by } = &happening.deed else {
        return None;
    };
    let (_, after) = happening.change()?;
    let mut seated = after?.seated();
    seated.any(|contact| contact == by).then_some(by)
}

/// Whoever comes back hears once what its lobby is like, itself in it as it is reached now, and after everything else that
/// changes it.
pub(super) fn invariant_whoever_comes_back_hears_what_its_lobby_is_like(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let mut resumed = Vec::new();
    for notice in happening.notices() {
        if let Event::Resumed(lobby) = &notice.event {
            resumed.push((&notice.to, lobby));
        }
    }
    let Some(by) = comes_back(happening) else {
        return ensure(resumed.is_empty(), || format!("{resumed:?}"));
    };
    let [(to, lobby)] = resumed[..] else {
        return Err(format!("{by:?} heard {} times", resumed.len()));
    };
    let mut stored = after.clone();
    stored.version = before.version;
    // What is remembered of the battle's alarm is nobody's to see, and may be set after that.
    if let (Some(battle), Some(told)) = (&mut stored.battle, &lobby.battle) {
        battle.alarm = told.alarm;
    }
    // A party is told after that, as everybody is, that it is out of its queue.
    stored.ticket.clone_from(&lobby.ticket);
    ensure(to == by && *lobby == stored, || {
        format!("{to:?} heard of {lobby:?}, and it is {stored:?}")
    })
}

/// Whoever is in or waits after this was told everything at the connection that it is reached at from now on, or as one who is
/// away.
pub(super) fn invariant_everybody_is_told_where_it_is_reached_from_now_on(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let after = happening.result.as_ref().ok();
    let after = after.and_then(|outcome| outcome.lobby.as_ref());
    for contact in after.into_iter().flat_map(Lobby::seated) {
        let mut notices = happening.notices().iter();
        let elsewhere = notices
            .find(|notice| notice.to.player_id == contact.player_id && notice.to != *contact);
        ensure(elsewhere.is_none(), || {
            format!("{contact:?} is told {elsewhere:?}")
        })?;
    }
    Ok(())
}
