//! Credentials for TURN servers: a player's own, and for a time only. That a real TURN server takes them, and no others, is shown
//! in `crates/cli/src/demo/tests/relay.rs`.

use client::protocol::event::{IceServer, IceServers};
use e2e::{Player, World, settings, turn};
use local::ServerSettings;
use serde_json::json;

const URL: &str = "turn:turn.example.org:3478";

/// A Switchboard that knows a STUN server, and a TURN server with which it shares a secret.
async fn world() -> Option<World> {
    let stun = IceServer {
        urls: vec!["stun:stun.example.org".to_owned()],
        username: None,
        credential: None,
    };
    let settings = ServerSettings {
        ice_servers: vec![stun],
        turn: Some(turn(URL)),
        ..settings()
    };
    World::with(settings, "a TURN server of its own").await
}

/// What a player is told: the TURN server, and when its credentials end.
async fn asks(player: &Player) -> (IceServer, u64) {
    let heard = player.asks(json!({"action": "get_ice_servers"})).await;
    let told: IceServers = heard.content();
    let [stun, turn] = told.ice_servers.try_into().expect("one of each");
    assert_eq!(stun.urls, ["stun:stun.example.org"]);
    assert_eq!(turn.urls, [URL]);
    (turn, told.expires_at.expect("they end"))
}

#[tokio::test]
async fn turn_credentials_are_the_players_own_and_end() {
    let Some(world) = world().await else {
        return;
    };
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let (of_ann, until) = asks(&ann).await;
    let (of_bob, _) = asks(&bob).await;
    assert_eq!(of_ann.username, Some(format!("{until}:{}", ann.id())));
    assert_ne!(of_ann.credential, of_bob.credential);
    world.ends().await;
}

#[tokio::test]
async fn a_player_that_asks_again_for_turn_credentials_gets_no_more_than_it_has() {
    let Some(world) = world().await else {
        return;
    };
    let ann = world.player("ann").await;
    let mut given = Vec::new();
    for _ in 0..10 {
        let credentials = asks(&ann).await;
        if !given.contains(&credentials) {
            given.push(credentials);
        }
    }
    // Two where a quarter of an hour ends between the first and the last.
    assert!(
        given.len() <= 2,
        "{} credentials for one player",
        given.len()
    );
    world.ends().await;
}

#[tokio::test]
async fn without_turn_servers_nothing_that_is_told_ends() {
    let Some(world) = World::with(settings(), "no TURN server").await else {
        return;
    };
    let player = world.player("player").await;
    let heard = player.asks(json!({"action": "get_ice_servers"})).await;
    assert_eq!(heard.content::<IceServers>().expires_at, None);
    world.ends().await;
}
