//! What several events of a battle are made of.

use std::collections::BTreeMap;

use ids::{BattleId, InvalidId, PeerId, PlayerId};
use serde::{Deserialize, Serialize};

use super::{example_battle, example_other, example_player};
use crate::battle::Rules;

/// One of those who play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BattlePlayer {
    /// Who it is.
    pub player_id: PlayerId,
    /// Its peer id in the lobby.
    pub peer_id: PeerId,
    /// What it marks tiles with; `noughts_and_crosses` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// How long it has to come back, where its connection has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away_seconds: Option<u32>,
}

impl BattlePlayer {
    pub(super) fn examples() -> Vec<Self> {
        vec![
            Self {
                player_id: example_player(),
                peer_id: PeerId::FIRST,
                mark: Some(Mark::Cross),
                away_seconds: None,
            },
            Self {
                player_id: example_other(),
                peer_id: PeerId::try_from(2).expect("within range"),
                mark: Some(Mark::Nought),
                away_seconds: None,
            },
        ]
    }
}

/// What a tile is marked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Mark {
    /// The mark of the one who begins.
    #[serde(rename = "x")]
    Cross,
    /// The mark of the other.
    #[serde(rename = "o")]
    Nought,
}

/// How a battle stands, as its rules see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "rules", rename_all = "snake_case")]
pub enum State {
    /// Two scores.
    ScoreAttack {
        /// How much of the score an attack uses up.
        attack_cost: u64,
        /// How long an attack freezes the other.
        freeze_seconds: u32,
        /// How each player stands, by its id.
        contestants: BTreeMap<PlayerId, Contestant>,
    },
    /// A board.
    NoughtsAndCrosses {
        /// The rows from the top, each from the left; null where there is no mark.
        board: [[Option<Mark>; 3]; 3],
        /// Whose turn it is; null where the battle is over.
        turn: Option<PlayerId>,
        /// The tiles of the row that won; empty where none did.
        line: Vec<[u32; 2]>,
    },
}

impl State {
    pub(super) fn score_example() -> Self {
        let fresh = Contestant {
            score: 0,
            spent: 0,
            frozen_seconds: 0,
            dead: false,
        };
        Self::ScoreAttack {
            attack_cost: 10,
            freeze_seconds: 5,
            contestants: BTreeMap::from([
                (example_player(), fresh.clone()),
                (example_other(), fresh),
            ]),
        }
    }

    pub(super) fn board_example() -> Self {
        let mut board = [[None; 3]; 3];
        board[1][1] = Some(Mark::Cross);
        Self::NoughtsAndCrosses {
            board,
            turn: Some(example_other()),
            line: Vec::new(),
        }
    }
}

/// How one player of a `score_attack` stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contestant {
    /// Its score.
    pub score: u64,
    /// How much of the score attacks have used up; it still counts in the end.
    pub spent: u64,
    /// How much longer it is frozen; 0 where it is not.
    pub frozen_seconds: u32,
    /// Whether it has died.
    pub dead: bool,
}

/// What an attack does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The other can neither attack nor tell a score.
    Freeze,
}

/// Who died: one player, or both. On the wire a player's id, or `all`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Fallen {
    /// One player; the other still plays.
    Player(PlayerId),
    /// Both.
    All,
}

impl TryFrom<String> for Fallen {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        if text == "all" {
            Ok(Self::All)
        } else {
            PlayerId::parse(text).map(Self::Player)
        }
    }
}

impl From<Fallen> for String {
    fn from(fallen: Fallen) -> Self {
        match fallen {
            Fallen::Player(player) => player.into(),
            Fallen::All => "all".to_owned(),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Fallen {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fallen".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "minLength": 1, "maxLength": 128})
    }
}

/// How a battle ended for one who played it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Won.
    Win,
    /// Lost.
    Lose,
    /// Neither.
    Draw,
}

/// What ended a battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Both players had died, and the scores decided.
    Score,
    /// Three in a row.
    Line,
    /// No tile was left.
    Full,
    /// A player gave up, left, or stayed away.
    Forfeit,
    /// Time was up: for the whole battle, and the scores decided; or for a turn, and whose it was has lost.
    TimeOut,
}

/// How a battle ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settlement {
    /// How it ended for the receiver; absent for one who watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// What ended it.
    pub reason: EndReason,
    /// The scores by player; null where the rules have none.
    pub scores: Option<BTreeMap<PlayerId, u64>>,
    /// How it ended for each player.
    pub results: BTreeMap<PlayerId, Outcome>,
}

impl Settlement {
    pub(super) fn example() -> Self {
        Self {
            result: Some(Outcome::Win),
            reason: EndReason::Score,
            scores: Some(BTreeMap::from([
                (example_player(), 42),
                (example_other(), 30),
            ])),
            results: BTreeMap::from([
                (example_player(), Outcome::Win),
                (example_other(), Outcome::Lose),
            ]),
        }
    }
}

/// A battle that is over, as one who played it sees it later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BattleResult {
    /// Which battle.
    pub battle_id: BattleId,
    /// By which rules.
    pub rules: Rules,
    /// When it ended, in seconds since 1970.
    pub settled_at: u64,
    /// How it ended for the receiver.
    pub result: Outcome,
    /// What ended it.
    pub reason: EndReason,
    /// How it ended for each who played, the receiver included.
    pub players: Vec<PlayerResult>,
}

impl BattleResult {
    pub(super) fn example() -> Self {
        let player = |player_id, result, score| PlayerResult {
            player_id,
            result,
            score: Some(score),
        };
        Self {
            battle_id: example_battle(),
            rules: Rules::ScoreAttack,
            settled_at: 1_800_000_600,
            result: Outcome::Win,
            reason: EndReason::Score,
            players: vec![
                player(example_player(), Outcome::Win, 42),
                player(example_other(), Outcome::Lose, 30),
            ],
        }
    }
}

/// How a battle ended for one who played it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlayerResult {
    /// Who.
    pub player_id: PlayerId,
    /// How.
    pub result: Outcome,
    /// Its score, where the rules have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u64>,
}
