//! A game that plays by itself, and prints a line for everything that happens.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::{anyhow, bail};
use tokio::time::{Instant, sleep_until};

use super::game::{Deed, Game, Stage};
use super::moves::{NoughtsMoves, ScoreMove, ScoreMoves};
use super::table::Table;
use crate::signals;

/// What is left to do.
pub(super) struct Script {
    steps: VecDeque<Step>,
    last: Deed,
    paused_until: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Do(Deed),
    Wait(Duration),
}

impl From<NoughtsMoves> for Script {
    fn from(NoughtsMoves(tiles): NoughtsMoves) -> Self {
        let steps = tiles.into_iter().map(|tile| Step::Do(Deed::Place(tile)));
        Self::new(steps.collect(), Deed::Forfeit)
    }
}

impl From<ScoreMoves> for Script {
    fn from(ScoreMoves(moves): ScoreMoves) -> Self {
        let steps = moves.into_iter().map(|one| match one {
            ScoreMove::Score(score) => Step::Do(Deed::Tell(score)),
            ScoreMove::Attack => Step::Do(Deed::Attack),
            ScoreMove::Wait(time) => Step::Wait(time),
            ScoreMove::Forfeit => Step::Do(Deed::Forfeit),
            ScoreMove::Die => Step::Do(Deed::Die),
        });
        Self::new(steps.collect(), Deed::Die)
    }
}

impl Script {
    fn new(steps: VecDeque<Step>, last: Deed) -> Self {
        Self {
            steps,
            last,
            paused_until: None,
        }
    }

    /// Wants the next thing done, if it is time for it.
    fn advance(&mut self, game: &mut Game, now: Instant) {
        if let Stage::Proposed(proposal) = &game.stage {
            let agree = Deed::Accept(proposal.match_id.clone());
            if proposal.consent == super::game::Consent::Open && game.is_idle() {
                game.want(agree);
            }
            return;
        }
        let has_turns = game
            .fight
            .as_ref()
            .is_some_and(|fight| fight.scores().is_none());
        let may_move = game.is_in_battle() && (!has_turns || game.is_my_turn());
        if !may_move || !game.is_idle() || self.paused_until.is_some_and(|until| until > now) {
            return;
        }
        self.paused_until = None;
        match self.steps.pop_front() {
            Some(Step::Do(deed)) => game.want(deed),
            Some(Step::Wait(time)) => self.paused_until = Some(now + time),
            None => game.want(self.last.clone()),
        }
    }
}

/// Plays until the battle is settled, and shows every line.
pub(super) async fn play(
    mut table: Table,
    mut script: Script,
    show: impl FnMut(&str),
) -> anyhow::Result<()> {
    let played = until_settled(&mut table, &mut script, show).await;
    table.leave().await;
    played
}

async fn until_settled(
    table: &mut Table,
    script: &mut Script,
    mut show: impl FnMut(&str),
) -> anyhow::Result<()> {
    let mut printed = 0;
    let stop = signals::stop();
    tokio::pin!(stop);
    loop {
        for line in &table.game.log()[printed..] {
            show(&line.text);
        }
        printed = table.game.log().len();
        if table.game.settlement().is_some() {
            return Ok(());
        }
        if let Stage::Gone(why) = &table.game.stage {
            bail!("{why}");
        }
        script.advance(&mut table.game, Instant::now());
        let pause = script.paused_until;
        tokio::select! {
            () = table.step() => {}
            () = sleep_until(pause.unwrap_or_else(Instant::now)), if pause.is_some() => {}
            stopped = &mut stop => {
                stopped?;
                return Err(anyhow!("Stopped before the battle was settled."));
            }
        }
    }
}
