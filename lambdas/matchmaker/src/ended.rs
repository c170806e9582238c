//! A ticket's time is over.

use domain::Timestamp;
use domain::lobby::{Event, Notice};
use domain::matchmaking::{Ended, Ending, Event as Happened, Owner, Ticket};
use function::lobby::change;
use function::matchmaking::TakeOut;
use function::{Context, Failure, announce};
use futures::future::try_join_all;
use ids::LobbyId;
use store::Saved;

use crate::work::{Outcome, Shift};

/// Takes a ticket out of its queue, and tells its players why.
pub(crate) async fn end(shift: Shift<'_>, ended: Ended) -> Result<Outcome, Failure> {
    take_out(shift.context, ended, shift.now).await?;
    Ok(Outcome::Done)
}

/// Takes out everybody who waits in a queue that is not configured any more.
pub(crate) async fn everybody(
    context: &Context,
    waiting: Vec<Ticket>,
    now: Timestamp,
) -> Result<(), Failure> {
    let all = waiting.into_iter().map(|ticket| {
        let why = Ending::GaveUp;
        take_out(context, Ended { ticket, why }, now)
    });
    try_join_all(all).await?;
    Ok(())
}

async fn take_out(context: &Context, ended: Ended, now: Timestamp) -> Result<(), Failure> {
    let Ended { ticket, why } = ended;
    match &ticket.owner {
        Owner::Player => alone(context, ticket, why, now).await,
        Owner::Party { lobby_id, .. } | Owner::Backfill { lobby_id, .. } => {
            shared(context, lobby_id, &ticket, why, now).await
        }
    }
}

async fn alone(
    context: &Context,
    ticket: Ticket,
    why: Ending,
    now: Timestamp,
) -> Result<(), Failure> {
    if context.store.tickets().remove(&ticket, now).await? != Saved::Done {
        // It has just been changed: the next look decides anew, and whoever changed it sees to that.
        return Ok(());
    }
    let ticket_id = ticket.ticket_id;
    let event = Event::Matchmaking(Happened::Cancelled { ticket_id, why });
    let hearers = ticket.players.into_iter();
    let notices = hearers.filter(|to| to.expires_at > now).map(|to| Notice {
        to,
        event: event.clone(),
    });
    announce(context, notices.collect(), now).await;
    Ok(())
}

/// The ticket of a lobby goes with the lobby; by itself only where no lobby has it any more.
pub(crate) async fn shared(
    context: &Context,
    lobby_id: &LobbyId,
    ticket: &Ticket,
    why: Ending,
    now: Timestamp,
) -> Result<(), Failure> {
    let ticket_id = ticket.ticket_id.clone();
    let out = TakeOut { ticket_id, why };
    match change(context, lobby_id, now, &out).await {
        Ok(notices) => announce(context, notices, now).await,
        Err(Failure::Lobby(_)) => {
            let _gone_or_changed = context.store.tickets().remove(ticket, now).await?;
        }
        Err(failure) => return Err(failure),
    }
    Ok(())
}
