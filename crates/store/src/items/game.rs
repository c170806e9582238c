//! How each game stands, as a part of its battle. A new game is a variant here.

use domain::Timestamp;
use domain::battle::noughts_and_crosses::{self, Board};
use domain::battle::score_attack::{self, Contestant};
use domain::battle::{Game, Mark};
use serde::{Deserialize, Serialize};

use super::pair::PairPart;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum GamePart {
    ScoreAttack(ScoreAttackPart),
    NoughtsAndCrosses(NoughtsAndCrossesPart),
}

#[derive(Serialize, Deserialize)]
pub(super) struct ScoreAttackPart {
    attack_cost: u64,
    freeze_seconds: u32,
    ends_at_millis: u64,
    contestants: PairPart<ContestantPart>,
}

#[derive(Serialize, Deserialize)]
struct ContestantPart {
    score: u64,
    spent: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen_until_millis: Option<u64>,
    dead: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct NoughtsAndCrossesPart {
    board: [[Option<MarkText>; 3]; 3],
    turn_seconds: u32,
    turn_ends_at_millis: u64,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MarkText {
    Cross,
    Nought,
}

impl From<&Game> for GamePart {
    fn from(game: &Game) -> Self {
        match game {
            Game::ScoreAttack(game) => Self::ScoreAttack(game.into()),
            Game::NoughtsAndCrosses(game) => Self::NoughtsAndCrosses(game.into()),
        }
    }
}

impl From<GamePart> for Game {
    fn from(part: GamePart) -> Self {
        match part {
            GamePart::ScoreAttack(part) => Self::ScoreAttack(part.into()),
            GamePart::NoughtsAndCrosses(part) => Self::NoughtsAndCrosses(part.into()),
        }
    }
}

impl From<&score_attack::State> for ScoreAttackPart {
    fn from(game: &score_attack::State) -> Self {
        Self {
            attack_cost: game.attack_cost,
            freeze_seconds: game.freeze_seconds,
            ends_at_millis: game.ends_at.as_millis(),
            contestants: PairPart::of(&game.contestants),
        }
    }
}

impl From<ScoreAttackPart> for score_attack::State {
    fn from(part: ScoreAttackPart) -> Self {
        Self {
            attack_cost: part.attack_cost,
            freeze_seconds: part.freeze_seconds,
            ends_at: Timestamp::from_millis(part.ends_at_millis),
            contestants: part.contestants.into_pair(),
        }
    }
}

impl From<&Contestant> for ContestantPart {
    fn from(contestant: &Contestant) -> Self {
        Self {
            score: contestant.score,
            spent: contestant.spent,
            frozen_until_millis: contestant.frozen_until.map(Timestamp::as_millis),
            dead: contestant.dead,
        }
    }
}

impl From<ContestantPart> for Contestant {
    fn from(part: ContestantPart) -> Self {
        Self {
            score: part.score,
            spent: part.spent,
            frozen_until: part.frozen_until_millis.map(Timestamp::from_millis),
            dead: part.dead,
        }
    }
}

impl From<&noughts_and_crosses::State> for NoughtsAndCrossesPart {
    fn from(game: &noughts_and_crosses::State) -> Self {
        let text = |mark| match mark {
            Mark::Cross => MarkText::Cross,
            Mark::Nought => MarkText::Nought,
        };
        Self {
            board: game.board.map(|row| row.map(|tile| tile.map(text))),
            turn_seconds: game.turn_seconds,
            turn_ends_at_millis: game.turn_ends_at.as_millis(),
        }
    }
}

impl From<NoughtsAndCrossesPart> for noughts_and_crosses::State {
    fn from(part: NoughtsAndCrossesPart) -> Self {
        let mark = |text| match text {
            MarkText::Cross => Mark::Cross,
            MarkText::Nought => Mark::Nought,
        };
        let board: Board = part.board.map(|row| row.map(|tile| tile.map(mark)));
        Self {
            board,
            turn_seconds: part.turn_seconds,
            turn_ends_at: Timestamp::from_millis(part.turn_ends_at_millis),
        }
    }
}
