//! A battle as one who is in it, or watches it, sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use ids::{BattleId, PeerId, PlayerId};
use protocol::event::{BattlePlayer, BattleState, Mark, Settlement, State};

/// A battle, running or over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fight {
    /// Which one.
    pub(crate) battle_id: BattleId,
    /// Who plays, the one who begins first.
    pub(crate) fighters: Vec<Fighter>,
    /// How it stands.
    pub(crate) board: Board,
    /// When time decides.
    pub(crate) until: Option<Instant>,
    /// How it ended.
    pub(crate) settled: Option<Settlement>,
    /// Who wants another.
    pub(crate) rematch: BTreeSet<PlayerId>,
}

/// One of those who play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fighter {
    /// Who it is.
    pub(crate) player_id: PlayerId,
    /// Its peer id.
    pub(crate) peer_id: PeerId,
    /// What it marks tiles with.
    pub(crate) mark: Option<Mark>,
    /// Until when it may come back, where its connection has ended.
    pub(crate) away_until: Option<Instant>,
}

/// How a battle stands, as its rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Board {
    /// Noughts and crosses.
    Tiles(Tiles),
    /// A score attack.
    Scores(Scores),
}

/// A board of three by three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tiles {
    /// The rows from the top.
    pub(crate) rows: [[Option<Mark>; 3]; 3],
    /// Whose turn it is.
    pub(crate) turn: Option<PlayerId>,
    /// The tiles that won.
    pub(crate) line: Vec<[u32; 2]>,
}

impl Tiles {
    fn marks(&self) -> usize {
        self.rows.iter().flatten().flatten().count()
    }

    /// The mark on a tile.
    pub(crate) fn mark(&self, [row, column]: [u32; 2]) -> Option<Mark> {
        let row = self.rows.get(usize::try_from(row).ok()?)?;
        *row.get(usize::try_from(column).ok()?)?
    }
}

/// Two scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scores {
    /// What an attack uses up.
    pub(crate) attack_cost: u64,
    /// How long an attack freezes the other.
    pub(crate) freeze: Duration,
    /// How each stands.
    pub(crate) contestants: BTreeMap<PlayerId, Standing>,
    /// This player's score, as far as it has won and may not have told yet.
    pub(crate) hoped: u64,
}

/// How one player of a score attack stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Its score, as Switchboard knows it.
    pub(crate) score: u64,
    /// What attacks have used up of it.
    pub(crate) spent: u64,
    /// Until when it is frozen; it may be over.
    pub(crate) frozen_until: Option<Instant>,
    /// Whether it has died.
    pub(crate) dead: bool,
}

impl Standing {
    /// Whether it is frozen still.
    pub(crate) fn is_frozen(&self, now: Instant) -> bool {
        self.frozen_until.is_some_and(|until| until > now)
    }
}

impl Fight {
    /// A battle that has begun, or goes on.
    pub(super) fn new(
        battle_id: BattleId,
        players: Vec<BattlePlayer>,
        state: State,
        me: &PlayerId,
        now: Instant,
    ) -> Self {
        let fighters = players.into_iter().map(|player| Fighter {
            player_id: player.player_id,
            peer_id: player.peer_id,
            mark: player.mark,
            away_until: player.away_seconds.map(|seconds| later(now, seconds)),
        });
        Self {
            battle_id,
            fighters: fighters.collect(),
            board: Board::new(state, me, now),
            until: None,
            settled: None,
            rematch: BTreeSet::new(),
        }
    }

    /// A battle as it stands, running or over.
    pub(super) fn again(state: BattleState, me: &PlayerId, now: Instant) -> Self {
        let mut fight = Self::new(state.battle_id, state.players, state.state, me, now);
        fight.until = state.seconds_left.map(|seconds| later(now, seconds));
        fight.settled = state.settled;
        fight
    }

    /// One of those who play.
    pub(crate) fn fighter(&self, player: &PlayerId) -> Option<&Fighter> {
        self.fighters
            .iter()
            .find(|fighter| fighter.player_id == *player)
    }

    pub(super) fn fighter_mut(&mut self, player: &PlayerId) -> Option<&mut Fighter> {
        self.fighters
            .iter_mut()
            .find(|fighter| fighter.player_id == *player)
    }

    /// The one who plays against another.
    pub(crate) fn opponent(&self, player: &PlayerId) -> Option<&PlayerId> {
        let others = self.fighters.iter().map(|fighter| &fighter.player_id);
        others.into_iter().find(|other| *other != player)
    }

    /// Whose turn it is, where the rules know turns.
    pub(crate) fn turn(&self) -> Option<&PlayerId> {
        match &self.board {
            Board::Tiles(tiles) => tiles.turn.as_ref(),
            Board::Scores(_) => None,
        }
    }

    /// The scores, where the rules have some.
    pub(crate) fn scores(&self) -> Option<&Scores> {
        match &self.board {
            Board::Scores(scores) => Some(scores),
            Board::Tiles(_) => None,
        }
    }

    pub(super) fn scores_mut(&mut self) -> Option<&mut Scores> {
        match &mut self.board {
            Board::Scores(scores) => Some(scores),
            Board::Tiles(_) => None,
        }
    }

    /// Takes a newer board; one that an answer brought late is left alone.
    pub(super) fn update(&mut self, state: State, me: &PlayerId, now: Instant) -> Newness {
        let newer = Board::new(state, me, now);
        if let (Board::Tiles(old), Board::Tiles(new)) = (&self.board, &newer)
            && new.marks() <= old.marks()
        {
            return Newness::Old;
        }
        self.board = newer;
        Newness::New
    }
}

/// Whether something had been overtaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newness {
    /// It had not.
    New,
    /// It had.
    Old,
}

impl Board {
    pub(super) fn new(state: State, me: &PlayerId, now: Instant) -> Self {
        match state {
            State::NoughtsAndCrosses { board, turn, line } => Self::Tiles(Tiles {
                rows: board,
                turn,
                line,
            }),
            State::ScoreAttack {
                attack_cost,
                freeze_seconds,
                contestants,
            } => {
                let hoped = contestants.get(me).map_or(0, |me| me.score);
                let standing = |one: protocol::event::Contestant| Standing {
                    score: one.score,
                    spent: one.spent,
                    frozen_until: (one.frozen_seconds > 0).then(|| later(now, one.frozen_seconds)),
                    dead: one.dead,
                };
                Self::Scores(Scores {
                    attack_cost,
                    freeze: Duration::from_secs(freeze_seconds.into()),
                    contestants: contestants
                        .into_iter()
                        .map(|(player, one)| (player, standing(one)))
                        .collect(),
                    hoped,
                })
            }
        }
    }
}

/// So many seconds from now.
pub(super) fn later(now: Instant, seconds: u32) -> Instant {
    now + Duration::from_secs(seconds.into())
}
