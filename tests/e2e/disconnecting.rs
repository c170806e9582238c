//! Connections that end, politely or not.

use client::protocol::event::{HostChanged, ReceivedJoinRequest};
use client::protocol::{ErrorCode, event::JoinRequestRejected};
use e2e::{Party, World, accept, offer};

#[tokio::test]
async fn a_socket_that_is_dropped_without_a_close_takes_its_player_out_and_the_others_are_told() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    ann.vanishes();
    for other in [host, bob] {
        other.hears_it_go(ann).await;
    }
    world.ends().await;
}

#[tokio::test]
async fn a_goodbye_takes_its_player_out_and_the_others_are_told() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    guest.hangs_up().await;
    host.hears_it_go(guest).await;
    world.ends().await;
}

#[tokio::test]
async fn a_host_that_vanishes_is_followed_by_the_next() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    host.vanishes();
    for other in [ann, bob] {
        other.hears_it_go(host).await;
        let changed = other.hears::<HostChanged>().await;
        assert_eq!((changed.peer_id.get(), changed.term), (2, 2));
    }
    let guest = world.player("guest").await;
    ann.lets_in(&guest, &lobby.id).await;
    bob.hears_raw("player_joined").await;
    world.ends().await;
}

#[tokio::test]
async fn the_request_of_somebody_who_vanishes_cannot_be_accepted() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann"]).await;
    let [host, ann] = &players;
    let guest = world.player("guest").await;
    guest.asks_to_join(&lobby.id).await;
    let request = host.hears::<ReceivedJoinRequest>().await;
    guest.vanishes();
    host.finds_gone(&request.connection_id).await;
    let refused = host.is_refused(accept(&request.connection_id)).await;
    assert_eq!(refused.code, ErrorCode::RequestNotFound);
    ann.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_ends_with_the_connection_of_its_only_member() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    guest.asks_to_join(&lobby_id).await;
    host.hears::<ReceivedJoinRequest>().await;
    host.vanishes();
    let rejected = guest.hears::<JoinRequestRejected>().await;
    assert_eq!(rejected.code, ErrorCode::LobbyClosed);
    let refused = guest.is_turned_away(&lobby_id).await;
    assert_eq!(refused.code, ErrorCode::LobbyNotFound);
    world.ends().await;
}

#[tokio::test]
async fn a_frame_for_a_peer_that_is_gone_is_answered_with_peer_gone() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    guest.vanishes();
    host.hears_it_go(guest).await;
    let address = lobby.address(guest, host);
    let refused = host.is_refused(offer(&address, "v=0")).await;
    assert_eq!(refused.code, ErrorCode::PeerGone);
    // Without an id the refusal comes just the same.
    host.offers(&address, "v=0").await;
    let refused = host.hears_refusal().await;
    assert_eq!(refused.code, ErrorCode::PeerGone);
    assert_eq!(refused.action.as_deref(), Some("send_session_description"));
    world.ends().await;
}
