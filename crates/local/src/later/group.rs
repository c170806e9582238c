//! The ticks of one queue: which wait, and which are known.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use schedule::{BUCKET, Tick};

/// For how long SQS takes two messages of one deduplication id for the same.
const DEDUPLICATED: Duration = Duration::from_mins(5);

/// In how many buckets back a tick is known.
pub(super) const REMEMBERED: usize = (DEDUPLICATED.as_millis() / BUCKET.as_millis()) as usize;

/// What became of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offered {
    /// It has been sent before.
    Known,
    /// It waits for the worker.
    Waits,
    /// It waits for a worker that is not there yet.
    NeedsWorker,
    /// Too many wait.
    Full,
}

/// A queue's ticks.
#[derive(Debug, Default)]
pub(super) struct Group {
    waiting: VecDeque<Tick>,
    /// The buckets of the ticks that were taken in the last five minutes.
    known: BTreeSet<u64>,
    has_worker: bool,
}

impl Group {
    /// Takes a tick, if it is another than those before. Whoever hears that it needs a worker makes one.
    pub(super) fn offer(&mut self, tick: Tick, most: usize) -> Offered {
        if self.known.contains(&tick.bucket) {
            return Offered::Known;
        }
        if self.waiting.len() >= most {
            return Offered::Full;
        }
        self.remember(tick.bucket);
        self.waiting.push_back(tick);
        if self.has_worker {
            return Offered::Waits;
        }
        self.has_worker = true;
        Offered::NeedsWorker
    }

    /// The next tick for the worker. Without one, the worker has to go.
    pub(super) fn next(&mut self) -> Option<Tick> {
        let next = self.waiting.pop_front();
        self.has_worker = next.is_some();
        next
    }

    fn remember(&mut self, bucket: u64) {
        self.known.insert(bucket);
        let newest = self.known.last().copied().unwrap_or(bucket);
        let forgotten = newest.saturating_sub(REMEMBERED as u64);
        self.known = self.known.split_off(&forgotten);
    }
}

#[cfg(test)]
mod tests {
    use ids::QueueName;

    use super::*;

    const MOST: usize = 3;

    fn tick(bucket: u64) -> Tick {
        Tick {
            queue: QueueName::parse("1v1").expect("a queue"),
            bucket,
        }
    }

    #[test]
    fn a_tick_is_taken_once_even_if_it_is_done() {
        let mut group = Group::default();
        assert_eq!(group.offer(tick(1), MOST), Offered::NeedsWorker);
        assert_eq!(group.offer(tick(1), MOST), Offered::Known);
        assert_eq!(group.next(), Some(tick(1)));
        assert_eq!(group.next(), None);
        assert_eq!(group.offer(tick(1), MOST), Offered::Known);
    }

    #[test]
    fn a_tick_is_forgotten_after_five_minutes() {
        let mut group = Group::default();
        let five_minutes = REMEMBERED as u64;
        for bucket in 0..2 * five_minutes {
            let _ = group.offer(tick(bucket), MOST);
            group.next();
        }
        assert!(group.known.len() <= REMEMBERED + 1);
        assert_eq!(group.offer(tick(five_minutes), MOST), Offered::Known);
        assert_ne!(group.offer(tick(five_minutes - 2), MOST), Offered::Known);
    }

    #[test]
    fn only_one_worker_is_asked_for_until_it_has_gone() {
        let mut group = Group::default();
        assert_eq!(group.offer(tick(1), MOST), Offered::NeedsWorker);
        assert_eq!(group.next(), Some(tick(1)));
        assert_eq!(group.offer(tick(2), MOST), Offered::Waits);
        assert_eq!(group.next(), Some(tick(2)));
        assert_eq!(group.next(), None);
        assert_eq!(group.offer(tick(3), MOST), Offered::NeedsWorker);
    }

    #[test]
    fn no_more_wait_than_may_and_what_was_refused_may_come_again() {
        let mut group = Group::default();
        for bucket in 1..=3 {
            assert_ne!(group.offer(tick(bucket), MOST), Offered::Full);
        }
        assert_eq!(group.offer(tick(4), MOST), Offered::Full);
        assert_eq!(group.next(), Some(tick(1)));
        assert_eq!(group.offer(tick(4), MOST), Offered::Waits);
    }
}
