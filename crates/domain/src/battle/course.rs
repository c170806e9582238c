//! A battle's course: how it begins, what its players do, what time does, and how it is settled.

use std::collections::{BTreeMap, BTreeSet};

use ids::{BattleId, PlayerId};

use super::{
    Battle, Decision, Event, Game, Move, Options, Pair, Player, PlayerResult, Refusal, RulesName,
    Settlement, Side, Told, Verdict, Why,
};
use crate::Timestamp;

impl Battle {
    /// Begins one. No alarm is set for it yet.
    #[must_use]
    pub fn start(
        battle_id: BattleId,
        rules: RulesName,
        mut options: Options,
        players: Pair<Player>,
        now: Timestamp,
    ) -> Self {
        options.players = None;
        Self {
            battle_id,
            players,
            game: Game::start(rules, &options, now),
            options,
            started_at: now,
            alarm: None,
            away: BTreeMap::new(),
            rematch: BTreeSet::new(),
            settlement: None,
        }
    }

    /// Whether it is not settled yet.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.settlement.is_none()
    }

    /// The next moment at which time alone changes it; `None` once it is settled.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        let away = self.away.values().copied();
        let deadlines = away.chain(self.game.deadline());
        deadlines.min().filter(|_| self.is_running())
    }

    /// Lets a player make a move.
    pub(crate) fn play(
        &mut self,
        by: &PlayerId,
        what: Move,
        now: Timestamp,
    ) -> Result<Vec<Told>, Refusal> {
        let side = self.runs_for(by)?;
        self.game.apply(side, what, &self.players, now)
    }

    /// Lets a player give up.
    pub(crate) fn give_up(&mut self, by: &PlayerId, now: Timestamp) -> Result<Told, Refusal> {
        let side = self.runs_for(by)?;
        Ok(self.settle(lost_by(side), now))
    }

    /// A player has left for good: that is giving up, unless the other has been away for longer.
    pub(crate) fn leave(&mut self, player_id: &PlayerId, now: Timestamp) -> Option<Told> {
        let side = self.runs_for(player_id).ok()?;
        let absent = self.absent().map(|(decision, _)| decision);
        Some(self.settle(absent.unwrap_or(lost_by(side)), now))
    }

    /// A player's connection has ended; it may stay away until then.
    pub(crate) fn lose_touch(&mut self, player_id: &PlayerId, until: Timestamp) {
        if self.runs_for(player_id).is_ok() {
            self.away.insert(player_id.clone(), until);
        }
    }

    /// Settles what is decided by now, if it is not settled yet.
    pub(crate) fn settle_due(&mut self, now: Timestamp) -> Option<Told> {
        if !self.is_running() {
            return None;
        }
        let absent = self.absent().filter(|(_, until)| *until <= now);
        let decision = match absent {
            Some((decision, until)) if self.game.deadline().is_none_or(|end| until < end) => {
                Some(decision)
            }
            Some((decision, _)) => self.game.decision(now).or(Some(decision)),
            None => self.game.decision(now),
        };
        decision.map(|decision| self.settle(decision, now))
    }

    /// Settles what is left of it because its lobby is no more: whoever has been away for longest has lost, or else whoever
    /// ended the lobby; where that is none of its players, nobody has.
    pub(crate) fn break_off(&mut self, by: &PlayerId, now: Timestamp) -> Option<Told> {
        if !self.is_running() {
            return None;
        }
        let absent = self.absent().map(|(decision, _)| decision);
        let decision = absent.unwrap_or_else(|| Decision {
            why: Why::Forfeit,
            winner: self.players.side_of(by).map(Side::other),
        });
        Some(self.settle(decision, now))
    }

    /// On which side a player plays, while it still can.
    fn runs_for(&self, player_id: &PlayerId) -> Result<Side, Refusal> {
        let side = self.players.side_of(player_id).ok_or(Refusal::NotPlaying)?;
        if self.is_running() {
            Ok(side)
        } else {
            Err(Refusal::Over)
        }
    }

    /// How it is decided by who is away, and from when on: whoever has been for longer has lost, and nobody has where both
    /// went at once.
    fn absent(&self) -> Option<(Decision, Timestamp)> {
        let until = |side| self.away.get(&self.players.get(side).player_id).copied();
        let (first, second) = (until(Side::First), until(Side::Second));
        let until = first.into_iter().chain(second).min()?;
        let decision = if first == second {
            Decision {
                why: Why::Forfeit,
                winner: None,
            }
        } else if first == Some(until) {
            lost_by(Side::First)
        } else {
            lost_by(Side::Second)
        };
        Some((decision, until))
    }

    fn settle(&mut self, decision: Decision, now: Timestamp) -> Told {
        let players = self.players.iter().map(|(side, player)| PlayerResult {
            player_id: player.player_id.clone(),
            result: match decision.winner {
                None => Verdict::Draw,
                Some(winner) if winner == side => Verdict::Win,
                Some(_) => Verdict::Lose,
            },
            score: self.game.score(side),
        });
        let settlement = Settlement {
            battle_id: self.battle_id.clone(),
            rules: self.game.rules(),
            settled_at: now,
            why: decision.why,
            players: players.collect(),
        };
        self.settlement = Some(settlement.clone());
        self.away.clear();
        self.alarm = None;
        Told::to_everyone(Event::Settled(settlement))
    }
}

fn lost_by(side: Side) -> Decision {
    Decision {
        why: Why::Forfeit,
        winner: Some(side.other()),
    }
}
