//! `start_lobby`.

use client::ids::PeerId;
use client::protocol::ErrorCode;
use client::protocol::event::{LobbyCreationFailed, LobbyStarted};
use client::protocol::lobby::{JoinPolicy, StartLobby, Visibility};
use e2e::{World, text};
use serde_json::json;

#[tokio::test]
async fn a_lobby_started_without_an_id_gets_a_made_one() {
    let world = World::start().await;
    let host = world.player("host").await;
    let started = host.starts(StartLobby::default()).await;
    assert_eq!(started.peer_id, PeerId::FIRST);
    let code = started.lobby.lobby_id.as_str();
    assert!(
        code.len() == 6 && code.chars().all(|c| c.is_ascii_alphanumeric()),
        "{code}"
    );
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_id_that_is_empty_or_null_asks_for_a_made_one() {
    let world = World::start().await;
    for id in [json!(""), json!(null)] {
        let host = world.player("host").await;
        let message = json!({"action": "start_lobby", "content": {"lobby_id": id}});
        let started: LobbyStarted = host.asks(message).await.content();
        assert_eq!(started.lobby.lobby_id.as_str().len(), 6);
    }
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_is_started_with_a_given_id() {
    let world = World::start().await;
    let host = world.player("host").await;
    let lobby_id = world.lobby_id("Freitag – Süd");
    let started = host.starts(StartLobby {
        lobby_id: Some(lobby_id.clone()),
        ..StartLobby::default()
    });
    assert_eq!(started.await.lobby.lobby_id, lobby_id);
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_id_that_is_taken_is_refused_with_bellhops_sentence() {
    let world = World::start().await;
    let (first, second) = (world.player("first").await, world.player("second").await);
    let lobby_id = world.lobby_id("friday");
    let wish = StartLobby {
        lobby_id: Some(lobby_id.clone()),
        ..StartLobby::default()
    };
    first.starts(wish.clone()).await;
    let message = json!({"action": "start_lobby", "content": {"lobby_id": lobby_id}});
    let failed: LobbyCreationFailed = second.asks(message).await.content();
    assert_eq!(failed.reason, format!("Lobby {lobby_id} already exists."));
    assert_eq!(failed.code, ErrorCode::LobbyExists);

    // The one who was refused is free to open another.
    second.starts_lobby().await;
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_has_its_defaults_where_nothing_is_said() {
    let world = World::start().await;
    let host = world.player("host").await;
    let started = host.starts(StartLobby::default()).await;
    assert_eq!(started.visibility, Visibility::Private);
    let lobby = started.lobby;
    assert_eq!((lobby.players, lobby.max_players), (1, 8));
    assert_eq!(lobby.join_policy, JoinPolicy::Ask);
    assert!(!lobby.locked && !lobby.has_password);
    assert!(lobby.name.is_none() && lobby.metadata.is_empty());
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_is_what_its_host_said_and_its_password_is_not_shown() {
    let world = World::start().await;
    let host = world.player("host").await;
    let heard = host
        .asks(json!({"action": "start_lobby", "content": {
            "name": "Friday night", "max_players": 2, "visibility": "public", "join_policy": "open",
            "password": "xyzzy-plugh", "metadata": {"map": "desert", "nested": {"levels": [1, 2.5, null]}},
        }}))
        .await;
    assert!(!heard.text.contains("xyzzy-plugh"), "{}", heard.text);
    let started: LobbyStarted = heard.content();
    assert_eq!(started.visibility, Visibility::Public);
    let lobby = started.lobby;
    assert_eq!(lobby.name.as_deref(), Some("Friday night"));
    assert_eq!(lobby.max_players, 2);
    assert_eq!(lobby.join_policy, JoinPolicy::Open);
    assert!(lobby.has_password);
    let metadata = json!({"map": "desert", "nested": {"levels": [1, 2.5, null]}});
    assert_eq!(json!(lobby.metadata), metadata);
    world.ends().await;
}

#[tokio::test]
async fn whoever_has_a_lobby_is_refused_another_one() {
    let world = World::start().await;
    let host = world.player("host").await;
    let lobby_id = host.starts_lobby().await;
    let again = host.is_refused(StartLobby {
        name: Some(text("again")),
        ..StartLobby::default()
    });
    let again = again.await;
    assert_eq!(again.code, ErrorCode::AlreadyInLobby);
    assert!(again.message.contains(lobby_id.as_str()), "{again}");
    world.ends().await;
}
