//! When to say `ping`, and when to give up on a connection that says nothing back.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::options::{Heartbeat, Options};
use crate::shared::Shared;

/// What is due.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// Nothing was said for a whole period.
    Ping,
    /// A `ping` was sent and nothing at all has come since.
    Silence,
}

/// A connection's pulse.
#[derive(Debug)]
pub(crate) struct Pulse {
    period: Period,
    patience: Duration,
    said_last: Instant,
    asked: Option<Asked>,
}

#[derive(Debug)]
enum Period {
    Never,
    AsWelcomed(watch::Receiver<Option<Duration>>),
}

/// A `ping` that nothing has come after yet.
#[derive(Clone, Copy, Debug)]
struct Asked {
    at: Instant,
    heard_before: u64,
}

impl Pulse {
    pub(crate) fn new(shared: &Shared, options: &Options) -> Self {
        let period = match options.heartbeat {
            Heartbeat::Never => Period::Never,
            Heartbeat::AsWelcomed => Period::AsWelcomed(shared.heartbeat()),
        };
        Self {
            period,
            patience: options.deadline,
            said_last: Instant::now(),
            asked: None,
        }
    }

    /// Something was said: the next `ping` is a whole period away.
    pub(crate) fn spoke(&mut self) {
        self.said_last = Instant::now();
    }

    /// Waits for what is due next. Safe to cancel.
    pub(crate) async fn next(&mut self, shared: &Shared) -> Beat {
        loop {
            let Period::AsWelcomed(period) = &mut self.period else {
                return std::future::pending().await;
            };
            let ping_due = period
                .borrow_and_update()
                .map(|period| self.said_last + period);
            let answer_due = self.asked.map(|asked| asked.at + self.patience);
            tokio::select! {
                changed = period.changed() => if changed.is_err() {
                    return std::future::pending().await;
                },
                () = at(answer_due) => {
                    let asked = self.asked.take().expect("its time is what was waited for");
                    // A reader that waits for the program hears nothing either, and that is not the network's fault.
                    if shared.counters.read().frames_received == asked.heard_before && !shared.is_stalled() {
                        return Beat::Silence;
                    }
                }
                () = at(ping_due) => {
                    let heard_before = shared.counters.read().frames_received;
                    self.asked.get_or_insert(Asked { at: Instant::now(), heard_before });
                    self.spoke();
                    return Beat::Ping;
                }
            }
        }
    }
}

/// Waits for a moment; for no moment, for ever.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_mins(9);

    fn pulse(shared: &Shared) -> Pulse {
        Pulse::new(shared, &Options::default())
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_is_due_a_whole_period_after_the_last_word() {
        let shared = Shared::new();
        let mut pulse = pulse(&shared);
        shared.set_heartbeat(PERIOD);
        tokio::time::advance(PERIOD / 2).await;
        pulse.spoke();
        let before = Instant::now();
        assert_eq!(pulse.next(&shared).await, Beat::Ping);
        assert_eq!((Instant::now() - before).as_secs(), PERIOD.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn silence_after_a_ping_is_noticed() {
        let shared = Shared::new();
        let mut pulse = pulse(&shared);
        shared.set_heartbeat(PERIOD);
        assert_eq!(pulse.next(&shared).await, Beat::Ping);
        assert_eq!(pulse.next(&shared).await, Beat::Silence);
    }

    #[tokio::test(start_paused = true)]
    async fn anything_heard_after_a_ping_is_a_sign_of_life() {
        let shared = Shared::new();
        let mut pulse = pulse(&shared);
        shared.set_heartbeat(PERIOD);
        assert_eq!(pulse.next(&shared).await, Beat::Ping);
        shared.counters.count_received(30);
        assert_eq!(pulse.next(&shared).await, Beat::Ping);
    }

    #[tokio::test(start_paused = true)]
    async fn before_a_welcome_there_is_no_heartbeat() {
        let shared = Shared::new();
        let mut pulse = pulse(&shared);
        let waited = tokio::time::timeout(10 * PERIOD, pulse.next(&shared)).await;
        assert!(waited.is_err());
    }
}
