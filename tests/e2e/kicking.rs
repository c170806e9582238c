//! `kick_player`.

use client::ids::PeerAddress;
use client::protocol::event::{Kicked, LeaveReason, PlayerLeft, ReceivedJoinRequest};
use client::protocol::lobby::{JoinPolicy, KickPlayer, LeaveLobby, StartLobby};
use client::protocol::{ErrorCode, Event};
use e2e::{Party, World, text};

fn kick(player: &PeerAddress) -> KickPlayer {
    KickPlayer {
        player_connection_id: player.clone(),
        reason: None,
        ban: None,
    }
}

fn ban(player: &PeerAddress) -> KickPlayer {
    KickPlayer {
        ban: Some(true),
        reason: Some(text("Away for ten minutes.")),
        ..kick(player)
    }
}

#[tokio::test]
async fn a_kicked_player_is_told_and_so_are_the_others() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    let Event::PlayerLeft(left) = host.does(kick(&lobby.address(ann, host))).await else {
        panic!("kicking has another answer than `player_left`");
    };
    assert_eq!((&left.player_id, left.peer_id.get()), (ann.id(), 2));
    assert_eq!(left.reason, LeaveReason::Kicked);
    assert_eq!(bob.hears::<PlayerLeft>().await, left);
    let kicked = ann.hears::<Kicked>().await;
    assert_eq!(kicked.lobby_id, lobby.id);
    assert!(!kicked.banned && !kicked.reason.is_empty());

    let refused = ann.is_refused(LeaveLobby {}).await;
    assert_eq!(refused.code, ErrorCode::NotInLobby);
    world.ends().await;
}

#[tokio::test]
async fn a_kicked_player_may_come_back() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    host.does(kick(&lobby.address(guest, host))).await;
    guest.hears::<Kicked>().await;
    let introduced = host.lets_in(guest, &lobby.id).await;
    // Both connections still live, so the address is what it was.
    assert_eq!(introduced.guest, lobby.address(guest, host));
    world.ends().await;
}

#[tokio::test]
async fn a_banned_player_is_refused_when_it_comes_back() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    host.does(ban(&lobby.address(ann, host))).await;
    let kicked = ann.hears::<Kicked>().await;
    assert!(kicked.banned);
    assert_eq!(kicked.reason, "Away for ten minutes.");
    let left = bob.hears::<PlayerLeft>().await;
    assert_eq!(left.reason, LeaveReason::Banned);

    let refused = ann.is_turned_away(&lobby.id).await;
    assert_eq!(refused.code, ErrorCode::Banned);
    host.hears_nothing_more().await;
    // From this lobby alone.
    ann.starts_lobby().await;
    world.ends().await;
}

#[tokio::test]
async fn a_ban_holds_in_an_open_lobby_too() {
    let world = World::start().await;
    let open = StartLobby {
        join_policy: Some(JoinPolicy::Open),
        ..StartLobby::default()
    };
    let Party { lobby, players } = world.party_in(open, ["host", "guest"]).await;
    let [host, guest] = &players;
    let address = lobby.address(guest, host);
    host.does(ban(&address)).await;
    guest.hears::<Kicked>().await;
    let refused = guest.is_turned_away(&lobby.id).await;
    assert_eq!(refused.code, ErrorCode::Banned);
    world.ends().await;
}

#[tokio::test]
async fn only_the_host_kicks_and_only_members() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    let refused = ann.is_refused(kick(&lobby.address(bob, ann))).await;
    assert_eq!(refused.code, ErrorCode::NotHost);

    let guest = world.player("guest").await;
    guest.asks_to_join(&lobby.id).await;
    let waiting = host.hears::<ReceivedJoinRequest>().await.connection_id;
    let refused = host.is_refused(kick(&waiting)).await;
    assert_eq!(refused.code, ErrorCode::NotAMember);
    world.ends().await;
}

#[tokio::test]
async fn a_player_is_kicked_once() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let address = lobby.address(guest, host);
    host.does(kick(&address)).await;
    guest.hears::<Kicked>().await;
    let again = host.is_refused(kick(&address)).await;
    assert_eq!(again.code, ErrorCode::NotAMember);
    world.ends().await;
}
