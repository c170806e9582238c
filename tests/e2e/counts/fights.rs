//! The scenes of battles: a host and another play, and a third watches.

use client::protocol::Action;
use client::protocol::battle::{
    Attack, Die, ForfeitBattle, GetBattle, ListResults, RequestRematch, Rules,
};
use e2e::{Counts, Player, battle, mark, score};

use super::scenes::Scenes;

impl Scenes<'_> {
    /// Plays the scene of a row that is about battles; what its action cost.
    pub(super) async fn cost_of_fight(&mut self, row: &str) -> Option<Counts> {
        let score_attack = Rules::ScoreAttack;
        let noughts = Rules::NoughtsAndCrosses;
        let nothing: [Action; 0] = [];
        Some(match row {
            "start_battle" => self.without_a_battle(battle(score_attack)).await,
            "attack" => {
                self.first(score_attack, [score(10).into()], Attack {})
                    .await
            }
            "sync_score" => self.first(score_attack, nothing, score(1)).await,
            "die, the first" => self.first(score_attack, nothing, Die {}).await,
            "die, the second" => self.second(score_attack, Die {}, Die {}).await,
            "place_mark" => self.first(noughts, nothing, mark(0, 0)).await,
            "forfeit_battle" => self.first(noughts, nothing, ForfeitBattle {}).await,
            "request_rematch, the first" => {
                let over = [ForfeitBattle {}.into()];
                self.first(noughts, over, RequestRematch {}).await
            }
            "request_rematch, the second" => self.rematch().await,
            "get_battle" => self.first(noughts, nothing, GetBattle {}).await,
            "list_results" => self.without_a_battle(ListResults::default()).await,
            _other => return None,
        })
    }

    async fn without_a_battle(&mut self, action: impl Into<Action>) -> Counts {
        let [host, ann, bob] = self.party().await.1;
        let before = self.inside.counts();
        host.does(action).await;
        self.spent(&before, [host, ann, bob]).await
    }

    /// The first player does something after something else.
    async fn first<const N: usize>(
        &mut self,
        rules: Rules,
        earlier: [Action; N],
        action: impl Into<Action>,
    ) -> Counts {
        let players = self.battle(rules).await;
        for action in earlier {
            players[0].does(action).await;
        }
        let before = self.inside.counts();
        players[0].does(action).await;
        self.spent(&before, players).await
    }

    /// The second player does something after the first.
    async fn second(
        &mut self,
        rules: Rules,
        earlier: impl Into<Action>,
        action: impl Into<Action>,
    ) -> Counts {
        let players = self.battle(rules).await;
        players[0].does(earlier).await;
        let before = self.inside.counts();
        players[1].does(action).await;
        self.spent(&before, players).await
    }

    async fn rematch(&mut self) -> Counts {
        let players = self.battle(Rules::NoughtsAndCrosses).await;
        players[0].does(ForfeitBattle {}).await;
        players[0].does(RequestRematch {}).await;
        let before = self.inside.counts();
        players[1].does(RequestRematch {}).await;
        self.spent(&before, players).await
    }

    async fn battle(&self, rules: Rules) -> [Player; 3] {
        let players = self.party().await.1;
        players[0].does(battle(rules)).await;
        players
    }
}
