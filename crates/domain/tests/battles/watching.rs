//! Looking at a battle, and watching it.

use domain::battle::Action::{Attack, Die, Forfeit, View};
use domain::battle::{Event, Refusal, Verdict, Why};
use domain::lobby;

use crate::scene::{Scene, each};
use crate::words::{act, join, mark, player, rematch, score};

#[track_caller]
fn looks(scene: &mut Scene, name: &str) -> domain::battle::View {
    let told = scene.plays(name, View);
    let [(hearer, Event::State(view))] = &told[..] else {
        panic!("not one view, but {told:?}");
    };
    assert_eq!(hearer, name);
    (**view).clone()
}

#[test]
fn whoever_looks_sees_everything_and_nobody_else_hears_of_it() {
    let mut scene = Scene::score_attack();
    scene.plays("ann", score(20));
    scene.plays("ann", Attack);
    scene.waits(2);
    let view = looks(&mut scene, "bob");
    assert_eq!(view, scene.battle().view(scene.now));
    assert_eq!(view.seconds_left, Some(598));
    assert_eq!(view.settled, None);
    let peers: Vec<_> = view.players.iter().map(|one| one.peer_id.get()).collect();
    assert_eq!(peers, [1, 2]);
}

#[test]
fn looking_changes_nothing_and_nothing_is_to_be_written() {
    let mut scene = Scene::noughts();
    let lobby = scene.lobby().clone();
    for name in ["ann", "bob", "cat"] {
        looks(&mut scene, name);
    }
    assert_eq!(*scene.lobby(), lobby);
}

#[test]
fn whoever_looks_when_time_is_up_hears_of_the_end_like_everyone_and_then_sees_it() {
    let mut scene = Scene::noughts();
    scene.waits(60);
    let told = scene.plays("cat", View);
    let mut expected = each(["ann", "bob", "cat"], &Event::Settled(scene.settlement()));
    let view = scene.battle().view(scene.now);
    assert_eq!(view.settled, Some(scene.settlement()));
    assert_eq!(view.seconds_left, None);
    expected.extend(each(["cat"], &Event::State(Box::new(view))));
    assert_eq!(told, expected);
}

#[test]
fn a_battle_that_is_over_can_be_looked_at_until_there_is_another() {
    let mut scene = Scene::noughts();
    scene.plays("ann", mark(1, 1));
    scene.plays("bob", Forfeit);
    scene.waits(600);
    let view = looks(&mut scene, "cat");
    assert_eq!(view.settled, Some(scene.settlement()));
}

#[test]
fn whoever_comes_later_sees_it_too() {
    let mut scene = Scene::noughts();
    scene.does(join("dan"));
    looks(&mut scene, "dan");
    let told = scene.plays("ann", mark(0, 0));
    let hearers: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(hearers, ["ann", "bob", "cat", "dan"]);
}

#[test]
fn whoever_is_in_no_lobby_sees_nothing() {
    let scene = Scene::noughts();
    let refusal = scene.refuses_at_all(act("eve", View));
    assert_eq!(refusal, lobby::Refusal::NotInLobby);
}

#[test]
fn a_spectator_can_do_nothing_but_look() {
    let scene = Scene::score_attack();
    for action in [
        Attack,
        Die,
        score(5),
        mark(0, 0),
        Forfeit,
        rematch("second"),
    ] {
        assert_eq!(scene.refuses("cat", action), Refusal::NotPlaying);
    }
}

#[test]
fn a_host_who_watches_can_do_nothing_either() {
    let mut scene = Scene::lobby_of_three();
    let options = domain::battle::Options {
        players: Some([2, 3].map(crate::words::peer).to_vec()),
        ..Default::default()
    };
    let rules = domain::battle::RulesName::ScoreAttack;
    scene.plays("ann", crate::words::begin_with("first", rules, options));
    for action in [Attack, Die, score(5), Forfeit, rematch("second")] {
        assert_eq!(scene.refuses("ann", action), Refusal::NotPlaying);
    }
}

#[test]
fn a_result_says_how_it_ended_for_those_who_played_and_nothing_of_those_who_watched() {
    let mut scene = Scene::noughts();
    scene.plays("bob", Forfeit);
    let settlement = scene.settlement();
    assert_eq!(settlement.why, Why::Forfeit);
    assert_eq!(settlement.settled_at, scene.now);
    assert_eq!(settlement.result_of(&player("ann")), Some(Verdict::Win));
    assert_eq!(settlement.result_of(&player("cat")), None);
}
