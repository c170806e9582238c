//! Coming in: asking, being let in, being turned away.

use ids::{ConnectionId, PeerId, PlayerId};

use super::event::tell;
use super::{
    Admitted, Contact, Ending, Event, JoinPolicy, JoinRequest, Lobby, MAX_REQUESTS, Member,
    Metadata, Notice, Outcome, PasswordProof, Refusal, govern,
};

/// Asks to be let in. Asking again while waiting tells the host again. Who is in already is told so again and changes nothing:
/// the first news may have been lost.
pub(super) fn join(
    mut lobby: Lobby,
    by: Contact,
    password: PasswordProof,
    metadata: Metadata,
) -> Result<Outcome, Refusal> {
    let is_in = |member: &&Member| member.contact.connection_id == by.connection_id;
    let guest = lobby.members.get(&by.player_id).filter(is_in);
    if let Some(member) = guest.filter(|member| member.contact.player_id != lobby.host) {
        let again = admission(&lobby, member);
        return Ok(Outcome::new(Some(lobby), vec![again]));
    }
    may_join(&lobby, &by, password)?;
    match lobby.settings.join_policy {
        JoinPolicy::Open => {
            lobby.requests.remove(&by.player_id);
            let peer_id = lobby.free_peer_id();
            Ok(walk_in(lobby, by, peer_id, metadata))
        }
        JoinPolicy::Ask => {
            let asked = lobby
                .requests
                .get(&by.player_id)
                .map(|request| request.arrival);
            let arrival = asked.unwrap_or_else(|| lobby.next_arrival());
            let request = JoinRequest {
                contact: by.clone(),
                arrival,
                metadata: metadata.clone(),
            };
            lobby.requests.insert(by.player_id.clone(), request);
            let event = Event::JoinRequested { by, metadata };
            let notices = vec![Notice {
                to: lobby.host().contact.clone(),
                event,
            }];
            Ok(Outcome::new(Some(lobby), notices))
        }
    }
}

/// Gives a seat to somebody of whom the host was not asked, and so hears of it like everyone else.
fn walk_in(lobby: Lobby, by: Contact, peer_id: PeerId, metadata: Metadata) -> Outcome {
    let newcomer = by.player_id.clone();
    let (lobby, mut notices) = seat(lobby, by, peer_id, metadata);
    notices.push(Notice {
        to: lobby.host().contact.clone(),
        event: Event::PlayerJoined(lobby.members[&newcomer].clone()),
    });
    Outcome::new(Some(lobby), notices)
}

fn may_join(lobby: &Lobby, by: &Contact, password: PasswordProof) -> Result<(), Refusal> {
    let lobby_id = lobby.lobby_id.clone();
    if lobby.members.contains_key(&by.player_id) {
        return Err(Refusal::AlreadyInLobby { lobby_id });
    }
    if lobby.bans.contains(&by.player_id) {
        return Err(Refusal::Banned { lobby_id });
    }
    if lobby.is_queued_party() {
        return Err(Refusal::InMatchmaking);
    }
    if lobby.settings.locked {
        return Err(Refusal::Locked { lobby_id });
    }
    if lobby.is_full() {
        return Err(Refusal::Full { lobby_id });
    }
    if password == PasswordProof::Wrong {
        return Err(Refusal::WrongPassword { lobby_id });
    }
    let waits = lobby.requests.contains_key(&by.player_id);
    let asks = lobby.settings.join_policy == JoinPolicy::Ask && !waits;
    if asks && lobby.requests.len() >= MAX_REQUESTS {
        return Err(Refusal::TooManyRequests { lobby_id });
    }
    Ok(())
}

/// Lets somebody in. Letting in a member again tells it again and changes nothing: the first news may have been lost.
pub(super) fn accept(
    mut lobby: Lobby,
    by: &PlayerId,
    connection_id: &ConnectionId,
    peer_id: Option<PeerId>,
) -> Result<Outcome, Refusal> {
    govern::only_host(&lobby, by)?;
    let already = |member: &Member| {
        member.contact.connection_id == *connection_id
            && peer_id.is_none_or(|peer_id| peer_id == member.peer_id)
    };
    if let Some(member) = lobby.members.values().find(|member| already(member)) {
        let notices = if lobby.host == member.contact.player_id {
            Vec::new()
        } else {
            vec![admission(&lobby, member)]
        };
        return Ok(Outcome::new(Some(lobby), notices));
    }
    let request = take_request(&mut lobby, connection_id)?;
    if lobby.is_full() {
        return Err(Refusal::Full {
            lobby_id: lobby.lobby_id,
        });
    }
    let peer_id = match peer_id {
        None => lobby.free_peer_id(),
        Some(wanted) if lobby.taken_peer_ids().contains(&wanted) => {
            return Err(Refusal::PeerIdTaken);
        }
        Some(wanted) => wanted,
    };
    let (lobby, notices) = seat(lobby, request.contact, peer_id, request.metadata);
    Ok(Outcome::new(Some(lobby), notices))
}

/// Turns somebody away.
pub(super) fn reject(
    mut lobby: Lobby,
    by: &PlayerId,
    connection_id: &ConnectionId,
    reason: Option<String>,
) -> Result<Outcome, Refusal> {
    govern::only_host(&lobby, by)?;
    let request = take_request(&mut lobby, connection_id)?;
    let why = Ending::Declined(reason);
    let event = Event::JoinRejected {
        lobby_id: lobby.lobby_id.clone(),
        why,
    };
    let notices = vec![Notice {
        to: request.contact,
        event,
    }];
    Ok(Outcome::new(Some(lobby), notices))
}

fn take_request(lobby: &mut Lobby, connection_id: &ConnectionId) -> Result<JoinRequest, Refusal> {
    let waits = |request: &JoinRequest| request.contact.connection_id == *connection_id;
    let player_id = lobby.requests.iter().find(|(_, request)| waits(request));
    let player_id = player_id.map(|(player_id, _)| player_id.clone());
    player_id
        .and_then(|player_id| lobby.requests.remove(&player_id))
        .ok_or(Refusal::RequestNotFound)
}

/// Gives a newcomer its seat. The first notice is the newcomer's; the members other than the host hear of it.
fn seat(
    mut lobby: Lobby,
    newcomer: Contact,
    peer_id: PeerId,
    metadata: Metadata,
) -> (Lobby, Vec<Notice>) {
    let arrival = lobby.next_arrival();
    let player_id = newcomer.player_id.clone();
    let member = Member {
        contact: newcomer,
        peer_id,
        team: lobby.team_of(&player_id),
        arrival,
        metadata,
    };
    let mut notices = vec![admission(&lobby, &member)];
    let guests = lobby.members.values();
    let guests = guests.filter(|other| other.contact.player_id != lobby.host);
    notices.extend(tell(guests, &Event::PlayerJoined(member.clone())));
    lobby.members.insert(player_id, member);
    (lobby, notices)
}

/// What somebody who is in, or about to be, needs to know.
fn admission(lobby: &Lobby, member: &Member) -> Notice {
    let others = lobby.members_by_arrival().into_iter();
    let others = others.filter(|other| other.contact.player_id != member.contact.player_id);
    Notice {
        to: member.contact.clone(),
        event: Event::Accepted(Admitted {
            lobby_id: lobby.lobby_id.clone(),
            peer_id: member.peer_id,
            host: lobby.host().contact.clone(),
            others: others.cloned().collect(),
        }),
    }
}
