//! Every end of a connection leads to one `$disconnect`, which hears how it came.

use std::time::Duration;

use local::{Posted, Settings};
use tokio::time::{Instant, interval};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::world::{World, count, settings};

#[tokio::test]
async fn a_client_that_closes_is_answered_and_disconnect_hears_its_code_and_reason() {
    let mut world = World::start();
    let mut client = world.client().await;
    let frame = CloseFrame {
        code: 4001.into(),
        reason: "enough".into(),
    };
    client.close(Some(frame.clone())).await;
    assert_eq!(client.farewell().await, Message::Close(Some(frame)));
    assert_eq!(
        world.disconnected().await,
        (client.id, 4001, "enough".into())
    );
    assert_eq!(count(&world.stop().await, "$disconnect"), 0);
}

#[tokio::test]
async fn a_client_that_closes_without_a_code_is_told_as_1005() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.close(None).await;
    let (_, code, reason) = world.disconnected().await;
    assert_eq!(
        (code, reason.as_str()),
        (1005, "Client-side close frame status not set")
    );
}

#[tokio::test]
async fn a_socket_that_is_dropped_without_a_close_is_noticed_at_once() {
    let mut world = World::start();
    let client = world.client().await;
    let id = client.id.clone();
    drop(client);
    let (gone, code, _) = world.disconnected().await;
    assert_eq!((&gone, code), (&id, 1006));
    assert_eq!(
        world.connections.post(&id, "hello?".into()),
        Ok(Posted::Gone)
    );
    assert_eq!(count(&world.stop().await, "$disconnect"), 0);
}

#[tokio::test]
async fn an_idle_connection_is_closed_with_1001() {
    let idle_timeout = Duration::from_millis(200);
    let mut world = World::with(Settings {
        idle_timeout,
        ..settings()
    });
    let since = Instant::now();
    let mut client = world.client().await;
    assert_eq!(client.closed().await, (1001, "Going away".into()));
    assert!(since.elapsed() >= idle_timeout, "{:?}", since.elapsed());
    assert_eq!(
        world.disconnected().await,
        (client.id, 1001, "Going away".into())
    );
}

#[tokio::test]
async fn messages_of_the_client_keep_a_connection_awake() {
    let idle_timeout = Duration::from_millis(600);
    let mut world = World::with(Settings {
        idle_timeout,
        ..settings()
    });
    let mut client = world.client().await;
    let mut pace = interval(idle_timeout / 6);
    for _ in 0..12 {
        pace.tick().await;
        client.send(r#"{"action":"silent"}"#).await;
    }
    client.send(r#"{"action":"echo"}"#).await;
    assert_eq!(client.text().await, r#"{"action":"echo"}"#);
    assert_eq!(client.closed().await.0, 1001);
}

#[tokio::test]
async fn messages_to_the_client_keep_a_connection_awake() {
    let idle_timeout = Duration::from_millis(600);
    let mut world = World::with(Settings {
        idle_timeout,
        ..settings()
    });
    let mut client = world.client().await;
    let mut pace = interval(idle_timeout / 6);
    for _ in 0..12 {
        pace.tick().await;
        assert_eq!(
            world.connections.post(&client.id, "news".into()),
            Ok(Posted::Delivered)
        );
        assert_eq!(client.text().await, "news");
    }
    assert_eq!(client.closed().await.0, 1001);
}

#[tokio::test]
async fn an_old_connection_is_closed_with_1001_however_busy_it_is() {
    let connection_lifetime = Duration::from_millis(300);
    let mut world = World::with(Settings {
        connection_lifetime,
        ..settings()
    });
    let since = Instant::now();
    let mut client = world.client().await;
    let (connections, id) = (world.connections.clone(), client.id.clone());
    let busy = tokio::spawn(async move {
        let mut pace = interval(connection_lifetime / 10);
        while connections.post(&id, "news".into()) == Ok(Posted::Delivered) {
            pace.tick().await;
        }
    });
    assert_eq!(client.closed().await, (1001, "Going away".into()));
    assert!(
        since.elapsed() >= connection_lifetime,
        "{:?}",
        since.elapsed()
    );
    assert_eq!(
        world.disconnected().await,
        (client.id, 1001, "Going away".into())
    );
    busy.await.expect("it ends with the connection");
}

#[tokio::test]
async fn disconnect_comes_after_what_is_in_flight_but_the_connection_is_gone_before() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.send(r#"{"action":"hold"}"#).await;
    world.event("hold").await;
    client.close(None).await;
    while world.connections.post(&client.id, "hello?".into()) == Ok(Posted::Delivered) {
        tokio::task::yield_now().await;
    }
    world.fake.release(1);
    assert_eq!(world.next_event().await["finished"], "hold");
    assert_eq!(
        world.next_event().await["requestContext"]["routeKey"],
        "$disconnect"
    );
}

#[tokio::test]
async fn a_ping_is_answered() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.send(Message::Ping("are you there".into())).await;
    assert_eq!(
        client.farewell().await,
        Message::Pong("are you there".into())
    );
}
