//! Session descriptions and candidates, relayed byte for byte.

use client::protocol::event::{
    IceServer, IceServers, ReceivedCandidate, ReceivedIceCandidate, ReceivedIceCandidates,
    ReceivedSessionDescription,
};
use client::protocol::signalling::{
    GetIceServers, IceCandidate, SendIceCandidate, SendIceCandidates,
};
use client::protocol::{ErrorCode, Event, MAX_MESSAGE_BYTES};
use e2e::{Party, Player, World, message, offer, settings, text};
use ids::PeerAddress;
use serde_json::json;

/// Everything that a careless relay would change: line ends, escapes, quotes, what is no letter, half of a pair of braces.
const AWKWARD: &str = "v=0\r\no=- 46117 2 IN IP4 127.0.0.1\r\ns=\u{1F3AE} \"quoted\" \\u0041 \\ /\r\n\
    a=tab:\t nul:\0 del:\u{7f} sep:\u{2028}\u{2029} nbsp:\u{a0} rtl:\u{202e}\r\na={[<&>]}\u{feff}\n\n ";

fn candidate(name: &str) -> IceCandidate {
    IceCandidate {
        media: text("0"),
        index: 0,
        name: text(name),
    }
}

fn send(to: &PeerAddress, candidate: IceCandidate) -> SendIceCandidate {
    let IceCandidate { media, index, name } = candidate;
    SendIceCandidate {
        frame_id: None,
        connection_id: to.clone(),
        media,
        index,
        name,
    }
}

/// Sends an offer from one to the other, who knows the sender by this address.
async fn signals(from: &Player, to: &Player, by: &PeerAddress, known_as: &PeerAddress, sdp: &str) {
    from.offers(by, sdp).await;
    let heard = to.hears::<ReceivedSessionDescription>().await;
    assert_eq!(&heard.connection_id, known_as);
    assert_eq!(heard.session_type.as_str(), "offer");
    assert_eq!(heard.sdp.as_str(), sdp);
}

#[tokio::test]
async fn a_session_description_is_relayed_both_ways_byte_for_byte_with_the_senders_address() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let (of_host, of_guest) = (lobby.address(host, guest), lobby.address(guest, host));
    signals(guest, host, &of_host, &of_guest, AWKWARD).await;
    signals(host, guest, &of_guest, &of_host, AWKWARD).await;
    world.ends().await;
}

#[tokio::test]
async fn a_received_session_description_has_exactly_bellhops_field_names() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let to = lobby.address(host, guest);
    guest
        .says(
            json!({"action": "send_session_description", "content": {
                "connection_id": to, "session_type": "answer", "sdp": AWKWARD,
            }})
            .to_string(),
        )
        .await;
    let heard = host.hears_raw("received_session_description").await;
    let expected = json!({"event": "received_session_description", "content": {
        "connection_id": lobby.address(guest, host), "session_type": "answer", "sdp": AWKWARD,
    }});
    assert_eq!(heard.json, expected);
    world.ends().await;
}

#[tokio::test]
async fn a_candidate_is_relayed_both_ways_with_exactly_bellhops_field_names() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    for (from, to) in [(guest, host), (host, guest)] {
        from.says(json!({"action": "send_ice_candidate", "content": {
            "connection_id": lobby.address(to, from), "media": "audio ü", "index": -3, "name": AWKWARD,
        }}).to_string())
        .await;
        let heard = to.hears_raw("received_ice_candidate").await;
        let expected = json!({"event": "received_ice_candidate", "content": {
            "connection_id": lobby.address(from, to), "media": "audio ü", "index": -3, "name": AWKWARD,
        }});
        assert_eq!(heard.json, expected);
        let heard: ReceivedIceCandidate = heard.content();
        assert_eq!(heard.name.as_str(), AWKWARD);
    }
    world.ends().await;
}

#[tokio::test]
async fn a_batch_of_candidates_is_relayed_in_its_order() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let mut candidates: Vec<_> = (0..31)
        .map(|number| candidate(&format!("candidate:{number} {AWKWARD}")))
        .collect();
    // The end of candidates.
    candidates.push(candidate(""));
    let batch = SendIceCandidates {
        frame_id: None,
        connection_id: lobby.address(host, guest),
        candidates: candidates.clone(),
    };
    guest.says(message(batch)).await;
    let heard = host.hears_raw("received_ice_candidates").await;
    assert_eq!(heard.fields(), ["candidates", "connection_id"]);
    assert_eq!(
        heard.json["content"]["candidates"][0],
        json!({"media": "0", "index": 0, "name": format!("candidate:0 {AWKWARD}")})
    );
    let heard: ReceivedIceCandidates = heard.content();
    assert_eq!(heard.connection_id, lobby.address(guest, host));
    let sent: Vec<ReceivedCandidate> = candidates.into_iter().map(Into::into).collect();
    assert_eq!(heard.candidates, sent);
    world.ends().await;
}

