//! The authorizer before `$connect`, and the subprotocol that `$connect` chooses.

use std::time::Duration;

use http::HeaderValue;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use local::{IntegrationError, Settings};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::world::{World, count, settings, soon};

/// `?player=ada` is let in as ada, `?fail`, `?panic` and `?hang` do so, everybody else is denied.
async fn judge(event: Value) -> Result<Value, IntegrationError> {
    assert_eq!(event["type"], "REQUEST");
    let query = &event["queryStringParameters"];
    let asked = |name: &str| query.get(name).is_some();
    if asked("fail") {
        return Err("there are no keys".into());
    }
    assert!(!asked("panic"), "as asked");
    if asked("hang") {
        std::future::pending::<()>().await;
    }
    let (player, effect) = match query["player"].as_str() {
        Some(player) => (player, "Allow"),
        None => ("nobody", "Deny"),
    };
    let statement = json!({
        "Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"],
    });
    Ok(json!({
        "principalId": player,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"player_id": player, "number": 7},
    }))
}

async fn status(world: &World, query: &str) -> u16 {
    match world.connect(query).await {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        other => panic!("it was not refused: {other:?}"),
    }
}

#[tokio::test]
async fn what_the_authorizer_says_stands_in_every_event_of_the_connection() {
    let mut world = World::guarded(settings(), judge);
    let socket = world.connect("?player=ada").await.expect("let in");
    let known = json!({"player_id": "ada", "number": "7", "principalId": "ada"});
    let event = world.event("$connect").await;
    assert_eq!(event["requestContext"]["authorizer"], known);
    let id = crate::world::id_of(&event);
    let mut client = crate::world::Client::new(id, socket);
    client.send(r#"{"action":"silent"}"#).await;
    let event = world.event("silent").await;
    assert_eq!(event["requestContext"]["authorizer"], known);
    client.close(None).await;
    let event = world.event("$disconnect").await;
    assert_eq!(event["requestContext"]["authorizer"], known);
}

#[tokio::test]
async fn who_is_denied_hears_403_and_connect_hears_nothing() {
    let world = World::guarded(settings(), judge);
    assert_eq!(status(&world, "").await, 403);
    assert_eq!(count(&world.stop().await, "$connect"), 0);
}

#[tokio::test]
async fn an_authorizer_that_cannot_tell_lets_nobody_in() {
    let world = World::guarded(
        Settings {
            integration_timeout: Duration::from_millis(100),
            ..settings()
        },
        judge,
    );
    for query in ["?fail", "?panic", "?hang"] {
        assert_eq!(status(&world, query).await, 500, "{query}");
    }
    assert_eq!(count(&world.stop().await, "$connect"), 0);
}

#[tokio::test]
async fn without_an_authorizer_no_event_names_one() {
    let mut world = World::start();
    let _socket = world.connect("?player=ada").await.expect("let in");
    let event = world.event("$connect").await;
    assert!(event["requestContext"].get("authorizer").is_none());
}

#[tokio::test]
async fn the_client_hears_the_subprotocol_that_connect_has_chosen() {
    let world = World::start();
    let url = format!("{}/?choose=switchboard", world.running.url());
    let mut request = url.into_client_request().expect("a URL");
    let offered = HeaderValue::from_static("switchboard, token.x");
    request
        .headers_mut()
        .insert(SEC_WEBSOCKET_PROTOCOL, offered);
    let opened = soon("an answer to the upgrade", Box::pin(connect_async(request))).await;
    let (_socket, answer) = opened.expect("let in");
    let chosen = answer.headers().get(SEC_WEBSOCKET_PROTOCOL);
    assert_eq!(chosen.expect("one was chosen"), "switchboard");
}
