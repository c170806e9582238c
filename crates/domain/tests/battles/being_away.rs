//! A connection that ends while a battle goes on, and coming back.

use std::time::Duration;

use domain::battle::{Event, Options, Refusal as Rule, RulesName, Verdict, Why};
use domain::lobby::{self, Changes, Departure, Refusal};

use crate::scene::{Scene, away_seconds, each, of_battle, who_hears_the_end};
use crate::words::{
    begin, begin_with, come_back, contact_until, disconnect, friday, join, join_as, mark, peer,
    player,
};

const ANN_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Lose, Verdict::Win);
const BOB_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Win, Verdict::Lose);
const NOBODY_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Draw, Verdict::Draw);

#[test]
fn whose_connection_ends_is_a_member_still_and_all_see_how_long_it_may_stay_away() {
    let mut scene = Scene::noughts();
    let told = scene.loses("bob", 30);
    let away = lobby::Event::PlayerAway {
        player_id: player("bob"),
        peer_id: peer(2),
        seconds: 30,
    };
    assert_eq!(told, each(["ann", "cat"], &away));
    assert!(scene.battle().is_running());
    assert!(scene.lobby().members[&player("bob")].contact.away);
    assert_eq!(away_seconds(&scene), [None, Some(30)]);
    scene.waits(12);
    assert_eq!(away_seconds(&scene), [None, Some(18)]);
}

#[test]
fn whoever_stays_away_too_long_is_out_and_has_lost() {
    let mut scene = Scene::score_attack();
    scene.loses("bob", 30);
    scene.waits(29);
    assert_eq!(scene.wakes(), []);
    scene.waits(1);
    let told = scene.does(lobby::Action::Wake);
    assert_eq!(scene.ended(), BOB_LOST);
    let gone = lobby::Event::PlayerLeft {
        player_id: player("bob"),
        peer_id: peer(2),
        how: Departure::Disconnected,
    };
    let mut expected = each(["ann", "cat"], &gone);
    let settled = lobby::Event::Battle(Event::Settled(scene.settlement()));
    expected.extend(each(["ann", "cat"], &settled));
    assert_eq!(told, expected);
}

#[test]
fn who_may_not_stay_away_at_all_has_lost_at_once() {
    let mut scene = Scene::score_attack();
    let told = scene.does_to_battle(disconnect("ann"));
    assert_eq!(scene.ended(), ANN_LOST);
    assert_eq!(who_hears_the_end(&told), ["bob", "cat"]);
}

#[test]
fn hearing_twice_that_a_connection_has_ended_does_not_give_more_time() {
    let mut scene = Scene::score_attack();
    scene.loses("bob", 30);
    let lobby = scene.lobby().clone();
    scene.waits(10);
    assert_eq!(scene.loses("bob", 30), []);
    assert_eq!(*scene.lobby(), lobby);
    assert_eq!(away_seconds(&scene), [None, Some(20)]);
}

#[test]
fn where_both_are_away_the_one_whose_time_ends_first_has_lost() {
    let mut scene = Scene::score_attack();
    scene.loses("bob", 30);
    scene.waits(5);
    scene.loses("ann", 30);
    assert_eq!(away_seconds(&scene), [Some(30), Some(25)]);
    scene.waits(25);
    scene.wakes();
    assert_eq!(scene.ended(), BOB_LOST);
    assert!(scene.lobby().members.contains_key(&player("ann")));
}

#[test]
fn however_late_an_alarm_rings_the_one_whose_time_ended_first_has_lost() {
    let mut scene = Scene::score_attack();
    scene.loses("bob", 30);
    scene.waits(5);
    scene.loses("ann", 30);
    scene.waits(60);
    scene.wakes();
    assert_eq!(scene.ended(), BOB_LOST);
    assert_eq!(scene.lobby().members.len(), 1, "only Cat is left");
}

#[test]
fn where_the_time_of_both_ends_at_once_nobody_has_lost() {
    let mut scene = Scene::noughts();
    scene.loses("ann", 30);
    scene.loses("bob", 30);
    scene.waits(30);
    scene.wakes();
    assert_eq!(scene.ended(), NOBODY_LOST);
}

#[test]
fn a_turn_goes_on_while_its_player_is_away() {
    let mut scene = Scene::noughts();
    scene.waits(40);
    scene.loses("ann", 30);
    scene.waits(20);
    scene.wakes();
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
    assert_eq!(away_seconds(&scene), [None, None], "it makes no difference");
}

#[test]
fn where_a_turn_ends_just_as_an_absence_does_the_turn_has_decided() {
    let mut scene = Scene::noughts();
    scene.waits(30);
    scene.loses("bob", 30);
    scene.waits(30);
    scene.wakes();
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
}

