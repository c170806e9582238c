//! Score attack: deaths, and how they and time decide.

use domain::battle::Action::{Attack, Die, Forfeit};
use domain::battle::{Event, Fallen, Options, Refusal, RulesName, Settlement, Verdict, Why};

use crate::scene::{Heard, Scene, contestant, each, scored, who_hears_the_end};
use crate::words::{begin, player, score};

/// The verdicts that Ann and Bob can get: Ann's and Bob's.
const ANN_WINS: (Verdict, Verdict) = (Verdict::Win, Verdict::Lose);
const BOB_WINS: (Verdict, Verdict) = (Verdict::Lose, Verdict::Win);
const DRAW: (Verdict, Verdict) = (Verdict::Draw, Verdict::Draw);

#[track_caller]
fn settled(scene: &Scene, why: Why, (ann, bob): (Verdict, Verdict)) -> Settlement {
    assert_eq!(scene.ended(), (why, ann, bob));
    scene.settlement()
}

#[test]
fn the_frozen_may_die() {
    let mut scene = scored(10, 0);
    scene.plays("ann", Attack);
    scene.plays("bob", Die);
    assert!(contestant(&scene, "bob").dead);
}

#[test]
fn the_dead_neither_attack_nor_score() {
    let mut scene = scored(10, 0);
    scene.plays("ann", Die);
    assert_eq!(scene.refuses("ann", Attack), Refusal::Dead);
    assert_eq!(scene.refuses("ann", score(11)), Refusal::Dead);
}

#[test]
fn the_first_death_is_heard_by_everyone_but_the_one_who_died_and_the_other_plays_on() {
    let mut scene = scored(10, 0);
    let told = scene.plays("ann", Die);
    let event = Event::PlayerDied(Fallen::Player(player("ann")));
    assert_eq!(told, each(["bob", "cat"], &event));
    scene.plays("bob", score(50));
}

#[test]
fn dying_again_is_no_news_and_changes_nothing() {
    let mut scene = Scene::score_attack();
    scene.plays("ann", Die);
    let lobby = scene.lobby().clone();
    assert_eq!(scene.plays("ann", Die), []);
    assert_eq!(*scene.lobby(), lobby);
}

#[test]
fn when_both_are_dead_everyone_hears_so_and_then_how_it_ended() {
    let mut scene = scored(30, 20);
    scene.plays("bob", Die);
    let told = scene.plays("ann", Die);
    let all = Event::PlayerDied(Fallen::All);
    let settlement = settled(&scene, Why::Score, ANN_WINS);
    let names = ["ann", "bob", "cat"];
    let mut expected: Heard<Event> = each(names, &all);
    expected.extend(each(names, &Event::Settled(settlement)));
    assert_eq!(told, expected);
}

#[test]
fn the_higher_score_wins_whoever_died_first_and_equal_scores_are_a_draw() {
    for (ann, bob, verdicts) in [
        (2, 1, ANN_WINS),
        (1, 2, BOB_WINS),
        (7, 7, DRAW),
        (0, 0, DRAW),
    ] {
        for order in [["ann", "bob"], ["bob", "ann"]] {
            let mut scene = scored(ann, bob);
            for name in order {
                scene.plays(name, Die);
            }
            let settlement = settled(&scene, Why::Score, verdicts);
            let scores: Vec<_> = settlement.players.iter().map(|one| one.score).collect();
            assert_eq!(scores, [Some(ann), Some(bob)]);
        }
    }
}

#[test]
fn what_attacks_have_used_up_counts_in_the_end() {
    let mut scene = scored(30, 25);
    scene.plays("ann", Attack);
    scene.plays("ann", Attack);
    scene.plays("ann", Die);
    scene.plays("bob", Die);
    settled(&scene, Why::Score, ANN_WINS);
}

#[test]
fn a_battle_is_settled_once_however_often_both_die() {
    let mut scene = scored(30, 20);
    scene.plays("ann", Die);
    let told = scene.plays("bob", Die);
    assert_eq!(who_hears_the_end(&told), ["ann", "bob", "cat"]);
    let lobby = scene.lobby().clone();
    for name in ["ann", "bob"] {
        assert_eq!(scene.refuses(name, Die), Refusal::Over);
    }
    scene.waits(1_000);
    assert_eq!(scene.wakes(), []);
    assert_eq!(*scene.lobby(), lobby);
}

#[test]
fn when_time_is_up_the_scores_decide() {
    for (ann, bob, verdicts) in [(2, 1, ANN_WINS), (1, 2, BOB_WINS), (7, 7, DRAW)] {
        let mut scene = scored(ann, bob);
        scene.waits(599);
        assert_eq!(scene.wakes(), []);
        scene.waits(1);
        let told = scene.wakes();
        let settlement = settled(&scene, Why::TimeOut, verdicts);
        let expected = each(["ann", "bob", "cat"], &Event::Settled(settlement));
        assert_eq!(told, expected);
    }
}

#[test]
fn a_battle_may_be_set_to_take_another_time() {
    let options = Options {
        battle_seconds: Some(20),
        ..Options::default()
    };
    let mut scene = Scene::set(RulesName::ScoreAttack, options);
    assert_eq!(scene.battle().view(scene.now).seconds_left, Some(20));
    scene.waits(20);
    scene.wakes();
    settled(&scene, Why::TimeOut, DRAW);
}

#[test]
fn a_score_that_comes_when_time_is_up_does_not_count_and_the_one_who_told_it_hears_why() {
    let mut scene = scored(1, 2);
    scene.waits(600);
    let told = scene.plays("ann", score(3));
    let settlement = settled(&scene, Why::TimeOut, BOB_WINS);
    assert_eq!(
        told,
        each(["ann", "bob", "cat"], &Event::Settled(settlement))
    );
    assert_eq!(scene.refuses("ann", score(3)), Refusal::Over);
}

#[test]
fn another_battle_that_is_started_when_time_is_up_waits_for_the_first_to_be_settled() {
    let mut scene = scored(1, 2);
    scene.waits(600);
    let told = scene.plays("ann", begin("second", RulesName::ScoreAttack));
    assert_eq!(who_hears_the_end(&told), ["ann", "bob", "cat"]);
    settled(&scene, Why::TimeOut, BOB_WINS);
    scene.plays("ann", begin("second", RulesName::ScoreAttack));
    assert!(scene.battle().is_running());
}

#[test]
fn whoever_gives_up_has_lost_whatever_the_score() {
    let mut scene = scored(30, 0);
    let told = scene.plays("ann", Forfeit);
    let settlement = settled(&scene, Why::Forfeit, BOB_WINS);
    assert_eq!(
        told,
        each(["ann", "bob", "cat"], &Event::Settled(settlement))
    );
    for name in ["ann", "bob"] {
        assert_eq!(scene.refuses(name, Forfeit), Refusal::Over);
    }
}

#[test]
fn the_dead_and_the_frozen_may_give_up() {
    let mut scene = scored(10, 0);
    scene.plays("ann", Attack);
    scene.plays("bob", Die);
    scene.plays("bob", Forfeit);
    settled(&scene, Why::Forfeit, ANN_WINS);
}
