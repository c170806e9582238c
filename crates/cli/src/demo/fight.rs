//! Two strangers' stories, side by side: the same for both, until the match says who is host.

mod battle;

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use client::Stats;
use ids::{LobbyId, PeerAddress, PlayerId};
use protocol::event::{BattleSettled, Event, MatchFound, Outcome as Ending};
use protocol::matchmaking::JoinMatchmaking;
use tokio::sync::Barrier;

use self::battle::Part;
use super::handshake::{offer, shake_hands};
use super::peer::{Peer, Ways};
use super::player::Player;
use super::talk::{ROUND, Tally, talk};
use super::timeline::{Side, Step, Timeline};

/// How it ended for one stranger.
#[derive(Debug)]
pub(super) struct Share {
    /// Which one.
    pub(super) side: Side,
    /// Who Switchboard says it is.
    pub(super) player_id: PlayerId,
    /// What went over its connection to Switchboard.
    pub(super) signalling: Stats,
    /// What it heard there, by name.
    pub(super) heard: BTreeMap<String, u64>,
    /// What went over the data channel.
    pub(super) messages: Tally,
    /// How the battle ended, as it was told.
    pub(super) settled: BattleSettled,
}

impl Share {
    /// How the battle ended for it.
    pub(super) fn result(&self) -> Option<Ending> {
        self.settled.settlement.result
    }
}

/// How it ended.
#[derive(Debug)]
pub(super) struct Outcome {
    /// When the strangers began to connect, in milliseconds from the start.
    pub(super) began: f64,
    /// Where they met.
    pub(super) lobby_id: LobbyId,
    /// How it ended for each.
    pub(super) shares: [Share; 2],
}

/// Plays it all through.
pub(super) async fn play(url: &str, timeline: &Timeline, ways: Ways) -> anyhow::Result<Outcome> {
    let began = timeline.milliseconds();
    let meeting = Barrier::new(2);
    let ann = Box::pin(stranger(Side::Ann, url, timeline, ways, &meeting));
    let bob = Box::pin(stranger(Side::Bob, url, timeline, ways, &meeting));
    let ((lobby_id, ann), (other, bob)) = tokio::try_join!(ann, bob)?;
    ensure!(
        lobby_id == other,
        "The two were matched, but not with each other: somebody else is in the queue."
    );
    let mut results = [ann.result(), bob.result()];
    results.sort();
    ensure!(
        results == [Some(Ending::Win), Some(Ending::Lose)],
        "The battle was settled as {results:?}, and not by one who has won and one who has lost."
    );
    Ok(Outcome {
        began,
        lobby_id,
        shares: [ann, bob],
    })
}

async fn stranger(
    side: Side,
    url: &str,
    timeline: &Timeline,
    ways: Ways,
    meeting: &Barrier,
) -> anyhow::Result<(LobbyId, Share)> {
    let mut player = Player::connect(side, url, timeline)
        .await
        .with_context(|| format!("{} did not connect.", side.name()))?;
    let started = player
        .client
        .join_matchmaking(JoinMatchmaking::default())
        .await?;
    player.note("matchmaking_started");
    let queue = format!("in queue {}", started.queue);
    timeline.made_with(side, Step::Searching, queue);

    let found = Found::new(found(&mut player).await?)?;
    let place = format!("as peer {} in lobby {}", found.peer_id, found.lobby_id);
    timeline.made_with(side, Step::Matched, place);

    let (peer, mut happenings) = Peer::start(player.ice_servers().await?, ways).await?;
    if found.part == Part::Host {
        offer(&player, &peer, &found.other).await?;
    }
    shake_hands(&mut player, &peer, &mut happenings, &found.other).await?;
    meeting.wait().await;

    // Over Switchboard they fight, over the data channel they talk, both at once.
    let fighting = battle::fight(&mut player, found.part, &found.other_id);
    let talking = async {
        let tally = talk(side, &peer, &mut happenings, 0..ROUND).await?;
        let counts = format!("{} sent, {} received", tally.sent, tally.received);
        timeline.made_with(side, Step::FirstRound, counts);
        Ok(tally)
    };
    let (settled, messages) = tokio::try_join!(fighting, talking)?;
    meeting.wait().await;
    once(&mut player).await?;

    player.leave().await?;
    timeline.made(side, Step::SignallingClosed);
    meeting.wait().await;
    peer.close().await?;
    let share = Share {
        side,
        player_id: found.own_id,
        signalling: player.client.stats(),
        heard: player.heard(),
        messages,
        settled,
    };
    Ok((found.lobby_id, share))
}

/// A match, as one of the two sees it.
struct Found {
    lobby_id: LobbyId,
    own_id: PlayerId,
    peer_id: ids::PeerId,
    other: PeerAddress,
    other_id: PlayerId,
    part: Part,
}

impl Found {
    fn new(found: MatchFound) -> anyhow::Result<Self> {
        let count = found.players.len();
        let (mut own, mut others) = (None, Vec::new());
        for player in found.players {
            match player.connection_id {
                // Nobody needs an address for itself.
                None => own = Some((player.player_id, player.peer_id)),
                Some(address) => others.push((player.player_id, address)),
            }
        }
        let (Some((own_id, peer_id)), [(other_id, other)]) = (own, others.as_slice()) else {
            anyhow::bail!("A match of {count} was found where two were to meet.");
        };
        Ok(Self {
            lobby_id: found.lobby_id,
            own_id,
            peer_id,
            other: other.clone(),
            other_id: other_id.clone(),
            part: if found.host_peer_id == peer_id {
                Part::Host
            } else {
                Part::Guest
            },
        })
    }
}

async fn found(player: &mut Player<'_>) -> anyhow::Result<MatchFound> {
    loop {
        if let Event::MatchFound(found) = player.next().await? {
            return Ok(found);
        }
    }
}

/// Makes sure that a battle is settled once: a second word of it would be here before the answer to a later message.
async fn once(player: &mut Player<'_>) -> anyhow::Result<()> {
    player.client.ping().await?;
    player.note("pong");
    player.read_waiting()?;
    let told = player.heard().remove("battle_settled").unwrap_or_default();
    ensure!(
        told == 1,
        "{} was told {told} times that the battle is settled.",
        player.side.name()
    );
    Ok(())
}
