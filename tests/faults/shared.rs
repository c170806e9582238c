//! What everything in a run has in common: its chance, its faults, who is connected, and what has happened.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use ids::{ConnectionId, QueueName};
use schedule::{Delayed, Tick};
use store::Inspector;
use tokio::sync::mpsc::UnboundedSender;

use crate::chance::Chance;
use crate::invariants::History;
use crate::invocation::Kill;
use crate::plan::Plan;

/// When every run begins.
pub(crate) fn epoch() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

/// How long SQS takes two ticks of one id for the same.
const DEDUPLICATED: Duration = Duration::from_mins(5);

/// Something that is to be handled, sent by a handler.
pub(crate) enum Job {
    Tick(Tick),
    Timer(Delayed),
}

pub(crate) struct Shared {
    pub(crate) chance: Chance,
    pub(crate) plan: Plan,
    /// Who can be posted to, and what it has not read yet.
    lines: Mutex<BTreeMap<ConnectionId, UnboundedSender<String>>>,
    pub(crate) jobs: UnboundedSender<Job>,
    /// Ticks that were taken, and when.
    ticks: Mutex<BTreeMap<(QueueName, u64), Timestamp>>,
    pub(crate) inspector: OnceLock<Inspector>,
    /// What is to be killed besides all that is drawn.
    pub(crate) kill: Mutex<Option<Kill>>,
    history: Mutex<History>,
}

impl Shared {
    pub(crate) fn new(chance: Chance, plan: Plan, jobs: UnboundedSender<Job>) -> Arc<Self> {
        Arc::new(Self {
            chance,
            plan,
            lines: Mutex::default(),
            jobs,
            ticks: Mutex::default(),
            inspector: OnceLock::new(),
            kill: Mutex::default(),
            history: Mutex::default(),
        })
    }

    /// What has happened.
    pub(crate) fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down that something has happened.
    pub(crate) fn note(&self, line: impl FnOnce() -> String) {
        let at = function::now().as_millis() - epoch().as_millis();
        self.history().note(at, &line());
    }

    pub(crate) fn open(&self, connection_id: ConnectionId, inbox: UnboundedSender<String>) {
        self.lines().insert(connection_id, inbox);
    }

    /// Ends a connection; whether it was there.
    pub(crate) fn cut(&self, connection_id: &ConnectionId) -> bool {
        self.lines().remove(connection_id).is_some()
    }

    pub(crate) fn is_open(&self, connection_id: &ConnectionId) -> bool {
        self.lines().contains_key(connection_id)
    }

    /// Hands a frame to a client, if it is connected.
    pub(crate) fn deliver(&self, to: &ConnectionId, frame: String) -> bool {
        let lines = self.lines();
        let line = lines.get(to);
        line.is_some_and(|inbox| inbox.send(frame).is_ok())
    }

    /// Takes a tick, unless it was taken in the last five minutes.
    pub(crate) fn take(&self, tick: Tick) {
        let now = function::now();
        let mut ticks = self.ticks.lock().unwrap_or_else(PoisonError::into_inner);
        ticks.retain(|_, taken| *taken + DEDUPLICATED > now);
        if ticks
            .insert((tick.queue.clone(), tick.bucket), now)
            .is_none()
        {
            self.send(Job::Tick(tick));
        }
    }

    pub(crate) fn send(&self, job: Job) {
        // Whoever receives goes with the run, and so does what nobody receives any more.
        let _ = self.jobs.send(job);
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<ConnectionId, UnboundedSender<String>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
