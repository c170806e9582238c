//! Ticks: once each, in order, one at a time in a queue, until they are done.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use schedule::{Schedule, ScheduleError};
use tokio::sync::{Barrier, Semaphore};

use super::scene::{Scene, came, content, failed, tick, two_tries};
use crate::later::{Scheduled, Settings};

#[tokio::test(start_paused = true)]
async fn a_tick_that_is_sent_twice_is_handled_once() {
    let mut scene = Scene::new(content);
    scene.tick("1v1", 4).await;
    scene.tick("1v1", 4).await;
    assert_eq!(scene.quiet().await, [came("1v1-4", 1)]);
    scene.tick("1v1", 4).await;
    assert_eq!(scene.quiet().await, []);
    let sent = Scheduled {
        ticks: 3,
        timers: 0,
    };
    assert_eq!(scene.later.sent(), sent);
}

#[tokio::test(start_paused = true)]
async fn ticks_of_a_queue_are_handled_in_order_and_never_two_at_a_time() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = (Arc::clone(&running), Arc::clone(&most));
    let mut scene = Scene::new(move |_, _| {
        let (running, most) = counted.clone();
        async move {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            running.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        }
    });
    for bucket in [7, 3, 5] {
        scene.tick("1v1", bucket).await;
    }
    let expected = ["1v1-7", "1v1-3", "1v1-5"].map(|name| came(name, 1));
    assert_eq!(scene.quiet().await, expected);
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn queues_are_worked_side_by_side() {
    let both = Arc::new(Barrier::new(2));
    let mut scene = Scene::new(move |_, _| {
        let both = Arc::clone(&both);
        async move {
            both.wait().await;
            Ok(())
        }
    });
    scene.tick("1v1", 4).await;
    scene.tick("ranked", 4).await;
    assert_eq!(scene.quiet().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_tick_that_fails_comes_again_before_the_next_one_of_its_queue() {
    let mut scene = Scene::new(async |name: String, attempt| {
        if name == "1v1-1" && attempt < 3 {
            return failed();
        }
        Ok(())
    });
    scene.tick("1v1", 1).await;
    scene.tick("1v1", 2).await;
    let expected = [
        came("1v1-1", 1),
        came("1v1-1", 2),
        came("1v1-1", 3),
        came("1v1-2", 1),
    ];
    assert_eq!(scene.quiet().await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_tick_that_always_fails_is_given_up_and_holds_nobody_up() {
    let mut scene = Scene::with(two_tries(), async |name: String, _| {
        if name == "1v1-1" {
            return failed();
        }
        Ok(())
    });
    scene.tick("1v1", 1).await;
    scene.tick("1v1", 2).await;
    let expected = [came("1v1-1", 1), came("1v1-1", 2), came("1v1-2", 1)];
    assert_eq!(scene.quiet().await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_or_hangs_is_tried_again() {
    let mut scene = Scene::new(async |_, attempt| {
        match attempt {
            1 => panic!("as asked"),
            2 => std::future::pending().await,
            _ => {}
        }
        Ok(())
    });
    scene.tick("1v1", 1).await;
    let expected = [1, 2, 3].map(|attempt| came("1v1-1", attempt));
    assert_eq!(scene.quiet().await, expected);
}

#[tokio::test(start_paused = true)]
async fn no_more_ticks_wait_than_may() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let settings = Settings {
        max_ticks: 1,
        ..Settings::default()
    };
    let mut scene = Scene::with(settings, move |_, _| {
        let gate = Arc::clone(&held);
        async move {
            gate.acquire().await.expect("the gate stays").forget();
            Ok(())
        }
    });
    scene.tick("1v1", 1).await;
    assert_eq!(scene.next().await, came("1v1-1", 1));
    scene.tick("1v1", 2).await;
    let refused = scene.later.tick(tick("1v1", 3)).await;
    let error = refused.expect_err("one waits already");
    assert!(matches!(error, ScheduleError::Full { queue: "ticks" }));
    gate.add_permits(3);
    assert_eq!(scene.next().await, came("1v1-2", 1));
    scene.tick("1v1", 3).await;
    assert_eq!(scene.quiet().await, [came("1v1-3", 1)]);
}
