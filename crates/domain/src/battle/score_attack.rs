//! Score attack: each plays for itself and tells its score. A part of the score buys attacks, which freeze the other for a
//! while; a frozen player can neither attack nor tell a score. When both have died or time is up, the higher score wins.
//!
//! A score never falls, and an attack does not lower it: it only uses up what further attacks can be bought with. Telling the
//! same score again and dying again change nothing and are not passed on; attacking again buys another attack.

use std::collections::BTreeMap;

use ids::PlayerId;

use super::options::seconds;
use super::{
    Decision, Event, Fallen, Moment, Options, Pair, Player, Refusal, Rules, Side, Told, Why,
};
use crate::Timestamp;
use crate::time::seconds_until;

/// The highest score.
pub const MAX_SCORE: u64 = 1_000_000_000_000;

/// A game as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// How much of the score an attack uses up.
    pub attack_cost: u64,
    /// How long an attack freezes the other.
    pub freeze_seconds: u32,
    /// When time is up.
    pub ends_at: Timestamp,
    /// How each player stands.
    pub contestants: Pair<Contestant>,
}

/// How one player stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contestant {
    /// Its score.
    pub score: u64,
    /// How much of it attacks have used up. Not more than the score.
    pub spent: u64,
    /// Until when it is frozen, if it ever was.
    pub frozen_until: Option<Timestamp>,
    /// Whether it has died.
    pub dead: bool,
}

/// What a player can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Attacks the other.
    Attack,
    /// Tells its score.
    SyncScore(u64),
    /// Dies.
    Die,
}

/// What there is to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// How much of the score an attack uses up.
    pub attack_cost: u64,
    /// How long an attack freezes the other.
    pub freeze_seconds: u32,
    /// How each player stands.
    pub contestants: BTreeMap<PlayerId, ContestantView>,
}

/// How one player stands, for all to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContestantView {
    /// Its score.
    pub score: u64,
    /// How much of it attacks have used up.
    pub spent: u64,
    /// How much longer it is frozen; 0 where it is not.
    pub frozen_seconds: u32,
    /// Whether it has died.
    pub dead: bool,
}

impl Rules for State {
    type Move = Move;
    type View = View;

    fn start(options: &Options, now: Timestamp) -> Self {
        Self {
            attack_cost: options.attack_cost(),
            freeze_seconds: options.freeze_seconds(),
            ends_at: now + options.battle_time(),
            contestants: Pair::default(),
        }
    }

    fn apply(
        &mut self,
        by: Side,
        what: Move,
        players: &Pair<Player>,
        now: Timestamp,
    ) -> Result<Vec<Told>, Refusal> {
        let player = &players.get(by).player_id;
        match what {
            Move::Attack => self.attack(by, player, now),
            Move::SyncScore(score) => self.sync_score(by, player, score, now),
            Move::Die => Ok(self.die(by, player)),
        }
    }

    fn decision(&self, now: Timestamp) -> Option<Decision> {
        let Pair { first, second } = &self.contestants;
        let why = if first.dead && second.dead {
            Why::Score
        } else if self.ends_at <= now {
            Why::TimeOut
        } else {
            return None;
        };
        let winner = match first.score.cmp(&second.score) {
            std::cmp::Ordering::Less => Some(Side::Second),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Side::First),
        };
        Some(Decision { why, winner })
    }

    fn deadline(&self) -> Option<Timestamp> {
        Some(self.ends_at)
    }

    fn view(&self, players: &Pair<Player>, at: Moment) -> View {
        let contestants = self.contestants.iter().map(|(side, contestant)| {
            let player_id = players.get(side).player_id.clone();
            (player_id, contestant.view(at))
        });
        View {
            attack_cost: self.attack_cost,
            freeze_seconds: self.freeze_seconds,
            contestants: contestants.collect(),
        }
    }

    fn score(&self, side: Side) -> Option<u64> {
        Some(self.contestants.get(side).score)
    }
}

impl State {
    fn attack(
        &mut self,
        by: Side,
        player: &PlayerId,
        now: Timestamp,
    ) -> Result<Vec<Told>, Refusal> {
        let own = self.contestants.get_mut(by);
        own.may_act(now)?;
        if own.score.saturating_sub(own.spent) < self.attack_cost {
            return Err(Refusal::BelowCost);
        }
        own.spent += self.attack_cost;
        let frozen_until = now + seconds(self.freeze_seconds);
        let other = self.contestants.get_mut(by.other());
        other.frozen_until = other.frozen_until.max(Some(frozen_until));
        let event = Event::Attacked {
            by: player.clone(),
            seconds: self.freeze_seconds,
        };
        Ok(vec![Told::to_all_but(player, event)])
    }

    fn sync_score(
        &mut self,
        by: Side,
        player: &PlayerId,
        score: u64,
        now: Timestamp,
    ) -> Result<Vec<Told>, Refusal> {
        let own = self.contestants.get_mut(by);
        own.may_act(now)?;
        if score > MAX_SCORE {
            return Err(Refusal::ScoreTooHigh);
        }
        if score < own.score {
            return Err(Refusal::ScoreLowered);
        }
        if score == own.score {
            return Ok(Vec::new());
        }
        own.score = score;
        let event = Event::ScoreSynced {
            player: player.clone(),
            score,
        };
        Ok(vec![Told::to_all_but(player, event)])
    }

    fn die(&mut self, by: Side, player: &PlayerId) -> Vec<Told> {
        let own = self.contestants.get_mut(by);
        if std::mem::replace(&mut own.dead, true) {
            return Vec::new();
        }
        if self.contestants.get(by.other()).dead {
            vec![Told::to_everyone(Event::PlayerDied(Fallen::All))]
        } else {
            let event = Event::PlayerDied(Fallen::Player(player.clone()));
            vec![Told::to_all_but(player, event)]
        }
    }
}

impl Contestant {
    fn may_act(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.dead {
            Err(Refusal::Dead)
        } else if self.frozen_until.is_some_and(|until| until > now) {
            Err(Refusal::Frozen)
        } else {
            Ok(())
        }
    }

    fn view(&self, at: Moment) -> ContestantView {
        let frozen_seconds = match at {
            Moment::At(now) => self
                .frozen_until
                .map_or(0, |until| seconds_until(until, now)),
            Moment::Over => 0,
        };
        ContestantView {
            score: self.score,
            spent: self.spent,
            frozen_seconds,
            dead: self.dead,
        }
    }
}
