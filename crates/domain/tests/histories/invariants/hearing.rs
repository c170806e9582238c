//! Of what is heard.

use domain::lobby::{Action, Contact, Event, Lobby, Notice};
use ids::PlayerId;

use super::change::stays;
use super::ensure;
use crate::deed::{Deed, Happening};
use crate::world::World;

use super::playing;

/// Exactly these may hear what. Nobody whose connection has ended hears anything but the answer to its own deed.
pub(super) fn invariant_only_those_whom_it_concerns_hear(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    for notice in happening.notices() {
        let is_alive = notice.to.expires_at > happening.now;
        let mut brought = happening.deed.brings().iter();
        let is_brought = brought.any(|placed| placed.ticket.players.contains(&notice.to));
        let answers = happening.deed.contact() == Some(&notice.to) || is_brought;
        ensure(is_alive || answers, || format!("too late: {notice:?}"))?;
        ensure(concerns(happening, notice), || format!("{notice:?}"))?;
    }
    Ok(())
}

fn concerns(happening: &Happening, Notice { to, event }: &Notice) -> bool {
    let before = happening.before.as_ref();
    let after = happening.result.as_ref().ok();
    let after = after.and_then(|outcome| outcome.lobby.as_ref());
    let acts = happening.is_by(&to.player_id);
    match event {
        // The one who starts a lobby.
        Event::Started(lobby) => before.is_none() && acts && lobby.host().contact == *to,
        // Those who were in it.
        Event::Closed { .. } => was_in(happening, to) && after.is_none(),
        // The host, of somebody who waits; or one who was host for a moment, because the host's connection had ended,
        // and left at once.
        Event::JoinRequested { by, .. } => {
            let host = after.map(|after| &after.host().contact);
            let is_host = host == Some(to) || (acts && is_in(before, to) && !is_in(after, to));
            is_host && (waits(before, by) || waits(after, by))
        }
        // Whoever waited and does so no more.
        Event::JoinRejected { .. } => {
            had_waited(happening, to) && !waits(after, to) && !is_in(after, to)
        }
        // Whoever has come in, or was in and joins or is let in again; it hears of everybody who is in, and of nobody else.
        Event::Accepted(admitted) => after.is_some_and(|after| {
            let mut others = after.members_by_arrival();
            others.retain(|other| other.contact != *to);
            let own = after.members.get(&to.player_id);
            let asks = happening.deed.lets_in().is_some() || (acts && happening.deed.joins());
            let again = asks && is_in(before, to);
            (comes(before, after, to) || again)
                && own.is_some_and(|own| own.contact == *to && own.peer_id == admitted.peer_id)
                && admitted.others.iter().eq(others)
                && admitted.host == after.host().contact
                && admitted.lobby_id == after.lobby_id
        }),
        // Those who were in and still are, of one who is.
        Event::PlayerJoined(member) => {
            let comes = after.is_some_and(|after| comes(before, after, &member.contact));
            comes && was_in(happening, to) && is_in(after, to)
        }
        // The one who leaves, or takes back its request.
        Event::Left { .. } => {
            let was = is_in(before, to) || waits(before, to);
            acts && was && !is_in(after, to) && !waits(after, to)
        }
        // Those who were in, of another who was.
        Event::PlayerLeft { player_id, .. } => {
            let was = before.is_some_and(|before| before.members.contains_key(player_id));
            was_in(happening, to) && was && *player_id != to.player_id
        }
        // Those who are in, of another whose connection this is.
        Event::PlayerAway { player_id, .. } => {
            let is_farewell = matches!(happening.deed, Deed::Farewell { .. });
            is_farewell && happening.is_by(player_id) && is_in(after, to) && !acts
        }
        // Those who are in, of another who comes back with this.
        Event::PlayerBack(member) => {
            let is_return = matches!(happening.deed, Deed::Return { .. });
            let is_own = happening.deed.contact() == Some(&member.contact);
            is_return && is_own && is_in(after, to) && !acts
        }
        // The one who comes back with this.
        Event::Resumed(_) => {
            let is_return = matches!(happening.deed, Deed::Return { .. });
            is_return
                && happening.deed.contact() == Some(to)
                && (is_in(after, to) || waits(after, to))
        }
        // The one whom the host removes.
        Event::Kicked { banned, .. } => {
            let bans = after.is_some_and(|after| after.bans.contains(&to.player_id));
            is_in(before, to) && !is_in(after, to) && !acts && *banned == bans
        }
        // Those who are in.
        Event::Updated(lobby) => {
            let is_so = after.is_some_and(|after| after.settings == lobby.settings);
            is_in(after, to) && is_so
        }
        // Those who were in, of one who was and is reached.
        Event::HostChanged { host, .. } => {
            let is_alive = host.contact.expires_at > happening.now;
            was_in(happening, to) && is_in(before, &host.contact) && is_alive
        }
        Event::Battle(event) => playing::battle_concerns(happening, to, event),
        Event::Matchmaking(event) => playing::matchmaking_concerns(happening, to, event),
    }
}

