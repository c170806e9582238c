//! The logs of a whole handshake, and of what goes wrong around it, hold nothing that is nobody's business.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use client::protocol::ErrorCode;
use client::protocol::event::{JoinRequestAccepted, ReceivedJoinRequest};
use client::protocol::lobby::{JoinLobby, KickPlayer, StartLobby, UpdateLobby};
use client::protocol::signalling::{IceCandidate, SendIceCandidates};
use client::tokens::{Permissions, SharedSecret};
use client::{Client, Options};
use e2e::{BACKEND_SECRET, World, backend, connection_behind, grant, join, offer, settings, text};
use ids::{LobbyId, PeerAddress, PlayerId};
use serde_json::json;
use tracing::subscriber::set_global_default;
use tracing_subscriber::EnvFilter;

/// Everything of ours; of others what an operator sees who sets nothing.
const FILTER: &str = "info,authorizer=trace,client=trace,connection=trace,domain=trace,function=trace,https=trace,\
    identity=trace,ids=trace,lobby=trace,local=trace,protocol=trace,push=trace,signalling=trace,store=trace";

const SECRET: &str = "a sealing secret that is long enough, and nobody's business";
const PASSWORD: &str = "open-sesame-7431";
const WRONG_PASSWORD: &str = "open-barley-9215";
const NEW_PASSWORD: &str = "open-rye-5512";
const SDP: &str = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\na=ice-ufrag:Xq7c";
const SDP_LINE: &str = "4611731400430051336";
const CANDIDATE: &str = "candidate:842163049 1 udp 1677729535 203.0.113.77 51372 typ srflx";
const CANDIDATE_HOST: &str = "203.0.113.77";
const METADATA: &str = "only-for-the-host-3390";
const GARBAGE: &str = "garbage-that-was-meant-for-somebody-else-8086";

/// What has been logged by the whole process, the other tests included: where a line is written, no test can be told.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Option<Vec<u8>>>>);

impl Logged {
    fn starts() -> Self {
        Self(Arc::new(Mutex::new(Some(Vec::new()))))
    }

