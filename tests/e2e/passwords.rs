//! Lobbies with a password.

use client::protocol::ErrorCode;
use client::protocol::lobby::{JoinLobby, JoinPolicy, StartLobby, UpdateLobby};
use client::protocol::{Event, event::PlayerJoined};
use e2e::{Player, World, join, text};

fn locked_by(password: &str) -> StartLobby {
    StartLobby {
        password: Some(text(password)),
        join_policy: Some(JoinPolicy::Open),
        ..StartLobby::default()
    }
}

fn with(password: &str, lobby_id: &client::ids::LobbyId) -> JoinLobby {
    JoinLobby {
        password: Some(text(password)),
        ..join(lobby_id)
    }
}

async fn is_let_in(host: &Player, guest: &Player, wish: JoinLobby) {
    let answer = guest.does(wish).await;
    assert!(
        matches!(answer, Event::JoinRequestAccepted(_)),
        "{answer:?}"
    );
    host.hears::<PlayerJoined>().await;
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_the_right_one_opens() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts(locked_by("open sesame")).await.lobby.lobby_id;
    for wish in [with("open barley", &lobby_id), join(&lobby_id)] {
        let refused = guest.is_refused(wish).await;
        assert_eq!(refused.code, ErrorCode::WrongPassword);
        assert_eq!(
            refused.message,
            format!("Wrong password for lobby '{lobby_id}'.")
        );
    }
    is_let_in(&host, &guest, with("open sesame", &lobby_id)).await;
    world.ends().await;
}

#[tokio::test]
async fn a_changed_password_is_the_one_that_counts() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts(locked_by("old")).await.lobby.lobby_id;
    host.does(UpdateLobby {
        password: Some(Some(text("new"))),
        ..UpdateLobby::default()
    })
    .await;
    let refused = guest.is_refused(with("old", &lobby_id)).await;
    assert_eq!(refused.code, ErrorCode::WrongPassword);
    is_let_in(&host, &guest, with("new", &lobby_id)).await;
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_whose_password_is_taken_away_asks_for_none() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts(locked_by("old")).await.lobby.lobby_id;
    let updated = host.does(UpdateLobby {
        password: Some(None),
        ..UpdateLobby::default()
    });
    let Event::LobbyUpdated(updated) = updated.await else {
        panic!("updating has another answer than `lobby_updated`");
    };
    assert!(!updated.lobby.has_password);
    is_let_in(&host, &guest, join(&lobby_id)).await;
    world.ends().await;
}

#[tokio::test]
async fn an_update_of_something_else_leaves_the_password_as_it_is() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts(locked_by("old")).await.lobby.lobby_id;
    host.does(UpdateLobby {
        name: Some(text("renamed")),
        ..UpdateLobby::default()
    })
    .await;
    let refused = guest.is_refused(join(&lobby_id)).await;
    assert_eq!(refused.code, ErrorCode::WrongPassword);
    is_let_in(&host, &guest, with("old", &lobby_id)).await;
    world.ends().await;
}

#[tokio::test]
async fn a_password_is_asked_for_before_the_host_is() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let wish = StartLobby {
        join_policy: Some(JoinPolicy::Ask),
        ..locked_by("open sesame")
    };
    let lobby_id = host.starts(wish).await.lobby.lobby_id;
    guest.is_refused(join(&lobby_id)).await;
    host.hears_nothing_more().await;
    guest.does(with("open sesame", &lobby_id)).await;
    host.hears_raw("received_join_request").await;
    world.ends().await;
}
