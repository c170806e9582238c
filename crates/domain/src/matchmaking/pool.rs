//! What a queue remembers between two plans.

use super::{Match, Ticket};
use crate::Timestamp;

/// How many waits a pool remembers.
pub const MAX_WAITS: usize = 32;

/// What is known of the tickets of one queue as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// How many seconds the tickets waited that were matched last, the latest last; [`MAX_WAITS`] at most.
    pub recent_waits: Vec<u32>,
    /// When the next tick is due because of nothing but time, if one is on its way.
    pub next_tick_at: Option<Timestamp>,
}

impl Pool {
    /// Remembers how long the tickets of a match have waited. Seats that were empty count for nothing.
    pub fn remember(&mut self, matched: &Match, now: Timestamp) {
        let tickets = matched.placed.iter().map(|placed| &placed.ticket);
        let waits = tickets.map(|ticket: &Ticket| ticket.waited_seconds(now));
        self.recent_waits.extend(waits);
        let forgotten = self.recent_waits.len().saturating_sub(MAX_WAITS);
        self.recent_waits.drain(..forgotten);
    }

    /// How many seconds a match takes as a rule: the middle one of what the last ones took. `None` where nobody was matched.
    #[must_use]
    pub fn estimate(&self) -> Option<u32> {
        let mut waits = self.recent_waits.clone();
        waits.sort_unstable();
        waits.get(waits.len() / 2).copied()
    }
}
