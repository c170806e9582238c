//! The two players' stories, side by side.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use client::{Joining, Stats};
use ids::{LobbyId, PeerAddress, PeerId};
use protocol::event::Event;
use protocol::lobby::{JoinLobby, StartLobby};
use protocol::{Text, Whole};
use tokio::sync::{Barrier, mpsc, oneshot};

use super::handshake::{offer, shake_hands};
use super::peer::{Peer, PeerEvent, Ways};
use super::player::Player;
use super::talk::{ROUND, Tally, talk};
use super::timeline::{Side, Step, Timeline};

/// How it ended for one player.
#[derive(Debug)]
pub(super) struct Share {
    /// What went over its connection to Switchboard.
    pub(super) signalling: Stats,
    /// What it heard there, by name.
    pub(super) heard: BTreeMap<String, u64>,
    /// What went over the data channel.
    pub(super) messages: Tally,
}

/// How it ended.
#[derive(Debug)]
pub(super) struct Outcome {
    /// When the players began to connect, in milliseconds from the start.
    pub(super) began: f64,
    /// How it ended for the host.
    pub(super) host: Share,
    /// How it ended for the guest.
    pub(super) guest: Share,
}

/// Plays it all through.
pub(super) async fn play(url: &str, timeline: &Timeline, ways: Ways) -> anyhow::Result<Outcome> {
    let began = timeline.milliseconds();
    // How players learn of a lobby is their affair: a link in a chat, or here, a channel.
    let (invite, invitation) = oneshot::channel();
    let meeting = Barrier::new(2);
    let host = Box::pin(host(url, timeline, ways, invite, &meeting));
    let guest = Box::pin(guest(url, timeline, ways, invitation, &meeting));
    let (host, guest) = tokio::try_join!(host, guest)?;
    Ok(Outcome { began, host, guest })
}

async fn host(
    url: &str,
    timeline: &Timeline,
    ways: Ways,
    invite: oneshot::Sender<LobbyId>,
    meeting: &Barrier,
) -> anyhow::Result<Share> {
    let mut player = Player::connect(Side::Host, url, timeline)
        .await
        .context("The host did not connect.")?;
    let lobby = StartLobby {
        name: Text::new("Switchboard demo").ok(),
        max_players: Whole::new(2).ok(),
        ..StartLobby::default()
    };
    let lobby_id = player.client.start_lobby(lobby).await?.lobby.lobby_id;
    player.note("lobby_started");
    timeline.made_with(Side::Host, Step::LobbyStarted, lobby_id.as_str());
    invite.send(lobby_id).ok();

    let guest = join_request(&mut player).await?;
    timeline.made(Side::Host, Step::JoinRequestReceived);
    player.client.accept(guest.clone(), None).await?;
    player.note("ok");
    timeline.made(Side::Host, Step::Accepted);

    let (peer, happenings) = Peer::start(player.ice_servers().await?, ways).await?;
    offer(&player, &peer, &guest).await?;
    meet(player, peer, happenings, &guest, meeting).await
}

async fn guest(
    url: &str,
    timeline: &Timeline,
    ways: Ways,
    invitation: oneshot::Receiver<LobbyId>,
    meeting: &Barrier,
) -> anyhow::Result<Share> {
    let mut player = Player::connect(Side::Guest, url, timeline)
        .await
        .context("The guest did not connect.")?;
    let lobby_id = invitation.await.context("The host opened no lobby.")?;
    let joining = player
        .client
        .join_lobby(JoinLobby {
            lobby_id,
            password: None,
            metadata: None,
        })
        .await?;
    // After a cut, the host may have decided already, and the lobby that the player comes back to says so.
    ensure!(
        joining == Joining::Asked || timeline.scissors().is_some(),
        "The guest was let in before the host had decided."
    );
    player.note("ok");
    timeline.made(Side::Guest, Step::JoinRequested);

    // Prepared while the host decides: its offer may come right after the acceptance.
    let (peer, happenings) = Peer::start(player.ice_servers().await?, ways).await?;
    let (peer_id, host) = acceptance(&mut player).await?;
    timeline.made_with(Side::Guest, Step::Joined, format!("as peer {peer_id}"));
    meet(player, peer, happenings, &host, meeting).await
}

/// From the handshake to the last message; the same for both.
async fn meet(
    mut player: Player<'_>,
    peer: Peer,
    mut happenings: mpsc::Receiver<PeerEvent>,
    other: &PeerAddress,
    meeting: &Barrier,
) -> anyhow::Result<Share> {
    let (side, timeline) = (player.side, player.timeline);
    shake_hands(&mut player, &peer, &mut happenings, other).await?;
    meeting.wait().await;

    let first = talk(side, &peer, &mut happenings, 0..ROUND).await?;
    timeline.made_with(
        side,
        Step::FirstRound,
        format!("{} sent, {} received", first.sent, first.received),
    );
    meeting.wait().await;

    player.leave().await?;
    timeline.made(side, Step::SignallingClosed);
    meeting.wait().await;

    let second = talk(side, &peer, &mut happenings, ROUND..2 * ROUND).await?;
    timeline.made_with(
        side,
        Step::SecondRound,
        format!("{} sent, {} received", second.sent, second.received),
    );
    meeting.wait().await;
    peer.close().await?;

    let messages = Tally {
        sent: first.sent + second.sent,
        received: first.received + second.received,
    };
    Ok(Share {
        signalling: player.client.stats(),
        heard: player.heard(),
        messages,
    })
}

/// Who asks to be let in; after a cut, the lobby says so.
async fn join_request(player: &mut Player<'_>) -> anyhow::Result<PeerAddress> {
    loop {
        let event = player.next().await?;
        if let Event::ReceivedJoinRequest(request) = event {
            return Ok(request.connection_id);
        } else if let Event::LobbyResumed(lobby) = event
            && let Some(request) = lobby.requests.into_iter().next()
        {
            return Ok(request.connection_id);
        }
    }
}

/// As which peer the player was let in, and by whom; after a cut, the lobby says so.
async fn acceptance(player: &mut Player<'_>) -> anyhow::Result<(PeerId, PeerAddress)> {
    loop {
        let event = player.next().await?;
        if let Event::JoinRequestAccepted(accepted) = event {
            return Ok((accepted.peer_id, accepted.host_connection_id));
        } else if let Event::LobbyResumed(lobby) = event
            && let Some(peer_id) = lobby.peer_id
        {
            let mut members = lobby.members.into_iter();
            let host = members.find(|member| member.peer_id == lobby.host_peer_id);
            let host = host.context("The lobby has lost its host.")?;
            return Ok((peer_id, host.connection_id));
        }
    }
}
