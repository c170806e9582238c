//! Changing the settings.

use domain::lobby::{Changes, Event, JoinPolicy, Notice, Refusal, Settings, Visibility};

use crate::scene::{Scene, friday, hash, join, player, says, update};

/// A lobby in which every setting differs from the default.
fn scene() -> Scene {
    Scene::with(Settings {
        name: Some("Friday night".to_owned()),
        max_players: 4,
        visibility: Visibility::Public,
        join_policy: JoinPolicy::Open,
        locked: false,
        password: Some(hash()),
        metadata: says("map", "desert"),
    })
    .guests(["bob"])
}

/// What the settings are after a change.
fn after(changes: Changes) -> Settings {
    scene().changed(changes).lobby().settings.clone()
}

#[test]
fn every_setting_can_be_changed_and_the_others_stay_as_they_are() {
    let was = scene().lobby().settings.clone();
    let none = Changes::default;
    let cases = [
        (
            Changes {
                name: Some("Saturday".to_owned()),
                ..none()
            },
            Settings {
                name: Some("Saturday".to_owned()),
                ..was.clone()
            },
        ),
        (
            Changes {
                max_players: Some(2),
                ..none()
            },
            Settings {
                max_players: 2,
                ..was.clone()
            },
        ),
        (
            Changes {
                visibility: Some(Visibility::Private),
                ..none()
            },
            Settings {
                visibility: Visibility::Private,
                ..was.clone()
            },
        ),
        (
            Changes {
                join_policy: Some(JoinPolicy::Ask),
                ..none()
            },
            Settings {
                join_policy: JoinPolicy::Ask,
                ..was.clone()
            },
        ),
        (
            Changes {
                locked: Some(true),
                ..none()
            },
            Settings {
                locked: true,
                ..was.clone()
            },
        ),
        (
            Changes {
                password: Some(None),
                ..none()
            },
            Settings {
                password: None,
                ..was.clone()
            },
        ),
        (
            Changes {
                metadata: Some(says("level", 5)),
                ..none()
            },
            Settings {
                metadata: says("level", 5),
                ..was.clone()
            },
        ),
        (none(), was.clone()),
    ];
    for (changes, expected) in cases {
        assert_eq!(after(changes.clone()), expected, "{changes:?}");
    }
}

#[test]
fn a_lobby_without_a_password_can_be_given_one() {
    let changes = Changes {
        password: Some(Some(hash())),
        ..Changes::default()
    };
    let scene = Scene::ask().changed(changes);
    assert_eq!(scene.lobby().settings.password, Some(hash()));
}

#[test]
fn a_lock_can_be_taken_off_again() {
    let lock = |locked| Changes {
        locked: Some(locked),
        ..Changes::default()
    };
    let mut scene = scene().changed(lock(true)).changed(lock(false));
    scene.does(join("cat"));
    assert!(scene.has("cat"));
}

#[test]
fn every_member_hears_of_a_change_and_nobody_who_waits_does() {
    let mut scene = Scene::ask().guests(["bob", "cat"]).waiting(["dan"]);
    let rename = Changes {
        name: Some("Saturday".to_owned()),
        ..Changes::default()
    };
    let told = scene.does(update("ann", rename));
    let hearers: Vec<_> = told.iter().map(|Notice { to, .. }| &to.player_id).collect();
    assert_eq!(hearers, [&player("ann"), &player("bob"), &player("cat")]);
    for notice in &told {
        let Event::Updated(lobby) = &notice.event else {
            panic!("this is not about a change: {notice:?}");
        };
        assert_eq!(lobby.settings, scene.lobby().settings);
    }
}

#[test]
fn there_cannot_be_fewer_seats_than_members_but_just_as_many() {
    let seats = |max_players| Changes {
        max_players: Some(max_players),
        name: Some("Never seen".to_owned()),
        ..Changes::default()
    };
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    let refusal = scene.refuses(update("ann", seats(2)));
    assert_eq!(refusal, Refusal::BelowMembers { members: 3 });
    scene.does(update("ann", seats(3)));
    let full = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses(join("dan")), full);
}

#[test]
fn those_who_wait_take_no_seat() {
    let seats = Changes {
        max_players: Some(2),
        ..Changes::default()
    };
    let scene = Scene::ask().waiting(["bob", "cat", "dan"]).changed(seats);
    assert_eq!(scene.lobby().settings.max_players, 2);
}

#[test]
fn a_guest_a_waiting_player_and_a_stranger_change_nothing() {
    let scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    let changes = Changes::default;
    assert_eq!(scene.refuses(update("bob", changes())), Refusal::NotHost);
    assert_eq!(scene.refuses(update("cat", changes())), Refusal::NotInLobby);
    assert_eq!(scene.refuses(update("eve", changes())), Refusal::NotInLobby);
}
