//! `switchboard load relay`: many are connected, and many of them signal to each other.

mod course;
mod files;
mod frame;
mod lobby;
mod numbers;
mod report;
mod server;
mod tally;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::bail;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use tokio::time::{interval, sleep};

use self::course::Pace;
use self::lobby::Seat;
use self::report::{Memory, Report, mebibytes};
use self::server::ServerProcess;
use self::tally::Tally;
use super::crowd::{self, Player};
use crate::args::LoadRelayArgs;
use crate::{output, signals};

/// How many lobbies are made, and how many players asked whether they are there, at a time.
const AT_ONCE: usize = 64;

/// How often it says how far it is.
const PROGRESS: Duration = Duration::from_secs(10);

/// Measures what a relayed frame takes while many are connected.
///
/// # Errors
/// Where a frame was lost or came twice, where anything else went wrong, or where it was stopped.
pub(super) async fn run(args: LoadRelayArgs) -> anyhow::Result<()> {
    tokio::select! {
        done = load(args) => done,
        stopped = signals::stop() => {
            stopped?;
            bail!("It was stopped before its end.")
        }
    }
}

async fn load(args: LoadRelayArgs) -> anyhow::Result<()> {
    let lobbies = args.lobbies()?;
    files::allow(args.connections)?;
    let (server, url) = if let Some(url) = args.url.clone() {
        (None, url)
    } else {
        let server = ServerProcess::start().await?;
        let url = server.url().to_owned();
        (Some(server), url)
    };
    let stage = Stage {
        url,
        server,
        say: if args.json {
            output::aside
        } else {
            output::line
        },
    };
    let report = stage.measure(args, lobbies).await?;
    if report.asked.json {
        output::line(report.json());
    } else {
        output::line(&report);
    }
    report.verdict()
}

/// Where it takes place, and to whom it says how far it is.
struct Stage {
    url: String,
    server: Option<ServerProcess>,
    say: fn(String),
}

impl Stage {
    async fn measure(&self, asked: LoadRelayArgs, lobbies: u32) -> anyhow::Result<Report> {
        let (seated, silent) = self.gather(&asked, lobbies).await?;
        let (rate, seconds) = (asked.rate, asked.seconds);
        (self.say)(format!(
            "{} players send {rate} frames a second each, for {seconds} seconds ...",
            asked.signalling
        ));
        let tally = Arc::new(Tally::new());
        let start = self.memory();
        let sending = course::run(seated, Pace::new(rate, seconds), &tally);
        let half_way = async {
            sleep(Duration::from_secs(seconds.into()) / 2).await;
            self.memory()
        };
        let both = async { tokio::join!(sending, half_way) };
        let how_far = || {
            let (frames, memory) = (tally.frames(), mebibytes(self.memory()));
            let (sent, received) = (frames.sent, frames.received);
            format!("  {sent} sent, {received} received, memory {memory}")
        };
        let (still_there, middle) = self.telling(how_far, both).await;
        let end = self.memory();
        look_after(silent, &tally).await;
        // Only now: the farewells of hundreds at once keep a server busy.
        drop(still_there);
        Ok(Report {
            asked,
            lobbies,
            frames: tally.frames(),
            waits: tally.waits(),
            memory: Memory { start, middle, end },
            problems: tally.problems(),
        })
    }

    /// Connects everybody, and has the first of them meet in lobbies; whoever is in none comes second.
    async fn gather(
        &self,
        asked: &LoadRelayArgs,
        lobbies: u32,
    ) -> anyhow::Result<(Vec<Vec<Seat>>, Vec<Player>)> {
        let (number, done) = (usize::try_from(asked.connections)?, AtomicUsize::new(0));
        let count = || {
            done.fetch_add(1, Ordering::Relaxed);
        };
        let how_far = || format!("  {} until now", done.load(Ordering::Relaxed));
        (self.say)(format!("Connecting {number} players to {} ...", self.url));
        let connecting = crowd::connect(&self.url, number, count);
        let mut players = self.telling(how_far, connecting).await?;
        done.store(0, Ordering::Relaxed);
        let size = usize::try_from(asked.lobby_size)?;
        (self.say)(format!(
            "{lobbies} of them open lobbies, and let in {} each ...",
            size - 1
        ));
        let silent = players.split_off(usize::try_from(asked.signalling)?);
        let mut groups = Vec::new();
        while !players.is_empty() {
            groups.push(players.split_off(players.len() - size));
        }
        let forming = stream::iter(groups)
            .map(lobby::form)
            .buffer_unordered(AT_ONCE)
            .inspect_ok(|_| count())
            .try_collect();
        let seated = self.telling(how_far, forming).await?;
        Ok((seated, silent))
    }

    /// Does something, and says from time to time how far it is.
    async fn telling<T>(&self, how_far: impl Fn() -> String, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let mut ticks = interval(PROGRESS);
        // The first comes at once, when there is nothing to tell.
        ticks.tick().await;
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = ticks.tick() => (self.say)(how_far()),
            }
        }
    }

    fn memory(&self) -> Option<u64> {
        self.server.as_ref().and_then(ServerProcess::memory)
    }
}

/// Asks those who were silent whether they are still there and have heard nothing, as they should.
async fn look_after(silent: Vec<Player>, tally: &Tally) {
    let asking = stream::iter(silent).map(|mut player| async move {
        if let Err(error) = player.client.ping().await {
            tally.problem(error);
        } else if let Some(heard) = player.events.next().now_or_never() {
            tally.problem(format_args!("Whoever was to hear nothing heard {heard:?}"));
        }
        player
    });
    let still_there: Vec<_> = asking.buffer_unordered(AT_ONCE).collect().await;
    drop(still_there);
}
