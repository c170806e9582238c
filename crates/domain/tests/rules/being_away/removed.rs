//! Being removed while one is away.

use domain::lobby::{Action, Ban, Departure, Event, Refusal};

use super::{after, hears_later};
use crate::scene::{Scene, come_back, contact_again, friday, gone, hears, kick, player};

#[test]
fn it_can_be_removed_and_is_told_as_one_who_is_away() {
    for (ban, how) in [(Ban::No, Departure::Kicked), (Ban::Yes, Departure::Banned)] {
        let mut scene = Scene::ask().guests(["bob", "cat"]);
        scene.loses("bob", 30);
        let told = scene.does(kick("ann", "bob", ban));
        let kicked = Event::Kicked {
            lobby_id: friday(),
            reason: Some("Away.".to_owned()),
            banned: ban == Ban::Yes,
        };
        let expected = [
            hears_later("bob", after(30), kicked),
            hears("ann", gone("bob", 2, how)),
            hears("cat", gone("bob", 2, how)),
        ];
        assert_eq!(told, expected);
        let before = scene.lobby().clone();
        assert_eq!(scene.does(come_back("bob")), []);
        assert_eq!(*scene.lobby(), before);
    }
}

#[test]
fn one_who_has_come_back_is_removed_by_its_new_address_only() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.loses("bob", 30);
    scene.does(come_back("bob"));
    let by_old = kick("ann", "bob", Ban::No);
    assert_eq!(scene.refuses(by_old), Refusal::NotAMember);
    scene.does(Action::Kick {
        by: player("ann"),
        connection_id: contact_again("bob").connection_id,
        reason: None,
        ban: Ban::No,
    });
    assert!(!scene.has("bob"));
}
