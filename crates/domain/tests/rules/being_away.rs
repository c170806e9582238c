//! Being away and coming back.

mod as_one_who_waits;
mod as_the_host;
mod removed;
mod told;

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{
    Action, Changes, Contact, Departure, Ending, Event, Lobby, Metadata, Notice, PasswordProof,
    Refusal, step,
};

use crate::scene::{
    DAWN, Scene, come_back, contact, contact_again, contact_until, disconnect, friday, gone, hears,
    join, join_as, leave, lose, peer, player, update,
};

fn after(seconds: u64) -> Timestamp {
    Timestamp::from_millis(DAWN) + Duration::from_secs(seconds)
}

fn away(name: &str, number: u32, seconds: u32) -> Event {
    Event::PlayerAway {
        player_id: player(name),
        peer_id: peer(number),
        seconds,
    }
}

fn hears_at(to: Contact, event: Event) -> Notice {
    Notice { to, event }
}

/// Somebody hears something who is away until then.
fn hears_later(name: &str, until: Timestamp, event: Event) -> Notice {
    hears_at(contact(name).lost(until), event)
}

fn asks_to_join(by: Contact) -> Event {
    let metadata = Metadata::new();
    Event::JoinRequested { by, metadata }
}

fn rejected(why: Ending) -> Event {
    let lobby_id = friday();
    Event::JoinRejected { lobby_id, why }
}

/// The lobby as it was when the last word was said; saying it has taken its version one up.
fn as_told(scene: &Scene) -> Lobby {
    let mut lobby = scene.lobby().clone();
    lobby.version -= 1;
    lobby
}

#[test]
fn whose_connection_ends_is_away_and_the_other_members_hear_for_how_long_at_most() {
    let mut scene = Scene::ask().guests(["bob", "cat"]).waiting(["dan"]);
    let told = scene.loses("bob", 30);
    let expected = [
        hears("ann", away("bob", 2, 30)),
        hears("cat", away("bob", 2, 30)),
    ];
    assert_eq!(told, expected);
    assert_eq!(scene.member("bob").contact, contact("bob").lost(after(30)));
}

#[test]
fn a_second_that_has_begun_counts_as_one() {
    let mut scene = Scene::ask().guests(["bob"]);
    let until = Timestamp::from_millis(DAWN + 29_001);
    let told = scene.does(lose("bob", until));
    assert_eq!(told, [hears("ann", away("bob", 2, 30))]);
}

#[test]
fn nobody_may_stay_away_for_longer_than_its_connection_was_to_last() {
    let mut scene = Scene::open();
    let passing = contact_until("bob", after(10));
    scene.does(join_as(passing, PasswordProof::Right));
    let told = scene.loses("bob", 30);
    assert_eq!(told, [hears("ann", away("bob", 2, 10))]);
    assert_eq!(scene.member("bob").contact.expires_at, after(10));
}

#[test]
fn whoever_comes_back_is_what_it_was_and_the_others_hear_where_it_is_now() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    let before = scene.member("bob");
    scene.loses("bob", 30);
    scene.waits(29);
    let told = scene.does(come_back("bob"));
    let bob = scene.member("bob");
    assert_eq!(bob.contact, contact_again("bob"));
    let same = |member: &domain::lobby::Member| {
        let member = member.clone();
        (member.peer_id, member.arrival, member.team, member.metadata)
    };
    assert_eq!(same(&bob), same(&before));
    let back = Event::PlayerBack(bob);
    let expected = [
        hears("ann", back.clone()),
        hears("cat", back),
        hears_at(contact_again("bob"), Event::Resumed(as_told(&scene))),
    ];
    assert_eq!(told, expected);
}

#[test]
fn whoever_comes_by_another_connection_before_the_first_has_ended_was_never_away() {
    let mut scene = Scene::ask().guests(["bob"]);
    let told = scene.does(come_back("bob"));
    let back = Event::PlayerBack(scene.member("bob"));
    let resumed = Event::Resumed(as_told(&scene));
    let expected = [hears("ann", back), hears_at(contact_again("bob"), resumed)];
    assert_eq!(told, expected);
}

#[test]
fn a_late_farewell_of_the_old_connection_does_nothing_to_one_who_has_come_back() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    for name in ["ann", "bob", "cat"] {
        scene.loses(name, 30);
        scene.does(come_back(name));
    }
    let before = scene.lobby().clone();
    for name in ["ann", "bob", "cat"] {
        assert_eq!(scene.loses(name, 30), []);
        assert_eq!(scene.does(disconnect(name)), []);
    }
    assert_eq!(*scene.lobby(), before);
}

