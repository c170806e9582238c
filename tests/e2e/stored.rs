//! What is stored of players holds nothing that is nobody's business, whatever is kept for them.

use std::time::Duration;

use client::protocol::Event;
use client::protocol::event::{
    PlayerAway, PlayerBack, PlayerJoined, ReceivedIceCandidates, ReceivedSessionDescription,
};
use client::protocol::lobby::{JoinLobby, JoinPolicy, StartLobby};
use client::protocol::signalling::{IceCandidate, SendIceCandidates};
use client::tokens::Permissions;
use e2e::{BACKEND_SECRET, World, backend, grant, join, offer, settings, text};
use local::ServerSettings;

const SECRET: &str = "a sealing secret that is nobody's business either";
const PASSWORD: &str = "open-millet-6620";
const SDP: &str = "v=0\r\no=- 7719204418820045117 2 IN IP4 127.0.0.1\r\na=ice-ufrag:Zt9w";
const SDP_LINE: &str = "7719204418820045117";
const CANDIDATE: &str = "candidate:842163049 1 udp 1677729535 203.0.113.41 51372 typ srflx";
const CANDIDATE_HOST: &str = "203.0.113.41";

#[tokio::test]
async fn no_table_holds_a_description_a_candidate_a_password_a_token_or_a_secret() {
    let (backend, authentication) = backend();
    let settings = ServerSettings {
        seal_secret: Some(SECRET.into()),
        authentication: Some(authentication),
        grace: Duration::from_mins(1),
        ..settings()
    };
    let Some(world) = World::with(settings, "what is stored").await else {
        return;
    };
    let inside = world.inside().expect("a local one");
    let token = |name: &str| backend.sign(&grant(name, Permissions::default()));
    let tokens = ["host", "guest"].map(token);
    let host = world.player_with("host", &tokens[0]).await;
    let guest = world.player_with("guest", &tokens[1]).await;
    let open = StartLobby {
        join_policy: Some(JoinPolicy::Open),
        password: Some(text(PASSWORD)),
        ..StartLobby::default()
    };
    let lobby_id = host.starts(open).await.lobby.lobby_id;
    let wish = JoinLobby {
        password: Some(text(PASSWORD)),
        ..join(&lobby_id)
    };
    let joined = guest.does(wish).await;
    assert!(
        matches!(joined, Event::JoinRequestAccepted(_)),
        "{joined:?}"
    );
    let of_guest = host.hears::<PlayerJoined>().await.connection_id;

    guest.vanishes();
    host.hears::<PlayerAway>().await;
    host.does(offer(&of_guest, SDP)).await;
    host.does(SendIceCandidates {
        frame_id: None,
        connection_id: of_guest,
        candidates: vec![IceCandidate {
            media: text("0"),
            index: 0,
            name: text(CANDIDATE),
        }],
    })
    .await;
    let presences = inside.contents().presences.into_iter();
    let kept: usize = presences.map(|presence| presence.kept.len()).sum();
    assert_eq!(kept, 2, "both wait for the guest");
    let items = inside.items();
    assert!(items.iter().any(|item| item.contains(lobby_id.as_str())));
    let mut secrets = vec![
        SECRET,
        BACKEND_SECRET,
        PASSWORD,
        SDP_LINE,
        "ice-ufrag",
        CANDIDATE_HOST,
        "received_session_description",
        host.token(),
        guest.token(),
    ];
    secrets.extend(tokens.iter().map(String::as_str));
    for secret in secrets {
        let item = items.iter().find(|item| item.contains(secret));
        assert_eq!(item, None, "an item holds {secret}");
    }

    let back = world.player_with("guest", &tokens[1]).await;
    let offered = back.hears::<ReceivedSessionDescription>().await;
    assert_eq!(offered.sdp.as_str(), SDP);
    back.hears::<ReceivedIceCandidates>().await;
    back.looks_at_everything().await;
    host.hears::<PlayerBack>().await;
    world.ends().await;
}
