//! What can be done to a battle.

use ids::BattleId;

use super::{Options, RulesName};

/// Something that somebody does to the battle of its lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Starts one. The host does.
    Start {
        /// What it is to be called.
        battle_id: BattleId,
        /// By which rules.
        rules: RulesName,
        /// How they are set, and who plays.
        options: Options,
    },
    /// Attacks the other. Of score attack.
    Attack,
    /// Tells its score. Of score attack.
    SyncScore {
        /// The score.
        score: u64,
    },
    /// Dies. Of score attack.
    Die,
    /// Marks a tile. Of noughts and crosses.
    PlaceMark {
        /// Which row, from 0 at the top.
        row: u32,
        /// Which column, from 0 at the left.
        column: u32,
    },
    /// Gives up.
    Forfeit,
    /// Wants another battle.
    Rematch {
        /// What it is to be called, if it begins with this.
        battle_id: BattleId,
    },
    /// Asks for all there is to see.
    View,
}
