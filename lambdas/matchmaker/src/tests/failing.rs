//! A tick that cannot be done.

use schedule::Timer;

use super::scene::Scene;

#[tokio::test]
async fn a_tick_that_fails_is_done_with_and_its_queue_is_worked_again_soon() {
    let mut scene = Scene::of("duel").await;
    scene.loses_its_tables();
    scene.ticks().await;
    let (ticks, timers) = scene.scheduled();
    assert_eq!(ticks, 0, "not before it has rested");
    assert!(
        matches!(&timers[..], [Timer::Tick { queue }] if queue.as_str() == "duel"),
        "{timers:?}"
    );
}

#[tokio::test]
async fn a_tick_that_fails_where_no_timer_is_taken_either_has_to_come_again() {
    let mut scene = Scene::of("duel").await;
    scene.loses_its_tables();
    scene.loses_its_schedule();
    let failure = scene.tries_to_tick().await.expect_err("nothing answers");
    assert!(
        matches!(failure, function::Failure::Store(_)),
        "the first of its failures: {failure}"
    );
}
