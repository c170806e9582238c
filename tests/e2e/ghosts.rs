//! Ghosts: whoever is gone without anybody having been told, and how they are found.
//!
//! The platform promises no `$disconnect`. What finds a ghost instead is the first post to it, be it by a timer that has something
//! to tell it, and in a lobby in which nothing happens the look that is taken at it every now and then.

mod census;
mod crowd;

use std::time::Duration;

use client::protocol::ErrorCode;
use client::protocol::event::{JoinRequestRejected, LeaveReason, PlayerAway, PlayerLeft};
use client::protocol::lobby::Criterion;
use domain::matchmaking::Queues;
use e2e::{DEADLINE, World, settings};
use local::{Farewells, ServerSettings, Settings};
use tokio::time::{Instant, MissedTickBehavior, interval};

use census::Census;
use crowd::{FRIENDS, gather};

/// How long a turn may take, a battle, a search and an agreement, and how long a lobby is left alone: enough for some pairs at a time to get there before.
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
        check_up: Some(Duration::from_secs(PATIENCE_SECONDS.into())),
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
    let survivor = &crowd.survivor;
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
    // Nobody does anything.
    let left = || Census::of(&crowd.ghosts, inside);
    let left = becomes(left, |left| *left == Census::default()).await;
    assert_eq!(left, Census::default());

    for _ in 0..FRIENDS {
        survivor.hears::<PlayerAway>().await;
    }
    for _ in 0..FRIENDS {
        let left = survivor.hears::<PlayerLeft>().await;
        assert_eq!(left.reason, LeaveReason::Disconnected);
        assert!(crowd.ghosts.contains(&left.player_id));
    }
    let of_this_test = [("test", Criterion::Equals(world.tag().into()))];
    let seen = survivor
        .lists_until(None, &of_this_test, |lobbies| lobbies.len() == 1)
        .await;
    assert_eq!(seen[0].players, 1, "the survivor alone");
    world.ends().await;
}

#[tokio::test]
async fn whoever_is_posted_to_first_and_is_gone_is_cleaned_up_though_its_farewell_was_lost() {
    let unwatched = ServerSettings {
        check_up: None,
        ..deaf()
    };
    let Some(world) = World::with(unwatched, "the loss of every farewell").await else {
        return;
    };
    let inside = world.inside().expect("a local one");
    let (host, visitor) = (world.player("host").await, world.player("visitor").await);
    let lobby_id = host.starts_lobby().await;
    host.vanishes();
    let open = becomes(|| inside.open_connections(), |open| *open == 1).await;
    assert_eq!(open, 1, "the visitor alone");
    visitor.asks_to_join(&lobby_id).await;
    let rejected = visitor.hears::<JoinRequestRejected>().await;
    assert_eq!(rejected.code, ErrorCode::LobbyClosed);
    let refused = visitor.is_turned_away(&lobby_id).await;
    assert_eq!(refused.code, ErrorCode::LobbyNotFound);
    world.ends().await;
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
