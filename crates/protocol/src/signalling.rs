//! Actions that pass something on to one peer, byte for byte.

use ids::PeerAddress;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::action::{actions, message};
use crate::text::object;

/// The most candidates in one `send_ice_candidates`.
pub const MAX_CANDIDATES: usize = 32;

/// A session description's text. Opaque here; up to 65,536 characters, about ten times a browser's longest.
pub type Sdp = Text<1, 65_536>;

/// A session description's kind: `offer`, `answer`, or what the client's library calls it.
pub type SessionType = Text<1, 32>;

/// What a sender calls a frame: different for each that it sends to one peer. Opaque here.
pub type FrameId = Text<1, 64>;

actions! {
    /// What the signalling function does.
    enum Action {
        /// Passes a session description on.
        SendSessionDescription, alias = "set_session_description";
        /// Passes one ICE candidate on.
        SendIceCandidate;
        /// Passes a batch of ICE candidates on.
        SendIceCandidates;
        /// Asks for STUN and TURN servers.
        GetIceServers;
    }
}

impl Action {
    /// What the sender calls the frame, where it is one and is called anything.
    #[must_use]
    pub fn frame_id(&self) -> Option<&FrameId> {
        match self {
            Self::SendSessionDescription(frame) => frame.frame_id.as_ref(),
            Self::SendIceCandidate(frame) => frame.frame_id.as_ref(),
            Self::SendIceCandidates(frame) => frame.frame_id.as_ref(),
            Self::GetIceServers(_) => None,
        }
    }
}

/// Passes a session description on to a peer, which hears `received_session_description`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendSessionDescription {
    /// The peer that it is for.
    pub connection_id: PeerAddress,
    /// `offer` or `answer`.
    pub session_type: SessionType,
    /// The description; opaque.
    pub sdp: Sdp,
    /// What the sender calls this frame, passed on as it is: whoever sends one again after a connection was cut lets the
    /// receiver tell it from a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_id: Option<FrameId>,
}

message!(
    SendSessionDescription,
    "send_session_description",
    SendSessionDescription {
        connection_id: example_address(),
        session_type: Text::new("offer").expect("short"),
        sdp: Text::new("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n...").expect("short"),
        frame_id: None,
    }
);

/// An ICE candidate as WebRTC libraries trickle it. Opaque here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IceCandidate {
    /// The media stream's identification (a browser's `sdpMid`).
    pub media: Text<0, 256>,
    /// The media line's index (a browser's `sdpMLineIndex`).
    pub index: i32,
    /// The candidate line itself; empty for the end of candidates.
    pub name: Text<0, 1_024>,
}

impl IceCandidate {
    pub(crate) fn example() -> Self {
        Self {
            media: Text::new("0").expect("short"),
            index: 0,
            name: Text::new("candidate:1 1 udp 2130706431 192.0.2.7 51372 typ host")
                .expect("short"),
        }
    }
}

/// Passes one ICE candidate on to a peer, which hears `received_ice_candidate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendIceCandidate {
    /// The peer that it is for.
    pub connection_id: PeerAddress,
    /// The media stream's identification (a browser's `sdpMid`).
    pub media: Text<0, 256>,
    /// The media line's index (a browser's `sdpMLineIndex`).
    pub index: i32,
    /// The candidate line itself; empty for the end of candidates.
    pub name: Text<0, 1_024>,
    /// What the sender calls this frame; see [`SendSessionDescription`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_id: Option<FrameId>,
}

message!(SendIceCandidate, "send_ice_candidate", {
    let IceCandidate { media, index, name } = IceCandidate::example();
    SendIceCandidate {
        connection_id: example_address(),
        media,
        index,
        name,
        frame_id: None,
    }
});

/// Passes a batch of ICE candidates on to a peer, which hears `received_ice_candidates`: one frame instead of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendIceCandidates {
    /// The peer that they are for.
    pub connection_id: PeerAddress,
    /// 1 to 32 candidates, in the order found.
    #[serde(deserialize_with = "candidates")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_CANDIDATES)))]
    pub candidates: Vec<IceCandidate>,
    /// What the sender calls this frame; see [`SendSessionDescription`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_id: Option<FrameId>,
}

message!(
    SendIceCandidates,
    "send_ice_candidates",
    SendIceCandidates {
        connection_id: example_address(),
        candidates: vec![IceCandidate::example()],
        frame_id: None,
    }
);

/// Asks for the STUN and TURN servers to use. Answered by `ice_servers`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetIceServers {}

message!(GetIceServers, "get_ice_servers", GetIceServers {});

fn candidates<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<IceCandidate>, D::Error> {
    #[derive(Deserialize)]
    struct FromObject(#[serde(deserialize_with = "object")] IceCandidate);

    let candidates = Vec::<FromObject>::deserialize(deserializer)?;
    match candidates.len() {
        0 => Err(serde::de::Error::custom("shorter than 1 candidate")),
        1..=MAX_CANDIDATES => Ok(candidates
            .into_iter()
            .map(|FromObject(candidate)| candidate)
            .collect()),
        _ => Err(serde::de::Error::custom(format!(
            "longer than {MAX_CANDIDATES} candidates"
        ))),
    }
}

/// An address as the service makes them, for examples.
pub(crate) fn example_address() -> PeerAddress {
    PeerAddress::parse("AWkfKJBMMFNNOWNPRnZIY0NJaHc9EmKq0Zl3VJmS1cnbJ8s7bg")
        .expect("within its bounds")
}
