//! Signalling frames that must reach a peer once: those sent to it, to be sent again, and those heard from it, not to be told twice.
//!
//! A frame that was handed to a socket as it died is lost without a trace, whichever side's socket it was. So its sender keeps it
//! for as long as that may not have been found out, and says it again when either of the two has come back, or when it was refused
//! for the time being; the receiver knows it by its `frame_id`. Everything here is bounded: of a peer to which more is sent than the
//! bounds say within that time, the oldest frames are no longer repeated.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use ids::PeerAddress;
use protocol::signalling::{self, FrameId};
use protocol::{Action, Text, lobby};
use tokio::time::Instant;

use crate::ambient;

/// How many frames to one peer are kept.
pub(crate) const MOST_FRAMES: usize = 128;
/// How many bytes of frames to one peer are kept.
pub(crate) const MOST_BYTES: usize = 256 * 1024;
/// How many frames of one peer are remembered as heard.
pub(crate) const MOST_HEARD: usize = 1024;

/// What has been sent to one peer, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    frames: VecDeque<SentFrame>,
    bytes: usize,
}

#[derive(Debug)]
struct SentFrame {
    action: Action,
    bytes: usize,
    at: Instant,
    /// How often it was refused for the time being.
    refusals: u32,
}

impl Sent {
    /// Keeps one; says how many older ones had to go for it.
    pub(crate) fn keep(&mut self, action: Action, bytes: usize) -> usize {
        self.bytes += bytes;
        let at = Instant::now();
        self.frames.push_back(SentFrame {
            action,
            bytes,
            at,
            refusals: 0,
        });
        let mut dropped = 0;
        while self.frames.len() > MOST_FRAMES || self.bytes > MOST_BYTES {
            self.drop_oldest();
            dropped += 1;
        }
        dropped
    }

    /// Those that were sent within this time, the oldest first; the others are forgotten.
    pub(crate) fn within(&mut self, age: Duration) -> impl Iterator<Item = &Action> {
        while self
            .frames
            .front()
            .is_some_and(|frame| frame.at.elapsed() > age)
        {
            self.drop_oldest();
        }
        self.frames.iter().map(|frame| &frame.action)
    }

    /// One of them by its name.
    pub(crate) fn named(&self, id: &FrameId) -> Option<&Action> {
        let mut frames = self.frames.iter();
        let found = frames.find(|frame| frame.is(id));
        found.map(|frame| &frame.action)
    }

    /// How often the one of this name has been refused, with this time; `None` where none is called so.
    pub(crate) fn refused(&mut self, id: &FrameId) -> Option<u32> {
        let frame = self.frames.iter_mut().find(|frame| frame.is(id))?;
        frame.refusals += 1;
        Some(frame.refusals)
    }

    fn drop_oldest(&mut self) {
        if let Some(frame) = self.frames.pop_front() {
            self.bytes -= frame.bytes;
        }
    }
}

impl SentFrame {
    fn is(&self, id: &FrameId) -> bool {
        let Action::Signalling(action) = &self.action else {
            return false;
        };
        action.frame_id() == Some(id)
    }
}

/// Which frames of one peer have been heard.
#[derive(Debug, Default)]
pub(crate) struct HeardFrames {
    known: BTreeSet<FrameId>,
    order: VecDeque<FrameId>,
}

