//! Going out while a battle goes on.

use domain::battle::{Event, Options, RulesName, Verdict, Why};
use domain::lobby::{Action, Ban, Departure, Event as LobbyEvent};

use crate::scene::{Heard, Scene, each, end_of, of_battle, who_hears_the_end};
use crate::words::{begin_with, disconnect, friday, leave, peer, player, socket};

const ANN_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Lose, Verdict::Win);
const BOB_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Win, Verdict::Lose);
const NOBODY_LOST: (Why, Verdict, Verdict) = (Why::Forfeit, Verdict::Draw, Verdict::Draw);

fn close(name: &str) -> Action {
    Action::Close { by: player(name) }
}

fn kick(name: &str, ban: Ban) -> Action {
    Action::Kick {
        by: player("ann"),
        connection_id: socket(name),
        reason: None,
        ban,
    }
}

/// How the battle ended, as the last of those who heard so heard it.
#[track_caller]
fn last_settlement(heard: &Heard<LobbyEvent>) -> (Why, Verdict, Verdict) {
    let heard = of_battle(heard.clone());
    let mut settled = heard.iter().rev().filter_map(|(_, event)| {
        if let Event::Settled(settlement) = event {
            Some(end_of(settlement))
        } else {
            None
        }
    });
    settled.next().expect("it is settled")
}

#[test]
fn whoever_leaves_has_lost_at_once_and_hears_so_before_it_is_out() {
    let mut scene = Scene::noughts();
    let told = scene.does(leave("bob"));
    assert_eq!(scene.ended(), BOB_LOST);
    let settled = LobbyEvent::Battle(Event::Settled(scene.settlement()));
    let mut expected = each(["ann", "bob", "cat"], &settled);
    expected.extend(each(["bob"], &LobbyEvent::Left { lobby_id: friday() }));
    let gone = LobbyEvent::PlayerLeft {
        player_id: player("bob"),
        peer_id: peer(2),
        how: Departure::Left,
    };
    expected.extend(each(["ann", "cat"], &gone));
    assert_eq!(told, expected);
}

#[test]
fn a_host_that_leaves_has_lost_too_and_the_lobby_has_another() {
    let mut scene = Scene::noughts();
    scene.does(leave("ann"));
    assert_eq!(scene.ended(), ANN_LOST);
    assert_eq!(scene.lobby().host, player("bob"));
}

#[test]
fn whoever_is_removed_has_lost() {
    for ban in [Ban::No, Ban::Yes] {
        let mut scene = Scene::noughts();
        let told = scene.does_to_battle(kick("bob", ban));
        assert_eq!(scene.ended(), BOB_LOST);
        assert_eq!(who_hears_the_end(&told), ["ann", "bob", "cat"]);
    }
}

#[test]
fn whoever_watched_goes_as_it_likes() {
    for action in [leave("cat"), disconnect("cat"), kick("cat", Ban::Yes)] {
        let mut scene = Scene::noughts();
        let battle = scene.battle().clone();
        assert_eq!(scene.does_to_battle(action), []);
        assert_eq!(*scene.battle(), battle);
    }
}

#[test]
fn a_battle_that_is_over_stays_so_whoever_goes() {
    let mut scene = Scene::noughts();
    scene.does(leave("bob"));
    let settlement = scene.settlement();
    for action in [disconnect("ann"), disconnect("eve")] {
        assert_eq!(scene.does_to_battle(action), []);
        assert_eq!(scene.settlement(), settlement);
    }
}

#[test]
fn a_host_that_closes_the_lobby_has_lost_and_everyone_hears_so_before_it_is_closed() {
    let mut scene = Scene::noughts();
    let settlement = scene.lobby().settlement_if_ended(scene.now);
    let settlement = settlement.expect("it goes on");
    let told = scene.does(close("ann"));
    assert_eq!(scene.stored, None);
    assert_eq!(end_of(&settlement), ANN_LOST);
    let names = ["ann", "bob", "cat"];
    let settled = LobbyEvent::Battle(Event::Settled(settlement));
    let mut expected = each(names, &settled);
    expected.extend(each(names, &LobbyEvent::Closed { lobby_id: friday() }));
    assert_eq!(told, expected);
}

