//! `accept_join_request` and `reject_join_request`.

use client::ids::{LobbyId, PeerAddress, PeerId};
use client::protocol::event::{
    JoinRequestAccepted, JoinRequestRejected, PlayerJoined, ReceivedJoinRequest,
};
use client::protocol::lobby::{AcceptJoinRequest, KickPlayer, LeaveLobby, RejectJoinRequest};
use client::protocol::{ErrorCode, Event};
use e2e::{Party, Player, World, accept, text};
use serde_json::json;

async fn waits(host: &Player, guest: &Player, lobby_id: &LobbyId) -> PeerAddress {
    guest.asks_to_join(lobby_id).await;
    host.hears::<ReceivedJoinRequest>().await.connection_id
}

fn accept_as(guest: &PeerAddress, peer_id: u32) -> AcceptJoinRequest {
    AcceptJoinRequest {
        player_peer_id: Some(PeerId::try_from(peer_id).expect("within range")),
        ..accept(guest)
    }
}

fn reject(guest: &PeerAddress, reason: Option<&str>) -> RejectJoinRequest {
    RejectJoinRequest {
        player_connection_id: guest.clone(),
        reason: reason.map(text),
    }
}

#[tokio::test]
async fn a_guest_accepted_without_a_peer_id_gets_the_next_and_so_does_the_second() {
    let world = World::start().await;
    let (host, ann, bob) = (
        world.player("host").await,
        world.player("ann").await,
        world.player("bob").await,
    );
    let lobby_id = host.starts_lobby().await;
    let first = host.lets_in(&ann, &lobby_id).await.accepted;
    assert_eq!(first.peer_id.get(), 2);
    assert_eq!(first.lobby_id, lobby_id);
    let members: Vec<_> = first
        .members
        .iter()
        .map(|member| &member.player_id)
        .collect();
    assert_eq!(members, [host.id()]);
    assert_eq!(first.members[0].connection_id, first.host_connection_id);

    let second = host.lets_in(&bob, &lobby_id).await.accepted;
    assert_eq!(second.peer_id.get(), 3);
    let members: Vec<_> = second
        .members
        .iter()
        .map(|member| &member.player_id)
        .collect();
    assert_eq!(members, [host.id(), ann.id()]);

    // The other members hear of it; the host, whose doing it was, does not.
    let joined = ann.hears::<PlayerJoined>().await;
    assert_eq!((&joined.player_id, joined.peer_id.get()), (bob.id(), 3));
    host.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn a_guest_accepted_with_a_peer_id_has_that_one() {
    let world = World::start().await;
    let (host, ann, bob) = (
        world.player("host").await,
        world.player("ann").await,
        world.player("bob").await,
    );
    let lobby_id = host.starts_lobby().await;
    let address = waits(&host, &ann, &lobby_id).await;
    host.does(accept_as(&address, 2_147_483_647)).await;
    let accepted = ann.hears::<JoinRequestAccepted>().await;
    assert_eq!(accepted.peer_id.get(), 2_147_483_647);

    // The lowest free one is the next all the same.
    assert_eq!(
        host.lets_in(&bob, &lobby_id).await.accepted.peer_id.get(),
        2
    );
    assert_eq!(ann.hears::<PlayerJoined>().await.peer_id.get(), 2);
    world.ends().await;
}

#[tokio::test]
async fn a_peer_id_that_is_taken_is_refused_and_the_guest_still_waits() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    let address = waits(&host, &guest, &lobby_id).await;
    let refused = host.is_refused(accept_as(&address, 1)).await;
    assert_eq!(refused.code, ErrorCode::PeerIdTaken);
    host.accepts(&address).await;
    guest.hears::<JoinRequestAccepted>().await;
    world.ends().await;
}

#[tokio::test]
async fn a_peer_id_is_free_again_once_its_player_has_left() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    ann.leaves().await;
    for other in [host, bob] {
        other.hears_raw("player_left").await;
    }
    let guest = world.player("guest").await;
    assert_eq!(
        host.lets_in(&guest, &lobby.id).await.accepted.peer_id.get(),
        2
    );
    bob.hears::<PlayerJoined>().await;
    world.ends().await;
}

