//! `switchboard demo`: two players meet, and Switchboard is no longer needed; or two strangers are matched, and fight.

mod fight;
mod handshake;
mod peer;
mod play;
mod player;
mod report;
mod talk;
#[cfg(test)]
mod tests;
mod timeline;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::anyhow;
use tokio::time::timeout;

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
    let url = args.url.as_deref();
    if args.is_match {
        let timeline = Timeline::start(audience, MATCH);
        let fought = against(url, &timeline, args.deadline, fight::play).await;
        if args.json {
            output::line(report::match_json(&timeline, &fought));
        } else if let Ok(outcome) = &fought {
            report::print_match(&timeline, outcome);
        }
        return fought.map(drop);
    }
    let timeline = Timeline::start(audience, MEETING);
    let played = against(url, &timeline, args.deadline, play::play).await;
    if args.json {
        output::line(report::json(&timeline, &played));
    } else if let Ok(outcome) = &played {
        report::print(&timeline, outcome);
    }
    played.map(drop)
}

/// Plays against the Switchboard at a URL; without one, against one of its own.
async fn against<T>(
    url: Option<&str>,
    timeline: &Timeline,
    deadline: Duration,
    play: impl AsyncFnOnce(&str, &Timeline) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let Some(url) = url else {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = server::start(server::settings(listen)).await?;
        let url = server.url();
        timeline.server_started(&url);
        let played = in_time(timeline, deadline, play(&url, timeline)).await;
        server.stop().await;
        return played;
    };
    in_time(timeline, deadline, play(url, timeline)).await
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
