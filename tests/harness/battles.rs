//! What players do to each other in a battle, as verbs.

use protocol::Event;
use protocol::battle::{BattleOptions, GetBattle, PlaceMark, Rules, Score, StartBattle, SyncScore};
use protocol::event::{
    BattleSettled, BattleStarted, BattleState, MarkPlaced, Outcome, ScoreSynced, State,
};

use crate::Player;

/// The start of a battle by these rules, as they come.
#[must_use]
pub fn battle(rules: Rules) -> StartBattle {
    StartBattle {
        rules,
        options: None,
    }
}

/// The start of a battle by these rules, set otherwise.
#[must_use]
pub fn battle_with(rules: Rules, options: BattleOptions) -> StartBattle {
    StartBattle {
        rules,
        options: Some(options),
    }
}

/// A score.
#[must_use]
pub fn score(score: u64) -> SyncScore {
    SyncScore {
        score: Score::new(score).expect("within its bounds"),
    }
}

/// A mark on a tile.
#[must_use]
pub fn mark(row: u32, column: u32) -> PlaceMark {
    PlaceMark {
        tile: [row, column],
    }
}

impl Player {
    /// Starts a battle; everyone else given hears so as well.
    pub async fn starts_battle(&self, start: StartBattle, others: &[&Player]) -> BattleStarted {
        let answer = self.does(start).await;
        let Event::BattleStarted(started) = answer else {
            panic!("`start_battle` was answered by {answer:?}");
        };
        for other in others {
            let heard = other.hears::<BattleStarted>().await;
            assert_eq!(heard.battle_id, started.battle_id);
        }
        started
    }

    /// Tells its score; everyone else given hears it.
    pub async fn scores(&self, points: u64, others: &[&Player]) {
        self.does(score(points)).await;
        for other in others {
            let heard = other.hears::<ScoreSynced>().await;
            assert_eq!((&heard.player, heard.score), (self.id(), points));
        }
    }

    /// Marks a tile; everyone else given hears it.
    pub async fn marks(&self, row: u32, column: u32, others: &[&Player]) -> State {
        let answer = self.does(mark(row, column)).await;
        let Event::MarkPlaced(placed) = answer else {
            panic!("`place_mark` was answered by {answer:?}");
        };
        for other in others {
            let heard = other.hears::<MarkPlaced>().await;
            assert_eq!(heard.state, placed.state);
        }
        placed.state
    }

    /// Hears how the battle ended, which is like this for itself.
    #[track_caller]
    pub fn hears_that_it_ended(&self, result: Outcome) -> impl Future<Output = BattleSettled> {
        let settled = self.hears::<BattleSettled>();
        async move {
            let settled = settled.await;
            assert_eq!(settled.settlement.result, Some(result), "{}", self.name());
            settled
        }
    }

    /// Asks how the battle stands.
    #[track_caller]
    pub fn sees_battle(&self) -> impl Future<Output = BattleState> {
        let answer = self.does(GetBattle {});
        async move {
            let Event::BattleState(state) = answer.await else {
                panic!("`get_battle` has another answer than `battle_state`");
            };
            state
        }
    }
}
