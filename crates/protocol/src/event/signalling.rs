//! What is heard of signalling.

use ids::PeerAddress;
use serde::{Deserialize, Serialize};

use super::{IceServer, ReceivedCandidate};
use crate::Text;
use crate::action::message;
use crate::signalling::{FrameId, IceCandidate, Sdp, SessionType, example_address};

event! {
    /// A peer's session description, byte for byte as it was sent.
    ReceivedSessionDescription, "received_session_description" {
        /// The sender's address.
        pub connection_id: PeerAddress,
        /// `offer` or `answer`.
        pub session_type: SessionType,
        /// The description.
        pub sdp: Sdp,
        /// What the sender calls this frame, if it does: one that was heard before may be ignored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub frame_id: Option<FrameId>,
    } = ReceivedSessionDescription {
        connection_id: example_address(),
        session_type: Text::new("offer").expect("short"),
        sdp: Text::new("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n...").expect("short"),
        frame_id: None,
    }
}

event! {
    /// A peer's ICE candidate, byte for byte as it was sent.
    ReceivedIceCandidate, "received_ice_candidate" {
        /// The sender's address.
        pub connection_id: PeerAddress,
        /// The media stream's identification.
        pub media: Text<0, 256>,
        /// The media line's index.
        pub index: i32,
        /// The candidate line.
        pub name: Text<0, 1_024>,
        /// What the sender calls this frame, if it does: one that was heard before may be ignored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub frame_id: Option<FrameId>,
    } = {
        let IceCandidate { media, index, name } = IceCandidate::example();
        ReceivedIceCandidate { connection_id: example_address(), media, index, name, frame_id: None }
    }
}

event! {
    /// A batch of a peer's ICE candidates, in the order sent.
    ReceivedIceCandidates, "received_ice_candidates" {
        /// The sender's address.
        pub connection_id: PeerAddress,
        /// The candidates.
        pub candidates: Vec<ReceivedCandidate>,
        /// What the sender calls this frame, if it does: one that was heard before may be ignored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub frame_id: Option<FrameId>,
    } = ReceivedIceCandidates {
        connection_id: example_address(),
        candidates: vec![IceCandidate::example().into()],
        frame_id: None,
    }
}

event! {
    /// The STUN and TURN servers to use.
    IceServers, "ice_servers" {
        /// In the shape of the browser's `RTCIceServer`.
        pub ice_servers: Vec<IceServer>,
        /// When their credentials end, in seconds since 1970; null where they do not.
        pub expires_at: Option<u64>,
    } = IceServers {
        ice_servers: vec![IceServer {
            urls: vec!["stun:stun.example.org:3478".to_owned()],
            username: None,
            credential: None,
        }],
        expires_at: None,
    }
}
