//! How what happened in a lobby, a queue or a battle looks on the wire: decided here, once.
//!
//! Every address is sealed for the one who hears it. A client that speaks another library's protocol will get another
//! encoder beside this one.

mod battle;
mod matchmaking;

use domain::Timestamp;
use domain::listing::Summary;
use domain::lobby::{self, Contact, Departure, Ending, Lobby, Notice};
use domain::matchmaking::Team;
use protocol::event::{self, Event, LeaveReason, LobbySummary};
use protocol::{ErrorCode, Metadata};

use seal::Sealer;

pub use battle::battle_result;

/// The event that the hearer of a notice gets, if it gets it now.
pub(crate) fn encode(sealer: &Sealer, notice: Notice, now: Timestamp) -> Event {
    let Notice { to, event } = notice;
    match event {
        lobby::Event::Started(lobby) => started(&lobby).into(),
        lobby::Event::Closed { lobby_id } => {
            let reason = "The lobby was closed.".to_owned();
            event::LobbyClosed { lobby_id, reason }.into()
        }
        lobby::Event::JoinRequested { by, metadata } => event::ReceivedJoinRequest {
            connection_id: sealer.seal(&by, &to),
            player_id: by.player_id,
            metadata: checked(metadata),
        }
        .into(),
        lobby::Event::JoinRejected { lobby_id, why } => {
            let (code, reason) = match why {
                Ending::Declined(reason) => (ErrorCode::RejectedByHost, reason),
                Ending::LobbyClosed => (ErrorCode::LobbyClosed, None),
                Ending::InMatchmaking => (ErrorCode::AlreadyInMatchmaking, None),
            };
            let reason = reason.unwrap_or_else(|| code.sentence().to_owned());
            event::JoinRequestRejected {
                reason,
                code,
                lobby_id,
            }
            .into()
        }
        lobby::Event::Accepted(admitted) => accepted(sealer, &to, admitted).into(),
        lobby::Event::PlayerJoined(member) => {
            let team = member.team.map(Team::get);
            let event::Member {
                connection_id,
                peer_id,
                player_id,
                metadata,
            } = seen_by(sealer, &to, member);
            event::PlayerJoined {
                connection_id,
                peer_id,
                player_id,
                metadata,
                team,
            }
            .into()
        }
        lobby::Event::Left { lobby_id } => event::LobbyLeft { lobby_id }.into(),
        lobby::Event::PlayerLeft {
            player_id,
            peer_id,
            how,
        } => event::PlayerLeft {
            peer_id,
            player_id,
            reason: reason(how),
        }
        .into(),
        lobby::Event::Kicked {
            lobby_id,
            reason,
            banned,
        } => {
            let reason = reason.unwrap_or_else(|| "The host removed you.".to_owned());
            event::Kicked {
                lobby_id,
                reason,
                banned,
            }
            .into()
        }
        lobby::Event::Updated(lobby) => updated(&lobby).into(),
        lobby::Event::HostChanged { host, term } => event::HostChanged {
            peer_id: host.peer_id,
            connection_id: (host.contact.player_id != to.player_id)
                .then(|| sealer.seal(&host.contact, &to)),
            term,
        }
        .into(),
        lobby::Event::PlayerAway {
            player_id,
            peer_id,
            seconds,
        } => event::PlayerAway {
            peer_id,
            player_id,
            seconds,
        }
        .into(),
        lobby::Event::PlayerBack(member) => event::PlayerBack {
            connection_id: sealer.seal(&member.contact, &to),
            peer_id: member.peer_id,
            player_id: member.contact.player_id,
        }
        .into(),
        lobby::Event::Resumed(lobby) => resumed(sealer, &to, &lobby).into(),
        lobby::Event::Battle(event) => battle::encode(&to, event),
        lobby::Event::Matchmaking(event) => matchmaking::encode(sealer, &to, event, now),
    }
}

