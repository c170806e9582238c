//! What is counted while frames go to and fro.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;

use super::numbers::Arrival;
use crate::load::histogram::Waits;

/// What is counted, by everybody at once.
pub(super) struct Tally {
    sent: AtomicU64,
    received: watch::Sender<u64>,
    twice: AtomicU64,
    overtaken: AtomicU64,
    waits: Mutex<Waits>,
    problems: Mutex<Problems>,
}

/// What went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Problems {
    /// How often.
    pub(super) count: u64,
    /// What was the first, in a sentence.
    pub(super) first: Option<String>,
}

/// How many frames took which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Frames {
    /// Handed to a socket.
    pub(super) sent: u64,
    /// Arrived where they were to, each counted once.
    pub(super) received: u64,
    /// Arrived again.
    pub(super) twice: u64,
    /// Arrived after one that was sent later.
    pub(super) overtaken: u64,
}

impl Frames {
    /// Those that never arrived.
    pub(super) fn lost(&self) -> u64 {
        self.sent.saturating_sub(self.received)
    }
}

impl Tally {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            sent: AtomicU64::new(0),
            received: watch::Sender::new(0),
            twice: AtomicU64::new(0),
            overtaken: AtomicU64::new(0),
            waits: Mutex::new(Waits::new("time from one player to the other")),
            problems: Mutex::default(),
        }
    }

    /// Counts a frame that was handed to a socket.
    pub(super) fn sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a frame that has arrived.
    pub(super) fn arrived(&self, how: Arrival, after: Duration) {
        match how {
            Arrival::Twice => {
                self.twice.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Arrival::Overtaken => {
                self.overtaken.fetch_add(1, Ordering::Relaxed);
            }
            Arrival::InOrder => {}
        }
        lock(&self.waits).record(after);
        self.received.send_modify(|received| *received += 1);
    }

    /// Counts something that must not be.
    pub(super) fn problem(&self, what: impl Display) {
        let mut problems = lock(&self.problems);
        problems.count += 1;
        problems.first.get_or_insert_with(|| what.to_string());
    }

    /// Waits until everything that was sent has arrived. Nothing more may be sent by then.
    pub(super) async fn all_arrived(&self) {
        let sent = self.sent.load(Ordering::Relaxed);
        let mut received = self.received.subscribe();
        received
            .wait_for(|received| *received >= sent)
            .await
            .expect("`self` keeps the sender alive");
    }

    /// How many frames took which way until now.
    pub(super) fn frames(&self) -> Frames {
        Frames {
            // First what comes last, so that nothing seems to have arrived that was not sent.
            received: *self.received.borrow(),
            sent: self.sent.load(Ordering::Relaxed),
            twice: self.twice.load(Ordering::Relaxed),
            overtaken: self.overtaken.load(Ordering::Relaxed),
        }
    }

    /// What went wrong until now.
    pub(super) fn problems(&self) -> Problems {
        lock(&self.problems).clone()
    }

    /// How long frames took until now.
    pub(super) fn waits(&self) -> Waits {
        lock(&self.waits).clone()
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared
        .lock()
        .expect("nothing panics while it holds this lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn what_comes_twice_has_not_arrived_once_more() {
        let tally = Tally::new();
        tally.sent();
        tally.sent();
        tally.arrived(Arrival::InOrder, SHORT);
        tally.arrived(Arrival::Twice, SHORT);
        let frames = tally.frames();
        let expected = Frames {
            sent: 2,
            received: 1,
            twice: 1,
            overtaken: 0,
        };
        assert_eq!((frames, frames.lost()), (expected, 1));
        tally.arrived(Arrival::Overtaken, SHORT);
        tally.all_arrived().await;
        assert_eq!(tally.frames().lost(), 0);
        assert_eq!(tally.frames().overtaken, 1);
    }

    #[test]
    fn of_many_problems_the_first_is_told() {
        let tally = Tally::new();
        tally.problem("A player was cut off.");
        tally.problem("Another, too.");
        let expected = Problems {
            count: 2,
            first: Some("A player was cut off.".to_owned()),
        };
        assert_eq!(tally.problems(), expected);
    }
}