pub(super) fn is_in(lobby: Option<&Lobby>, contact: &Contact) -> bool {
    let member = lobby.and_then(|lobby| lobby.members.get(&contact.player_id));
    member.is_some_and(|member| member.contact == *contact)
}

/// Whether somebody is in who was not, or was out in between.
pub(super) fn comes(before: Option<&Lobby>, after: &Lobby, contact: &Contact) -> bool {
    let arrival = |lobby: &Lobby| {
        let member = lobby.members.get(&contact.player_id);
        member.map(|member| member.arrival)
    };
    is_in(Some(after), contact) && before.and_then(arrival) != arrival(after)
}

fn waits(lobby: Option<&Lobby>, contact: &Contact) -> bool {
    let request = lobby.and_then(|lobby| lobby.requests.get(&contact.player_id));
    request.is_some_and(|request| request.contact == *contact)
}

/// Whether one who is told something was in before, under the address that it had then.
pub(super) fn was_in(happening: &Happening, to: &Contact) -> bool {
    let before = happening.before.as_ref();
    let member = before.and_then(|before| before.members.get(&to.player_id));
    member.is_some_and(|member| happening.told_at(&member.contact).as_ref() == Some(to))
}

fn had_waited(happening: &Happening, to: &Contact) -> bool {
    let before = happening.before.as_ref();
    let request = before.and_then(|before| before.requests.get(&to.player_id));
    request.is_some_and(|request| happening.told_at(&request.contact).as_ref() == Some(to))
}

/// What one hears of a happening.
pub(super) fn heard<'a>(
    happening: &'a Happening,
    hearer: &'a Contact,
) -> impl Iterator<Item = &'a Event> {
    let notices = happening.notices().iter();
    let own = notices.filter(move |notice| notice.to == *hearer);
    own.map(|notice| &notice.event)
}

/// Whoever was in and still is hears of everybody who has come or gone, once and of nobody else. A host that lets
/// somebody in knows by the answer.
pub(super) fn invariant_every_coming_and_going_is_heard_exactly_once(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, after)) = happening.change() else {
        return Ok(());
    };
    let (were, are) = (stays(Some(before)), stays(after));
    let came = are.keys().filter(|stay| !were.contains_key(*stay));
    let mut came: Vec<_> = came.collect();
    came.sort_by_key(|(_, arrival)| *arrival);
    let came: Vec<&PlayerId> = came.into_iter().map(|(player_id, _)| *player_id).collect();
    let went = were.keys().filter(|stay| !are.contains_key(*stay));
    let went: Vec<&PlayerId> = went.map(|(player_id, _)| *player_id).collect();
    for (_, member) in are.iter().filter(|(stay, _)| were.contains_key(*stay)) {
        let hearer = &member.contact;
        let (mut joined, mut left) = (Vec::new(), Vec::new());
        for event in heard(happening, hearer) {
            if let Event::PlayerJoined(member) = event {
                joined.push(&member.contact.player_id);
            } else if let Event::PlayerLeft { player_id, .. } = event {
                left.push(player_id);
            }
        }
        left.sort();
        let acts = happening.is_by(&hearer.player_id);
        let knows = acts && happening.deed.lets_in().is_some();
        let expected = if knows { &[][..] } else { &came[..] };
        ensure(joined == expected && left == went, || {
            format!("{hearer:?} heard of {joined:?} and {left:?}; {came:?} came, {went:?} went")
        })?;
    }
    Ok(())
}

