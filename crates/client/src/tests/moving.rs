//! Moving to another connection before the platform ends the one in use.

use protocol::event::Event;
use serde_json::{Value, json};

use super::server::{Front, Server};
use super::sessions::{begun, hasty, heard, lobby_with, take_up, told};
use crate::{SessionEvent, SessionEvents};

const GO_AWAY: &str = r#"{"event":"go_away","content":{"seconds":5}}"#;
const REPLACED: &str = r#"{"event":"connection_replaced","content":{"reason":"Moved."}}"#;

fn left(lobby: &str) -> String {
    json!({"event": "lobby_left", "content": {"lobby_id": lobby}}).to_string()
}

async fn told_lobby(events: &mut SessionEvents) -> String {
    let event = heard(events).await;
    let Event::LobbyLeft(left) = event else {
        panic!("a lobby was to be told: {event:?}");
    };
    left.lobby_id.as_str().to_owned()
}

/// Answers the ping that makes sure of everything said before.
async fn let_go(server: &mut Server) {
    let ping = server.json().await;
    assert_eq!(ping["action"], "ping");
    server.answer(&ping, "pong", "{}").await;
}

#[tokio::test]
async fn a_session_told_to_go_moves_and_loses_nothing_of_either_connection() {
    let front = Front::open().await;
    let (session, mut events, mut old) = begun(&front, hasty()).await;
    old.say(GO_AWAY).await;
    let_go(&mut old).await;
    let (mut new, hello) = take_up(&front, &[lobby_with("you-2", Some(2))]).await;
    assert_eq!(hello["content"], json!({"resume": "fresh"}));
    new.say(&left("by the new one")).await;
    old.say(&left("by the old one")).await;
    old.say(REPLACED).await;
    drop(old);
    assert_eq!(told_lobby(&mut events).await, "by the old one");
    assert!(matches!(told(&mut events).await, SessionEvent::Moved(_)));
    assert_eq!(told_lobby(&mut events).await, "by the new one");
    let serve = async {
        let ping = new.json().await;
        new.answer(&ping, "pong", "{}").await;
    };
    let (pong, ()) = tokio::join!(session.ping(), serve);
    assert_eq!(pong, Ok(()));
}

#[tokio::test]
async fn a_session_moves_only_once_every_request_has_its_answer() {
    let front = Front::open().await;
    let (session, _events, mut old) = begun(&front, hasty()).await;
    let serve = async {
        let attack = old.json().await;
        old.say(GO_AWAY).await;
        old.answer(&attack, "ok", "{}").await;
        let_go(&mut old).await;
        take_up(&front, &[]).await.0
    };
    let (attacked, _new) = tokio::join!(session.attack(), serve);
    assert_eq!(attacked, Ok(()));
}

#[tokio::test]
async fn a_move_that_fails_is_tried_again_while_the_old_connection_is_used() {
    let front = Front::open().await;
    let (_session, mut events, mut old) = begun(&front, hasty()).await;
    old.say(GO_AWAY).await;
    let_go(&mut old).await;
    front.turn_away().await;
    old.say(&left("still here")).await;
    assert_eq!(told_lobby(&mut events).await, "still here");
    let_go(&mut old).await;
    let (_new, _) = take_up(&front, &[]).await;
    old.say(REPLACED).await;
    assert!(matches!(told(&mut events).await, SessionEvent::Moved(_)));
}

#[tokio::test]
async fn a_server_that_closes_the_old_connection_early_is_not_taken_for_a_loss() {
    let front = Front::open().await;
    let (_session, mut events, mut old) = begun(&front, hasty()).await;
    old.say(GO_AWAY).await;
    let_go(&mut old).await;
    let mut new = front.accept().await;
    let hello = new.json().await;
    old.say(&left("last word")).await;
    old.say(REPLACED).await;
    drop(old);
    assert_eq!(told_lobby(&mut events).await, "last word");
    super::sessions::welcome(&mut new, &hello, true).await;
    let_go(&mut new).await;
    assert!(matches!(told(&mut events).await, SessionEvent::Moved(_)));
}

#[tokio::test]
async fn moves_follow_each_other() {
    let front = Front::open().await;
    let (_session, mut events, mut server) = begun(&front, hasty()).await;
    for number in 0..20 {
        server.say(GO_AWAY).await;
        let_go(&mut server).await;
        let address = format!("you-{number}");
        let (new, hello) = take_up(&front, &[lobby_with(&address, Some(2))]).await;
        assert_eq!(hello["content"]["last_sequence"], Value::Null);
        server.say(REPLACED).await;
        server = new;
        let SessionEvent::Moved(resumed) = told(&mut events).await else {
            panic!("a move was to be told");
        };
        let lobby = resumed.lobby.expect("a lobby");
        assert_eq!(lobby.members[0].connection_id.as_str(), "you-0");
    }
}
