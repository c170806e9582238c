//! Matches that come about, and those that come too late.

use schedule::Timer;
use store::Saved;

use super::scene::{Scene, by, player};

#[tokio::test]
async fn those_who_wait_are_in_a_lobby_together_and_hear_so() {
    let scene = Scene::of("duel").await;
    scene.waits("ann", 7).await;
    scene.waits("bob", 3).await;
    scene.ticks().await;
    let lobby = scene.lobby_of("ann").await.expect("a lobby");
    assert_eq!(Some(&lobby), scene.lobby_of("bob").await.as_ref());
    assert_eq!(lobby.host, player("ann"), "it has waited longest");
    assert!(scene.waiting().await.is_empty());
    for name in ["ann", "bob"] {
        assert_eq!(scene.heard_by(name), ["match_found"]);
    }
    let pool = scene.context.store.tickets();
    let pool = pool.pool(&lobby.origin.expect("a match").queue).await;
    assert_eq!(pool.expect("the tables answer").recent_waits, [7, 3]);
}

#[tokio::test]
async fn whoever_waits_alone_is_looked_at_again_when_it_would_give_up_and_only_one_timer_is_sent() {
    let scene = Scene::of("duel").await;
    scene.waits("ann", 0).await;
    scene.ticks().await;
    scene.ticks().await;
    let (ticks, timers) = scene.scheduled();
    assert_eq!(ticks, 0);
    let [Timer::Tick { queue }] = &timers[..] else {
        panic!("one timer for the queue: {timers:?}");
    };
    assert_eq!(queue.as_str(), "duel");
    assert!(scene.heard_by("ann").is_empty());
}

#[tokio::test]
async fn whoever_has_waited_too_long_is_out_and_free_for_something_else() {
    let scene = Scene::of("duel").await;
    scene.waits("ann", 301).await;
    scene.ticks().await;
    assert_eq!(scene.heard_by("ann"), ["matchmaking_cancelled"]);
    assert_eq!(scene.place_of("ann").await, None);
}

#[tokio::test]
async fn a_match_with_somebody_who_left_at_that_moment_is_not_made_and_is_looked_at_again() {
    let scene = Scene::of("duel").await;
    let ann = scene.waits("ann", 2).await;
    let bob = scene.waits("bob", 1).await;
    let plan = scene.plans().await;
    let tickets = scene.context.store.tickets();
    let removed = tickets.remove(&bob, function::now()).await;
    assert_eq!(removed.expect("the tables answer"), Saved::Done);
    assert!(scene.carries_out(plan).await, "another look is needed");
    assert_eq!(scene.waiting().await, std::slice::from_ref(&ann));
    assert_eq!(scene.place_of("ann").await, Some(by(&ann)));
    assert_eq!(scene.place_of("bob").await, None);
    assert!(scene.heard_by("ann").is_empty());
}

#[tokio::test]
async fn a_plan_that_is_carried_out_twice_makes_its_matches_once() {
    let scene = Scene::of("duel").await;
    scene.waits("ann", 2).await;
    scene.waits("bob", 1).await;
    let plan = scene.plans().await;
    assert!(!scene.carries_out(plan.clone()).await);
    let lobby = scene.lobby_of("ann").await;
    assert!(scene.carries_out(plan).await);
    assert_eq!(scene.lobby_of("ann").await, lobby);
    assert_eq!(scene.heard_by("bob"), ["match_found"]);
}

#[tokio::test]
async fn those_who_wait_in_a_queue_that_is_configured_no_more_are_out() {
    let scene = Scene::of("abolished").await;
    scene.waits("ann", 1).await;
    scene.ticks().await;
    assert_eq!(scene.heard_by("ann"), ["matchmaking_cancelled"]);
    assert!(scene.waiting().await.is_empty());
}

#[tokio::test]
async fn a_tick_takes_nine_operations_one_for_each_match_and_one_for_what_is_new() {
    let scene = Scene::of("duel").await;
    for number in 0..10_u64 {
        scene.waits(&format!("player-{number}"), number).await;
    }
    let before = scene.context.store.operations();
    scene.ticks().await;
    let spent = scene.context.store.operations().since(&before);
    assert_eq!((spent.of("GetItem"), spent.of("Query")), (1, 8), "{spent}");
    assert_eq!(spent.of("TransactWriteItems"), 5, "{spent}");
    assert_eq!((spent.of("PutItem"), spent.total()), (1, 15), "{spent}");
    let before = scene.context.store.operations();
    scene.ticks().await;
    let spent = scene.context.store.operations().since(&before);
    assert_eq!(spent.total(), 9, "nothing is new: {spent}");
}
