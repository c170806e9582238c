//! `leave_lobby`, and what becomes of a lobby whose host goes.

use client::protocol::event::{
    HostChanged, JoinRequestAccepted, JoinRequestRejected, LeaveReason, PlayerLeft,
    ReceivedJoinRequest, ReceivedSessionDescription,
};
use client::protocol::lobby::{CloseLobby, LeaveLobby, UpdateLobby};
use client::protocol::{ErrorCode, Event};
use e2e::{Party, World, text};

#[tokio::test]
async fn a_guest_leaves_and_the_others_are_told() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    let Event::LobbyLeft(left) = ann.does(LeaveLobby {}).await else {
        panic!("leaving has another answer than `lobby_left`");
    };
    assert_eq!(left.lobby_id, lobby.id);
    for other in [host, bob] {
        let left = other.hears::<PlayerLeft>().await;
        assert_eq!((&left.player_id, left.peer_id.get()), (ann.id(), 2));
        assert_eq!(left.reason, LeaveReason::Left);
    }
    // It is free to be elsewhere.
    ann.starts_lobby().await;
    world.ends().await;
}

#[tokio::test]
async fn who_has_left_cannot_leave_again() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    guest.leaves().await;
    host.hears::<PlayerLeft>().await;
    let again = guest.is_refused(LeaveLobby {}).await;
    assert_eq!(again.code, ErrorCode::NotInLobby);
    assert_eq!(again.message, "You are in no lobby.");
    world.ends().await;
}

#[tokio::test]
async fn who_waits_takes_its_request_back_by_leaving() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    guest.asks_to_join(&lobby_id).await;
    host.hears::<ReceivedJoinRequest>().await;
    guest.leaves().await;
    guest.starts_lobby().await;
    world.ends().await;
}

#[tokio::test]
async fn where_the_host_leaves_the_longest_present_is_host() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    host.leaves().await;
    for other in [ann, bob] {
        assert_eq!(other.hears::<PlayerLeft>().await.player_id, *host.id());
    }
    let heard_by_ann = ann.hears::<HostChanged>().await;
    let heard_by_bob = bob.hears::<HostChanged>().await;
    for heard in [&heard_by_ann, &heard_by_bob] {
        assert_eq!((heard.peer_id.get(), heard.term), (2, 2));
    }
    assert_eq!(heard_by_ann.connection_id, None);
    // The address of the new host is the one that was known, and it can be used.
    let new_host = heard_by_bob.connection_id.expect("bob is not the host");
    assert_eq!(new_host, lobby.address(ann, bob));
    bob.offers(&new_host, "v=0").await;
    let offer = ann.hears::<ReceivedSessionDescription>().await;
    assert_eq!(offer.connection_id, lobby.address(bob, ann));

    let renamed = UpdateLobby {
        name: Some(text("ann's")),
        ..UpdateLobby::default()
    };
    ann.does(renamed).await;
    bob.hears_raw("lobby_updated").await;
    assert_eq!(bob.is_refused(CloseLobby {}).await.code, ErrorCode::NotHost);
    world.ends().await;
}

#[tokio::test]
async fn the_second_change_of_hosts_has_term_three() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    host.leaves().await;
    ann.leaves().await;
    let terms = [
        bob.hears::<HostChanged>().await.term,
        bob.hears::<HostChanged>().await.term,
    ];
    assert_eq!(terms, [2, 3]);
    bob.looks_at_everything().await;
    ann.looks_at_everything().await;
    world.ends().await;
}

#[tokio::test]
async fn requests_that_wait_are_announced_to_the_new_host() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann"]).await;
    let [host, ann] = &players;
    let guest = world.player("guest").await;
    guest.asks_to_join(&lobby.id).await;
    host.hears::<ReceivedJoinRequest>().await;
    host.leaves().await;
    ann.hears::<PlayerLeft>().await;
    ann.hears::<HostChanged>().await;
    let request = ann.hears::<ReceivedJoinRequest>().await;
    assert_eq!(&request.player_id, guest.id());
    ann.accepts(&request.connection_id).await;
    let accepted = guest.hears::<JoinRequestAccepted>().await;
    // The seat of the one who left is the lowest that is free.
    assert_eq!(accepted.peer_id.get(), 1);
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_ends_with_its_last_member_and_who_waits_is_turned_away() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    guest.asks_to_join(&lobby_id).await;
    host.hears::<ReceivedJoinRequest>().await;
    host.leaves().await;
    let rejected = guest.hears::<JoinRequestRejected>().await;
    assert_eq!(rejected.code, ErrorCode::LobbyClosed);
    let refused = guest.is_turned_away(&lobby_id).await;
    assert_eq!(refused.code, ErrorCode::LobbyNotFound);
    world.ends().await;
}