/// A lobby as the listing shows it.
#[must_use]
pub fn summary(summary: Summary) -> LobbySummary {
    LobbySummary {
        lobby_id: summary.lobby_id,
        name: summary.name,
        players: summary.players,
        max_players: summary.max_players,
        join_policy: join_policy(summary.join_policy),
        locked: summary.locked,
        has_password: summary.has_password,
        metadata: summary.metadata,
        created_at: summary.created_at.as_secs(),
    }
}

fn started(lobby: &Lobby) -> event::LobbyStarted {
    event::LobbyStarted {
        peer_id: lobby.host().peer_id,
        visibility: visibility(lobby.settings.visibility),
        lobby: summary(Summary::from(lobby)),
    }
}

fn updated(lobby: &Lobby) -> event::LobbyUpdated {
    event::LobbyUpdated {
        visibility: visibility(lobby.settings.visibility),
        lobby: summary(Summary::from(lobby)),
    }
}

/// A lobby as one who is in it, or waits to be, sees it.
fn resumed(sealer: &Sealer, to: &Contact, lobby: &Lobby) -> event::LobbyResumed {
    let own = lobby.members.get(&to.player_id);
    let others = lobby.members_by_arrival().into_iter();
    let others = others.filter(|other| own.is_some() && other.contact.player_id != to.player_id);
    let (mut members, mut away) = (Vec::new(), Vec::new());
    for other in others {
        away.extend(other.contact.away.then_some(other.peer_id));
        members.push(seen_by(sealer, to, other.clone()));
    }
    let requests = lobby.requests_by_arrival().into_iter();
    let requests = requests.filter(|_| lobby.host == to.player_id);
    event::LobbyResumed {
        peer_id: own.map(|own| own.peer_id),
        team: own.and_then(|own| own.team).map(Team::get),
        visibility: visibility(lobby.settings.visibility),
        lobby: summary(Summary::from(lobby)),
        host_peer_id: lobby.host().peer_id,
        term: lobby.term,
        members,
        away,
        requests: requests
            .map(|request| event::ReceivedJoinRequest {
                connection_id: sealer.seal(&request.contact, to),
                player_id: request.contact.player_id.clone(),
                metadata: checked(request.metadata.clone()),
            })
            .collect(),
    }
}

fn accepted(
    sealer: &Sealer,
    to: &Contact,
    admitted: lobby::Admitted,
) -> event::JoinRequestAccepted {
    let members = admitted
        .others
        .into_iter()
        .map(|member| seen_by(sealer, to, member));
    event::JoinRequestAccepted {
        host_connection_id: sealer.seal(&admitted.host, to),
        peer_id: admitted.peer_id,
        lobby_id: admitted.lobby_id,
        members: members.collect(),
    }
}

fn seen_by(sealer: &Sealer, to: &Contact, member: lobby::Member) -> event::Member {
    event::Member {
        connection_id: sealer.seal(&member.contact, to),
        peer_id: member.peer_id,
        player_id: member.contact.player_id,
        metadata: checked(member.metadata),
    }
}

/// Metadata came through the protocol's check on its way in, so it passes again on its way out.
fn checked(metadata: lobby::Metadata) -> Metadata {
    Metadata::new(metadata).unwrap_or_default()
}

fn reason(how: Departure) -> LeaveReason {
    match how {
        Departure::Left => LeaveReason::Left,
        Departure::Kicked => LeaveReason::Kicked,
        Departure::Banned => LeaveReason::Banned,
        Departure::Disconnected => LeaveReason::Disconnected,
    }
}

fn visibility(visibility: lobby::Visibility) -> protocol::lobby::Visibility {
    match visibility {
        lobby::Visibility::Private => protocol::lobby::Visibility::Private,
        lobby::Visibility::Public => protocol::lobby::Visibility::Public,
    }
}

fn join_policy(policy: lobby::JoinPolicy) -> protocol::lobby::JoinPolicy {
    match policy {
        lobby::JoinPolicy::Ask => protocol::lobby::JoinPolicy::Ask,
        lobby::JoinPolicy::Open => protocol::lobby::JoinPolicy::Open,
    }
}
