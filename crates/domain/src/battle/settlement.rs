//! How a battle has ended.

use ids::{BattleId, PlayerId};

use super::RulesName;
use crate::Timestamp;

/// How a battle has ended. Decided once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Which battle.
    pub battle_id: BattleId,
    /// By which rules.
    pub rules: RulesName,
    /// When it was found to be over.
    pub settled_at: Timestamp,
    /// What ended it.
    pub why: Why,
    /// How it ended for each of those who played, the one who began first.
    pub players: Vec<PlayerResult>,
}

/// How a battle has ended for one of those who played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerResult {
    /// Who.
    pub player_id: PlayerId,
    /// How.
    pub result: Verdict,
    /// Its score, where the game has such a thing.
    pub score: Option<u64>,
}

/// What a battle is for one of those who played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Won.
    Win,
    /// Lost.
    Lose,
    /// Neither.
    Draw,
}

/// What ends a battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Both had died, and the scores decided.
    Score,
    /// Three in a row.
    Line,
    /// No tile was left.
    Full,
    /// Somebody gave up, left, or stayed away.
    Forfeit,
    /// Time was up: for the whole, and the scores decided; or for a turn, and whose it was has lost.
    TimeOut,
}

impl Settlement {
    /// How it ended for this player; `None` for one who watched.
    #[must_use]
    pub fn result_of(&self, player_id: &PlayerId) -> Option<Verdict> {
        let mut players = self.players.iter();
        let own = players.find(|player| player.player_id == *player_id);
        own.map(|player| player.result)
    }
}
