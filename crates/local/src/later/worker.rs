//! Bringing what was sent to its consumer.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use ids::QueueName;
use schedule::Delayed;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tracing::warn;

use super::{Busy, Consumer, Job, Jobs, Shared};

/// Messages are being handled. Dropping it stops that without waiting.
pub(crate) struct Working {
    tasks: TaskTracker,
    stop: DropGuard,
    stop_timeout: Duration,
}

/// What all workers have in common.
#[derive(Clone)]
struct Workshop {
    shared: Arc<Shared>,
    consumer: Arc<dyn Consumer>,
    /// One permit per timer that may still be handled at the same time.
    hands: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Jobs {
    /// Has a consumer handle everything, on tasks of this runtime.
    pub(crate) fn start(self, consumer: Arc<dyn Consumer>) -> Working {
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let stop_timeout = self.shared.settings.stop_timeout;
        let workshop = Workshop {
            hands: Arc::new(Semaphore::new(self.shared.settings.max_handled)),
            shared: self.shared,
            consumer,
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let mut received = self.received;
        tasks.spawn(async move {
            let work = async {
                while let Some(job) = received.recv().await {
                    workshop.begin(job);
                }
            };
            workshop.stop.run_until_cancelled(work).await;
        });
        Working {
            tasks,
            stop: stop.drop_guard(),
            stop_timeout,
        }
    }
}

impl Working {
    /// Handles nothing any more and waits for what is being handled. What waits is gone.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        self.tasks.close();
        let done = tokio::time::timeout(self.stop_timeout, self.tasks.wait());
        if done.await.is_err() {
            let unfinished = self.tasks.len();
            warn!(
                unfinished,
                "ticks and timers were not waited for any longer"
            );
        }
    }
}

impl Workshop {
    fn begin(&self, job: Job) {
        let workshop = self.clone();
        match job {
            Job::Work(queue, busy) => {
                self.tasks.spawn(async move {
                    workshop.work(&queue).await;
                    drop(busy);
                });
            }
            Job::Wait {
                delayed,
                busy,
                place,
            } => {
                self.tasks
                    .spawn(async move { workshop.wait(delayed, busy, place).await });
            }
        }
    }

    /// Handles a queue's ticks, one after the other, until there is none.
    async fn work(&self, queue: &QueueName) {
        while !self.stop.is_cancelled()
            && let Some(tick) = self.shared.next_tick(queue)
        {
            let tries = &self.shared.settings.tries;
            let handle = |attempt| self.consumer.tick(tick.clone(), attempt);
            tries.insist(&tick, &self.stop, handle).await;
        }
    }

    /// Waits until a timer is due, and handles it.
    async fn wait(&self, delayed: Delayed, busy: Option<Busy>, place: OwnedSemaphorePermit) {
        let due = async {
            self.await_time(delayed.due).await;
            let busy = busy.unwrap_or_else(|| Busy::new(Arc::clone(&self.shared)));
            let hand = self.hands.acquire().await;
            (busy, hand.expect("the hands are never closed"))
        };
        let Some((_busy, _hand)) = self.stop.run_until_cancelled(due).await else {
            return;
        };
        let tries = &self.shared.settings.tries;
        let handle = |attempt| self.consumer.timer(delayed.timer.clone(), attempt);
        tries.insist(&delayed.timer, &self.stop, handle).await;
        drop(place);
    }

    /// The clock decides, not the sleep: it may have been set back meanwhile.
    async fn await_time(&self, due: Timestamp) {
        loop {
            let now = self.shared.now();
            if due <= now {
                return;
            }
            let left = due.as_millis() - now.as_millis();
            sleep(Duration::from_millis(left)).await;
        }
    }
}
