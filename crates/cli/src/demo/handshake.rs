//! Two players exchange through Switchboard what their WebRTC stacks need.

use anyhow::{Context as _, bail, ensure};
use ids::PeerAddress;
use protocol::Text;
use protocol::event::Event;
use protocol::signalling::IceCandidate;
use tokio::sync::mpsc;

use super::peer::{Candidate, Peer, PeerEvent};
use super::player::Player;
use super::timeline::Step;

/// Goes on until the data channel to the player at `other` is open, and each has heard a candidate of the other's: the peers may
/// find a way by one side's alone, and what was sent is to arrive all the same.
pub(super) async fn shake_hands(
    player: &mut Player<'_>,
    peer: &Peer,
    happenings: &mut mpsc::Receiver<PeerEvent>,
    other: &PeerAddress,
) -> anyhow::Result<()> {
    let (mut is_open, mut has_sent, mut has_heard) = (false, false, false);
    while !(is_open && has_sent && has_heard) {
        tokio::select! {
            event = player.next() => {
                let event = event?;
                has_heard |= matches!(event, Event::ReceivedIceCandidate(_));
                hear(player, peer, other, event).await?;
            }
            happening = happenings.recv() => match happening.context("The WebRTC stack stopped.")? {
                PeerEvent::Candidate(candidate) => {
                    player.client.send_ice_candidate(other.clone(), to_wire(candidate)?).await?;
                    player.timeline.made(player.side, Step::CandidateSent);
                    has_sent = true;
                }
                PeerEvent::Connected => player.timeline.made(player.side, Step::PeersConnected),
                PeerEvent::ChannelOpen => {
                    player.timeline.made(player.side, Step::ChannelOpen);
                    is_open = true;
                }
                PeerEvent::Failed(problem) => bail!("{problem}"),
                PeerEvent::Closed | PeerEvent::Message(_) => bail!("The peers' connection ended before it had begun."),
            },
        }
    }
    Ok(())
}

/// Makes the offer and sends it.
pub(super) async fn offer(
    player: &Player<'_>,
    peer: &Peer,
    other: &PeerAddress,
) -> anyhow::Result<()> {
    let sdp = peer.offer().await?;
    player
        .client
        .send_session_description(other.clone(), "offer", &sdp)
        .await?;
    player
        .timeline
        .made_with(player.side, Step::OfferSent, bytes(&sdp));
    Ok(())
}

async fn hear(
    player: &Player<'_>,
    peer: &Peer,
    other: &PeerAddress,
    event: Event,
) -> anyhow::Result<()> {
    let (side, timeline) = (player.side, player.timeline);
    if let Event::ReceivedSessionDescription(description) = event {
        introduced(&description.connection_id, other)?;
        let sdp = description.sdp.into_string();
        if description.session_type.as_str() == "offer" {
            timeline.made_with(side, Step::OfferReceived, bytes(&sdp));
            let answer = peer.accept_offer(sdp).await?;
            player
                .client
                .send_session_description(other.clone(), "answer", &answer)
                .await?;
            timeline.made_with(side, Step::AnswerSent, bytes(&answer));
        } else {
            timeline.made_with(side, Step::AnswerReceived, bytes(&sdp));
            peer.accept_answer(sdp).await?;
        }
    } else if let Event::ReceivedIceCandidate(candidate) = event {
        introduced(&candidate.connection_id, other)?;
        timeline.made(side, Step::CandidateReceived);
        let index = u16::try_from(candidate.index)
            .context("A candidate names a media line that cannot be.")?;
        let (media, name) = (candidate.media.into_string(), candidate.name.into_string());
        peer.add_candidate(Candidate { media, index, name }).await?;
    }
    // Whatever else is said in a lobby is no concern of a handshake.
    Ok(())
}

/// An address does not change while both connections live, so the sender is known by the one that was given first.
fn introduced(sender: &PeerAddress, other: &PeerAddress) -> anyhow::Result<()> {
    ensure!(
        sender == other,
        "Switchboard passed something on from a peer that it had not introduced."
    );
    Ok(())
}

fn to_wire(candidate: Candidate) -> anyhow::Result<IceCandidate> {
    let fit = |problem| anyhow::anyhow!("The WebRTC stack found a candidate that is {problem}.");
    Ok(IceCandidate {
        media: Text::new(candidate.media).map_err(fit)?,
        index: candidate.index.into(),
        name: Text::new(candidate.name).map_err(fit)?,
    })
}

fn bytes(sdp: &str) -> String {
    format!("{} bytes", sdp.len())
}
