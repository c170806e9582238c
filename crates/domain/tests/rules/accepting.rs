//! Letting in.

use domain::lobby::{Action, Admitted, Changes, Event, JoinPolicy, PasswordProof, Refusal};

use crate::scene::{
    Scene, accept, accept_as, contact, friday, hears, join, leave, peer, player, says,
};

#[test]
fn whoever_is_let_in_hears_who_is_there_and_the_guests_but_not_the_host_hear_of_it() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    let told = scene.does(accept("ann", "cat"));
    let admitted = Admitted {
        lobby_id: friday(),
        peer_id: peer(3),
        host: contact("ann"),
        others: vec![scene.member("ann"), scene.member("bob")],
    };
    let expected = [
        hears("cat", Event::Accepted(admitted)),
        hears("bob", Event::PlayerJoined(scene.member("cat"))),
    ];
    assert_eq!(told, expected);
    assert!(scene.has("cat") && !scene.has_waiting("cat"));
}

#[test]
fn what_somebody_said_when_asking_is_known_of_the_member() {
    let mut scene = Scene::ask();
    scene.does(Action::Join {
        by: contact("bob"),
        password: PasswordProof::Right,
        metadata: says("skill", 7),
    });
    scene.does(accept("ann", "bob"));
    assert_eq!(scene.member("bob").metadata, says("skill", 7));
}

#[test]
fn without_a_wish_the_lowest_free_peer_id_is_given() {
    let mut scene = Scene::ask().guests(["bob", "cat"]).waiting(["dan", "eve"]);
    scene.does(leave("bob"));
    scene.does(accept("ann", "dan"));
    assert_eq!(scene.member("dan").peer_id, peer(2));
    scene.does(accept("ann", "eve"));
    assert_eq!(scene.member("eve").peer_id, peer(4));
}

#[test]
fn the_host_may_give_any_peer_id_that_nobody_has() {
    let mut scene = Scene::ask().waiting(["bob", "cat"]);
    scene.does(accept_as("ann", "bob", 2_147_483_647));
    assert_eq!(scene.member("bob").peer_id, peer(2_147_483_647));
    scene.does(accept("ann", "cat"));
    assert_eq!(scene.member("cat").peer_id, peer(2));
}

#[test]
fn a_peer_id_that_a_member_has_is_refused_and_the_player_goes_on_waiting() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    assert_eq!(
        scene.refuses(accept_as("ann", "cat", 1)),
        Refusal::PeerIdTaken
    );
    assert_eq!(
        scene.refuses(accept_as("ann", "cat", 2)),
        Refusal::PeerIdTaken
    );
    scene.does(accept_as("ann", "cat", 3));
    assert_eq!(scene.member("cat").peer_id, peer(3));
}

#[test]
fn nobody_is_let_into_a_full_lobby_and_the_player_goes_on_waiting() {
    let full = Changes {
        max_players: Some(2),
        ..Changes::default()
    };
    let mut scene = Scene::ask().waiting(["bob", "cat"]).changed(full);
    scene.does(accept("ann", "bob"));
    let full = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses(accept("ann", "cat")), full);
    scene.does(leave("bob"));
    scene.does(accept("ann", "cat"));
    assert!(scene.has("cat"));
}

#[test]
fn a_guest_a_waiting_player_and_a_stranger_let_nobody_in() {
    let scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    assert_eq!(scene.refuses(accept("bob", "cat")), Refusal::NotHost);
    assert_eq!(scene.refuses(accept("cat", "cat")), Refusal::NotInLobby);
    assert_eq!(scene.refuses(accept("eve", "cat")), Refusal::NotInLobby);
}

#[test]
fn yesterdays_host_lets_nobody_in() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    scene.does(leave("ann"));
    assert_eq!(scene.refuses(accept("ann", "cat")), Refusal::NotInLobby);
    scene.does(join("ann"));
    scene.does(accept("bob", "ann"));
    assert_eq!(scene.refuses(accept("ann", "cat")), Refusal::NotHost);
}

#[test]
fn only_somebody_who_waits_is_let_in() {
    let scene = Scene::ask();
    assert_eq!(
        scene.refuses(accept("ann", "bob")),
        Refusal::RequestNotFound
    );
}

#[test]
fn letting_in_a_member_again_changes_nothing_and_only_it_hears_of_it() {
    let mut scene = Scene::ask().waiting(["bob"]);
    scene.does(accept_as("ann", "bob", 5));
    let before = scene.lobby().members.clone();
    for again in [accept("ann", "bob"), accept_as("ann", "bob", 5)] {
        let told = scene.does(again);
        assert_eq!(told.len(), 1, "{told:?}");
    }
    assert_eq!(scene.lobby().members, before);
}

#[test]
fn letting_in_a_member_again_under_another_peer_id_is_refused() {
    let scene = Scene::ask().guests(["bob"]);
    let again = accept_as("ann", "bob", 5);
    assert_eq!(scene.refuses(again), Refusal::RequestNotFound);
}

#[test]
fn the_host_of_a_lobby_that_has_opened_or_locked_still_lets_in_those_who_wait() {
    let changed = Changes {
        join_policy: Some(JoinPolicy::Open),
        locked: Some(true),
        ..Changes::default()
    };
    let mut scene = Scene::ask().waiting(["bob"]).changed(changed);
    let told = scene.does(accept("ann", "bob"));
    assert_eq!(
        told.len(),
        1,
        "the host does not hear of its own doing: {told:?}"
    );
    assert!(scene.has("bob"));
}

#[test]
fn presence_counts_from_being_let_in_not_from_asking() {
    let mut scene = Scene::ask().waiting(["bob", "cat"]);
    scene.does(accept("ann", "cat"));
    scene.does(accept("ann", "bob"));
    scene.does(leave("ann"));
    assert_eq!(scene.lobby().host, player("cat"));
}
