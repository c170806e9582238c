//! `switchboard load match`: many players look for opponents.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use ids::{MatchId, PlayerId, QueueName};
use serde_json::{Value, json};

use super::crowd::{self, Matched};
use super::histogram::Waits;
use crate::args::LoadMatchArgs;
use crate::{output, server};

/// How much longer than the players' arrival the whole may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// Measures how long players wait for a match.
///
/// # Errors
/// Where a player was not matched, was matched twice or with itself, or could not connect.
pub(super) async fn run(args: LoadMatchArgs) -> anyhow::Result<()> {
    let Some(url) = args.url.clone() else {
        let settings = server::settings(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let server = server::start(settings).await?;
        let done = match_everybody(&server.url(), &args).await;
        server.stop().await;
        return done;
    };
    match_everybody(&url, &args).await
}

async fn match_everybody(url: &str, args: &LoadMatchArgs) -> anyhow::Result<()> {
    let queue = QueueName::parse(args.queue.as_str()).context("--queue is no queue's name")?;
    let say = |text: String| {
        if !args.json {
            output::line(text);
        }
    };
    say(format!("Connecting {} players to {url} ...", args.players));
    let players = crowd::connect(url, args.players, || {}).await?;
    let (number, rate) = (args.players, args.rate);
    say(format!(
        "{number} players look for opponents in {queue}, {rate} more each second ..."
    ));
    let arrival = Duration::from_secs_f64(f64::from(u32::try_from(number)?) / f64::from(rate));
    let matched = crowd::look(players, &queue, rate, arrival + PATIENCE).await?;
    let pairs = pairs(&matched)?;
    let mut waits = Waits::new("time to match");
    for one in &matched {
        waits.record(one.waited);
    }
    if args.json {
        output::line(report(args, pairs, &waits));
    } else {
        output::line(format!(
            "{number} players in {pairs} matches; nobody twice, nobody left over.\n\n{waits}"
        ));
    }
    Ok(())
}

fn report(args: &LoadMatchArgs, pairs: usize, waits: &Waits) -> Value {
    json!({
        "players": args.players,
        "joins_per_second": args.rate,
        "matches": pairs,
        "milliseconds_to_match": waits.percentiles(),
    })
}

/// Every match, by what each of its players says of it. They have to agree.
fn pairs(matched: &[Matched]) -> anyhow::Result<usize> {
    let mut told: BTreeMap<&MatchId, Vec<(&PlayerId, &[PlayerId])>> = BTreeMap::new();
    for Matched {
        own,
        found,
        players,
        ..
    } in matched
    {
        told.entry(found).or_default().push((own, players));
    }
    for (match_id, said) in &told {
        let own: Vec<_> = said.iter().map(|(own, _)| (*own).clone()).collect();
        ensure!(
            own.len() == 2,
            "Match {match_id} was told to {} players.",
            own.len()
        );
        for (player, players) in said {
            ensure!(
                players.len() == 2 && own.iter().all(|other| players.contains(other)),
                "Player {player} was told that {players:?} are in match {match_id}; {own:?} are."
            );
        }
    }
    Ok(told.len())
}
