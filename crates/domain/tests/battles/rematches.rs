//! Another battle.

use domain::battle::Action::Forfeit;
use domain::battle::{Event, Options, Refusal, RulesName};

use crate::scene::{Scene, each};
use crate::words::{battle_id, begin, disconnect, join, leave, mark, player, rematch};

/// Bob has given up against Ann, and Cat has seen it.
fn over() -> Scene {
    let mut scene = Scene::noughts();
    scene.plays("bob", Forfeit);
    scene
}

fn wants(name: &str) -> Event {
    Event::RematchRequested {
        player: player(name),
    }
}

#[test]
fn everyone_but_the_one_who_wants_a_rematch_hears_of_it() {
    let mut scene = over();
    let told = scene.plays("ann", rematch("second"));
    assert_eq!(told, each(["bob", "cat"], &wants("ann")));
    assert!(!scene.battle().is_running());
}

#[test]
fn when_both_have_asked_another_battle_begins_and_the_other_one_is_first() {
    let mut scene = over();
    scene.plays("ann", rematch("second"));
    let told = scene.plays("bob", rematch("third"));
    let view = Box::new(scene.battle().view(scene.now));
    assert_eq!(told, each(["ann", "bob", "cat"], &Event::Started(view)));
    assert_eq!(scene.battle().battle_id, battle_id("third"));
    assert_eq!(scene.battle().rematch.len(), 0);
    assert_eq!(scene.refuses("ann", mark(0, 0)), Refusal::OutOfTurn);
    scene.plays("bob", mark(0, 0));
}

#[test]
fn a_rematch_is_by_the_same_rules_set_the_same_way() {
    let options = Options {
        turn_seconds: Some(7),
        ..Options::default()
    };
    let mut scene = Scene::set(RulesName::NoughtsAndCrosses, options.clone());
    scene.plays("bob", Forfeit);
    scene.plays("ann", rematch("second"));
    scene.plays("bob", rematch("third"));
    assert_eq!(scene.battle().options, options);
    assert_eq!(scene.battle().view(scene.now).seconds_left, Some(7));
}

#[test]
fn asking_again_is_no_news_and_changes_nothing() {
    let mut scene = over();
    scene.plays("ann", rematch("second"));
    let lobby = scene.lobby().clone();
    assert_eq!(scene.plays("ann", rematch("third")), []);
    assert_eq!(*scene.lobby(), lobby);
}

#[test]
fn there_is_no_rematch_before_the_end() {
    let scene = Scene::noughts();
    let again = rematch("second");
    assert_eq!(scene.refuses("ann", again), Refusal::AlreadyRunning);
}

#[test]
fn there_is_no_rematch_of_nothing() {
    let scene = Scene::lobby_of_three();
    assert_eq!(scene.refuses("ann", rematch("second")), Refusal::NoBattle);
}

#[test]
fn only_those_who_played_ask_for_a_rematch() {
    let scene = over();
    let again = rematch("second");
    assert_eq!(scene.refuses("cat", again), Refusal::NotPlaying);
}

#[test]
fn both_must_still_be_there() {
    let mut scene = over();
    scene.does(leave("bob"));
    let again = rematch("second");
    assert_eq!(scene.refuses("ann", again), Refusal::TooFewPlayers);
}

#[test]
fn the_wish_goes_with_the_one_who_had_it() {
    for go in [leave("bob"), disconnect("bob")] {
        let mut scene = over();
        scene.plays("bob", rematch("second"));
        scene.does(go);
        scene.does(join("bob"));
        let told = scene.plays("ann", rematch("third"));
        assert_eq!(told, each(["bob", "cat"], &wants("ann")));
        assert!(!scene.battle().is_running());
    }
}

#[test]
fn whoever_comes_back_plays_a_rematch_under_its_new_number() {
    let mut scene = over();
    scene.does(leave("bob"));
    scene.does(join("dan"));
    scene.does(join("bob"));
    scene.plays("bob", rematch("second"));
    scene.plays("ann", rematch("third"));
    let players = &scene.battle().players;
    assert_eq!(
        (players.first.peer_id.get(), players.second.peer_id.get()),
        (4, 1)
    );
}

#[test]
fn a_battle_that_the_host_starts_forgets_the_wish_for_another() {
    let mut scene = over();
    scene.plays("bob", rematch("second"));
    scene.plays("ann", begin("third", RulesName::NoughtsAndCrosses));
    scene.plays("ann", Forfeit);
    let told = scene.plays("ann", rematch("fourth"));
    assert_eq!(told, each(["bob", "cat"], &wants("ann")));
}
