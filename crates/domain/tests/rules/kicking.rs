//! Removing members, for now or for good.

use domain::lobby::{Ban, Departure, Event, MAX_BANS, Refusal};

use crate::scene::{Scene, friday, gone, hears, join, kick, leave, player};

fn kicked(banned: Ban) -> Event {
    Event::Kicked {
        lobby_id: friday(),
        reason: Some("Away.".to_owned()),
        banned: banned == Ban::Yes,
    }
}

#[test]
fn whoever_is_kicked_hears_so_and_the_others_hear_that_it_is_gone() {
    let mut scene = Scene::ask().guests(["bob", "cat"]).waiting(["dan"]);
    let told = scene.does(kick("ann", "bob", Ban::No));
    let left = gone("bob", 2, Departure::Kicked);
    let expected = [
        hears("bob", kicked(Ban::No)),
        hears("ann", left.clone()),
        hears("cat", left),
    ];
    assert_eq!(told, expected);
    assert!(!scene.has("bob"));
}

#[test]
fn whoever_is_banned_hears_so_and_the_others_hear_that_it_is_gone() {
    let mut scene = Scene::ask().guests(["bob"]);
    let told = scene.does(kick("ann", "bob", Ban::Yes));
    let expected = [
        hears("bob", kicked(Ban::Yes)),
        hears("ann", gone("bob", 2, Departure::Banned)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn whoever_was_kicked_may_come_back() {
    let mut scene = Scene::open().guests(["bob"]);
    scene.does(kick("ann", "bob", Ban::No));
    scene.does(join("bob"));
    assert!(scene.has("bob"));
}

#[test]
fn a_ban_outlives_the_host_who_spoke_it() {
    let mut scene = Scene::open().guests(["bob", "cat"]);
    scene.does(kick("ann", "bob", Ban::Yes));
    scene.does(leave("ann"));
    assert_eq!(scene.lobby().host, player("cat"));
    let banned = Refusal::Banned { lobby_id: friday() };
    assert_eq!(scene.refuses(join("bob")), banned);
}

#[test]
fn kicking_twice_is_refused_the_second_time() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.does(kick("ann", "bob", Ban::Yes));
    let again = kick("ann", "bob", Ban::Yes);
    assert_eq!(scene.refuses(again), Refusal::NotAMember);
}

#[test]
fn a_host_cannot_kick_itself() {
    let scene = Scene::ask().guests(["bob"]);
    for ban in [Ban::No, Ban::Yes] {
        assert_eq!(scene.refuses(kick("ann", "ann", ban)), Refusal::NotAMember);
    }
}

#[test]
fn neither_a_waiting_player_nor_a_stranger_can_be_kicked() {
    let scene = Scene::ask().waiting(["bob"]);
    for name in ["bob", "eve"] {
        assert_eq!(
            scene.refuses(kick("ann", name, Ban::Yes)),
            Refusal::NotAMember
        );
    }
}

#[test]
fn a_guest_a_waiting_player_and_a_stranger_kick_nobody() {
    let scene = Scene::ask().guests(["bob", "cat"]).waiting(["dan"]);
    assert_eq!(scene.refuses(kick("bob", "cat", Ban::No)), Refusal::NotHost);
    assert_eq!(
        scene.refuses(kick("dan", "cat", Ban::No)),
        Refusal::NotInLobby
    );
    assert_eq!(
        scene.refuses(kick("eve", "cat", Ban::No)),
        Refusal::NotInLobby
    );
}

#[test]
fn where_too_many_are_banned_a_member_can_still_be_kicked() {
    let mut scene = Scene::ask().guests(["bob"]);
    let lobby = scene.stored.as_mut().expect("it is open");
    lobby.bans = (0..MAX_BANS)
        .map(|number| player(&format!("banned-{number}")))
        .collect();
    assert_eq!(
        scene.refuses(kick("ann", "bob", Ban::Yes)),
        Refusal::TooManyBans
    );
    scene.does(kick("ann", "bob", Ban::No));
    assert!(!scene.has("bob"));
}
