//! A match is proposed: everybody is asked whether it accepts.

use domain::Timestamp;
use domain::lobby::{Event, Notice};
use domain::matchmaking::{Event as Happened, Match};
use function::{Failure, announce};
use ids::MatchId;
use store::Saved;

use crate::work::{Outcome, Shift};

/// Writes the proposal on all tickets, in one write, and asks everybody but those whose seats are to be filled.
pub(crate) async fn propose(
    shift: Shift<'_>,
    match_id: MatchId,
    of: Match,
    deadline: Timestamp,
) -> Result<Outcome, Failure> {
    let Shift {
        context,
        queue,
        now,
    } = shift;
    let proposed = of.proposed(&match_id, deadline);
    if context.store.tickets().propose(&proposed).await? != Saved::Done {
        return Ok(Outcome::LookAgain);
    }
    let proposal = Event::Matchmaking(Happened::Proposed {
        match_id,
        queue: queue.name.clone(),
        players: u32::try_from(of.players()).unwrap_or(u32::MAX),
        deadline,
    });
    let asked = of.placed.iter().flat_map(|placed| &placed.ticket.players);
    let notices = asked.map(|player| Notice {
        to: player.clone(),
        event: proposal.clone(),
    });
    announce(context, notices.collect(), now).await;
    Ok(Outcome::Done)
}
