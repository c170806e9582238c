//! Closing a lobby.

use domain::lobby::{Ending, Event, Refusal};

use crate::scene::{Scene, close, friday, hears};

#[test]
fn everyone_in_a_lobby_hears_that_it_is_closed_and_everyone_who_waits_is_turned_away() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["dan", "cat"]);
    let told = scene.does(close("ann"));
    let closed = Event::Closed { lobby_id: friday() };
    let rejected = Event::JoinRejected {
        lobby_id: friday(),
        why: Ending::LobbyClosed,
    };
    let expected = [
        hears("ann", closed.clone()),
        hears("bob", closed),
        hears("dan", rejected.clone()),
        hears("cat", rejected),
    ];
    assert_eq!(told, expected);
    assert_eq!(scene.stored, None);
}

#[test]
fn a_guest_a_waiting_player_and_a_stranger_close_nothing() {
    let scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    assert_eq!(scene.refuses(close("bob")), Refusal::NotHost);
    assert_eq!(scene.refuses(close("cat")), Refusal::NotInLobby);
    assert_eq!(scene.refuses(close("eve")), Refusal::NotInLobby);
}
