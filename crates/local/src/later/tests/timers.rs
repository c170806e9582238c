//! Timers: not before their time, and until they are done.

use std::sync::Arc;

use schedule::{Schedule, ScheduleError};
use tokio::sync::Barrier;

use super::scene::{Scene, came, content, failed, timer};
use crate::later::Settings;

#[tokio::test(start_paused = true)]
async fn timers_come_at_their_time_whatever_the_order_in_which_they_were_sent() {
    let mut scene = Scene::new(content);
    let sent = scene.now();
    scene.timer("late", 2_000).await;
    scene.timer("early", 1_000).await;
    for (name, after) in [("early", 1_000), ("late", 2_000)] {
        assert_eq!(scene.next().await, came(name, 1));
        let passed = scene.now().as_millis() - sent.as_millis();
        assert!((after..after + 10).contains(&passed), "{name}: {passed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_timer_whose_time_has_passed_comes_at_once() {
    let mut scene = Scene::new(content);
    let now = scene.now();
    let sent = scene.later.timer(timer("due"), now, now).await;
    sent.expect("there is room");
    assert_eq!(scene.quiet().await, [came("due", 1)]);
    assert_eq!(scene.now(), now);
}

#[tokio::test(start_paused = true)]
async fn two_timers_that_are_the_same_come_both() {
    let mut scene = Scene::new(content);
    scene.timer("same", 0).await;
    scene.timer("same", 0).await;
    assert_eq!(scene.quiet().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_fails_comes_again_and_holds_nobody_up() {
    let both = Arc::new(Barrier::new(2));
    let mut scene = Scene::new(move |_, attempt| {
        let both = Arc::clone(&both);
        async move {
            if attempt == 1 {
                both.wait().await;
                return failed();
            }
            Ok(())
        }
    });
    scene.timer("one", 0).await;
    scene.timer("other", 0).await;
    let mut got = scene.quiet().await;
    got.sort();
    let expected = [("one", 1), ("one", 2), ("other", 1), ("other", 2)];
    assert_eq!(got, expected.map(|(name, attempt)| came(name, attempt)));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_due_yet_is_quiet() {
    let mut scene = Scene::new(content);
    scene.timer("late", 1_000).await;
    assert_eq!(scene.quiet().await, []);
}

#[tokio::test(start_paused = true)]
async fn no_more_timers_wait_than_may() {
    let settings = Settings {
        max_timers: 1,
        ..Settings::default()
    };
    let mut scene = Scene::with(settings, content);
    scene.timer("one", 1_000).await;
    let now = scene.now();
    let refused = scene.later.timer(timer("other"), now, now).await;
    let error = refused.expect_err("one waits already");
    assert!(matches!(error, ScheduleError::Full { queue: "timers" }));
    assert_eq!(scene.next().await, came("one", 1));
    scene.later.quiet().await;
    scene.timer("other", 0).await;
    assert_eq!(scene.quiet().await, [came("other", 1)]);
}

#[tokio::test(start_paused = true)]
async fn all_timers_of_one_moment_come_however_few_are_handled_at_a_time() {
    let settings = Settings {
        max_handled: 1,
        ..Settings::default()
    };
    let mut scene = Scene::with(settings, content);
    for _ in 0..10 {
        scene.timer("one", 5).await;
    }
    for _ in 0..10 {
        assert_eq!(scene.next().await, came("one", 1));
    }
}