#[test]
fn where_a_host_that_watches_closes_the_lobby_nobody_has_lost() {
    let mut scene = Scene::lobby_of(["zoe", "bob"]);
    let options = Options {
        players: Some(vec![peer(3), peer(2)]),
        ..Options::default()
    };
    scene.plays("ann", begin_with("first", RulesName::ScoreAttack, options));
    let settlement = scene.lobby().settlement_if_ended(scene.now);
    scene.does(close("ann"));
    let players = settlement.expect("it went on").players;
    let results: Vec<_> = players.iter().map(|one| one.result).collect();
    assert_eq!(results, [Verdict::Draw, Verdict::Draw]);
}

#[test]
fn whoever_leaves_while_the_other_is_away_has_won_though_others_stay() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    scene.does(leave("ann"));
    assert_eq!(scene.ended(), BOB_LOST);
}

#[test]
fn where_the_last_one_who_is_there_leaves_the_lobby_waits_for_the_one_who_has_lost() {
    let mut scene = Scene::noughts();
    scene.does(leave("cat"));
    scene.loses("bob", 30);
    scene.waits(10);
    scene.does(leave("ann"));
    assert_eq!(scene.ended(), BOB_LOST);
    assert_eq!(scene.lobby().host, player("bob"));
    scene.waits(20);
    scene.does(Action::Wake);
    assert_eq!(scene.stored, None);
}

#[test]
fn whoever_closes_the_lobby_while_the_other_is_away_has_won() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    scene.waits(10);
    let settlement = scene.lobby().settlement_if_ended(scene.now);
    let told = scene.does(close("ann"));
    assert_eq!(scene.stored, None);
    assert_eq!(last_settlement(&told), BOB_LOST);
    assert_eq!(settlement.as_ref().map(end_of), Some(BOB_LOST));
}

#[test]
fn whoever_gives_up_while_the_other_is_away_has_lost_all_the_same() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    scene.plays("ann", domain::battle::Action::Forfeit);
    assert_eq!(scene.ended(), ANN_LOST);
}

#[test]
fn whoever_is_removed_while_it_is_away_has_lost_and_is_told_like_the_others() {
    let mut scene = Scene::noughts();
    scene.loses("bob", 30);
    let told = scene.does_to_battle(kick("bob", Ban::No));
    assert_eq!(scene.ended(), BOB_LOST);
    assert_eq!(who_hears_the_end(&told), ["ann", "bob", "cat"]);
}

#[test]
fn where_the_time_of_all_is_over_at_once_whoever_was_away_first_has_lost() {
    let mut scene = Scene::noughts();
    scene.does(leave("cat"));
    scene.loses("ann", 30);
    scene.waits(1);
    scene.loses("bob", 30);
    scene.waits(60);
    let settlement = scene.lobby().settlement_if_ended(scene.now);
    scene.does(Action::Wake);
    assert_eq!(scene.stored, None);
    assert_eq!(settlement.as_ref().map(end_of), Some(ANN_LOST));
}

#[test]
fn where_the_time_of_all_ends_in_one_moment_nobody_has_lost() {
    let mut scene = Scene::noughts();
    scene.does(leave("cat"));
    scene.loses("ann", 30);
    scene.loses("bob", 30);
    scene.waits(30);
    let settlement = scene.lobby().settlement_if_ended(scene.now);
    scene.does(Action::Wake);
    assert_eq!(scene.stored, None);
    assert_eq!(settlement.as_ref().map(end_of), Some(NOBODY_LOST));
}

#[test]
fn a_battle_that_is_over_is_not_settled_again_as_the_lobby_ends() {
    let mut scene = Scene::noughts();
    scene.does(leave("bob"));
    assert_eq!(scene.lobby().settlement_if_ended(scene.now), None);
    assert_eq!(scene.does_to_battle(close("ann")), []);
}

#[test]
fn a_lobby_that_ends_without_a_battle_settles_none() {
    let scene = Scene::lobby_of_three();
    assert_eq!(scene.lobby().settlement_if_ended(scene.now), None);
}
