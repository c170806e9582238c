//! When a lobby must be woken: as rarely as can be, and never too late.

use std::time::Duration;

use domain::Timestamp;
use domain::battle::Action::{Attack, Die, Forfeit};
use domain::battle::{Options, RulesName};
use domain::lobby::{Action, Changes};

use crate::scene::{DAWN, Scene};
use crate::words::{come_back, disconnect, join, leave, mark, player, rematch, score};

fn after(seconds: u64) -> Timestamp {
    Timestamp::from_millis(DAWN) + Duration::from_secs(seconds)
}

#[test]
fn a_battle_sets_an_alarm_for_its_first_deadline() {
    assert_eq!(Scene::noughts().alarms, [after(60)]);
    assert_eq!(Scene::score_attack().alarms, [after(600)]);
}

#[test]
fn a_move_sets_none() {
    let mut scene = Scene::noughts();
    for (name, tile) in [("ann", [0, 0]), ("bob", [1, 1]), ("ann", [0, 1])] {
        scene.waits(10);
        let [row, column] = tile;
        scene.plays(name, mark(row, column));
    }
    assert_eq!(scene.alarms, [after(60)]);
    assert_eq!(scene.battle().deadline(), Some(after(90)));
    let mut scene = Scene::score_attack();
    scene.plays("ann", score(100));
    scene.plays("ann", Attack);
    scene.plays("bob", Die);
    assert_eq!(scene.alarms, [after(600)]);
}

#[test]
fn an_alarm_that_finds_the_deadline_moved_on_sets_the_next() {
    let mut scene = Scene::noughts();
    scene.waits(50);
    scene.plays("ann", mark(0, 0));
    scene.waits(10);
    assert_eq!(scene.wakes(), []);
    assert_eq!(scene.alarms, [after(60), after(110)]);
    scene.waits(50);
    scene.wakes();
    assert!(!scene.battle().is_running());
    assert_eq!(
        scene.alarms,
        [after(60), after(110)],
        "nothing is left to wake for"
    );
}

#[test]
fn the_same_alarm_again_does_nothing() {
    let mut scene = Scene::noughts();
    scene.waits(50);
    scene.plays("ann", mark(0, 0));
    scene.waits(10);
    scene.wakes();
    let (lobby, alarms) = (scene.lobby().clone(), scene.alarms.clone());
    assert_eq!(scene.does(Action::Wake), []);
    assert_eq!(*scene.lobby(), lobby, "nothing is to be written");
    assert_eq!(scene.alarms, alarms);
}

#[test]
fn an_alarm_for_nothing_does_nothing() {
    let mut without = Scene::lobby_of_three();
    let mut over = Scene::noughts();
    over.plays("bob", Forfeit);
    for scene in [&mut without, &mut over] {
        let (lobby, alarms) = (scene.lobby().clone(), scene.alarms.clone());
        scene.waits(60);
        assert_eq!(scene.does(Action::Wake), []);
        assert_eq!(*scene.lobby(), lobby);
        assert_eq!(scene.alarms, alarms);
    }
}

#[test]
fn whoever_is_away_is_seen_to_in_time() {
    let mut scene = Scene::score_attack();
    scene.waits(10);
    scene.loses("bob", 30);
    assert_eq!(scene.alarms, [after(600), after(40)]);
    assert_eq!(scene.battle().alarm, Some(after(40)));
}

#[test]
fn whoever_is_away_for_longer_than_the_turn_lasts_has_an_alarm_for_its_seat() {
    let mut scene = Scene::noughts();
    scene.waits(40);
    scene.loses("bob", 30);
    assert_eq!(scene.alarms, [after(60), after(70)]);
    assert_eq!(scene.battle().alarm, Some(after(60)));
    scene.waits(20);
    scene.wakes();
    assert!(!scene.battle().is_running());
    assert!(scene.lobby().members.contains_key(&player("bob")));
    scene.waits(10);
    scene.wakes();
    assert!(!scene.lobby().members.contains_key(&player("bob")));
    assert_eq!(scene.alarms, [after(60), after(70)]);
}

#[test]
fn whoever_watches_and_is_away_has_an_alarm_for_its_seat() {
    let mut scene = Scene::score_attack();
    scene.loses("cat", 30);
    assert_eq!(scene.alarms, [after(600), after(30)]);
    assert_eq!(scene.battle().alarm, Some(after(600)));
    scene.waits(30);
    scene.wakes();
    assert!(!scene.lobby().members.contains_key(&player("cat")));
    assert_eq!(scene.alarms, [after(600), after(30)]);
}

#[test]
fn an_alarm_for_one_who_came_back_sees_to_the_next_deadline() {
    let mut scene = Scene::score_attack();
    scene.loses("bob", 30);
    scene.waits(20);
    scene.does(come_back("bob"));
    scene.waits(10);
    assert_eq!(scene.wakes(), []);
    assert_eq!(scene.alarms, [after(600), after(30), after(600)]);
}

#[test]
fn a_rematch_sets_an_alarm_and_those_of_the_battle_before_do_nothing_to_it() {
    let mut scene = Scene::noughts();
    scene.waits(30);
    scene.plays("bob", Forfeit);
    scene.plays("ann", rematch("second"));
    scene.plays("bob", rematch("third"));
    assert_eq!(scene.alarms, [after(60), after(90)]);
    scene.waits(30);
    let lobby = scene.lobby().clone();
    assert_eq!(scene.does(Action::Wake), []);
    assert_eq!(*scene.lobby(), lobby);
    assert_eq!(scene.alarms, [after(60), after(90)]);
}

#[test]
fn nothing_else_in_the_lobby_sets_an_alarm() {
    let mut scene = Scene::lobby_of_three();
    scene.does(join("dan"));
    scene.does(disconnect("dan"));
    scene.does(leave("cat"));
    scene.does(Action::Update {
        by: player("ann"),
        changes: Changes::default(),
    });
    assert_eq!(scene.alarms, []);
}

#[test]
fn an_alarm_is_always_set_before_time_decides() {
    let options = Options {
        turn_seconds: Some(10),
        ..Options::default()
    };
    let mut scene = Scene::set(RulesName::NoughtsAndCrosses, options);
    scene.plays("ann", mark(0, 0));
    scene.loses("ann", 4);
    let battle = scene.battle();
    assert_eq!(battle.alarm, Some(after(4)));
    assert!(battle.alarm <= battle.deadline());
}
