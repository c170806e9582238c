//! Queues and tickets, as far as several functions have to do with them.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Action, Event, Lobby, Notice, Origin, Refusal};
use domain::matchmaking::{self, Ending, ReturnReason, Ticket, TicketRef};
use ids::{PlayerId, QueueName, TicketId};
use schedule::{Tick, Timer};
use store::Saved;
use tracing::warn;

use crate::in_full::InFull;
use crate::lobby::{Attempt, Decide, Deed};
use crate::{Context, Failure, ambient};

/// How long after a ticket was to be written its queue is worked at the latest. Longer than any write takes, and the first of
/// its ticks.
const NO_LATER: Duration = Duration::from_secs(10);

/// How often a ticket is tried to be taken out that a tick is changing.
const RACES_TO_RUN: usize = 8;

/// Has a queue worked. After the write that it is to see: whoever works it waits for the end of this moment's bucket.
///
/// # Errors
/// What the schedule says.
pub async fn tick(context: &Context, queue: &QueueName) -> Result<(), Failure> {
    let tick = Tick::at(queue.clone(), ambient::now());
    Ok(context.schedule.tick(tick).await?)
}

/// Sees to it that a queue is worked soon after a ticket is written that is about to be, whatever becomes of the function in
/// between. Before that write: a tick for nothing does no harm, a missing one would. [`tick_if_possible`] follows the write,
/// so that nobody has to wait for this one.
///
/// # Errors
/// What the schedule says; then the ticket must not be written.
pub async fn arm(context: &Context, queue: &QueueName) -> Result<(), Failure> {
    let now = ambient::now();
    let queue = queue.clone();
    let timer = Timer::Tick { queue };
    Ok(context.schedule.timer(timer, now + NO_LATER, now).await?)
}

/// Has a queue worked where nothing is lost without it: the next tick finds what this one was to find.
pub async fn tick_if_possible(context: &Context, queue: &QueueName) {
    if let Err(failure) = tick(context, queue).await {
        warn!(error = %InFull(&failure), "a queue has to wait for its next tick");
    }
}

/// A lobby's ticket is taken out of its queue. Refused where it is not the lobby's any more.
#[derive(Clone, Debug)]
pub struct TakeOut {
    /// Which ticket.
    pub ticket_id: TicketId,
    /// Why.
    pub why: Ending,
}

impl Decide for TakeOut {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        let Self { ticket_id, why } = self.clone();
        if lobby
            .ticket
            .as_ref()
            .is_none_or(|own| own.ticket_id != ticket_id)
        {
            return Err(Refusal::NotInMatchmaking.into());
        }
        Ok(Action::Dequeue { ticket_id, why }.into())
    }
}

/// Takes the ticket of a player who waits by itself out of its queue, as long as `may` lets it; the ticket as it was. `None`
/// where it is there no more. Two operations, and two more for each race lost to a tick.
///
/// # Errors
/// What `may` or the store say, or [`Failure::Busy`].
pub async fn withdraw(
    context: &Context,
    reference: &TicketRef,
    now: Timestamp,
    may: impl Fn(&Ticket) -> Result<(), Failure>,
) -> Result<Option<Ticket>, Failure> {
    let tickets = context.store.tickets();
    for _ in 0..RACES_TO_RUN {
        let Some(ticket) = tickets.find(reference, now).await? else {
            return Ok(None);
        };
        may(&ticket)?;
        if try_to_withdraw(context, &ticket, now).await? == Saved::Done {
            return Ok(Some(ticket));
        }
    }
    Err(Failure::Busy("a ticket"))
}

/// Takes the ticket of a player who waits by itself out of its queue if it is as it was read. One operation.
///
/// # Errors
/// What the store says.
pub(crate) async fn try_to_withdraw(
    context: &Context,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Saved, Failure> {
    let removed = context.store.tickets().remove(ticket, now).await?;
    if removed == Saved::Done && ticket.proposal().is_some() {
        // Whoever was to play with it waits again at once.
        tick_if_possible(context, &ticket.queue).await;
    }
    Ok(removed)
}

/// Takes back a match that has just been made, as these players of it are gone, unless anybody has done anything in its lobby
/// since. Players who had waited by themselves have their old place in the queue again, which is worked. One operation.
///
/// Returns what everybody is to be told; `None` where the match stays.
///
/// # Errors
/// What the store says.
pub async fn take_back(
    context: &Context,
    lobby: &Lobby,
    gone: &[PlayerId],
    now: Timestamp,
) -> Result<Option<Vec<Notice>>, Failure> {
    let (saved, attempt) = try_to_take_back(context, lobby, gone, now).await?;
    if saved != Saved::Done {
        return Ok(None);
    }
    if let Some(queue) = &attempt.to_work {
        tick_if_possible(context, queue).await;
    }
    Ok(Some(attempt.notices))
}

pub(crate) async fn try_to_take_back(
    context: &Context,
    lobby: &Lobby,
    gone: &[PlayerId],
    now: Timestamp,
) -> Result<(Saved, Attempt), Failure> {
    let Some(origin) = &lobby.origin else {
        let problem = "a lobby that no match made was to be taken back";
        return Err(Failure::Broken(problem.to_owned()));
    };
    let back = lobby.tickets_back(gone);
    let notices = news_of_taking_back(lobby, origin, &back, gone);
    let tickets = context.store.tickets();
    let saved = tickets.undo(lobby, &back, now).await?;
    let attempt = Attempt {
        notices,
        to_work: Some(origin.queue.clone()),
    };
    Ok((saved, attempt))
}

/// Whoever waits again hears so. A party has given its lobby for the match, and so its search is over.
fn news_of_taking_back(
    lobby: &Lobby,
    origin: &Origin,
    back: &[Ticket],
    gone: &[PlayerId],
) -> Vec<Notice> {
    let mut notices = Vec::new();
    for ticket in origin.tickets.iter().map(|placed| &placed.ticket) {
        let ticket_id = ticket.ticket_id.clone();
        let events = if back.iter().any(|back| back.ticket_id == ticket_id) {
            let match_id = origin.match_id.clone();
            let why = ReturnReason::PlayerGone;
            vec![Event::Matchmaking(matchmaking::Event::Returned {
                match_id,
                ticket_id,
                why,
            })]
        } else {
            let lobby_id = lobby.lobby_id.clone();
            let why = Ending::Disconnected;
            let cancelled = matchmaking::Event::Cancelled { ticket_id, why };
            vec![Event::Closed { lobby_id }, Event::Matchmaking(cancelled)]
        };
        let hearers = ticket.players.iter();
        let hearers = hearers.filter(|contact| !gone.contains(&contact.player_id));
        for to in hearers {
            notices.extend(events.iter().map(|event| Notice {
                to: to.clone(),
                event: event.clone(),
            }));
        }
    }
    notices
}