#[test]
fn where_an_alarm_rings_late_what_came_first_has_decided() {
    let mut scene = Scene::noughts();
    scene.waits(20);
    // It is Ann's turn for 40 seconds more, but Bob is back in 30 or never.
    scene.loses("bob", 30);
    scene.waits(50);
    scene.wakes();
    assert_eq!(scene.ended(), BOB_LOST);
}

#[test]
fn whoever_is_out_at_once_when_the_battle_is_over_anyway_hears_nothing_of_it() {
    let mut scene = Scene::noughts();
    scene.waits(60);
    let told = scene.does_to_battle(disconnect("bob"));
    assert_eq!(who_hears_the_end(&told), ["ann", "cat"]);
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
}

#[test]
fn whoever_is_away_from_a_battle_that_is_over_anyway_hears_of_it_as_one_who_is_away() {
    let mut scene = Scene::noughts();
    scene.waits(60);
    let until = scene.now + Duration::from_secs(30);
    let outcome = lobby::step(scene.lobby(), crate::words::lose("bob", until), scene.now);
    let notices = outcome.expect("a farewell is always allowed").notices;
    let of_bob: Vec<_> = notices
        .iter()
        .filter(|notice| notice.to.player_id == player("bob"))
        .collect();
    let [notice] = of_bob[..] else {
        panic!("not one notice, but {of_bob:?}");
    };
    assert!(matches!(
        notice.event,
        lobby::Event::Battle(Event::Settled(_))
    ));
    assert!(notice.to.away, "it is kept until Bob is back");
    assert_eq!(notice.to.expires_at, until);
}

#[test]
fn the_other_may_play_on_meanwhile_and_whoever_is_away_is_told_too() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    let told = scene.plays("ann", mark(0, 0));
    let hearers: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(hearers, ["ann", "bob", "cat"]);
}

#[test]
fn its_seat_and_its_number_are_kept_for_it_though_others_want_one() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    scene.does(join("dan"));
    assert_eq!(scene.lobby().members[&player("dan")].peer_id, peer(4));
    let full = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses_at_all(join("eve")), full);
    let fewer = Changes {
        max_players: Some(3),
        ..Changes::default()
    };
    let by = player("ann");
    let update = lobby::Action::Update { by, changes: fewer };
    let below = Refusal::BelowMembers { members: 4 };
    assert_eq!(scene.refuses_at_all(update), below);
}

#[test]
fn once_it_has_lost_its_seat_is_anybodys() {
    let mut scene = Scene::noughts();
    scene.does(join("dan"));
    scene.loses("bob", 30);
    scene.waits(30);
    scene.does(join("eve"));
    assert_eq!(scene.ended(), BOB_LOST);
    let full = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses_at_all(join("bob")), full);
}

#[test]
fn a_connection_that_is_found_to_have_ended_has_no_time_left() {
    let mut scene = Scene::lobby_of([]);
    let dusk = scene.now + Duration::from_secs(100);
    scene.does(join_as(contact_until("bob", dusk)));
    scene.does(join("cat"));
    scene.plays("ann", begin("first", RulesName::ScoreAttack));
    scene.waits(100);
    let told = scene.wakes();
    assert_eq!(scene.ended(), BOB_LOST);
    assert_eq!(who_hears_the_end(&told), ["ann", "cat"]);
}

#[test]
fn the_battle_waits_for_nobody_who_only_watches() {
    let mut scene = Scene::noughts();
    let battle = scene.battle().clone();
    assert_eq!(of_battle(scene.loses("cat", 30)), []);
    assert_eq!(*scene.battle(), battle);
    scene.waits(30);
    assert_eq!(scene.wakes(), []);
    assert!(scene.battle().is_running());
    assert!(!scene.lobby().members.contains_key(&player("cat")));
}

#[test]
fn nobody_is_challenged_behind_its_back() {
    let mut scene = Scene::lobby_of_three();
    scene.loses("bob", 30);
    let options = Options {
        players: Some(vec![peer(1), peer(2)]),
        ..Options::default()
    };
    let named = begin_with("first", RulesName::ScoreAttack, options);
    assert_eq!(scene.refuses("ann", named), Rule::TooFewPlayers);
    scene.loses("cat", 30);
    let unnamed = begin("first", RulesName::ScoreAttack);
    assert_eq!(scene.refuses("ann", unnamed.clone()), Rule::TooFewPlayers);
    scene.does(come_back("bob"));
    scene.plays("ann", unnamed);
}

#[test]
fn where_nobody_is_named_one_who_is_there_plays_rather_than_one_who_is_away() {
    let mut scene = Scene::lobby_of_three();
    scene.loses("bob", 30);
    scene.plays("ann", begin("first", RulesName::ScoreAttack));
    let players = &scene.battle().players;
    let numbers = [players.first.peer_id, players.second.peer_id];
    assert_eq!(numbers, [peer(1), peer(3)]);
}
