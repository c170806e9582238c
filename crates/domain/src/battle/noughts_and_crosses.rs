//! Noughts and crosses: three in a row on three by three tiles. The server owns the board and whose turn it is; who lets a
//! turn pass has lost, and a full board without a row is a draw.
//!
//! A mark that is placed again is refused: by then it is the other's turn.

use ids::PlayerId;

use super::options::seconds;
use super::{
    Decision, Event, Moment, Options, Pair, Player, Refusal, Rules, Side, Standing, Told, Why,
};
use crate::Timestamp;
use crate::time::seconds_until;

/// The rows from the top, each from the left; `None` where there is no mark.
pub type Board = [[Option<Mark>; 3]; 3];

/// A row and a column, each from 0 at the top left.
pub type Tile = [u32; 2];

/// The tiles that make three in a row.
const LINES: [[Tile; 3]; 8] = [
    [[0, 0], [0, 1], [0, 2]],
    [[1, 0], [1, 1], [1, 2]],
    [[2, 0], [2, 1], [2, 2]],
    [[0, 0], [1, 0], [2, 0]],
    [[0, 1], [1, 1], [2, 1]],
    [[0, 2], [1, 2], [2, 2]],
    [[0, 0], [1, 1], [2, 2]],
    [[0, 2], [1, 1], [2, 0]],
];

/// What a tile is marked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The mark of the one who begins.
    Cross,
    /// The mark of the other.
    Nought,
}

/// A game as it stands. Whose turn it is follows from the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What is marked.
    pub board: Board,
    /// How long a turn may take.
    pub turn_seconds: u32,
    /// When this turn has taken too long.
    pub turn_ends_at: Timestamp,
}

/// What a player can do: mark a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which row, from 0 at the top.
    pub row: u32,
    /// Which column, from 0 at the left.
    pub column: u32,
}

/// What there is to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What is marked.
    pub board: Board,
    /// Whose turn it is; nobody's once it is over.
    pub turn: Option<PlayerId>,
    /// The tiles in a row that have won; none where none have.
    pub line: Vec<Tile>,
}

impl Rules for State {
    type Move = Move;
    type View = View;

    fn start(options: &Options, now: Timestamp) -> Self {
        let turn_seconds = options.turn_seconds();
        Self {
            board: Board::default(),
            turn_seconds,
            turn_ends_at: now + seconds(turn_seconds),
        }
    }

    fn apply(
        &mut self,
        by: Side,
        what: Move,
        players: &Pair<Player>,
        now: Timestamp,
    ) -> Result<Vec<Told>, Refusal> {
        if self.turn() != by {
            return Err(Refusal::OutOfTurn);
        }
        let tile = tile_mut(&mut self.board, what).ok_or(Refusal::OffTheBoard)?;
        if tile.is_some() {
            return Err(Refusal::TileTaken);
        }
        *tile = Some(Mark::of(by));
        self.turn_ends_at = now + seconds(self.turn_seconds);
        let is_over = self.decision(now).is_some();
        let event = Event::MarkPlaced {
            player: players.get(by).player_id.clone(),
            row: what.row,
            column: what.column,
            state: Standing::NoughtsAndCrosses(self.view(players, Moment::At(now))),
            seconds_left: (!is_over).then(|| seconds_until(self.turn_ends_at, now)),
        };
        Ok(vec![Told::to_everyone(event)])
    }

    fn decision(&self, now: Timestamp) -> Option<Decision> {
        let line = self.line().map(|(mark, _)| Decision {
            why: Why::Line,
            winner: Some(mark.side()),
        });
        let full = || {
            self.is_full().then_some(Decision {
                why: Why::Full,
                winner: None,
            })
        };
        let too_late = || {
            (self.turn_ends_at <= now).then(|| Decision {
                why: Why::TimeOut,
                winner: Some(self.turn().other()),
            })
        };
        line.or_else(full).or_else(too_late)
    }

    fn deadline(&self) -> Option<Timestamp> {
        Some(self.turn_ends_at)
    }

    fn view(&self, players: &Pair<Player>, at: Moment) -> View {
        let line = self.line();
        let is_decided = at == Moment::Over || line.is_some() || self.is_full();
        let turn = players.get(self.turn()).player_id.clone();
        View {
            board: self.board,
            turn: (!is_decided).then_some(turn),
            line: line.map_or_else(Vec::new, |(_, tiles)| tiles.to_vec()),
        }
    }

    fn mark(side: Side) -> Option<Mark> {
        Some(Mark::of(side))
    }
}

impl State {
    /// Whose turn it is, unless the board decides.
    #[must_use]
    pub fn turn(&self) -> Side {
        let tiles = self.board.iter().flatten();
        if tiles.flatten().count().is_multiple_of(2) {
            Side::First
        } else {
            Side::Second
        }
    }

    fn line(&self) -> Option<(Mark, [Tile; 3])> {
        LINES.into_iter().find_map(|line| {
            let [one, two, three] = line.map(|[row, column]| self.at(row, column));
            one.filter(|_| one == two && two == three)
                .map(|mark| (mark, line))
        })
    }

    fn is_full(&self) -> bool {
        self.board.iter().flatten().all(Option::is_some)
    }

    fn at(&self, row: u32, column: u32) -> Option<Mark> {
        let row = self.board.get(usize::try_from(row).ok()?)?;
        *row.get(usize::try_from(column).ok()?)?
    }
}

impl Mark {
    /// The mark of the player on this side.
    #[must_use]
    pub fn of(side: Side) -> Self {
        match side {
            Side::First => Self::Cross,
            Side::Second => Self::Nought,
        }
    }

    /// Whose mark it is.
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Self::Cross => Side::First,
            Self::Nought => Side::Second,
        }
    }
}

fn tile_mut(board: &mut Board, tile: Move) -> Option<&mut Option<Mark>> {
    let row = board.get_mut(usize::try_from(tile.row).ok()?)?;
    row.get_mut(usize::try_from(tile.column).ok()?)
}
