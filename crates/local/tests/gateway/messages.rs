//! Which function a message reaches, and what comes back to its sender.

use std::time::Duration;

use local::Settings;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::Data;

use crate::world::{World, frame, settings};

#[tokio::test]
async fn a_message_reaches_the_function_of_its_action_and_the_answer_its_sender() {
    let mut world = World::start();
    let mut client = world.client().await;
    let message = r#"{"action":"echo","content":{"word":"hé"}}"#;
    client.send(message).await;
    assert_eq!(client.text().await, message);

    let event = world.event("echo").await;
    let context = &event["requestContext"];
    assert_eq!(context["eventType"], "MESSAGE");
    assert_eq!(context["messageDirection"], "IN");
    assert_eq!(context["connectionId"], client.id.as_str());
    assert!(context["messageId"].is_string() && context["connectedAt"].is_i64());
    assert_eq!(event["body"], message);
    assert_eq!(event["isBase64Encoded"], false);
}

#[tokio::test]
async fn whatever_names_no_route_reaches_the_default() {
    let mut world = World::start();
    let mut client = world.client().await;
    for message in [
        "",
        "hello",
        "[1]",
        "{}",
        r#"{"action":7}"#,
        r#"{"action":"fly"}"#,
    ] {
        client.send(message).await;
        assert_eq!(
            client.json().await,
            json!({ "route": "$default", "body": message })
        );
    }
}

#[tokio::test]
async fn a_client_cannot_act_as_the_platform() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.send(r#"{"action":"$disconnect"}"#).await;
    assert_eq!(client.json().await["route"], "$default");
}

#[tokio::test]
async fn a_binary_frame_reaches_the_default_in_base64_whatever_is_in_it() {
    let mut world = World::start();
    let mut client = world.client().await;
    for (bytes, base64) in [
        (&b""[..], ""),
        (&[0xff, 0x00], "/wA="),
        (br#"{"action":"echo"}"#, "eyJhY3Rpb24iOiJlY2hvIn0="),
    ] {
        client.send(Message::binary(bytes)).await;
        assert_eq!(
            client.json().await,
            json!({ "route": "$default", "body": base64 })
        );
        assert_eq!(world.event("$default").await["isBase64Encoded"], true);
    }
}

#[tokio::test]
async fn a_message_in_many_frames_is_one_message() {
    let mut world = World::start();
    let mut client = world.client().await;
    let message = r#"{"action":"echo","content":"hé"}"#;
    // One byte a frame: the é is cut in two, which is fine, because only the whole must be UTF-8.
    let (first, rest) = message.as_bytes().split_at(1);
    client.send(frame(Data::Text, first, false)).await;
    for byte in rest {
        client.send(frame(Data::Continue, [*byte], false)).await;
    }
    client.send(frame(Data::Continue, [], true)).await;
    assert_eq!(client.text().await, message);
}

#[tokio::test]
async fn two_messages_of_one_client_are_handled_side_by_side() {
    let mut world = World::start();
    let mut client = world.client().await;
    // Each of the two is answered only once both are being handled.
    client.send(r#"{"action":"meet"}"#).await;
    client.send(r#"{"action":"meet"}"#).await;
    assert_eq!(
        (client.text().await, client.text().await),
        ("met".into(), "met".into())
    );
}

#[tokio::test]
async fn no_more_messages_of_one_client_are_handled_at_a_time_than_may_be() {
    let mut world = World::with(Settings {
        max_in_flight: 2,
        ..settings()
    });
    let mut client = world.client().await;
    for _ in 0..6 {
        client.send(r#"{"action":"hold"}"#).await;
    }
    world.event("hold").await;
    world.event("hold").await;
    world.fake.release(6);
    for _ in 0..6 {
        assert_eq!(client.text().await, "held");
    }
    assert_eq!(world.fake.most_running(), 2);
}

#[tokio::test]
async fn a_function_without_an_answer_sends_none() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.send(r#"{"action":"silent"}"#).await;
    world.event("silent").await;
    client.send("afterwards").await;
    assert_eq!(client.json().await["body"], "afterwards");
}

#[tokio::test]
async fn a_function_that_fails_is_an_internal_server_error_and_the_socket_stays() {
    let timeout = Duration::from_millis(100);
    let mut world = World::with(Settings {
        integration_timeout: timeout,
        ..settings()
    });
    let mut client = world.client().await;
    for action in ["fail", "panic", "hang", "shout"] {
        client.send(format!(r#"{{"action":"{action}"}}"#)).await;
        let complaint = client.json().await;
        assert_eq!(complaint["message"], "Internal server error", "{action}");
        assert_eq!(complaint["connectionId"], client.id.as_str());
        assert!(complaint["requestId"].is_string());
    }
    client.send("still here").await;
    assert_eq!(client.json().await["body"], "still here");
}

#[tokio::test]
async fn without_a_default_an_unknown_action_is_forbidden_and_the_socket_stays() {
    let routes = r#"{"fake": ["$connect", "echo"]}"#;
    let mut world = World::with_routes(settings(), routes);
    let mut client = world.client().await;
    client.send(r#"{"action":"fly"}"#).await;
    let complaint = client.json().await;
    assert_eq!(complaint["message"], "Forbidden");
    assert_eq!(complaint["connectionId"], client.id.as_str());
    client.send(Message::binary(vec![1])).await;
    assert_eq!(client.json().await["message"], "Forbidden");
    client.send(r#"{"action":"echo"}"#).await;
    assert_eq!(client.text().await, r#"{"action":"echo"}"#);
}
