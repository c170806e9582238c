//! A session's life: how it begins, how it comes back, and how it ends.

use std::time::Duration;

use protocol::event::Event;
use protocol::lobby::{JoinLobby, StartLobby};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::server::{Front, Server};
use crate::{
    Backoff, End, Incoming, Joining, Patience, RequestError, ResumeToken, Resumed, Session,
    SessionError, SessionEvent, SessionEvents, SessionOptions, WhenForgotten,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Attempts follow at once, so that no test waits for one.
pub(super) fn hasty() -> SessionOptions {
    SessionOptions {
        backoff: Backoff {
            first: Duration::ZERO,
            most: Duration::ZERO,
        },
        ..SessionOptions::default()
    }
}

/// The session of a new player, and the server that it talks to.
pub(super) async fn begun(
    front: &Front,
    options: SessionOptions,
) -> (Session, SessionEvents, Server) {
    let serve = async {
        let mut server = front.accept().await;
        let hello = server.json().await;
        assert_eq!(hello["content"], json!({}), "a new player");
        welcome(&mut server, &hello, false).await;
        server
    };
    let url = front.url();
    let (session, server) = tokio::join!(Session::connect(&url, options), serve);
    let (session, events) = session.expect("a session");
    (session, events, server)
}

/// Answers a `hello`.
pub(super) async fn welcome(server: &mut Server, hello: &Value, resumed: bool) {
    let welcome = json!({
        "player_id": "me", "resume_token": "fresh", "resumed": resumed, "heartbeat_seconds": 540, "grace_seconds": 30,
        "expires_at": 1, "protocol": 3,
    });
    server.answer(hello, "welcome", &welcome.to_string()).await;
}

/// Takes a player up on the next connection, having said all this to it.
pub(super) async fn take_up(front: &Front, missed: &[Value]) -> (Server, Value) {
    let mut server = front.accept().await;
    let hello = server.json().await;
    for frame in missed {
        server.say(&frame.to_string()).await;
    }
    welcome(&mut server, &hello, true).await;
    let ping = server.json().await;
    assert_eq!(ping["action"], "ping");
    server.answer(&ping, "pong", "{}").await;
    (server, hello)
}

/// A lobby with `you` as host, at this address, and `me` as a member, or as one who waits.
pub(super) fn lobby_with(address: &str, peer_id: Option<u32>) -> Value {
    json!({"event": "lobby_resumed", "content": {
        "peer_id": peer_id, "visibility": "private", "lobby_id": "friday", "players": 2, "max_players": 8,
        "join_policy": "ask", "locked": false, "has_password": false, "metadata": {}, "created_at": 1,
        "host_peer_id": 1, "term": 1, "away": [], "requests": [],
        "members": [{"connection_id": address, "peer_id": 1, "player_id": "you", "metadata": {}}],
    }})
}

/// The next thing that is told.
pub(super) async fn told(events: &mut SessionEvents) -> SessionEvent {
    let told = timeout(PATIENCE, events.next()).await;
    told.expect("it is told in time")
        .expect("the session lasts")
}

/// The next event of Switchboard's, whatever the session has to say of itself.
pub(super) async fn heard(events: &mut SessionEvents) -> Event {
    loop {
        if let SessionEvent::Incoming(Incoming::Event(event)) = told(events).await {
            return event;
        }
    }
}

/// Waits until the session is back.
pub(super) async fn is_back(events: &mut SessionEvents) -> Resumed {
    loop {
        if let SessionEvent::Resumed(resumed) = told(events).await {
            return *resumed;
        }
    }
}

async fn ends(session: &Session, events: &mut SessionEvents) -> End {
    let read = async {
        while events.next().await.is_some() {}
        session.ended().await
    };
    timeout(PATIENCE, read).await.expect("it ends in time")
}

#[tokio::test]
async fn a_lost_connection_is_followed_by_another_for_the_same_player() {
    let front = Front::open().await;
    let (session, mut events, server) = begun(&front, hasty()).await;
    drop(server);
    let (mut server, hello) = take_up(&front, &[lobby_with("you-2", Some(2))]).await;
    assert_eq!(hello["content"], json!({"resume": "fresh"}));
    assert!(matches!(
        told(&mut events).await,
        SessionEvent::Reconnecting { attempt: 1, .. }
    ));
    let resumed = is_back(&mut events).await;
    assert_eq!(
        resumed.lobby.expect("a lobby").lobby.lobby_id.as_str(),
        "friday"
    );
    let serve = async {
        let ping = server.json().await;
        server.answer(&ping, "pong", "{}").await;
    };
    let (pong, ()) = tokio::join!(session.ping(), serve);
    assert_eq!(pong, Ok(()));
    assert_eq!(session.player_id().as_str(), "me");
}

#[tokio::test]
async fn attempts_go_on_until_one_succeeds() {
    let front = Front::open().await;
    let (_session, mut events, server) = begun(&front, hasty()).await;
    drop(server);
    front.turn_away().await;
    front.turn_away().await;
    take_up(&front, &[]).await;
    for expected in 1..=3 {
        let SessionEvent::Reconnecting { attempt, .. } = told(&mut events).await else {
            panic!("an attempt was to be told");
        };
        assert_eq!(attempt, expected);
    }
    assert_eq!(is_back(&mut events).await, Resumed::default());
}

#[tokio::test]
async fn a_session_gives_up_after_as_many_attempts_as_it_was_told() {
    let front = Front::open().await;
    let options = SessionOptions {
        patience: Patience::Attempts(2),
        ..hasty()
    };
    let (session, mut events, server) = begun(&front, options).await;
    drop(server);
    let away = async {
        front.turn_away().await;
        front.turn_away().await;
    };
    let (end, ()) = tokio::join!(ends(&session, &mut events), away);
    assert!(matches!(end, End::GaveUp { attempts: 2, .. }), "{end:?}");
    let refused = session.ping().await;
    assert_eq!(refused, Err(RequestError::Ended(end)));
}

#[tokio::test]
async fn a_session_gives_up_when_the_players_place_is_kept_no_longer() {
    let front = Front::open().await;
    let options = SessionOptions {
        patience: Patience::For(Duration::ZERO),
        backoff: Backoff {
            first: Duration::from_hours(1),
            most: Duration::from_hours(1),
        },
        ..SessionOptions::default()
    };
    let (session, mut events, server) = begun(&front, options).await;
    drop(server);
    let end = ends(&session, &mut events).await;
    assert!(matches!(end, End::GaveUp { attempts: 0, .. }), "{end:?}");
}

/// Refuses to take a player up on the next connection.
async fn refuse(front: &Front) -> Server {
    refuse_with(front, json!({"code": "resume_refused", "retryable": false})).await
}

async fn refuse_with(front: &Front, mut refusal: Value) -> Server {
    let mut server = front.accept().await;
    let hello = server.json().await;
    assert_eq!(hello["action"], "hello");
    refusal["message"] = json!("Gone.");
    refusal["action"] = json!("hello");
    server.answer(&hello, "error", &refusal.to_string()).await;
    server
}

#[tokio::test]
async fn a_session_that_is_told_when_to_try_again_does_not_try_before() {
    let front = Front::open().await;
    let (_session, mut events, server) = begun(&front, hasty()).await;
    drop(server);
    let later = json!({"code": "rate_limited", "retryable": true, "retry_after_seconds": 20});
    let _server = refuse_with(&front, later).await;
    let mut delays = Vec::new();
    while delays.len() < 2 {
        if let SessionEvent::Reconnecting { delay, .. } = told(&mut events).await {
            delays.push(delay);
        }
    }
    assert_eq!(delays, [Duration::ZERO, Duration::from_secs(20)]);
}

#[tokio::test]
async fn a_player_that_is_gone_ends_the_session() {
    let front = Front::open().await;
    let (session, mut events, server) = begun(&front, hasty()).await;
    drop(server);
    let (end, _server) = tokio::join!(ends(&session, &mut events), refuse(&front));
    assert_eq!(end, End::ResumeRefused("Gone.".to_owned()));
}

#[tokio::test]
async fn a_player_that_is_gone_is_followed_by_a_new_one_where_that_is_wanted() {
    let front = Front::open().await;
    let options = SessionOptions {
        when_forgotten: WhenForgotten::StartOver,
        ..hasty()
    };
    let (_session, mut events, server) = begun(&front, options).await;
    drop(server);
    drop(refuse(&front).await);
    let mut server = front.accept().await;
    let hello = server.json().await;
    assert_eq!(hello["content"], json!({}));
    welcome(&mut server, &hello, false).await;
    loop {
        match told(&mut events).await {
            SessionEvent::StartedOver { player_id } => {
                assert_eq!(player_id.as_str(), "me");
                return;
            }
            SessionEvent::Reconnecting { .. } => {}
            other @ (SessionEvent::Incoming(_)
            | SessionEvent::Resumed(_)
            | SessionEvent::Moved(_)) => panic!("a new player was to be told: {other:?}"),
        }
    }
}

#[tokio::test]
async fn another_process_takes_the_player_up_by_its_token() {
    let front = Front::open().await;
    let options = SessionOptions {
        resume: Some(ResumeToken::new("from a file")),
        ..hasty()
    };
    let url = front.url();
    let missed = [lobby_with("you-2", Some(2))];
    let (session, (_server, hello)) =
        tokio::join!(Session::connect(&url, options), take_up(&front, &missed));
    let (session, mut events) = session.expect("a session");
    assert_eq!(hello["content"], json!({"resume": "from a file"}));
    assert!(is_back(&mut events).await.lobby.is_some());
    assert_eq!(session.resume_token(), ResumeToken::new("fresh"));
}

#[tokio::test]
async fn a_token_that_is_no_good_is_an_error_at_once() {
    let front = Front::open().await;
    let options = SessionOptions {
        resume: Some(ResumeToken::new("old")),
        ..hasty()
    };
    let url = front.url();
    let (session, _server) = tokio::join!(Session::connect(&url, options), refuse(&front));
    assert!(matches!(
        session,
        Err(SessionError::Hello(RequestError::Refused(_)))
    ));
}

#[tokio::test]
async fn a_session_does_not_fight_another_program_for_its_player() {
    let front = Front::open().await;
    let (session, mut events, mut server) = begun(&front, hasty()).await;
    server
        .say(r#"{"event":"connection_replaced","content":{"reason":"Elsewhere."}}"#)
        .await;
    drop(server);
    let end = ends(&session, &mut events).await;
    assert_eq!(end, End::Replaced("Elsewhere.".to_owned()));
}

#[tokio::test]
async fn a_request_that_may_be_repeated_is_asked_again() {
    let front = Front::open().await;
    let (session, _events, mut server) = begun(&front, hasty()).await;
    let serve = async {
        assert_eq!(server.json().await["action"], "ping");
        drop(server);
        let (mut server, _) = take_up(&front, &[]).await;
        let ping = server.json().await;
        server.answer(&ping, "pong", "{}").await;
        server
    };
    let (pong, _server) = tokio::join!(session.ping(), serve);
    assert_eq!(pong, Ok(()));
}

#[tokio::test]
async fn a_request_that_may_not_be_repeated_is_interrupted() {
    let front = Front::open().await;
    let (session, _events, mut server) = begun(&front, hasty()).await;
    let serve = async {
        assert_eq!(server.json().await["action"], "attack");
        drop(server);
        take_up(&front, &[]).await.0
    };
    let (attacked, _server) = tokio::join!(session.attack(), serve);
    let action = "attack".to_owned();
    assert_eq!(attacked, Err(RequestError::Interrupted { action }));
}

#[tokio::test]
async fn a_lost_answer_is_made_up_from_the_lobby_that_it_led_to() {
    let front = Front::open().await;
    let (session, _events, mut server) = begun(&front, hasty()).await;
    let join = JoinLobby {
        lobby_id: "friday".to_owned().try_into().expect("an id"),
        password: None,
        metadata: None,
    };
    let serve = async {
        assert_eq!(server.json().await["action"], "join_lobby");
        drop(server);
        take_up(&front, &[lobby_with("you-2", Some(2))]).await.0
    };
    let (joined, _server) = tokio::join!(session.join_lobby(join), serve);
    let Ok(Joining::Accepted(accepted)) = joined else {
        panic!("it is in: {joined:?}");
    };
    assert_eq!(accepted.host_connection_id.as_str(), "you-2");
}

#[tokio::test]
async fn an_action_that_was_not_done_is_asked_again() {
    let front = Front::open().await;
    let (session, _events, mut server) = begun(&front, hasty()).await;
    let serve = async {
        assert_eq!(server.json().await["action"], "start_lobby");
        drop(server);
        let (mut server, _) = take_up(&front, &[]).await;
        let start = server.json().await;
        assert_eq!(start["action"], "start_lobby");
        let started = r#"{"peer_id":1,"visibility":"private","lobby_id":"x","players":1,"max_players":8,"join_policy":"ask",
            "locked":false,"has_password":false,"metadata":{},"created_at":1}"#;
        server.answer(&start, "lobby_started", started).await;
        server
    };
    let (started, _server) = tokio::join!(session.start_lobby(StartLobby::default()), serve);
    assert_eq!(started.expect("a lobby").lobby.lobby_id.as_str(), "x");
}

#[tokio::test]
async fn closing_says_goodbye_even_while_there_is_no_connection() {
    let front = Front::open().await;
    let (session, mut events, server) = begun(&front, hasty()).await;
    drop(server);
    // Nobody answers what comes next.
    while !matches!(told(&mut events).await, SessionEvent::Reconnecting { .. }) {}
    let closed = timeout(PATIENCE, session.close()).await;
    assert_eq!(closed.expect("it ends in time"), End::Closed);
    assert_eq!(session.ping().await, Err(RequestError::Ended(End::Closed)));
}

#[tokio::test]
async fn dropping_the_last_handle_ends_the_session() {
    let front = Front::open().await;
    let (session, mut events, mut server) = begun(&front, hasty()).await;
    drop(session);
    let serve = async { while let Some(Ok(_)) = server.next().await {} };
    let read = async { while events.next().await.is_some() {} };
    let ended = async { tokio::join!(serve, read) };
    timeout(PATIENCE, ended).await.expect("it ends in time");
}