impl HeardFrames {
    /// Whether a frame has not been heard before; from now on it has.
    pub(crate) fn is_new(&mut self, id: &FrameId) -> bool {
        if !self.known.insert(id.clone()) {
            return false;
        }
        self.order.push_back(id.clone());
        if self.order.len() > MOST_HEARD
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

/// Names frames, each differently from all that any client has named.
#[derive(Debug)]
pub(crate) struct FrameNames {
    stream: String,
    last: u64,
}

impl FrameNames {
    pub(crate) fn new() -> Self {
        Self {
            stream: ambient::name(),
            last: 0,
        }
    }

    /// A name that was not given before.
    pub(crate) fn next(&mut self) -> FrameId {
        self.last += 1;
        Text::new(format!("{}-{}", self.stream, self.last))
            .expect("32 characters, a dash and a number of 20 digits are within 64")
    }
}

/// Whom an action is for, where it is for one peer.
pub(crate) fn addressee(action: &mut Action) -> Option<&mut PeerAddress> {
    if let Action::Signalling(action) = action {
        return match action {
            signalling::Action::SendSessionDescription(frame) => Some(&mut frame.connection_id),
            signalling::Action::SendIceCandidate(frame) => Some(&mut frame.connection_id),
            signalling::Action::SendIceCandidates(frame) => Some(&mut frame.connection_id),
            signalling::Action::GetIceServers(_) => None,
        };
    }
    let Action::Lobby(action) = action else {
        return None;
    };
    match action {
        lobby::Action::AcceptJoinRequest(accept) => Some(&mut accept.player_connection_id),
        lobby::Action::RejectJoinRequest(reject) => Some(&mut reject.player_connection_id),
        lobby::Action::KickPlayer(kick) => Some(&mut kick.player_connection_id),
        lobby::Action::StartLobby(_)
        | lobby::Action::CloseLobby(_)
        | lobby::Action::JoinLobby(_)
        | lobby::Action::LeaveLobby(_)
        | lobby::Action::UpdateLobby(_)
        | lobby::Action::ListLobbies(_) => None,
    }
}

/// The place for a frame's name, where an action is a signalling frame.
pub(crate) fn frame_id(action: &mut Action) -> Option<&mut Option<FrameId>> {
    let Action::Signalling(action) = action else {
        return None;
    };
    match action {
        signalling::Action::SendSessionDescription(frame) => Some(&mut frame.frame_id),
        signalling::Action::SendIceCandidate(frame) => Some(&mut frame.frame_id),
        signalling::Action::SendIceCandidates(frame) => Some(&mut frame.frame_id),
        signalling::Action::GetIceServers(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use protocol::Message as _;
    use protocol::signalling::SendIceCandidate;

    use super::*;

    const AGE: Duration = Duration::from_mins(1);

    fn frame() -> Action {
        SendIceCandidate::example().into()
    }

    #[test]
    fn no_more_frames_are_kept_than_the_bound_says_and_the_oldest_go() {
        let mut sent = Sent::default();
        let dropped: usize = (0..MOST_FRAMES + 3).map(|_| sent.keep(frame(), 1)).sum();
        assert_eq!(dropped, 3);
        assert_eq!(sent.within(AGE).count(), MOST_FRAMES);
    }

    #[test]
    fn no_more_bytes_are_kept_than_the_bound_says() {
        let mut sent = Sent::default();
        for _ in 0..5 {
            sent.keep(frame(), MOST_BYTES / 2);
        }
        assert_eq!(sent.within(AGE).count(), 2);
        sent.keep(frame(), MOST_BYTES + 1);
        assert_eq!(sent.within(AGE).count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_frame_is_forgotten_once_its_loss_would_have_been_found_out() {
        let mut sent = Sent::default();
        sent.keep(frame(), 1);
        tokio::time::advance(AGE / 2).await;
        sent.keep(frame(), 1);
        assert_eq!(sent.within(AGE).count(), 2);
        tokio::time::advance(AGE * 2 / 3).await;
        assert_eq!(sent.within(AGE).count(), 1);
    }

    #[test]
    fn a_frame_is_heard_once_for_as_long_as_it_is_remembered() {
        let (mut names, mut heard) = (FrameNames::new(), HeardFrames::default());
        let first = names.next();
        assert!(heard.is_new(&first));
        assert!(!heard.is_new(&first));
        for _ in 0..MOST_HEARD {
            assert!(heard.is_new(&names.next()));
        }
        assert!(heard.is_new(&first), "what is remembered is bounded");
    }

    #[test]
    fn two_clients_name_no_two_frames_the_same() {
        assert_ne!(FrameNames::new().next(), FrameNames::new().next());
    }
}
