//! Who asks for too much is refused, hears when to come back, and is in nobody else's way.

use std::collections::BTreeSet;
use std::time::Duration;

use client::protocol::ErrorCode;
use client::protocol::connection::Ping;
use client::protocol::event::{Error, PlayerJoined, ReceivedSessionDescription};
use client::protocol::lobby::{JoinPolicy, ListLobbies, StartLobby};
use client::{Client, ConnectError, Joining, Options, Session, SessionOptions};
use e2e::{Heard, Party, World, join, message, offer, settings};
use futures::FutureExt as _;
use local::ServerSettings;
use local::limit::{Kind, Limit, LimitSettings};
use tokio::time::{Instant, sleep};

/// Somewhat more than a client of anybody's ever sends at once.
const FLOOD: usize = 10_000;

/// What has not come of the flood after this long never comes.
const PATIENCE: Duration = Duration::from_mins(2);

/// A local Switchboard with this limit of one kind.
async fn with(kind: Kind, limit: Limit) -> Option<World> {
    let settings = settings();
    let limits = settings.limits.clone().with(kind, limit);
    World::with(ServerSettings { limits, ..settings }, "limits of its own").await
}

/// What is refused among what was heard; nothing else is.
fn refusals(heard: Vec<Heard>) -> Vec<Error> {
    heard.into_iter().map(|heard| heard.content()).collect()
}

fn is_clear(refused: &Error) -> bool {
    refused.code == ErrorCode::RateLimited
        && refused.retryable
        && refused
            .retry_after_seconds
            .is_some_and(|seconds| seconds >= 1)
        && refused.action.as_deref() == Some("send_session_description")
}

#[tokio::test]
async fn a_flood_of_frames_is_refused_clearly_and_harms_nobody_but_its_sender() {
    let Some(world) = World::with(settings(), "a limit that is counted exactly").await else {
        return;
    };
    let Party { lobby, players } = world.party(["host", "flooder", "bystander"]).await;
    let [host, flooder, bystander] = &players;
    let started = Instant::now();
    let frame = message(offer(&lobby.address(host, flooder), "v=0"));
    let flood = async {
        for _ in 0..FLOOD {
            flooder.says(frame.clone()).await;
        }
    };
    // Meanwhile the others signal as if nothing were.
    let others = async {
        for _ in 0..20 {
            bystander
                .offers(&lobby.address(host, bystander), "from a bystander")
                .await;
            bystander.does(Ping {}).await;
        }
    };
    tokio::join!(flood, others);

    // Each frame is passed on or refused, in any order.
    let known_as = lobby.address(flooder, host);
    let (mut refused, mut passed) = (Vec::new(), 0);
    while passed + refused.len() < FLOOD {
        assert!(
            started.elapsed() < PATIENCE,
            "{passed} passed, {} refused",
            refused.len()
        );
        refused.extend(refusals(flooder.looks_at_everything().await));
        let heard = host.looks_at_everything().await;
        let heard = heard
            .iter()
            .map(Heard::content::<ReceivedSessionDescription>);
        passed += heard
            .filter(|heard| heard.connection_id == known_as)
            .count();
    }
    let spent = started.elapsed();
    assert_eq!(passed + refused.len(), FLOOD);
    // No more than the limit allows was passed on.
    let limit = LimitSettings::default().of(Kind::Relay);
    let most = f64::from(limit.burst()) + f64::from(limit.per_second()) * spent.as_secs_f64();
    assert!(passed >= usize::try_from(limit.burst()).expect("it fits"));
    assert!(
        f64::from(u32::try_from(passed).expect("it fits")) <= most,
        "{passed} of {most}"
    );
    assert!(refused.iter().all(is_clear), "{:?}", refused.first());
    // The socket is open, and other kinds of actions are untouched.
    flooder.does(ListLobbies::default()).await;
    world.ends().await;
}

