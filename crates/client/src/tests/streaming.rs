//! Events, long messages, heartbeats, and the count of it all.

use std::time::Duration;

use protocol::event::Event;
use protocol::{MAX_FRAME_BYTES, MAX_MESSAGE_BYTES};

use super::server::connected;
use crate::{Heartbeat, Incoming, Options, RequestError, SendError, Stats};

const WELCOME: &str = r#"{"player_id":"p","resume_token":"t","resumed":false,"heartbeat_seconds":0,"grace_seconds":30,"expires_at":1,"protocol":3}"#;

#[tokio::test]
async fn a_slow_reader_loses_nothing_and_is_told_what_holds_its_answers_back() {
    let options = Options {
        deadline: Duration::from_millis(200),
        unread_events: 2,
        ..Options::default()
    };
    let (client, mut events, mut server) = connected(options).await;
    for number in 0..100 {
        server
            .say(&format!(
                r#"{{"event":"lobby_left","content":{{"lobby_id":"{number}"}}}}"#
            ))
            .await;
    }
    let serve = async {
        let message = server.json().await;
        server.answer(&message, "pong", "{}").await;
    };
    let (answer, ()) = tokio::join!(client.ping(), serve);
    assert!(
        matches!(answer, Err(RequestError::Deadline { unread: true, .. })),
        "{answer:?}"
    );
    for number in 0..100 {
        let Some(Incoming::Event(Event::LobbyLeft(left))) = events.next().await else {
            panic!("{number} is missing")
        };
        assert_eq!(left.lobby_id.as_str(), number.to_string());
    }
}

#[tokio::test]
async fn without_a_reader_requests_go_on_working() {
    let (client, events, mut server) = connected(Options {
        unread_events: 1,
        ..Options::default()
    })
    .await;
    drop(events);
    let serve = async {
        for _ in 0..10 {
            server
                .say(r#"{"event":"lobby_left","content":{"lobby_id":"x"}}"#)
                .await;
        }
        let message = server.json().await;
        server.answer(&message, "pong", "{}").await;
    };
    let (answer, ()) = tokio::join!(client.ping(), serve);
    assert_eq!(answer, Ok(()));
}

#[tokio::test]
async fn the_longest_message_arrives_whole_in_frames_that_the_platform_takes() {
    let (client, _events, mut server) = connected(Options::default()).await;
    let text = "a".repeat(MAX_MESSAGE_BYTES);
    client.send_text(text.clone()).await.expect("a connection");
    assert_eq!(server.text().await, text);
    let frames_sent = (MAX_MESSAGE_BYTES / MAX_FRAME_BYTES) as u64;
    let bytes_sent = MAX_MESSAGE_BYTES as u64;
    assert_eq!(
        client.stats(),
        Stats {
            frames_sent,
            bytes_sent,
            ..Stats::default()
        }
    );
}

#[tokio::test]
async fn a_message_that_is_too_long_is_refused_before_it_is_sent() {
    let (client, _events, _server) = connected(Options::default()).await;
    let refusal = client.send_text("a".repeat(MAX_MESSAGE_BYTES + 1)).await;
    assert_eq!(
        refusal,
        Err(SendError::TooLong {
            bytes: MAX_MESSAGE_BYTES + 1
        })
    );
    assert_eq!(client.stats(), Stats::default());
}

#[tokio::test]
async fn once_welcomed_the_client_pings_by_itself_and_keeps_the_pongs_to_itself() {
    let (client, mut events, mut server) = connected(Options::default()).await;
    let serve = async {
        let hello = server.json().await;
        server.answer(&hello, "welcome", WELCOME).await;
        for _ in 0..3 {
            let ping = server.json().await;
            assert_eq!(ping["action"], "ping");
            server.answer(&ping, "pong", "{}").await;
        }
        server
            .say(r#"{"event":"lobby_left","content":{"lobby_id":"x"}}"#)
            .await;
    };
    let (welcome, ()) = tokio::join!(client.hello(), serve);
    welcome.expect("an answer");
    assert!(matches!(
        events.next().await,
        Some(Incoming::Event(Event::LobbyLeft(_)))
    ));
}

#[tokio::test]
async fn a_heartbeat_can_be_switched_off() {
    let options = Options {
        heartbeat: Heartbeat::Never,
        ..Options::default()
    };
    let (client, mut events, mut server) = connected(options).await;
    let serve = async {
        let hello = server.json().await;
        server.answer(&hello, "welcome", WELCOME).await;
        server
            .say(r#"{"event":"lobby_left","content":{"lobby_id":"x"}}"#)
            .await;
    };
    let (welcome, ()) = tokio::join!(client.hello(), serve);
    welcome.expect("an answer");
    events.next().await.expect("an event");
    assert_eq!(client.stats().frames_sent, 1);
}
