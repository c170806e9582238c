//! A match asks for others to take its empty seats.

use std::time::Duration;

use domain::battle;
use domain::lobby::{Action, Ban, Changes, Entry, Event, Member, Refusal, step};
use domain::matchmaking::{self, Ending, Found};

use crate::matched::{
    ask_for_more, battle_id, doubles, doubles_that_battle, fill, for_more, made, match_id, placed,
    team, teams,
};
use crate::scene::{Scene, accept, close, contact, hears, join, kick, leave, peer, player, update};

/// Ann against Bob, with two empty seats.
fn two() -> Scene {
    made(&[placed(1, &["ann"]), placed(2, &["bob"])], &doubles())
}

/// The same, in search of others.
fn asked() -> Scene {
    let mut scene = two();
    scene.does(ask_for_more("ann"));
    scene
}

fn cancelled(why: Ending) -> Event {
    let ticket_id = for_more().ticket_id;
    Event::Matchmaking(matchmaking::Event::Cancelled { ticket_id, why })
}

fn unlock(scene: &mut Scene) {
    let unlocked = Changes {
        locked: Some(false),
        ..Changes::default()
    };
    scene.does(update("ann", unlocked));
}

#[test]
fn the_host_of_a_match_asks_for_others_and_hears_how_many_are_missing() {
    let mut scene = two();
    let told = scene.does(ask_for_more("ann"));
    let started = Event::Matchmaking(matchmaking::Event::BackfillStarted {
        ticket: for_more(),
        seats: 2,
    });
    assert_eq!(told, [hears("ann", started)]);
    assert_eq!(scene.lobby().ticket, Some(for_more()));
}

#[test]
fn only_the_host_asks_for_others_and_once_at_a_time() {
    let scene = two();
    assert_eq!(scene.refuses(ask_for_more("bob")), Refusal::NotHost);
    let asked = asked();
    assert_eq!(asked.refuses(ask_for_more("ann")), Refusal::InMatchmaking);
}

#[test]
fn a_lobby_that_no_match_has_made_asks_for_nobody() {
    let scene = Scene::ask().guests(["bob"]);
    assert_eq!(scene.refuses(ask_for_more("ann")), Refusal::NotAMatch);
}

#[test]
fn a_full_match_asks_for_nobody() {
    let tickets = [placed(1, &["ann", "bob"]), placed(2, &["cat", "dan"])];
    let scene = made(&tickets, &doubles());
    assert_eq!(scene.refuses(ask_for_more("ann")), Refusal::NoFreeSeats);
}

#[test]
fn the_seat_of_one_who_is_away_is_not_free() {
    let tickets = [placed(1, &["ann", "bob"]), placed(2, &["cat", "dan"])];
    let mut scene = made(&tickets, &doubles());
    scene.loses("cat", 30);
    assert_eq!(scene.refuses(ask_for_more("ann")), Refusal::NoFreeSeats);
    scene.waits(30);
    scene.does(ask_for_more("ann"));
}

#[test]
fn a_match_goes_on_asking_while_a_guest_is_away_and_asks_no_more_once_it_is_out() {
    let mut scene = asked();
    scene.loses("bob", 30);
    assert_eq!(scene.lobby().ticket, Some(for_more()));
    scene.waits(30);
    let told = scene.does(Action::Wake);
    assert_eq!(
        told.last(),
        Some(&hears("ann", cancelled(Ending::PartyChanged)))
    );
    assert_eq!(scene.lobby().ticket, None);
}

#[test]
fn a_match_goes_on_asking_while_its_host_is_away() {
    let mut scene = asked();
    scene.loses("ann", 30);
    scene.does(fill(&[placed(2, &["cat"])]));
    assert!(scene.has("cat"));
    assert_eq!(scene.lobby().host, player("ann"));
}

