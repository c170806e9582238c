//! What only a host may do.

use ids::{ConnectionId, PlayerId};

use super::event::tell;
use super::{
    Ban, Changes, Departure, Ending, Event, Lobby, MAX_BANS, Notice, Outcome, Refusal, depart,
    fight, queue,
};
use crate::Timestamp;
use crate::matchmaking;

/// Refuses everybody but the host.
pub(super) fn only_host(lobby: &Lobby, by: &PlayerId) -> Result<(), Refusal> {
    if !lobby.members.contains_key(by) {
        Err(Refusal::NotInLobby)
    } else if lobby.host == *by {
        Ok(())
    } else {
        Err(Refusal::NotHost)
    }
}

/// Removes a member, for now or for good.
pub(super) fn kick(
    mut lobby: Lobby,
    by: &PlayerId,
    connection_id: &ConnectionId,
    reason: Option<String>,
    ban: Ban,
    now: Timestamp,
) -> Result<Outcome, Refusal> {
    only_host(&lobby, by)?;
    let mut guests = lobby
        .members
        .values()
        .filter(|member| member.contact.player_id != *by);
    let target = guests
        .find(|member| member.contact.connection_id == *connection_id)
        .map(|member| member.contact.clone())
        .ok_or(Refusal::NotAMember)?;
    let how = match ban {
        Ban::No => Departure::Kicked,
        Ban::Yes if lobby.bans.len() >= MAX_BANS => return Err(Refusal::TooManyBans),
        Ban::Yes => {
            lobby.bans.insert(target.player_id.clone());
            Departure::Banned
        }
    };
    let mut notices = fight::leave(&mut lobby, &target.player_id, how, now);
    let banned = ban == Ban::Yes;
    let event = Event::Kicked {
        lobby_id: lobby.lobby_id.clone(),
        reason,
        banned,
    };
    notices.push(Notice {
        to: target.clone(),
        event,
    });
    let outcome = depart::remove(lobby, &target.player_id, how);
    notices.extend(outcome.notices);
    Ok(Outcome::new(outcome.lobby, notices))
}

/// Changes the settings.
pub(super) fn update(
    mut lobby: Lobby,
    by: &PlayerId,
    changes: Changes,
) -> Result<Outcome, Refusal> {
    only_host(&lobby, by)?;
    let members = lobby.taken_seats();
    if let Some(max_players) = changes.max_players {
        if usize::try_from(max_players).is_ok_and(|seats| seats < members) {
            return Err(Refusal::BelowMembers { members });
        }
        lobby.settings.max_players = max_players;
    }
    let settings = &mut lobby.settings;
    settings.name = changes.name.or(settings.name.take());
    settings.visibility = changes.visibility.unwrap_or(settings.visibility);
    settings.join_policy = changes.join_policy.unwrap_or(settings.join_policy);
    settings.locked = changes.locked.unwrap_or(settings.locked);
    settings.password = changes.password.unwrap_or(settings.password.take());
    if let Some(metadata) = changes.metadata {
        settings.metadata = metadata;
    }
    let notices = tell(lobby.members.values(), &Event::Updated(lobby.clone())).collect();
    Ok(Outcome::new(Some(lobby), notices))
}

/// Closes the lobby. Its battle and its ticket end with it.
pub(super) fn close(lobby: &Lobby, by: &PlayerId, now: Timestamp) -> Result<Outcome, Refusal> {
    only_host(lobby, by)?;
    let mut notices = fight::break_off(lobby, now);
    notices.extend(queue::cancelled(lobby, matchmaking::Ending::Closed));
    let event = Event::Closed {
        lobby_id: lobby.lobby_id.clone(),
    };
    notices.extend(tell(lobby.members.values(), &event));
    notices.extend(depart::turn_away(lobby, &Ending::LobbyClosed));
    Ok(Outcome::new(None, notices))
}
