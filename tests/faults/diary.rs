//! What is to happen later, on its way into the queues.

use std::sync::Arc;

use domain::Timestamp;
use futures::future::BoxFuture;
use schedule::{Delayed, Schedule, ScheduleError, Tick, Timer};
use tokio::time::sleep;

use crate::invocation::Invocation;
use crate::plan::Fault;
use crate::shared::{Job, Shared};

pub(crate) struct Diary(pub(crate) Arc<Shared>);

impl Diary {
    /// Sends something, unless it is not taken; what the sender hears of that.
    async fn send(
        &self,
        queue: &'static str,
        take: impl FnOnce(&Shared),
    ) -> Result<(), ScheduleError> {
        let invocation = Invocation::current();
        let Shared { chance, plan, .. } = &*self.0;
        let is = |fault| plan.strikes(chance, fault, plan.climate.sends / 2);
        let unavailable = |why: &str| ScheduleError::Unavailable {
            queue,
            source: why.into(),
        };
        Invocation::before(invocation.as_ref()).await;
        sleep(chance.between(1, 15)).await;
        if is(Fault::SendFailed) {
            return Err(unavailable("it was not taken"));
        }
        take(&self.0);
        let answer = if is(Fault::SendUnanswered) {
            Err(unavailable("the answer was lost"))
        } else {
            Ok(())
        };
        Invocation::after(invocation.as_ref()).await;
        answer
    }
}

impl Schedule for Diary {
    fn tick(&self, tick: Tick) -> BoxFuture<'_, Result<(), ScheduleError>> {
        Box::pin(self.send("ticks", |shared| shared.take(tick)))
    }

    fn timer(
        &self,
        timer: Timer,
        at: Timestamp,
        _now: Timestamp,
    ) -> BoxFuture<'_, Result<(), ScheduleError>> {
        let delayed = Delayed { timer, due: at };
        Box::pin(self.send("timers", |shared| shared.send(Job::Timer(delayed))))
    }
}
