//! What is heard of battles.

mod parts;

use ids::{BattleId, PlayerId};
use serde::{Deserialize, Serialize};

use super::{example_other, example_player};
use crate::action::message;
use crate::battle::Rules;

pub use parts::{
    BattlePlayer, BattleResult, Contestant, Effect, EndReason, Fallen, Mark, Outcome, PlayerResult,
    Settlement, State,
};

event! {
    /// A battle has begun.
    BattleStarted, "battle_started" {
        /// Which battle.
        pub battle_id: BattleId,
        /// By which rules.
        pub rules: Rules,
        /// Who plays, the one who begins first. Everyone else in the lobby watches.
        pub players: Vec<BattlePlayer>,
        /// How it stands.
        pub state: State,
        /// How long until time decides: for the turn in `noughts_and_crosses`, for the whole in `score_attack`.
        pub seconds_left: Option<u32>,
    } = BattleStarted {
        battle_id: example_battle(),
        rules: Rules::ScoreAttack,
        players: BattlePlayer::examples().into_iter().map(|player| BattlePlayer { mark: None, ..player }).collect(),
        state: State::score_example(),
        seconds_left: Some(300),
    }
}

event! {
    /// A player attacked the other.
    Attacked, "attacked" {
        /// Who attacked.
        pub by: PlayerId,
        /// What it does to the other.
        pub effect: Effect,
        /// For how long.
        pub seconds: u32,
    } = Attacked { by: example_player(), effect: Effect::Freeze, seconds: 5 }
}

event! {
    /// A player's score.
    ScoreSynced, "score_synced" {
        /// Whose.
        pub player: PlayerId,
        /// The score as it is now. It never falls: one that is lower than another heard before is the older one.
        pub score: u64,
    } = ScoreSynced { player: example_player(), score: 30 }
}

event! {
    /// A player has died, or both have.
    PlayerDied, "player_died" {
        /// Who died: a player's id, or `all` once both have.
        pub player: Fallen,
    } = PlayerDied { player: Fallen::Player(example_player()) }
}

event! {
    /// A tile has been marked.
    MarkPlaced, "mark_placed" {
        /// By whom.
        pub player: PlayerId,
        /// Its row and column.
        pub tile: [u32; 2],
        /// How it stands now.
        pub state: State,
        /// How long the next turn may take; null where the battle is over.
        pub seconds_left: Option<u32>,
    } = MarkPlaced { player: example_player(), tile: [1, 1], state: State::board_example(), seconds_left: Some(60) }
}

event! {
    /// A battle is over. Said once.
    BattleSettled, "battle_settled" {
        /// Which battle.
        pub battle_id: BattleId,
        /// By which rules.
        pub rules: Rules,
        /// How it ended.
        #[serde(flatten)]
        pub settlement: Settlement,
    } = BattleSettled {
        battle_id: example_battle(),
        rules: Rules::ScoreAttack,
        settlement: Settlement::example(),
    }
}

event! {
    /// A player wants another battle. It begins when both do.
    RematchRequested, "rematch_requested" {
        /// Who.
        pub player: PlayerId,
    } = RematchRequested { player: example_player() }
}

event! {
    /// All there is to see of a battle.
    BattleState, "battle_state" {
        /// Which battle.
        pub battle_id: BattleId,
        /// By which rules.
        pub rules: Rules,
        /// Who plays, the one who begins first.
        pub players: Vec<BattlePlayer>,
        /// How it stands.
        pub state: State,
        /// How it ended; null while it goes on.
        pub settled: Option<Settlement>,
        /// How long until time decides: for the turn in `noughts_and_crosses`, for the whole in `score_attack`; null where the
        /// battle is over.
        pub seconds_left: Option<u32>,
    } = BattleState {
        battle_id: example_battle(),
        rules: Rules::NoughtsAndCrosses,
        players: BattlePlayer::examples(),
        state: State::board_example(),
        settled: None,
        seconds_left: Some(52),
    }
}

event! {
    /// A page of the sender's results, the newest first.
    ResultList, "result_list" {
        /// The battles.
        pub results: Vec<BattleResult>,
        /// Send it back for what follows; absent where this was all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub cursor: Option<String>,
    } = ResultList { results: vec![BattleResult::example()], cursor: None }
}

fn example_battle() -> BattleId {
    BattleId::parse("f4a1c7d2-90be-4d35-8c16-5e7b3a2f0d98").expect("a valid id")
}
