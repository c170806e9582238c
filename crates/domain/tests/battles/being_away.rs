//! A connection that ends while a battle goes on, and coming back.

use std::time::Duration;

use domain::battle::{Event, Options, RulesName, Verdict, Why};
use domain::lobby::{self, Changes, Departure, JoinPolicy, Refusal};

use crate::scene::{Scene, each, who_hears_the_end};
use crate::words::{begin, contact_until, disconnect, friday, join, join_as, mark, peer, player};

const ANN_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Lose, Verdict::Win);
const BOB_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Win, Verdict::Lose);

fn away(name: &str, seconds: u32) -> Event {
    Event::PlayerAway {
        player: player(name),
        seconds,
    }
}

fn update(changes: Changes) -> lobby::Action {
    let by = player("ann");
    lobby::Action::Update { by, changes }
}

#[test]
fn where_a_players_connection_ends_the_others_hear_that_it_is_out_and_how_long_it_may_stay_away() {
    let mut scene = Scene::noughts();
    let told = scene.does(disconnect("bob"));
    let gone = lobby::Event::PlayerLeft {
        player_id: player("bob"),
        peer_id: peer(2),
        how: Departure::Disconnected,
    };
    let mut expected = each(["ann", "cat"], &gone);
    expected.extend(each(["ann", "cat"], &lobby::Event::Battle(away("bob", 30))));
    assert_eq!(told, expected);
    assert!(scene.battle().is_running());
    let players = scene.battle().view(scene.now).players;
    let away: Vec<_> = players.iter().map(|one| one.away_seconds).collect();
    assert_eq!(away, [None, Some(30)]);
}

#[test]
fn whoever_stays_away_too_long_has_lost() {
    let mut scene = Scene::score_attack();
    scene.does(disconnect("bob"));
    scene.waits(29);
    assert_eq!(scene.wakes(), []);
    scene.waits(1);
    let told = scene.wakes();
    assert_eq!(scene.ended(), BOB_LOST);
    assert_eq!(who_hears_the_end(&told), ["ann", "cat"]);
}

#[test]
fn how_long_a_player_may_stay_away_may_be_set_and_be_no_time_at_all() {
    let patient = |seconds| Options {
        grace_seconds: Some(seconds),
        ..Options::default()
    };
    let mut scene = Scene::set(RulesName::ScoreAttack, patient(90));
    let told = scene.does_to_battle(disconnect("ann"));
    assert_eq!(told, each(["bob", "cat"], &away("ann", 90)));
    let mut scene = Scene::set(RulesName::ScoreAttack, patient(0));
    let told = scene.does_to_battle(disconnect("ann"));
    assert_eq!(scene.ended(), ANN_LOST);
    assert_eq!(who_hears_the_end(&told), ["bob", "cat"]);
}

#[test]
fn hearing_twice_that_a_connection_has_ended_does_not_give_more_time() {
    let mut scene = Scene::score_attack();
    scene.does(disconnect("bob"));
    let lobby = scene.lobby().clone();
    scene.waits(10);
    assert_eq!(scene.does(disconnect("bob")), []);
    assert_eq!(*scene.lobby(), lobby);
}

#[test]
fn where_both_are_away_the_one_who_went_first_has_lost() {
    let mut scene = Scene::score_attack();
    scene.does(disconnect("bob"));
    scene.waits(5);
    scene.does(disconnect("ann"));
    scene.waits(60);
    scene.wakes();
    assert_eq!(scene.ended(), BOB_LOST);
}

#[test]
fn a_turn_goes_on_while_its_player_is_away() {
    let mut scene = Scene::noughts();
    scene.waits(40);
    scene.does(disconnect("ann"));
    scene.waits(20);
    scene.wakes();
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
}

#[test]
fn where_a_turn_ends_just_as_an_absence_does_the_turn_has_decided() {
    let mut scene = Scene::noughts();
    scene.waits(30);
    scene.does(disconnect("bob"));
    scene.waits(30);
    scene.wakes();
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
}

