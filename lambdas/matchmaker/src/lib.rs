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
use function::{Context, Failure, now, until};
use futures::future::try_join;
use schedule::Tick;

use work::Shift;

/// How far the clocks of two functions may be apart.
const CLOCK_SKEW: Duration = Duration::from_millis(20);

/// Handles one tick: waits for the end of its bucket, so that every ticket is there whose tick was taken for this one; looks at
/// everybody; makes matches or proposes them; and has itself called again when time alone will change something.
///
/// Ten operations while everybody who waits fits into a page (what is known of the queue, its shards, and what is known
/// afterwards), and one for each match.
///
/// # Errors
/// The first of whatever kept a part from being done; the others are done nevertheless.
pub async fn handle(context: &Context, tick: Tick) -> Result<(), Failure> {
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
