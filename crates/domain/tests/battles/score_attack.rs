//! Score attack.

use domain::battle::Action::Attack;
use domain::battle::score_attack::MAX_SCORE;
use domain::battle::{Event, Options, Refusal, RulesName};

use crate::scene::{Scene, contestant, each, scored};
use crate::words::{act, mark, player, score};

#[test]
fn a_score_is_passed_on_to_everyone_but_the_one_whose_it_is() {
    let mut scene = Scene::score_attack();
    let told = scene.plays("ann", score(30));
    let event = Event::ScoreSynced {
        player: player("ann"),
        score: 30,
    };
    assert_eq!(told, each(["bob", "cat"], &event));
    assert_eq!(contestant(&scene, "ann").score, 30);
}

#[test]
fn a_score_never_falls() {
    let mut scene = scored(30, 0);
    assert_eq!(scene.refuses("ann", score(29)), Refusal::ScoreLowered);
    assert_eq!(scene.refuses("ann", score(0)), Refusal::ScoreLowered);
    scene.plays("ann", score(31));
    assert_eq!(contestant(&scene, "ann").score, 31);
}

#[test]
fn the_same_score_again_is_no_news_and_changes_nothing() {
    let mut scene = scored(30, 0);
    let lobby = scene.lobby().clone();
    assert_eq!(scene.plays("ann", score(30)), []);
    assert_eq!(*scene.lobby(), lobby, "nothing is to be written");
}

#[test]
fn there_is_a_highest_score() {
    let mut scene = Scene::score_attack();
    let too_high = Refusal::ScoreTooHigh;
    assert_eq!(scene.refuses("ann", score(MAX_SCORE + 1)), too_high);
    assert_eq!(scene.refuses("ann", score(u64::MAX)), too_high);
    scene.plays("ann", score(MAX_SCORE));
    assert_eq!(contestant(&scene, "ann").score, 1_000_000_000_000);
}

#[test]
fn an_attack_below_its_cost_is_refused() {
    let mut scene = scored(9, 0);
    assert_eq!(scene.refuses("ann", Attack), Refusal::BelowCost);
    scene.plays("ann", score(10));
    scene.plays("ann", Attack);
}

#[test]
fn an_attack_uses_up_its_cost_and_leaves_the_score_as_it_is() {
    let mut scene = scored(29, 0);
    scene.plays("ann", Attack);
    scene.plays("ann", Attack);
    let ann = contestant(&scene, "ann");
    assert_eq!((ann.score, ann.spent), (29, 20));
    assert_eq!(scene.refuses("ann", Attack), Refusal::BelowCost);
    scene.plays("ann", score(30));
    scene.plays("ann", Attack);
}

#[test]
fn everyone_but_the_one_who_attacks_hears_of_it() {
    let mut scene = scored(10, 0);
    let told = scene.plays("ann", Attack);
    let event = Event::Attacked {
        by: player("ann"),
        seconds: 5,
    };
    assert_eq!(told, each(["bob", "cat"], &event));
}

#[test]
fn whoever_is_attacked_is_frozen_for_a_while_and_can_neither_attack_nor_tell_a_score() {
    let mut scene = scored(10, 10);
    scene.plays("ann", Attack);
    assert_eq!(contestant(&scene, "bob").frozen_seconds, 5);
    scene.waits(4);
    assert_eq!(scene.refuses("bob", Attack), Refusal::Frozen);
    assert_eq!(scene.refuses("bob", score(20)), Refusal::Frozen);
    assert_eq!(contestant(&scene, "bob").frozen_seconds, 1);
    scene.waits(1);
    assert_eq!(contestant(&scene, "bob").frozen_seconds, 0);
    scene.plays("bob", score(20));
    scene.plays("bob", Attack);
}

#[test]
fn another_attack_freezes_from_then_on_and_not_twice_as_long() {
    let mut scene = scored(20, 0);
    scene.plays("ann", Attack);
    scene.waits(3);
    scene.plays("ann", Attack);
    assert_eq!(contestant(&scene, "bob").frozen_seconds, 5);
}

#[test]
fn an_attack_by_a_clock_that_is_behind_thaws_nobody_early() {
    let mut scene = scored(20, 0);
    let behind = scene.now;
    scene.waits(2);
    scene.plays("ann", Attack);
    scene.now = behind;
    scene.plays("ann", Attack);
    assert_eq!(contestant(&scene, "bob").frozen_seconds, 7);
}

#[test]
fn an_attack_may_be_set_to_cost_and_to_freeze_otherwise_or_to_cost_nothing() {
    let options = Options {
        attack_cost: Some(3),
        freeze_seconds: Some(20),
        ..Options::default()
    };
    let mut scene = Scene::set(RulesName::ScoreAttack, options);
    scene.plays("ann", score(2));
    assert_eq!(scene.refuses("ann", Attack), Refusal::BelowCost);
    scene.plays("ann", score(3));
    scene.plays("ann", Attack);
    assert_eq!(contestant(&scene, "bob").frozen_seconds, 20);
    let free = Options {
        attack_cost: Some(0),
        ..Options::default()
    };
    Scene::set(RulesName::ScoreAttack, free).plays("bob", Attack);
}

#[test]
fn moves_of_another_game_are_refused() {
    let scene = Scene::score_attack();
    assert_eq!(scene.refuses("ann", mark(0, 0)), Refusal::WrongRules);
}

#[test]
fn a_player_of_another_lobby_is_refused() {
    let scene = Scene::score_attack();
    let refusal = domain::lobby::Refusal::NotInLobby;
    assert_eq!(scene.refuses_at_all(act("eve", Attack)), refusal);
    let mut over = scene;
    over.waits(600);
    assert_eq!(over.refuses_at_all(act("eve", Attack)), refusal);
}
