//! A lobby that a match makes: its members are in before they know of each other.

use ids::{BattleId, LobbyEra, LobbyId, MatchId};

use super::{
    Event, JoinPolicy, Lobby, Member, Metadata, Notice, Origin, Outcome, Settings, Visibility,
    fight, presence,
};
use crate::Timestamp;
use crate::battle::Battle;
use crate::matchmaking::{self, Found, Match, Placed, Queue, StartsBattle};

/// What a match's lobby is opened with, besides the match: names that are new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Which match.
    pub match_id: MatchId,
    /// What its lobby is called.
    pub lobby_id: LobbyId,
    /// Which lobby of that id.
    pub era: LobbyEra,
    /// What its battle is called, if the queue starts one.
    pub battle_id: BattleId,
}

/// Opens the lobby of a match, with as many seats as the queue has for one, and locked. Everybody in it hears of the match, the
/// host among them: the first player of the ticket that has waited longest. Where the queue says so and there are two at least,
/// their battle begins, between the host and the first player of another team.
///
/// The match must have a ticket at least, and a ticket has a player; those of a lobby with empty seats are
/// [filled in](super::Action::Fill) instead.
#[must_use]
pub fn assemble(of: &Match, queue: &Queue, opening: Opening, now: Timestamp) -> Outcome {
    let longest = of
        .placed
        .first()
        .and_then(|placed| placed.ticket.players.first());
    let host = longest
        .expect("a match has a ticket, and a ticket has a player")
        .clone();
    let mut lobby = Lobby::new(opening.lobby_id, opening.era, settings(queue), host, now);
    for placed in &of.placed {
        seat(&mut lobby, placed);
    }
    lobby.origin = Some(Origin {
        match_id: opening.match_id,
        queue: queue.name.clone(),
        tickets: of.placed.clone(),
    });
    let battle = queue.battle.as_ref().and_then(|battle| {
        let StartsBattle { rules, options } = battle;
        let players = fight::contenders(&lobby, None).ok()?;
        let options = options.clone();
        let battle = Battle::start(opening.battle_id, *rules, options, players, now);
        Some(battle)
    });
    let begun = battle.map(|battle| fight::begin(&mut lobby, battle, now));
    let mut alarms = presence::alarms(lobby.members.values());
    alarms.extend(fight::set_alarm(&mut lobby));
    alarms.sort_unstable();
    alarms.dedup();
    let members = lobby.members_by_arrival().into_iter();
    let mut notices: Vec<_> = members.filter_map(|member| found(&lobby, member)).collect();
    notices.extend(fight::pass_on(&lobby, begun));
    Outcome {
        lobby: Some(lobby),
        notices,
        alarms,
    }
}

/// Gives the players of a ticket their seats; who has one is put on its team.
pub(super) fn seat(lobby: &mut Lobby, placed: &Placed) {
    for contact in &placed.ticket.players {
        if let Some(member) = lobby.members.get_mut(&contact.player_id) {
            member.team = Some(placed.team);
            continue;
        }
        lobby.requests.remove(&contact.player_id);
        let member = Member {
            contact: contact.clone(),
            peer_id: lobby.free_peer_id(),
            team: Some(placed.team),
            arrival: lobby.next_arrival(),
            metadata: Metadata::new(),
        };
        lobby.members.insert(contact.player_id.clone(), member);
    }
}

/// What somebody hears of the match that it is in.
pub(super) fn found(lobby: &Lobby, to: &Member) -> Option<Notice> {
    let battle = lobby.battle.as_ref().filter(|battle| battle.is_running());
    let players = lobby.members_by_arrival().into_iter();
    let found = Found {
        match_id: lobby.origin.as_ref()?.match_id.clone(),
        lobby_id: lobby.lobby_id.clone(),
        battle_id: battle.map(|battle| battle.battle_id.clone()),
        team: to.team?,
        host_peer_id: lobby.host().peer_id,
        players: players.cloned().collect(),
    };
    Some(Notice {
        to: to.contact.clone(),
        event: Event::Matchmaking(matchmaking::Event::Found(found)),
    })
}

/// Nobody comes into a match but those who were matched, until its host says otherwise.
fn settings(queue: &Queue) -> Settings {
    Settings {
        name: None,
        max_players: queue.most_players(),
        visibility: Visibility::Private,
        join_policy: JoinPolicy::Ask,
        locked: true,
        password: None,
        metadata: Metadata::new(),
    }
}
