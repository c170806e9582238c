//! Being away and coming back: a connection ends, and its player keeps its seat for a while.

use ids::{ConnectionId, PlayerId};

use super::event::tell;
use super::{Action, Contact, Departure, Event, Lobby, Member, Notice, Outcome, depart, fight};
use crate::Timestamp;
use crate::battle::{self, Told};
use crate::time::seconds_until;

/// A connection has ended. Its player is away, unless it is here by another connection; where it may not stay away at all, it
/// is out. The others hear which.
pub(super) fn lose(
    mut lobby: Lobby,
    by: &PlayerId,
    connection_id: &ConnectionId,
    until: Timestamp,
    now: Timestamp,
) -> Outcome {
    let nothing = |lobby| Outcome::new(Some(lobby), Vec::new());
    let Some(contact) = contact_of(&mut lobby, by) else {
        return nothing(lobby);
    };
    if contact.connection_id != *connection_id || contact.away {
        return nothing(lobby);
    }
    *contact = contact.clone().lost(until);
    let until = contact.expires_at;
    if until <= now {
        lobby.requests.remove(by);
        return depart::remove(lobby, by, Departure::Disconnected);
    }
    let mut notices = Vec::new();
    if let Some(member) = lobby.members.get(by) {
        let event = Event::PlayerAway {
            player_id: by.clone(),
            peer_id: member.peer_id,
            seconds: seconds_until(until, now),
        };
        notices.extend(tell(others(&lobby, by), &event));
        fight::await_return(&mut lobby, by, until);
    }
    let mut outcome = Outcome::new(Some(lobby), notices);
    outcome.alarms.push(until);
    outcome
}

/// Somebody has come back by another connection. The others hear where it is reached now, and it hears all that it may have
/// missed: the lobby as it is, and its battle.
pub(super) fn come_back(mut lobby: Lobby, by: Contact, now: Timestamp) -> Outcome {
    let player_id = by.player_id.clone();
    let Some(contact) = contact_of(&mut lobby, &player_id) else {
        return Outcome::new(Some(lobby), Vec::new());
    };
    let is_known = *contact == by;
    *contact = by.clone();
    let mut notices = Vec::new();
    if is_known {
        // The others have heard of it.
    } else if let Some(member) = lobby.members.get(&player_id).cloned() {
        notices.extend(tell(others(&lobby, &player_id), &Event::PlayerBack(member)));
        fight::come_back(&mut lobby, &player_id);
    } else if let Some(request) = lobby.requests.get(&player_id) {
        notices.push(Notice {
            to: lobby.host().contact.clone(),
            event: Event::JoinRequested {
                by: by.clone(),
                metadata: request.metadata.clone(),
            },
        });
    }
    let event = Event::Resumed(lobby.clone());
    notices.push(Notice { to: by, event });
    let view = lobby.battle.as_ref().map(|battle| battle.view(now));
    let told = view.map(|view| Told::to_only(&player_id, battle::Event::State(Box::new(view))));
    notices.extend(fight::pass_on(&lobby, told));
    Outcome::new(Some(lobby), notices)
}

/// Sends what was heard before the action took effect to where its hearer is reached from then on: to the new connection of one
/// who comes back, and to one whose connection has ended as to one who is away. Whoever is out with that hears nothing more.
pub(super) fn readdress(notices: &mut Vec<Notice>, action: &Action, now: Timestamp) {
    if let Action::Return { by } = action {
        let own = notices
            .iter_mut()
            .filter(|notice| notice.to.player_id == by.player_id);
        own.for_each(|notice| notice.to.clone_from(by));
    }
    let Action::Lose {
        by,
        connection_id,
        until,
    } = action
    else {
        return;
    };
    let is_lost =
        |to: &Contact| to.player_id == *by && to.connection_id == *connection_id && !to.away;
    notices.retain(|notice| !is_lost(&notice.to) || *until > now);
    for notice in notices.iter_mut().filter(|notice| is_lost(&notice.to)) {
        notice.to = notice.to.clone().lost(*until);
    }
}

/// When the lobby must be woken because these were away as they came in.
pub(super) fn alarms<'a>(newcomers: impl IntoIterator<Item = &'a Member>) -> Vec<Timestamp> {
    let contacts = newcomers.into_iter().map(|member| &member.contact);
    let away = contacts.filter(|contact| contact.away);
    away.map(|contact| contact.expires_at).collect()
}

fn contact_of<'a>(lobby: &'a mut Lobby, player_id: &PlayerId) -> Option<&'a mut Contact> {
    let member = lobby.members.get_mut(player_id);
    let request = lobby.requests.get_mut(player_id);
    let member = member.map(|member| &mut member.contact);
    member.or(request.map(|request| &mut request.contact))
}

fn others<'a>(lobby: &'a Lobby, player_id: &PlayerId) -> impl Iterator<Item = &'a Member> {
    let members = lobby.members.values();
    members.filter(move |member| member.contact.player_id != *player_id)
}
