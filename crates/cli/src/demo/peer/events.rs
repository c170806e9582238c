//! From the WebRTC stack's callbacks and its data channel to one stream of [`PeerEvent`]s.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::{BoxFuture, ready};
use tokio::sync::mpsc;
use webrtc::data_channel::{DataChannel, DataChannelEvent};
use webrtc::peer_connection::{
    PeerConnectionEventHandler, RTCIceCandidate, RTCPeerConnectionIceEvent, RTCPeerConnectionState,
};

use super::{Candidate, PeerEvent};

/// The stack's callbacks. They run inside the task that also keeps ICE, DTLS and SCTP alive, so they must never wait:
/// hence a queue without bounds, which only ever holds the few events of a connection's life and never its messages.
pub(super) struct Signals {
    sender: mpsc::UnboundedSender<PeerEvent>,
}

impl Signals {
    /// The callbacks, and where they can be heard.
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<PeerEvent>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { sender }, receiver)
    }

    /// Passes an event on; once nobody listens any more it is of no use to anyone.
    fn tell(&self, event: PeerEvent) {
        self.sender.send(event).ok();
    }
}

impl PeerConnectionEventHandler for Signals {
    fn on_ice_candidate<'life, 'future>(
        &'life self,
        event: RTCPeerConnectionIceEvent,
    ) -> BoxFuture<'future, ()>
    where
        'life: 'future,
        Self: 'future,
    {
        if let Some(candidate) = to_candidate(&event.candidate) {
            self.tell(PeerEvent::Candidate(candidate));
        }
        Box::pin(ready(()))
    }

    fn on_connection_state_change<'life, 'future>(
        &'life self,
        state: RTCPeerConnectionState,
    ) -> BoxFuture<'future, ()>
    where
        'life: 'future,
        Self: 'future,
    {
        if let Some(event) = to_event(state) {
            self.tell(event);
        }
        Box::pin(ready(()))
    }
}

/// The peers have one media section, the data channel's, which both ends number 0 and name "0".
fn to_candidate(candidate: &RTCIceCandidate) -> Option<Candidate> {
    let init = candidate.to_json().ok()?;
    Some(Candidate {
        media: "0".to_owned(),
        index: init.sdp_mline_index.unwrap_or(0),
        name: init.candidate,
    })
}

fn to_event(state: RTCPeerConnectionState) -> Option<PeerEvent> {
    match state {
        RTCPeerConnectionState::Connected => Some(PeerEvent::Connected),
        RTCPeerConnectionState::Closed => Some(PeerEvent::Closed),
        RTCPeerConnectionState::Failed => Some(PeerEvent::Failed(
            "The peers found no path to each other, or lost it.".to_owned(),
        )),
        RTCPeerConnectionState::Unspecified
        | RTCPeerConnectionState::New
        | RTCPeerConnectionState::Connecting
        | RTCPeerConnectionState::Disconnected
        | _ => None,
    }
}

/// Merges callbacks and data channel into `events` until nobody listens. Waiting for a slow listener holds back the data
/// channel, and through it the sender on the other side; nothing is dropped.
pub(super) async fn relay(
    mut signals: mpsc::UnboundedReceiver<PeerEvent>,
    channel: Arc<dyn DataChannel>,
    is_open: Arc<AtomicBool>,
    events: mpsc::Sender<PeerEvent>,
) {
    let mut polling = true;
    loop {
        let event = tokio::select! {
            signal = signals.recv() => match signal {
                Some(event) => event,
                None => return,
            },
            happened = channel.poll(), if polling => {
                polling = happened.is_some();
                match happened.and_then(from_channel) {
                    Some(event) => event,
                    None => continue,
                }
            }
        };
        if event == PeerEvent::ChannelOpen {
            is_open.store(true, Ordering::Release);
        }
        if events.send(event).await.is_err() {
            return;
        }
    }
}

fn from_channel(happened: DataChannelEvent) -> Option<PeerEvent> {
    if let DataChannelEvent::OnMessage(message) = happened {
        return Some(match String::from_utf8(message.data.to_vec()) {
            Ok(text) => PeerEvent::Message(text),
            Err(_) => PeerEvent::Failed("A message on the data channel was not text.".to_owned()),
        });
    }
    if let DataChannelEvent::OnOpen = happened {
        return Some(PeerEvent::ChannelOpen);
    }
    matches!(happened, DataChannelEvent::OnClose).then_some(PeerEvent::Closed)
}
