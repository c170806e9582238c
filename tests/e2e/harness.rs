//! The harness itself: what must not go unnoticed.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use client::protocol::event::{LobbyClosed, ReceivedJoinRequest};
use e2e::{Party, World};
use futures::FutureExt as _;

/// Plays a story that fails; what it fails with.
async fn failure_of(story: Pin<Box<dyn Future<Output = ()>>>) -> String {
    let outcome = AssertUnwindSafe(story).catch_unwind().await;
    let panic = outcome.expect_err("this story is to fail");
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .expect("a panic with a message")
}

#[tokio::test]
async fn an_event_that_nobody_looked_at_fails_the_story_when_it_ends() {
    let failure = failure_of(Box::pin(async {
        let world = World::start().await;
        let (host, guest) = (world.player("host").await, world.player("guest").await);
        guest.asks_to_join(&host.starts_lobby().await).await;
        world.ends().await;
    }));
    let failure = failure.await;
    assert!(
        failure.starts_with("nobody looked at all that host heard"),
        "{failure}"
    );
    assert!(
        failure.contains("new  {\"event\":\"received_join_request\""),
        "{failure}"
    );
}

#[tokio::test]
async fn a_player_that_is_dropped_with_an_event_that_nobody_looked_at_fails_the_story() {
    let failure = failure_of(Box::pin(async {
        let world = World::start().await;
        let Party { players, .. } = world.party(["host", "guest"]).await;
        let [host, guest] = players;
        guest.leaves().await;
        while host.unseen() == 0 {
            host.client().ping().await.expect("it is connected");
        }
        drop(host);
        world.ends().await;
    }));
    let failure = failure.await;
    assert!(
        failure.starts_with("nobody looked at all that host heard"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_story_without_an_end_fails() {
    let failure = failure_of(Box::pin(async { drop(World::start().await) })).await;
    assert_eq!(failure, "this story has no end: call `world.ends().await`");
}

#[tokio::test]
async fn a_failed_wait_says_where_it_was_and_what_was_heard_so_far() {
    let failure = failure_of(Box::pin(async {
        let world = World::start().await;
        let (host, guest) = (world.player("host").await, world.player("guest").await);
        guest.asks_to_join(&host.starts_lobby().await).await;
        host.hears::<ReceivedJoinRequest>().await;
        // So that the deadline need not be waited for.
        host.hangs_up().await;
        host.hears::<LobbyClosed>().await;
        world.ends().await;
    }));
    let failure = failure.await;
    assert!(failure.contains("tests/e2e/harness.rs:"), "{failure}");
    assert!(
        failure.contains("host: `lobby_closed` was to be heard, and did not come"),
        "{failure}"
    );
    assert!(
        failure.contains("seen {\"event\":\"received_join_request\""),
        "{failure}"
    );
}
