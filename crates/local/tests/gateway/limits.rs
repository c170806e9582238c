//! What the platform itself refuses, and what is just within its limits.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::Data;

use crate::world::{World, frame, soon};

const FRAME: usize = 32 * 1024;
const MESSAGE: usize = 128 * 1024;

/// A message of the action `length` with exactly this many bytes.
fn message_of(bytes: usize) -> String {
    let head = r#"{"action":"length","content":""#;
    let tail = r#""}"#;
    format!(
        "{head}{}{tail}",
        "x".repeat(bytes - head.len() - tail.len())
    )
}

/// A message in frames of 32 KB, the last one as long as what is left.
fn in_frames(message: &str) -> Vec<Message> {
    let parts: Vec<_> = message.as_bytes().chunks(FRAME).collect();
    let kind = |index| {
        if index == 0 {
            Data::Text
        } else {
            Data::Continue
        }
    };
    let last = parts.len() - 1;
    parts
        .iter()
        .enumerate()
        .map(|(index, part)| frame(kind(index), *part, index == last))
        .collect()
}

/// Sends this and expects to be closed with the code, on both sides.
async fn is_closed_with(code: u16, messages: Vec<Message>) {
    let mut world = World::start();
    let mut client = world.client().await;
    for message in messages {
        client.try_send(message).await;
    }
    assert_eq!(client.closed().await.0, code);
    let (gone, told, _) = world.disconnected().await;
    assert_eq!((gone, told), (client.id, u64::from(code)));
}

#[tokio::test]
async fn a_frame_of_32_kb_is_served() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.send(message_of(FRAME)).await;
    assert_eq!(client.text().await, FRAME.to_string());
}

#[tokio::test]
async fn a_message_of_128_kb_in_frames_of_32_kb_is_served_again_and_again() {
    let mut world = World::start();
    let mut client = world.client().await;
    for _ in 0..3 {
        let frames = in_frames(&message_of(MESSAGE));
        assert_eq!(frames.len(), 4);
        for frame in frames {
            client.send(frame).await;
        }
        assert_eq!(client.text().await, MESSAGE.to_string());
    }
}

#[tokio::test]
async fn a_frame_over_32_kb_closes_with_1009() {
    is_closed_with(1009, vec![message_of(FRAME + 1).into()]).await;
}

#[tokio::test]
async fn whoever_sends_a_far_too_long_frame_still_hears_why() {
    is_closed_with(1009, vec![message_of(1024 * 1024).into()]).await;
}

#[tokio::test]
async fn a_binary_frame_over_32_kb_closes_with_1009() {
    is_closed_with(1009, vec![Message::binary(vec![0; FRAME + 1])]).await;
}

#[tokio::test]
async fn a_message_over_128_kb_closes_with_1009() {
    is_closed_with(1009, in_frames(&message_of(MESSAGE + 1))).await;
}

#[tokio::test]
async fn a_text_that_is_not_utf_8_closes_with_1007() {
    is_closed_with(
        1007,
        vec![frame(Data::Text, *b"{\"action\":\"\xff\"}", true)],
    )
    .await;
    let halves = vec![
        frame(Data::Text, *b"\"\xc3", false),
        frame(Data::Continue, *b"\"", true),
    ];
    is_closed_with(1007, halves).await;
}

#[tokio::test]
async fn a_continuation_of_nothing_closes_with_1002() {
    is_closed_with(1002, vec![frame(Data::Continue, *b"x", true)]).await;
}

#[tokio::test]
async fn an_unmasked_frame_closes_with_1002() {
    let mut world = World::start();
    let mut stream = TcpStream::connect(world.running.address())
        .await
        .expect("a connection");
    let upgrade = "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    // The frame comes along with the upgrade: bytes that HTTP has read already must not be lost.
    let sent = [upgrade.as_bytes(), b"\x81\x02{}"].concat();
    stream.write_all(&sent).await.expect("sent");
    let mut heard = Vec::new();
    soon("the end", stream.read_to_end(&mut heard))
        .await
        .expect("the server hangs up");
    let close = b"\x88\x10\x03\xeaProtocol error";
    assert!(
        heard.ends_with(close),
        "{}",
        String::from_utf8_lossy(&heard)
    );
    assert_eq!(world.disconnected().await.1, 1002);
}
