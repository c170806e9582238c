//! `join_lobby`.

use client::protocol::event::{JoinRequestAccepted, PlayerJoined, ReceivedJoinRequest};
use client::protocol::lobby::{JoinLobby, JoinPolicy, StartLobby, UpdateLobby};
use client::protocol::{ErrorCode, Event, Metadata, Whole};
use e2e::{Party, World, join};
use serde_json::{Value, json};

fn metadata(value: Value) -> Metadata {
    serde_json::from_value(value).expect("an object")
}

#[tokio::test]
async fn a_guest_that_asks_to_join_is_announced_to_the_host_alone() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann"]).await;
    let [host, ann] = &players;
    let guest = world.player("guest").await;
    let about = metadata(json!({"colour": "grün", "wins": 3}));
    let asked = guest.does(JoinLobby {
        metadata: Some(about.clone()),
        ..join(&lobby.id)
    });
    assert!(matches!(asked.await, Event::Ok(_)));
    let request = host.hears::<ReceivedJoinRequest>().await;
    assert_eq!(&request.player_id, guest.id());
    assert_eq!(request.metadata, about);
    ann.hears_nothing_more().await;
    guest.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn joining_where_there_is_no_lobby_is_refused_with_bellhops_sentence() {
    let world = World::start().await;
    let guest = world.player("guest").await;
    let lobby_id = world.lobby_id("nowhere");
    let message = json!({"action": "join_lobby", "content": {"lobby_id": lobby_id}});
    let heard = guest.asks(message).await;
    assert_eq!(heard.name(), "join_request_rejected");
    let content = &heard.json["content"];
    assert_eq!(content["reason"], format!("Lobby '{lobby_id}' not found."));
    assert_eq!(content["code"], "lobby_not_found");
    world.ends().await;
}

#[tokio::test]
async fn an_open_lobby_lets_a_guest_in_at_once_and_tells_everybody() {
    let world = World::start().await;
    let (host, ann, bob) = (
        world.player("host").await,
        world.player("ann").await,
        world.player("bob").await,
    );
    let lobby_id = host.starts_open_lobby().await;
    let ann_is_in = ann.joins(&lobby_id).await;
    assert_eq!(ann_is_in.lobby_id, lobby_id);
    assert_eq!(ann_is_in.peer_id.get(), 2);
    assert_eq!(ann_is_in.members.len(), 1);
    assert_eq!(
        ann_is_in.members[0].connection_id,
        ann_is_in.host_connection_id
    );
    assert_eq!(host.hears::<PlayerJoined>().await.player_id, *ann.id());

    let bob_is_in = bob.joins(&lobby_id).await;
    let present: Vec<_> = bob_is_in
        .members
        .iter()
        .map(|member| (member.player_id.clone(), member.peer_id.get()))
        .collect();
    // The longest present first.
    assert_eq!(present, [(host.id().clone(), 1), (ann.id().clone(), 2)]);
    for member in [&host, &ann] {
        let joined = member.hears::<PlayerJoined>().await;
        assert_eq!((&joined.player_id, joined.peer_id.get()), (bob.id(), 3));
    }
    world.ends().await;
}

#[tokio::test]
async fn a_full_lobby_lets_nobody_in() {
    let world = World::start().await;
    let small = StartLobby {
        max_players: Some(Whole::new(2).expect("the fewest")),
        ..StartLobby::default()
    };
    let Party { lobby, players } = world.party_in(small, ["host", "ann"]).await;
    let guest = world.player("guest").await;
    let refused = guest.is_turned_away(&lobby.id).await;
    assert_eq!(refused.code, ErrorCode::LobbyFull);
    assert_eq!(refused.message, format!("Lobby '{}' is full.", lobby.id));

    // With a seat free again there is room.
    let [host, ann] = &players;
    ann.leaves().await;
    host.hears_raw("player_left").await;
    host.lets_in(&guest, &lobby.id).await;
    world.ends().await;
}

#[tokio::test]
async fn who_waits_is_not_let_in_once_the_lobby_is_full() {
    let world = World::start().await;
    let small = StartLobby {
        max_players: Some(Whole::new(2).expect("the fewest")),
        ..StartLobby::default()
    };
    let (host, ann, bob) = (
        world.player("host").await,
        world.player("ann").await,
        world.player("bob").await,
    );
    let lobby_id = host.starts(small).await.lobby.lobby_id;
    let mut requests = Vec::new();
    for guest in [&ann, &bob] {
        guest.asks_to_join(&lobby_id).await;
        requests.push(host.hears::<ReceivedJoinRequest>().await.connection_id);
    }
    host.accepts(&requests[0]).await;
    ann.hears::<JoinRequestAccepted>().await;
    let refused = host.is_refused(e2e::accept(&requests[1])).await;
    assert_eq!(refused.code, ErrorCode::LobbyFull);
    world.ends().await;
}

#[tokio::test]
async fn a_locked_lobby_lets_nobody_in_until_it_is_unlocked() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    let lock = |locked| UpdateLobby {
        locked: Some(locked),
        ..UpdateLobby::default()
    };
    host.does(lock(true)).await;
    let refused = guest.is_turned_away(&lobby_id).await;
    assert_eq!(refused.code, ErrorCode::LobbyLocked);
    assert_eq!(refused.message, format!("Lobby '{lobby_id}' is locked."));
    host.does(lock(false)).await;
    host.lets_in(&guest, &lobby_id).await;
    world.ends().await;
}

#[tokio::test]
async fn asking_again_while_waiting_tells_the_host_again() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    let mut addresses = Vec::new();
    for _ in 0..2 {
        guest.asks_to_join(&lobby_id).await;
        addresses.push(host.hears::<ReceivedJoinRequest>().await.connection_id);
    }
    assert_eq!(addresses[0], addresses[1]);
    // There is one request all the same.
    host.accepts(&addresses[0]).await;
    assert_eq!(guest.hears::<JoinRequestAccepted>().await.peer_id.get(), 2);
    world.ends().await;
}

#[tokio::test]
async fn who_waits_walks_in_once_the_lobby_is_open() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    guest.asks_to_join(&lobby_id).await;
    let request = host.hears::<ReceivedJoinRequest>().await;
    host.does(UpdateLobby {
        join_policy: Some(JoinPolicy::Open),
        ..UpdateLobby::default()
    })
    .await;
    guest.joins(&lobby_id).await;
    let joined = host.hears::<PlayerJoined>().await;
    assert_eq!(joined.connection_id, request.connection_id);
    world.ends().await;
}
