//! Being away while one waits to be let in.

use domain::lobby::{Action, Departure, Ending, Event, Refusal};

use super::{after, as_told, asks_to_join, hears_at, hears_later, rejected};
use crate::scene::{Scene, accept, come_back, contact, contact_again, gone, hears, player, reject};

#[test]
fn nobody_hears_that_it_is_away_and_it_waits_on() {
    let mut scene = Scene::ask().guests(["cat"]).waiting(["bob"]);
    assert_eq!(scene.loses("bob", 30), []);
    assert!(scene.has_waiting("bob"));
    scene.waits(30);
    assert_eq!(scene.does(Action::Wake), []);
    assert!(!scene.has_waiting("bob"));
}

#[test]
fn the_host_hears_where_it_is_now_when_it_comes_back_and_it_hears_that_it_still_waits() {
    let mut scene = Scene::ask().guests(["cat"]).waiting(["bob", "dan"]);
    scene.loses("bob", 30);
    let told = scene.does(come_back("bob"));
    let expected = [
        hears("ann", asks_to_join(contact_again("bob"))),
        hears_at(contact_again("bob"), Event::Resumed(as_told(&scene))),
    ];
    assert_eq!(told, expected);
    let waiting: Vec<_> = scene.lobby().requests_by_arrival().into_iter().collect();
    assert_eq!(waiting[0].contact, contact_again("bob"), "in its old place");
    assert_eq!(
        scene.refuses(accept("ann", "bob")),
        Refusal::RequestNotFound
    );
    let action = Action::Accept {
        by: player("ann"),
        connection_id: contact_again("bob").connection_id,
        peer_id: None,
    };
    scene.does(action);
    assert!(scene.has("bob"));
}

#[test]
fn it_can_be_let_in_and_is_a_member_that_is_away() {
    let mut scene = Scene::ask().guests(["cat"]).waiting(["bob"]);
    scene.loses("bob", 30);
    let told = scene.does(accept("ann", "bob"));
    assert_eq!(told[0].to, contact("bob").lost(after(30)));
    assert!(matches!(told[0].event, Event::Accepted(_)));
    scene.waits(10);
    scene.does(come_back("bob"));
    assert_eq!(scene.member("bob").contact, contact_again("bob"));
}

#[test]
fn let_in_while_it_is_away_it_is_out_when_its_time_is_over() {
    let mut scene = Scene::ask().waiting(["bob"]);
    scene.loses("bob", 30);
    scene.does(accept("ann", "bob"));
    scene.waits(30);
    let told = scene.does(Action::Wake);
    assert_eq!(
        told,
        [hears("ann", gone("bob", 2, Departure::Disconnected))]
    );
}

#[test]
fn it_can_be_turned_away_and_is_told_as_one_who_is_away() {
    let mut scene = Scene::ask().waiting(["bob"]);
    scene.loses("bob", 30);
    let told = scene.does(reject("ann", "bob"));
    let declined = rejected(Ending::Declined(Some("No room.".to_owned())));
    assert_eq!(told, [hears_later("bob", after(30), declined)]);
    assert_eq!(scene.does(come_back("bob")), []);
}

#[test]
fn it_hears_at_its_new_connection_that_the_lobby_has_ended() {
    let mut scene = Scene::ask().waiting(["bob"]);
    scene.loses("ann", 20);
    scene.loses("bob", 30);
    scene.waits(25);
    let told = scene.does(come_back("bob"));
    let closed = rejected(Ending::LobbyClosed);
    assert_eq!(told, [hears_at(contact_again("bob"), closed)]);
    assert_eq!(scene.stored, None);
}

#[test]
fn whose_connection_ends_as_the_lobby_does_hears_so_as_one_who_is_away() {
    let mut scene = Scene::ask().waiting(["bob"]);
    scene.loses("ann", 20);
    scene.waits(25);
    let told = scene.loses("bob", 30);
    let closed = rejected(Ending::LobbyClosed);
    assert_eq!(told, [hears_later("bob", after(55), closed)]);
    assert_eq!(scene.stored, None);
}
