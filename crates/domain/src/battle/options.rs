//! How the rules of a battle are set.

use std::time::Duration;

use ids::PeerId;

/// Who plays, and how the rules are set. `None` leaves a setting as it comes; what a game has no use for has no effect.
///
/// The edges see to sensible bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The two who play, the one who begins first. Without them: the host and the longest present other member, out of
    /// another team where there are teams. A battle that has begun says who plays itself, and nothing here.
    pub players: Option<Vec<PeerId>>,
    /// How much of the score an attack uses up.
    pub attack_cost: Option<u64>,
    /// How long an attack freezes the other.
    pub freeze_seconds: Option<u32>,
    /// How long a turn may take.
    pub turn_seconds: Option<u32>,
    /// How long the whole may take.
    pub battle_seconds: Option<u32>,
}

impl Options {
    /// How much of the score an attack uses up.
    #[must_use]
    pub fn attack_cost(&self) -> u64 {
        self.attack_cost.unwrap_or(10)
    }

    /// How long an attack freezes the other.
    #[must_use]
    pub fn freeze_seconds(&self) -> u32 {
        self.freeze_seconds.unwrap_or(5)
    }

    /// How long a turn may take.
    #[must_use]
    pub fn turn_seconds(&self) -> u32 {
        self.turn_seconds.unwrap_or(60)
    }

    /// How long the whole may take.
    #[must_use]
    pub fn battle_time(&self) -> Duration {
        seconds(self.battle_seconds.unwrap_or(600))
    }
}

/// So many seconds.
pub(super) fn seconds(number: u32) -> Duration {
    Duration::from_secs(number.into())
}
