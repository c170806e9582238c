//! Turning away.

use domain::lobby::{Action, Ending, Event, Refusal};

use crate::scene::{Scene, accept, friday, hears, join, player, reject, socket};

#[test]
fn whoever_is_turned_away_alone_hears_so_and_is_not_a_member() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat", "dan"]);
    let told = scene.does(reject("ann", "cat"));
    let rejected = Event::JoinRejected {
        lobby_id: friday(),
        why: Ending::Declined(Some("No room.".to_owned())),
    };
    assert_eq!(told, [hears("cat", rejected)]);
    assert!(!scene.has("cat") && !scene.has_waiting("cat") && scene.has_waiting("dan"));
}

#[test]
fn a_host_need_not_say_why() {
    let mut scene = Scene::ask().waiting(["bob"]);
    let told = scene.does(Action::Reject {
        by: player("ann"),
        connection_id: socket("bob"),
        reason: None,
    });
    let rejected = Event::JoinRejected {
        lobby_id: friday(),
        why: Ending::Declined(None),
    };
    assert_eq!(told, [hears("bob", rejected)]);
}

#[test]
fn nobody_is_turned_away_twice_or_let_in_after_it() {
    let mut scene = Scene::ask().waiting(["bob"]);
    scene.does(reject("ann", "bob"));
    assert_eq!(
        scene.refuses(reject("ann", "bob")),
        Refusal::RequestNotFound
    );
    assert_eq!(
        scene.refuses(accept("ann", "bob")),
        Refusal::RequestNotFound
    );
}

#[test]
fn a_member_is_not_turned_away() {
    let scene = Scene::ask().guests(["bob"]);
    assert_eq!(
        scene.refuses(reject("ann", "bob")),
        Refusal::RequestNotFound
    );
    assert_eq!(
        scene.refuses(reject("ann", "ann")),
        Refusal::RequestNotFound
    );
}

#[test]
fn whoever_was_turned_away_may_ask_again() {
    let mut scene = Scene::ask().waiting(["bob"]);
    scene.does(reject("ann", "bob"));
    scene.does(join("bob"));
    scene.does(accept("ann", "bob"));
    assert!(scene.has("bob"));
}

#[test]
fn a_guest_a_waiting_player_and_a_stranger_turn_nobody_away() {
    let scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    assert_eq!(scene.refuses(reject("bob", "cat")), Refusal::NotHost);
    assert_eq!(scene.refuses(reject("cat", "cat")), Refusal::NotInLobby);
    assert_eq!(scene.refuses(reject("eve", "cat")), Refusal::NotInLobby);
}
