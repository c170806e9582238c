//! What must happen later, in this process: what SQS and its event sources are on AWS.
//!
//! Handlers send through [`Later`], and [`Jobs`] brings what they sent to a [`Consumer`], with the promises of AWS: a tick is
//! taken once in five minutes, a queue has one worker at a time and keeps its order, queues are worked side by side, a timer
//! comes at its time and not before, and what fails comes again, a few times. What is not done when the server stops goes
//! with its tables.

mod consumer;
mod group;
#[cfg(test)]
mod tests;
mod worker;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use futures::future::BoxFuture;
use ids::QueueName;
use schedule::{Delayed, Schedule, ScheduleError, Tick, Timer};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

pub(crate) use consumer::{Consumer, Tries};
use group::{Group, Offered};
pub(crate) use worker::Working;

/// How much may wait, and how patiently it is tried.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The most ticks of a queue that wait: five minutes' worth, the time in which none is taken twice.
    pub(crate) max_ticks: usize,
    /// The most timers that wait.
    pub(crate) max_timers: usize,
    /// The most timers that are handled at a time.
    pub(crate) max_handled: usize,
    /// How a message is tried.
    pub(crate) tries: Tries,
    /// How long a stop waits for what is being handled.
    pub(crate) stop_timeout: Duration,
    /// The time now.
    pub(crate) clock: Clock,
}

/// Tells the time.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_ticks: group::REMEMBERED,
            max_timers: 100_000,
            max_handled: 64,
            tries: Tries::default(),
            stop_timeout: Duration::from_secs(10),
            clock: Arc::new(function::now),
        }
    }
}

/// Takes ticks and timers. A clone sends to the same consumer.
#[derive(Clone)]
pub(crate) struct Later {
    shared: Arc<Shared>,
}

/// What was sent and has to be brought to a consumer.
pub(crate) struct Jobs {
    shared: Arc<Shared>,
    received: UnboundedReceiver<Job>,
}

/// How many ticks and timers were sent. On AWS each would have been a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scheduled {
    /// Ticks, those included that were the same as one before.
    pub ticks: u64,
    /// Timers.
    pub timers: u64,
}

struct Shared {
    settings: Settings,
    groups: Mutex<BTreeMap<QueueName, Group>>,
    /// One permit per timer that may still be sent.
    timers: Arc<Semaphore>,
    jobs: UnboundedSender<Job>,
    ticks_sent: AtomicU64,
    timers_sent: AtomicU64,
    /// How much is due and not done.
    busy: watch::Sender<usize>,
}

enum Job {
    /// A queue's ticks, by a worker of their own, until there is none.
    Work(QueueName, Busy),
    /// A timer; who is due already is busy already.
    Wait {
        delayed: Delayed,
        busy: Option<Busy>,
        place: OwnedSemaphorePermit,
    },
}

/// Something is due and not done, until this is dropped.
struct Busy(Arc<Shared>);

impl Later {
    /// A schedule, and what has to be brought to a consumer of what is sent by it.
    pub(crate) fn new(settings: Settings) -> (Self, Jobs) {
        let (jobs, received) = unbounded_channel();
        let shared = Arc::new(Shared {
            groups: Mutex::default(),
            timers: Arc::new(Semaphore::new(settings.max_timers)),
            jobs,
            ticks_sent: AtomicU64::new(0),
            timers_sent: AtomicU64::new(0),
            busy: watch::Sender::new(0),
            settings,
        });
        let later = Self {
            shared: Arc::clone(&shared),
        };
        (later, Jobs { shared, received })
    }

    /// How much was sent until now.
    pub(crate) fn sent(&self) -> Scheduled {
        Scheduled {
            ticks: self.shared.ticks_sent.load(Ordering::Relaxed),
            timers: self.shared.timers_sent.load(Ordering::Relaxed),
        }
    }

    /// Waits until nothing is being handled and nothing is due.
    pub(crate) async fn quiet(&self) {
        let mut busy = self.shared.busy.subscribe();
        let quiet = busy.wait_for(|busy| *busy == 0).await;
        quiet.expect("its sender is ours");
    }

    fn take_tick(&self, tick: Tick) -> Result<(), ScheduleError> {
        self.shared.ticks_sent.fetch_add(1, Ordering::Relaxed);
        let queue = tick.queue.clone();
        let mut groups = self.shared.groups();
        let group = groups.entry(queue.clone()).or_default();
        match group.offer(tick, self.shared.settings.max_ticks) {
            Offered::Known | Offered::Waits => {}
            Offered::NeedsWorker => self
                .shared
                .send(Job::Work(queue, Busy::new(Arc::clone(&self.shared)))),
            Offered::Full => return Err(ScheduleError::Full { queue: "ticks" }),
        }
        Ok(())
    }

    fn take_timer(&self, delayed: Delayed) -> Result<(), ScheduleError> {
        self.shared.timers_sent.fetch_add(1, Ordering::Relaxed);
        let place = Arc::clone(&self.shared.timers).try_acquire_owned();
        let place = place.map_err(|_| ScheduleError::Full { queue: "timers" })?;
        let is_due = delayed.due <= self.shared.now();
        self.shared.send(Job::Wait {
            busy: is_due.then(|| Busy::new(Arc::clone(&self.shared))),
            delayed,
            place,
        });
        Ok(())
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Later")
            .field("sent", &self.sent())
            .finish_non_exhaustive()
    }
}

impl Schedule for Later {
    fn tick(&self, tick: Tick) -> BoxFuture<'_, Result<(), ScheduleError>> {
        Box::pin(std::future::ready(self.take_tick(tick)))
    }

    fn timer(
        &self,
        timer: Timer,
        at: Timestamp,
        _now: Timestamp,
    ) -> BoxFuture<'_, Result<(), ScheduleError>> {
        Box::pin(std::future::ready(
            self.take_timer(Delayed { timer, due: at }),
        ))
    }
}

impl Shared {
    fn now(&self) -> Timestamp {
        (self.settings.clock)()
    }

    fn groups(&self) -> MutexGuard<'_, BTreeMap<QueueName, Group>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next tick of a queue for its worker, which is none any more where there is no tick.
    fn next_tick(&self, queue: &QueueName) -> Option<Tick> {
        self.groups().get_mut(queue)?.next()
    }

    fn send(&self, job: Job) {
        // Where nobody receives, the server stops, and what it has goes with it.
        let _ = self.jobs.send(job);
    }
}

impl Busy {
    fn new(shared: Arc<Shared>) -> Self {
        shared.busy.send_modify(|busy| *busy += 1);
        Self(shared)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.send_modify(|busy| *busy -= 1);
    }
}
