//! The matchmaker: works a queue, one tick at a time.
//!
//! A tick reads everybody who waits, has the pure matcher plan, and does what it says, each part under the condition that its
//! tickets are still as they were read. What it does not get done, because somebody left in between or because it is killed,
//! the next tick finds again: nothing is kept in here between two of them.

mod ended;
mod fill;
mod make;
mod next;
mod propose;
mod returned;
#[cfg(test)]
mod tests;
mod work;

use std::time::Duration;

use domain::matchmaking::plan;
use function::{Context, Failure, InFull, now, until};
use futures::future::try_join;
use ids::QueueName;
use schedule::{Tick, Timer};
use tracing::error;

use work::Shift;

/// How far the clocks of two functions may be apart.
const CLOCK_SKEW: Duration = Duration::from_millis(20);

/// How long a queue rests whose tick has failed.
const REST: Duration = Duration::from_secs(2);

/// Handles one tick. One that fails is logged as an error, and its queue is worked again two seconds later.
///
/// It is not handed back: SQS keeps a message that is handed back, and all of its queue behind it, for as long as a function
/// may run, a minute and more. However many ticks of a queue fail, no more than one for each bucket of those two seconds
/// comes of it.
///
/// # Errors
/// What kept the tick from being done, where not even that timer was taken: then the tick has to come again.
pub async fn handle(context: &Context, tick: Tick) -> Result<(), Failure> {
    let queue = tick.queue.clone();
    match work_through(context, tick).await {
        Ok(()) => Ok(()),
        Err(failure) => rest(context, queue, failure).await,
    }
}

async fn rest(context: &Context, queue: QueueName, failure: Failure) -> Result<(), Failure> {
    let now = now();
    let again = Timer::Tick {
        queue: queue.clone(),
    };
    if context
        .schedule
        .timer(again, now + REST, now)
        .await
        .is_err()
    {
        return Err(failure);
    }
    let error = InFull(&failure);
    error!(%queue, %error, "a tick failed; its queue is worked again in two seconds");
    Ok(())
}

/// Does what a tick is for: waits for the end of its bucket, so that every ticket is there whose tick was taken for this one; looks at
/// everybody; makes matches or proposes them; and has itself called again when time alone will change something.
///
/// Ten operations while everybody who waits fits into a page (what is known of the queue, its shards, and what is known
/// afterwards), and one for each match.
///
/// # Errors
/// The first of whatever kept a part from being done; the others are done nevertheless.
async fn work_through(context: &Context, tick: Tick) -> Result<(), Failure> {
    until(tick.bucket_end() + CLOCK_SKEW).await;
    let now = now();
    let tickets = context.store.tickets();
    let read = try_join(tickets.pool(&tick.queue), tickets.of_pool(&tick.queue, now));
    let (pool, waiting) = read.await?;
    let Some(queue) = context.queues.get(&tick.queue) else {
        return ended::everybody(context, waiting, now).await;
    };
    let plan = plan(queue, &waiting, now);
    let next = plan.next;
    let shift = Shift {
        context,
        queue,
        now,
    };
    let done = shift.carry_out(plan).await;
    next::prepare(&shift, pool, next, &done).await?;
    done.failure.map_or(Ok(()), Err)
}
