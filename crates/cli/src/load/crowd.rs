//! Many players, each on a connection of its own.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use client::{Client, Events, Incoming, Options};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use ids::{MatchId, PlayerId, QueueName};
use protocol::Event;
use protocol::matchmaking::JoinMatchmaking;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, timeout, timeout_at};

/// How many connect at a time.
const CONNECTING: usize = 64;

/// How long to listen on for a second match that must not come.
const AFTERMATH: Duration = Duration::from_millis(500);

/// Somebody who is connected.
pub(super) struct Player {
    /// Its half that talks.
    pub(super) client: Client,
    /// Its half that listens.
    pub(super) events: Events,
    id: PlayerId,
}

/// Somebody who was matched.
#[derive(Debug)]
pub(super) struct Matched {
    /// Who.
    pub(super) own: PlayerId,
    /// In which match.
    pub(super) found: MatchId,
    /// With whom, itself included.
    pub(super) players: Vec<PlayerId>,
    /// How long after it began to look.
    pub(super) waited: Duration,
}

/// Connects so many, and says of each that it is there.
///
/// # Errors
/// Where one cannot connect, or is not welcome.
pub(super) async fn connect(
    url: &str,
    number: usize,
    is_there: impl Fn(),
) -> anyhow::Result<Vec<Player>> {
    stream::iter(0..number)
        .map(|_| connect_one(url))
        .buffer_unordered(CONNECTING)
        .inspect_ok(|_| is_there())
        .try_collect()
        .await
}

async fn connect_one(url: &str) -> anyhow::Result<Player> {
    let options = Options {
        deadline: Duration::from_secs(30),
        ..Options::default()
    };
    let (client, events) = Client::connect(url, options).await?;
    let id = client.hello().await?.player_id;
    Ok(Player { client, events, id })
}

/// Lets everybody look for opponents, so many more in each second, and waits until all are matched.
///
/// # Errors
/// Where somebody is refused, is not matched in time, or is matched twice.
pub(super) async fn look(
    players: Vec<Player>,
    queue: &QueueName,
    rate: u32,
    patience: Duration,
) -> anyhow::Result<Vec<Matched>> {
    let deadline = Instant::now() + patience;
    let mut pace = interval(Duration::from_secs(1) / rate);
    let mut looking = JoinSet::new();
    let number = players.len();
    for player in players {
        pace.tick().await;
        looking.spawn(be_matched(player, queue.clone(), deadline));
    }
    let mut matched = Vec::with_capacity(number);
    while let Some(one) = looking.join_next().await {
        matched.push(one.context("a player's task was ended")??);
    }
    ensure!(
        matched.len() == number,
        "only {} of {number} were matched",
        matched.len()
    );
    Ok(matched)
}

async fn be_matched(
    mut player: Player,
    queue: QueueName,
    deadline: Instant,
) -> anyhow::Result<Matched> {
    let began = Instant::now();
    let wish = JoinMatchmaking {
        queue: Some(queue),
        ..JoinMatchmaking::default()
    };
    player.client.join_matchmaking(wish).await?;
    let found = timeout_at(deadline, next_match(&mut player.events)).await;
    let found = found.map_err(|_| anyhow!("A player was not matched in time."))??;
    let waited = began.elapsed();
    let again = timeout(AFTERMATH, next_match(&mut player.events)).await;
    ensure!(again.is_err(), "Player {} was matched twice.", player.id);
    let players = found.players.into_iter().map(|other| other.player_id);
    Ok(Matched {
        own: player.id,
        found: found.match_id,
        players: players.collect(),
        waited,
    })
}

async fn next_match(events: &mut Events) -> anyhow::Result<protocol::event::MatchFound> {
    while let Some(incoming) = events.next().await {
        match incoming {
            Incoming::Event(Event::MatchFound(found)) => return Ok(found),
            Incoming::Event(_) | Incoming::Unknown(_) => {}
            Incoming::NotAnEvent(other) => bail!("Switchboard said something else: {other:?}"),
        }
    }
    bail!("The connection ended before a match was found.")
}
