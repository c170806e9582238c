//! Who and what is meant by a wish that has to do with battles and queues.

use domain::battle::{self, Game, Options, Pair, RulesName, Side};
use domain::lobby::{Action, Entry, Lobby};
use domain::matchmaking::{
    Attributes, Ending, Owner, Placed, Queue, StartsBattle, State, Team, TeamSize, Ticket,
    TicketRef,
};
use ids::{BattleId, LobbyId, PlayerId, QueueName, TicketId};

use crate::deed::Deed;
use crate::plays::{Play, Service, Tile, Turn, Whose};
use crate::world::World;

/// The queue of the histories: two teams of one to three, and a battle.
pub(crate) fn queue() -> Queue {
    Queue {
        name: QueueName::parse("crowd").expect("a queue"),
        teams: 2,
        team_size: TeamSize { min: 1, max: 3 },
        rules: Vec::new(),
        acceptance_seconds: None,
        give_up_seconds: 300,
        battle: Some(StartsBattle {
            rules: RulesName::NoughtsAndCrosses,
            options: Options::default(),
        }),
    }
}

/// A ticket's place in it.
pub(crate) fn ticket(number: u32) -> TicketRef {
    TicketRef {
        queue: queue().name,
        ticket_id: TicketId::parse(format!("ticket-{number}")).expect("a ticket id"),
    }
}

/// What a battle is called.
pub(crate) fn battle_id(number: u32) -> BattleId {
    BattleId::parse(format!("battle-{number}")).expect("a battle id")
}

impl World {
    /// What a player means to do to the battle or the ticket of a lobby. New names are given when it is done.
    pub(crate) fn played(&self, lobby_id: &LobbyId, by: PlayerId, play: Play) -> Option<Action> {
        let lobby = self.stored(lobby_id)?;
        let action = match play {
            Play::Start { rules, named } => battle::Action::Start {
                battle_id: battle_id(0),
                rules,
                options: options(lobby, named),
            },
            Play::Attack => battle::Action::Attack,
            Play::Score(more) => battle::Action::SyncScore {
                score: score(lobby, &by)?.saturating_add_signed(more.into()),
            },
            Play::Die => battle::Action::Die,
            Play::Mark(tile) => {
                let [row, column] = chosen(lobby, tile)?;
                battle::Action::PlaceMark { row, column }
            }
            Play::Forfeit => battle::Action::Forfeit,
            Play::Rematch => battle::Action::Rematch {
                battle_id: battle_id(0),
            },
            Play::View => battle::Action::View,
            Play::EnterAsParty => {
                return Some(Action::Enqueue {
                    by,
                    ticket: ticket(0),
                    kind: Entry::Party {
                        most: queue().team_size.max,
                        estimate: None,
                    },
                });
            }
            Play::AskForMore => {
                return Some(Action::Enqueue {
                    by,
                    ticket: ticket(0),
                    kind: Entry::Backfill,
                });
            }
        };
        Some(Action::Battle { by, action })
    }

    /// What one who plays means to do to the battle of a lobby.
    pub(crate) fn turn(&self, lobby_id: &LobbyId, turn: Turn) -> Option<Action> {
        let battle = self.stored(lobby_id)?.battle.as_ref()?;
        let next = match &battle.game {
            Game::NoughtsAndCrosses(state) => state.turn(),
            Game::ScoreAttack(state) => {
                let Pair { first, second } = &state.contestants;
                if first.dead || (!second.dead && second.score < first.score) {
                    Side::Second
                } else {
                    Side::First
                }
            }
        };
        let side = match turn.whose {
            Whose::Next => next,
            Whose::Other => next.other(),
        };
        let play = match (&battle.game, turn.play) {
            (Game::NoughtsAndCrosses(_), Play::Attack) => Play::Mark(Tile::Free(3)),
            (Game::NoughtsAndCrosses(_), Play::Die) => Play::Mark(Tile::Free(5)),
            (Game::NoughtsAndCrosses(_), Play::Score(more)) => {
                Play::Mark(Tile::Free(more.unsigned_abs()))
            }
            (Game::ScoreAttack(_), Play::Mark(_)) => Play::Score(5),
            (Game::NoughtsAndCrosses(_) | Game::ScoreAttack(_), play) => play,
        };
        let by = battle.players.get(side).player_id.clone();
        self.played(lobby_id, by, play)
    }

