//! One end of a WebRTC connection: trickled ICE, DTLS, SCTP, and one ordered reliable data channel.
//!
//! A `Peer` knows nothing of Switchboard: what it wants told to the other side comes out as a [`PeerEvent`] or as a
//! returned session description, and what the other side said goes in through a method. So the same peer can be joined by
//! two channels in a test, or by the real service in the demo.

mod events;
mod network;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, ensure};
use protocol::event::IceServer;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use webrtc::data_channel::{DataChannel, RTCDataChannelInit};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, RTCConfigurationBuilder, RTCIceCandidateInit,
    RTCIceServer, RTCSessionDescription,
};

use self::events::Signals;
pub(crate) use self::network::Ways;

/// How many events wait for a slow reader before the data channel itself is held back.
const EVENTS_WAITING: usize = 256;
/// How many bytes wait to be acknowledged before [`Peer::send`] waits too. Few, because each message may be a datagram of
/// its own: a burst that overflows the other side's socket is lost, and the stack waits a second before it repeats it.
const BYTES_IN_FLIGHT: usize = 4 * 1024;
/// The number of the data channel. Both ends know it beforehand, as they do in Godot's WebRTC multiplayer, and so neither
/// waits for the other to announce it.
const CHANNEL: u16 = 0;
/// What the data channel is called.
const CHANNEL_LABEL: &str = "switchboard-demo";

/// One ICE candidate as the signalling carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The media section it belongs to (`sdpMid`).
    pub(crate) media: String,
    /// The number of that section (`sdpMLineIndex`).
    pub(crate) index: u16,
    /// The candidate itself.
    pub(crate) name: String,
}

/// What happens at a peer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PeerEvent {
    /// A way to reach this peer was found: tell the other side.
    Candidate(Candidate),
    /// The encrypted path between the peers stands.
    Connected,
    /// The data channel can be sent on.
    ChannelOpen,
    /// The other side said this on the data channel.
    Message(String),
    /// The connection ended in good order.
    Closed,
    /// The connection cannot be made or was lost; the sentence says how.
    Failed(String),
}

/// One end of a WebRTC connection. Dropping it tears the connection down without a goodbye; [`Peer::close`] says one.
pub(crate) struct Peer {
    connection: Arc<dyn PeerConnection>,
    channel: Arc<dyn DataChannel>,
    is_open: Arc<AtomicBool>,
    early: Mutex<EarlyCandidates>,
    relay: JoinHandle<()>,
}

/// Candidates may overtake the description that they belong to; until it is here they wait.
enum EarlyCandidates {
    Waiting(Vec<Candidate>),
    DescriptionIsHere,
}

