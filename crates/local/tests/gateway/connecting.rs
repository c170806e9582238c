//! The upgrade, and what `$connect` has to do with it.

use local::{Posted, Settings};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;

use crate::world::{Client, World, count, id_of, settings};

/// The status and the body that an upgrade was refused with.
async fn refusal(world: &World, query: &str) -> (u16, Value) {
    match world.connect(query).await {
        Err(Error::Http(answer)) => {
            let body = answer.body().as_deref().unwrap_or_default();
            (
                answer.status().as_u16(),
                serde_json::from_slice(body).unwrap_or_default(),
            )
        }
        other => panic!("it was not refused: {other:?}"),
    }
}

#[tokio::test]
async fn connect_hears_who_comes_with_headers_and_query() {
    let mut world = World::start();
    let _socket = world
        .connect("?token=a%20b&tag=1&tag=2")
        .await
        .expect("let in");
    let event = world.next_event().await;
    let context = &event["requestContext"];
    assert_eq!(context["routeKey"], "$connect");
    assert_eq!(context["eventType"], "CONNECT");
    assert_eq!(context["identity"]["sourceIp"], "127.0.0.1");
    assert_eq!(context["domainName"], world.running.address().to_string());
    assert_eq!(
        event["queryStringParameters"],
        json!({ "token": "a b", "tag": "2" })
    );
    assert_eq!(
        event["multiValueQueryStringParameters"]["tag"],
        json!(["1", "2"])
    );
    assert_eq!(event["headers"]["upgrade"], "websocket");
}

#[tokio::test]
async fn connect_refuses_by_its_status_and_no_disconnect_follows() {
    let mut world = World::start();
    let (status, body) = refusal(&world, "?refuse=403").await;
    assert_eq!(status, 403);
    assert_eq!(body["message"], "Forbidden");
    let event = world.event("$connect").await;
    assert_eq!(
        world.connections.post(&id_of(&event), "hello".into()),
        Ok(Posted::Gone)
    );
    assert_eq!(count(&world.stop().await, "$disconnect"), 0);
}

#[tokio::test]
async fn a_connect_that_fails_or_panics_answers_500() {
    let world = World::start();
    for query in ["?fail", "?panic"] {
        let (status, body) = refusal(&world, query).await;
        assert_eq!(
            (status, body["message"].as_str()),
            (500, Some("Internal Server Error"))
        );
    }
}

#[tokio::test]
async fn a_connect_that_takes_too_long_answers_504() {
    let timeout = Duration::from_millis(100);
    let world = World::with(Settings {
        integration_timeout: timeout,
        ..settings()
    });
    assert_eq!(refusal(&world, "?hang").await.0, 504);
}

#[tokio::test]
async fn nothing_can_be_posted_before_connect_has_returned() {
    let mut world = World::start();
    let (connections, fake) = (world.connections.clone(), world.fake.clone());
    let url = format!("{}/?hold", world.running.url());
    let upgrade = tokio::spawn(tokio_tungstenite::connect_async(url));
    let id = id_of(&world.event("$connect").await);
    assert_eq!(connections.post(&id, "too early".into()), Ok(Posted::Gone));

    fake.release(1);
    let (socket, _) = upgrade.await.expect("no panic").expect("let in");
    assert_eq!(
        connections.post(&id, "in time".into()),
        Ok(Posted::Delivered)
    );
    assert_eq!(Client::new(id, socket).text().await, "in time");
}

#[tokio::test]
async fn a_client_that_hangs_up_during_connect_is_disconnected_once() {
    let mut world = World::start();
    let mut stream = TcpStream::connect(world.running.address())
        .await
        .expect("a connection");
    let request = "GET /?hold HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("sent");
    let id = id_of(&world.event("$connect").await);
    drop(stream);
    world.fake.release(1);
    let (gone, code, _) = world.disconnected().await;
    assert_eq!((gone, code), (id, 1006));
    assert_eq!(count(&world.stop().await, "$disconnect"), 0);
}

#[tokio::test]
async fn whoever_is_one_too_many_is_told_429() {
    let mut world = World::with(Settings {
        max_connections: 1,
        ..settings()
    });
    let mut first = world.client().await;
    assert_eq!(refusal(&world, "").await.0, 429);
    first.send(r#"{"action":"echo"}"#).await;
    assert_eq!(first.text().await, r#"{"action":"echo"}"#);
}

#[tokio::test]
async fn without_a_connect_route_everybody_is_let_in() {
    let world = World::with_routes(settings(), r#"{"fake": ["echo"]}"#);
    assert!(world.connect("?refuse=403").await.is_ok());
}
