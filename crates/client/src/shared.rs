//! What the two tasks of a connection and its handles share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::End;
use crate::pending::Pending;
use crate::stats::Counters;

/// What the two tasks of a connection and its handles share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pending: Pending,
    pub(crate) counters: Counters,
    /// Whether the reader waits for the program to read its events.
    stalled: AtomicBool,
    /// Whether this side has said goodbye.
    closing: AtomicBool,
    /// How often to say `ping`, once known.
    heartbeat: watch::Sender<Option<Duration>>,
    end: watch::Sender<Option<End>>,
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self {
            pending: Pending::default(),
            counters: Counters::default(),
            stalled: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            heartbeat: watch::Sender::new(None),
            end: watch::Sender::new(None),
        }
    }

    /// From here on, however the connection ends, it ends because this side wanted it.
    pub(crate) fn start_closing(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// Ends the connection for everybody who asks from now on or waits already. The first end counts.
    pub(crate) fn finish(&self, end: End) {
        let end = if self.closing.load(Ordering::Relaxed) {
            End::Closed
        } else {
            end
        };
        self.end.send_if_modified(|slot| {
            let first = slot.is_none();
            slot.get_or_insert(end);
            first
        });
        // After the end is known, so that whoever registers too late for this sees the end instead.
        self.pending.give_up();
    }

    /// How the connection ended, if it has.
    pub(crate) fn end(&self) -> Option<End> {
        self.end.borrow().clone()
    }

    /// Waits for the end.
    pub(crate) async fn ended(&self) -> End {
        let mut end = self.end.subscribe();
        let end = end
            .wait_for(Option::is_some)
            .await
            .expect("`self` keeps the sender alive");
        end.clone().expect("just waited for")
    }

    pub(crate) fn set_heartbeat(&self, period: Duration) {
        self.heartbeat.send_replace(Some(period));
    }

    pub(crate) fn heartbeat(&self) -> watch::Receiver<Option<Duration>> {
        self.heartbeat.subscribe()
    }

    pub(crate) fn set_stalled(&self, stalled: bool) {
        self.stalled.store(stalled, Ordering::Relaxed);
    }

    pub(crate) fn is_stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed)
    }
}