#[tokio::test]
async fn accept_request_is_another_name_of_accept_join_request() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    let address = waits(&host, &guest, &lobby_id).await;
    let answer = host
        .asks(json!({"action": "accept_request", "content": {"player_connection_id": address, "player_peer_id": 7}}))
        .await;
    assert_eq!(answer.name(), "ok");
    assert_eq!(guest.hears::<JoinRequestAccepted>().await.peer_id.get(), 7);
    world.ends().await;
}

#[tokio::test]
async fn a_rejected_guest_hears_why_and_is_not_a_member() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    let address = waits(&host, &guest, &lobby_id).await;
    let answer = host.does(reject(&address, Some("We are about to start.")));
    assert!(matches!(answer.await, Event::Ok(_)));
    let rejected = guest.hears::<JoinRequestRejected>().await;
    assert_eq!(rejected.code, ErrorCode::RejectedByHost);
    assert_eq!(rejected.reason, "We are about to start.");
    assert_eq!(rejected.lobby_id, lobby_id);

    let refused = guest.is_refused(LeaveLobby {}).await;
    assert_eq!(refused.code, ErrorCode::NotInLobby);
    let refused = host.is_refused(KickPlayer {
        player_connection_id: address,
        reason: None,
        ban: None,
    });
    assert_eq!(refused.await.code, ErrorCode::NotAMember);
    // It may ask again, and be let in.
    host.lets_in(&guest, &lobby_id).await;
    world.ends().await;
}

#[tokio::test]
async fn a_rejection_without_a_reason_has_one_all_the_same() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    let address = waits(&host, &guest, &lobby_id).await;
    host.does(reject(&address, None)).await;
    let rejected = guest.hears::<JoinRequestRejected>().await;
    assert_eq!(rejected.reason, "The host has declined the request.");
    guest.starts_lobby().await;
    world.ends().await;
}

#[tokio::test]
async fn accepting_again_tells_the_guest_again_and_rejecting_again_finds_no_request() {
    let world = World::start().await;
    let (host, ann, bob) = (
        world.player("host").await,
        world.player("ann").await,
        world.player("bob").await,
    );
    let lobby_id = host.starts_lobby().await;
    let introduced = host.lets_in(&ann, &lobby_id).await;
    // The first answer may have been lost.
    host.accepts(&introduced.guest).await;
    assert_eq!(
        ann.hears::<JoinRequestAccepted>().await,
        introduced.accepted
    );
    ann.hears_nothing_more().await;

    let refused = host.is_refused(reject(&introduced.guest, None)).await;
    assert_eq!(refused.code, ErrorCode::RequestNotFound);
    let address = waits(&host, &bob, &lobby_id).await;
    host.does(reject(&address, None)).await;
    bob.hears::<JoinRequestRejected>().await;
    for again in [
        host.is_refused(reject(&address, None)).await,
        host.is_refused(accept(&address)).await,
    ] {
        assert_eq!(again.code, ErrorCode::RequestNotFound);
    }
    world.ends().await;
}

#[tokio::test]
async fn a_request_that_was_taken_back_cannot_be_accepted() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    let address = waits(&host, &guest, &lobby_id).await;
    guest.leaves().await;
    let refused = host.is_refused(accept(&address)).await;
    assert_eq!(refused.code, ErrorCode::RequestNotFound);
    world.ends().await;
}

#[tokio::test]
async fn only_the_host_accepts_and_rejects() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann"]).await;
    let [host, ann] = &players;
    let guest = world.player("guest").await;
    waits(host, &guest, &lobby.id).await;
    // A member was not introduced to who waits, so it has no address of it but its own host's.
    let of_host = lobby.address(host, ann);
    let refused = ann.is_refused(accept(&of_host)).await;
    assert_eq!(refused.code, ErrorCode::NotHost);
    let refused = ann.is_refused(reject(&of_host, None)).await;
    assert_eq!(refused.code, ErrorCode::NotHost);
    guest.hears_nothing_more().await;
    world.ends().await;
}