#[tokio::test]
async fn set_session_description_is_another_name_of_send_session_description() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let content = json!({
        "connection_id": lobby.address(host, guest), "session_type": "offer", "sdp": "v=0",
    });
    let answer = guest.asks(json!({"action": "set_session_description", "content": content}));
    assert_eq!(answer.await.name(), "ok");
    host.hears::<ReceivedSessionDescription>().await;
    world.ends().await;
}

#[tokio::test]
async fn of_three_peers_in_one_lobby_every_pair_signals() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    for from in &players {
        for to in players.iter().filter(|to| to.id() != from.id()) {
            let (by, known_as) = (lobby.address(to, from), lobby.address(from, to));
            let sdp = format!("from {} to {}", from.name(), to.name());
            signals(from, to, &by, &known_as, &sdp).await;

            from.does(send(&by, candidate(&sdp))).await;
            let heard = to.hears::<ReceivedIceCandidate>().await;
            assert_eq!(heard.connection_id, known_as);
            assert_eq!(heard.name.as_str(), sdp);
        }
    }
    world.ends().await;
}

#[tokio::test]
async fn a_host_may_signal_to_who_waits_and_be_answered() {
    let world = World::start().await;
    let (host, guest) = (world.player("host").await, world.player("guest").await);
    let lobby_id = host.starts_lobby().await;
    guest.asks_to_join(&lobby_id).await;
    let request: client::protocol::event::ReceivedJoinRequest = host.hears().await;
    host.offers(&request.connection_id, "v=0").await;
    let heard = guest.hears::<ReceivedSessionDescription>().await;
    guest.offers(&heard.connection_id, "v=0").await;
    let answered = host.hears::<ReceivedSessionDescription>().await;
    assert_eq!(answered.connection_id, request.connection_id);
    world.ends().await;
}

#[tokio::test]
async fn the_longest_session_description_is_relayed_whole() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let longest = "x".repeat(65_536);
    let (by, known_as) = (lobby.address(host, guest), lobby.address(guest, host));
    signals(guest, host, &by, &known_as, &longest).await;
    world.ends().await;
}

#[tokio::test]
async fn what_would_be_too_long_for_its_target_is_refused_and_not_cut() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let to = lobby.address(host, guest);
    // The event's name is longer than the action's, so that what just fits on its way in does not on its way out.
    let room = MAX_MESSAGE_BYTES - message(offer(&to, "?")).len() + 1;
    let filling = |bytes: usize| "ü".repeat(bytes / 2) + &"x".repeat(bytes % 2);
    guest.offers(&to, &filling(room)).await;
    let refused = guest.hears_refusal().await;
    assert_eq!(refused.code, ErrorCode::MessageTooLong);
    host.hears_nothing_more().await;

    let longer_by = "received_session_description".len() + "event".len()
        - "send_session_description".len()
        - "action".len();
    let fits = filling(room - longer_by);
    signals(guest, host, &to, &lobby.address(guest, host), &fits).await;
    world.ends().await;
}

#[tokio::test]
async fn ice_servers_are_those_that_were_configured() {
    let servers = vec![
        IceServer {
            urls: vec!["stun:stun.example.org:3478".to_owned()],
            username: None,
            credential: None,
        },
        IceServer {
            urls: vec![
                "turn:turn.example.org".to_owned(),
                "turns:turn.example.org".to_owned(),
            ],
            username: Some("somebody".to_owned()),
            credential: Some("something".to_owned()),
        },
    ];
    let mut settings = settings();
    settings.ice_servers = servers.clone();
    let Some(world) = World::with(settings, "ICE servers of its own").await else {
        return;
    };
    let player = world.player("player").await;
    let heard = player.asks(json!({"action": "get_ice_servers"})).await;
    let expected = json!([
        {"urls": ["stun:stun.example.org:3478"]},
        {"urls": ["turn:turn.example.org", "turns:turn.example.org"], "username": "somebody", "credential": "something"},
    ]);
    assert_eq!(heard.json["content"]["ice_servers"], expected);
    assert_eq!(heard.content::<IceServers>().ice_servers, servers);
    world.ends().await;
}

#[tokio::test]
async fn ice_servers_are_told_wherever_it_runs() {
    let world = World::start().await;
    let player = world.player("player").await;
    let answer = player.does(GetIceServers {}).await;
    assert!(matches!(answer, Event::IceServers(_)), "{answer:?}");
    world.ends().await;
}

#[tokio::test]
async fn nobody_signals_to_itself() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    // The address by which the host knows the guest, in the guest's own hands.
    let own = lobby.address(guest, host);
    let refused = guest.is_refused(offer(&own, "v=0")).await;
    assert_eq!(refused.code, ErrorCode::AddressInvalid);
    world.ends().await;
}