#[test]
fn whose_connection_ends_when_the_battle_is_over_anyway_hears_nothing_of_it() {
    let mut scene = Scene::noughts();
    scene.waits(60);
    let told = scene.does_to_battle(disconnect("bob"));
    assert_eq!(who_hears_the_end(&told), ["ann", "cat"]);
    assert_eq!(scene.ended(), (Why::TimeOut, Verdict::Lose, Verdict::Win));
}

#[test]
fn where_an_alarm_rings_late_what_came_first_has_decided() {
    let mut scene = Scene::noughts();
    scene.waits(20);
    // It is Ann's turn for 40 seconds more, but Bob is back in 30 or never.
    scene.does(disconnect("bob"));
    scene.waits(50);
    scene.wakes();
    assert_eq!(scene.ended(), BOB_LOST);
}

#[test]
fn the_other_may_play_on_meanwhile() {
    let mut scene = Scene::noughts();
    scene.does(disconnect("bob"));
    let told = scene.plays("ann", mark(0, 0));
    assert_eq!(told.len(), 2, "Ann and Cat hear of it");
}

#[test]
fn whoever_is_away_plays_not() {
    let mut scene = Scene::noughts();
    scene.does(disconnect("ann"));
    let refusal = scene.refuses_at_all(crate::words::act("ann", mark(0, 0)));
    assert_eq!(refusal, Refusal::NotInLobby);
}

#[test]
fn whoever_comes_back_in_time_has_its_number_again_and_plays_on() {
    let mut scene = Scene::noughts();
    scene.does(disconnect("ann"));
    scene.waits(20);
    let told = scene.does(join("ann"));
    let ann = scene.lobby().members[&player("ann")].clone();
    assert_eq!(ann.peer_id, peer(1));
    let joined = lobby::Event::PlayerJoined(ann);
    assert!(matches!(&told[0], (name, lobby::Event::Accepted(_)) if name == "ann"));
    assert_eq!(told[1..], each(["cat", "bob"], &joined));
    assert_eq!(scene.battle().away.len(), 0);
    scene.plays("ann", mark(0, 0));
    scene.waits(20);
    assert_eq!(scene.wakes(), [], "it is not away any more");
}

#[test]
fn its_seat_is_kept_for_it_though_others_want_one() {
    let mut scene = Scene::noughts();
    scene.does(join("dan"));
    scene.does(disconnect("bob"));
    let full = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses_at_all(join("eve")), full);
    let fewer = Changes {
        max_players: Some(3),
        ..Changes::default()
    };
    let below = Refusal::BelowMembers { members: 4 };
    assert_eq!(scene.refuses_at_all(update(fewer)), below);
    scene.does(join("bob"));
    assert_eq!(scene.lobby().members.len(), 4);
}

#[test]
fn its_number_is_kept_for_it() {
    let mut scene = Scene::noughts();
    scene.does(disconnect("bob"));
    scene.does(join("dan"));
    assert_eq!(scene.lobby().members[&player("dan")].peer_id, peer(4));
    let ask = Changes {
        join_policy: Some(JoinPolicy::Ask),
        max_players: Some(6),
        ..Changes::default()
    };
    scene.does(update(ask));
    scene.does(join("eve"));
    let accept = lobby::Action::Accept {
        by: player("ann"),
        connection_id: crate::words::socket("eve"),
        peer_id: Some(peer(2)),
    };
    assert_eq!(scene.refuses_at_all(accept), Refusal::PeerIdTaken);
}

#[test]
fn it_comes_straight_back_whatever_the_lobby_has_been_set_to_since() {
    let mut scene = Scene::noughts();
    scene.does(disconnect("bob"));
    let closed = Changes {
        locked: Some(true),
        join_policy: Some(JoinPolicy::Ask),
        ..Changes::default()
    };
    scene.does(update(closed));
    scene.does(join("bob"));
    assert!(scene.lobby().members.contains_key(&player("bob")));
}

#[test]
fn once_it_has_lost_its_seat_is_anybodys() {
    let mut scene = Scene::noughts();
    scene.does(join("dan"));
    scene.does(disconnect("bob"));
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
fn who_only_watched_is_not_awaited() {
    let mut scene = Scene::noughts();
    scene.does(disconnect("cat"));
    assert_eq!(scene.battle().away.len(), 0);
    assert_eq!(scene.lobby().free_seats(), 2);
}