/// Whoever was in and still is hears of each new host, the present one last, and of new settings.
pub(super) fn invariant_every_change_of_host_and_settings_is_heard(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let (were, are) = (stays(Some(before)), stays(Some(after)));
    let terms: Vec<_> = (before.term + 1..=after.term).collect();
    for (_, member) in are.iter().filter(|(stay, _)| were.contains_key(*stay)) {
        let hearer = &member.contact;
        let (mut heard_terms, mut host, mut updates) = (Vec::new(), None, 0);
        for event in heard(happening, hearer) {
            if let Event::HostChanged { host: new, term } = event {
                heard_terms.push(*term);
                host = Some(&new.contact.player_id);
            } else if let Event::Updated(_) = event {
                updates += 1;
            }
        }
        let knows_host = host.is_none_or(|host| *host == after.host);
        ensure(heard_terms == terms && knows_host, || {
            format!("{hearer:?} heard of the terms {heard_terms:?}")
        })?;
        let changed = before.settings != after.settings;
        ensure(updates == 1 || (updates == 0 && !changed), || {
            format!("{hearer:?} heard {updates} times of settings")
        })?;
    }
    Ok(())
}

/// Where a lobby has ended, everyone who was in it or waited hears so once, except those who cannot and the one whose
/// going has ended it: that one hears that it has left, if it has.
pub(super) fn invariant_the_end_is_heard_by_everyone_there(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, None)) = happening.change() else {
        return Ok(());
    };
    for seated in before.seated() {
        let told_at = happening.told_at(seated);
        let hearer = told_at.as_ref().unwrap_or(seated);
        let leaves = happening.is_by(&seated.player_id) && is_leaving(&happening.deed);
        let ends = heard(happening, hearer).filter(|event| match event {
            Event::Closed { .. } => is_in(Some(before), seated),
            Event::JoinRejected { .. } => waits(Some(before), seated) && !leaves,
            Event::Left { .. } => leaves,
            Event::Started(_)
            | Event::JoinRequested { .. }
            | Event::Accepted(_)
            | Event::PlayerJoined(_)
            | Event::PlayerLeft { .. }
            | Event::PlayerAway { .. }
            | Event::PlayerBack(_)
            | Event::Resumed(_)
            | Event::Kicked { .. }
            | Event::Updated(_)
            | Event::HostChanged { .. }
            | Event::Battle(_)
            | Event::Matchmaking(_) => false,
        });
        let expected = usize::from(told_at.is_some());
        let count = ends.count();
        ensure(count == expected, || {
            format!("{hearer:?} heard {count} times of the end")
        })?;
    }
    let leaves = matches!(
        happening.deed,
        Deed::Farewell { .. }
            | Deed::Act {
                action: Action::Close { .. } | Action::Leave { .. },
                ..
            }
    );
    let mut members = before.members.values();
    let is_empty = members.all(|member| member.contact.expires_at <= happening.now);
    ensure(leaves || is_empty, || {
        "nobody has closed it or gone".to_owned()
    })
}

fn is_leaving(deed: &Deed) -> bool {
    let Deed::Act { action, .. } = deed else {
        return false;
    };
    matches!(action, Action::Leave { .. })
}
