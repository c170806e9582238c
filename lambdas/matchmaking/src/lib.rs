//! The matchmaking function: tickets in and out of the queues, and what their owners may ask.

mod accept;
mod attributes;
mod backfill;
mod decline;
mod explain;
mod join;
mod leave;
mod matched;
mod party;
mod search;

use domain::lobby::{Event, Notice};
use domain::matchmaking;
use function::lobby::{Natural, tell};
use function::{Answer, Call, Caller, Context, Failure, Reply};
use protocol::matchmaking::Action;

/// Handles one of this function's actions.
pub async fn handle(context: &Context, call: Call) -> Answer {
    let (asked, action) = match call.read_action() {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    let caller = &call.caller;
    asked.answer(match action {
        Action::JoinMatchmaking(message) => join::join(context, caller, message).await,
        Action::LeaveMatchmaking(_) => leave::leave(context, caller).await,
        Action::AcceptMatch(message) => accept::accept(context, caller, &message.match_id).await,
        Action::DeclineMatch(message) => decline::decline(context, caller, &message.match_id).await,
        Action::RequestBackfill(_) => backfill::request_backfill(context, caller).await,
        Action::ExplainMatchmaking(_) => explain::explain(context, caller).await,
    })
}

/// Tells everybody, and answers the caller with the part of its own that is the answer.
async fn answer(
    context: &Context,
    from: &Caller,
    is_answer: fn(&Event) -> bool,
    notices: Vec<Notice>,
) -> Result<Reply, Failure> {
    match tell(context, from, Natural::Answer(is_answer), notices).await {
        // There was something to save, but not what was asked for: that was over already.
        Reply::Done => Err(search::none()),
        answer @ Reply::Event(_) => Ok(answer),
    }
}

/// Whether this is news of the end of a search.
fn is_cancelled(event: &Event) -> bool {
    matches!(
        event,
        Event::Matchmaking(matchmaking::Event::Cancelled { .. })
    )
}
