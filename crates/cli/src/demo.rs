//! `switchboard demo`: two players meet, and Switchboard is no longer needed.

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

use self::timeline::{Audience, Timeline};
use crate::args::DemoArgs;
use crate::{output, server};

/// Runs the demo and reports on it.
///
/// # Errors
/// A sentence that says what was missing.
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let timeline = Timeline::start(if args.json {
        Audience::Program
    } else {
        Audience::People
    });
    let played = against(args.url.as_deref(), &timeline, args.deadline).await;
    if args.json {
        output::line(report::json(&timeline, &played));
    } else if let Ok(outcome) = &played {
        report::print(&timeline, outcome);
    }
    played.map(drop)
}

/// Plays against the Switchboard at a URL; without one, against one of its own.
async fn against(
    url: Option<&str>,
    timeline: &Timeline,
    deadline: Duration,
) -> anyhow::Result<play::Outcome> {
    let Some(url) = url else {
        let server = server::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), Vec::new()).await?;
        let url = server.url();
        timeline.server_started(&url);
        let played = play_in_time(&url, timeline, deadline).await;
        server.stop().await;
        return played;
    };
    play_in_time(url, timeline, deadline).await
}

async fn play_in_time(
    url: &str,
    timeline: &Timeline,
    deadline: Duration,
) -> anyhow::Result<play::Outcome> {
    let played = timeout(deadline, play::play(url, timeline)).await;
    played.unwrap_or_else(|_| {
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
