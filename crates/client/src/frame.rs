//! From messages to WebSocket frames.

use protocol::MAX_FRAME_BYTES;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

/// What a frame says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// The first of a text message.
    Text,
    /// The first of a binary message.
    Binary,
    /// A further one of the message before.
    Continuation,
}

/// A frame exactly as it is to go out: for tests of what a server does with bad ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFrame {
    /// What it says it is.
    pub kind: FrameKind,
    /// Whether it is the last of its message.
    pub last: bool,
    /// What is in it.
    pub payload: Vec<u8>,
}

impl From<RawFrame> for Frame {
    fn from(frame: RawFrame) -> Self {
        let data = match frame.kind {
            FrameKind::Text => Data::Text,
            FrameKind::Binary => Data::Binary,
            FrameKind::Continuation => Data::Continue,
        };
        Self::message(frame.payload, OpCode::Data(data), frame.last)
    }
}

/// A text message in frames that the platform takes.
///
/// Each ends at a character's end, though it need not: a server that checks every frame for itself is then content too.
pub(crate) fn split(text: &str) -> Vec<RawFrame> {
    let mut frames = Vec::new();
    let mut rest = text;
    loop {
        let (payload, after) = rest.split_at(rest.floor_char_boundary(MAX_FRAME_BYTES));
        let kind = if frames.is_empty() {
            FrameKind::Text
        } else {
            FrameKind::Continuation
        };
        frames.push(RawFrame {
            kind,
            last: after.is_empty(),
            payload: payload.as_bytes().to_vec(),
        });
        if after.is_empty() {
            return frames;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(0, &[0])]
    #[case::exactly_a_frame(MAX_FRAME_BYTES, &[MAX_FRAME_BYTES])]
    #[case::one_byte_more(MAX_FRAME_BYTES + 1, &[MAX_FRAME_BYTES, 1])]
    #[case::the_longest_message(4 * MAX_FRAME_BYTES, &[MAX_FRAME_BYTES; 4])]
    fn a_message_goes_into_as_few_frames_as_hold_it(
        #[case] length: usize,
        #[case] frames: &[usize],
    ) {
        let sizes: Vec<usize> = split(&"a".repeat(length))
            .iter()
            .map(|frame| frame.payload.len())
            .collect();
        assert_eq!(sizes, frames);
    }

    #[test]
    fn a_character_is_not_torn_apart() {
        let text = format!("a{}", "ü".repeat(MAX_FRAME_BYTES));
        let frames = split(&text);
        for frame in &frames {
            assert!(std::str::from_utf8(&frame.payload).is_ok());
        }
        let joined: Vec<u8> = frames.into_iter().flat_map(|frame| frame.payload).collect();
        assert_eq!(joined, text.into_bytes());
    }

    #[test]
    fn only_the_first_frame_is_text_and_only_the_last_says_so() {
        let frames = split(&"a".repeat(2 * MAX_FRAME_BYTES + 1));
        let kinds: Vec<_> = frames
            .iter()
            .map(|frame| (frame.kind, frame.last))
            .collect();
        assert_eq!(
            kinds,
            [
                (FrameKind::Text, false),
                (FrameKind::Continuation, false),
                (FrameKind::Continuation, true)
            ]
        );
    }
}
