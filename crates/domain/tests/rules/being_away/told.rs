//! What one who is away is told, and what it hears as it comes back.

use domain::lobby::{Action, Departure, Event};

use super::{after, as_told, away, hears_at, hears_later};
use crate::scene::{Scene, come_back, contact_again, gone, hears, join};

#[test]
fn what_happens_while_somebody_is_away_is_told_to_it_as_to_one_who_is_away() {
    let mut scene = Scene::open().guests(["bob"]);
    scene.loses("bob", 30);
    let told = scene.does(join("cat"));
    let joined = Event::PlayerJoined(scene.member("cat"));
    assert!(told.contains(&hears_later("bob", after(30), joined)));
}

#[test]
fn who_comes_in_meanwhile_is_told_of_one_who_is_away_as_of_the_others() {
    let mut scene = Scene::open().guests(["bob"]);
    scene.loses("bob", 30);
    let told = scene.does(join("cat"));
    let Event::Accepted(admitted) = &told[0].event else {
        panic!("not let in, but {:?}", told[0]);
    };
    assert_eq!(admitted.others, [scene.member("ann"), scene.member("bob")]);
}

#[test]
fn two_who_are_away_at_once_come_back_by_themselves() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    scene.loses("bob", 30);
    scene.waits(10);
    let told = scene.loses("cat", 30);
    let expected = [
        hears("ann", away("cat", 3, 30)),
        hears_later("bob", after(30), away("cat", 3, 30)),
    ];
    assert_eq!(told, expected);
    scene.waits(10);
    let told = scene.does(come_back("bob"));
    let back = Event::PlayerBack(scene.member("bob"));
    assert!(told.contains(&hears_later("cat", after(40), back)));
    scene.waits(10);
    scene.does(Action::Wake);
    assert!(scene.has("bob") && scene.has("cat"));
    scene.waits(10);
    scene.does(Action::Wake);
    assert!(scene.has("bob") && !scene.has("cat"));
}

#[test]
fn whoever_comes_back_hears_at_its_new_connection_what_time_has_done_first() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    scene.loses("cat", 20);
    scene.loses("bob", 30);
    scene.waits(25);
    let told = scene.does(come_back("bob"));
    let left = gone("cat", 3, Departure::Disconnected);
    let expected = [
        hears("ann", left.clone()),
        hears_at(contact_again("bob"), left),
        hears("ann", Event::PlayerBack(scene.member("bob"))),
        hears_at(contact_again("bob"), Event::Resumed(as_told(&scene))),
    ];
    assert_eq!(told, expected);
}

#[test]
fn whose_connection_ends_hears_as_one_who_is_away_what_time_has_done_first() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    scene.loses("cat", 20);
    scene.waits(25);
    let told = scene.loses("bob", 30);
    let left = gone("cat", 3, Departure::Disconnected);
    let expected = [
        hears("ann", left.clone()),
        hears_later("bob", after(55), left),
        hears("ann", away("bob", 2, 30)),
    ];
    assert_eq!(told, expected);
}
