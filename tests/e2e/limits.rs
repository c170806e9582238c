//! What the platform itself refuses: it closes the socket, and whoever sat there is cleaned up.

use client::protocol::{MAX_FRAME_BYTES, MAX_MESSAGE_BYTES};
use client::{FrameKind, RawFrame};
use e2e::{Party, World, settings};

/// A `ping` of exactly this many bytes: JSON does not mind spaces.
fn ping_of(bytes: usize) -> String {
    let ping = r#"{"action":"ping"}"#;
    ping.to_owned() + &" ".repeat(bytes - ping.len())
}

/// A message in frames of 32 KB, the last one with what is left.
fn in_frames(message: &str) -> Vec<RawFrame> {
    let parts: Vec<_> = message.as_bytes().chunks(MAX_FRAME_BYTES).collect();
    let last = parts.len() - 1;
    let frame = |(at, part): (usize, &&[u8])| RawFrame {
        kind: if at == 0 {
            FrameKind::Text
        } else {
            FrameKind::Continuation
        },
        last: at == last,
        payload: part.to_vec(),
    };
    parts.iter().enumerate().map(frame).collect()
}

fn one_frame(payload: impl Into<Vec<u8>>) -> Vec<RawFrame> {
    vec![RawFrame {
        kind: FrameKind::Text,
        last: true,
        payload: payload.into(),
    }]
}

/// A guest that sends this is closed with the code, and its lobby's other members hear that it is gone.
async fn ends_with(code: u16, frames: Vec<RawFrame>) {
    let Some(world) = World::with(settings(), "limits that an emulator does not have").await else {
        return;
    };
    let Party { players, .. } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    ann.sends_frames(frames).await;
    assert_eq!(ann.is_disconnected().await, code);
    for other in [host, bob] {
        other.hears_it_go(ann).await;
    }
    world.ends().await;
}

#[tokio::test]
async fn a_frame_over_32_kb_closes_with_1009_and_the_player_is_cleaned_up() {
    ends_with(1009, one_frame(ping_of(MAX_FRAME_BYTES + 1))).await;
}

#[tokio::test]
async fn a_message_over_128_kb_closes_with_1009_and_the_player_is_cleaned_up() {
    ends_with(1009, in_frames(&ping_of(MAX_MESSAGE_BYTES + 1))).await;
}

#[tokio::test]
async fn text_that_is_not_utf_8_closes_with_1007_and_the_player_is_cleaned_up() {
    ends_with(1007, one_frame(*b"{\"action\":\"\xff\"}")).await;
}

#[tokio::test]
async fn exactly_128_kb_in_frames_of_32_kb_is_served() {
    let world = World::start().await;
    let player = world.player("player").await;
    let frames = in_frames(&ping_of(MAX_MESSAGE_BYTES));
    let sizes: Vec<_> = frames.iter().map(|frame| frame.payload.len()).collect();
    assert_eq!(sizes, [MAX_FRAME_BYTES; 4]);
    player.sends_frames(frames).await;
    player.hears_raw("pong").await;
    world.ends().await;
}

#[tokio::test]
async fn exactly_32_kb_in_one_frame_is_served() {
    let world = World::start().await;
    let player = world.player("player").await;
    player
        .sends_frames(one_frame(ping_of(MAX_FRAME_BYTES)))
        .await;
    player.hears_raw("pong").await;
    world.ends().await;
}
