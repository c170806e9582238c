//! Being away as the host, and who is host then.

use domain::lobby::{Action, Departure, Ending, Event};

use super::{after, asks_to_join, hears_later, rejected};
use crate::scene::{
    Scene, accept, come_back, contact, contact_again, gone, hears, join, leave, player,
};

#[test]
fn it_is_host_until_its_time_is_over_and_then_the_longest_present_who_is_there_is() {
    let mut scene = Scene::ask().guests(["zoe", "bob", "cat"]);
    scene.loses("ann", 30);
    scene.loses("zoe", 60);
    scene.waits(29);
    scene.does(Action::Wake);
    assert_eq!(
        (scene.lobby().host.clone(), scene.lobby().term),
        (player("ann"), 1)
    );
    scene.waits(1);
    let told = scene.does(Action::Wake);
    let left = gone("ann", 1, Departure::Disconnected);
    let changed = Event::HostChanged {
        host: scene.member("bob"),
        term: 2,
    };
    let expected = [
        hears("bob", left.clone()),
        hears("cat", left.clone()),
        hears_later("zoe", after(60), left),
        hears("bob", changed.clone()),
        hears("cat", changed.clone()),
        hears_later("zoe", after(60), changed),
    ];
    assert_eq!(told, expected);
    assert_eq!(
        (scene.lobby().host.clone(), scene.lobby().term),
        (player("bob"), 2)
    );
    scene.does(come_back("zoe"));
    assert_eq!(scene.lobby().host, player("bob"), "Zoe is a guest");
}

#[test]
fn it_comes_back_as_the_host_and_governs() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    scene.loses("ann", 30);
    scene.does(come_back("ann"));
    assert_eq!(scene.lobby().term, 1);
    scene.does(accept("ann", "cat"));
}

#[test]
fn a_host_that_leaves_is_followed_by_the_longest_present_who_is_there() {
    let mut scene = Scene::ask().guests(["zoe", "bob"]);
    scene.loses("zoe", 30);
    scene.does(leave("ann"));
    assert_eq!(scene.lobby().host, player("bob"));
}

#[test]
fn where_everybody_else_is_away_the_longest_present_of_them_is_host() {
    let mut scene = Scene::ask().guests(["zoe", "bob"]).waiting(["cat"]);
    scene.loses("bob", 60);
    scene.loses("zoe", 30);
    let told = scene.does(leave("ann"));
    assert_eq!(scene.lobby().host, player("zoe"));
    let asked = asks_to_join(contact("cat"));
    assert!(told.contains(&hears_later("zoe", after(30), asked)));
    scene.waits(30);
    scene.does(Action::Wake);
    assert_eq!(
        (scene.lobby().host.clone(), scene.lobby().term),
        (player("bob"), 3)
    );
}

#[test]
fn a_request_waits_for_it_while_it_is_away() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.loses("ann", 30);
    let told = scene.does(join("cat"));
    let asked = asks_to_join(contact("cat"));
    assert_eq!(told, [hears_later("ann", after(30), asked.clone())]);
    scene.waits(30);
    let told = scene.does(Action::Wake);
    assert_eq!(
        told.last(),
        Some(&hears("bob", asked)),
        "the next host hears of it"
    );
}

#[test]
fn a_lobby_with_nobody_else_in_it_lives_on_until_its_time_is_over() {
    let mut scene = Scene::ask().waiting(["bob"]);
    assert_eq!(scene.loses("ann", 30), []);
    scene.waits(29);
    scene.does(Action::Wake);
    assert!(scene.has("ann"));
    scene.waits(1);
    let closed = rejected(Ending::LobbyClosed);
    assert_eq!(scene.does(Action::Wake), [hears("bob", closed)]);
    assert_eq!(scene.stored, None);
}

#[test]
fn a_lobby_lasts_no_longer_than_those_in_it_may_stay_away() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.loses("bob", 60);
    scene.loses("ann", 30);
    assert_eq!(scene.lobby().expires_at(), after(60));
    scene.does(come_back("ann"));
    assert_eq!(scene.lobby().expires_at(), contact_again("ann").expires_at);
}
