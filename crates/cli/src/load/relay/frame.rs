//! The frames of the load: signalling as games send it, each with a stamp by which its hearer tells it from all others.

use std::time::Duration;

use client::protocol::signalling::{FrameId, SendIceCandidate, SendSessionDescription};
use client::protocol::{Action, Event, Text};
use ids::{PeerAddress, PeerId};

/// Of so many frames to one peer, the first is a session description; the others are candidates.
const ROUND: u64 = 8;

/// As a browser writes one that is found on a local network.
const CANDIDATE: &str = "candidate:842163049 1 udp 1677729535 192.0.2.7 51372 typ srflx raddr 10.0.0.7 rport 51372 \
                         generation 0 ufrag 4ZcD network-cost 999";

/// A line of a session description, of which a browser writes some thirty for a data channel.
const LINE: &str =
    "a=fingerprint:sha-256 D1:2C:BE:AD:C4:F6:64:5C:25:16:11:9C:AF:E7:0F:73:79:36:4E:9C\r\n";

/// How many lines a session description has.
const LINES: usize = 30;

/// What a frame says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Which lobby it belongs to.
    pub(super) lobby: usize,
    /// By whom.
    pub(super) from: PeerId,
    /// For whom.
    pub(super) to: PeerId,
    /// Which of those from one to the other, counted from 0.
    pub(super) number: u64,
    /// When it was sent, since the beginning, in whole microseconds.
    pub(super) sent: Duration,
}

impl Stamp {
    fn write(&self) -> FrameId {
        let Self {
            lobby,
            from,
            to,
            number,
            sent,
        } = self;
        let (from, to, sent) = (from.get(), to.get(), sent.as_micros());
        Text::new(format!("{lobby}.{from}.{to}.{number}.{sent}")).expect("five numbers are short")
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let stamp = Self {
            lobby: parts.next()?.parse().ok()?,
            from: peer(parts.next()?)?,
            to: peer(parts.next()?)?,
            number: parts.next()?.parse().ok()?,
            sent: Duration::from_micros(parts.next()?.parse().ok()?),
        };
        parts.next().is_none().then_some(stamp)
    }
}

fn peer(text: &str) -> Option<PeerId> {
    text.parse::<u32>().ok()?.try_into().ok()
}

/// A frame with this stamp.
pub(super) fn write(stamp: &Stamp, to: &PeerAddress) -> Action {
    let (connection_id, frame_id) = (to.clone(), Some(stamp.write()));
    if stamp.number.is_multiple_of(ROUND) {
        return SendSessionDescription {
            connection_id,
            session_type: Text::new("offer").expect("short"),
            sdp: Text::new(LINE.repeat(LINES)).expect("short enough"),
            frame_id,
        }
        .into();
    }
    SendIceCandidate {
        connection_id,
        media: Text::new("0").expect("short"),
        index: 0,
        name: Text::new(CANDIDATE).expect("short enough"),
        frame_id,
    }
    .into()
}

/// From which address a frame came, and its stamp; `None` where it is no frame of the load's.
pub(super) fn read(event: &Event) -> Option<(&PeerAddress, Stamp)> {
    let (from, frame_id) = if let Event::ReceivedIceCandidate(heard) = event {
        (&heard.connection_id, &heard.frame_id)
    } else if let Event::ReceivedSessionDescription(heard) = event {
        (&heard.connection_id, &heard.frame_id)
    } else {
        return None;
    };
    Some((from, Stamp::read(frame_id.as_ref()?.as_str())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> Stamp {
        Stamp {
            lobby: usize::MAX,
            from: PeerId::FIRST,
            to: PeerId::try_from(64).expect("within range"),
            number: 1_000_000,
            sent: Duration::from_hours(2),
        }
    }

    #[test]
    fn a_stamp_is_read_as_it_was_written() {
        assert_eq!(Stamp::read(stamp().write().as_str()), Some(stamp()));
    }

    #[test]
    fn what_is_no_stamp_is_read_as_none() {
        for text in ["", "1", "1.2.3.4", "1.2.3.4.5.6", "1.0.3.4.5", "a.1.2.3.4"] {
            assert_eq!(Stamp::read(text), None, "{text}");
        }
    }
}