#[test]
fn a_newcomer_that_is_away_as_the_queue_finds_it_has_a_seat_until_its_time_is_over() {
    let mut scene = asked();
    let mut cat = placed(2, &["cat"]);
    let until = scene.now + Duration::from_secs(20);
    cat.ticket.players[0] = contact("cat").lost(until);
    let outcome = step(scene.lobby(), fill(&[cat.clone()]), scene.now).expect("it fits");
    assert_eq!(outcome.alarms, [until]);
    let hears_of_it = &outcome.notices[0].to;
    assert_eq!(*hears_of_it, cat.ticket.players[0], "as one who is away");
    scene.stored = outcome.lobby;
    assert_eq!(scene.member("cat").peer_id, peer(3));
    scene.waits(20);
    scene.does(Action::Wake);
    assert!(!scene.has("cat"));
}

#[test]
fn newcomers_hear_of_the_match_and_the_others_hear_of_them() {
    let mut scene = asked();
    let told = scene.does(fill(&[placed(2, &["cat"]), placed(1, &["dan"])]));
    let lobby = scene.lobby();
    let expected = [
        ("ann", 1, Some(1)),
        ("bob", 2, Some(2)),
        ("cat", 3, Some(2)),
        ("dan", 4, Some(1)),
    ];
    assert_eq!(teams(lobby), expected);
    let players: Vec<Member> = lobby.members_by_arrival().into_iter().cloned().collect();
    let found = |number| {
        Event::Matchmaking(matchmaking::Event::Found(Found {
            match_id: match_id(),
            lobby_id: lobby.lobby_id.clone(),
            battle_id: None,
            team: team(number),
            host_peer_id: peer(1),
            players: players.clone(),
        }))
    };
    let [cat, dan] = ["cat", "dan"].map(|name| Event::PlayerJoined(scene.member(name)));
    let expected = [
        hears("cat", found(2)),
        hears("dan", found(1)),
        hears("ann", cat.clone()),
        hears("bob", cat),
        hears("ann", dan.clone()),
        hears("bob", dan),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_match_that_has_been_filled_asks_no_more_and_remembers_the_new_tickets() {
    let mut scene = asked();
    scene.does(fill(&[placed(2, &["cat"])]));
    assert_eq!(scene.lobby().ticket, None);
    let origin = scene.lobby().origin.as_ref().expect("a match");
    assert_eq!(origin.tickets.len(), 3);
    scene.does(ask_for_more("ann"));
}

#[test]
fn newcomers_hear_of_the_battle_that_goes_on_and_watch_it() {
    let mut scene = made(
        &[placed(1, &["ann"]), placed(2, &["bob"])],
        &doubles_that_battle(),
    );
    scene.does(ask_for_more("ann"));
    let told = scene.does(fill(&[placed(2, &["cat"])]));
    assert_eq!(told[0].to, contact("cat"));
    assert!(matches!(
        &told[0].event,
        Event::Matchmaking(matchmaking::Event::Found(found)) if found.battle_id == Some(battle_id())
    ));
}

#[test]
fn a_match_that_does_not_ask_any_more_is_not_filled() {
    let newcomers = fill(&[placed(2, &["cat"])]);
    assert_eq!(two().refuses(newcomers.clone()), Refusal::NotInMatchmaking);
    let mut scene = asked();
    scene.does(newcomers.clone());
    assert_eq!(scene.refuses(newcomers), Refusal::NotInMatchmaking);
}

#[test]
fn more_than_there_are_seats_for_do_not_come() {
    let scene = asked();
    let three = [placed(1, &["cat"]), placed(2, &["dan", "eve"])];
    assert_eq!(scene.refuses(fill(&three)), Refusal::NoFreeSeats);
}

#[test]
fn whom_the_host_has_banned_does_not_come_and_nobody_comes_twice() {
    let mut scene = made(
        &[placed(1, &["ann"]), placed(2, &["bob", "cat"])],
        &doubles(),
    );
    scene.does(kick("ann", "cat", Ban::Yes));
    scene.does(ask_for_more("ann"));
    let lobby_id = scene.lobby().lobby_id.clone();
    let banned = Refusal::Banned {
        lobby_id: lobby_id.clone(),
    };
    assert_eq!(scene.refuses(fill(&[placed(1, &["cat"])])), banned);
    let there = Refusal::AlreadyInLobby { lobby_id };
    assert_eq!(scene.refuses(fill(&[placed(1, &["bob"])])), there);
}

#[test]
fn a_match_of_which_a_guest_goes_or_to_which_one_comes_asks_no_more_and_its_host_hears_so() {
    let mut scene = asked();
    let told = scene.does(leave("bob"));
    assert_eq!(
        told.last(),
        Some(&hears("ann", cancelled(Ending::PartyChanged)))
    );
    assert_eq!(scene.lobby().ticket, None);
    let mut scene = asked();
    unlock(&mut scene);
    scene.does(join("cat"));
    assert_eq!(scene.lobby().ticket, Some(for_more()), "it only waits");
    let told = scene.does(accept("ann", "cat"));
    assert_eq!(
        told.last(),
        Some(&hears("ann", cancelled(Ending::PartyChanged)))
    );
}

#[test]
fn a_match_whose_last_seat_is_taken_otherwise_asks_no_more() {
    let mut scene = made(
        &[placed(1, &["ann", "bob"]), placed(2, &["dan"])],
        &doubles(),
    );
    scene.does(ask_for_more("ann"));
    unlock(&mut scene);
    scene.does(join("cat"));
    let told = scene.does(accept("ann", "cat"));
    assert_eq!(told.last(), Some(&hears("ann", cancelled(Ending::Matched))));
    assert_eq!(scene.lobby().ticket, None);
}

#[test]
fn a_match_with_fewer_seats_than_before_and_none_free_asks_no_more() {
    let mut scene = asked();
    let two_seats = Changes {
        max_players: Some(2),
        ..Changes::default()
    };
    let told = scene.does(update("ann", two_seats));
    assert_eq!(told.last(), Some(&hears("ann", cancelled(Ending::Matched))));
}

#[test]
fn a_match_with_another_host_asks_no_more() {
    let mut scene = asked();
    let told = scene.does(leave("ann"));
    assert_eq!(
        told.last(),
        Some(&hears("bob", cancelled(Ending::HostChanged)))
    );
    assert_eq!(scene.lobby().ticket, None);
}

#[test]
fn a_match_that_is_closed_asks_no_more() {
    let mut scene = asked();
    let told = scene.does(close("ann"));
    assert_eq!(told[0], hears("ann", cancelled(Ending::Closed)));
    assert_eq!(scene.stored, None);
}

#[test]
fn a_match_whose_battle_is_over_asks_no_more_unless_it_asks_again() {
    let mut scene = made(
        &[placed(1, &["ann"]), placed(2, &["bob"])],
        &doubles_that_battle(),
    );
    scene.does(ask_for_more("ann"));
    let told = scene.does(Action::Battle {
        by: player("bob"),
        action: battle::Action::Forfeit,
    });
    assert_eq!(told.last(), Some(&hears("ann", cancelled(Ending::Matched))));
    assert_eq!(scene.lobby().ticket, None);
    scene.does(ask_for_more("ann"));
    assert_eq!(scene.lobby().ticket, Some(for_more()));
}

#[test]
fn a_match_that_is_taken_out_of_the_queue_hears_why_by_its_host() {
    let mut scene = asked();
    let told = scene.does(Action::Dequeue {
        ticket_id: for_more().ticket_id,
        why: Ending::GaveUp,
    });
    assert_eq!(told, [hears("ann", cancelled(Ending::GaveUp))]);
}

#[test]
fn a_match_whose_members_go_into_a_queue_as_a_party_is_a_match_no_more() {
    let mut scene = two();
    scene.does(Action::Enqueue {
        by: player("ann"),
        ticket: for_more(),
        kind: Entry::Party {
            most: 2,
            estimate: None,
        },
    });
    assert_eq!(scene.lobby().origin, None);
    assert_eq!(scene.member("ann").team, None);
    assert_eq!(scene.refuses(join("cat")), Refusal::InMatchmaking);
    scene.does(Action::Dequeue {
        ticket_id: for_more().ticket_id,
        why: Ending::Left,
    });
    assert_eq!(scene.refuses(ask_for_more("ann")), Refusal::NotAMatch);
}
