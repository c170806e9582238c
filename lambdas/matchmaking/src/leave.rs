//! `leave_matchmaking`: the caller looks for opponents no longer.

use domain::lobby::Refusal;
use domain::matchmaking::Ending;
use function::lobby::{caller, change};
use function::matchmaking::{TakeOut, withdraw};
use function::{Caller, Context, Failure, Reply};
use protocol::event::{self, CancelReason};

use crate::search::{self, Search};
use crate::{answer, is_cancelled};

/// Answers `matchmaking_cancelled`, which everybody in a lobby hears whose search it was; its host alone may end it. Four
/// operations: who, where, the ticket or the lobby, the write; one more where the search is a lobby's.
pub(crate) async fn leave(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let by = caller(context, from).await?;
    match search::of(context, &by, from.now).await? {
        Search::Own(ticket) => {
            let withdrawn = withdraw(context, &ticket, from.now, |_| Ok(())).await?;
            let ticket = withdrawn.ok_or_else(search::none)?;
            let cancelled = event::MatchmakingCancelled {
                ticket_id: ticket.ticket_id,
                reason: CancelReason::Left,
            };
            Ok(Reply::Event(cancelled.into()))
        }
        Search::Shared(lobby, _) if lobby.host != by.player_id => Err(Refusal::NotHost.into()),
        Search::Shared(lobby, ticket) => {
            let out = TakeOut {
                ticket_id: ticket.ticket_id,
                why: Ending::Left,
            };
            let changed = change(context, &lobby.lobby_id, from.now, &out).await;
            let notices = changed.map_err(search::none_where_gone)?;
            answer(context, from, is_cancelled, notices).await
        }
    }
}
