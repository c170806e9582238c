//! What is told after coming back, in which order, and how often; and by which addresses.

use protocol::event::Event;
use protocol::signalling::SendSessionDescription;
use protocol::{Action, Message as _};
use serde_json::{Value, json};

use super::server::{Front, Server};
use super::sessions::{begun, hasty, heard, is_back, lobby_with, take_up, told};
use crate::{Incoming, Session, SessionEvent, SessionEvents};

/// An offer from an address, kept as this one of those that were, if it was.
fn offer(from: &str, sdp: &str, frame_id: Option<&str>, sequence: Option<u64>) -> Value {
    let mut offer = json!({"event": "received_session_description", "content": {
        "connection_id": from, "session_type": "offer", "sdp": sdp,
    }});
    if let Some(frame_id) = frame_id {
        offer["content"]["frame_id"] = frame_id.into();
    }
    if let Some(sequence) = sequence {
        offer["sequence"] = sequence.into();
    }
    offer
}

/// A player in a lobby with `you`, whose address is this.
async fn in_lobby(front: &Front) -> (Session, SessionEvents, Server) {
    let (session, mut events, mut server) = begun(front, hasty()).await;
    let accepted = json!({"event": "join_request_accepted", "content": {
        "host_connection_id": "you-1", "peer_id": 2, "lobby_id": "friday",
        "members": [{"connection_id": "you-1", "peer_id": 1, "player_id": "you", "metadata": {}}],
    }});
    server.say(&accepted.to_string()).await;
    assert!(matches!(
        heard(&mut events).await,
        Event::JoinRequestAccepted(_)
    ));
    (session, events, server)
}

/// The next offer that is told: from whom, and what.
async fn told_offer(events: &mut SessionEvents) -> (String, String) {
    let event = heard(events).await;
    let Event::ReceivedSessionDescription(offer) = event else {
        panic!("an offer was to be told: {event:?}");
    };
    let from = offer.connection_id.as_str().to_owned();
    (from, offer.sdp.into_string())
}

fn offered(from: &str, sdp: &str) -> (String, String) {
    (from.to_owned(), sdp.to_owned())
}

fn description(to: &str, sdp: &str) -> Action {
    let mut frame = SendSessionDescription::example();
    frame.connection_id = to.to_owned().try_into().expect("an address");
    frame.sdp = protocol::Text::new(sdp).expect("short");
    frame.into()
}

#[tokio::test]
async fn what_was_kept_is_told_in_order_and_before_where_the_player_is() {
    let front = Front::open().await;
    let (_session, mut events, server) = in_lobby(&front).await;
    drop(server);
    let missed = [
        offer("you-2", "second", None, Some(12)),
        lobby_with("you-2", Some(2)),
        offer("you-2", "first", None, Some(7)),
        offer("you-2", "first", None, Some(7)),
        offer("you-2", "live", None, None),
    ];
    let (_server, _) = take_up(&front, &missed).await;
    assert_eq!(told_offer(&mut events).await, offered("you-1", "first"));
    assert_eq!(told_offer(&mut events).await, offered("you-1", "second"));
    assert!(matches!(told(&mut events).await, SessionEvent::Resumed(_)));
    assert_eq!(told_offer(&mut events).await, offered("you-1", "live"));
}

#[tokio::test]
async fn what_was_heard_after_one_cut_is_not_told_again_after_the_next() {
    let front = Front::open().await;
    let (_session, mut events, server) = in_lobby(&front).await;
    drop(server);
    let lobby = lobby_with("you-2", Some(2));
    let (server, hello) =
        take_up(&front, &[offer("you-2", "a", None, Some(3)), lobby.clone()]).await;
    assert_eq!(hello["content"]["last_sequence"], Value::Null);
    assert_eq!(told_offer(&mut events).await, offered("you-1", "a"));
    drop(server);
    let missed = [
        offer("you-3", "a", None, Some(3)),
        offer("you-3", "b", None, Some(4)),
        lobby_with("you-3", Some(2)),
    ];
    let (_server, hello) = take_up(&front, &missed).await;
    assert_eq!(hello["content"]["last_sequence"], 3);
    assert_eq!(told_offer(&mut events).await, offered("you-1", "b"));
}

