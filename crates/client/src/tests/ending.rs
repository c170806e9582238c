//! How connections end.

use std::time::Duration;

use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::server::{Server, connected};
use crate::{End, Options, RequestError, SendError};

/// Reads to the end and says whether there was a goodbye.
async fn goodbye(server: &mut Server) -> Option<CloseCode> {
    let mut code = None;
    loop {
        match server.next().await {
            Some(Ok(Message::Close(frame))) => code = frame.map(|frame| frame.code),
            None | Some(Err(Error::ConnectionClosed | Error::Protocol(_) | Error::Io(_))) => {
                return code;
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_close_says_goodbye_after_everything_sent_before() {
    let (client, mut events, mut server) = connected(Options::default()).await;
    client.send_text("last words").await.expect("a connection");
    let serve = async {
        assert_eq!(server.text().await, "last words");
        goodbye(&mut server).await
    };
    let (end, code) = tokio::join!(client.close(), serve);
    assert_eq!((end, code), (End::Closed, Some(CloseCode::Normal)));
    assert_eq!(events.next().await, None);
    assert_eq!(
        client.send_text("more").await,
        Err(SendError::Ended(End::Closed))
    );
}

#[tokio::test]
async fn a_close_does_not_wait_for_ever_for_a_server_that_says_nothing_back() {
    let options = Options {
        deadline: Duration::from_millis(50),
        ..Options::default()
    };
    let (client, _events, _server) = connected(options).await;
    assert_eq!(client.close().await, End::Closed);
}

#[tokio::test]
async fn dropping_the_last_handle_says_goodbye() {
    let (client, _events, mut server) = connected(Options::default()).await;
    let clone = client.clone();
    drop(client);
    clone.send_text("still here").await.expect("a connection");
    drop(clone);
    assert_eq!(server.text().await, "still here");
    assert_eq!(goodbye(&mut server).await, Some(CloseCode::Normal));
}

#[tokio::test]
async fn an_abort_says_nothing() {
    let (client, mut events, mut server) = connected(Options::default()).await;
    client.abort();
    assert_eq!(goodbye(&mut server).await, None);
    assert_eq!(client.ended().await, End::Aborted);
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn what_the_server_says_with_its_goodbye_reaches_whoever_waits() {
    let (client, mut events, mut server) = connected(Options::default()).await;
    let serve = async {
        server.text().await;
        let frame = CloseFrame {
            code: CloseCode::Size,
            reason: "too big".into(),
        };
        server.send(Message::Close(Some(frame))).await;
        goodbye(&mut server).await;
    };
    let (answer, ()) = tokio::join!(client.ping(), serve);
    let end = End::ByServer {
        code: 1009,
        reason: "too big".to_owned(),
    };
    assert_eq!(answer, Err(RequestError::Ended(end.clone())));
    assert_eq!(client.ended().await, end);
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_from_one_that_was_closed() {
    let (client, _events, server) = connected(Options::default()).await;
    drop(server);
    assert!(matches!(client.ended().await, End::Broken(_)));
}

#[tokio::test]
async fn a_server_that_stays_silent_after_a_heartbeat_is_given_up() {
    let options = Options {
        deadline: Duration::from_millis(100),
        ..Options::default()
    };
    let (client, _events, mut server) = connected(options).await;
    let welcome = r#"{"player_id":"p","resume_token":"t","resumed":false,"heartbeat_seconds":0,"grace_seconds":30,"expires_at":1,"protocol":3}"#;
    let serve = async {
        let hello = server.json().await;
        server.answer(&hello, "welcome", welcome).await;
    };
    let (answer, ()) = tokio::join!(client.hello(), serve);
    answer.expect("an answer");
    assert_eq!(client.ended().await, End::Silent);
}