    /// Everything until now; nothing is kept from here on.
    fn ends(&self) -> String {
        let logged = self.lock().take().expect("it ends once");
        String::from_utf8_lossy(&logged).into_owned()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(logged) = self.lock().as_mut() {
            logged.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Who took part in a handshake, and by which addresses.
struct Handshake {
    players: Vec<PlayerId>,
    addresses: Vec<PeerAddress>,
    tokens: Vec<String>,
}

/// A handshake from the first message to the last, with a wrong turn wherever there is one.
async fn a_handshake(world: &World, backend: &SharedSecret) -> Handshake {
    let token = |name| {
        let name = format!("{name}-{}", world.tag());
        backend.sign(&grant(&name, Permissions::default()))
    };
    let tokens = ["host", "guest", "forger"].map(token);
    let host = world.player_with("host", &tokens[0]).await;
    let guest = world.player_with("guest", &tokens[1]).await;
    world
        .turns_away(Some(&format!("{}{GARBAGE}", tokens[2])))
        .await;
    let url = format!("{}/?token={}.{GARBAGE}", world.url(), tokens[2]);
    let refused = Client::connect(&url, Options::default()).await;
    refused.map(drop).expect_err("it is forged");
    let started = host.starts(StartLobby {
        password: Some(text(PASSWORD)),
        ..StartLobby::default()
    });
    let lobby_id = started.await.lobby.lobby_id;
    let wish = |password: &str| wish(&lobby_id, password);
    let refused = guest.is_refused(wish(WRONG_PASSWORD)).await;
    assert_eq!(refused.code, ErrorCode::WrongPassword);
    guest.does(wish(PASSWORD)).await;
    let of_guest = host.hears::<ReceivedJoinRequest>().await.connection_id;
    host.accepts(&of_guest).await;
    let accepted = guest.hears::<JoinRequestAccepted>().await;
    let of_host = accepted.host_connection_id;

    guest.offers(&of_host, SDP).await;
    host.hears_raw("received_session_description").await;
    host.offers(&of_guest, SDP).await;
    guest.hears_raw("received_session_description").await;
    let batch = SendIceCandidates {
        frame_id: None,
        connection_id: of_host.clone(),
        candidates: vec![IceCandidate {
            media: text("0"),
            index: 0,
            name: text(CANDIDATE),
        }],
    };
    guest.does(batch).await;
    host.hears_raw("received_ice_candidates").await;
    let alone = json!({"action": "send_ice_candidate", "content": {
        "connection_id": of_guest, "media": "0", "index": 0, "name": CANDIDATE,
    }});
    host.asks(alone).await;
    guest.hears_raw("received_ice_candidate").await;

    // Another pair's address, and messages that are none.
    let refused = host.is_refused(offer(&of_host, SDP)).await;
    assert_eq!(refused.code, ErrorCode::AddressInvalid);
    for bad in [
        GARBAGE.to_owned(),
        json!({"action": GARBAGE}).to_string(),
        json!({"action": "ping", "content": {GARBAGE: GARBAGE}}).to_string(),
        json!({"action": "start_lobby", "content": {"password": [PASSWORD]}}).to_string(),
    ] {
        guest.says(bad).await;
        guest.hears_refusal().await;
    }

    host.does(UpdateLobby {
        password: Some(Some(text(NEW_PASSWORD))),
        ..UpdateLobby::default()
    })
    .await;
    guest.hears_raw("lobby_updated").await;
    host.does(KickPlayer {
        player_connection_id: of_guest.clone(),
        reason: Some(text(GARBAGE)),
        ban: Some(true),
    })
    .await;
    guest.hears_raw("kicked").await;
    guest.is_refused(wish(NEW_PASSWORD)).await;

    // A peer that is gone, and a lobby that goes with its host.
    guest.vanishes();
    host.finds_gone(&of_guest).await;
    host.hangs_up().await;
    Handshake {
        players: vec![host.id().clone(), guest.id().clone()],
        addresses: vec![of_guest, of_host],
        tokens: tokens.to_vec(),
    }
}

fn wish(lobby_id: &LobbyId, password: &str) -> JoinLobby {
    JoinLobby {
        password: Some(text(password)),
        metadata: Some(serde_json::from_value(json!({"about": METADATA})).expect("an object")),
        ..join(lobby_id)
    }
}

#[tokio::test]
async fn no_log_holds_a_description_a_candidate_a_password_an_address_a_token_or_a_secret() {
    let logged = Logged::starts();
    let writer = logged.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(FILTER))
        .with_writer(move || writer.clone())
        .finish();
    set_global_default(subscriber).expect("no other test sets one");
    let mut settings = settings();
    settings.seal_secret = Some(SECRET.into());
    let (backend, authentication) = backend();
    settings.authentication = Some(authentication);
    let Some(world) = World::with(settings, "what the server logs").await else {
        return;
    };
    let Handshake {
        players,
        addresses,
        tokens,
    } = a_handshake(&world, &backend).await;
    // Its farewells are logged as well.
    world.stops().await;

    let log = logged.ends();
    for action in [
        "authorized",
        "$connect",
        "start_lobby",
        "join_lobby",
        "send_session_description",
        "$disconnect",
    ] {
        assert!(
            log.contains(action),
            "nothing was logged of {action}:\n{log}"
        );
    }
    // The end of a connection names its player, so these lines are no other test's.
    for player in &players {
        assert!(
            log.contains(player.as_str()),
            "nothing was logged of {player}:\n{log}"
        );
    }
    let mut secrets = vec![
        SECRET,
        PASSWORD,
        WRONG_PASSWORD,
        NEW_PASSWORD,
        "$argon2",
        SDP_LINE,
        "ice-ufrag",
        CANDIDATE_HOST,
        METADATA,
        GARBAGE,
    ];
    // The signature is what nobody else may have.
    let signatures = tokens.iter().filter_map(|token| token.rsplit('.').next());
    secrets.extend(signatures);
    secrets.push(BACKEND_SECRET);
    let connections: Vec<_> = addresses.iter().map(connection_behind).collect();
    secrets.extend(addresses.iter().map(PeerAddress::as_str));
    secrets.extend(connections.iter().map(ids::ConnectionId::as_str));
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "a log line holds {secret}");
    }
}
