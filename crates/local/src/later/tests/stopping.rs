//! What a stop waits for, and what goes with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use schedule::Schedule;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use super::scene::{Scene, came, content, failed, tick, timer};
use crate::later::Settings;

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_what_is_handled_and_drops_what_waits() {
    let gate = Arc::new(Semaphore::new(0));
    let finished = Arc::new(AtomicBool::new(false));
    let told = (Arc::clone(&gate), Arc::clone(&finished));
    let mut scene = Scene::new(move |_, _| {
        let (gate, finished) = told.clone();
        async move {
            gate.acquire().await.expect("the gate stays").forget();
            finished.store(true, Ordering::SeqCst);
            Ok(())
        }
    });
    scene.tick("1v1", 1).await;
    scene.tick("1v1", 2).await;
    scene.timer("late", 3_600_000).await;
    assert_eq!(scene.next().await, came("1v1-1", 1));
    let started = Instant::now();
    let opened = async {
        sleep(Duration::from_secs(1)).await;
        gate.add_permits(5);
    };
    tokio::join!(scene.working.stop(), opened);
    assert!(finished.load(Ordering::SeqCst), "it was waited for");
    assert!(started.elapsed() < Duration::from_secs(2), "and no longer");
    assert_eq!(gate.available_permits(), 4, "nothing else was handled");
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_another_try() {
    let mut scene = Scene::new(async |_, _| failed());
    scene.tick("1v1", 1).await;
    assert_eq!(scene.next().await, came("1v1-1", 1));
    let started = Instant::now();
    scene.working.stop().await;
    assert!(started.elapsed() < Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_ever() {
    let settings = Settings {
        stop_timeout: Duration::from_secs(1),
        ..Settings::default()
    };
    let mut scene = Scene::with(settings, async |_, _| std::future::pending().await);
    scene.tick("1v1", 1).await;
    assert_eq!(scene.next().await, came("1v1-1", 1));
    let started = Instant::now();
    scene.working.stop().await;
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_after_the_stop_goes_with_it() {
    let scene = Scene::new(content);
    let (later, now) = (scene.later.clone(), scene.now());
    scene.working.stop().await;
    let sent = later.tick(tick("1v1", 1)).await;
    sent.expect("nobody is blamed");
    let sent = later.timer(timer("late"), now, now).await;
    sent.expect("nobody is blamed");
    later.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_consumer_goes_with_whoever_drops_the_work() {
    let held = Arc::new(());
    let handler_holds = Arc::clone(&held);
    let scene = Scene::new(move |_, _| {
        let _held = Arc::clone(&handler_holds);
        std::future::ready(Ok(()))
    });
    scene.timer("late", 3_600_000).await;
    let later = scene.later.clone();
    drop(scene);
    // The tasks end on their own; none of them waits for anything.
    sleep(Duration::from_millis(1)).await;
    assert_eq!(Arc::strong_count(&held), 1);
    drop(later);
}
