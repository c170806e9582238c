//! What goes wrong in a run, how often, and how often it did.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::chance::Chance;

/// Every fault there is.
pub const FAULTS: &[Fault] = &[
    Fault::TableSlow,
    Fault::TableThrottled,
    Fault::TableFailed,
    Fault::RequestLost,
    Fault::AnswerLost,
    Fault::TransactionConflict,
    Fault::TransactionThrottled,
    Fault::ConditionFailed,
    Fault::PostSlow,
    Fault::PostGone,
    Fault::PostThrottled,
    Fault::PostLost,
    Fault::PostUnanswered,
    Fault::SendFailed,
    Fault::SendUnanswered,
    Fault::TickRepeated,
    Fault::TimerRepeated,
    Fault::TimerLate,
    Fault::KilledBefore,
    Fault::KilledAfter,
    Fault::TimedOut,
    Fault::MessageRepeated,
    Fault::MessageLate,
    Fault::ConnectRepeated,
    Fault::FarewellRepeated,
    Fault::FarewellLate,
    Fault::FarewellLost,
];

/// Everything that can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A request to a table takes long.
    TableSlow,
    /// A request to a table is throttled.
    TableThrottled,
    /// A request to a table fails.
    TableFailed,
    /// A request to a table is lost before it is done.
    RequestLost,
    /// The answer of a table is lost after the request was done.
    AnswerLost,
    /// A write meets another transaction.
    TransactionConflict,
    /// A transaction is cancelled as one of its items is throttled.
    TransactionThrottled,
    /// A condition does not hold: somebody else was first, or one's own request whose answer was lost.
    ConditionFailed,
    /// A post takes long.
    PostSlow,
    /// The connection ends with the post to it, which answers 410.
    PostGone,
    /// A post is refused, as too many were made: 429.
    PostThrottled,
    /// A post is taken and never arrives.
    PostLost,
    /// A post arrives, and its answer is lost.
    PostUnanswered,
    /// A message for later is not taken.
    SendFailed,
    /// A message for later is taken, and the answer is lost.
    SendUnanswered,
    /// A tick comes twice.
    TickRepeated,
    /// A timer comes twice.
    TimerRepeated,
    /// A timer comes late.
    TimerLate,
    /// A handler is killed before one of its steps.
    KilledBefore,
    /// A handler is killed after one of its steps.
    KilledAfter,
    /// A handler takes longer than the platform lets it.
    TimedOut,
    /// A client's message is handled twice.
    MessageRepeated,
    /// A client's message is handled late, after those that it sent since.
    MessageLate,
    /// The platform says twice that a connection has begun.
    ConnectRepeated,
    /// The platform says twice that a connection has ended.
    FarewellRepeated,
    /// The platform says late that a connection has ended.
    FarewellLate,
    /// The platform never says that a connection has ended.
    FarewellLost,
}

/// How often something of each kind goes wrong, in a thousand times. One run is stormy here and calm there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Climate {
    pub(crate) tables: u32,
    pub(crate) posts: u32,
    pub(crate) sends: u32,
    pub(crate) kills: u32,
    pub(crate) events: u32,
}

/// How often each fault happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Fault, u64>);

/// The faults of one run.
pub(crate) struct Plan {
    pub(crate) climate: Climate,
    is_over: AtomicBool,
    counts: Mutex<Counts>,
}

impl Climate {
    /// Nothing goes wrong by itself.
    pub(crate) const CALM: Self = Self {
        tables: 0,
        posts: 0,
        sends: 0,
        kills: 0,
        events: 0,
    };

    pub(crate) fn drawn(chance: &Chance) -> Self {
        let weather = |calm, windy, stormy| {
            let kinds = [calm, calm, windy, stormy];
            *chance.one_of(&kinds).expect("there are four")
        };
        Self {
            tables: weather(0, 15, 60),
            posts: weather(0, 20, 100),
            sends: weather(0, 15, 60),
            kills: weather(0, 30, 120),
            events: weather(0, 30, 120),
        }
    }
}

impl Plan {
    pub(crate) fn of(climate: Climate) -> Self {
        Self {
            climate,
            is_over: AtomicBool::new(false),
            counts: Mutex::default(),
        }
    }

    /// Whether this fault happens now, by these odds.
    pub(crate) fn strikes(&self, chance: &Chance, fault: Fault, in_a_thousand: u32) -> bool {
        let strikes = !self.is_over() && chance.in_a_thousand(in_a_thousand);
        if strikes {
            self.count(fault);
        }
        strikes
    }

    pub(crate) fn count(&self, fault: Fault) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.0.entry(fault).or_default() += 1;
    }

    /// From now on nothing goes wrong.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    pub(crate) fn counts(&self) -> Counts {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }
}

impl Counts {
    /// Adds what happened in another run.
    pub fn add(&mut self, others: &Self) {
        for (fault, count) in &others.0 {
            *self.0.entry(*fault).or_default() += count;
        }
    }

    /// How often this happened.
    #[must_use]
    pub fn of(&self, fault: Fault) -> u64 {
        self.0.get(&fault).copied().unwrap_or_default()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (fault, count) in &self.0 {
            writeln!(f, "  {count:>9}  {fault:?}")?;
        }
        Ok(())
    }
}
