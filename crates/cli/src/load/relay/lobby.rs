//! Lobbies in which everybody was introduced to everybody.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{anyhow, bail, ensure};
use client::protocol::lobby::{JoinLobby, StartLobby};
use client::protocol::{Event, Whole};
use client::{Client, Events, Incoming, Joining};
use ids::{LobbyId, PeerAddress, PeerId};
use tokio::time::timeout;

use crate::load::crowd::Player;

/// How long what must be heard may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who is in a lobby.
pub(super) struct Seat {
    /// Its half that talks.
    pub(super) client: Client,
    /// Its half that listens.
    pub(super) events: Events,
    /// Its place in the lobby.
    pub(super) own: PeerId,
    /// How it reaches everybody else there.
    pub(super) peers: BTreeMap<PeerId, PeerAddress>,
}

/// Has the first of them start a lobby, and let in the others one after the other.
///
/// # Errors
/// Where anybody is refused, or does not hear what it should.
pub(super) async fn form(players: Vec<Player>) -> anyhow::Result<Vec<Seat>> {
    let seats = u32::try_from(players.len())?;
    let mut players = players.into_iter();
    let host = players.next().ok_or_else(|| anyhow!("Nobody is host."))?;
    let lobby = StartLobby {
        max_players: Some(Whole::new(seats).map_err(|problem| anyhow!(problem))?),
        ..StartLobby::default()
    };
    let started = host.client.start_lobby(lobby).await?;
    let mut present = vec![Seat::of(host, PeerId::FIRST)];
    for newcomer in players {
        let newcomer = let_in(&mut present, newcomer, &started.lobby.lobby_id).await?;
        present.push(newcomer);
    }
    for seat in &present {
        ensure!(
            seat.peers.len() + 1 == present.len(),
            "A player knows {} of the {} others in its lobby.",
            seat.peers.len(),
            present.len() - 1
        );
    }
    Ok(present)
}

impl Seat {
    fn of(player: Player, own: PeerId) -> Self {
        Self {
            client: player.client,
            events: player.events,
            own,
            peers: BTreeMap::new(),
        }
    }
}

async fn let_in(
    present: &mut [Seat],
    mut newcomer: Player,
    lobby_id: &LobbyId,
) -> anyhow::Result<Seat> {
    let join = JoinLobby {
        lobby_id: lobby_id.clone(),
        password: None,
        metadata: None,
    };
    let joining = newcomer.client.join_lobby(join).await?;
    ensure!(
        joining == Joining::Asked,
        "A player came in without being asked."
    );
    let (host, guests) = present.split_first_mut().expect("a host");
    let Event::ReceivedJoinRequest(request) = hear(&mut host.events).await? else {
        bail!("A host did not hear who wants in.");
    };
    host.client
        .accept(request.connection_id.clone(), None)
        .await?;
    let Event::JoinRequestAccepted(accepted) = hear(&mut newcomer.events).await? else {
        bail!("A player did not hear that it is in.");
    };
    host.peers.insert(accepted.peer_id, request.connection_id);
    for guest in guests {
        let Event::PlayerJoined(joined) = hear(&mut guest.events).await? else {
            bail!("A member did not hear who came in.");
        };
        guest.peers.insert(joined.peer_id, joined.connection_id);
    }
    let mut seat = Seat::of(newcomer, accepted.peer_id);
    for member in accepted.members {
        seat.peers.insert(member.peer_id, member.connection_id);
    }
    Ok(seat)
}

async fn hear(events: &mut Events) -> anyhow::Result<Event> {
    let heard = timeout(PATIENCE, events.next()).await;
    let heard = heard.map_err(|_| anyhow!("A player heard nothing while lobbies were made."))?;
    match heard {
        Some(Incoming::Event(event)) => Ok(event),
        Some(other @ (Incoming::Unknown(_) | Incoming::NotAnEvent(_))) => {
            bail!("Switchboard said something else: {other:?}")
        }
        None => bail!("A connection ended while lobbies were made."),
    }
}
