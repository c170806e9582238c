//! `decline_match`: the caller does not agree to a match that is proposed to it.

use domain::lobby::Lobby;
use domain::matchmaking::{Ending, TicketRef};
use function::lobby::{caller, change};
use function::matchmaking::{TakeOut, withdraw};
use function::{Caller, Context, Failure, Reply};
use ids::MatchId;
use protocol::event::{self, CancelReason};

use crate::search::{self, Search};
use crate::{answer, is_cancelled};

/// Answers `matchmaking_cancelled`, which everybody in a party hears; those who were to play with it wait again at once. Four
/// operations: who, where, the ticket, the write; for a party two more, the lobby twice.
pub(crate) async fn decline(
    context: &Context,
    from: &Caller,
    match_id: &MatchId,
) -> Result<Reply, Failure> {
    let by = caller(context, from).await?;
    match search::of(context, &by, from.now).await? {
        Search::Own(ticket) => alone(context, from, match_id, &ticket).await,
        Search::Shared(lobby, ticket) => party(context, from, match_id, &lobby, ticket).await,
    }
}

async fn alone(
    context: &Context,
    from: &Caller,
    match_id: &MatchId,
    ticket: &TicketRef,
) -> Result<Reply, Failure> {
    let withdrawn = withdraw(context, ticket, from.now, |ticket| {
        search::is_asked(ticket, match_id)
    });
    let ticket = withdrawn.await?.ok_or_else(search::none)?;
    let cancelled = event::MatchmakingCancelled {
        ticket_id: ticket.ticket_id,
        reason: CancelReason::Declined,
    };
    Ok(Reply::Event(cancelled.into()))
}

async fn party(
    context: &Context,
    from: &Caller,
    match_id: &MatchId,
    lobby: &Lobby,
    reference: TicketRef,
) -> Result<Reply, Failure> {
    let ticket = context.store.tickets().find(&reference, from.now).await?;
    search::is_asked(&ticket.ok_or_else(search::none)?, match_id)?;
    let out = TakeOut {
        ticket_id: reference.ticket_id,
        why: Ending::Declined,
    };
    let changed = change(context, &lobby.lobby_id, from.now, &out).await;
    let notices = changed.map_err(search::none_where_gone)?;
    answer(context, from, is_cancelled, notices).await
}
