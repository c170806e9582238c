//! The scenes of matchmaking, each in a queue of its own. Everything is counted until the ticks are done that it led to.

use client::protocol::Action;
use client::protocol::event::{MatchFound, MatchProposed};
use client::protocol::matchmaking::{
    AcceptMatch, DeclineMatch, ExplainMatchmaking, JoinMatchmaking, LeaveMatchmaking,
    RequestBackfill,
};
use e2e::{Counts, Player};
use ids::{MatchId, QueueName};

use super::scenes::{Cost, Scenes};

pub(super) const LOOK: &str = "everybody is looked at";
const PUT_BACK: &str = "a ticket is put back";
const AGAIN: &str = "somebody came in between, or was put back: another tick";
const TIMER: &str = "a timer for the next tick";
const NOTED: &str = "how long those waited who were matched, or that timer, is written down";

impl Scenes<'_> {
    /// Plays the scene of a row that is about matchmaking; what its action cost.
    pub(super) async fn cost_of_search(&mut self, row: &str) -> Option<Cost> {
        let (counts, ticked) = match row {
            "$disconnect, in a queue" => (self.vanishes().await, vec![]),
            "join_matchmaking, alone" => (self.joins().await, vec![LOOK, TIMER, NOTED]),
            "join_matchmaking, as a party" => {
                (self.joins_as_party().await, vec![LOOK, TIMER, NOTED])
            }
            "leave_matchmaking, alone" => {
                (self.searching("left", LeaveMatchmaking {}).await, vec![])
            }
            "leave_matchmaking, as a party" => (self.leaves_as_party().await, vec![LOOK]),
            "accept_match" => {
                let accept = |match_id| AcceptMatch { match_id }.into();
                (self.asked("accepted", accept).await, vec![LOOK])
            }
            "decline_match" => {
                let decline = |match_id| DeclineMatch { match_id }.into();
                let ticked = vec![LOOK, PUT_BACK, AGAIN, LOOK];
                (self.asked("declined", decline).await, ticked)
            }
            "request_backfill" => (self.backfills().await, vec![LOOK]),
            "explain_matchmaking" => (
                self.searching("explained", ExplainMatchmaking {}).await,
                vec![],
            ),
            _other => return None,
        };
        Some(Cost { counts, ticked })
    }

    async fn vanishes(&mut self) -> Counts {
        let ann = self.world.player("ann").await;
        ann.does(search("abandoned")).await;
        self.inside.quiet().await;
        let before = self.inside.counts();
        ann.vanishes();
        // Nobody hears of it: the second of its transactions is the last that is done.
        let spent = || self.inside.counts().since(&before);
        while spent().operations.of("TransactWriteItems") < 2 {
            tokio::task::yield_now().await;
        }
        self.quiet(&before, [ann]).await
    }

    async fn joins(&mut self) -> Counts {
        let ann = self.world.player("ann").await;
        let before = self.inside.counts();
        ann.does(search("joined")).await;
        self.quiet(&before, [ann]).await
    }

    async fn joins_as_party(&mut self) -> Counts {
        let players = self.party().await.1;
        let before = self.inside.counts();
        players[0].does(party("party")).await;
        self.quiet(&before, players).await
    }

    async fn leaves_as_party(&mut self) -> Counts {
        let players = self.party().await.1;
        players[0].does(party("party-left")).await;
        self.inside.quiet().await;
        let before = self.inside.counts();
        players[0].does(LeaveMatchmaking {}).await;
        self.quiet(&before, players).await
    }

    /// Somebody who searches alone does something.
    async fn searching(&mut self, queue: &str, action: impl Into<Action>) -> Counts {
        let ann = self.world.player("ann").await;
        ann.does(search(queue)).await;
        self.inside.quiet().await;
        let before = self.inside.counts();
        ann.does(action).await;
        self.quiet(&before, [ann]).await
    }

    /// One of two who are asked answers.
    async fn asked(&mut self, queue: &str, answer: impl FnOnce(MatchId) -> Action) -> Counts {
        let (ann, bob) = self.two_in(queue).await;
        let proposed = ann.hears::<MatchProposed>().await;
        self.inside.quiet().await;
        let before = self.inside.counts();
        bob.does(answer(proposed.match_id)).await;
        self.quiet(&before, [ann, bob]).await
    }

    /// The host of a match with empty seats asks for more.
    async fn backfills(&mut self) -> Counts {
        let (ann, bob) = self.two_in("roomy").await;
        ann.hears::<MatchFound>().await;
        self.inside.quiet().await;
        let before = self.inside.counts();
        ann.does(RequestBackfill {}).await;
        self.quiet(&before, [ann, bob]).await
    }

    async fn two_in(&self, queue: &str) -> (Player, Player) {
        let (ann, bob) = (
            self.world.player("ann").await,
            self.world.player("bob").await,
        );
        ann.does(search(queue)).await;
        // Looked at alone, she leaves a timer that later ticks need not send.
        self.inside.quiet().await;
        bob.does(search(queue)).await;
        (ann, bob)
    }

    /// What has been spent when the ticks are done.
    async fn quiet<const N: usize>(&mut self, before: &Counts, players: [Player; N]) -> Counts {
        self.inside.quiet().await;
        self.spent(before, players).await
    }
}

fn search(queue: &str) -> JoinMatchmaking {
    JoinMatchmaking {
        queue: Some(QueueName::parse(queue).expect("a queue's name")),
        ..JoinMatchmaking::default()
    }
}

fn party(queue: &str) -> JoinMatchmaking {
    JoinMatchmaking {
        party: Some(true),
        ..search(queue)
    }
}
