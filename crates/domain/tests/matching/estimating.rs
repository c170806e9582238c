//! How long it takes, as a rule.

use domain::matchmaking::{MAX_WAITS, Pool};

use crate::scene::{Scene, lobby, second, solo};

#[test]
fn nothing_is_said_before_anybody_was_matched() {
    assert_eq!(Pool::default().estimate(), None);
}

#[test]
fn the_estimate_is_the_middle_of_what_the_last_ones_waited() {
    let recent_waits = vec![90, 2, 4, 1, 3];
    let pool = Pool {
        recent_waits,
        next_tick_at: None,
    };
    assert_eq!(pool.estimate(), Some(3));
}

#[test]
fn each_ticket_of_a_match_counts_with_what_it_has_waited() {
    let scene = Scene::duels("").wait(["ann"]).comes(solo("bob"), second(7));
    let found = scene.plan().found;
    let mut pool = Pool::default();
    pool.remember(&found[0], second(9));
    assert_eq!(pool.recent_waits, [9, 2]);
}

#[test]
fn empty_seats_do_not_count() {
    let pairs = Scene::of(r#""teams":2,"team_size":{"min":1,"max":2}"#);
    let there = [(1, solo("ann")), (2, solo("bob"))];
    let scene = pairs
        .waits(lobby("friday", there))
        .comes(solo("cat"), second(1));
    let mut pool = Pool::default();
    pool.remember(&scene.plan().found[0], second(4));
    assert_eq!(pool.recent_waits, [3]);
}

#[test]
fn what_was_long_ago_is_forgotten() {
    let mut pool = Pool {
        recent_waits: vec![500; MAX_WAITS],
        next_tick_at: None,
    };
    let scene = Scene::duels("").wait(["ann", "bob"]);
    let found = scene.plan().found;
    for _ in 0..MAX_WAITS / 2 {
        pool.remember(&found[0], second(1));
    }
    assert_eq!(
        (pool.recent_waits.len(), pool.estimate()),
        (MAX_WAITS, Some(1))
    );
}
