//! `switchboard demo`: two players meet, and Switchboard is no longer needed; or two strangers are matched, and fight.

mod fight;
mod handshake;
mod peer;
mod play;
mod player;
mod report;
mod scissors;
mod talk;
#[cfg(test)]
mod tests;
mod timeline;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::anyhow;
use local::ServerSettings;
use tokio::time::timeout;

use self::peer::Ways;
use self::scissors::Scissors;
use self::timeline::{Audience, MATCH, MEETING, Timeline};
use crate::args::DemoArgs;
use crate::{output, server};

/// Runs the demo and reports on it.
///
/// # Errors
/// A sentence that says what was missing.
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let audience = if args.json {
        Audience::Program
    } else {
        Audience::People
    };
    let ways = if args.relay_only {
        Ways::Relay
    } else {
        Ways::All
    };
    let place = match args.url {
        Some(url) => Place::There(url),
        None => Place::Here(Box::new(ServerSettings {
            turn: args.turn.read()?,
            ..own()
        })),
    };
    if args.is_match {
        let timeline = Timeline::start(audience, MATCH);
        let play = async |url: &str, timeline: &Timeline| fight::play(url, timeline, ways).await;
        let fought = against(place, &timeline, args.deadline, play).await;
        if args.json {
            output::line(report::match_json(&timeline, &fought));
        } else if let Ok(outcome) = &fought {
            report::print_match(&timeline, outcome);
        }
        return fought.map(drop);
    }
    let timeline = Timeline::start(audience, MEETING);
    let timeline = match args.cut {
        Some(seed) => timeline.with(Scissors::new(seed)),
        None => timeline,
    };
    let play = async |url: &str, timeline: &Timeline| play::play(url, timeline, ways).await;
    let played = against(place, &timeline, args.deadline, play).await;
    if args.json {
        output::line(report::json(&timeline, &played));
    } else if let Ok(outcome) = &played {
        report::print(&timeline, outcome);
    }
    played.map(drop)
}

/// Where the Switchboard is that is played against.
enum Place {
    /// It runs already, at this URL.
    There(String),
    /// One of the demo's own, in this process.
    Here(Box<ServerSettings>),
}

/// A Switchboard of the demo's own, on a free port.
fn own() -> ServerSettings {
    server::settings(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
}

/// Plays against a Switchboard.
async fn against<T>(
    place: Place,
    timeline: &Timeline,
    deadline: Duration,
    play: impl AsyncFnOnce(&str, &Timeline) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    match place {
        Place::There(url) => in_time(timeline, deadline, play(&url, timeline)).await,
        Place::Here(settings) => {
            let server = server::start(*settings).await?;
            let url = server.url();
            timeline.server_started(&url);
            let played = in_time(timeline, deadline, play(&url, timeline)).await;
            server.stop().await;
            played
        }
    }
}

async fn in_time<T>(
    timeline: &Timeline,
    deadline: Duration,
    playing: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    timeout(deadline, playing).await.unwrap_or_else(|_| {
        Err(anyhow!(
            "The demo was not done within {deadline:?}. {}",
            what_is_missing(&timeline.missing())
        ))
    })
}

/// Names the next few steps: what comes after them is missing because of them.
fn what_is_missing(steps: &[String]) -> String {
    const NAMED: usize = 4;
    let (named, rest) = steps.split_at(steps.len().min(NAMED));
    let rest = match rest.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("Still missing: {}{rest}.", named.join(", "))
}
