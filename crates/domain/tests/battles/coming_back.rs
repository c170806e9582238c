//! Coming back to a battle.

use domain::battle::{Action, Event, Refusal as Rule, Verdict, Why};
use domain::lobby;

use crate::scene::{Heard, Scene, away_seconds, each, of_battle, who_hears_the_end};
use crate::words::{act, come_back, contact_again, disconnect, mark, peer, player, rematch};

const BOB_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Win, Verdict::Lose);

/// What one of them hears.
fn heard_by<E>(name: &str, heard: Heard<E>) -> Vec<E> {
    let own = heard.into_iter().filter(|(hearer, _)| hearer == name);
    own.map(|(_, event)| event).collect()
}

#[test]
fn whoever_comes_back_in_time_sees_the_whole_battle_and_plays_on() {
    let mut scene = Scene::noughts();
    scene.loses("ann", 30);
    scene.waits(20);
    let told = scene.does(come_back("ann"));
    let ann = scene.lobby().members[&player("ann")].clone();
    assert_eq!(
        (&ann.contact, ann.peer_id),
        (&contact_again("ann"), peer(1))
    );
    let mut expected = each(["bob", "cat"], &lobby::Event::PlayerBack(ann));
    let view = Box::new(scene.battle().view(scene.now));
    let mut resumed = scene.lobby().clone();
    resumed.version -= 1;
    expected.extend(each(["ann"], &lobby::Event::Resumed(resumed)));
    expected.extend(each(["ann"], &lobby::Event::Battle(Event::State(view))));
    assert_eq!(told, expected);
    assert_eq!(away_seconds(&scene), [None, None]);
    scene.plays("ann", mark(0, 0));
    scene.waits(20);
    assert_eq!(scene.wakes(), [], "it is not away any more");
}

#[test]
fn whoever_comes_back_as_the_turn_is_over_hears_of_the_end_and_then_sees_it() {
    let mut scene = Scene::noughts();
    scene.waits(50);
    scene.loses("bob", 30);
    scene.waits(10);
    let told = scene.does(come_back("bob"));
    let of_bob = heard_by("bob", of_battle(told));
    let [Event::Settled(settlement), Event::State(view)] = &of_bob[..] else {
        panic!("not the end and the view, but {of_bob:?}");
    };
    assert_eq!(*settlement, scene.settlement());
    assert_eq!(view.settled, Some(scene.settlement()));
}

#[test]
fn whoever_comes_back_to_a_battle_that_is_over_sees_how_it_ended() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    scene.plays("ann", Action::Forfeit);
    let told = scene.does(come_back("bob"));
    let of_bob = heard_by("bob", of_battle(told));
    let [Event::State(view)] = &of_bob[..] else {
        panic!("not one view, but {of_bob:?}");
    };
    assert_eq!(view.settled, Some(scene.settlement()));
}

#[test]
fn whoever_comes_back_too_late_has_lost_and_finds_no_seat() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    scene.waits(30);
    let told = scene.does_to_battle(come_back("bob"));
    assert_eq!(scene.ended(), BOB_LOST);
    assert_eq!(who_hears_the_end(&told), ["ann", "cat"]);
    assert!(!scene.lobby().members.contains_key(&player("bob")));
}

#[test]
fn where_there_was_no_battle_there_is_none_to_see() {
    let mut scene = Scene::lobby_of_three();
    scene.loses("bob", 30);
    assert_eq!(scene.does_to_battle(come_back("bob")), []);
}

#[test]
fn a_late_farewell_does_not_keep_the_end_from_one_who_is_here_by_another_connection() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    scene.does(come_back("bob"));
    scene.waits(60);
    let told = scene.does_to_battle(disconnect("bob"));
    assert_eq!(who_hears_the_end(&told), ["ann", "bob", "cat"]);
}

#[test]
fn a_wish_for_another_battle_outlasts_an_absence_and_is_granted_when_both_are_there() {
    let mut scene = Scene::noughts();
    scene.plays("ann", Action::Forfeit);
    scene.plays("bob", rematch("second"));
    scene.loses("bob", 30);
    let again = rematch("third");
    assert_eq!(scene.refuses("ann", again.clone()), Rule::TooFewPlayers);
    scene.does(come_back("bob"));
    scene.does(act("ann", again));
    assert!(scene.battle().is_running());
}
