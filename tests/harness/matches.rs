//! What players do to find each other, as verbs.

use ids::{PlayerId, QueueName};
use protocol::Event;
use protocol::event::{MatchFound, MatchProposed, MatchmakingCancelled, MatchmakingStarted};
use protocol::matchmaking::{Attribute, Attributes, JoinMatchmaking, LeaveMatchmaking};

use crate::{Player, World};

/// A wish to be matched in one of the suite's queues (`tests/queues.json`), with nobody but this test's own players.
#[must_use]
pub fn wish(world: &World, queue: &str) -> JoinMatchmaking {
    wish_with(world, queue, [])
}

/// The same, with further attributes.
#[must_use]
pub fn wish_with<const N: usize>(
    world: &World,
    queue: &str,
    attributes: [(&str, Attribute); N],
) -> JoinMatchmaking {
    let room = ("room", Attribute::Text(crate::text(world.tag())));
    let all = attributes.into_iter().chain([room]);
    let all = all.map(|(name, attribute)| (crate::text(name), attribute));
    JoinMatchmaking {
        queue: Some(QueueName::parse(queue).expect("a queue's name")),
        attributes: Some(Attributes::new(all.collect()).expect("few")),
        party: None,
    }
}

impl Player {
    /// Looks for opponents.
    #[track_caller]
    pub fn looks(&self, wish: JoinMatchmaking) -> impl Future<Output = MatchmakingStarted> {
        let answer = self.does(wish);
        async move {
            let Event::MatchmakingStarted(started) = answer.await else {
                panic!("`join_matchmaking` has another answer than `matchmaking_started`");
            };
            started
        }
    }

    /// Looks for opponents no longer.
    #[track_caller]
    pub fn gives_up_looking(&self) -> impl Future<Output = MatchmakingCancelled> {
        let answer = self.does(LeaveMatchmaking {});
        async move {
            let Event::MatchmakingCancelled(cancelled) = answer.await else {
                panic!("`leave_matchmaking` has another answer than `matchmaking_cancelled`");
            };
            cancelled
        }
    }

    /// Hears that it is matched, with whom.
    #[track_caller]
    pub fn is_matched(&self) -> impl Future<Output = MatchFound> {
        self.hears::<MatchFound>()
    }

    /// Hears that it might be matched, if all agree.
    #[track_caller]
    pub fn is_asked(&self) -> impl Future<Output = MatchProposed> {
        self.hears::<MatchProposed>()
    }
}

/// Who is in a match, in the order of their peer ids.
#[must_use]
pub fn players_of(found: &MatchFound) -> Vec<PlayerId> {
    let mut players: Vec<_> = found.players.iter().collect();
    players.sort_by_key(|player| player.peer_id);
    players
        .into_iter()
        .map(|player| player.player_id.clone())
        .collect()
}
