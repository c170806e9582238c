//! Nobody is in two lobbies, as a member or waiting.

use client::protocol::ErrorCode;
use client::protocol::event::ReceivedJoinRequest;
use client::protocol::lobby::StartLobby;
use e2e::{Party, Player, World};
use ids::LobbyId;

/// Can neither open another lobby nor join one, and hears in which it is.
async fn can_be_nowhere_else(player: &Player, is_in: &LobbyId, elsewhere: &LobbyId) {
    for refused in [
        player.is_refused(StartLobby::default()).await,
        player.is_turned_away(elsewhere).await,
    ] {
        assert_eq!(refused.code, ErrorCode::AlreadyInLobby);
        let sentence =
            format!("You are in lobby '{is_in}' or waiting to be let in; leave it first.");
        assert_eq!(refused.message, sentence);
    }
}

#[tokio::test]
async fn a_host_is_refused_a_second_lobby() {
    let world = World::start().await;
    let (host, other) = (world.player("host").await, world.player("other").await);
    let (lobby, elsewhere) = (host.starts_lobby().await, other.starts_open_lobby().await);
    can_be_nowhere_else(&host, &lobby, &elsewhere).await;
    other.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn a_member_is_refused_a_second_lobby() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [_, guest] = &players;
    let other = world.player("other").await;
    let elsewhere = other.starts_lobby().await;
    can_be_nowhere_else(guest, &lobby.id, &elsewhere).await;
    other.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn who_waits_is_refused_a_second_lobby() {
    let world = World::start().await;
    let (host, other, guest) = (
        world.player("host").await,
        world.player("other").await,
        world.player("guest").await,
    );
    let (lobby, elsewhere) = (host.starts_lobby().await, other.starts_open_lobby().await);
    guest.asks_to_join(&lobby).await;
    host.hears::<ReceivedJoinRequest>().await;
    can_be_nowhere_else(&guest, &lobby, &elsewhere).await;
    other.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn a_member_that_joins_its_lobby_again_hears_again_that_it_is_in_and_its_host_is_refused() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let once = guest.joins(&lobby.id).await;
    let twice = guest.joins(&lobby.id).await;
    assert_eq!(once, twice);
    assert_eq!(once.lobby_id, lobby.id);
    let refused = host.is_turned_away(&lobby.id).await;
    assert_eq!(refused.code, ErrorCode::AlreadyInLobby);
    host.hears_nothing_more().await;
    world.ends().await;
}
