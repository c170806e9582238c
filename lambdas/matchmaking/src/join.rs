//! `join_matchmaking`: the caller, or its whole lobby, begins to look for opponents.

use domain::lobby::Contact;
use domain::matchmaking::{Attributes, Owner, Queue, State, Ticket};
use function::lobby::{permitted, place_of, taken};
use function::{Caller, Context, Failure, Reply, fresh_ticket_id, matchmaking};
use ids::QueueName;
use protocol::matchmaking::JoinMatchmaking;
use protocol::{ErrorCode, event};
use store::{JoinConflict, Place};

use crate::{attributes, party};

/// The queue where nobody says which.
const DEFAULT_QUEUE: &str = "1v1";

/// How often a join is tried again that came at the same time as something else of the same player's.
const RACES_TO_RUN: usize = 8;

/// Answers `matchmaking_started`, which the members of a party hear too.
pub(crate) async fn join(
    context: &Context,
    from: &Caller,
    message: JoinMatchmaking,
) -> Result<Reply, Failure> {
    let JoinMatchmaking {
        queue,
        attributes,
        party,
    } = message;
    let queue = queue_of(context, queue)?;
    let attributes = attributes::attributes(attributes);
    if let Some(missing) = queue.missing_attribute(&attributes) {
        return Err(Failure::Field {
            code: ErrorCode::AttributeMissing,
            field: format!("attributes.{missing}"),
        });
    }
    if party.unwrap_or_default() {
        party::join(context, from, queue, attributes).await
    } else {
        alone(context, from, queue, attributes).await
    }
}

fn queue_of(context: &Context, named: Option<QueueName>) -> Result<&Queue, Failure> {
    let named = named.or_else(|| QueueName::parse(DEFAULT_QUEUE).ok());
    let queue = named.and_then(|name| context.queues.get(&name));
    queue.ok_or(Failure::Refused(ErrorCode::QueueNotFound))
}

/// Three operations: who, how long others waited, and the write that finds the player seated nowhere.
async fn alone(
    context: &Context,
    from: &Caller,
    queue: &Queue,
    attributes: Attributes,
) -> Result<Reply, Failure> {
    let by = permitted(context, from, |may| may.may_enter(&queue.name)).await?;
    let pool = context.store.tickets().pool(&queue.name).await?;
    let ticket = Ticket {
        ticket_id: fresh_ticket_id(),
        queue: queue.name.clone(),
        owner: Owner::Player,
        players: vec![by.clone()],
        attributes,
        created_at: from.now,
        version: 1,
        state: State::Waiting,
    };
    put(context, from, &by, &ticket).await?;
    if let Err(failure) = matchmaking::tick(context, &queue.name).await {
        // Nobody would look at it; so it was never there.
        matchmaking::withdraw(context, &ticket.reference(), from.now, |_| Ok(())).await?;
        return Err(failure);
    }
    let started = event::MatchmakingStarted {
        ticket_id: ticket.ticket_id,
        queue: ticket.queue,
        estimated_wait_seconds: pool.estimate(),
    };
    Ok(Reply::Event(started.into()))
}

async fn put(
    context: &Context,
    from: &Caller,
    by: &Contact,
    ticket: &Ticket,
) -> Result<(), Failure> {
    for _ in 0..RACES_TO_RUN {
        match context.store.tickets().join(ticket, from.now).await? {
            Ok(()) => return Ok(()),
            Err(JoinConflict::SeatTaken) => {
                let place = place_of(context, &by.player_id, from.now).await?;
                if let Some(place) = place {
                    return Err(elsewhere(context, place).await);
                }
            }
            Err(JoinConflict::PlayerGone) => {
                return Err(Failure::Refused(ErrorCode::NotConnected));
            }
            Err(JoinConflict::LostRace) => {}
        }
    }
    Err(Failure::Busy("a place in a queue"))
}

/// Why somebody who is there already does not join.
async fn elsewhere(context: &Context, place: Place) -> Failure {
    if let Place::Ticket(ticket) = &place {
        // Whoever asks again may have heard no answer, from a function that was killed before it had the queue worked.
        matchmaking::tick_if_possible(context, &ticket.queue).await;
    }
    taken(place)
}
