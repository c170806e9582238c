//! What became of an action whose answer was lost with the connection.
//!
//! It may have been done. What may be done twice is simply asked again; of the rest, some can be told from where the player is.

use protocol::event::{JoinRequestAccepted, LobbyLeft, LobbyStarted, MatchmakingStarted};
use protocol::{Action, Event, battle, event, lobby, matchmaking};

use ids::{LobbyId, PeerAddress};

use super::event::Resumed;

/// What became of an action.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was not done, or may be done twice: ask again.
    Again,
    /// It was done, and this is the answer that was lost.
    Done(Event),
    /// Nobody can tell.
    Unknown,
}

/// Tells what became of an action from where the player is now, and from the lobby that it was in before it asked. Addresses are faces.
pub(crate) fn fate(action: &Action, before: Option<&LobbyId>, now: &Resumed) -> Fate {
    match action {
        Action::Connection(_) | Action::Signalling(_) => Fate::Again,
        Action::Lobby(action) => of_lobby(action, before, now),
        Action::Matchmaking(action) => of_matchmaking(action, now),
        Action::Battle(action) => of_battle(action),
    }
}

fn of_lobby(action: &lobby::Action, before: Option<&LobbyId>, now: &Resumed) -> Fate {
    match action {
        lobby::Action::StartLobby(start) => started(start, before, now),
        lobby::Action::JoinLobby(join) => joined(join, now),
        lobby::Action::AcceptJoinRequest(accept) => {
            done_where(is_member(now, &accept.player_connection_id))
        }
        lobby::Action::RejectJoinRequest(reject) => {
            done_where(now.lobby.is_some() && !is_waiting(now, &reject.player_connection_id))
        }
        lobby::Action::KickPlayer(kick) => {
            done_where(now.lobby.is_some() && !is_member(now, &kick.player_connection_id))
        }
        lobby::Action::LeaveLobby(_) => match before {
            Some(lobby_id) if now.lobby.is_none() => {
                let lobby_id = lobby_id.clone();
                Fate::Done(LobbyLeft { lobby_id }.into())
            }
            Some(_) | None => Fate::Again,
        },
        // Sets what it says, whatever was before.
        lobby::Action::UpdateLobby(_) | lobby::Action::ListLobbies(_) => Fate::Again,
        lobby::Action::CloseLobby(_) => match now.lobby {
            Some(_) => Fate::Again,
            None => Fate::Unknown,
        },
    }
}

fn started(start: &lobby::StartLobby, before: Option<&LobbyId>, now: &Resumed) -> Fate {
    let Some(lobby) = &now.lobby else {
        return Fate::Again;
    };
    let id = &lobby.lobby.lobby_id;
    let is_the_one = before.is_none() && start.lobby_id.as_ref().is_none_or(|wanted| wanted == id);
    match lobby.peer_id {
        Some(peer_id) if is_the_one && peer_id == lobby.host_peer_id => Fate::Done(
            LobbyStarted {
                peer_id,
                visibility: lobby.visibility,
                lobby: lobby.lobby.clone(),
            }
            .into(),
        ),
        Some(_) | None => Fate::Again,
    }
}

fn joined(join: &lobby::JoinLobby, now: &Resumed) -> Fate {
    let Some(lobby) = now
        .lobby
        .as_ref()
        .filter(|lobby| lobby.lobby.lobby_id == join.lobby_id)
    else {
        return Fate::Again;
    };
    let Some(peer_id) = lobby.peer_id else {
        return done_where(true);
    };
    let host = lobby
        .members
        .iter()
        .find(|member| member.peer_id == lobby.host_peer_id);
    match host {
        Some(host) => Fate::Done(
            JoinRequestAccepted {
                host_connection_id: host.connection_id.clone(),
                peer_id,
                lobby_id: join.lobby_id.clone(),
                members: lobby.members.clone(),
            }
            .into(),
        ),
        // It has become host itself meanwhile, which the lobby that was resumed tells.
        None => Fate::Unknown,
    }
}

fn of_matchmaking(action: &matchmaking::Action, now: &Resumed) -> Fate {
    match (action, &now.matchmaking) {
        (matchmaking::Action::ExplainMatchmaking(_), _)
        | (matchmaking::Action::LeaveMatchmaking(_), Some(_)) => Fate::Again,
        (matchmaking::Action::JoinMatchmaking(_), Some(search)) => Fate::Done(
            MatchmakingStarted {
                ticket_id: search.ticket_id.clone(),
                queue: search.queue.clone(),
                estimated_wait_seconds: None,
            }
            .into(),
        ),
        (matchmaking::Action::JoinMatchmaking(_), None) if now.lobby.is_none() => Fate::Again,
        // It may have been matched already, or a party's host may have left the queue.
        (
            matchmaking::Action::JoinMatchmaking(_)
            | matchmaking::Action::LeaveMatchmaking(_)
            | matchmaking::Action::AcceptMatch(_)
            | matchmaking::Action::DeclineMatch(_)
            | matchmaking::Action::RequestBackfill(_),
            _,
        ) => Fate::Unknown,
    }
}

fn of_battle(action: &battle::Action) -> Fate {
    match action {
        // A score never falls, and to tell the same again changes nothing.
        battle::Action::SyncScore(_)
        | battle::Action::GetBattle(_)
        | battle::Action::ListResults(_) => Fate::Again,
        battle::Action::StartBattle(_)
        | battle::Action::Attack(_)
        | battle::Action::Die(_)
        | battle::Action::PlaceMark(_)
        | battle::Action::ForfeitBattle(_)
        | battle::Action::RequestRematch(_) => Fate::Unknown,
    }
}

fn done_where(is_done: bool) -> Fate {
    if is_done {
        Fate::Done(event::Ok {}.into())
    } else {
        Fate::Again
    }
}

fn is_member(now: &Resumed, face: &PeerAddress) -> bool {
    let members = now.lobby.iter().flat_map(|lobby| &lobby.members);
    members
        .into_iter()
        .any(|member| member.connection_id == *face)
}

fn is_waiting(now: &Resumed, face: &PeerAddress) -> bool {
    let requests = now.lobby.iter().flat_map(|lobby| &lobby.requests);
    requests
        .into_iter()
        .any(|request| request.connection_id == *face)
}
