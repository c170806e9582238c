//! What the keys do.

use std::time::Instant;

use super::deeds::HIGHEST;
use super::{Board, Consent, Deed, Game, Leaving, Stage};

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// An arrow: how far down, and how far to the right.
    Arrow(i32, i32),
    /// Enter or the space bar.
    Go,
    /// Any other character.
    Letter(char),
    /// Ctrl-C.
    Interrupt,
}

/// Whether a player stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Will {
    /// It does.
    Stay,
    /// It leaves.
    Leave,
}

impl Game {
    /// A key was pressed.
    pub(crate) fn press(&mut self, press: Press, now: Instant) -> Will {
        if press == Press::Interrupt {
            return Will::Leave;
        }
        if self.leaving == Leaving::Asked {
            self.leaving = Leaving::No;
            return match press {
                Press::Letter('y') if self.is_in_battle() => Will::Leave,
                Press::Letter(_) | Press::Arrow(..) | Press::Go | Press::Interrupt => Will::Stay,
            };
        }
        if press == Press::Letter('q') {
            if self.is_in_battle() {
                self.leaving = Leaving::Asked;
                return Will::Stay;
            }
            return Will::Leave;
        }
        match &self.stage {
            Stage::Searching(_) => self.press_searching(press),
            Stage::Proposed(_) => self.press_proposed(press),
            Stage::Playing => self.press_playing(press, now),
            Stage::Waiting | Stage::Gone(_) => {}
        }
        Will::Stay
    }

    fn press_searching(&mut self, press: Press) {
        if press == Press::Letter('e') {
            self.want(Deed::Explain);
        }
    }

    fn press_proposed(&mut self, press: Press) {
        let Stage::Proposed(proposal) = &self.stage else {
            return;
        };
        if proposal.consent == Consent::Given {
            return;
        }
        let match_id = proposal.match_id.clone();
        match press {
            Press::Go => self.want(Deed::Accept(match_id)),
            Press::Letter('d') => self.want(Deed::Decline(match_id)),
            Press::Letter(_) | Press::Arrow(..) | Press::Interrupt => {}
        }
    }

    fn press_playing(&mut self, press: Press, now: Instant) {
        let Some(fight) = self.fight.as_ref().filter(|_| self.plays()) else {
            return;
        };
        if fight.settled.is_some() {
            let has_asked = fight.rematch.contains(&self.me);
            if press == Press::Letter('r') && self.can_rematch() && !has_asked {
                self.want(Deed::Rematch);
            }
            return;
        }
        if press == Press::Letter('f') {
            return self.want(Deed::Forfeit);
        }
        match &fight.board {
            Board::Tiles(_) => self.press_tiles(press),
            Board::Scores(_) => self.press_scores(press, now),
        }
    }

    fn press_tiles(&mut self, press: Press) {
        match press {
            Press::Arrow(down, right) => {
                let moved = |from: u32, by: i32| from.saturating_add_signed(by).min(2);
                let [row, column] = self.cursor;
                self.cursor = [moved(row, down), moved(column, right)];
            }
            Press::Go => self.want(Deed::Place(self.cursor)),
            Press::Letter(digit @ '1'..='9') => {
                let number = digit.to_digit(10).map_or(0, |digit| digit - 1);
                self.cursor = [number / 3, number % 3];
                self.want(Deed::Place(self.cursor));
            }
            Press::Letter(_) | Press::Interrupt => {}
        }
    }

    fn press_scores(&mut self, press: Press, now: Instant) {
        let me = self.me.clone();
        let Some(scores) = self.fight.as_mut().and_then(super::Fight::scores_mut) else {
            return;
        };
        let can_score = scores
            .contestants
            .get(&me)
            .is_some_and(|me| !me.dead && !me.is_frozen(now));
        match press {
            Press::Go if can_score => {
                scores.hoped = (scores.hoped + 1).min(HIGHEST);
                let hoped = scores.hoped;
                self.want(Deed::Tell(hoped));
            }
            Press::Letter('a') => self.want(Deed::Attack),
            Press::Letter('d') => self.want(Deed::Die),
            Press::Go | Press::Letter(_) | Press::Arrow(..) | Press::Interrupt => {}
        }
    }
}
