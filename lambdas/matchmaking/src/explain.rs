//! `explain_matchmaking`: how the caller's search goes.

use domain::matchmaking;
use function::lobby::caller;
use function::{Caller, Context, Failure, Reply};
use protocol::{ErrorCode, event};

use crate::search;

/// Answers `matchmaking_status`. Eleven operations while everybody who waits fits into a page: who, where, each shard of the
/// queue, and how long others waited; one more where the search is a lobby's.
pub(crate) async fn explain(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let by = caller(context, from).await?;
    let search = search::of(context, &by, from.now).await?;
    let reference = search.ticket();
    let queue = context.queues.get(&reference.queue);
    let queue = queue.ok_or(Failure::Refused(ErrorCode::QueueNotFound))?;
    let tickets = context.store.tickets();
    let pool = tickets.pool(&queue.name).await?;
    let waiting = tickets.of_pool(&queue.name, from.now).await?;
    let mut own = waiting.iter();
    let own = own.find(|ticket| ticket.ticket_id == reference.ticket_id);
    // It may just have been matched.
    let own = own.ok_or_else(search::none)?;
    let explanation = matchmaking::explain(queue, &waiting, own, from.now);
    let status = event::MatchmakingStatus {
        ticket_id: own.ticket_id.clone(),
        queue: queue.name.clone(),
        waited_seconds: explanation.waited_seconds,
        estimated_wait_seconds: pool.estimate(),
        compatible_now: explanation.compatible_now,
        limiting_rule: explanation.limiting_rule,
    };
    Ok(Reply::Event(status.into()))
}