    /// What a queue means to do to a lobby.
    pub(crate) fn served_by_queue(&mut self, lobby_id: LobbyId, service: Service) -> Option<Deed> {
        let ticket_id = |world: &Self| {
            let ticket = world.stored(&lobby_id)?.ticket.as_ref()?;
            Some(ticket.ticket_id.clone())
        };
        let action = match service {
            Service::Match { first, players } => {
                let placed = self.strangers(first, players);
                return (!placed.is_empty()).then_some(Deed::Match { lobby_id, placed });
            }
            Service::Fill { first, players } => Action::Fill {
                ticket_id: ticket_id(self)?,
                newcomers: self.strangers(first, players),
            },
            Service::FillAnother { first, players } => Action::Fill {
                ticket_id: ticket(0).ticket_id,
                newcomers: self.strangers(first, players),
            },
            Service::GiveUp => Action::Dequeue {
                ticket_id: ticket_id(self)?,
                why: Ending::GaveUp,
            },
            Service::GiveUpAnother => Action::Dequeue {
                ticket_id: ticket(0).ticket_id,
                why: Ending::GaveUp,
            },
        };
        Some(Deed::Act { lobby_id, action })
    }

    /// Some of those who are in no lobby, each with a ticket of its own, on teams in turns.
    fn strangers(&mut self, first: u8, players: u8) -> Vec<Placed> {
        let mut placed = Vec::new();
        for offset in 0..12 {
            let who = first.wrapping_add(offset);
            let player_id = self.player(who).id.clone();
            if placed.len() < players.into() && self.store.seat(&player_id, self.now).is_none() {
                let team = Team::new(1 + u32::from(offset) % 2).expect("a team");
                let ticket = Ticket {
                    ticket_id: TicketId::parse(player_id.as_str()).expect("a ticket id"),
                    queue: queue().name,
                    owner: Owner::Player,
                    players: vec![self.on_a_ticket(who)],
                    attributes: Attributes::new(),
                    created_at: self.now,
                    version: 1,
                    state: State::Waiting,
                };
                placed.push(Placed { team, ticket });
            }
        }
        placed
    }
}

fn options(lobby: &Lobby, named: Option<(u8, u8)>) -> Options {
    let members = lobby.members_by_arrival();
    let peer = |number: u8| members[usize::from(number) % members.len()].peer_id;
    Options {
        players: named.map(|(one, other)| vec![peer(one), peer(other)]),
        battle_seconds: Some(240),
        ..Options::default()
    }
}

fn score(lobby: &Lobby, by: &PlayerId) -> Option<u64> {
    let battle = lobby.battle.as_ref()?;
    let side = battle.players.side_of(by).unwrap_or(Side::First);
    Some(battle.game.score(side).unwrap_or_default())
}

fn chosen(lobby: &Lobby, tile: Tile) -> Option<[u32; 2]> {
    let which = match tile {
        Tile::Any(row, column) => return Some([row.into(), column.into()]),
        Tile::Free(which) => which,
    };
    let Game::NoughtsAndCrosses(state) = &lobby.battle.as_ref()?.game else {
        return Some([0, 0]);
    };
    let mut free = Vec::new();
    for (row, tiles) in (0..).zip(&state.board) {
        let columns = (0..).zip(tiles).filter(|(_, mark)| mark.is_none());
        free.extend(columns.map(|(column, _)| [row, column]));
    }
    let chosen = usize::from(which).checked_rem(free.len())?;
    Some(free[chosen])
}
