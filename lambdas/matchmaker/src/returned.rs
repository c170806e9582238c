//! A ticket whose match came to nothing waits again.

use domain::lobby::{Event, Notice};
use domain::matchmaking::{Event as Happened, Returned};
use function::{Failure, announce};
use store::Saved;

use crate::work::{Outcome, Shift};

/// Puts a ticket back into its old place, and tells its players. Those whose seats were to be filled were not asked, and so
/// are not told.
pub(crate) async fn put_back(shift: Shift<'_>, returned: Returned) -> Result<Outcome, Failure> {
    let Shift { context, now, .. } = shift;
    let Returned {
        ticket,
        match_id,
        why,
    } = returned;
    let tickets = context.store.tickets();
    if tickets.save(&ticket, &ticket.returned()).await? == Saved::Done && !ticket.is_backfill() {
        let event = Event::Matchmaking(Happened::Returned {
            match_id,
            ticket_id: ticket.ticket_id,
            why,
        });
        let notices = ticket.players.into_iter().map(|to| Notice {
            to,
            event: event.clone(),
        });
        announce(context, notices.collect(), now).await;
    }
    // It may be matched at once.
    Ok(Outcome::LookAgain)
}
