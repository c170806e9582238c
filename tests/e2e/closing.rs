//! `close_lobby`.

use client::protocol::event::{JoinRequestRejected, LobbyClosed, ReceivedJoinRequest};
use client::protocol::lobby::{CloseLobby, StartLobby};
use client::protocol::{ErrorCode, Event};
use e2e::{Party, World};

#[tokio::test]
async fn a_lobby_is_closed_and_its_members_are_told() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    let Event::LobbyClosed(closed) = host.does(CloseLobby {}).await else {
        panic!("closing has another answer than `lobby_closed`");
    };
    assert_eq!(closed.lobby_id, lobby.id);
    for guest in [ann, bob] {
        assert_eq!(guest.hears::<LobbyClosed>().await, closed);
    }
    // Nobody is in it any more.
    for player in &players {
        player.starts_lobby().await;
    }
    world.ends().await;
}

#[tokio::test]
async fn the_id_of_a_closed_lobby_is_free_at_once() {
    let world = World::start().await;
    let (host, other) = (world.player("host").await, world.player("other").await);
    let wish = StartLobby {
        lobby_id: Some(world.lobby_id("friday")),
        ..StartLobby::default()
    };
    host.starts(wish.clone()).await;
    host.does(CloseLobby {}).await;
    other.starts(wish.clone()).await;
    let taken = host.is_refused(wish).await;
    assert_eq!(taken.code, ErrorCode::LobbyExists);
    world.ends().await;
}

#[tokio::test]
async fn who_waits_for_a_lobby_that_closes_is_turned_away() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    guest.asks_to_join(&lobby_id).await;
    host.hears::<ReceivedJoinRequest>().await;
    host.does(CloseLobby {}).await;
    let rejected = guest.hears::<JoinRequestRejected>().await;
    assert_eq!(rejected.code, ErrorCode::LobbyClosed);
    assert_eq!(rejected.lobby_id, lobby_id);
    guest.starts_lobby().await;
    world.ends().await;
}

#[tokio::test]
async fn only_the_host_closes_a_lobby() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "guest"]).await;
    let stranger = world.player("stranger").await;
    let [_, guest] = &players;
    assert_eq!(
        guest.is_refused(CloseLobby {}).await.code,
        ErrorCode::NotHost
    );
    let refused = stranger.is_refused(CloseLobby {}).await;
    assert_eq!(refused.code, ErrorCode::NotInLobby);
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_is_closed_once() {
    let world = World::start().await;
    let host = world.player("host").await;
    host.starts_lobby().await;
    host.does(CloseLobby {}).await;
    let again = host.is_refused(CloseLobby {}).await;
    assert_eq!(again.code, ErrorCode::NotInLobby);
    world.ends().await;
}
