//! Leaving, being gone, and who is host then.

use domain::lobby::{Departure, Ending, Event, Metadata, Refusal};

use crate::scene::{
    Scene, accept, contact, disconnect, friday, gone, hears, join, leave, peer, player,
};

fn left() -> Event {
    Event::Left { lobby_id: friday() }
}

fn asks_to_join(name: &str) -> Event {
    Event::JoinRequested {
        by: contact(name),
        metadata: Metadata::new(),
    }
}

#[test]
fn a_guest_that_leaves_hears_so_and_the_others_hear_that_it_is_gone() {
    let mut scene = Scene::ask().guests(["bob", "cat"]).waiting(["dan"]);
    let told = scene.does(leave("bob"));
    let expected = [
        hears("bob", left()),
        hears("ann", gone("bob", 2, Departure::Left)),
        hears("cat", gone("bob", 2, Departure::Left)),
    ];
    assert_eq!(told, expected);
    assert_eq!(scene.lobby().host, player("ann"));
    assert_eq!(scene.lobby().term, 1);
}

#[test]
fn a_guest_that_is_gone_hears_nothing_and_the_others_hear_so() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    let told = scene.does(disconnect("bob"));
    let expected = [
        hears("ann", gone("bob", 2, Departure::Disconnected)),
        hears("cat", gone("bob", 2, Departure::Disconnected)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn where_the_host_leaves_the_longest_present_is_host_and_everyone_hears_so() {
    let mut scene = Scene::ask().guests(["zoe", "bob"]);
    let told = scene.does(leave("ann"));
    let changed = Event::HostChanged {
        host: scene.member("zoe"),
        term: 2,
    };
    let expected = [
        hears("ann", left()),
        hears("bob", gone("ann", 1, Departure::Left)),
        hears("zoe", gone("ann", 1, Departure::Left)),
        hears("bob", changed.clone()),
        hears("zoe", changed),
    ];
    assert_eq!(told, expected);
    assert_eq!(scene.lobby().host, player("zoe"));
    assert_eq!(scene.lobby().term, 2);
}

#[test]
fn a_host_that_is_gone_is_followed_like_one_that_leaves() {
    let mut scene = Scene::ask().guests(["bob"]);
    let told = scene.does(disconnect("ann"));
    let changed = Event::HostChanged {
        host: scene.member("bob"),
        term: 2,
    };
    let expected = [
        hears("bob", gone("ann", 1, Departure::Disconnected)),
        hears("bob", changed),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_new_host_hears_who_waits_the_longest_waiting_first_and_can_let_them_in() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["zoe", "cat"]);
    let told = scene.does(leave("ann"));
    let asked = [
        hears("bob", asks_to_join("zoe")),
        hears("bob", asks_to_join("cat")),
    ];
    assert_eq!(told[told.len() - 2..], asked);
    scene.does(accept("bob", "cat"));
    assert!(scene.has("cat"));
}

#[test]
fn a_host_that_comes_back_is_a_guest() {
    let mut scene = Scene::open().guests(["bob"]);
    scene.does(leave("ann"));
    scene.does(join("ann"));
    assert_eq!(scene.lobby().host, player("bob"));
    assert_eq!(scene.member("ann").peer_id, peer(1));
    scene.does(leave("bob"));
    assert_eq!(scene.lobby().host, player("ann"));
    assert_eq!(scene.lobby().term, 3);
}

#[test]
fn when_the_last_one_goes_the_lobby_is_no_more_and_those_who_wait_hear_so() {
    let rejected = Event::JoinRejected {
        lobby_id: friday(),
        why: Ending::LobbyClosed,
    };
    let mut scene = Scene::ask().waiting(["bob"]);
    let told = scene.does(leave("ann"));
    let expected = [hears("ann", left()), hears("bob", rejected.clone())];
    assert_eq!(told, expected);
    assert_eq!(scene.stored, None);

    let mut scene = Scene::ask().waiting(["bob"]);
    let told = scene.does(disconnect("ann"));
    assert_eq!(told, [hears("bob", rejected)]);
    assert_eq!(scene.stored, None);
}

#[test]
fn whoever_waits_may_take_back_its_request_and_only_it_hears_of_that() {
    let mut scene = Scene::ask().waiting(["bob", "cat"]);
    assert_eq!(scene.does(leave("bob")), [hears("bob", left())]);
    assert_eq!(scene.does(disconnect("cat")), []);
    assert_eq!(scene.lobby().requests.len(), 0);
    assert_eq!(
        scene.refuses(accept("ann", "bob")),
        Refusal::RequestNotFound
    );
}

#[test]
fn leaving_twice_is_refused_the_second_time() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.does(leave("bob"));
    assert_eq!(scene.refuses(leave("bob")), Refusal::NotInLobby);
}

#[test]
fn being_gone_twice_changes_nothing_the_second_time_and_nobody_hears_of_it() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    scene.does(disconnect("bob"));
    let before = scene.lobby().clone();
    assert_eq!(scene.does(disconnect("bob")), []);
    assert_eq!(scene.does(disconnect("eve")), []);
    assert_eq!(*scene.lobby(), before);
}
