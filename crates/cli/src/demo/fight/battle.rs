//! A score attack with a script: the host ends above the guest, and freezes it on the way.

use anyhow::{Context as _, bail, ensure};
use client::RequestError;
use ids::PlayerId;
use protocol::ErrorCode;
use protocol::battle::{Rules, StartBattle};
use protocol::event::{BattleSettled, Event, Fallen, Outcome};

use super::super::player::Player;
use super::super::timeline::Step;

/// What each has in the end.
const HOST_SCORE: u64 = 42;
const GUEST_SCORE: u64 = 20;

/// Whose part one plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Starts the battle, attacks, and wins.
    Host,
    /// Is frozen, and loses.
    Guest,
}

/// What one has heard of the battle, in whatever order it came.
#[derive(Debug, Default)]
struct Heard {
    started: bool,
    other_score: u64,
    frozen_seconds: Option<u32>,
    other_is_dead: bool,
    settled: Option<BattleSettled>,
}

/// Fights the battle to its settlement.
pub(super) async fn fight(
    player: &mut Player<'_>,
    part: Part,
    other: &PlayerId,
) -> anyhow::Result<BattleSettled> {
    let mut heard = Heard::default();
    match part {
        Part::Host => attack(player, &mut heard, other).await?,
        Part::Guest => suffer(player, &mut heard, other).await?,
    }
    until(player, &mut heard, other, |heard| heard.settled.is_some()).await?;
    let settled = heard.settled.context("The battle was not settled.")?;
    let result = settled.settlement.result;
    let result = result.context("The battle was settled, but not for this player.")?;
    let result = match result {
        Outcome::Win => "won",
        Outcome::Lose => "lost",
        Outcome::Draw => "a draw",
    };
    player
        .timeline
        .made_with(player.side, Step::Settled, result);
    Ok(settled)
}

async fn attack(
    player: &mut Player<'_>,
    heard: &mut Heard,
    other: &PlayerId,
) -> anyhow::Result<()> {
    let battle = StartBattle {
        rules: Rules::ScoreAttack,
        options: None,
    };
    let started = player.client.start_battle(battle).await?;
    player.note("battle_started");
    heard.take(Event::BattleStarted(started), other)?;
    player.timeline.made(player.side, Step::BattleStarted);

    // The guest's first, because it cannot tell a score while it is frozen.
    until(player, heard, other, |heard| {
        heard.other_score == GUEST_SCORE
    })
    .await?;
    score(player, HOST_SCORE).await?;
    player.client.attack().await?;
    player.note("ok");
    player.timeline.made(player.side, Step::Attacked);
    die(player).await
}

async fn suffer(
    player: &mut Player<'_>,
    heard: &mut Heard,
    other: &PlayerId,
) -> anyhow::Result<()> {
    until(player, heard, other, |heard| heard.started).await?;
    player.timeline.made(player.side, Step::BattleStarted);
    score(player, GUEST_SCORE).await?;
    until(player, heard, other, |heard| heard.frozen_seconds.is_some()).await?;
    let seconds = heard.frozen_seconds.unwrap_or_default();
    player
        .timeline
        .made_with(player.side, Step::Frozen, format!("for {seconds} s"));
    refused_attack(player).await?;
    until(player, heard, other, |heard| heard.other_is_dead).await?;
    die(player).await
}

/// Shows that the server keeps the rules: whoever is frozen cannot attack.
async fn refused_attack(player: &mut Player<'_>) -> anyhow::Result<()> {
    match player.client.attack().await {
        Err(RequestError::Refused(refused)) if refused.code == ErrorCode::Frozen => {
            player.note("error");
            player.timeline.made(player.side, Step::AttackRefused);
            Ok(())
        }
        Err(error) => Err(error.into()),
        Ok(()) => bail!("A frozen player was allowed to attack."),
    }
}

async fn score(player: &mut Player<'_>, score: u64) -> anyhow::Result<()> {
    player.client.sync_score(score).await?;
    player.note("ok");
    player
        .timeline
        .made_with(player.side, Step::Scored, score.to_string());
    Ok(())
}

async fn die(player: &mut Player<'_>) -> anyhow::Result<()> {
    player.client.die().await?;
    player.note("ok");
    player.timeline.made(player.side, Step::Died);
    Ok(())
}

async fn until(
    player: &mut Player<'_>,
    heard: &mut Heard,
    other: &PlayerId,
    enough: impl Fn(&Heard) -> bool,
) -> anyhow::Result<()> {
    while !enough(heard) {
        let event = player.next().await?;
        heard.take(event, other)?;
    }
    Ok(())
}

impl Heard {
    fn take(&mut self, event: Event, other: &PlayerId) -> anyhow::Result<()> {
        if let Event::BattleStarted(started) = event {
            ensure!(
                started.players.len() == 2,
                "A battle of two has {} players.",
                started.players.len()
            );
            self.started = true;
        } else if let Event::ScoreSynced(synced) = event {
            ensure!(synced.player == *other, "A stranger's score was told.");
            self.other_score = self.other_score.max(synced.score);
        } else if let Event::Attacked(attack) = event {
            ensure!(attack.by == *other, "A stranger attacked.");
            self.frozen_seconds = Some(attack.seconds);
        } else if let Event::PlayerDied(died) = event {
            self.other_is_dead |=
                died.player == Fallen::All || died.player == Fallen::Player(other.clone());
        } else if let Event::BattleSettled(settled) = event {
            ensure!(self.settled.is_none(), "The battle was settled twice.");
            self.settled = Some(settled);
        } else if let Event::PlayerLeft(gone) = event {
            bail!(
                "The other left in the middle of the battle: {:?}.",
                gone.reason
            );
        }
        Ok(())
    }
}
