//! Tickets, queues and matches for the stories about lobbies that matches make.

use domain::Timestamp;
use domain::battle::{Options, RulesName};
use domain::lobby::{Action, Entry, Lobby, Opening, assemble};
use domain::matchmaking::{
    Attributes, Match, Owner, Placed, Queue, StartsBattle, State, Team, TeamSize, Ticket, TicketRef,
};
use ids::{BattleId, MatchId, QueueName, TicketId};

use crate::scene::{DAWN, Scene, contact, era, friday, player};

/// Two teams of one or two.
pub(crate) fn doubles() -> Queue {
    Queue {
        name: QueueName::parse("doubles").expect("a queue"),
        teams: 2,
        team_size: TeamSize { min: 1, max: 2 },
        rules: Vec::new(),
        acceptance_seconds: None,
        give_up_seconds: 300,
        battle: None,
    }
}

/// The same, with a battle.
pub(crate) fn doubles_that_battle() -> Queue {
    Queue {
        battle: Some(StartsBattle {
            rules: RulesName::NoughtsAndCrosses,
            options: Options::default(),
        }),
        ..doubles()
    }
}

pub(crate) fn team(number: u32) -> Team {
    Team::new(number).expect("a team")
}

/// The ticket of these players on this team, called after the first.
pub(crate) fn placed(number: u32, names: &[&str]) -> Placed {
    Placed {
        team: team(number),
        ticket: ticket(names),
    }
}

pub(crate) fn ticket(names: &[&str]) -> Ticket {
    Ticket {
        ticket_id: TicketId::parse(format!("{}-ticket", names[0])).expect("a ticket id"),
        queue: doubles().name,
        owner: if names.len() == 1 {
            Owner::Player
        } else {
            Owner::Party {
                lobby_id: friday(),
                era: era(),
            }
        },
        players: names.iter().map(|name| contact(name)).collect(),
        attributes: Attributes::new(),
        created_at: Timestamp::from_millis(DAWN),
        version: 3,
        state: State::Waiting,
    }
}

pub(crate) fn opening() -> Opening {
    Opening {
        match_id: match_id(),
        lobby_id: friday(),
        era: era(),
        battle_id: battle_id(),
    }
}

pub(crate) fn match_id() -> MatchId {
    MatchId::parse("match-1").expect("a match id")
}

pub(crate) fn battle_id() -> BattleId {
    BattleId::parse("battle-1").expect("a battle id")
}

/// A match of these in a queue.
pub(crate) fn made(placed: &[Placed], queue: &Queue) -> Scene {
    let now = Timestamp::from_millis(DAWN);
    let of = Match {
        placed: placed.to_vec(),
        backfill: None,
    };
    let stored = assemble(&of, queue, opening(), now).lobby;
    Scene { stored, now }
}

/// The ticket by which a match asks for more players.
pub(crate) fn for_more() -> TicketRef {
    TicketRef {
        queue: doubles().name,
        ticket_id: TicketId::parse("for-more").expect("a ticket id"),
    }
}

pub(crate) fn ask_for_more(name: &str) -> Action {
    Action::Enqueue {
        by: player(name),
        ticket: for_more(),
        kind: Entry::Backfill,
    }
}

pub(crate) fn fill(newcomers: &[Placed]) -> Action {
    Action::Fill {
        newcomers: newcomers.to_vec(),
        ticket_id: for_more().ticket_id,
    }
}

/// Who is on which team, in the order of coming.
pub(crate) fn teams(lobby: &Lobby) -> Vec<(&str, u32, Option<u32>)> {
    let members = lobby.members_by_arrival().into_iter();
    members
        .map(|member| {
            let name = member.contact.player_id.as_str();
            (name, member.peer_id.get(), member.team.map(Team::get))
        })
        .collect()
}
