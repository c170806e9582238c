//! Addresses lead only whom they were made for, and only while they last.

use client::protocol::lobby::{KickPlayer, RejectJoinRequest};
use client::protocol::signalling::{IceCandidate, SendIceCandidate, SendIceCandidates};
use client::protocol::{Action, ErrorCode};
use domain::Timestamp;
use e2e::{Party, Player, World, accept, connection_behind, offer, settings, text};
use ids::PeerAddress;

/// Every action that takes an address.
fn every_use_of(address: &PeerAddress) -> Vec<Action> {
    let candidate = IceCandidate {
        media: text("0"),
        index: 0,
        name: text("candidate:1"),
    };
    let IceCandidate { media, index, name } = candidate.clone();
    vec![
        offer(address, "v=0").into(),
        SendIceCandidate {
            frame_id: None,
            connection_id: address.clone(),
            media,
            index,
            name,
        }
        .into(),
        SendIceCandidates {
            frame_id: None,
            connection_id: address.clone(),
            candidates: vec![candidate],
        }
        .into(),
        accept(address).into(),
        RejectJoinRequest {
            player_connection_id: address.clone(),
            reason: None,
        }
        .into(),
        KickPlayer {
            player_connection_id: address.clone(),
            reason: None,
            ban: None,
        }
        .into(),
    ]
}

/// Every use of the address is refused with this code, with and without an id.
async fn is_refused_everywhere(player: &Player, address: &PeerAddress, code: ErrorCode) {
    for action in every_use_of(address) {
        let name = action.name();
        let refused = player.is_refused(action.clone()).await;
        assert_eq!(refused.code, code, "{name}");
        player.says(e2e::message(action)).await;
        let refused = player.hears_refusal().await;
        assert_eq!(refused.code, code, "{name}");
        assert_eq!(refused.action.as_deref(), Some(name));
    }
}

#[tokio::test]
async fn an_address_forged_with_another_secret_is_refused_and_reaches_nobody() {
    let Some(elsewhere) = World::with(settings(), "a second server to forge with").await else {
        return;
    };
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let of_host = connection_behind(&lobby.address(host, guest));
    let of_guest = connection_behind(&lobby.address(guest, host));
    let later = Timestamp::from_millis(4_000_000_000_000);
    if let Some(forger) = elsewhere.inside() {
        let forged = forger.seal(&of_host, &of_guest, later);
        is_refused_everywhere(guest, &forged, ErrorCode::AddressInvalid).await;
    }
    host.hears_nothing_more().await;
    elsewhere.ends().await;
    world.ends().await;
}

#[tokio::test]
async fn an_altered_address_is_refused_and_reaches_nobody() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let genuine = lobby.address(host, guest);
    let genuine = genuine.as_str();
    let other_letter = |at: usize| {
        let letter = if genuine[at..].starts_with('A') {
            "B"
        } else {
            "A"
        };
        format!("{}{letter}{}", &genuine[..at], &genuine[at + 1..])
    };
    let end = genuine.len();
    for altered in [
        // The version, the expiry, the MAC, the connection.
        other_letter(0),
        other_letter(4),
        other_letter(15),
        other_letter(end - 8),
        genuine[..end - 4].to_owned(),
        format!("{genuine}AAAA"),
        format!("{genuine}="),
        genuine.to_lowercase(),
        "A".repeat(512),
        "x".to_owned(),
        "\u{1F3AE}".to_owned(),
    ] {
        let address = PeerAddress::parse(altered.clone()).expect("within its bounds");
        let refused = guest.is_refused(offer(&address, "v=0")).await;
        assert_eq!(refused.code, ErrorCode::AddressInvalid, "{altered}");
    }
    let address = PeerAddress::parse(other_letter(15)).expect("within its bounds");
    is_refused_everywhere(guest, &address, ErrorCode::AddressInvalid).await;
    host.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn an_expired_address_is_refused_and_reaches_nobody() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let of_host = connection_behind(&lobby.address(host, guest));
    let of_guest = connection_behind(&lobby.address(guest, host));
    if let Some(inside) = world.inside() {
        let until = |seconds: u64| {
            let until = Timestamp::from_millis(seconds * 1_000);
            inside.seal(&of_host, &of_guest, until)
        };
        is_refused_everywhere(guest, &until(1_700_000_000), ErrorCode::AddressExpired).await;
        host.hears_nothing_more().await;
        // It was its age and nothing else.
        guest.offers(&until(4_000_000_000), "v=0").await;
        host.hears_raw("received_session_description").await;
    }
    world.ends().await;
}

#[tokio::test]
async fn an_address_of_another_pair_is_refused_and_reaches_nobody() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    // Bob and the host know each other; but this is how ann knows the host, and how the host knows ann.
    for address in [lobby.address(host, ann), lobby.address(ann, host)] {
        is_refused_everywhere(bob, &address, ErrorCode::AddressInvalid).await;
    }
    for other in [host, ann] {
        other.hears_nothing_more().await;
    }
    world.ends().await;
}

#[tokio::test]
async fn a_peer_that_was_never_introduced_cannot_be_reached() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let stranger = world.player("stranger").await;
    for address in [lobby.address(host, guest), lobby.address(guest, host)] {
        is_refused_everywhere(&stranger, &address, ErrorCode::AddressInvalid).await;
    }
    for other in [host, guest] {
        other.hears_nothing_more().await;
    }
    world.ends().await;
}

#[tokio::test]
async fn nobody_sees_the_same_address_of_a_player_as_another_does() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    assert_ne!(lobby.address(host, ann), lobby.address(host, bob));
    assert_ne!(lobby.address(host, ann), lobby.address(ann, host));
    world.ends().await;
}