#[test]
fn the_end_of_a_connection_twice_gives_no_more_time_and_takes_none() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    scene.loses("bob", 30);
    scene.loses("cat", 30);
    let before = scene.lobby().clone();
    scene.waits(10);
    for name in ["bob", "cat"] {
        assert_eq!(scene.loses(name, 30), []);
        assert_eq!(scene.does(disconnect(name)), []);
    }
    assert_eq!(*scene.lobby(), before);
    scene.waits(20);
    scene.does(Action::Wake);
    assert!(!scene.has("bob") && !scene.has_waiting("cat"));
}

#[test]
fn whoever_stays_away_too_long_is_out_and_the_others_hear_so() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    scene.loses("bob", 30);
    scene.now = Timestamp::from_millis(after(30).as_millis() - 1);
    assert_eq!(scene.does(Action::Wake), []);
    scene.now = after(30);
    let told = scene.does(Action::Wake);
    let left = gone("bob", 2, Departure::Disconnected);
    assert_eq!(told, [hears("ann", left.clone()), hears("cat", left)]);
}

#[test]
fn whoever_comes_back_too_late_finds_nothing_and_nobody_hears_of_its_coming() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.loses("bob", 30);
    scene.waits(30);
    let told = scene.does(come_back("bob"));
    assert_eq!(
        told,
        [hears("ann", gone("bob", 2, Departure::Disconnected))]
    );
    let before = scene.lobby().clone();
    assert_eq!(scene.does(come_back("bob")), []);
    assert_eq!(scene.does(come_back("eve")), [], "she was never here");
    assert_eq!(*scene.lobby(), before);
}

#[test]
fn the_lobby_is_woken_when_somebodys_time_is_over_and_not_for_anything_else() {
    let alarms = |scene: &Scene, action| {
        let outcome = step(scene.lobby(), action, scene.now);
        outcome.expect("this is allowed").alarms
    };
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    for name in ["ann", "bob", "cat"] {
        assert_eq!(alarms(&scene, lose(name, after(30))), [after(30)]);
        assert_eq!(alarms(&scene, disconnect(name)), []);
        assert_eq!(alarms(&scene, come_back(name)), []);
    }
    scene.loses("bob", 30);
    assert_eq!(alarms(&scene, lose("bob", after(40))), []);
    assert_eq!(alarms(&scene, come_back("bob")), []);
    assert_eq!(alarms(&scene, Action::Wake), []);
}

#[test]
fn a_seat_and_a_number_are_kept_for_one_who_is_away() {
    let two = Changes {
        max_players: Some(2),
        ..Changes::default()
    };
    let mut scene = Scene::open().guests(["bob"]).changed(two);
    scene.loses("bob", 30);
    let full = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses(join("cat")), full);
    let one = Changes {
        max_players: Some(1),
        ..Changes::default()
    };
    let below = Refusal::BelowMembers { members: 2 };
    assert_eq!(scene.refuses(update("ann", one)), below);
    scene.waits(30);
    scene.does(join("cat"));
    assert_eq!(scene.member("cat").peer_id, peer(2));
}

#[test]
fn whoever_is_away_is_in_already_and_does_not_join() {
    let mut scene = Scene::open().guests(["bob"]);
    scene.loses("bob", 30);
    let already = Refusal::AlreadyInLobby { lobby_id: friday() };
    let again = join_as(contact_again("bob"), PasswordProof::Right);
    assert_eq!(scene.refuses(again), already);
}

#[test]
fn whoever_leaves_while_it_is_away_is_out() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.loses("bob", 30);
    let told = scene.does(leave("bob"));
    let left = Event::Left { lobby_id: friday() };
    let expected = [
        hears_later("bob", after(30), left),
        hears("ann", gone("bob", 2, Departure::Left)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn an_absence_and_a_return_are_a_change_each() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    let version = scene.lobby().version;
    let until = after(30);
    let changes = [
        lose("bob", until),
        lose("cat", until),
        come_back("bob"),
        come_back("cat"),
    ];
    for (number, action) in (version + 1..).zip(changes) {
        scene.does(action.clone());
        assert_eq!(scene.lobby().version, number, "after {action:?}");
    }
}
