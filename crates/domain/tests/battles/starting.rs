//! Starting a battle.

use domain::battle::{Event, Options, Refusal, RulesName};
use domain::lobby::{self, Changes};

use crate::scene::{Scene, each};
use crate::words::{act, battle_id, begin, begin_with, join, leave, mark, peer, player};

const NOUGHTS: RulesName = RulesName::NoughtsAndCrosses;

fn between(one: u32, other: u32) -> Options {
    Options {
        players: Some(vec![peer(one), peer(other)]),
        ..Options::default()
    }
}

fn who_plays(scene: &Scene) -> [&str; 2] {
    let players = &scene.battle().players;
    [&players.first, &players.second].map(|player| player.player_id.as_str())
}

#[test]
fn everyone_in_the_lobby_hears_that_a_battle_has_begun_the_host_included() {
    let mut scene = Scene::lobby_of_three();
    let told = scene.plays("ann", begin("first", NOUGHTS));
    let view = scene.battle().view(scene.now);
    assert_eq!(view.battle_id, battle_id("first"));
    assert_eq!(view.rules, NOUGHTS);
    assert_eq!(view.seconds_left, Some(60));
    assert_eq!(
        told,
        each(["ann", "bob", "cat"], &Event::Started(Box::new(view)))
    );
}

#[test]
fn the_host_and_the_longest_present_other_play_unless_others_are_named() {
    let mut scene = Scene::lobby_of(["zoe", "bob"]);
    scene.plays("ann", begin("first", NOUGHTS));
    assert_eq!(who_plays(&scene), ["ann", "zoe"]);
}

#[test]
fn the_host_may_name_the_two_who_play_and_who_begins() {
    let mut scene = Scene::lobby_of_three();
    scene.plays("ann", begin_with("first", NOUGHTS, between(3, 2)));
    assert_eq!(who_plays(&scene), ["cat", "bob"]);
    scene.plays("cat", mark(0, 0));
    assert_eq!(scene.refuses("ann", mark(0, 1)), Refusal::NotPlaying);
}

#[test]
fn two_different_members_must_be_named() {
    let scene = Scene::lobby_of_three();
    let three = Options {
        players: Some([1, 2, 3].map(peer).to_vec()),
        ..Options::default()
    };
    let alone = Options {
        players: Some(vec![peer(1)]),
        ..Options::default()
    };
    for options in [between(1, 1), between(1, 9), between(9, 2), three, alone] {
        let start = begin_with("first", NOUGHTS, options);
        assert_eq!(scene.refuses("ann", start), Refusal::TooFewPlayers);
    }
}

#[test]
fn nobody_battles_alone() {
    let scene = Scene::lobby_of([]);
    let start = begin("first", NOUGHTS);
    assert_eq!(scene.refuses("ann", start), Refusal::TooFewPlayers);
}

#[test]
fn only_the_host_starts_a_battle() {
    let scene = Scene::lobby_of_three();
    let start = |name| act(name, begin("first", NOUGHTS));
    assert_eq!(scene.refuses_at_all(start("bob")), lobby::Refusal::NotHost);
    assert_eq!(
        scene.refuses_at_all(start("eve")),
        lobby::Refusal::NotInLobby
    );
}

#[test]
fn while_a_battle_goes_on_there_is_no_other_not_even_the_same_again() {
    let scene = Scene::noughts();
    for name in ["first", "second"] {
        let again = begin(name, NOUGHTS);
        assert_eq!(scene.refuses("ann", again), Refusal::AlreadyRunning);
    }
}

#[test]
fn after_a_battle_the_host_starts_another_by_whatever_rules() {
    let mut scene = Scene::noughts();
    scene.plays("bob", domain::battle::Action::Forfeit);
    scene.plays("ann", begin("second", RulesName::ScoreAttack));
    assert_eq!(scene.battle().battle_id, battle_id("second"));
    assert!(scene.battle().is_running());
}

#[test]
fn where_no_battle_has_been_nothing_is_done_to_one() {
    let scene = Scene::lobby_of_three();
    for action in [
        mark(0, 0),
        domain::battle::Action::View,
        domain::battle::Action::Forfeit,
    ] {
        assert_eq!(scene.refuses("ann", action), Refusal::NoBattle);
    }
}

#[test]
fn what_the_lobby_does_meanwhile_is_nothing_to_its_battle() {
    let mut scene = Scene::noughts();
    let battle = scene.battle().clone();
    scene.does(join("dan"));
    scene.does(leave("cat"));
    scene.does(lobby::Action::Update {
        by: player("ann"),
        changes: Changes {
            name: Some("Finals".to_owned()),
            ..Changes::default()
        },
    });
    assert_eq!(*scene.battle(), battle);
}

#[test]
fn a_battle_forgets_who_was_named_once_it_has_begun() {
    let mut scene = Scene::lobby_of_three();
    scene.plays("ann", begin_with("first", NOUGHTS, between(3, 2)));
    assert_eq!(scene.battle().options.players, None);
}
