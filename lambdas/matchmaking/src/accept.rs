//! `accept_match`: the caller agrees to a match that is proposed to it.

use function::lobby::caller;
use function::{Caller, Context, Failure, Reply, matchmaking};
use ids::MatchId;
use protocol::ErrorCode;
use store::Saved;

use crate::search;

/// How often it is tried again where others of the same party answered at the same moment.
const RACES_TO_RUN: usize = 32;

/// `match_found` follows once everybody has agreed. Four operations: who, where, the ticket, the write; one more where the
/// search is a lobby's. Said again, it is the same.
pub(crate) async fn accept(
    context: &Context,
    from: &Caller,
    match_id: &MatchId,
) -> Result<Reply, Failure> {
    let by = caller(context, from).await?;
    let search = search::of(context, &by, from.now).await?;
    let tickets = context.store.tickets();
    for _ in 0..RACES_TO_RUN {
        let ticket = tickets.find(search.ticket(), from.now).await?;
        let ticket = ticket.ok_or_else(search::none)?;
        let accepted = ticket.accepted(match_id, &by.player_id);
        let accepted = accepted.ok_or(Failure::Refused(ErrorCode::MatchNotFound))?;
        let saved = if accepted == ticket {
            Saved::Done
        } else {
            tickets.save(&ticket, &accepted).await?
        };
        if saved == Saved::Done {
            // Where this one was the last, the match can be made.
            matchmaking::tick(context, &ticket.queue).await?;
            return Ok(Reply::Done);
        }
    }
    Err(Failure::Busy("a ticket"))
}
