//! What is answered over plain HTTP.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::{World, soon};

/// The whole answer to a request of these lines.
async fn ask(world: &World, lines: &[&str]) -> String {
    let mut stream = TcpStream::connect(world.running.address())
        .await
        .expect("a connection");
    let request = format!(
        "{}\r\nhost: here\r\nconnection: close\r\n\r\n",
        lines.join("\r\n")
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    soon("an answer", stream.read_to_string(&mut answer))
        .await
        .expect("text");
    answer
}

#[tokio::test]
async fn health_says_how_many_are_connected() {
    let mut world = World::start();
    let client = world.client().await;
    let answer = ask(&world, &["GET /health HTTP/1.1"]).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.contains("content-type: application/json"),
        "{answer}"
    );
    assert!(
        answer.ends_with(r#"{"connections":1,"status":"ok"}"#),
        "{answer}"
    );
    drop(client);
    world.disconnected().await;
    let answer = ask(&world, &["GET /health HTTP/1.1"]).await;
    assert!(
        answer.ends_with(r#"{"connections":0,"status":"ok"}"#),
        "{answer}"
    );
}

#[tokio::test]
async fn any_other_path_is_a_404_that_names_the_right_url() {
    let world = World::start();
    let url = world.running.url();
    for (line, what) in [
        ("GET /lobby HTTP/1.1", "GET /lobby"),
        ("POST / HTTP/1.1", "POST /"),
        ("POST /health HTTP/1.1", "POST /health"),
    ] {
        let answer = ask(&world, &[line]).await;
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
        let sentence =
            format!("There is no {what} here: open a WebSocket to {url}, or GET /health.\n");
        assert!(answer.ends_with(&sentence), "{answer}");
    }
}

#[tokio::test]
async fn a_websocket_on_another_path_is_a_404_too() {
    let world = World::start();
    let refused = world.connect("lobby").await.expect_err("there is nothing");
    assert_eq!(refused.to_string(), "HTTP error: 404 Not Found");
}

#[tokio::test]
async fn a_request_that_is_no_upgrade_is_told_to_be_one() {
    let world = World::start();
    let answer = ask(&world, &["GET / HTTP/1.1"]).await;
    assert!(
        answer.starts_with("HTTP/1.1 426 Upgrade Required\r\n"),
        "{answer}"
    );
    assert!(answer.contains("sec-websocket-version: 13"), "{answer}");
    assert!(answer.contains(&world.running.url()), "{answer}");
}

#[tokio::test]
async fn an_upgrade_of_another_version_is_told_the_version() {
    let world = World::start();
    let answer = ask(
        &world,
        &[
            "GET / HTTP/1.1",
            "connection: upgrade",
            "upgrade: websocket",
            "sec-websocket-version: 8",
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        ],
    )
    .await;
    assert!(
        answer.starts_with("HTTP/1.1 426 Upgrade Required\r\n"),
        "{answer}"
    );
}