#[tokio::test]
async fn who_waits_as_long_as_it_is_told_is_let_through() {
    let Some(world) = with(Kind::Relay, Limit::new(5, 1)).await else {
        return;
    };
    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    let send = || offer(&lobby.address(host, guest), "v=0");
    let refused = loop {
        match guest.client().request(send()).await {
            Ok(_) => host.hears::<ReceivedSessionDescription>().await,
            Err(client::RequestError::Refused(refused)) => break refused,
            Err(error) => panic!("another trouble: {error}"),
        };
    };
    assert_eq!(refused.code, ErrorCode::RateLimited);
    sleep(refused.retry_after.expect("how long")).await;
    guest.does(send()).await;
    host.hears::<ReceivedSessionDescription>().await;
    world.ends().await;
}

#[tokio::test]
async fn of_what_is_too_much_a_session_sends_every_frame_again_until_it_has_come_once() {
    const FRAMES: usize = 20;
    let Some(world) = with(Kind::Relay, Limit::new(5, 5)).await else {
        return;
    };
    let host = world.player("host").await;
    let open = StartLobby {
        join_policy: Some(JoinPolicy::Open),
        ..StartLobby::default()
    };
    let lobby_id = host.starts(open).await.lobby.lobby_id;
    let connected = Session::connect(world.url(), SessionOptions::default()).await;
    let (session, mut events) = connected.expect("a session");
    let joined = session.join_lobby(join(&lobby_id)).await;
    let Ok(Joining::Accepted(accepted)) = joined else {
        panic!("an open lobby lets in who asks: {joined:?}");
    };
    host.hears::<PlayerJoined>().await;
    for number in 0..FRAMES {
        let frame = offer(&accepted.host_connection_id, &number.to_string());
        session.send(frame).await.expect("a session");
    }
    let mut heard = BTreeSet::new();
    while heard.len() < FRAMES {
        let came = host.hears::<ReceivedSessionDescription>().await;
        let sdp = came.sdp.as_str().to_owned();
        assert!(heard.insert(sdp), "{came:?} came twice");
    }
    assert!(
        events.next().now_or_never().is_none(),
        "its program is spared that"
    );
    session.close().await;
    host.looks_at_everything().await;
    world.ends().await;
}

#[tokio::test]
async fn an_answer_to_what_is_too_much_names_the_message() {
    let Some(world) = with(Kind::Listing, Limit::new(1, 1)).await else {
        return;
    };
    let player = world.player("player").await;
    player.does(ListLobbies::default()).await;
    let message = serde_json::json!({"action": "list_lobbies", "content": {}, "id": "which one"});
    let refused = player.asks(message).await;
    assert_eq!(refused.json["event"], "error");
    assert_eq!(refused.json["reply_to"], "which one");
    assert_eq!(refused.json["content"]["action"], "list_lobbies");
    world.ends().await;
}

#[tokio::test]
async fn messages_that_are_none_are_counted_too() {
    let Some(world) = with(Kind::Other, Limit::new(5, 1)).await else {
        return;
    };
    let player = world.player("player").await;
    let mut codes = Vec::new();
    for _ in 0..10 {
        player.says("no JSON").await;
        codes.push(player.hears_refusal().await.code);
    }
    assert_eq!(codes.first(), Some(&ErrorCode::NotJson));
    assert_eq!(codes.last(), Some(&ErrorCode::RateLimited));
    world.ends().await;
}

#[tokio::test]
async fn too_many_connections_from_one_address_are_turned_away_with_429() {
    let Some(world) = with(Kind::Connect, Limit::new(3, 1)).await else {
        return;
    };
    let player = world.player("player").await;
    let mut let_in = Vec::new();
    let status = loop {
        assert!(
            let_in.len() < 30,
            "so many do not come in the first seconds"
        );
        match Client::connect(world.url(), Options::default()).await {
            Ok(connected) => let_in.push(connected),
            Err(ConnectError::Rejected { status, .. }) => break status,
            Err(error) => panic!("another trouble: {error}"),
        }
    };
    assert_eq!(status, 429);
    // Who is in stays in.
    player.does(Ping {}).await;
    world.ends().await;
}
