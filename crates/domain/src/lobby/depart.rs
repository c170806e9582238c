//! Going out: leaving, being gone, and what that means for the host's seat.

use ids::{LobbyId, PlayerId};

use super::event::tell;
use super::{Contact, Departure, Ending, Event, Lobby, Member, Notice, Outcome, Refusal, fight};
use crate::Timestamp;

/// Leaves, or takes back a request. Whoever plays and leaves has lost the battle.
pub(super) fn leave(
    mut lobby: Lobby,
    by: &PlayerId,
    how: Departure,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    let lobby_id = lobby.lobby_id.clone();
    if let Some(request) = lobby.requests.remove(by) {
        let notices = farewell(request.contact, Event::Left { lobby_id }, how);
        return Ok(Outcome::new(Some(lobby), notices));
    }
    let Some(member) = lobby.members.get(by).cloned() else {
        return Err(Refusal::NotInLobby);
    };
    let mut notices = fight::leave(&mut lobby, by, how, now);
    notices.extend(farewell(member.contact, Event::Left { lobby_id }, how));
    let outcome = remove(lobby, by, how);
    notices.extend(outcome.notices);
    Ok(Outcome::new(outcome.lobby, notices))
}

/// Leaves a lobby that the sweep has ended. Who waited for it and goes hears that it is out, not that it is turned away.
pub(super) fn leave_swept(
    lobby_id: LobbyId,
    mut swept: Outcome,
    by: &PlayerId,
    how: Departure,
) -> Outcome {
    let mut notices = swept.notices.iter();
    if let Some(own) = notices.position(|notice| notice.to.player_id == *by) {
        let turned_away = swept.notices.remove(own);
        let farewell = farewell(turned_away.to, Event::Left { lobby_id }, how);
        swept.notices.splice(0..0, farewell);
    }
    swept
}

/// What the one who goes hears: nothing, if there is nobody to hear it.
fn farewell(to: Contact, event: Event, how: Departure) -> Vec<Notice> {
    match how {
        Departure::Disconnected => Vec::new(),
        Departure::Left | Departure::Kicked | Departure::Banned => vec![Notice { to, event }],
    }
}

/// Takes a member out, tells the others, and makes the longest present member host where the host went. A lobby without
/// members is no more, and whoever waits for it hears so.
pub(super) fn remove(mut lobby: Lobby, player_id: &PlayerId, how: Departure) -> Outcome {
    let Some(gone) = lobby.members.remove(player_id) else {
        return Outcome::new(Some(lobby), Vec::new());
    };
    let event = Event::PlayerLeft {
        player_id: player_id.clone(),
        peer_id: gone.peer_id,
        how,
    };
    let mut notices: Vec<_> = tell(lobby.members.values(), &event).collect();
    if lobby.host == *player_id {
        let Some(heir) = heir(&lobby).cloned() else {
            return Outcome::new(None, turn_away(&lobby, &Ending::LobbyClosed));
        };
        lobby.host = heir.contact.player_id.clone();
        lobby.term += 1;
        let event = Event::HostChanged {
            host: heir.clone(),
            term: lobby.term,
        };
        notices.extend(tell(lobby.members.values(), &event));
        notices.extend(
            lobby
                .requests_by_arrival()
                .into_iter()
                .map(|request| Notice {
                    to: heir.contact.clone(),
                    event: Event::JoinRequested {
                        by: request.contact.clone(),
                        metadata: request.metadata.clone(),
                    },
                }),
        );
    }
    fight::lose_touch(&mut lobby, &gone.contact, how);
    Outcome::new(Some(lobby), notices)
}

/// Who is host next: the longest present member, and of those who are away one only where nobody else is there.
fn heir(lobby: &Lobby) -> Option<&Member> {
    let members = lobby.members_by_arrival();
    let here = members.iter().find(|member| !member.contact.away);
    here.or(members.first()).copied()
}

/// Tells everybody who waits that there is nothing left to wait for, and why.
pub(super) fn turn_away(lobby: &Lobby, why: &Ending) -> Vec<Notice> {
    let event = Event::JoinRejected {
        lobby_id: lobby.lobby_id.clone(),
        why: why.clone(),
    };
    let waiting = lobby.requests_by_arrival().into_iter();
    waiting
        .map(|request| Notice {
            to: request.contact.clone(),
            event: event.clone(),
        })
        .collect()
}

/// The members whose connection must have ended by now.
pub(super) fn over(lobby: &Lobby, now: Timestamp) -> impl Iterator<Item = &Contact> {
    let contacts = lobby.members.values().map(|member| &member.contact);
    contacts.filter(move |contact| contact.expires_at <= now)
}

/// Takes out everybody whose connection must have ended by now.
pub(super) fn sweep(mut lobby: Lobby, now: Timestamp) -> Outcome {
    lobby
        .requests
        .retain(|_, request| request.contact.expires_at > now);
    let mut over: Vec<_> = over(&lobby, now)
        .map(|contact| contact.player_id.clone())
        .collect();
    // The host goes last, so that nobody who is gone as well is made host in between.
    over.sort_by_key(|player_id| *player_id == lobby.host);
    let mut swept = Outcome::new(Some(lobby), Vec::new());
    for player_id in &over {
        let Some(lobby) = swept.lobby.take() else {
            break;
        };
        let outcome = remove(lobby, player_id, Departure::Disconnected);
        swept.lobby = outcome.lobby;
        swept.notices.extend(outcome.notices);
    }
    swept
        .notices
        .retain(|notice| !over.contains(&notice.to.player_id));
    swept
}
