//! Requests and their answers.

use std::time::Duration;

use ids::LobbyId;
use protocol::ErrorCode;
use protocol::event::Event;
use protocol::lobby::{CloseLobby, JoinLobby, StartLobby};
use rstest::rstest;
use serde_json::json;

use super::server::connected;
use crate::{Incoming, Joining, Options, RequestError};

fn join() -> JoinLobby {
    JoinLobby {
        lobby_id: LobbyId::parse("friday").expect("an id"),
        password: None,
        metadata: None,
    }
}

fn impatient() -> Options {
    Options {
        deadline: Duration::from_millis(50),
        ..Options::default()
    }
}

#[tokio::test]
async fn answers_find_their_requests_in_whatever_order_they_come() {
    let (client, mut events, mut server) = connected(Options::default()).await;
    let serve = async {
        let first = server.json().await;
        let second = server.json().await;
        server.answer(&second, "pong", "{}").await;
        server
            .say(r#"{"event":"lobby_left","content":{"lobby_id":"x"}}"#)
            .await;
        server.answer(&first, "ok", "{}").await;
    };
    let (joined, pinged, ()) = tokio::join!(client.join_lobby(join()), client.ping(), serve);
    assert_eq!(joined, Ok(Joining::Asked));
    assert_eq!(pinged, Ok(()));
    assert!(matches!(
        events.next().await,
        Some(Incoming::Event(Event::LobbyLeft(_)))
    ));
}

#[rstest]
#[case::by_error(
    "error",
    r#"{"code":"not_host","message":"No.","action":"close_lobby","retryable":false}"#,
    ErrorCode::NotHost
)]
#[case::to_start(
    "lobby_creation_failed",
    r#"{"reason":"No.","code":"lobby_exists"}"#,
    ErrorCode::LobbyExists
)]
#[case::to_join(
    "join_request_rejected",
    r#"{"reason":"No.","code":"busy","lobby_id":"x"}"#,
    ErrorCode::Busy
)]
#[tokio::test]
async fn a_refusal_is_typed_in_whichever_form_it_comes(
    #[case] event: &str,
    #[case] content: &str,
    #[case] code: ErrorCode,
) {
    let (client, _events, mut server) = connected(Options::default()).await;
    let serve = async {
        let message = server.json().await;
        server.answer(&message, event, content).await;
    };
    let (answer, ()) = tokio::join!(client.request(CloseLobby {}), serve);
    let Err(RequestError::Refused(refused)) = answer else {
        panic!("no refusal: {answer:?}")
    };
    assert_eq!((refused.code, refused.message.as_str()), (code, "No."));
    assert_eq!(refused.retryable, code.is_retryable());
}

#[tokio::test]
async fn a_request_without_an_answer_runs_out_of_time_and_says_so() {
    let (client, _events, _server) = connected(impatient()).await;
    let error = client.ping().await.expect_err("nobody answers");
    assert_eq!(
        error.to_string(),
        "`ping` was not answered within 50ms, so whether it was done is not known. Ask for the state before trying again, \
         or connect anew."
    );
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_not_lost() {
    let (client, mut events, mut server) = connected(impatient()).await;
    client
        .start_lobby(StartLobby::default())
        .await
        .expect_err("nobody answers");
    let message = server.json().await;
    server
        .answer(&message, "lobby_left", r#"{"lobby_id":"x"}"#)
        .await;
    assert!(matches!(
        events.next().await,
        Some(Incoming::Event(Event::LobbyLeft(_)))
    ));
}

#[tokio::test]
async fn an_answer_that_fits_no_action_of_ours_names_itself() {
    let (client, _events, mut server) = connected(Options::default()).await;
    let serve = async {
        let message = server.json().await;
        server.answer(&message, "aurora_seen", "{}").await;
    };
    let (answer, ()) = tokio::join!(client.hello(), serve);
    let unexpected = RequestError::Unexpected {
        action: "hello".to_owned(),
        answer: "aurora_seen".to_owned(),
    };
    assert_eq!(answer, Err(unexpected));
}

#[tokio::test]
async fn a_raw_request_keeps_its_own_id_and_is_answered_as_it_came() {
    let (client, _events, mut server) = connected(Options::default()).await;
    let message = json!({"action": "ping", "id": "mine"})
        .as_object()
        .expect("an object")
        .clone();
    let serve = async {
        let message = server.json().await;
        assert_eq!(message["id"], "mine");
        server.answer(&message, "error", r#"{"odd":true}"#).await;
    };
    let (answer, ()) = tokio::join!(client.request_raw(message), serve);
    assert_eq!(
        answer.as_deref(),
        Ok(r#"{"event":"error","content":{"odd":true},"reply_to":"mine"}"#)
    );
}

#[tokio::test]
async fn what_is_only_sent_carries_no_id() {
    let (client, _events, mut server) = connected(Options::default()).await;
    client.send(CloseLobby {}).await.expect("a connection");
    assert_eq!(
        server.json().await,
        json!({"action": "close_lobby", "content": {}})
    );
}
