//! What a queue is: how its matches look, and who may be in them.

use ids::QueueName;

use super::{Attribute, Attributes, Rule};
use crate::Timestamp;
use crate::battle;

/// The most players in a match: each brings a ticket, a seat and perhaps a lobby, and DynamoDB takes 100 writes at once.
pub const MAX_PLAYERS: u32 = 32;

/// One way to be matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// What players call it.
    pub name: QueueName,
    /// How many teams a match has.
    pub teams: u32,
    /// How many players a team has.
    pub team_size: TeamSize,
    /// Who may be in one match.
    pub rules: Vec<Rule>,
    /// How long players have to accept a match; without it they are not asked.
    pub acceptance_seconds: Option<u32>,
    /// How long a ticket waits at most.
    pub give_up_seconds: u32,
    /// The battle that starts with a match, if one does.
    pub battle: Option<StartsBattle>,
}

/// How many players a team has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamSize {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

/// A battle that starts with a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartsBattle {
    /// By which rules.
    pub rules: battle::RulesName,
    /// With which options.
    pub options: battle::Options,
}

impl Queue {
    /// Whether so many players can enter as one: they stay on one team.
    #[must_use]
    pub fn fits(&self, players: usize) -> bool {
        players > 0 && u32::try_from(players).is_ok_and(|players| players <= self.team_size.max)
    }

    /// The first attribute that a rule needs and these do not have, or have as something that the rule cannot read.
    #[must_use]
    pub fn missing_attribute(&self, attributes: &Attributes) -> Option<&str> {
        let mut rules = self.rules.iter();
        let missing = rules.find(|rule| !rule.can_read(attributes));
        missing.map(|rule| rule.attribute.as_str())
    }

    /// How many players are in a full match.
    #[must_use]
    pub fn most_players(&self) -> u32 {
        self.teams * self.team_size.max
    }

    /// Until when a match that is proposed now can be accepted. `None` where players are not asked.
    #[must_use]
    pub fn deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let seconds = self.acceptance_seconds?;
        Some(now + std::time::Duration::from_secs(seconds.into()))
    }

    /// When a ticket has waited long enough.
    pub(super) fn gives_up_at(&self, created_at: Timestamp) -> Timestamp {
        created_at + std::time::Duration::from_secs(self.give_up_seconds.into())
    }

    /// The number of a ticket by which the line is sorted and teams are balanced: that of the first rule on a distance.
    pub(super) fn number(&self, attributes: &Attributes) -> Option<i64> {
        let rule = self.rules.iter().find(|rule| rule.is_distance())?;
        match attributes.get(&rule.attribute)? {
            Attribute::Number(number) => Some(*number),
            Attribute::Text(_) | Attribute::Texts(_) | Attribute::Latencies(_) => None,
        }
    }
}