impl Peer {
    /// Starts a peer, and the stream of what happens at it. Which of the two makes the offer is theirs to agree on.
    pub(crate) async fn start(
        ice_servers: Vec<IceServer>,
        ways: Ways,
    ) -> anyhow::Result<(Self, mpsc::Receiver<PeerEvent>)> {
        let (signals, inbox) = Signals::new();
        let connection = connect(ice_servers, ways, signals).await?;
        let agreed = RTCDataChannelInit {
            ordered: true,
            negotiated: Some(CHANNEL),
            ..RTCDataChannelInit::default()
        };
        let channel = connection
            .create_data_channel(CHANNEL_LABEL, Some(agreed))
            .await
            .context("The WebRTC stack made no data channel.")?;
        let is_open = Arc::new(AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel(EVENTS_WAITING);
        let relay = tokio::spawn(events::relay(
            inbox,
            Arc::clone(&channel),
            Arc::clone(&is_open),
            sender,
        ));
        let early = Mutex::new(EarlyCandidates::Waiting(Vec::new()));
        Ok((
            Self {
                connection,
                channel,
                is_open,
                early,
                relay,
            },
            receiver,
        ))
    }

    /// Makes the offer. From here on candidates arrive as events.
    pub(crate) async fn offer(&self) -> anyhow::Result<String> {
        let offer = self
            .connection
            .create_offer(None)
            .await
            .context("No offer could be made.")?;
        let sdp = offer.sdp.clone();
        self.connection
            .set_local_description(offer)
            .await
            .context("The peer refused its own offer.")?;
        Ok(sdp)
    }

    /// Takes the other side's offer and makes the answer. From here on candidates arrive as events.
    pub(crate) async fn accept_offer(&self, sdp: String) -> anyhow::Result<String> {
        let offer = RTCSessionDescription::offer(sdp)
            .context("What came as an offer is no session description.")?;
        self.set_remote(offer)
            .await
            .context("The offer was not accepted.")?;
        let answer = self
            .connection
            .create_answer(None)
            .await
            .context("No answer could be made.")?;
        let sdp = answer.sdp.clone();
        self.connection
            .set_local_description(answer)
            .await
            .context("The peer refused its own answer.")?;
        Ok(sdp)
    }

    /// Takes the other side's answer to this peer's offer.
    pub(crate) async fn accept_answer(&self, sdp: String) -> anyhow::Result<()> {
        let answer = RTCSessionDescription::answer(sdp)
            .context("What came as an answer is no session description.")?;
        self.set_remote(answer)
            .await
            .context("The answer was not accepted.")
    }

    /// Takes a candidate of the other side, whether its description is here yet or not.
    pub(crate) async fn add_candidate(&self, candidate: Candidate) -> anyhow::Result<()> {
        let mut early = self.early.lock().await;
        match &mut *early {
            EarlyCandidates::Waiting(waiting) => {
                waiting.push(candidate);
                Ok(())
            }
            EarlyCandidates::DescriptionIsHere => self.apply(candidate).await,
        }
    }

    /// Sends one message, waiting while too much is still unacknowledged.
    pub(crate) async fn send(&self, text: &str) -> anyhow::Result<()> {
        ensure!(
            self.is_open.load(Ordering::Acquire),
            "The data channel is not open yet: wait for `ChannelOpen`."
        );
        self.channel
            .send_text(text)
            .await
            .context("The data channel took no message.")
    }

    /// Says goodbye and frees the sockets.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        self.connection
            .close()
            .await
            .context("The connection did not close in good order.")
    }

    async fn set_remote(&self, description: RTCSessionDescription) -> anyhow::Result<()> {
        // Held throughout, so that no candidate slips in between the description and those that waited for it.
        let mut early = self.early.lock().await;
        self.connection.set_remote_description(description).await?;
        let EarlyCandidates::Waiting(waiting) =
            std::mem::replace(&mut *early, EarlyCandidates::DescriptionIsHere)
        else {
            return Ok(());
        };
        for candidate in waiting {
            self.apply(candidate).await?;
        }
        Ok(())
    }

    async fn apply(&self, candidate: Candidate) -> anyhow::Result<()> {
        let init = RTCIceCandidateInit {
            candidate: candidate.name,
            sdp_mid: Some(candidate.media),
            sdp_mline_index: Some(candidate.index),
            ..RTCIceCandidateInit::default()
        };
        self.connection
            .add_ice_candidate(init)
            .await
            .context("A candidate of the other side was not accepted.")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

async fn connect(
    ice_servers: Vec<IceServer>,
    ways: Ways,
    signals: Signals,
) -> anyhow::Result<Arc<dyn PeerConnection>> {
    let mut urls = ice_servers.iter().flat_map(|server| &server.urls);
    ensure!(
        ways == Ways::All || urls.any(|url| url.starts_with("turn")),
        "There is no TURN server to go through: `get_ice_servers` told none. `switchboard serve --turn` names one."
    );
    let ice_servers = ice_servers.into_iter().map(|server| RTCIceServer {
        urls: server.urls,
        username: server.username.unwrap_or_default(),
        credential: server.credential.unwrap_or_default(),
    });
    let building = PeerConnectionBuilder::new()
        .with_configuration(
            RTCConfigurationBuilder::default()
                .with_ice_servers(ice_servers.collect())
                .with_ice_transport_policy(ways.policy())
                .build(),
        )
        .with_setting_engine(network::settings())
        .with_data_channel_send_buffer_limit(BYTES_IN_FLIGHT)
        .with_handler(Arc::new(signals))
        .with_udp_addrs(network::local_addresses())
        .build();
    // The stack's own futures are large; boxed, they do not make everything around them so.
    let connection = Box::pin(building)
        .await
        .context("The WebRTC stack did not start. Is a UDP port of 127.0.0.1 free?")?;
    Ok(Arc::new(connection))
}

#[cfg(test)]
mod tests;