#[tokio::test]
async fn what_came_before_a_cut_in_the_middle_of_coming_back_is_not_counted_as_heard() {
    let front = Front::open().await;
    let (_session, mut events, server) = in_lobby(&front).await;
    drop(server);
    let mut server = front.accept().await;
    server.json().await;
    server
        .say(&offer("you-2", "a", None, Some(3)).to_string())
        .await;
    drop(server);
    let missed = [
        offer("you-3", "a", None, Some(3)),
        lobby_with("you-3", Some(2)),
    ];
    let (_server, hello) = take_up(&front, &missed).await;
    assert_eq!(hello["content"]["last_sequence"], Value::Null);
    assert_eq!(told_offer(&mut events).await, offered("you-1", "a"));
    assert!(matches!(told(&mut events).await, SessionEvent::Resumed(_)));
}

#[tokio::test]
async fn a_frame_that_its_sender_repeats_is_told_once() {
    let front = Front::open().await;
    let (_session, mut events, mut server) = in_lobby(&front).await;
    for sdp in ["once", "once"] {
        server
            .say(&offer("you-1", sdp, Some("f-1"), None).to_string())
            .await;
    }
    server
        .say(&offer("you-1", "next", Some("f-2"), None).to_string())
        .await;
    assert_eq!(told_offer(&mut events).await, offered("you-1", "once"));
    assert_eq!(told_offer(&mut events).await, offered("you-1", "next"));
    drop(server);
    let missed = [
        offer("you-2", "once", Some("f-1"), Some(1)),
        offer("you-2", "third", Some("f-3"), Some(2)),
        lobby_with("you-2", Some(2)),
    ];
    let (_server, _) = take_up(&front, &missed).await;
    assert_eq!(told_offer(&mut events).await, offered("you-1", "third"));
}

/// What the program says to the address that it knows goes out to today's; what comes by `wire` comes from the one that it knows.
async fn hides_that_the_other_has_moved(
    (session, events, server): (&Session, &mut SessionEvents, &mut Server),
    wire: &str,
) {
    let sent = session.send(description("you-1", "x")).await;
    sent.expect("a session");
    assert_eq!(server.json().await["content"]["connection_id"], "you-2");
    let heard = offer(wire, "y", None, None).to_string();
    server.say(&heard).await;
    assert_eq!(told_offer(events).await, offered("you-1", "y"));
}

#[tokio::test]
async fn the_program_goes_on_using_the_address_that_it_heard_first() {
    let front = Front::open().await;
    let (session, mut events, mut server) = in_lobby(&front).await;
    let back = json!({"event": "player_back", "content": {"connection_id": "you-2", "peer_id": 1, "player_id": "you"}});
    server.say(&back.to_string()).await;
    let Event::PlayerBack(back) = heard(&mut events).await else {
        panic!("somebody is back");
    };
    assert_eq!(back.connection_id.as_str(), "you-1");
    // What was on its way by the address before still comes from the same player.
    let scene = (&session, &mut events, &mut server);
    hides_that_the_other_has_moved(scene, "you-1").await;
}

#[tokio::test]
async fn an_answer_that_a_peer_has_moved_is_kept_to_the_session() {
    let front = Front::open().await;
    let (session, mut events, mut server) = in_lobby(&front).await;
    let serve = async {
        let sent = server.json().await;
        let moved = r#"{"connection_id":"you-1","new_connection_id":"you-2"}"#;
        server.answer(&sent, "peer_moved", moved).await;
    };
    let (answer, ()) = tokio::join!(session.request(description("you-1", "x")), serve);
    assert!(matches!(answer, Ok(Event::Ok(_))), "{answer:?}");
    let scene = (&session, &mut events, &mut server);
    hides_that_the_other_has_moved(scene, "you-2").await;
}

/// Sends `you` a description; what comes to the server.
async fn sends(session: &Session, server: &mut Server) -> Value {
    let sent = session.send(description("you-1", "x")).await;
    sent.expect("a session");
    server.json().await
}

#[tokio::test]
async fn what_was_sent_to_a_peer_is_sent_again_when_it_is_back() {
    let front = Front::open().await;
    let (session, _events, mut server) = in_lobby(&front).await;
    let first = sends(&session, &mut server).await;
    let back = json!({"event": "player_back", "content": {"connection_id": "you-2", "peer_id": 1, "player_id": "you"}});
    server.say(&back.to_string()).await;
    let again = server.json().await;
    assert_eq!(again["content"]["connection_id"], "you-2");
    assert_eq!(again["content"]["frame_id"], first["content"]["frame_id"]);
    assert_eq!(again["content"]["sdp"], "x");
}

