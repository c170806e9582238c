//! What the players say to each other once they are connected.

use std::ops::Range;

use anyhow::{Context as _, bail, ensure};
use tokio::sync::mpsc;

use super::peer::{Peer, PeerEvent};
use super::timeline::Side;

/// How many messages each side sends while Switchboard is still there, and again when it is not.
pub(super) const ROUND: u32 = 1_000;

/// How many messages went each way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Sent.
    pub(super) sent: u32,
    /// Received, in order and as they were sent.
    pub(super) received: u32,
}

/// Says every message of a round and hears every one of the other side's.
pub(super) async fn talk(
    side: Side,
    peer: &Peer,
    happenings: &mut mpsc::Receiver<PeerEvent>,
    round: Range<u32>,
) -> anyhow::Result<Tally> {
    let (sent, received) = tokio::try_join!(
        say(side, peer, round.clone()),
        hear(side.other(), happenings, round)
    )?;
    Ok(Tally { sent, received })
}

async fn say(side: Side, peer: &Peer, round: Range<u32>) -> anyhow::Result<u32> {
    let mut sent = 0;
    for number in round {
        peer.send(&message(side, number)).await?;
        sent += 1;
    }
    Ok(sent)
}

async fn hear(
    from: Side,
    happenings: &mut mpsc::Receiver<PeerEvent>,
    round: Range<u32>,
) -> anyhow::Result<u32> {
    let mut received = 0;
    for number in round {
        let text = next_message(from, happenings, number).await?;
        ensure!(
            text == message(from, number),
            "Another message came where message {number} of {} was due: they are to arrive whole and in order.",
            from.title()
        );
        received += 1;
    }
    Ok(received)
}

async fn next_message(
    from: Side,
    happenings: &mut mpsc::Receiver<PeerEvent>,
    number: u32,
) -> anyhow::Result<String> {
    loop {
        match happenings
            .recv()
            .await
            .context("The WebRTC stack stopped.")?
        {
            PeerEvent::Message(text) => return Ok(text),
            // A path was good enough; more of them are of no use any more.
            PeerEvent::Candidate(_) | PeerEvent::Connected | PeerEvent::ChannelOpen => {}
            PeerEvent::Closed => bail!(
                "The data channel closed before message {number} of {}.",
                from.title()
            ),
            PeerEvent::Failed(problem) => bail!(
                "Message {number} of {} did not come. {problem}",
                from.title()
            ),
        }
    }
}

/// What a side says: each message another text and another length, so that none passes for another.
fn message(side: Side, number: u32) -> String {
    let padding = "·".repeat(usize::try_from(number % 97).unwrap_or_default());
    format!("{} {number} {padding}", side.name())
}
