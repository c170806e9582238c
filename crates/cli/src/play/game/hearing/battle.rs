//! What becomes of what is heard of a battle.

use std::time::Instant;

use ids::PlayerId;
use protocol::event::{BattleSettled, BattleStarted, BattleState, MarkPlaced};

use crate::play::game::fight::{Newness, later};
use crate::play::game::{Board, Fight, Game, Leaving, Stage};

impl Game {
    pub(super) fn started(&mut self, started: BattleStarted, now: Instant) {
        if self
            .fight
            .as_ref()
            .is_some_and(|fight| fight.battle_id == started.battle_id)
        {
            return;
        }
        let (players, state) = (started.players, started.state);
        let mut fight = Fight::new(started.battle_id, players, state, &self.me, now);
        fight.until = started.seconds_left.map(|seconds| later(now, seconds));
        self.rules = started.rules;
        self.stage = Stage::Playing;
        self.fight = Some(fight);
        self.news("The battle begins.");
        self.tell_turn();
        if let Some(early) = self.early.take() {
            self.settled(early);
        }
    }

    pub(super) fn looked(&mut self, state: BattleState, now: Instant) {
        let rules = state.rules;
        let fight = Fight::again(state, &self.me, now);
        let is_known = self
            .fight
            .as_ref()
            .is_some_and(|known| known.battle_id == fight.battle_id);
        if is_known {
            // The battle began while this was asked; what has been heard since is newer.
            return;
        }
        if fight.settled.is_some() && fight.fighter(&self.me).is_none() {
            // Others have played here, and it is over.
            return;
        }
        self.rules = rules;
        self.stage = Stage::Playing;
        self.fight = Some(fight);
        if !self.plays() {
            self.news("You watch the battle.");
        }
        self.tell_turn();
    }

    pub(super) fn marked(&mut self, mark: MarkPlaced, now: Instant) {
        let Some(fight) = &mut self.fight else { return };
        if fight.update(mark.state, &self.me, now) == Newness::Old {
            return;
        }
        let goes_on = fight.settled.is_none();
        let until = mark.seconds_left.map(|seconds| later(now, seconds));
        fight.until = until.filter(|_| goes_on);
        let [row, column] = mark.tile;
        let (mine, theirs) = (
            format!("mark {row},{column}"),
            format!("marks {row},{column}"),
        );
        self.detail(self.sentence(&mark.player, &mine, &theirs));
        self.tell_turn();
    }

    pub(super) fn tell_turn(&mut self) {
        let turn = self.fight.as_ref().and_then(Fight::turn).cloned();
        if let Some(player) = turn {
            let turn = if self.is_me(&player) {
                "Your turn.".to_owned()
            } else {
                format!("The turn of {}.", self.name(&player))
            };
            self.detail(turn);
        }
    }

    pub(in crate::play::game) fn attacked(
        &mut self,
        by: &PlayerId,
        until: Option<Instant>,
        now: Instant,
    ) {
        let Some(fight) = &mut self.fight else { return };
        let target = fight.opponent(by).cloned();
        let Some(scores) = fight.scores_mut() else {
            return;
        };
        let until = until.unwrap_or(now + scores.freeze);
        if let Some(attacker) = scores.contestants.get_mut(by) {
            attacker.spent += scores.attack_cost;
        }
        let Some(target) = target else { return };
        if let Some(target) = scores.contestants.get_mut(&target) {
            target.frozen_until = Some(until);
        }
        let target = self.name(&target);
        let (mine, theirs) = (format!("freeze {target}"), format!("freezes {target}"));
        self.news(self.sentence(by, &mine, &theirs));
    }

    pub(in crate::play::game) fn scored(&mut self, player: &PlayerId, score: u64) {
        let is_me = self.is_me(player);
        let Some(scores) = self.fight.as_mut().and_then(Fight::scores_mut) else {
            return;
        };
        if let Some(standing) = scores.contestants.get_mut(player) {
            // A score never falls, so a lower one is an older one.
            standing.score = standing.score.max(score);
        }
        if is_me {
            scores.hoped = scores.hoped.max(score);
        }
        let (mine, theirs) = (format!("have {score}"), format!("has {score}"));
        self.detail(self.sentence(player, &mine, &theirs));
    }

    pub(in crate::play::game) fn died(&mut self, player: &PlayerId) {
        let Some(scores) = self.fight.as_mut().and_then(Fight::scores_mut) else {
            return;
        };
        if let Some(standing) = scores.contestants.get_mut(player) {
            if standing.dead {
                return;
            }
            standing.dead = true;
        }
        self.news(self.sentence(player, "have died", "has died"));
    }

    pub(super) fn all_died(&mut self) {
        if let Some(scores) = self.fight.as_mut().and_then(Fight::scores_mut) {
            for standing in scores.contestants.values_mut() {
                standing.dead = true;
            }
        }
        self.news("Both have died.");
    }

    pub(super) fn back(&mut self, player: &PlayerId) {
        let fight = self.fight.as_mut();
        if let Some(fighter) = fight.and_then(|fight| fight.fighter_mut(player)) {
            fighter.away_until = None;
        }
        self.news(self.sentence(player, "are back", "is back"));
    }

    pub(super) fn away(&mut self, player: &PlayerId, until: Instant, seconds: u32) {
        let fight = self.fight.as_mut();
        if let Some(fighter) = fight.and_then(|fight| fight.fighter_mut(player)) {
            fighter.away_until = Some(until);
        }
        let away = format!("away, and has {seconds} seconds to come back");
        self.news(self.sentence(player, &format!("are {away}"), &format!("is {away}")));
    }

    pub(super) fn settled(&mut self, settled: BattleSettled) {
        let Some(fight) = &mut self.fight else {
            self.early = Some(settled);
            return;
        };
        if fight.battle_id != settled.battle_id {
            self.early = Some(settled);
            return;
        }
        if fight.settled.is_some() {
            return;
        }
        fight.until = None;
        if let Board::Tiles(tiles) = &mut fight.board {
            tiles.turn = None;
        }
        fight.settled = Some(settled.settlement.clone());
        self.leaving = Leaving::No;
        let verdict = self.verdict(&settled.settlement);
        self.news(format!("The battle is settled. {verdict}"));
    }

    pub(super) fn rematch_wanted(&mut self, player: &PlayerId) {
        if let Some(fight) = &mut self.fight {
            fight.rematch.insert(player.clone());
        }
        self.news(self.sentence(player, "ask for a rematch", "asks for a rematch"));
    }
}