#[tokio::test]
async fn a_frame_that_is_refused_for_the_time_being_is_sent_again_and_the_program_is_spared_that() {
    let front = Front::open().await;
    let (session, mut events, mut server) = in_lobby(&front).await;
    let first = sends(&session, &mut server).await;
    let frame_id = first["content"]["frame_id"].clone();
    for retry_after_seconds in [json!(1), json!(null)] {
        refuse(&mut server, &frame_id, retry_after_seconds).await;
        assert_eq!(server.json().await, first);
    }
    // Whatever is refused for good the program hears of, and what it has not sent.
    refuse(&mut server, &json!("another"), json!(1)).await;
    let SessionEvent::Incoming(Incoming::Event(Event::Error(error))) = told(&mut events).await
    else {
        panic!("an error that is not the session's own affair is told");
    };
    assert_eq!(json!(error.frame_id), json!("another"));
}

/// The server does not pass a frame on for the time being.
async fn refuse(server: &mut Server, frame_id: &Value, retry_after_seconds: Value) {
    let mut refusal = json!({"event": "error", "content": {
        "code": "rate_limited", "message": "Later.", "action": "send_session_description",
        "retryable": true, "frame_id": frame_id,
    }});
    if !retry_after_seconds.is_null() {
        refusal["content"]["retry_after_seconds"] = retry_after_seconds;
    }
    server.say(&refusal.to_string()).await;
}

#[tokio::test]
async fn what_was_sent_before_a_cut_is_sent_again_after_it_and_before_anything_new() {
    let front = Front::open().await;
    let (session, mut events, mut server) = in_lobby(&front).await;
    let first = sends(&session, &mut server).await;
    drop(server);
    let (mut server, _) = take_up(&front, &[lobby_with("you-2", Some(2))]).await;
    is_back(&mut events).await;
    session
        .send(description("you-1", "y"))
        .await
        .expect("a session");
    let again = server.json().await;
    assert_eq!(again["content"]["frame_id"], first["content"]["frame_id"]);
    assert_eq!(again["content"]["connection_id"], "you-2");
    assert_eq!(server.json().await["content"]["sdp"], "y");
}

#[tokio::test]
async fn what_was_sent_to_a_peer_that_has_left_is_not_sent_again() {
    let front = Front::open().await;
    let (session, mut events, mut server) = in_lobby(&front).await;
    sends(&session, &mut server).await;
    drop(server);
    let (mut server, _) = take_up(&front, &[]).await;
    assert_eq!(is_back(&mut events).await.lobby, None);
    let serve = async {
        let next = server.json().await;
        assert_eq!(next["action"], "ping");
        server.answer(&next, "pong", "{}").await;
    };
    let (pong, ()) = tokio::join!(session.ping(), serve);
    assert_eq!(pong, Ok(()));
}

#[tokio::test]
async fn a_frame_that_overtakes_its_senders_introduction_is_told_after_it() {
    let front = Front::open().await;
    let (_session, mut events, mut server) = in_lobby(&front).await;
    server
        .say(&offer("new-1", "early", None, None).to_string())
        .await;
    let joined = json!({"event": "player_joined", "content": {
        "connection_id": "new-1", "peer_id": 3, "player_id": "new", "metadata": {},
    }});
    server.say(&joined.to_string()).await;
    assert!(matches!(heard(&mut events).await, Event::PlayerJoined(_)));
    assert_eq!(told_offer(&mut events).await, offered("new-1", "early"));
}

#[tokio::test]
async fn a_frame_that_nobody_is_introduced_for_is_told_as_it_came() {
    let front = Front::open().await;
    let (_session, mut events, mut server) = in_lobby(&front).await;
    server
        .say(&offer("who", "hello", None, None).to_string())
        .await;
    assert_eq!(told_offer(&mut events).await, offered("who", "hello"));
}

#[tokio::test]
async fn that_no_more_is_kept_for_a_peer_is_the_sessions_own_affair() {
    let front = Front::open().await;
    let (_session, mut events, mut server) = in_lobby(&front).await;
    let full = json!({"event": "error", "content": {
        "code": "mailbox_full", "message": "Full.", "action": "send_session_description", "retryable": true,
    }});
    server.say(&full.to_string()).await;
    server
        .say(&offer("you-1", "x", None, None).to_string())
        .await;
    let next = told(&mut events).await;
    assert!(
        matches!(
            next,
            SessionEvent::Incoming(Incoming::Event(Event::ReceivedSessionDescription(_)))
        ),
        "{next:?}"
    );
}
