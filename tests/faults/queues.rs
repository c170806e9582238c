//! What was sent to be handled later, brought to its handlers as SQS does: a queue's ticks in order and one at a time, timers
//! in any order, each at least once, and again after a while where it was not done.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use function::Failure;
use ids::QueueName;
use schedule::{Delayed, LONGEST_DELAY, Message, Received, Tick, Timer};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep;

use crate::invocation::{self, Ended};
use crate::plan::Fault;
use crate::platform::Platform;
use crate::shared::{Job, Shared};

/// What a timer is called where it is to be killed. A timer that sends a tick is none itself.
fn kind(timer: &Timer) -> &'static str {
    match timer {
        Timer::Tick { .. } => "tick timer",
        Timer::Lobby { .. } | Timer::CheckUp { .. } | Timer::CleanUp { .. } => timer.name(),
    }
}

/// How long SQS hides a message that somebody is handling, and all of its group behind it.
pub(crate) const HIDDEN: Duration = Duration::from_mins(3);

/// How often a message is tried before it is put aside.
const MOST_TRIES: u32 = 5;

/// So often a message's handler may be killed: no more than that is ever put down to bad luck.
const MOST_KILLS: u32 = 2;

pub(crate) struct Queues {
    platform: Arc<Platform>,
    /// The ticks that wait, by queue; a queue that is here has a worker.
    ticks: Mutex<BTreeMap<QueueName, VecDeque<Tick>>>,
}

impl Queues {
    pub(crate) fn new(platform: Arc<Platform>) -> Arc<Self> {
        Arc::new(Self {
            platform,
            ticks: Mutex::default(),
        })
    }

    /// Brings everything to its handler that is sent.
    pub(crate) async fn work(self: Arc<Self>, mut jobs: UnboundedReceiver<Job>) {
        while let Some(job) = jobs.recv().await {
            match job {
                Job::Tick(tick) => self.take_tick(tick),
                Job::Timer(delayed) => {
                    tokio::spawn(Arc::clone(&self).wait(delayed));
                }
            }
        }
    }

    fn take_tick(self: &Arc<Self>, tick: Tick) {
        let queue = tick.queue.clone();
        let mut ticks = self.ticks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = ticks.get_mut(&queue) {
            waiting.push_back(tick);
            return;
        }
        ticks.insert(queue.clone(), VecDeque::from([tick]));
        tokio::spawn(Arc::clone(self).work_queue(queue));
    }

    async fn work_queue(self: Arc<Self>, queue: QueueName) {
        while let Some(tick) = self.next_tick(&queue) {
            let times = if self.strikes(Fault::TickRepeated) {
                2
            } else {
                1
            };
            for _ in 0..times {
                let context = &self.platform.context;
                let handle = || matchmaker::handle(context, tick.clone());
                self.insist("tick", &tick, handle).await;
            }
        }
    }

    /// The next tick of a queue; without one, its worker goes.
    fn next_tick(&self, queue: &QueueName) -> Option<Tick> {
        let mut ticks = self.ticks.lock().unwrap_or_else(PoisonError::into_inner);
        let next = ticks.get_mut(queue)?.pop_front();
        if next.is_none() {
            ticks.remove(queue);
        }
        next
    }

    /// Handles a timer when SQS hands it out, or sends it on where that is too early.
    async fn wait(self: Arc<Self>, delayed: Delayed) {
        let left = delayed.due.as_millis();
        let left = left.saturating_sub(function::now().as_millis());
        let delay = Duration::from_secs(left.div_ceil(1_000)).min(LONGEST_DELAY);
        sleep(delay).await;
        let chance = &self.platform.shared.chance;
        if self.strikes(Fault::TimerLate) {
            sleep(chance.between(500, 10_000)).await;
        }
        let times = if self.strikes(Fault::TimerRepeated) {
            2
        } else {
            1
        };
        let handled = (0..times).map(|_| {
            let pause = chance.between(0, 3_000);
            let (queues, delayed) = (Arc::clone(&self), delayed.clone());
            tokio::spawn(async move {
                sleep(pause).await;
                let handle = || queues.handle_timer(&delayed);
                let subject = &delayed.timer;
                queues.insist(kind(subject), subject, handle).await;
            })
        });
        for handled in handled.collect::<Vec<_>>() {
            handled.await.expect("no job panics");
        }
    }

    async fn handle_timer(&self, delayed: &Delayed) -> Result<(), Failure> {
        let context = &self.platform.context;
        let body = serde_json::to_string(delayed).expect("names and numbers are JSON");
        match Timer::receive(&body, function::now()).expect("it has just been written") {
            Received::Due(timer) => {
                let gone = match &timer {
                    Timer::CleanUp { connection_id } => Some(connection_id.clone()),
                    Timer::Tick { .. } | Timer::Lobby { .. } | Timer::CheckUp { .. } => None,
                };
                timer::handle(context, timer).await?;
                if let Some(connection_id) = gone {
                    let mut history = self.platform.shared.history();
                    history.has_said_goodbye(&connection_id);
                }
                Ok(())
            }
            Received::Early(delayed) => {
                let sent = delayed.send_again(&*context.schedule, function::now());
                Ok(sent.await?)
            }
        }
    }

    /// Tries until it is done.
    async fn insist<F: Future<Output = Result<(), Failure>>>(
        &self,
        name: &str,
        what: &impl fmt::Debug,
        handle: impl Fn() -> F,
    ) {
        let shared = &self.platform.shared;
        for attempt in 1..=MOST_TRIES {
            shared.note(|| format!("{what:?} is tried"));
            let may_be_killed = attempt <= MOST_KILLS;
            let tried =
                invocation::run(shared, name, None, may_be_killed, Box::pin(handle())).await;
            match tried {
                Ended::Done(Ok(())) => return,
                Ended::Done(Err(failure)) => {
                    shared.history().fails(&failure);
                    shared.note(|| format!("{what:?} has failed: {failure:?}"));
                }
                Ended::Killed => shared.note(|| format!("{what:?} was killed")),
            }
            sleep(HIDDEN).await;
        }
        let problem = format!("{what:?} failed {MOST_TRIES} times");
        shared.history().broken("no_message_is_put_aside", &problem);
    }

    fn strikes(&self, fault: Fault) -> bool {
        let Shared { chance, plan, .. } = &*self.platform.shared;
        plan.strikes(chance, fault, plan.climate.events)
    }
}
