//! Ghosts: whoever is gone without anybody having been told, and how they are found.
//!
//! The platform promises no `$disconnect`. What finds a ghost instead is the first post to it, or a timer that has something to
//! tell it; and what it leaves behind has others posted to, which finds them in turn.

mod census;
mod crowd;

use std::time::Duration;

use client::protocol::ErrorCode;
use client::protocol::event::{JoinRequestRejected, LeaveReason, PlayerAway, PlayerLeft};
use client::protocol::lobby::Criterion;
use domain::matchmaking::Queues;
use e2e::{DEADLINE, Player, World, settings};
use futures::future::join_all;
use ids::LobbyId;
use local::{Farewells, ServerSettings, Settings};
use tokio::time::{Instant, MissedTickBehavior, interval};

use census::Census;
use crowd::{CLOSED, LOBBIES, gather};

/// How long a turn may take, a battle, a search and an agreement: enough for some pairs at a time to get there before.
const PATIENCE_SECONDS: u32 = 20;

/// Queues in which nobody meets anybody of another room.
const QUEUES: &str = r#"[
  { "name": "alone", "teams": 2, "team_size": { "min": 1, "max": 1 }, "give_up_seconds": 20,
    "rules": [{ "kind": "equal", "attribute": "room" }] },
  { "name": "pairs", "teams": 2, "team_size": { "min": 2, "max": 2 }, "give_up_seconds": 20,
    "rules": [{ "kind": "equal", "attribute": "room" }] },
  { "name": "ask", "teams": 2, "team_size": { "min": 1, "max": 1 }, "acceptance_seconds": 20,
    "rules": [{ "kind": "equal", "attribute": "room" }] },
  { "name": "fight", "teams": 2, "team_size": { "min": 1, "max": 1 },
    "rules": [{ "kind": "equal", "attribute": "room" }],
    "battle": { "rules": "score_attack", "options": { "battle_seconds": 20 } } }
]"#;

/// A local server that hears no farewell.
fn deaf() -> ServerSettings {
    let usual = settings();
    ServerSettings {
        queues: Queues::parse(QUEUES).expect("the queues are in order"),
        front: Settings {
            farewells: Farewells::Lost,
            ..usual.front.clone()
        },
        ..usual
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_five_hundred_who_vanish_and_whose_farewells_are_lost_nobody_is_left() {
    let Some(world) = World::with(deaf(), "the loss of every farewell").await else {
        return;
    };
    let inside = world.inside().expect("a local one");
    let crowd = Box::pin(gather(&world, inside)).await;
    let (survivor, friends) = (&crowd.survivor, &crowd.friends);
    let everywhere = Census {
        connected: 500,
        members: 330,
        waiting: 60,
        queued: 150,
        playing: 110,
        seated: 500,
    };
    assert_eq!(crowd.was, everywhere);

    let open = becomes(|| inside.open_connections(), |open| *open == 1).await;
    assert_eq!(open, 1, "nobody but the survivor is there");
    let unnoticed = Census {
        connected: 240,
        members: 180,
        waiting: 60,
        seated: 240,
        ..Census::default()
    };
    assert_eq!(Census::of(&crowd.forgotten, inside), unnoticed);
    let of_this_test = [("test", Criterion::Equals(world.tag().into()))];
    let lists = async |number: usize| {
        survivor
            .lists_until(None, &of_this_test, |lobbies| lobbies.len() == number)
            .await
    };
    lists(LOBBIES + CLOSED).await;

    // The first post to each of those lobbies.
    survivor.offers(&friends[0], "v=0").await;
    let visitors = join_all(crowd.listed.iter().map(|lobby_id| visit(&world, lobby_id))).await;
    let left = || Census::of(&crowd.ghosts, inside);
    let left = becomes(left, |left| *left == Census::default()).await;
    assert_eq!(left, Census::default());

    for (visitor, lobby_id) in visitors.iter().zip(&crowd.listed) {
        let rejected = visitor.hears::<JoinRequestRejected>().await;
        assert_eq!(rejected.code, ErrorCode::LobbyClosed);
        let refused = visitor.is_turned_away(lobby_id).await;
        assert_eq!(refused.code, ErrorCode::LobbyNotFound);
    }
    for _ in friends {
        survivor.hears::<PlayerAway>().await;
    }
    for _ in friends {
        let left = survivor.hears::<PlayerLeft>().await;
        assert_eq!(left.reason, LeaveReason::Disconnected);
        assert!(crowd.ghosts.contains(&left.player_id));
    }
    let seen = lists(1).await;
    assert_eq!(seen[0].players, 1, "the survivor alone");
    world.ends().await;
}

/// Somebody comes and asks to be let in.
async fn visit(world: &World, lobby_id: &LobbyId) -> Player {
    let visitor = world.player("visitor").await;
    visitor.asks_to_join(lobby_id).await;
    visitor
}

/// Looks again and again, until it is as it is to become or never will be; how it is then.
async fn becomes<T>(mut look: impl FnMut() -> T, is_right: impl Fn(&T) -> bool) -> T {
    let deadline = Instant::now() + Duration::from_secs(PATIENCE_SECONDS.into()) + 3 * DEADLINE;
    let mut looks = interval(Duration::from_millis(500));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let seen = look();
        if is_right(&seen) || Instant::now() > deadline {
            return seen;
        }
    }
}
